"""Purchases from files: counted once whatever is repeated, nothing written before the owner agrees."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.db import Database
from core.people import subscribers
from core.people.models import Attribute, Profile, Subscriber
from core.sales import imports
from core.sales.models import Import, Purchase
from core.sales.orders import Options
from core.sales.purchases import recount
from core.sales.reasons import ImportFileError, Reason

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPTIONS = Options("RUB", ZoneInfo("Europe/Moscow"))
HEAD = "customer_id,timestamp,amount,order_id,country\n"


def written(folder: Path, body: str, name: str = "orders.csv") -> Path:
    file = folder / name
    file.write_text(body, encoding="utf-8")
    return file


def facts(db: Database) -> dict[int, tuple[Any, ...]]:
    """The counters as one GROUP BY over the purchases gives them."""
    bought = Purchase.amount >= 0
    query = select(
        Purchase.subscriber_id,
        func.count().filter(bought),
        func.coalesce(func.sum(Purchase.base_amount), 0),
        func.min(Purchase.at).filter(bought),
        func.max(Purchase.at).filter(bought),
    ).group_by(Purchase.subscriber_id)
    return db.read_now(
        lambda session: {row[0]: (row[1], int(row[2]), *row[3:]) for row in session.execute(query)}
    )


def counters(db: Database) -> dict[int, tuple[Any, ...]]:
    query = select(
        Profile.subscriber_id,
        Profile.purchases_count,
        Profile.purchases_total,
        Profile.first_purchase_at,
        Profile.last_purchase_at,
    ).where(Profile.subscriber_id.in_(select(Purchase.subscriber_id)))
    return db.read_now(lambda session: {row[0]: tuple(row[1:]) for row in session.execute(query)})


def shop(orders: int, customers: int, seed: int = 1) -> str:
    """A year of a made-up shop, shaped like a real one: few buy much, most buy once or twice."""
    chance = random.Random(seed)
    rows = []
    for number in range(orders):
        who = int(customers * chance.random() ** 3) + 10_000
        at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(500_000))
        rows.append(
            f"{who},{at.isoformat()},{chance.randrange(100, 900_000) / 100},{500_000 + number},Россия\n"
        )
    return HEAD + "".join(rows)


async def test_a_real_sized_file_is_taken_in_once_however_often_it_is_given(
    db: Database, tmp_path: Path
) -> None:
    file = written(tmp_path, shop(6000, 1500))
    before = imports.preview(db, file, OPTIONS, NOW).tally
    assert db.read_now(lambda s: s.scalar(select(func.count()).select_from(Subscriber))) == 0
    first = imports.run(db, file, OPTIONS, NOW).tally
    again = imports.run(db, file, OPTIONS, NOW).tally
    assert before.to_json() == first.to_json()
    assert (first.added, again.added, again.repeated) == (6000, 0, 6000)
    assert counters(db) == facts(db)
    assert sum(row[1] for row in facts(db).values()) == first.sums["RUB"]
    assert first.new_people == len(facts(db))


async def test_unknown_customers_become_people_without_a_chat(db: Database, tmp_path: Path) -> None:
    def check(session: Session) -> None:
        person = session.scalars(select(Subscriber)).one()
        assert (person.status, person.external_id, person.telegram_id) == ("known", "17850", None)
        assert session.scalars(select(Attribute.text)).one() == "GB"

    imports.run(
        db, written(tmp_path, HEAD + "17850,2025-12-01T08:26:00,139.12,1,United Kingdom\n"), OPTIONS, NOW
    )
    db.read_now(check)


async def test_a_bare_number_is_a_known_telegram_id_before_it_is_a_customer_number(
    db: Database, tmp_path: Path
) -> None:
    me = db.write_now(lambda s: subscribers.meet(s, subscribers.Sender(500100, "Анна"), NOW).id)
    imports.run(
        db, written(tmp_path, HEAD + "500100,2025-12-01,5,1,\n500101,2025-12-01,7,2,\n"), OPTIONS, NOW
    )
    assert counters(db)[me][:2] == (1, 500)
    assert len(counters(db)) == 2


async def test_every_refused_line_is_told_with_its_reason(db: Database, tmp_path: Path) -> None:
    body = (
        HEAD
        + "1,2025-12-01,5,1,\n1,2025-12-01,-,2,\n,2025-12-01,5,3,\n1,2030-01-01,5,4,\n1,2025-12-02,6,1,\n"
    )
    target = tmp_path / "refused.csv"
    tally = imports.run(db, written(tmp_path, body), OPTIONS, NOW, refused_to=target, language="ru").tally
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0] == ["строка", "причина", "текст"]
    assert sorted(int(row[0]) for row in rows[1:]) == [3, 4, 5, 6]
    assert tally.refused == {
        Reason.BAD_AMOUNT: 1,
        Reason.NO_CUSTOMER: 1,
        Reason.FUTURE: 1,
        Reason.CONFLICT: 1,
    }
    assert tally.added + tally.repeated + tally.refused_count == tally.rows == 5
    assert imports.preview(db, tmp_path / "orders.csv", OPTIONS, NOW).tally.refused == tally.refused


async def test_unnamed_orders_have_a_stable_id(db: Database, tmp_path: Path) -> None:
    line = "89121234567;01.12.2025;100\n"
    body = f"phone;дата;сумма\n{line}{line}{line.replace('01.12', '02.12')}"
    assert imports.run(db, written(tmp_path, body), OPTIONS, NOW).tally.added == 3
    assert imports.run(db, written(tmp_path, body), OPTIONS, NOW).tally.repeated == 3
    assert [row[:2] for row in counters(db).values()] == [(3, 30000)]


async def test_another_currency_counts_as_a_purchase_and_enters_no_sum(db: Database, tmp_path: Path) -> None:
    body = "customer,date,amount,currency\n1,2025-12-01,100,RUB\n1,2025-12-02,50,USD\n1,2025-12-03,1500,JPY\n"
    tally = imports.run(db, written(tmp_path, body), OPTIONS, NOW).tally
    assert (dict(tally.sums), tally.without_rate) == ({"RUB": 10000, "USD": 5000, "JPY": 1500}, 2)
    assert [row[:2] for row in counters(db).values()] == [(3, 10000)]


async def test_the_currency_of_a_file_without_a_column_may_be_named(db: Database, tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + "1,2025-12-01,5,1,\n")
    assumed = imports.preview(db, file, OPTIONS, NOW)
    named = imports.preview(db, file, Options("RUB", OPTIONS.zone, "GBP"), NOW)
    assert (assumed.currency, assumed.is_currency_assumed) == ("RUB", True)
    assert (named.currency, named.is_currency_assumed, named.tally.without_rate) == ("GBP", False, 1)
    with pytest.raises(ImportFileError, match="`POUND` is no currency"):
        Options("RUB", OPTIONS.zone, "POUND")


async def test_the_same_key_runs_once(db: Database, tmp_path: Path) -> None:
    file = written(tmp_path, HEAD + "1,2025-12-01,5,1,\n")
    first = imports.run(db, file, OPTIONS, NOW, key="u1")
    second = imports.run(db, file, OPTIONS, NOW, key="u1")
    assert (second.import_id, second.is_repeat, second.tally.added) == (first.import_id, True, 1)
    assert db.read_now(lambda s: s.scalar(select(func.count()).select_from(Import))) == 1


async def test_what_a_person_said_himself_is_not_overwritten(db: Database, tmp_path: Path) -> None:
    from core.people.attributes import set_attribute

    def meet(session: Session) -> None:
        me = subscribers.meet(session, subscribers.Sender(500100, "Анна"), NOW).id
        set_attribute(session, me, "country", "Россия", NOW, origin="quiz")

    db.write_now(meet)
    imports.run(db, written(tmp_path, HEAD + "500100,2025-12-01,5,1,France\n"), OPTIONS, NOW)
    country = select(Attribute.text).where(Attribute.key == "country")
    assert db.read_now(lambda s: s.scalars(country).all()) == ["Россия"]


async def test_counters_can_be_computed_anew(db: Database, tmp_path: Path) -> None:
    imports.run(db, written(tmp_path, shop(300, 50)), OPTIONS, NOW)
    expected = counters(db)

    def spoil(session: Session) -> None:
        session.execute(text("UPDATE profiles SET purchases_count = 77, purchases_total = 1"))
        recount(session, list(session.scalars(select(Profile.subscriber_id))), NOW)

    db.write_now(spoil)
    assert counters(db) == expected


LINES = [
    f"{who},2025-12-{day:02d},{amount},{'' if day % 5 == 0 else f'{who}-{day}-{amount}'},"
    for who in (1, 2, 3)
    for day in range(1, 11)
    for amount in (5, 7)
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.lists(st.sampled_from(LINES), max_size=25), min_size=1, max_size=4))
async def test_any_order_and_repetition_of_files_gives_the_counters_of_a_group_by(
    db: Database, tmp_path: Path, files: list[list[str]]
) -> None:
    def empty(session: Session) -> None:
        for table in ("purchases", "attributes", "profiles", "subscribers", "imports"):
            session.execute(text(f"DELETE FROM {table}"))

    db.write_now(empty)
    occurred: dict[str, int] = defaultdict(int)  # of an unnamed order: the most often any one file tells it
    for lines in files:
        imports.run(db, written(tmp_path, HEAD + "\n".join(lines) + "\n"), OPTIONS, NOW)
        for line in set(lines):
            occurred[line] = max(occurred[line], lines.count(line) if ",," in line else 1)
    assert counters(db) == facts(db)
    assert sum(row[0] for row in facts(db).values()) == sum(occurred.values())
    for lines in reversed(files):
        assert (
            imports.run(db, written(tmp_path, HEAD + "\n".join(lines) + "\n"), OPTIONS, NOW).tally.added == 0
        )
