"""A cross-tab: people by two facets at once, with money, and which cells stand out.

Everybody but the erased stands in it, the unknown apart, so its totals are the base. Values beyond the
commonest are folded into one "other". A person with several values of a facet (tags, answers, segments)
stands in several rows, but once in each and once in a total.

A cell stands out when its adjusted standardized residual (Haberman 1973), the z of "in this row" against "in
this column" among the people known in both, is beyond the normal bound for all tested cells together
(Bonferroni, 5 %). Cells where fewer than 5 are expected are not tested.

Counted in chunks of people out of one snapshot, one GROUP BY each: memory does not grow with the base.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, Literal

from core.reports.crosstab_rows import OTHER, TOTAL, UNKNOWN, Measures, Pair, cells, values, word
from core.reports.facets import facet

if TYPE_CHECKING:
    from collections import Counter
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.reports.bins import Words
    from core.reports.facets import Facet, Terms

MOST_ROWS, MOST_COLUMNS = 10, 6
SMALLEST_EXPECTED = 5.0
ERROR = 0.05
Verdict = Literal["above", "below", "usual", "few", "untested"]


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of the table: the words of its values in order; `folded` values stand in "other"."""

    name: str
    titles: tuple[str, str]
    words: tuple[Words, ...]
    folded: int
    is_several: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the lines in order, without the total."""
        return tuple(word[0] for word in self.words)


@dataclass(frozen=True, slots=True)
class Cell:
    """People of a cell and their purchases within the window; money in minor units of the base currency."""

    people: int = 0
    buyers: int = 0
    orders: int = 0  # with a rate to the base currency
    revenue: int = 0
    expected: float | None = None
    residual: float | None = None
    verdict: Verdict = "untested"

    @property
    def average(self) -> float | None:
        """The average order, in minor units."""
        return self.revenue / self.orders if self.orders else None

    @property
    def buyers_share(self) -> float | None:
        """The share of the people who bought, 0 to 1."""
        return self.buyers / self.people if self.people else None


@dataclass(frozen=True)
class CrossTab:
    """The whole table; `bound` is what a residual must exceed to stand out."""

    rows: Axis
    columns: Axis
    days: int  # of purchases looked at; 0: all
    within: str | None
    counted_at: datetime
    seconds: float
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    bound: float = 0.0
    unrated: int = 0

    def cell(self, row: str, column: str) -> Cell:
        """Return a cell; TOTAL stands for all rows or all columns."""
        return self.cells.get((row, column), Cell())

    @property
    def base(self) -> int:
        """Everybody in the table, once."""
        return self.cell(TOTAL, TOTAL).people


def crosstab(
    db: Database, rows: str, columns: str, terms: Terms, days: int = 0, within: str | None = None
) -> CrossTab:
    """Count people by two facets. `days`: purchases of so many last days, 0 for all; `within`: a segment.

    Call it in a thread. Raises SegmentError for a facet or a segment that is not there.
    """
    return db.read_now(_crosstab, rows, columns, terms, days, within)


def _crosstab(
    session: Session, rows: str, columns: str, terms: Terms, days: int, within: str | None
) -> CrossTab:
    begun = time.monotonic()
    pair = Pair(facet(session, rows, terms), facet(session, columns, terms))
    return tabulate(session, pair, terms, days, within, begun)


def tabulate(
    session: Session, pair: Pair, terms: Terms, days: int, within: str | None, begun: float | None = None
) -> CrossTab:
    """Count people by two facets within an open snapshot."""
    begun = time.monotonic() if begun is None else begun
    first = axis(session, pair.rows, MOST_ROWS, terms, within)
    second = axis(session, pair.columns, MOST_COLUMNS, terms, within)
    found = cells(session, pair, (_shown(first), _shown(second)), terms.now, days, within)
    measured, bound = _judged(found.measures, found.known)
    return CrossTab(
        rows=_seen(first, measured, 0),
        columns=_seen(second, measured, 1),
        days=days,
        within=within,
        counted_at=terms.now,
        seconds=time.monotonic() - begun,
        cells=measured,
        bound=bound,
        unrated=found.unrated,
    )


def axis(session: Session, facet: Facet, most: int, terms: Terms, within: str | None) -> Axis:
    """Return the lines of a facet: all values of an ordered one, else the commonest, the rest folded."""
    tail = ((UNKNOWN, *facet.unknown),) if facet.has_unknown else ()
    if facet.is_ordered:
        return Axis(facet.name, facet.titles, (*facet.words, *tail), 0, facet.is_several)
    counts = values(session, facet, terms.now, within)
    known = {word[0]: word for word in facet.words}
    shown = [value for value, _ in sorted(counts.counts.items(), key=lambda item: (-item[1], item[0]))]
    # one more than fits is shown rather than called "other"
    kept = shown if len(shown) <= most + 1 else shown[:most]
    words = tuple(known.get(value) or word(session, facet, value) for value in kept)
    folded = len(shown) - len(kept)
    other = ((OTHER, f"другие ({folded})", f"other ({folded})"),) if folded else ()
    return Axis(facet.name, facet.titles, (*words, *other, *tail), folded, facet.is_several)


def _shown(axis: Axis) -> tuple[str, ...]:
    return tuple(key for key in axis.keys if key not in (OTHER, UNKNOWN))


def _seen(axis: Axis, cells: dict[tuple[str, str], Cell], side: int) -> Axis:
    """Return the axis without the bins in which nobody is."""
    there = {place[side] for place, cell in cells.items() if cell.people}
    words = tuple(word for word in axis.words if word[0] in there)
    return Axis(axis.name, axis.titles, words, axis.folded, axis.is_several)


def _judged(
    measures: dict[tuple[str, str], Measures], known: Counter[tuple[str, str]]
) -> tuple[dict[tuple[str, str], Cell], float]:
    """Return the cells with what was expected of them. `known`: the same people, only those known in both."""
    inner = [place for place in measures if not {TOTAL, UNKNOWN} & set(place)]
    everybody = known[TOTAL, TOTAL]
    tested: dict[tuple[str, str], tuple[float, float]] = {}
    for row, column in _all_pairs(inner) if everybody else ():
        in_row, in_column = known[row, TOTAL], known[TOTAL, column]
        chance = in_row * in_column / everybody
        spread = chance * (1 - in_row / everybody) * (1 - in_column / everybody)
        if spread > 0:
            count = measures.get((row, column), Measures()).people
            tested[row, column] = chance, (count - chance) / sqrt(spread)
    enough = sum(chance >= SMALLEST_EXPECTED for chance, _ in tested.values())
    bound = normal_bound(ERROR, enough)
    judged = {}
    for place in {*measures, *tested}:
        expected: float | None = None
        residual: float | None = None
        if place in tested:
            expected, residual = tested[place]
        judged[place] = Cell(
            **measures.get(place, Measures()).fields(),
            expected=expected,
            residual=residual,
            verdict=_verdict(expected, residual, bound),
        )
    return judged, bound


def _all_pairs(inner: list[tuple[str, str]]) -> list[tuple[str, str]]:
    rows, columns = sorted({row for row, _ in inner}), sorted({column for _, column in inner})
    return [(row, column) for row in rows for column in columns]


def normal_bound(error: float, tests: int) -> float:
    """Return the two-sided normal bound that so many tests together exceed by chance this rarely.

    >>> round(normal_bound(0.05, 1), 3), round(normal_bound(0.05, 20), 3)
    (1.96, 3.023)
    """
    from statistics import NormalDist

    return NormalDist().inv_cdf(1 - error / (2 * max(tests, 1)))


def _verdict(expected: float | None, residual: float | None, bound: float) -> Verdict:
    if expected is None or residual is None:
        return "untested"
    if expected < SMALLEST_EXPECTED:
        return "few"
    if abs(residual) <= bound:
        return "usual"
    return "above" if residual > 0 else "below"
