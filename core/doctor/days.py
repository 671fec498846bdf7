"""Daily counters, counted anew from the events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from core import clock
from core.db import table
from core.doctor.differing import Target, Who, Wrong, compared
from core.doctor.local_day import Offsets, offsets
from core.people.models import DailyCount, Event

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

_DAYS, _EVENTS = table(DailyCount), table(Event)


@dataclass(frozen=True)
class DailyCounts:
    """How often a kind of event happened on a day; days before `first`, whose events are gone, are facts."""

    first: date
    offsets: Offsets

    @classmethod
    def since_the_oldest_event(cls, session: Session, now: datetime, zone: ZoneInfo) -> DailyCounts:
        """Compare from the day of the oldest event that is kept on."""
        oldest = session.scalar(select(func.min(_EVENTS.c.at))) or now
        newest = session.scalar(select(func.max(_EVENTS.c.at))) or now
        return cls(clock.local_day(oldest, zone), offsets(zone, oldest, max(newest, now)))

    @property
    def target(self) -> Target:
        """The table of daily counters."""
        return Target(_DAYS, ("subscriber_id", "kind", "day"), ("count",))

    def count(self, session: Session, who: Who) -> int:
        """Return how many counters are compared."""
        query = select(func.count()).select_from(_DAYS).where(self._compared(who))
        return session.scalar(query) or 0

    def wrong(self, session: Session, who: Who) -> list[Wrong]:
        """Return the counters that differ from the events."""
        c = _EVENTS.c
        day = self.offsets.day_of(c.at).label("day")
        rebuilt = (
            select(c.subscriber_id, c.kind, day, func.count())
            .where(who(c.subscriber_id))
            .group_by(c.subscriber_id, c.kind, day)
        )
        kept = select(*(_DAYS.c[name] for name in ("subscriber_id", "kind", "day", "count")))
        return compared(session, self.target, kept.where(self._compared(who)), rebuilt)

    def _compared(self, who: Who) -> ColumnElement[bool]:
        return and_(who(_DAYS.c.subscriber_id), _DAYS.c.day >= self.first)
