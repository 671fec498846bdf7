"""Refunds, purchases of zero, several lines of an order: the base counts a file as `kvizor score` does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot.cli import app
from core.db import Database
from core.doctor.rebuild import rebuild
from core.people import activity
from core.people.models import Subscriber
from core.sales import imports
from core.sales.models import Purchase
from core.sales.orders import Options
from core.sales.reasons import Reason
from core.segments import audience
from core.segments.scores import clv, facts
from core.segments.scores.job import compute
from core.segments.scores.models import Score
from core.segments.scores.orders import Orders, day_number
from core.segments.scores.reading import OrdersFileError, read_orders
from core.segments.scores.scheme import SHIPPED
from tests.sales.test_imports import counters
from tests.sales.test_imports import facts as grouped

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Moscow")
OPTIONS = Options("RUB", ZONE)
MIXED = """customer_id,timestamp,amount,order_id
anna,2026-01-10T10:00,100,1
anna,2026-02-10T10:00,10,2
anna,2026-02-12T10:00,-40,2
boris,2026-02-01T10:00,-5,3
clara,2026-02-20T10:00,0,4
dora,2026-02-21T10:00,30,6
dora,2026-02-21T10:00,20,6
dora,2026-02-21T10:00,20,6
fay,2026-02-22T10:00,15,8
fay,2026-02-22T10:00,15,8
"""
Rows = dict[str, tuple[list[tuple[int, float]], list[tuple[int, float]]]]


def written(folder: Path, body: str) -> Path:
    file = folder / "orders.csv"
    file.write_text(body, encoding="utf-8")
    return file


def rows_of(orders: Orders, names: dict[int, str] | None = None) -> Rows:
    """Purchases and refunds of each person who has any, by day and sum."""
    found: Rows = {}
    told = [str(one) if names is None else names.get(int(one), "") for one in orders.people]
    bought = zip(orders.person.tolist(), orders.day.tolist(), orders.amount.tolist(), strict=True)
    back = zip(orders.refund_person.tolist(), orders.refund_day.tolist(), orders.refund.tolist(), strict=True)
    for place, rows in enumerate((bought, back)):
        for who, day, amount in rows:
            found.setdefault(told[who], ([], []))[place].append((day, amount))
    return {name: (sorted(one), sorted(other)) for name, (one, other) in found.items()}


def in_base(session: Session) -> Rows:
    people = dict(session.execute(select(Subscriber.id, Subscriber.external_id)).all())
    return rows_of(facts.read(session, NOW, SHIPPED).orders, people)


def in_file(file: Path) -> Rows:
    try:
        return rows_of(read_orders(file, ZONE, NOW).orders)
    except OrdersFileError:  # a file of refunds alone is no file to score
        return {}


async def test_a_mixed_file_comes_to_the_same_in_the_base_and_on_the_command_line(
    db: Database, tmp_path: Path
) -> None:
    activity.use_zone(ZONE)
    file = written(tmp_path, MIXED)
    before = imports.preview(db, file, OPTIONS, NOW).tally
    done = imports.run(db, file, OPTIONS, NOW).tally
    assert before.to_json() == done.to_json()
    assert (done.rows, done.purchases, done.refunds, done.zeros, done.joined, done.repeated) == (
        10,
        5,
        2,
        1,
        2,
        1,
    )
    assert done.refused_count == 0
    assert dict(done.sums) == {"RUB": 150_00}
    people = {row[0]: row for row in db.read_now(said)}
    assert {name: row[1:3] for name, row in people.items()} == {
        "anna": (2, 70_00), "boris": (0, -5_00), "clara": (1, 0), "dora": (1, 70_00), "fay": (1, 15_00)
    }  # fmt: skip
    assert people["anna"][4] == datetime(2026, 2, 10, 7, tzinfo=UTC)  # the refund is no purchase
    assert people["boris"][3:] == (None, None)
    assert db.read_now(in_base) == in_file(file)
    for rule, count in (
        ("purchases = 0", 1),
        ("purchased within 19 days", 3),
        ("spent < 0", 1),
        ("spent >= 70", 2),
    ):
        assert db.read_now(audience.count, rule, NOW) == count, rule
    again = imports.run(db, file, OPTIONS, NOW).tally
    assert (again.added, again.repeated) == (0, 10)
    assert {row[0]: row for row in db.read_now(said)} == people
    assert rebuild(db, NOW).differences == 0


def said(session: Session) -> list[tuple[object, ...]]:
    from core.people.models import Profile

    query = select(
        Subscriber.external_id,
        Profile.purchases_count,
        Profile.purchases_total,
        Profile.first_purchase_at,
        Profile.last_purchase_at,
    ).join(Profile, Profile.subscriber_id == Subscriber.id)
    return [tuple(row) for row in session.execute(query)]


async def test_the_scores_of_a_shop_with_refunds_agree_to_a_penny(db: Database, tmp_path: Path) -> None:
    activity.use_zone(ZONE)
    file = written(tmp_path, shop())
    imports.run(db, file, OPTIONS, NOW)
    compute(db, NOW)
    for what, column, stored in (
        ("rfm", 4, Score.rfm),
        ("lifecycle", 1, Score.lifecycle),
    ):
        target = tmp_path / f"{what}.csv"
        asked = ["score", what, "--orders", str(file), "--as-of", "2026-03-02", "--zone", "Europe/Moscow"]
        result = CliRunner().invoke(app, [*asked, "--to", str(target)])
        assert result.exit_code == 0, result.output
        lines = [line.split(",") for line in target.read_text(encoding="utf-8").splitlines()]
        told = {line[0]: line[column] for line in lines[1:]}
        query = select(Subscriber.external_id, stored).join(Score, Score.subscriber_id == Subscriber.id)
        kept = dict(db.read_now(lambda s, q=query: s.execute(q).all()))
        assert len(told) > 80
        assert told == {name: kept[name] for name in told}
    told_file, told_base = read_orders(file, ZONE, NOW).orders, db.read_now(facts.read, NOW, SHIPPED).orders
    expected, found = (clv.value(orders, day_number(NOW.date()), 365) for orders in (told_file, told_base))
    assert sorted(found.clv.tolist()) == pytest.approx(sorted(expected.clv.tolist()), abs=0.005)


def shop() -> str:
    """Ninety customers of a year; some orders are told by lines, some come back in part."""
    import random

    chance, rows, number = random.Random(5), ["customer_id,timestamp,amount,order_id,product"], 0
    for who in range(90):
        for _ in range(chance.choice([1, 1, 2, 3, 6, 12])):
            number += 1
            day = datetime(2025, 3, 3, 12, tzinfo=ZONE) + timedelta(minutes=chance.randrange(500_000))
            at = f"{day:%Y-%m-%dT%H:%M}"
            sums = [chance.randrange(0, 90_000) / 100 for _ in range(3 if number % 7 == 0 else 1)]
            rows += [f"c{who},{at},{one},{number},p{place}" for place, one in enumerate(sums)]
            if number % 9 == 0:
                rows.append(f"c{who},2026-02-25T12:00,-{sums[0]},{number},p0")
    head, *body = rows
    chance.shuffle(body)
    return "\n".join([head, *body]) + "\n"


lines = st.tuples(
    st.sampled_from(["anna", "boris", "clara"]),
    st.sampled_from(["2026-02-01T10:00", "2026-02-01T23:30", "2026-02-03T10:00"]),
    st.sampled_from(["5", "5.5", "7", "0", "-5", "-7", "-0.01"]),
    st.sampled_from(["", "1", "2", "3"]),
    st.sampled_from(["tea", "cup"]),
).map(",".join)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lines, max_size=14))
def test_any_file_comes_to_the_same_in_the_base_and_on_the_command_line(
    db: Database, tmp_path: Path, body: list[str]
) -> None:
    activity.use_zone(ZONE)
    db.write_now(empty)
    file = written(tmp_path, "customer_id,timestamp,amount,order_id,product\n" + "\n".join(body) + "\n")
    before = imports.preview(db, file, OPTIONS, NOW).tally
    done = imports.run(db, file, OPTIONS, NOW).tally
    assert before.to_json() == done.to_json()
    assert done.added + done.joined + done.repeated + done.refused_count == done.rows == len(body)
    expected = in_file(file)
    found = db.read_now(in_base)
    if expected:
        assert found == expected
    else:
        assert not any(bought for bought, _ in found.values())
    assert counters(db) == grouped(db)
    assert imports.run(db, file, OPTIONS, NOW).tally.added == 0
    assert db.read_now(in_base) == found


def empty(session: Session) -> None:
    for table in ("purchases", "attributes", "profiles", "subscribers", "imports"):
        session.execute(text(f"DELETE FROM {table}"))


@pytest.mark.parametrize("seed", ["as written", "backwards"])
async def test_a_refund_that_comes_in_a_file_of_its_own_is_the_same_refund(
    db: Database, tmp_path: Path, seed: str
) -> None:
    head, *body = MIXED.strip().split("\n")
    files = [body[3:], body[2:3], body[:3]]
    for part in files if seed == "as written" else reversed(files):
        imports.run(db, written(tmp_path, "\n".join([head, *part]) + "\n"), OPTIONS, NOW)
    assert {row[0]: row[1:3] for row in db.read_now(said)}["anna"] == (2, 70_00)
    assert imports.run(db, written(tmp_path, MIXED), OPTIONS, NOW).tally.added == 0


async def test_what_contradicts_an_order_is_refused_line_by_line(db: Database, tmp_path: Path) -> None:
    body = (
        "customer_id,timestamp,amount,order_id,product,currency\n"
        "anna,2026-02-01T10:00,5,1,tea,RUB\nanna,2026-02-01T10:00,90,1,cup,RUB\n"
        "boris,2026-02-01T10:00,5,1,tea,RUB\nanna,2026-02-02T10:00,5,1,tea,RUB\n"
        "anna,2026-02-01T10:00,5,1,tea,USD\nanna,2026-02-03T10:00,-900000000000000,1,tea,RUB\n"
    )
    tally = imports.run(db, written(tmp_path, body), OPTIONS, NOW).tally
    assert tally.refused == {Reason.CONFLICT: 3, Reason.TOO_LARGE: 1}
    (row,) = db.read_now(lambda s: s.execute(select(Purchase.amount, Purchase.product)).all())
    assert tuple(row) == (9500, "cup")  # of several goods the largest names the purchase
    other = body.replace(",90,", ",91,")
    again = imports.run(db, written(tmp_path, other), OPTIONS, NOW).tally
    assert again.refused == {Reason.CONFLICT: 5, Reason.TOO_LARGE: 1}


async def test_a_refund_in_another_currency_is_no_purchase_and_in_no_sum(
    db: Database, tmp_path: Path
) -> None:
    activity.use_zone(ZONE)
    file = written(
        tmp_path,
        "customer_id,timestamp,amount,currency\nanna,2026-02-01,5,RUB\nanna,2026-02-02,6,RUB\n"
        "anna,2026-02-03,7,USD\nanna,2026-02-04,-7,USD\nboris,2026-02-04,-7,USD\n"
        "anna,2026-02-05,8,RUB\nanna,2026-02-06,9,RUB\n",
    )
    imports.run(db, file, OPTIONS, NOW)
    assert {row[0]: row[1:3] for row in db.read_now(said)} == {"anna": (5, 28_00), "boris": (0, 0)}
    assert db.read_now(in_base) == in_file(file)


def test_the_terminal_tells_what_became_of_the_lines(
    db: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    file = written(tmp_path, MIXED)
    result = CliRunner().invoke(app, ["import", "purchases", str(file), "--as-of", "2026-03-02"])
    assert result.output.splitlines() == [
        "5 purchases and 2 refunds added, of 10 lines.",
        "  purchases of zero among them: 1",
        "  further lines joined to their orders: 2",
        "  lines known already: 1",
        "5 people not met before.",
    ]
    again = CliRunner().invoke(app, ["import", "purchases", str(file), "--as-of", "2026-03-02", "--json"])
    assert json.loads(again.output)["added"] == 0
