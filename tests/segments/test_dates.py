"""Dates ahead and anniversaries: over the turn of the year, around 29 February, at local midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.db import Database
from core.segments import audience, rules
from core.segments.refresh import refresh_all
from tests.oracle import Person, Rule, finds, written
from tests.segments.members import segments_of
from tests.segments.people import store, wipe

ZONE = ZoneInfo("Europe/Moscow")
NOON = timedelta(hours=9)  # in Moscow
NOWS = [
    datetime(2025, 12, 28, 9, tzinfo=UTC),
    datetime(2025, 12, 31, 20, 59, 59, tzinfo=UTC),  # a second before the new year in Moscow
    datetime(2025, 12, 31, 21, tzinfo=UTC),
    datetime(2026, 2, 21, 9, tzinfo=UTC),
    datetime(2026, 2, 28, 9, tzinfo=UTC),
    datetime(2026, 3, 1, 9, tzinfo=UTC),
    datetime(2028, 2, 22, 9, tzinfo=UTC),
    datetime(2028, 2, 28, 9, tzinfo=UTC),
    datetime(2028, 2, 29, 9, tzinfo=UTC),
    datetime(2028, 3, 1, 9, tzinfo=UTC),
]
DAYS = [
    date(year, month, day)
    for year in (1996, 2024, 2025, 2026, 2027, 2028, 2029)
    for month, day in [(12, 27), (12, 31), (1, 1), (1, 4), (2, 27), (2, 28), (2, 29), (3, 1), (3, 7), (3, 8)]
    if (month, day) != (2, 29) or year % 4 == 0
]
RULES: list[Rule] = [
    *[("anniversary", target, days) for target in ("birthday", "first_purchase") for days in (0, 1, 7, 364)],
    *[("ahead", "attr.renewal_at", days) for days in (0, 1, 7, 400)],
    ("within", "attr.renewal_at", 7, "day"),
    ("ago", "attr.renewal_at", 7, "day"),
    ("compare", "attr.renewal_at", "<=", date(2026, 1, 1)),
]


def crowd() -> list[Person]:
    """A person a day: born, first bought and renewing on it."""
    return [
        Person(
            attributes={"birthday": day, "renewal_at": day},
            purchases=[(datetime(day.year, day.month, day.day, tzinfo=UTC) + NOON, 100)],
        )
        for day in DAYS
    ]


@pytest.mark.parametrize("now", NOWS)
def test_dates_ahead_and_anniversaries_find_whom_the_oracle_names(db: Database, now: datetime) -> None:
    db.on_touched = None
    people = crowd()

    def check(session: Session) -> None:
        for person in people:
            store(session, person, now)
        for rule in RULES:
            text = written(rule)
            expected = {person.number for person in people if finds(rule, person, now, ZONE)}
            assert set(session.scalars(audience.people_of(session, text, now))) == expected, text

    db.write_now(check)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    day=st.dates(date(1950, 1, 1), date(2035, 12, 31)),
    ahead=st.integers(-400, 400),
    days=st.integers(0, 364),
    year=st.integers(2024, 2033),
    hour=st.integers(0, 23),
)
def test_any_date_comes_round_when_the_oracle_says(
    db: Database, day: date, ahead: int, days: int, year: int, hour: int
) -> None:
    db.on_touched = None
    now = datetime(year, day.month, min(day.day, 28), hour, tzinfo=UTC) - timedelta(days=ahead)
    joined_at = datetime(max(day.year, 1980), day.month, day.day, tzinfo=UTC)  # no bot is older
    person = Person(attributes={"birthday": day}, joined_at=joined_at)

    def check(session: Session) -> None:
        wipe(session)
        store(session, person, now)
        for rule in (
            ("anniversary", "birthday", days),
            ("anniversary", "joined", days),
            ("ahead", "joined", days),
        ):
            found = audience.count(session, written(rule), now) == 1
            assert found is finds(rule, person, now, ZONE), (rule, now)

    db.write_now(check)


def test_a_kept_statement_follows_the_calendar(db: Database) -> None:
    """The refresh compiles a rule once: the month-days are bound anew, over the new year too."""
    born = {"new_year": date(1990, 1, 1), "leap": date(1996, 2, 29), "march": date(1990, 3, 1)}
    start = datetime(2025, 12, 20, 9, tzinfo=UTC)
    db.write_now(rules.define, "birthday_week", "birthday within next 7 days", ("д", "b"), start)
    who = {
        name: db.write_now(store, Person(attributes={"birthday": day}), start) for name, day in born.items()
    }
    seen = {}
    for now in (start, datetime(2025, 12, 25, 9, tzinfo=UTC), *NOWS[2:]):
        refresh_all(db, now)
        seen[f"{now:%Y-%m-%d %H}"] = [
            name for name, person in who.items() if "birthday_week" in db.read_now(segments_of, person)
        ]
    assert seen == {
        "2025-12-20 09": [],
        "2025-12-25 09": ["new_year"],
        "2025-12-31 21": ["new_year"],  # the first second of the birthday
        "2026-02-21 09": ["leap"],
        "2026-02-28 09": ["leap", "march"],
        "2026-03-01 09": ["march"],
        "2028-02-22 09": ["leap"],
        "2028-02-28 09": ["leap", "march"],
        "2028-02-29 09": ["leap", "march"],
        "2028-03-01 09": ["march"],
    }
