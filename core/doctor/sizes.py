"""Sizes of segments, today and on every day that is kept, counted anew from the stays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from core.db import table
from core.doctor.local_day import offsets
from core.segments.models import Membership, Segment, SegmentDay

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

_STAYS, _SEGMENTS, _DAYS = table(Membership), table(Segment), table(SegmentDay)
_COLUMNS = ("size", "entered", "left")

Numbers = tuple[int, int, int]  # size, entered, left


@dataclass(frozen=True, slots=True)
class WrongSize:
    """A size that is not the number of open stays; `more` mends it beside a running bot."""

    segment: int
    name: str
    kept: int
    rebuilt: int

    @property
    def words(self) -> str:
        """What is wrong, in one line."""
        return f"segment {self.name}: size is {self.kept}, the open stays are {self.rebuilt}"


@dataclass(frozen=True, slots=True)
class WrongDay:
    """A day of a segment that is not what the stays amount to; `kept` None: the row is missing."""

    segment: int
    name: str
    day: date
    kept: Numbers | None
    rebuilt: Numbers

    @property
    def words(self) -> str:
        """What is wrong, in one line."""
        place = f"segment {self.name}, {self.day}"
        if self.kept is None:
            return f"{place}: missing"
        told = [
            f"{name} is {kept}, the stays say {rebuilt}"
            for name, kept, rebuilt in zip(_COLUMNS, self.kept, self.rebuilt, strict=True)
            if kept != rebuilt
        ]
        return f"{place}: {'; '.join(told)}"


def sizes(session: Session) -> tuple[int, list[WrongSize]]:
    """Return how many sizes were compared and those that are wrong."""
    stays = (
        select(func.count())
        .select_from(_STAYS)
        .where(_STAYS.c.segment_id == _SEGMENTS.c.id, _STAYS.c.left_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(select(_SEGMENTS.c.id, _SEGMENTS.c.name, _SEGMENTS.c.size, stays)).all()
    return len(rows), [WrongSize(*row) for row in rows if row[2] != row[3]]


def days(session: Session, now: datetime, zone: ZoneInfo) -> tuple[int, list[WrongDay]]:
    """Return how many days of segments were compared and those that are wrong."""
    began = session.scalar(select(func.min(_STAYS.c.entered_at))) or now
    shifts = offsets(zone, began, now)
    moved: dict[int, dict[date, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for place, moment in enumerate((_STAYS.c.entered_at, _STAYS.c.left_at)):
        for segment, day, count in session.execute(_by_day(shifts.day_of(moment), moment)):
            moved[segment][day][place] = count
    kept: dict[int, dict[date, Numbers]] = defaultdict(dict)
    for segment, day, *numbers in session.execute(
        select(_DAYS.c.segment_id, _DAYS.c.day, *(_DAYS.c[n] for n in _COLUMNS))
    ):
        kept[segment][day] = (numbers[0], numbers[1], numbers[2])
    names = dict(session.execute(select(_SEGMENTS.c.id, _SEGMENTS.c.name)).all())
    wrong: list[WrongDay] = []
    for segment in sorted(moved.keys() | kept.keys()):
        wrong += _wrong_days(segment, names[segment], kept[segment], moved[segment])
    return sum(len(rows) for rows in kept.values()), wrong


def _by_day(day: ColumnElement[Any], moment: ColumnElement[Any]) -> Any:
    named = day.label("day")
    query = select(_STAYS.c.segment_id, named, func.count()).where(moment.is_not(None))
    return query.group_by(_STAYS.c.segment_id, named)


def _wrong_days(
    segment: int, name: str, kept: dict[date, Numbers], moved: dict[date, list[int]]
) -> list[WrongDay]:
    wrong, size = [], 0
    for day in sorted(kept.keys() | moved.keys()):
        entered, left = moved.get(day, (0, 0))
        size += entered - left
        rebuilt = (size, entered, left)
        if kept.get(day) != rebuilt:
            wrong.append(WrongDay(segment, name, day, kept.get(day), rebuilt))
    return wrong


def mend_sizes(session: Session, wrongs: list[WrongSize]) -> None:
    """Add what is missing: counting inside the write would hold the writer for as long as that takes."""
    more = _SEGMENTS.c.size + bindparam("more")
    statement = update(_SEGMENTS).where(_SEGMENTS.c.id == bindparam("number")).values(size=more)
    rows = [{"number": one.segment, "more": one.rebuilt - one.kept} for one in wrongs]
    session.connection().execute(statement, rows)


def mend_days(session: Session, wrongs: list[WrongDay]) -> None:
    """Add what is missing to each day, and the days that are missing."""
    more = {name: _DAYS.c[name] + bindparam(f"more_{name}") for name in _COLUMNS}
    own = (_DAYS.c.segment_id == bindparam("number"), _DAYS.c.day == bindparam("on"))
    changed = [
        {"number": one.segment, "on": one.day}
        | {f"more_{n}": new - old for n, old, new in zip(_COLUMNS, one.kept, one.rebuilt, strict=True)}
        for one in wrongs
        if one.kept is not None
    ]
    missing = [
        {"segment_id": one.segment, "day": one.day, **dict(zip(_COLUMNS, one.rebuilt, strict=True))}
        for one in wrongs
        if one.kept is None
    ]
    if changed:
        session.connection().execute(update(_DAYS).where(*own).values(more), changed)
    if missing:
        session.connection().execute(insert(_DAYS), missing)
