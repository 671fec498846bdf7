"""Windows of days in zones whose clocks change: a day of 23 or 25 hours is one day."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.db import Database
from core.people import activity
from core.segments import audience
from tests.oracle import Person, Rule, finds, written
from tests.segments.people import store, wipe

CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Africa/Cairo", date(2026, 4, 24)),  # its clocks go on at midnight: the day begins at one
    ("Pacific/Auckland", date(2026, 4, 5)),
    ("Asia/Kolkata", date(2026, 12, 31)),  # half an hour off, and the year's last day
]
EXAMPLES = int(os.environ.get("EXAMPLES", 8))  # more of them: EXAMPLES=500
DAYS = st.sampled_from([0, 1, 2, 7, 30])
SHIFTS = st.sampled_from([-3600, -1, 0, 1, 3599, 3600, 7200, 12 * 3600])


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day, told without arithmetic on wall clocks: the first that has its date."""
    moment = datetime.combine(day, time(0), UTC) - timedelta(hours=15)
    while moment.astimezone(zone).date() < day:
        moment += timedelta(minutes=30)
    return moment


def rules_of(day: date) -> list[Rule]:
    """Every form that counts by days, and by hours."""
    windows: list[Rule] = [
        rule
        for days in (1, 2, 7)
        for rule in (
            ("event", "tapped", 1, days),
            ("event", "tapped", 2, days),
            ("purchased", days),
            ("spent", "at least", 1, days),
            ("spent on", "more than", 1, "course", days),
            ("ahead", "attr.renewal_at", days),
            ("anniversary", "birthday", days),
            ("anniversary", "joined", days),
            ("ago", "joined", days, "day"),
            ("within", "attr.renewal_at", days * 24, "hour"),
        )
    ]
    dated: list[Rule] = [("compare", "joined", sign, day) for sign in ("=", "!=", "<", "<=", ">", ">=")]
    dated += [("compare", "attr.renewal_at", "=", day)]
    aged: list[Rule] = [("compare", "age", sign, 30) for sign in ("=", "<", ">=")]
    return [*windows, *dated, *aged, ("anniversary", "birthday", 0)]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(CHANGES), data=st.data())
def test_days_are_those_of_the_zone_when_its_clocks_change(
    db: Database, place: tuple[str, date], data: st.DataObject
) -> None:
    name, change = place
    zone = ZoneInfo(name)
    activity.use_zone(zone)
    db.on_touched = None

    def near(label: str) -> datetime:
        day = change + timedelta(days=data.draw(DAYS) * data.draw(st.sampled_from([-1, 1])))
        return midnight(day, zone) + timedelta(seconds=data.draw(SHIFTS, label))

    now = near("now")
    today = now.astimezone(zone).date()
    people = [
        Person(
            joined_at=near("joined"),
            purchases=[(near("bought"), 100), (near("bought"), 50_000)],
            goods=[("course", "")],
            events=[("tapped", near("tapped")), ("tapped", near("tapped"))],
            attributes={
                "renewal_at": near("renewal"),
                "birthday": today.replace(year=today.year - 30, day=min(today.day, 28))
                + timedelta(days=data.draw(DAYS)),
            },
        )
        for _ in range(8)
    ]

    def check(session: Session) -> None:
        wipe(session)
        for person in people:
            store(session, person, now)
        for rule in rules_of(change):
            text = written(rule)
            expected = {person.number for person in people if finds(rule, person, now, zone)}
            assert set(session.scalars(audience.people_of(session, text, now))) == expected, (text, now)

    db.write_now(check)
