"""What an owner asks about segments: who then, how many a day, why this person, whom a rule would find."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.people.models import Subscriber
from core.segments import audience, history, rules, why
from core.segments.errors import RuleError
from core.segments.refresh import refresh_all
from tests.oracle import Person
from tests.segments.members import members_at, stays_of
from tests.segments.people import NOW, store

DAY = timedelta(days=1)


def define(db: Database, name: str, rule: str) -> None:
    db.write_now(rules.define, name, rule, (name, name), NOW)


def test_any_past_moment_can_be_asked(db: Database) -> None:
    define(db, "silent", "last_seen more than 14 days ago")
    first = db.write_now(store, Person(last_seen_at=NOW - 20 * DAY))
    second = db.write_now(store, Person(last_seen_at=NOW - 10 * DAY))
    refresh_all(db, NOW)
    refresh_all(db, NOW + 6 * DAY)
    define(db, "silent", "last_seen more than 25 days ago")
    refresh_all(db, NOW + 7 * DAY)
    assert db.read_now(members_at, "silent", NOW - DAY) == ()
    assert db.read_now(members_at, "silent", NOW) == (first,)
    assert db.read_now(members_at, "silent", NOW + 6 * DAY) == (first, second)
    assert db.read_now(members_at, "silent", NOW + 7 * DAY) == (first,)
    assert db.read_now(stays_of, second) == {"silent": [(NOW + 6 * DAY, NOW + 7 * DAY)]}


def test_sizes_by_day_carry_over_days_without_a_refresh(db: Database) -> None:
    define(db, "silent", "last_seen more than 14 days ago")
    for days in (20, 13, 12, 1):
        db.write_now(store, Person(last_seen_at=NOW - days * DAY))
    refresh_all(db, NOW)
    refresh_all(db, NOW + 2 * DAY)
    refresh_all(db, NOW + 5 * DAY)
    today = date(2026, 3, 7)
    sizes = db.read_now(history.sizes_by_day, "silent", 30, NOW + 5 * DAY)
    assert sizes == [(today - n * DAY, size) for n, size in ((5, 1), (4, 1), (3, 2), (2, 2), (1, 2), (0, 3))]
    assert db.read_now(history.sizes_by_day, "silent", 2, NOW + 5 * DAY) == sizes[-2:]
    flow = db.read_now(history.flow, "silent", 4, NOW + 5 * DAY)
    assert (flow.entered, flow.left, flow.before, flow.size, flow.change) == (2, 0, 1, 3, 2)


def test_why_tells_each_condition_with_the_value_behind_it(db: Database) -> None:
    define(db, "vip", "tag vip")
    define(
        db,
        "lost",
        "status = active and last_seen more than 14 days ago and not purchased within 90 days and "
        "(spent >= 1000 or quiz entry.role in (owner, manager)) and city is unknown and in segment vip",
    )
    person = Person(
        last_seen_at=NOW - 20 * DAY,
        tags={"vip"},
        answers={("entry", "role"): ["owner", "manager"]},
        purchases=[(NOW - 100 * DAY, 50_050)],
    )
    who = db.write_now(store, person)
    refresh_all(db, NOW)
    found = db.read_now(why.why, who, "lost", NOW)
    assert [(f.sentence("ru"), f.found("ru"), f.holds, f.since) for f in found] == [
        ("статус — активен", "активен", True, None),
        ("последняя активность больше 14 дней назад", "10.02.2026 12:00", True, NOW - 6 * DAY),
        ("не было покупок за последние 90 дней", "22.11.2025 12:00", True, None),
        ("сумма покупок не меньше 1\u00a0000", "500,5", False, None),
        ("ответ на вопрос «role» квиза «entry» — «owner» или «manager»", "manager, owner", True, NOW),
        ("город: неизвестно", "нет данных", True, None),
        ("состоит в сегменте «vip»", "да", True, NOW),
    ]
    assert [f.found("en") for f in found][0::3] == ["active", "500.5", "yes"]
    assert db.read_now(why.why, who + 99, "lost", NOW) == ()


def test_an_audience_is_counted_and_sampled_without_a_segment(db: Database) -> None:
    for n in range(5):
        db.write_now(store, Person(unanswered=n, last_seen_at=NOW - n * DAY))
    assert db.read_now(audience.count, "unanswered >= 2", NOW) == 3
    sampled = db.read_now(audience.sample, "unanswered >= 2", NOW, 2)
    assert [person.id for person in sampled] == [3, 4]
    with pytest.raises(RuleError, match="unknown segment `nowhere`"):
        db.read_now(audience.count, "in segment nowhere", NOW)


def test_two_rules_stand_in_one_query(db: Database) -> None:
    who = db.write_now(store, Person(last_seen_at=NOW - 20 * DAY))

    def both(session: Session) -> list[int]:
        old = audience.condition(session, "last_seen more than 14 days ago", NOW)
        very = audience.condition(session, "last_seen more than 14 days ago", NOW - 10 * DAY)
        query = select(Subscriber.id).select_from(audience.PEOPLE)
        return list(session.scalars(query.where(old, ~very)))

    assert db.read_now(both) == [who]
