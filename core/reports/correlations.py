"""Which numbers of people go together: Spearman's rank correlation of every two numeric fields.

Of the people who have both, out of a sample of at most 30,000, the same each time: rho is then known within
0.03. The interval is Fisher's transformation with Bonett and Wright's error (2000), at 95 % for all pairs
together (Bonferroni). A pair is told if that interval leaves at least a weak connection (0.1). Fields that
follow from each other are not paired: those worked out of the same, two numbers of purchases, and the time in
the base with what gathers in it.
A connection is no cause.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import combinations
from math import atanh, sqrt, tanh
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select

from core.reports.chunks import chunks, counted, sampled, span
from core.reports.crosstab import normal_bound
from core.reports.kin import grow_together
from core.reports.numbers import Number, numbers
from core.reports.rates import FEW
from core.segments.audience import PEOPLE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database

Floats = np.ndarray[Any, np.dtype[np.float64]]
MOST_PEOPLE = 30_000
WEAK = 0.1
ERROR = 0.05


@dataclass(frozen=True, slots=True)
class Correlation:
    """Two fields: rho from -1 to 1, of how many people, and where it truly lies."""

    first: tuple[str, str]
    second: tuple[str, str]
    rho: float
    people: int
    interval: tuple[float, float]

    @property
    def is_sure(self) -> bool:
        """Whether at least a weak connection is left at the worse end of the interval."""
        low, high = self.interval
        return min(abs(low), abs(high)) >= WEAK and low * high > 0


@dataclass(frozen=True, slots=True)
class Correlations:
    """All pairs looked at, the surest first."""

    pairs: tuple[Correlation, ...]
    people: int  # looked at
    is_sample: bool
    kin: int  # pairs not looked at: one follows from the other
    counted_at: datetime
    seconds: float

    @property
    def sure(self) -> tuple[Correlation, ...]:
        """The pairs with a connection that is no accident."""
        return tuple(pair for pair in self.pairs if pair.is_sure)


def correlations(db: Database, now: datetime, within: str | None = None) -> Correlations:
    """Return how numeric fields go together. Call it in a thread.

    Raises SegmentError for a segment that is not there.
    """
    return db.read_now(_correlations, now, within)


def _correlations(session: Session, now: datetime, within: str | None) -> Correlations:
    begun = time.monotonic()
    fields = numbers(session, now)
    some = sampled(session, MOST_PEOPLE)
    table = read(session, fields, (*counted(session, within, now), *some))
    every = list(combinations(range(len(fields)), 2))
    pairs = [(a, b) for a, b in every if not grow_together(fields[a].name, fields[b].name)]
    found = [_pair(fields[a], fields[b], table[:, a], table[:, b], len(pairs)) for a, b in pairs]
    told = [pair for pair in found if pair is not None]
    return Correlations(
        pairs=tuple(sorted(told, key=lambda pair: (not pair.is_sure, -abs(pair.rho)))),
        people=len(table),
        is_sample=bool(some),
        kin=len(every) - len(pairs),
        counted_at=now,
        seconds=time.monotonic() - begun,
    )


def read(session: Session, fields: list[Number], which: Any) -> Floats:
    """Return the values of these people, a row each, NaN where unknown."""
    parts = [np.empty((0, len(fields)))]
    columns = [one.column.label(f"n{place}") for place, one in enumerate(fields)]
    people: Any = PEOPLE
    for one in fields:
        people = people.outerjoin(*one.join) if one.join is not None else people
    for low, high in chunks(session):
        query = select(*columns).select_from(people).where(*span(low, high), *which)
        rows = session.execute(query).all()
        if rows:
            columns_read = [one.read([row[place] for row in rows]) for place, one in enumerate(fields)]
            parts.append(np.column_stack(columns_read))
    return np.concatenate(parts)


def _pair(first: Number, second: Number, x: Floats, y: Floats, pairs: int) -> Correlation | None:
    known = ~(np.isnan(x) | np.isnan(y))
    x, y = x[known], y[known]
    if len(x) < FEW or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    rho = spearman(x, y)
    return Correlation(first.titles, second.titles, rho, len(x), rho_interval(rho, len(x), pairs))


def spearman(x: Floats, y: Floats) -> float:
    """Return Spearman's rho; equal values share their mean rank."""
    from scipy.stats import rankdata

    return float(np.corrcoef(rankdata(x), rankdata(y))[0, 1])


def rho_interval(rho: float, people: int, pairs: int = 1) -> tuple[float, float]:
    """Return the interval of a rho, at 95 % for so many pairs together.

    >>> [round(end, 3) for end in rho_interval(0.5, 100)]
    [0.326, 0.641]
    """
    inside = max(min(rho, 1 - 1e-9), -1 + 1e-9)
    reach = normal_bound(ERROR, pairs) * sqrt((1 + inside**2 / 2) / (people - 3))
    return tanh(atanh(inside) - reach), tanh(atanh(inside) + reach)
