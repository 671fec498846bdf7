"""Lines of a file joined to orders: an order number stands for one customer and one moment."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from core.segments.scores.orders import DECIMALS, Flags, Floats, Ints

NO_ORDER = -1


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines as columns of equal length."""

    order: Ints  # NO_ORDER: the line names none and is an order by itself
    person: Ints
    second: Ints  # the moment
    day: Ints
    goods: Ints  # a number for what the line names beside: equal for equal goods
    amount: Floats  # NaN: of unknown worth
    line: Ints  # its number in the file

    def __len__(self) -> int:
        return len(self.line)

    def at(self, rows: Ints | Flags) -> Lines:
        """Return these lines only."""
        return Lines(*(getattr(self, column.name)[rows] for column in fields(self)))


@dataclass(frozen=True, slots=True)
class Joined:
    """One row a purchase or refund, and the numbers of the lines that were not one by themselves."""

    rows: Lines
    repeated: Ints
    parts: Ints
    contradicting: Ints


def join(lines: Lines) -> Joined:
    """Join the lines of an order; the sequence of the lines does not matter.

    The head of an order is its earliest purchase (of all, if all are refunds). Lines of the same customer and
    moment are parts of it and are added up. A negative line of that customer at another moment is a refund by
    itself. Anything else contradicts the order and is left out. An order whose lines are all there equally
    often was given that many times and counts once: so a doubled export changes nothing, while two equal
    goods within a longer order are both counted.
    """
    lines = lines.at(
        np.lexsort(
            (lines.line, lines.goods, lines.amount, lines.person, lines.second, lines.amount < 0, lines.order)
        )
    )
    opens_order = _changes(lines.order) | (lines.order == NO_ORDER)
    opens_run = opens_order | np.logical_or.reduce(
        [_changes(column) for column in (lines.person, lines.second, lines.amount, lines.goods)]
    )
    start = np.flatnonzero(opens_run)
    runs = lines.at(start)
    length = np.diff(np.append(start, len(lines)))
    opens = opens_order[start]
    head = np.flatnonzero(opens)[np.cumsum(opens) - 1]
    is_part = (runs.person == runs.person[head]) & (runs.second == runs.second[head])
    is_refund = ~is_part & (runs.amount < 0) & (runs.person == runs.person[head])
    times = _times_meant(length, is_part, head)

    place = np.arange(len(lines)) - np.repeat(start, length)
    extra = place >= np.repeat(times, length)
    part = np.repeat(is_part, length) & ~extra & ~opens_order
    contradicting = np.repeat(~is_part & ~is_refund, length) & ~extra
    return Joined(
        _totals(runs, times, is_part, head, opens | is_refund),
        *(np.sort(lines.line[chosen]) for chosen in (extra, part, contradicting)),
    )


def _changes(column: Ints | Floats) -> Flags:
    different = np.ones(len(column), bool)
    different[1:] = column[1:] != column[:-1]
    return different


def _times_meant(length: Ints, is_part: Flags, head: Ints) -> Ints:
    """Return how many of equal lines count: all, divided by how often the whole order was given."""
    given = np.zeros(len(length), np.int64)
    np.gcd.at(given, head[is_part], length[is_part])
    return np.where(is_part, length // np.maximum(given[head], 1), 1)


def _totals(runs: Lines, times: Ints, is_part: Flags, head: Ints, own: Flags) -> Lines:
    total: Floats = np.where(is_part, 0.0, runs.amount).astype(np.float64)
    np.add.at(total, head[is_part], (runs.amount * times)[is_part])
    rows = runs.at(own)
    return Lines(
        rows.order, rows.person, rows.second, rows.day, rows.goods, np.round(total[own], DECIMALS), rows.line
    )
