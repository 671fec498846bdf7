"""Cohorts: people by the month or ISO week of their first purchase or visit, and who came back when.

A cell counts distinct people. What lies beyond the data is empty, never 0; the last period, if the data end
inside it, is marked as cut short and takes no part in the mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np

from core.segments.scores.orders import Ints, day_number, day_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Period = Literal["month", "week"]
_MONDAY = 3  # 1970-01-01 was a Thursday


@dataclass(frozen=True, slots=True)
class Row:
    """One cohort: its first day and the people of each period since, the first being its size."""

    start: date
    cells: tuple[int | None, ...]  # None: not yet observed

    @property
    def size(self) -> int:
        """How many people the cohort has."""
        return self.cells[0] or 0


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The table. `cut_short`: the first day of the last period when the data end before it does."""

    period: Period
    rows: tuple[Row, ...]
    last_day: date
    cut_short: date | None

    def is_cut_short(self, row: Row, column: int) -> bool:
        """Say whether the cell was observed for a part of its period only."""
        is_last = (column < len(row.cells) - 1 and row.cells[column + 1] is None) or column == len(
            row.cells
        ) - 1
        return self.cut_short is not None and row.cells[column] is not None and is_last

    def means(self) -> list[float | None]:
        """Return the share of people back in each period: weighted, of cohorts observed through all of it."""
        width = len(self.rows[0].cells) if self.rows else 0
        return [self._mean(column) for column in range(width)]

    def _mean(self, column: int) -> float | None:
        seen = [
            row for row in self.rows if row.cells[column] is not None and not self.is_cut_short(row, column)
        ]
        size = sum(row.size for row in seen)
        return sum(row.cells[column] or 0 for row in seen) / size if size else None


def cohorts(person: Ints, day: Ints, period: Period, last_day: int) -> Cohorts:
    """Return the cohorts of visits or purchases, one element a visit, days in one time zone.

    `last_day` is the last day observed, which may be later than the last visit; later visits are left out.
    A period in which nobody came for the first time has no row.
    """
    inside = day <= last_day
    person, at = person[inside], _index(day[inside], period)
    last = int(_index(np.array([last_day]), period)[0])
    is_whole = last_day == _start(last + 1, period) - 1
    cut_short = None if is_whole else day_of(_start(last, period))
    if not len(at):
        return Cohorts(period, (), day_of(last_day), cut_short)
    order = np.lexsort((at, person))
    person, at = person[order], at[order]
    opens = np.ones(len(person), bool)
    opens[1:] = np.diff(person) != 0
    came = at[opens][np.cumsum(opens) - 1]
    fresh = opens.copy()
    fresh[1:] |= np.diff(at) != 0
    starts = np.unique(came)
    table = np.zeros((len(starts), last - int(starts[0]) + 1), np.int64)
    np.add.at(table, (np.searchsorted(starts, came[fresh]), (at - came)[fresh]), 1)
    return Cohorts(period, tuple(_rows(table, starts, period)), day_of(last_day), cut_short)


def _rows(table: Ints, starts: Ints, period: Period) -> Iterator[Row]:
    for counts, start in zip(table.tolist(), starts.tolist(), strict=True):
        unseen = start - int(starts[0])
        yield Row(day_of(_start(start, period)), (*counts[: len(counts) - unseen], *[None] * unseen))


def _index(day: Ints, period: Period) -> Ints:
    """Return the number of the period each day lies in."""
    if period == "week":
        return np.asarray((day + _MONDAY) // 7, np.int64)
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _start(index: int, period: Period) -> int:
    """Return the first day of a period."""
    if period == "week":
        return index * 7 - _MONDAY
    return day_number(date(1970 + index // 12, index % 12 + 1, 1))
