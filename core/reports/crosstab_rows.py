"""What a cross-tab reads: people grouped by two facets, a chunk at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, literal, select, union_all

from core.db import table
from core.reports.chunks import chunks, counted, span
from core.sales.models import IS_PURCHASE, Purchase
from core.segments.audience import PEOPLE
from core.segments.fields import PROFILES, SUBSCRIBERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import CTE, ColumnElement, FromClause, Select
    from sqlalchemy.orm import Session

    from core.reports.bins import Words
    from core.reports.facets import Facet

_PURCHASES = table(Purchase)
UNKNOWN, OTHER, TOTAL = "?", "…", "Σ"  # keys that no value has
MOST_DIFFERENT = 50_000  # values kept while counting; beyond, the rarest are forgotten


@dataclass(frozen=True, slots=True)
class Pair:
    """Two facets that people are counted by."""

    rows: Facet
    columns: Facet

    @property
    def is_several(self) -> bool:
        """Whether a person may stand in several cells."""
        return self.rows.is_several or self.columns.is_several


@dataclass(slots=True)
class Measures:
    """Sums over the people of a cell."""

    people: int = 0
    buyers: int = 0
    orders: int = 0
    revenue: int = 0

    def add(self, row: Sequence[Any]) -> None:
        """Take in what one chunk has of the cell."""
        self.people += row[0]
        self.buyers += int(row[1] or 0)
        self.orders += int(row[2] or 0)
        self.revenue += int(row[3] or 0)

    def fields(self) -> dict[str, int]:
        """Return the sums by name."""
        return {
            "people": self.people, "buyers": self.buyers, "orders": self.orders, "revenue": self.revenue,
        }  # fmt: skip


@dataclass(slots=True)
class Counted:
    """All cells with totals; `known`: people of each cell and total among those known in both facets."""

    measures: dict[tuple[str, str], Measures] = field(default_factory=dict)
    known: Counter[tuple[str, str]] = field(default_factory=Counter)
    unrated: int = 0

    def add(self, row: str, column: str, sums: Sequence[Any]) -> None:
        """Take in what one chunk has of a cell or a total."""
        self.measures.setdefault((row, column), Measures()).add(sums)


@dataclass(slots=True)
class Values:
    """How many people have each value of a facet."""

    counts: Counter[str] = field(default_factory=Counter)


def word(session: Session, facet: Facet, value: str) -> Words:
    """Return a value of a facet as people wrote it."""
    said = value
    if facet.texts is not None:
        texts, key = facet.texts
        said = session.scalar(texts.where(key == value).limit(1)) or value
    elif facet.name.startswith("tags ") and ":" in value:
        said = value.partition(":")[2]
    return value, said, said


def _people(*facets: Facet) -> FromClause:
    people: FromClause = PEOPLE
    for facet in dict.fromkeys(facets):
        if facet.join is not None:
            people = people.outerjoin(*facet.join)
    return people


def values(session: Session, facet: Facet, now: datetime, within: str | None) -> Values:
    """Count the people of every value of a facet."""
    who = counted(session, within, now)
    found: Counter[str] = Counter()
    for low, high in chunks(session):
        value = facet.raw.label("value")
        inner = select(value).select_from(_people(facet)).where(*span(low, high), *who).subquery()
        told = select(facet.told(inner.c.value).label("key")).subquery()
        grouped = select(told.c.key, func.count()).where(told.c.key.is_not(None)).group_by(told.c.key)
        for key, count in session.execute(grouped):
            if key != "":
                found[key] += count
        if len(found) > 2 * MOST_DIFFERENT:
            found = Counter(dict(found.most_common(MOST_DIFFERENT)))
    return Values(found)


def cells(
    session: Session,
    pair: Pair,
    shown: tuple[Sequence[str], Sequence[str]],
    now: datetime,
    days: int,
    within: str | None,
) -> Counted:
    """Count the cells and totals of two facets; values not `shown` are folded."""
    who = counted(session, within, now)
    found = Counted(unrated=_unrated(session, now, days))
    since = now - timedelta(days=days) if days else None
    money = partial(_bought, since=since, now=now) if days or found.unrated else None
    for low, high in chunks(session):
        raw = _raw(pair, (*span(low, high), *who), money(low, high) if money else None)
        folded = _folded(raw, pair, shown)
        _take(session, folded, found, several=pair.is_several)
    return found


def _raw(pair: Pair, who: tuple[ColumnElement[bool], ...], bought: Any | None) -> CTE:
    """The values of each person of a chunk and what he bought, each worked out once."""
    people = _people(pair.rows, pair.columns)
    if bought is None:
        orders, revenue = PROFILES.c.purchases_count, PROFILES.c.purchases_total
        count = orders
    else:
        people = people.outerjoin(bought, bought.c.subscriber_id == SUBSCRIBERS.c.id)
        orders, revenue, count = bought.c.orders, bought.c.revenue, bought.c.count
    query = select(
        SUBSCRIBERS.c.id.label("id"),
        pair.rows.raw.label("r"),
        pair.columns.raw.label("c"),
        case((count > 0, 1), else_=0).label("buyer"),
        orders.label("orders"),
        revenue.label("revenue"),
    )
    return query.select_from(people).where(*who).cte("raw").prefix_with("MATERIALIZED")


def _bought(low: int, high: int, *, since: datetime | None, now: datetime) -> Any:
    own = [_PURCHASES.c.subscriber_id > low, _PURCHASES.c.subscriber_id <= high]
    own += [_PURCHASES.c.at >= since, _PURCHASES.c.at <= now] if since is not None else []
    return (
        select(
            _PURCHASES.c.subscriber_id,
            func.count(case((IS_PURCHASE, 1))).label("count"),
            func.count(case((IS_PURCHASE, _PURCHASES.c.base_amount))).label("orders"),
            func.sum(_PURCHASES.c.base_amount).label("revenue"),
        )
        .where(*own)
        .group_by(_PURCHASES.c.subscriber_id)
        .subquery()
    )


def _unrated(session: Session, now: datetime, days: int) -> int:
    """Count the purchases without a rate: they enter no sum."""
    without = and_(_PURCHASES.c.base_amount.is_(None), IS_PURCHASE)
    if not session.scalar(select(exists().where(without))):
        return 0
    within = (_PURCHASES.c.at >= now - timedelta(days=days), _PURCHASES.c.at <= now) if days else ()
    return session.scalar(select(func.count()).select_from(_PURCHASES).where(without, *within)) or 0


def _folded(raw: CTE, pair: Pair, shown: tuple[Sequence[str], Sequence[str]]) -> Select[Any]:
    query = select(
        raw.c.id,
        _key(pair.rows, raw.c.r, shown[0]).label("r"),
        _key(pair.columns, raw.c.c, shown[1]).label("c"),
        raw.c.buyer,
        raw.c.orders,
        raw.c.revenue,
    )
    return query.distinct() if pair.is_several else query


def _key(facet: Facet, column: ColumnElement[Any], shown: Sequence[str]) -> ColumnElement[Any]:
    told = facet.told(column)
    unknown = (told.is_(None) | (told == ""), literal(UNKNOWN))
    if facet.is_ordered:
        return func.coalesce(told, literal(UNKNOWN))
    return case(unknown, (told.in_(shown), told), else_=literal(OTHER))


def _take(session: Session, folded: Select[Any], found: Counted, *, several: bool) -> None:
    people = folded.cte("folded").prefix_with("MATERIALIZED") if several else folded.subquery()
    arms = [_sums(literal(0), people.c.r, people.c.c, people)]
    arms += _totals(people) if several else []  # all in one statement: the people are read once
    for is_total, row, column, both, *sums in session.execute(union_all(*arms)):
        found.add(row, column, sums)
        if both if is_total else UNKNOWN not in (row, column):
            found.known[row, column] += sums[0]
        if not several:
            _add_totals(found, row, column, sums)


def _add_totals(found: Counted, row: str, column: str, sums: Sequence[Any]) -> None:
    for place in ((row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
        found.add(*place, sums)
        if UNKNOWN not in (row, column):
            found.known[place] += sums[0]


def _totals(people: Any) -> list[Select[Any]]:
    """Count each person once in a total, however many of its cells he stands in."""
    known = case(((people.c.r != UNKNOWN) & (people.c.c != UNKNOWN), 1), else_=0)
    total = literal(TOTAL)
    found = []
    for row, column in ((people.c.r, total), (total, people.c.c), (total, total)):
        once = (
            select(
                people.c.id, row.label("r"), column.label("c"), func.max(known).label("known"),
                func.max(people.c.buyer).label("buyer"), func.max(people.c.orders).label("orders"),
                func.max(people.c.revenue).label("revenue"),
            )
            .group_by(people.c.id, *(one for one in (row, column) if one is not total))
            .subquery()
        )  # fmt: skip
        found.append(_sums(literal(1), once.c.r, once.c.c, once, once.c.known))
    return found


def _sums(is_total: Any, row: Any, column: Any, people: Any, *known: Any) -> Select[Any]:
    """Sum the people of each cell; of a total those known in both fields stand apart."""
    return select(
        is_total,
        row,
        column,
        *(known or (literal(0),)),
        func.count(),
        func.sum(people.c.buyer),
        func.sum(people.c.orders),
        func.sum(people.c.revenue),
    ).group_by(row, column, *known)
