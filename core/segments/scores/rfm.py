"""RFM: how lately, how often, for how much; scores 1–5 by quintile edges and ten cells of the R × F grid.

Source of the grid: the widely used map of recency × frequency to ten named segments. Equal values always get
equal scores: bins are cut by value, never by rank, so with many ties a bin may stay empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.segments.scores.orders import Flags, Floats, Ints, Orders, history

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEGMENTS = (
    "champions",
    "loyal",
    "potential_loyalists",
    "new",
    "promising",
    "need_attention",
    "about_to_sleep",
    "at_risk",
    "cant_lose",
    "hibernating",
)
QUINTILES = (0.2, 0.4, 0.6, 0.8)
# One row an R, from 1 to 5; one place an F, from 1 to 5.
GRID = (
    ("hibernating", "hibernating", "at_risk", "at_risk", "cant_lose"),
    ("hibernating", "hibernating", "at_risk", "at_risk", "cant_lose"),
    ("about_to_sleep", "about_to_sleep", "need_attention", "loyal", "loyal"),
    ("promising", "potential_loyalists", "potential_loyalists", "loyal", "loyal"),
    ("new", "potential_loyalists", "potential_loyalists", "champions", "champions"),
)


_CELLS: Ints = np.array([[SEGMENTS.index(name) for name in row] for row in GRID], np.int64)


@dataclass(frozen=True, slots=True)
class Rfm:
    """Scores of the buyers, in the order of Orders.people; `person` are their positions there."""

    person: Ints
    days: Ints  # since the last purchase
    count: Ints
    money: Floats
    recency: Ints
    frequency: Ints
    monetary: Ints

    @property
    def total(self) -> Ints:
        """R + F + M, 3 to 15."""
        return self.recency + self.frequency + self.monetary

    @property
    def cells(self) -> Ints:
        """The cell of each buyer, as a position in SEGMENTS."""
        return _CELLS[self.recency - 1, self.frequency - 1]

    @property
    def segments(self) -> list[str]:
        """The cell of each buyer by name."""
        return [SEGMENTS[cell] for cell in self.cells.tolist()]


def bins(values: NDArray[np.int64] | Floats) -> Ints:
    """Return 1–5 by quintile edges (linear interpolation); a value equal to an edge takes the lower bin.

    >>> bins(np.array([1, 1, 1, 1, 1, 1, 1, 2, 3, 9])).tolist()
    [1, 1, 1, 1, 1, 1, 1, 4, 5, 5]
    """
    if not len(values):
        return np.empty(0, np.int64)
    edges = np.quantile(values, QUINTILES)
    return 1 + np.searchsorted(edges, values, side="left")


def rfm(orders: Orders, as_of: int) -> Rfm:
    """Score everyone who bought until `as_of`; days are counted from there."""
    found = history(orders.until(as_of))
    buyers: Flags = found.buyers
    days = as_of - found.last[buyers]
    count, money = found.count[buyers], found.money[buyers]
    return Rfm(np.flatnonzero(buyers), days, count, money, 6 - bins(days), bins(count), bins(money))
