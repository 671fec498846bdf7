"""The overview of segments: stored sizes, never counted anew, so that it opens at once on any base."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core import clock
from core.people import activity
from core.people.models import Subscriber
from core.people.subscribers import Status
from core.segments import presets, versions
from core.segments.models import Segment, SegmentDay

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    entered: int = 0  # today, so far
    left: int = 0

    @property
    def moved(self) -> int:
        """How many came or went today."""
        return self.entered + self.left

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
class FamilyLine:
    """The segments in force of one family, the largest first; `waiting`: how many more of it ship."""

    name: str
    title_ru: str
    title_en: str
    lines: tuple[SegmentLine, ...]
    waiting: int = 0

    def title(self, language: str) -> str:
        """Return the title in a language."""
        return self.title_ru if language == "ru" else self.title_en

    @property
    def telling(self) -> tuple[SegmentLine, ...]:
        """The one or two that say most: the largest, and the one with the most coming and going."""
        filled = [line for line in self.lines if line.size]
        largest = filled[:2]
        moved = max(filled, key=lambda line: line.moved, default=None)
        if moved is not None and moved.moved and moved not in largest:
            largest[1:] = [moved]
        return tuple(largest)


@dataclass(frozen=True, slots=True)
class Overview:
    """Every enabled segment, by family and then by size, and the base they are parts of."""

    lines: tuple[SegmentLine, ...]
    totals: Totals
    families: tuple[FamilyLine, ...] = ()

    @property
    def waiting(self) -> int:
        """How many segments ship and are not in force."""
        return sum(family.waiting for family in self.families)

    def moved(self, most: int) -> tuple[SegmentLine, ...]:
        """Return those with the most coming and going today."""
        found = sorted(self.lines, key=lambda line: (-line.moved, line.number))
        return tuple(line for line in found[:most] if line.moved)

    def telling(self, most: int) -> tuple[SegmentLine, ...]:
        """Return what a picture shows: of each family what says most, fewer where they are many."""
        found = [line for family in self.families for line in family.telling]
        if len(found) > most:
            found = [line for family in self.families for line in family.telling[:1]]
        kept = set(sorted(found, key=lambda line: (-line.size, line.number))[:most])
        return tuple(line for line in found if line in kept)


def overview(session: Session, now: datetime) -> Overview:
    """Return what `/segments` shows."""
    totals = base_totals(session)
    before, today = _sizes_on(session, now), _moves_on(session, now)
    segments = session.scalars(select(Segment).where(Segment.enabled).order_by(Segment.id)).all()
    lines = [
        _line(segment, before.get(segment.id), today.get(segment.id, (0, 0)), totals.base)
        for segment in segments
    ]
    families = _families(session, lines)
    return Overview(tuple(line for family in families for line in family.lines), totals, families)


def _families(session: Session, lines: Sequence[SegmentLine]) -> tuple[FamilyLine, ...]:
    """Put the owner's own first, then what ships in the order of its file, then families of his naming."""
    titles = {one.name: (one.ru, one.en) for one in presets.families()}
    waiting = Counter(one.preset.family for one in presets.offers(session) if not one.enabled)
    names = dict.fromkeys((presets.OWN, *titles, *(line.family for line in lines)))
    found = []
    for name in names:
        own = sorted((line for line in lines if line.family == name), key=lambda one: (-one.size, one.number))
        ru, en = titles.get(name, ("", ""))
        if own or waiting[name]:
            found.append(FamilyLine(name, ru, en, tuple(own), waiting[name]))
    return tuple(found)


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


def _moves_on(session: Session, now: datetime) -> dict[int, tuple[int, int]]:
    """Return who entered and left each segment today; where its rule is of today, nobody moved by himself."""
    day = clock.local_day(now, activity.zone())
    start = clock.day_start(day, activity.zone())
    renewed = versions.renewed(start, start + timedelta(days=2))
    query = select(SegmentDay.segment_id, SegmentDay.entered, SegmentDay.left).where(
        SegmentDay.day == day, SegmentDay.segment_id.not_in(renewed)
    )
    return {number: (entered, left) for number, entered, left in session.execute(query)}


def _line(segment: Segment, before: int | None, today: tuple[int, int], base: int) -> SegmentLine:
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
        entered=today[0],
        left=today[1],
    )
