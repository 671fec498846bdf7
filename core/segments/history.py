"""History of membership: sizes by day, who came and went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core import clock
from core.people import activity
from core.segments.models import SegmentDay
from core.segments.rules import find

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Flow:
    """How many entered and left a segment over some days, and its size before and now."""

    entered: int
    left: int
    before: int
    size: int

    @property
    def change(self) -> int:
        """The growth over these days."""
        return self.size - self.before


def sizes_by_day(session: Session, name: str, days: int, now: datetime) -> list[tuple[date, int]]:
    """Return the size at the end of each of the last `days` local days, today so far included.

    A day without a refresh has the size of the day before; days before the first refresh are left out.
    """
    number = find(session, name).number
    today = clock.local_day(now, activity.zone())
    first = today - timedelta(days=days - 1)
    rows = session.execute(
        select(SegmentDay.day, SegmentDay.size).where(
            SegmentDay.segment_id == number, SegmentDay.day > first, SegmentDay.day <= today
        )
    )
    known = dict(rows.all())
    size = _size_on(session, number, first)
    found: list[tuple[date, int]] = []
    for offset in range(days):
        day = first + timedelta(days=offset)
        size = known.get(day, size)
        if size is not None:
            found.append((day, size))
    return found


def flow(session: Session, name: str, days: int, now: datetime) -> Flow:
    """Return who came and went over the last `days` local days, today included."""
    segment = find(session, name)
    today = clock.local_day(now, activity.zone())
    first = today - timedelta(days=days - 1)
    entered, left = session.execute(
        select(
            func.coalesce(func.sum(SegmentDay.entered), 0), func.coalesce(func.sum(SegmentDay.left), 0)
        ).where(SegmentDay.segment_id == segment.number, SegmentDay.day >= first, SegmentDay.day <= today)
    ).one()
    return Flow(int(entered), int(left), segment.size - int(entered) + int(left), segment.size)


def _size_on(session: Session, number: int, day: date) -> int | None:
    query = (
        select(SegmentDay.size)
        .where(SegmentDay.segment_id == number, SegmentDay.day <= day)
        .order_by(SegmentDay.day.desc())
        .limit(1)
    )
    return session.scalar(query)
