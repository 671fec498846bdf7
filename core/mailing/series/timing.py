"""When a step is due: so long after the one before, then at a time of the person's own day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from core.mailing.series.definition import Delay

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo


def due(delay: Delay, base: datetime, zone: ZoneInfo) -> datetime:
    """Return when a step is due whose step before was done at `base`.

    With a time of day whole days are counted on the person's calendar: one day after a letter of 10:03 at
    10:00 is tomorrow at 10:00. A time that is over today is tomorrow's; a weekday that is not allowed is put
    off to the next that is, at the same time.
    """
    moment = base + timedelta(days=delay.days, minutes=delay.minutes)
    if delay.at is None and not delay.weekdays:
        return moment
    local = moment.astimezone(zone)
    day, wall = local.date(), local.time()
    if delay.at is not None:
        wall = time(delay.at // 60, delay.at % 60)
        is_over = _at(day, wall, zone) < moment if delay.minutes else _at(day, wall, zone) < base
        day += timedelta(days=is_over)
    while delay.weekdays and day.weekday() not in delay.weekdays:
        day += timedelta(days=1)
    return _at(day, wall, zone)


def _at(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, zone).astimezone(UTC)


def whole_days(days: int) -> Delay:
    """Return a delay of so many days."""
    return Delay(days=days)
