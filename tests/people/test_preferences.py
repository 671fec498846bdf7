"""Preferences: hours, zones, language; the SQL of quiet hours against the wall clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select

from core.db import Database, Moment
from core.people import preferences, prompts, subscribers
from core.people.choices import Preference
from core.people.preferences import OWN_CHOICE, PreferenceError, Quiet, read_quiet
from core.people.subscribers import Sender

ANNA = Sender(11, "Анна", language_code="ru")
ZONES = [
    "Europe/Moscow",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Australia/Lord_Howe",
    "Etc/GMT+12",
]


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("22-8", "22:00–08:00"),
        ("22–8", "22:00–08:00"),
        ("с 22 до 8", "22:00–08:00"),
        ("22:30-7:15", "22:30–07:15"),
        ("С 23 до 9 часов", "23:00–09:00"),
        ("22 8", "22:00–08:00"),
        ("from 1 to 6", "01:00–06:00"),
        ("22-24", "22:00–00:00"),
        ("0-6", "00:00–06:00"),
        ("25-3", None),
        ("22-22", None),
        ("22:60-7", None),
        ("0-24", None),
        ("ночью", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, hours: str | None) -> None:
    found = read_quiet(typed)
    assert (str(found) if found else None) == hours


@pytest.mark.parametrize(
    ("zone", "quiet", "moment", "end"),
    [  # moments in UTC
        ("Europe/Moscow", Quiet(22 * 60, 8 * 60), "2026-03-02 20:00", "2026-03-03 05:00"),
        ("Europe/Moscow", Quiet(22 * 60, 8 * 60), "2026-03-02 22:00", "2026-03-03 05:00"),
        ("Europe/Moscow", Quiet(0, 6 * 60), "2026-03-01 23:30", "2026-03-02 03:00"),
        # New York springs forward on 8 March 2026 at 7:00 UTC: the same 8 o'clock comes an hour earlier
        ("America/New_York", Quiet(22 * 60, 8 * 60), "2026-03-07 04:00", "2026-03-07 13:00"),
        ("America/New_York", Quiet(22 * 60, 8 * 60), "2026-03-08 04:00", "2026-03-08 12:00"),
        # and back on 1 November 2026
        ("America/New_York", Quiet(22 * 60, 8 * 60), "2026-11-01 03:00", "2026-11-01 13:00"),
    ],
)
def test_quiet_hours_end_by_his_own_clock(zone: str, quiet: Quiet, moment: str, end: str) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    found = preferences.quiet_end(ZoneInfo(zone), quiet, now)
    assert found == datetime.fromisoformat(end).replace(tzinfo=UTC)


def quiet_now(session, moment: datetime) -> bool:  # type: ignore[no-untyped-def]
    asked = preferences.is_quiet(literal(preferences.utc_minute(moment)), literal(moment, Moment()))
    return session.scalar(select(Preference.subscriber_id).where(asked)) is not None


def by_the_wall(zone: str, quiet: Quiet, moment: datetime) -> bool:
    local = moment.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    if quiet.since < quiet.until:
        return quiet.since <= minute < quiet.until
    return minute >= quiet.since or minute < quiet.until


async def test_sql_knows_the_quiet_hours_of_every_minute_of_a_year(db: Database) -> None:
    """Any zone, any hours: written at one moment, asked at another, renewed by the tick between."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    person = await db.write(subscribers.meet, ANNA, start)

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(ZONES),
        st.integers(0, 1439),
        st.integers(1, 1439),
        st.integers(0, 365 * 24 * 60),
        st.integers(0, 365 * 24 * 60),
    )
    def check(zone: str, since: int, length: int, written: int, later: int) -> None:
        quiet = Quiet(since, (since + length) % 1440)
        then = start + timedelta(minutes=written)
        moment = then + timedelta(minutes=later)

        def settle(session) -> None:  # type: ignore[no-untyped-def]
            preferences.set_zone(session, person.id, zone, then, origin=OWN_CHOICE)
            preferences.set_quiet(session, person.id, quiet, then)

        db.write_now(settle)
        preferences.renew_offsets(db, moment)
        assert db.read_now(quiet_now, moment) == by_the_wall(zone, quiet, moment)

    check()


async def test_a_shift_of_the_clock_is_known_before_any_tick(db: Database) -> None:
    before = datetime(2026, 3, 1, tzinfo=UTC)
    person = await db.write(subscribers.meet, ANNA, before)
    await db.write(preferences.set_zone, person.id, "America/New_York", before, origin=OWN_CHOICE)
    await db.write(preferences.set_quiet, person.id, Quiet(22 * 60, 8 * 60), before)
    # 12:30 UTC is 7:30 in winter and 8:30 in summer
    assert await db.read(quiet_now, datetime(2026, 3, 7, 12, 30, tzinfo=UTC)) is True
    assert await db.read(quiet_now, datetime(2026, 3, 8, 12, 30, tzinfo=UTC)) is False


async def test_renewing_asks_only_for_clocks_that_were_moved(db: Database, now: datetime) -> None:
    person = await db.write(subscribers.meet, ANNA, now)
    await db.write(preferences.set_zone, person.id, "America/New_York", now, origin=OWN_CHOICE)
    assert preferences.renew_offsets(db, now) == 0
    assert preferences.renew_offsets(db, now + timedelta(days=10)) == 1
    assert preferences.renew_offsets(db, now + timedelta(days=10)) == 0


async def test_a_chosen_language_is_not_overwritten_by_telegram(db: Database, now: datetime) -> None:
    person = await db.write(subscribers.meet, ANNA, now)
    await db.write(preferences.choose_language, person.id, "en", now)
    await db.write(subscribers.meet, ANNA, now + timedelta(days=1))
    found = await db.read(preferences.of, person.id)
    assert (found.language, found.is_language_chosen) == ("en", True)
    assert await db.read(preferences.chosen_languages) == {11: "en"}


async def test_who_chose_nothing_has_the_businesss_clock_and_no_quiet(db: Database, now: datetime) -> None:
    person = await db.write(subscribers.meet, ANNA, now)
    found = await db.read(preferences.of, person.id)
    assert (found.time_zone, found.zone_origin, found.quiet, found.best_time) == (
        "Europe/Moscow",
        "",
        None,
        None,
    )
    with pytest.raises(PreferenceError):
        await db.write(preferences.set_zone, person.id, "Mars/Olympus", now, origin=OWN_CHOICE)
    with pytest.raises(PreferenceError):
        await db.write(preferences.set_best_time, person.id, "noon", now)


async def test_a_typed_answer_belongs_to_the_message_that_asked(db: Database, now: datetime) -> None:
    person = await db.write(subscribers.meet, ANNA, now)
    await db.write(prompts.ask, person.id, "city", 55, now)
    late, soon = now + prompts.FRESH, now + timedelta(minutes=1)
    assert await db.read(prompts.asked, 11, 55, late) == prompts.Asked("city")
    assert await db.read(prompts.asked, 11, 54, soon) is None
    assert await db.read(prompts.asked, 12, 55, soon) is None
    assert await db.read(prompts.asked, 11, None, soon) == prompts.Asked("city")
    assert await db.read(prompts.asked, 11, None, late) is None
    await db.write(prompts.answered, person.id)
    assert await db.read(prompts.asked, 11, 55, soon) is None
