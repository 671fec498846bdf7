"""Made-up shops for the tests of scores."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from core.segments.scores.orders import Orders, collect, day_number
from core.segments.scores.reading import Given, read_orders

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AS_OF = day_number(date(2026, 3, 1))

Line = tuple[str, int, float]  # who, days before AS_OF, sum


def shop(*lines: Line) -> Orders:
    return collect([who for who, _, _ in lines], [AS_OF - ago for _, ago, _ in lines], [x for *_, x in lines])


def scores_by_name(orders: Orders, values: list[object]) -> dict[str, object]:
    return dict(zip(orders.people, values, strict=True))


def written(folder: Path, text: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def given(folder: Path, text: str | bytes, as_of: date | None = None) -> Given:
    return read_orders(written(folder, text), MOSCOW, NOW, as_of)


def lines_of_a_shop(most: int = 60) -> st.SearchStrategy[list[Line]]:
    line = st.tuples(
        st.sampled_from("abcdefgh"),
        st.integers(0, 500),
        st.sampled_from([-50.0, 0.0, 0.1, 0.2, 10.0, 10.0, 99.99, 1000.0]),
    )
    return st.lists(line, min_size=1, max_size=most)


def busy_shop(people: int = 60, seed: int = 1) -> list[Line]:
    """Buyers of different pace, some of whom have left."""
    chance = random.Random(seed)
    lines: list[Line] = []
    for number in range(people):
        ago, pace = chance.uniform(200, 500), chance.uniform(5, 60)
        while ago > 0 and chance.random() > 0.08:
            lines.append((f"p{number:03}", int(ago), round(chance.uniform(5, 200), 2)))
            ago -= chance.expovariate(1 / pace)
    return lines


def csv_of(lines: list[Line]) -> str:
    first = date(2026, 3, 1)
    rows = [f"{who},{first - timedelta(days=ago)},{amount}" for who, ago, amount in lines]
    return "\n".join(["customer_id,timestamp,amount", *rows, ""])
