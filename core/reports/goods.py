"""Popular goods: who buys what, who comes back for it, and what one person buys beside it.

"Together" is by person within the window: these people bought both, on one day or on two. Support is their
share of all buyers, confidence their share of those who bought the first, lift how many times commoner the
pair is than if the goods had nothing to do with each other. A pair is told if enough people have it and the
lower end of its lift, at 95 % for all pairs looked at together (Bonferroni), is above 1; pairs are ranked by
that end. The interval is normal on the logarithm, by the delta method for four multinomial cells.

Read in chunks of people; pairs only among the goods with most buyers: memory depends on the number of goods.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from sqlalchemy import case, func, select

from core.db import table
from core.reports.chunks import chunks, counted
from core.reports.crosstab import normal_bound
from core.reports.rates import Share
from core.sales.models import IS_PURCHASE, Purchase
from core.segments.audience import PEOPLE
from core.segments.fields import SUBSCRIBERS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.db import Database

By = Literal["product", "category"]
Floats = np.ndarray[Any, np.dtype[np.float64]]
_PURCHASES = table(Purchase)
MOST_PAIRED = 200  # goods among which pairs are looked for
LEAST_TOGETHER = 10  # people who bought both
LONGEST = 50  # goods returned
ERROR = 0.05


@dataclass(frozen=True, slots=True)
class Good:
    """One product or category; `revenue` in minor units of the base currency."""

    name: str
    buyers: int
    orders: int
    revenue: int
    again: int  # buyers who bought it more than once

    @property
    def repeat(self) -> Share:
        """Those who bought it again, of its buyers."""
        return Share(self.again, self.buyers)


@dataclass(frozen=True, slots=True)
class Together:
    """Two goods bought by the same people: of `first` buyers so many bought `second` too."""

    first: str
    second: str
    both: int
    first_buyers: int
    second_buyers: int
    buyers: int  # of anything
    interval: tuple[float, float]  # of the lift

    @property
    def support(self) -> float:
        """The share of all buyers who bought both."""
        return self.both / self.buyers

    @property
    def confidence(self) -> float:
        """The share of the first one's buyers who bought the second."""
        return self.both / self.first_buyers

    @property
    def lift(self) -> float:
        """How many times commoner the pair is than by chance."""
        return self.both * self.buyers / (self.first_buyers * self.second_buyers)


@dataclass(frozen=True, slots=True)
class Goods:
    """The goods with most buyers and the pairs that are no accident."""

    by: By
    lines: tuple[Good, ...]
    pairs: tuple[Together, ...]
    different: int  # goods in all
    buyers: int
    unnamed: int  # purchases without a name of this kind
    looked_at: int  # pairs compared, of goods with enough buyers each
    tested: int  # of them those that enough people bought both of
    days: int
    within: str | None
    counted_at: datetime
    seconds: float


def goods(db: Database, now: datetime, days: int = 0, within: str | None = None, by: By = "product") -> Goods:
    """Return what is bought, in the last `days` (0 = ever) by the people of a segment or by all.

    Call it in a thread. Raises SegmentError for a segment that is not there.
    """
    return db.read_now(_goods, now, days, within, by)


def _goods(session: Session, now: datetime, days: int, within: str | None, by: By) -> Goods:
    begun = time.monotonic()
    which = [*counted(session, within, now), _PURCHASES.c.at <= now]
    which += [_PURCHASES.c.at >= now - timedelta(days=days)] if days else []
    column = _PURCHASES.c.product if by == "product" else _PURCHASES.c.category
    lines, buyers, unnamed = _sold(session, column, which)
    popular = sorted(lines.values(), key=lambda good: (-good.buyers, good.name))
    pairs, looked_at, tested = _pairs(session, column, which, popular[:MOST_PAIRED], buyers)
    return Goods(
        by=by,
        lines=tuple(popular[:LONGEST]),
        pairs=tuple(pairs),
        different=len(lines),
        buyers=buyers,
        unnamed=unnamed,
        looked_at=looked_at,
        tested=tested,
        days=days,
        within=within,
        counted_at=now,
        seconds=time.monotonic() - begun,
    )


def _of_chunk(low: int, high: int, which: list[ColumnElement[bool]], *columns: Any) -> Any:
    joined = PEOPLE.join(_PURCHASES, _PURCHASES.c.subscriber_id == SUBSCRIBERS.c.id)
    own = (_PURCHASES.c.subscriber_id > low, _PURCHASES.c.subscriber_id <= high)
    return select(*columns).select_from(joined).where(*own, *which)


def _sold(
    session: Session, column: ColumnElement[str], which: list[ColumnElement[bool]]
) -> tuple[dict[str, Good], int, int]:
    """Return every good, how many people bought anything, and how many purchases have no name."""
    lines: dict[str, Good] = {}
    buyers = unnamed = 0
    for low, high in chunks(session):
        mine = (
            _of_chunk(low, high, which, column.label("good"),
                      func.count(case((IS_PURCHASE, 1))).label("orders"),
                      func.sum(_PURCHASES.c.base_amount).label("revenue"))
            .group_by(column, _PURCHASES.c.subscriber_id)
            .subquery()
        )  # fmt: skip
        grouped = select(
            mine.c.good,
            func.count(case((mine.c.orders > 0, 1))),
            func.sum(mine.c.orders),
            func.sum(mine.c.revenue),
            func.sum(case((mine.c.orders > 1, 1), else_=0)),
        ).group_by(mine.c.good)
        for name, people, orders, revenue, again in session.execute(grouped):
            if not name:
                unnamed += int(orders)
                continue
            if not orders:  # in that time it was only given back
                continue
            old = lines.get(name, Good(name, 0, 0, 0, 0))
            lines[name] = Good(
                name, old.buyers + people, old.orders + int(orders), old.revenue + int(revenue or 0),
                old.again + int(again),
            )  # fmt: skip
        one = _of_chunk(low, high, [*which, IS_PURCHASE], func.count(_PURCHASES.c.subscriber_id.distinct()))
        buyers += session.scalar(one) or 0
    return lines, buyers, unnamed


def _pairs(
    session: Session,
    column: ColumnElement[str],
    which: list[ColumnElement[bool]],
    popular: list[Good],
    buyers: int,
) -> tuple[list[Together], int, int]:
    """Return the pairs that are no accident, how many there were to look at, and how many enough bought."""
    enough = [good for good in popular if good.buyers >= LEAST_TOGETHER]
    if len(enough) < 2:
        return [], 0, 0
    both = _both(session, column, which, [good.name for good in enough])
    looked_at = len(enough) * (len(enough) - 1) // 2
    bound = normal_bound(ERROR, looked_at)
    found = []
    bought = list(zip(*np.nonzero(np.triu(both, 1) >= LEAST_TOGETHER), strict=True))
    for a, b in bought:
        first, second = enough[int(a)], enough[int(b)]
        if first.buyers > second.buyers:  # what is bought by fewer leads: its buyers take the other too
            first, second = second, first
        count = int(both[a, b])
        low, high = lift_interval(count, first.buyers, second.buyers, buyers, bound)
        if low > 1:
            found.append(
                Together(first.name, second.name, count, first.buyers, second.buyers, buyers, (low, high))
            )
    found.sort(key=lambda pair: (-pair.interval[0], pair.first, pair.second))
    return found[:LONGEST], looked_at, len(bought)


def _both(
    session: Session, column: ColumnElement[str], which: list[ColumnElement[bool]], names: list[str]
) -> Floats:
    """Count the people who bought each two goods, a matrix."""
    place = {name: number for number, name in enumerate(names)}
    total = np.zeros((len(names), len(names)))
    for low, high in chunks(session):
        query = _of_chunk(
            low, high, [*which, IS_PURCHASE, column.in_(names)], _PURCHASES.c.subscriber_id, column
        )
        rows = session.execute(query.distinct()).all()
        if rows:
            who = np.unique(np.array([row[0] for row in rows]), return_inverse=True)[1]
            bought = np.zeros((int(who.max()) + 1, len(names)), np.float32)
            bought[who, [place[row[1]] for row in rows]] = 1
            total += bought.T @ bought
    return total


def lift_interval(both: int, first: int, second: int, everybody: int, bound: float) -> tuple[float, float]:
    """Return where the lift truly lies, `bound` standard errors around its logarithm.

    >>> [round(end, 2) for end in lift_interval(60, 100, 200, 1000, 1.96)]
    [2.56, 3.52]
    """
    lift = both * everybody / (first * second)
    variance = 1 / both - 1 / first - 1 / second + 2 * both / (first * second) - 1 / everybody
    reach = bound * sqrt(max(variance, 0.0))
    return exp(log(lift) - reach), exp(log(lift) + reach)
