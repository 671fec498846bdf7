"""The stored scores of everyone as columns of whole numbers: compared at once, decoded only to be written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.clock import day_start
from core.segments.scores import churn, health, lead, lifecycle, rfm
from core.segments.scores.orders import Flags, Ints, day_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

NONE = -1  # of every column but money, which may be below zero
NO_MONEY = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Column:
    """A column of `scores` and the whole number that stands for each of its values."""

    name: str
    type: Any  # of the array: the narrowest, a million people have eighteen of them
    words: tuple[str, ...] = ()

    @property
    def none(self) -> int:
        """What stands for no value."""
        return NO_MONEY if self.name == "clv" else NONE

    def array(self, people: int) -> Ints:
        """Return a column without values."""
        return np.full(people, self.none, self.type)


_SMALL = ("rfm_r", "rfm_f", "rfm_m", "health", "answered", "activation", "outcome", "engagement", "lead")
COLUMNS = (
    Column("rfm", np.int8, rfm.SEGMENTS),
    Column("lifecycle", np.int8, lifecycle.STATES),
    Column("health_group", np.int8, health.GROUPS),
    Column("lead_group", np.int8, lead.GROUPS),
    Column("churn", np.int8, churn.STATES),
    *(Column(name, np.int8) for name in _SMALL),
    Column("fit", np.int32),
    Column("interval_days", np.int32),  # halves of a day
    Column("next_purchase_at", np.int32),  # the number of the local day that begins then
    Column("clv", np.int64),
)
NAMES = tuple(column.name for column in COLUMNS)


@dataclass(frozen=True, slots=True)
class Table:
    """Scores of people, by ascending id; one array for each of COLUMNS."""

    ids: Ints
    columns: Mapping[str, Ints]

    def at(self, rows: Ints | Flags) -> Table:
        """Return these rows only."""
        return Table(self.ids[rows], {name: values[rows] for name, values in self.columns.items()})

    def with_any_value(self) -> Table:
        """Return the rows that say anything."""
        says = np.zeros(len(self.ids), bool)
        for column in COLUMNS:
            says |= self.columns[column.name] != column.none
        return self if says.all() else self.at(says)

    def unlike(self, other: Table) -> Ints:
        """Return the places of the rows that the other table has not, or has otherwise."""
        if not len(other.ids):
            return np.arange(len(self.ids))
        there = np.minimum(np.searchsorted(other.ids, self.ids), len(other.ids) - 1)
        differs = other.ids[there] != self.ids
        for name in NAMES:
            differs |= self.columns[name] != other.columns[name][there]
        return np.flatnonzero(differs)

    def rows(self, zone: ZoneInfo, moment: Callable[[datetime], Any]) -> list[tuple[Any, ...]]:
        """Return the rows as the database takes them: id and the values in the order of NAMES."""
        decoded = [self._decoded(column, zone, moment) for column in COLUMNS]
        return list(zip(self.ids.tolist(), *decoded, strict=True))

    def _decoded(self, column: Column, zone: ZoneInfo, moment: Callable[[datetime], Any]) -> list[Any]:
        values = self.columns[column.name].tolist()
        if column.words:
            words = (*column.words, None)  # NONE is the last place
            return [words[value] for value in values]
        if column.name == "next_purchase_at":
            days = {day: moment(day_start(day_of(day), zone)) for day in set(values) if day != NONE}
            return [days.get(day) for day in values]
        if column.name == "interval_days":
            return [None if value == NONE else value / 2 for value in values]
        return [None if value == column.none else value for value in values]


def encoded(column: Column, values: Sequence[Any], days: Mapping[Any, int]) -> Ints:
    """Return values of the database as the numbers of a column; a word no longer known is none of them.

    `days` gives the local day of a moment.
    """
    none = column.none
    if column.words:
        numbers = {word: place for place, word in enumerate(column.words)} | {None: NONE}
        found = [numbers.get(word, NONE - 1) for word in values]
    elif column.name == "next_purchase_at":
        found = [days[at] for at in values]
    elif column.name == "interval_days":
        found = [none if days is None else round(days * 2) for days in values]
    else:
        found = [none if value is None else value for value in values]
    return np.array(found, column.type)
