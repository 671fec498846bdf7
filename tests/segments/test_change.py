"""What would change a finding: told for every form, and true where it names a number or a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.db import Database
from core.people import topics
from core.segments import rules
from core.segments.refresh import refresh_all
from core.segments.why import why
from tests.oracle import Person
from tests.segments.people import NOW, store

DAY = timedelta(days=1)


def told(db: Database, rule: str, now: datetime = NOW, **facts: Any) -> tuple[bool, str, str]:
    db.on_touched = None
    who = db.write_now(store, Person(**facts))
    db.write_now(topics.add, "Новинки", "topic Новинки", NOW)
    db.write_now(rules.define, "asked", rule, ("а", "a"), NOW)
    found = db.read_now(why, who, "asked", now)[0]
    return found.holds, found.change("ru"), found.change("en")


@pytest.mark.parametrize(
    ("rule", "facts", "holds", "ru", "en"),
    [
        (
            "unanswered >= 5",
            {"unanswered": 3},
            False,
            "ещё 2 письма без ответа",
            "2 more unanswered letters",
        ),
        ("unanswered > 5", {"unanswered": 5}, False, "ещё 1 письмо без ответа", "1 more unanswered letter"),
        ("unanswered >= 3", {"unanswered": 3}, True, "любое действие человека", "anything the person does"),
        ("unanswered < 5", {"unanswered": 0}, True, "ещё 5 писем без ответа", "5 more unanswered letters"),
        (
            "not unanswered < 5",
            {"unanswered": 0},
            False,
            "ещё 5 писем без ответа",
            "5 more unanswered letters",
        ),
        ("purchases = 0", {}, True, "первая покупка", "the first purchase"),
        ("purchases >= 1", {}, False, "ещё 1 покупка", "1 more purchase"),
        ("spent >= 1000", {"purchases": [(NOW, 50_050)]}, False, "ещё 499,5", "499.5 more"),
        ("status = active", {}, True, "отписка или блокировка", "opting out or blocking the bot"),
        ("spent > 1000", {}, False, "ещё больше чем 1\u00a0000", "more than 1,000 more"),
        ("status = blocked", {}, False, "если станет «заблокировал бота»", "if it becomes “blocked the bot”"),
        ("status != blocked", {}, True, "если станет «заблокировал бота»", "if it becomes “blocked the bot”"),
        (
            "city in (Казань, Москва)",
            {},
            False,
            "если станет «Казань» или «Москва»",
            "if it becomes “Казань” or “Москва”",
        ),
        ("city is known", {}, False, "когда данные появятся", "when it becomes known"),
        (
            "last_seen more than 30 days ago",
            {"last_seen_at": NOW - 25 * DAY},
            False,
            "через 5 дней молчания",
            "in 5 days of silence",
        ),
        (
            "last_seen more than 30 days ago",
            {"last_seen_at": NOW - 31 * DAY},
            True,
            "любое действие человека",
            "anything the person does",
        ),
        (
            "last_seen within 2 days",
            {"last_seen_at": NOW - DAY},
            True,
            "через 24 часа молчания",
            "in 24 hours of silence",
        ),
        (
            "birthday within next 7 days",
            {"attributes": {"birthday": date(1990, 3, 12)}},
            False,
            "через 3 дня",
            "in 3 days",
        ),
        (
            "birthday is today",
            {"attributes": {"birthday": date(1990, 3, 2)}},
            True,
            "через 1 день",
            "in 1 day",
        ),
        ("birthday is today", {}, False, "когда появится дата", "when there is a date"),
        (
            "purchased within 90 days",
            {"purchases": [(NOW - 80 * DAY, 100)]},
            True,
            "через 11 дней без покупок",
            "in 11 days without a purchase",
        ),
        ("not purchased within 90 days", {}, True, "покупка", "a purchase"),
        (
            "spent more than 1000 within 90 days",
            {"purchases": [(NOW, 60_000)]},
            False,
            "покупки ещё больше чем на 400",
            "purchases of more than 400 more",
        ),
        ("event tapped at least 3 times", {"events": [("tapped", NOW)]}, False, "ещё 2 раза", "2 more times"),
        ("event tapped", {"events": [("tapped", NOW)]}, True, "больше не изменится", "nothing any more"),
        (
            "event tapped within 7 days",
            {"events": [("tapped", NOW)]},
            True,
            "когда выйдет за срок",
            "when it falls out of that time",
        ),
        ("tag vip", {}, False, "если поставить метку", "the tag"),
        ("not tag vip", {"tags": {"vip"}}, False, "если снять метку", "taking the tag off"),
        ("topic Новинки", {}, True, "если откажется от этой темы", "leaving this topic"),
        (
            "not topic Новинки",
            {"left": {"Новинки"}},
            True,
            "если снова выберет эту тему",
            "choosing this topic again",
        ),
        ("answered campaign 7", {}, False, "ответ на эту рассылку", "an answer to this campaign"),
    ],
)
def test_what_would_change_a_finding(
    db: Database, rule: str, facts: dict[str, Any], holds: bool, ru: str, en: str
) -> None:
    assert told(db, rule, **facts) == (holds, ru, en)


def test_time_in_a_segment_counts_down(db: Database) -> None:
    db.on_touched = None
    db.write_now(store, Person(tags={"vip"}))
    db.write_now(rules.define, "vip", "tag vip", ("v", "v"), NOW)
    refresh_all(db, NOW)
    db.write_now(rules.define, "long", "in segment vip for at least 14 days", ("d", "l"), NOW)
    found = db.read_now(why, 1, "long", NOW + 9 * DAY)[0]
    assert (found.holds, found.change("ru")) == (False, "через 5 дней в сегменте «vip»")
    assert db.read_now(why, 1, "long", NOW + 14 * DAY)[0].change("en") == "leaving the segment “vip”"


@pytest.mark.parametrize(
    ("rule", "facts", "days"),
    [
        ("last_seen more than 30 days ago", {"last_seen_at": NOW - 25 * DAY - timedelta(hours=1)}, 5),
        ("birthday within next 7 days", {"attributes": {"birthday": date(1996, 2, 29)}}, 356),
        ("birthday within next 7 days", {"attributes": {"birthday": date(1996, 3, 5)}}, 4),
        ("purchased within 90 days", {"purchases": [(NOW - 80 * DAY, 100)]}, 11),
        ("attr.renewal_at within next 5 days", {"attributes": {"renewal_at": date(2026, 3, 20)}}, 13),
    ],
)
def test_a_change_told_for_a_day_comes_on_that_day(
    db: Database, rule: str, facts: dict[str, Any], days: int
) -> None:
    holds, ru, _ = told(db, rule, **facts)
    assert f"через {days} " in ru
    before, after = (db.read_now(why, 1, "asked", NOW + n * DAY)[0].holds for n in (days - 1, days))
    assert (before, after) == (holds, not holds)
