"""Which segments bring the money: people, buyers, orders, revenue and spend a head of every segment, ranked.

Segments overlap, so shares of the revenue do not add up to 100 %. Only buyers are read: a base of prospects
costs nothing. A segment whose own rule asks what people bought says nothing new by its money, and is marked.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from core.db import table
from core.reports.chunks import chunks
from core.reports.kin import asked, is_about_purchases
from core.reports.rates import Share
from core.sales.models import IS_PURCHASE, Purchase
from core.segments.models import Membership, Segment
from core.segments.rules import asked_for

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database

_PURCHASES, _STAYS = table(Purchase), table(Membership)


@dataclass(frozen=True, slots=True)
class SegmentSpend:
    """The money of one segment; sums in minor units of the base currency."""

    number: int
    name: str
    titles: tuple[str, str]
    people: int
    buyers: int
    orders: int
    revenue: int
    is_about_purchases: bool = False  # its rule, or one it refers to, decides by what people bought

    @property
    def a_head(self) -> float | None:
        """Revenue divided by all people of the segment."""
        return self.revenue / self.people if self.people else None

    @property
    def average(self) -> float | None:
        """The average order."""
        return self.revenue / self.orders if self.orders else None

    @property
    def buyers_share(self) -> Share:
        """Those who bought within the window, of all people."""
        return Share(self.buyers, self.people)


@dataclass(frozen=True, slots=True)
class Spend:
    """All segments with anybody in them, the richest first, and the whole base."""

    lines: tuple[SegmentSpend, ...]
    everybody: SegmentSpend
    days: int
    counted_at: datetime
    seconds: float
    unrated: int


def spend(db: Database, now: datetime, days: int = 0) -> Spend:
    """Return the money of each segment from purchases of the last `days` (0 = ever). Call it in a thread."""
    return db.read_now(_spend, now, days)


def _spend(session: Session, now: datetime, days: int) -> Spend:
    begun = time.monotonic()
    sums: dict[int, list[int]] = {}
    whole = (0, 0, 0)
    unrated = 0
    since = now - timedelta(days=days) if days else None
    for low, high in chunks(session):
        bought = _bought(low, high, since, now)
        for number, *row in session.execute(_by_segment(bought)):
            kept = sums.setdefault(number, [0, 0, 0])
            kept[:] = [one + int(other or 0) for one, other in zip(kept, row, strict=True)]
        buyers, orders, revenue, purchases = session.execute(_all_of(bought)).one()
        whole = (whole[0] + buyers, whole[1] + int(orders or 0), whole[2] + int(revenue or 0))
        unrated += int(purchases or 0) - int(orders or 0)
    about = _about_purchases(session)
    lines = [_line(row, sums, about) for row in session.execute(_SEGMENTS)]
    people = _people(session)
    return Spend(
        lines=tuple(sorted((one for one in lines if one.people), key=_rank)),
        everybody=SegmentSpend(0, "", ("Вся база", "Everybody"), people, *whole),
        days=days,
        counted_at=now,
        seconds=time.monotonic() - begun,
        unrated=unrated,
    )


_SEGMENTS = (
    select(Segment.id, Segment.name, Segment.title_ru, Segment.title_en, Segment.size)
    .where(Segment.enabled.is_(True))
    .order_by(Segment.id)
)


def _rank(line: SegmentSpend) -> tuple[int, int, str]:
    return -line.revenue, -line.people, line.name


def _line(row: Any, sums: dict[int, list[int]], about: frozenset[str]) -> SegmentSpend:
    number, name, ru, en, size = row
    buyers, orders, revenue = sums.get(number, (0, 0, 0))
    return SegmentSpend(number, name, (ru, en), size, buyers, orders, revenue, name in about)


def _about_purchases(session: Session) -> frozenset[str]:
    """Return the segments that are about purchases by their own rule, and those that refer to one of them."""
    rules = {row.name: row.rule for row in session.execute(select(Segment.name, Segment.rule))}
    about = {name for name, rule in rules.items() if is_about_purchases(asked(rule))}
    referring = {name: asked_for(rule) for name, rule in rules.items()}
    while more := {name for name, named in referring.items() if name not in about and named & about}:
        about |= more
    return frozenset(about)


def _bought(low: int, high: int, since: datetime | None, now: datetime) -> Any:
    own = [_PURCHASES.c.subscriber_id > low, _PURCHASES.c.subscriber_id <= high, _PURCHASES.c.at <= now]
    own += [_PURCHASES.c.at >= since] if since is not None else []
    return (
        select(
            _PURCHASES.c.subscriber_id,
            func.count(case((IS_PURCHASE, 1))).label("purchases"),
            func.count(case((IS_PURCHASE, _PURCHASES.c.base_amount))).label("orders"),
            func.sum(_PURCHASES.c.base_amount).label("revenue"),
        )
        .where(*own)
        .group_by(_PURCHASES.c.subscriber_id)
        .cte("bought")
        .prefix_with("MATERIALIZED")
    )


def _buyers(bought: Any) -> Any:
    """SQL: how many bought; who only gave something back did not."""
    return func.count(case((bought.c.purchases > 0, 1)))


def _by_segment(bought: Any) -> Any:
    open_ = (_STAYS.c.subscriber_id == bought.c.subscriber_id) & _STAYS.c.left_at.is_(None)
    return (
        select(_STAYS.c.segment_id, _buyers(bought), func.sum(bought.c.orders), func.sum(bought.c.revenue))
        .select_from(bought.join(_STAYS, open_))
        .group_by(_STAYS.c.segment_id)
    )


def _all_of(bought: Any) -> Any:
    return select(
        _buyers(bought), func.sum(bought.c.orders), func.sum(bought.c.revenue), func.sum(bought.c.purchases)
    ).select_from(bought)


def _people(session: Session) -> int:
    from core.reports.overview import base_totals

    return base_totals(session).base
