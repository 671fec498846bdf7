"""The local day of a stored moment, in SQL: a zone's distances from UTC are found beforehand and bound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Date, case, literal
from sqlalchemy.ext.compiler import compiles

from core.db import Moment

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_STEP = timedelta(days=7)  # no zone changes its distance twice in a week


@dataclass(frozen=True, slots=True)
class Offsets:
    """How far a zone is from UTC: `first` minutes until the first change, then (from when, minutes)."""

    first: int
    changes: tuple[tuple[datetime, int], ...]

    def day_of(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """SQL: the local day a moment falls on."""
        if not self.changes:
            return ShiftedDay(column, self.first)
        ends = [moment for moment, _ in self.changes]
        minutes = [self.first, *(shift for _, shift in self.changes)]
        branches = [
            (column < literal(end, Moment()), ShiftedDay(column, shift))
            for end, shift in zip(ends, minutes, strict=False)
        ]
        return case(*branches, else_=ShiftedDay(column, minutes[-1]))


def offsets(zone: ZoneInfo, start: datetime, end: datetime) -> Offsets:
    """Return the distances a zone had between two moments, each change found to the second.

    >>> from zoneinfo import ZoneInfo
    >>> winter, summer = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    >>> found = offsets(ZoneInfo("Europe/Berlin"), winter, summer)
    >>> found.first, [(str(at), minutes) for at, minutes in found.changes]
    (60, [('2026-03-29 01:00:00+00:00', 120)])
    """
    before = start.astimezone(UTC).replace(microsecond=0) - _STEP
    last = end.astimezone(UTC) + _STEP
    first = _minutes(zone, before)
    changes: list[tuple[datetime, int]] = []
    while before < last:
        after = before + _STEP
        if _minutes(zone, before) != _minutes(zone, after):
            changes.append((_moment_of_change(zone, before, after), _minutes(zone, after)))
        before = after
    return Offsets(first, tuple(changes))


def _moment_of_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    old = _minutes(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=1) // 2)
        before, after = (middle, after) if _minutes(zone, middle) == old else (before, middle)
    return after


def _minutes(zone: ZoneInfo, moment: datetime) -> int:
    shift = moment.astimezone(zone).utcoffset() or timedelta()
    return int(shift.total_seconds() // 60)


class ShiftedDay(ColumnElement[Any]):
    """SQL: the day of a stored UTC moment after so many minutes."""

    inherit_cache = False
    type = Date()

    def __init__(self, column: ColumnElement[Any], minutes: int) -> None:
        self.column = column
        self.minutes = minutes


@compiles(ShiftedDay, "sqlite")
def _on_sqlite(element: ShiftedDay, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.column, **options)}, '{element.minutes:+d} minutes')"


@compiles(ShiftedDay, "postgresql")
def _on_postgresql(element: ShiftedDay, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"CAST(({column} AT TIME ZONE 'UTC') + INTERVAL '{element.minutes} minutes' AS DATE)"
