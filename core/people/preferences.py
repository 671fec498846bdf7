"""Preferences: in which language, at which hours and in which time zone a person wants to be written to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.db import CHUNK, note_touched, table
from core.errors import KvizorError
from core.people import activity
from core.people.choices import Preference
from core.people.models import Subscriber

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.db import Database

DAY_MINUTES = 24 * 60
AHEAD = timedelta(days=400)  # how far a zone's clock is known at most before it is asked again
OWN_CHOICE = "settings"  # origin of a zone the person chose himself: nothing said in passing changes it
BEST_TIMES = ("morning", "day", "evening")
_QUIET = re.compile(
    r"(?:с|from)?\s*(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|до|to|\s)\s*(\d{1,2})(?:[:.](\d{2}))?"
    r"(?:\s*(?:ч|час|часов|часа)\.?)?"
)


class PreferenceError(KvizorError):
    """A zone or a time that does not exist."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours without letters, in minutes since midnight; `until` may lie before `since`, over midnight."""

    since: int
    until: int

    @property
    def minutes(self) -> int:
        """How long the quiet lasts."""
        return (self.until - self.since) % DAY_MINUTES

    def __str__(self) -> str:
        return f"{_clock(self.since)}–{_clock(self.until)}"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person chose; `zone_origin` is empty where the business's zone stands in for his."""

    language: str
    is_language_chosen: bool = False
    time_zone: str = "UTC"
    zone_origin: str = ""
    quiet: Quiet | None = None
    best_time: str | None = None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def read_quiet(text: str) -> Quiet | None:
    """Return the hours somebody typed, None where they are none.

    >>> str(read_quiet("с 22 до 8")), str(read_quiet("22:30-7")), read_quiet("25-3")
    ('22:00–08:00', '22:30–07:00', None)
    """
    found = _QUIET.fullmatch(text.strip().casefold())
    if found is None:
        return None
    since, until = _minutes(found[1], found[2]), _minutes(found[3], found[4])
    if since is None or until is None or since == until:
        return None
    return Quiet(since, until)


def _minutes(hours: str, minutes: str | None) -> int | None:
    moment = int(hours) * 60 + int(minutes or 0)
    if int(minutes or 0) > 59 or moment > DAY_MINUTES:
        return None
    return moment % DAY_MINUTES


def of(session: Session, subscriber_id: int) -> Preferences:
    """Return what a person chose."""
    person = session.get_one(Subscriber, subscriber_id)
    row = session.get(Preference, subscriber_id)
    language, is_chosen = person.language, person.language_chosen_at is not None
    if row is None:
        return Preferences(language, is_chosen, activity.zone().key)
    return Preferences(language, is_chosen, row.time_zone, row.zone_origin, quiet_of(row), row.best_time)


def quiet_of(row: Preference) -> Quiet | None:
    """Return the quiet hours of a row."""
    if row.quiet_from is None or row.quiet_minutes is None:
        return None
    return Quiet(row.quiet_from, (row.quiet_from + row.quiet_minutes) % DAY_MINUTES)


def choose_language(session: Session, subscriber_id: int, language: str, now: datetime) -> None:
    """Speak this language to the person from now on, whatever his Telegram speaks."""
    person = session.get_one(Subscriber, subscriber_id)
    person.language, person.language_chosen_at = language, now
    session.flush()
    note_touched(session, [subscriber_id], now)


def chosen_languages(session: Session) -> dict[int, str]:
    """Return the language of everybody who chose one, by Telegram id."""
    chosen = select(Subscriber.telegram_id, Subscriber.language).where(
        Subscriber.language_chosen_at.is_not(None), Subscriber.telegram_id.is_not(None)
    )
    return {telegram_id: language for telegram_id, language in session.execute(chosen) if telegram_id}


def set_quiet(session: Session, subscriber_id: int, quiet: Quiet | None, now: datetime) -> None:
    """Keep these hours free of letters; None: letters at any hour."""
    row = _row(session, subscriber_id, now)
    row.quiet_from = quiet.since if quiet else None
    row.quiet_minutes = quiet.minutes if quiet else None
    session.flush()


def set_best_time(session: Session, subscriber_id: int, best_time: str | None, now: datetime) -> None:
    """Remember when the person likes to read; None: any time. Raises PreferenceError for another word."""
    if best_time is not None and best_time not in BEST_TIMES:
        raise PreferenceError(f"A time to write is one of {', '.join(BEST_TIMES)}, not {best_time!r}.")
    _row(session, subscriber_id, now).best_time = best_time
    session.flush()


def set_zone(session: Session, subscriber_id: int, zone: str, now: datetime, *, origin: str) -> bool:
    """Follow this zone's clock; False where the person's own choice stands. Raises PreferenceError."""
    row = _row(session, subscriber_id, now)
    if row.zone_origin == OWN_CHOICE and origin != OWN_CHOICE:
        return False
    row.time_zone, row.zone_origin = zone, origin
    for name, value in _offsets(zone, now).items():
        setattr(row, name, value)
    session.flush()
    return True


def follow_zones(session: Session, zones: Mapping[int, tuple[str, str]], now: datetime) -> None:
    """Follow the clocks of many people: subscriber → zone and origin; who chose his own keeps it."""
    offsets = {zone: _offsets(zone, now) for zone, _ in zones.values()}
    rows = [
        {
            "subscriber_id": who,
            "time_zone": zone,
            "zone_origin": origin[:64],
            "updated_at": now,
            **offsets[zone],
        }
        for who, (zone, origin) in zones.items()
    ]
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table(Preference))
    present = table(Preference).c.zone_origin
    statement = statement.on_conflict_do_update(
        index_elements=["subscriber_id"],
        set_={name: statement.excluded[name] for name in rows[0] if name != "subscriber_id"},
        where=or_(present != OWN_CHOICE, statement.excluded.zone_origin == OWN_CHOICE),
    )
    session.execute(statement, rows)


def _row(session: Session, subscriber_id: int, now: datetime) -> Preference:
    row = session.get(Preference, subscriber_id)
    if row is None:
        zone = activity.zone().key
        row = Preference(subscriber_id=subscriber_id, time_zone=zone, zone_origin="", **_offsets(zone, now))
        session.add(row)
    row.updated_at = now
    return row


# -- the person's clock ------------------------------------------------------------------------------


def zone_of(name: str) -> ZoneInfo:
    """Return the zone of this name; raises PreferenceError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PreferenceError(f"There is no time zone {name!r}; write e.g. Asia/Yekaterinburg.") from None


def offset_minutes(zone: ZoneInfo, moment: datetime) -> int:
    """Return how far a zone's clock is ahead of UTC at a moment."""
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    return int(offset.total_seconds() // 60)


def next_shift(zone: ZoneInfo, now: datetime) -> datetime:
    """Return the minute at which a zone's clock is moved next, or the end of what is known."""
    present, step = offset_minutes(zone, now), timedelta(days=7)
    low = now.astimezone(UTC).replace(second=0, microsecond=0)
    end = low + AHEAD
    while low < end and offset_minutes(zone, low + step) == present:
        low += step
    if low >= end:
        return end
    high = low + step
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        low, high = (middle, high) if offset_minutes(zone, middle) == present else (low, middle)
    return high


def _offsets(name: str, now: datetime) -> dict[str, Any]:
    zone = zone_of(name)
    until = next_shift(zone, now)
    return {
        "offset_minutes": offset_minutes(zone, now),
        "offset_until": until,
        "next_offset_minutes": offset_minutes(zone, until),
    }


def renew_offsets(db: Database, now: datetime) -> int:
    """Look up the clocks that were moved since they were written down; returns how many rows changed."""
    renewed = 0
    while found := db.write_now(_renew, now):
        renewed += found
    return renewed


def _renew(session: Session, now: datetime) -> int:
    over = select(Preference.subscriber_id, Preference.time_zone).where(Preference.offset_until <= now)
    by_zone: dict[str, list[int]] = {}
    for who, zone in session.execute(over.limit(CHUNK)):
        by_zone.setdefault(zone, []).append(who)
    for zone, people in by_zone.items():
        rows = update(Preference).where(Preference.subscriber_id.in_(people))
        session.execute(rows.values(**_offsets(zone, now)))
    return sum(map(len, by_zone.values()))


# -- quiet hours -------------------------------------------------------------------------------------


def is_quiet(minute: ColumnElement[int], moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Return SQL over `preferences`: whether it is the person's quiet time.

    `minute` is the minute of the UTC day of `moment`. Both may be bound: the statement stays the same over
    midnight and over a change of summer time.
    """
    p = Preference
    offset = case((p.offset_until <= moment, p.next_offset_minutes), else_=p.offset_minutes)
    since_quiet = (minute + offset - p.quiet_from + 3 * DAY_MINUTES) % DAY_MINUTES
    return and_(p.quiet_from.is_not(None), since_quiet < p.quiet_minutes)


def utc_minute(moment: datetime) -> int:
    """Return the minute of the UTC day."""
    utc = moment.astimezone(UTC)
    return utc.hour * 60 + utc.minute


def quiet_end(zone: ZoneInfo, quiet: Quiet, now: datetime) -> datetime:
    """Return the next moment at which quiet hours end on this zone's clock, in UTC."""
    local = now.astimezone(zone)
    wall = time(quiet.until // 60, quiet.until % 60)
    for days in range(3):
        moment = datetime.combine(local.date() + timedelta(days=days), wall, zone).astimezone(UTC)
        if moment > now:
            return moment
    raise AssertionError("three days without an end of the quiet hours")
