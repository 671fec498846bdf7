"""Business time: an aware UTC moment that a rehearsal may move. Pace, time-outs and leases never use it.

>>> now().tzinfo is UTC
True
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_offset = timedelta(0)


def now() -> datetime:
    """Return the present business moment, aware, in UTC."""
    return datetime.now(UTC) + _offset


def offset() -> timedelta:
    """Return how far business time stands from the real one; zero outside the sandbox."""
    return _offset


def shift(to: timedelta) -> None:
    """Move business time; only bot/rehearsal.py may call it, and only against the sandbox."""
    global _offset
    _offset = to


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day of a moment in the business's time zone."""
    return moment.astimezone(zone).date()


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a local calendar day, in UTC."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)
