"""The overview of segments: stored sizes, never counted anew, so that it opens at once on any base."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core import clock
from core.people import activity
from core.people.models import Subscriber
from core.people.subscribers import Status
from core.segments.models import Segment, SegmentDay

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CHANGE_DAYS = 7


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """One segment as the overview shows it."""

    number: int
    name: str
    title_ru: str
    title_en: str
    family: str
    size: int
    change: int | None  # over 7 days; None while the segment is younger
    share: float  # of the base, 0 to 1
    refreshed_at: datetime | None
    error: str | None  # why the last refresh could not compute it: the size is that of refreshed_at

    def title(self, language: str) -> str:
        """Return the title in a language."""
        return self.title_ru if language == "ru" else self.title_en


@dataclass(frozen=True, slots=True)
class Totals:
    """The base by status. Erased people are not counted."""

    by_status: dict[str, int] = field(default_factory=dict)

    @property
    def base(self) -> int:
        """Everyone we know."""
        return sum(self.by_status.values())

    @property
    def active(self) -> int:
        """People with a chat who take letters."""
        return self.by_status.get(Status.ACTIVE, 0)

    @property
    def known(self) -> int:
        """People known from files, without a chat."""
        return self.by_status.get(Status.KNOWN, 0)

    @property
    def stopped(self) -> int:
        """People who asked for no letters."""
        return self.by_status.get(Status.STOPPED, 0)

    @property
    def blocked(self) -> int:
        """People whose chat is blocked, deactivated or unreachable."""
        gone = (Status.BLOCKED, Status.DEACTIVATED, Status.UNREACHABLE)
        return sum(self.by_status.get(status, 0) for status in gone)


@dataclass(frozen=True, slots=True)
class Overview:
    """Every enabled segment, by family and then by size, and the base they are parts of."""

    lines: tuple[SegmentLine, ...]
    totals: Totals


def overview(session: Session, now: datetime) -> Overview:
    """Return what `/segments` shows."""
    totals = base_totals(session)
    before = _sizes_on(session, now)
    segments = session.scalars(select(Segment).where(Segment.enabled).order_by(Segment.id)).all()
    lines = [_line(segment, before.get(segment.id), totals.base) for segment in segments]
    families = list(dict.fromkeys(line.family for line in lines))
    lines.sort(key=lambda line: (families.index(line.family), -line.size, line.name))
    return Overview(tuple(lines), totals)


def base_totals(session: Session) -> Totals:
    """Count the base by status, out of the index of statuses."""
    grouped = select(Subscriber.status, func.count()).group_by(Subscriber.status)
    counts = {row[0]: row[1] for row in session.execute(grouped)}
    counts.pop(Status.ERASED, None)
    return Totals(counts)


def _sizes_on(session: Session, now: datetime) -> dict[int, int]:
    """Return each segment's size at the end of the day a week ago: of that day or the last one before it."""
    day = clock.local_day(now, activity.zone()) - timedelta(days=CHANGE_DAYS)
    last = (
        select(SegmentDay.segment_id, func.max(SegmentDay.day).label("day"))
        .where(SegmentDay.day <= day)
        .group_by(SegmentDay.segment_id)
        .subquery()
    )
    query = select(SegmentDay.segment_id, SegmentDay.size).join(
        last, (SegmentDay.segment_id == last.c.segment_id) & (SegmentDay.day == last.c.day)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _line(segment: Segment, before: int | None, base: int) -> SegmentLine:
    return SegmentLine(
        number=segment.id,
        name=segment.name,
        title_ru=segment.title_ru,
        title_en=segment.title_en,
        family=segment.family,
        size=segment.size,
        change=None if before is None else segment.size - before,
        share=segment.size / base if base else 0.0,
        refreshed_at=segment.refreshed_at,
        error=segment.error,
    )
