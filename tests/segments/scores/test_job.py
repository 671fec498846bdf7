"""Scores of the base: stored once, written only where they changed, asked by rules."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from core.db import Database
from core.people import activity
from core.people.models import Subscriber
from core.sales import purchases
from core.sales.models import Purchase
from core.segments import audience, rules
from core.segments.language import parse
from core.segments.scores import fields, health, lifecycle, rfm
from core.segments.scores.job import Done, compute
from core.segments.scores.models import Score, ScoreRun
from core.segments.scores.orders import collect, day_number
from core.settings import Settings
from tests.mailing.people import add_people
from tests.ticking import tick

Order = tuple[int, int, int | None]  # who, days ago, minor units


def buy(session: Session, orders: list[Order], now: datetime) -> None:
    known = session.query(Purchase).count()
    rows = [
        {
            "order_id": str(known + number),
            "subscriber_id": who,
            "at": now - timedelta(days=ago, hours=2),
            "amount": amount or 5,
            "currency": "RUB" if amount else "USD",
            "base_amount": amount,
            "product": "",
            "category": "",
        }
        for number, (who, ago, amount) in enumerate(orders)
    ]
    session.execute(insert(Purchase), rows)
    purchases.recount(session, {who for who, *_ in orders}, now)


def base(session: Session, now: datetime) -> list[Order]:
    add_people(session, 40, now)
    chance = random.Random(2)
    orders: list[Order] = [
        (who, chance.randrange(0, 300), chance.choice([None, 100, 25_000, 99_999]))
        for who in range(1, 31)
        for _ in range(chance.choice([1, 1, 2, 6]))
    ]
    buy(session, orders, now)
    return orders


def stored(session: Session, *names: str) -> dict[int, Any]:
    """The values stored of everyone who has the first of them."""
    columns = [getattr(Score, name) for name in names]
    found = session.execute(select(Score.subscriber_id, *columns).where(columns[0].is_not(None)))
    return {who: values[0] if len(values) == 1 else tuple(values) for who, *values in found}


def everyone(session: Session, rule: str, now: datetime) -> int:
    return audience.count(session, rule, now)


async def test_stored_scores_are_those_of_the_orders(db: Database, now: datetime) -> None:
    bought = db.write_now(base, now)
    done = compute(db, now)
    orders = collect(
        [f"{who:03}" for who, *_ in bought],
        [
            day_number(now.date()) - ago for _, ago, _ in bought
        ],  # two hours before noon in Moscow: the same day
        [float(amount or 0) for *_, amount in bought],
    )
    as_of = day_number(now.astimezone(activity.zone()).date())
    scored, life, sound = (
        rfm.rfm(orders, as_of),
        lifecycle.lifecycle(orders, as_of),
        health.of_orders(orders, as_of),
    )
    people = [int(name) for name in orders.people]
    columns = (scored.segments, scored.recency.tolist(), scored.frequency.tolist(), scored.monetary.tolist())
    rows = zip(*columns, strict=True)
    assert db.read_now(stored, "rfm", "rfm_r", "rfm_f", "rfm_m") == dict(zip(people, rows, strict=True))
    assert db.read_now(stored, "lifecycle") == dict(zip(people, life.names, strict=True))
    rows = zip(sound.score.astype(int).tolist(), sound.names, strict=True)
    assert db.read_now(stored, "health", "health_group") == dict(zip(people, rows, strict=True))
    assert (done.people, done.written, done.dropped) == (40, 40, 0)


async def test_a_second_run_writes_nothing_and_a_purchase_only_what_it_changes(
    db: Database, now: datetime
) -> None:
    db.write_now(base, now)
    compute(db, now)
    again = compute(db, now)
    assert (again.written, again.dropped) == (0, 0)
    db.write_now(buy, [(35, 0, 500)], now)
    after = compute(db, now + timedelta(minutes=1))
    assert 1 <= after.written < 40
    assert db.read_now(stored, "lifecycle")[35] == "new"


async def test_rules_ask_for_scores_and_the_complement_law_holds(db: Database, now: datetime) -> None:
    db.write_now(base, now)
    asked = [
        "lifecycle = prospect",
        "rfm in (champions, loyal)",
        "health_group = key",
        "health > 50",
        "rfm != new",
    ]
    assert db.read_now(everyone, "lifecycle = prospect", now) == 10  # known before any computation
    assert db.read_now(everyone, "lifecycle is unknown", now) == 30
    compute(db, now)
    cells, groups = db.read_now(stored, "rfm"), db.read_now(stored, "health_group")
    expected = [
        10,
        sum(word in ("champions", "loyal") for word in cells.values()),
        sum(word == "key" for word in groups.values()),
        sum(value > 50 for value in db.read_now(stored, "health").values()),
        sum(word != "new" for word in cells.values()),
    ]
    assert [db.read_now(everyone, rule, now) for rule in asked] == expected
    for rule in asked:
        assert db.read_now(everyone, rule, now) + db.read_now(everyone, f"not ({rule})", now) == 40
    states = db.read_now(stored, "lifecycle")
    for word, *_ in fields.LIFECYCLE_WORDS[1:]:
        assert db.read_now(everyone, f"lifecycle = {word}", now) == sum(w == word for w in states.values())


async def test_inputs_and_the_day_stand_beside_a_score(db: Database, now: datetime) -> None:
    db.write_now(add_people, 1, now)
    db.write_now(buy, [(1, 9, 100), (1, 2, 50)], now)
    compute(db, now)
    row = db.read_now(lambda session: session.get_one(Score, 1))
    assert (row.rfm_r, row.rfm_f, row.rfm_m, row.outcome, row.answered) == (5, 1, 1, 50, None)
    assert row.computed_at == now


async def test_who_has_no_purchase_any_more_loses_the_rows_and_the_erased_get_none(
    db: Database, now: datetime
) -> None:
    db.write_now(base, now)
    compute(db, now)
    db.write_now(lambda session: session.execute(delete(Purchase).where(Purchase.subscriber_id == 7)))
    db.write_now(lambda session: session.execute(delete(Subscriber).where(Subscriber.id == 8)))
    done = compute(db, now)
    assert {7, 8} & set(db.read_now(stored, "rfm")) == set()
    assert (done.people, done.dropped) == (39, 0)  # he is still in the bot


async def test_when_all_purchases_are_gone_so_are_the_scores(db: Database, now: datetime) -> None:
    db.write_now(base, now)
    compute(db, now)
    db.write_now(lambda session: session.execute(delete(Purchase)))
    assert (compute(db, now).written, db.read_now(stored, "rfm")) == (30, {})


async def test_a_word_the_scores_no_longer_know_is_written_anew(db: Database, now: datetime) -> None:
    db.write_now(base, now)
    compute(db, now)
    db.write_now(
        lambda session: session.execute(update(Score).where(Score.rfm.is_not(None)).values(rfm="old"))
    )
    assert compute(db, now).written == 30


async def test_an_empty_base_is_scored_at_once(db: Database, now: datetime) -> None:
    assert compute(db, now) == Done(0, 0, 0, pytest.approx(0, abs=5))


async def test_what_is_bought_after_this_moment_is_not_known_yet(db: Database, now: datetime) -> None:
    db.write_now(add_people, 1, now)
    db.write_now(buy, [(1, -3, 100)], now)
    compute(db, now)
    assert db.read_now(stored, "rfm") == {}


def runs(session: Session) -> list[tuple[datetime, int]]:
    found = session.execute(select(ScoreRun.started_at, ScoreRun.people).order_by(ScoreRun.id))
    return [(at, people) for at, people in found]


async def test_the_tick_computes_scores_once_a_day_of_the_business_before_segments(
    db: Database, now: datetime
) -> None:
    tick(db, now, Settings())
    assert db.read_now(runs) == []  # nobody is there
    db.write_now(base, now)
    db.write_now(rules.define, "dear", "health_group = key", ("Ключевые", "Key"), now)
    tick(db, now, Settings())
    assert db.read_now(runs) == [(now, 40)]
    key = sum(word == "key" for word in db.read_now(stored, "health_group").values())
    assert db.read_now(everyone, "in segment dear", now) == key > 0
    evening = now.replace(hour=20, minute=59)  # 23:59 in Moscow
    tick(db, evening, Settings())
    midnight = evening + timedelta(minutes=1)
    tick(db, midnight, Settings())
    assert db.read_now(runs) == [(now, 40), (midnight, 40)]


@pytest.mark.parametrize(
    ("words", "known"),
    [
        (fields.RFM_WORDS, rfm.SEGMENTS),
        (fields.LIFECYCLE_WORDS, ("prospect", "new", "active", "vip", "at_risk", "lapsed")),  # as he goes
        (fields.HEALTH_WORDS, health.GROUPS),
    ],
)
def test_rules_know_every_word_of_a_score(
    words: tuple[tuple[str, str, str], ...], known: tuple[str, ...]
) -> None:
    assert [word for word, *_ in words] == list(known)
    assert {word for word, *_ in fields.LIFECYCLE_WORDS} == set(lifecycle.STATES)
    assert parse("rfm in (champions, loyal) and health_group = key").text().startswith("rfm in")
