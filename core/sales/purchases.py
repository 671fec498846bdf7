"""Purchases: orders taken in by the batch, each once, with the buyers' counters kept in the same write."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.db import Moment, note_touched
from core.people.matching import find, find_or_add
from core.people.models import Attribute, Profile
from core.people.places_kept import IMPORTED, PLACE
from core.people.text import fold
from core.sales.models import IS_PURCHASE, Purchase

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.sales.orders import Order

_LOCK = 7_301_002  # PostgreSQL: two imports at once take turns, chunk by chunk
Stored = tuple[int, "datetime", int, str, str]  # buyer, moment, amount, currency, product


@dataclass(slots=True)
class Taken:
    """What became of a batch: what was added, which contradict what is stored, lines of what was known."""

    added: list[Order] = field(default_factory=list)
    repeated: int = 0
    conflicts: list[Order] = field(default_factory=list)
    new_people: int = 0


def add_orders(
    session: Session, orders: Sequence[Order], base_currency: str, import_id: int | None, now: datetime
) -> Taken:
    """Store the orders that are new; at most a CHUNK at a time; repeating does no harm."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    taken = sorted_out(orders, stored_orders(session, orders))
    if not taken.added:
        return taken
    buyers, taken.new_people = find_or_add(session, [order.identity for order in taken.added], now)
    rows: list[dict[str, Any]] = [
        {
            "order_id": order.order_id,
            "subscriber_id": who,
            "at": order.at,
            "amount": order.amount,
            "currency": order.currency,
            "base_amount": order.amount if order.currency == base_currency else None,
            "product": order.product,
            "category": order.category,
            "import_id": import_id,
        }
        for order, who in zip(taken.added, buyers, strict=True)
    ]
    session.execute(insert(Purchase), rows)
    _count(session, rows, now)
    _place(session, taken.added, buyers, now)
    note_touched(session, buyers, now)
    return taken


@dataclass(frozen=True, slots=True)
class Known:
    """The orders of a batch that are stored already, and who their lines name now."""

    stored: dict[str, Stored]
    buyers: dict[str, int | None]


def stored_orders(session: Session, orders: Sequence[Order]) -> Known:
    """Look the batch up among what is stored."""
    query = select(
        Purchase.order_id,
        Purchase.subscriber_id,
        Purchase.at,
        Purchase.amount,
        Purchase.currency,
        Purchase.product,
    ).where(Purchase.order_id.in_([order.order_id for order in orders]))
    stored: dict[str, Stored] = {
        row[0]: (row[1], row[2], row[3], row[4], row[5]) for row in session.execute(query)
    }
    again = [order for order in orders if order.order_id in stored]
    found = find(session, [order.identity for order in again]) if again else []
    return Known(stored, {order.order_id: who for order, who in zip(again, found, strict=True)})


def sorted_out(orders: Sequence[Order], known: Known) -> Taken:
    """Part new orders from repeated ones and from those that say something else under the same id."""
    taken = Taken()
    fresh: dict[str, Order] = {}
    for order in orders:
        stored, twin = known.stored.get(order.order_id), fresh.get(order.order_id)
        if stored is None and twin is None:
            fresh[order.order_id] = order
        elif _is_same(order, stored, known.buyers.get(order.order_id), twin):
            taken.repeated += order.lines
        else:
            taken.conflicts.append(order)
    taken.added = list(fresh.values())
    return taken


def _is_same(order: Order, stored: Stored | None, buyer: int | None, twin: Order | None) -> bool:
    if twin is not None:
        return twin.fingerprint == order.fingerprint
    if stored is None:
        return False
    says = (order.at, order.amount, order.currency, order.product)
    return says == stored[1:] and buyer in (None, stored[0])


def _count(session: Session, rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """Add to the buyers' counters, one row a buyer, in the order of ids: PostgreSQL's writers never ring.

    A refund is taken off the total and is no purchase.
    """
    totals: Counter[int] = Counter()
    bought: dict[int, list[datetime]] = {}
    for row in rows:
        totals[row["subscriber_id"]] += row["base_amount"] or 0
        moments = bought.setdefault(row["subscriber_id"], [])
        if row["amount"] >= 0:
            moments.append(row["at"])
    first, last = bindparam("first", type_=Moment()), bindparam("last", type_=Moment())
    began, ended = Profile.first_purchase_at, Profile.last_purchase_at
    statement = (
        update(Profile)
        .where(Profile.subscriber_id == bindparam("who"))
        .values(
            purchases_count=Profile.purchases_count + bindparam("count"),
            purchases_total=Profile.purchases_total + bindparam("total"),
            first_purchase_at=case((or_(began.is_(None), began > first), first), else_=began),
            last_purchase_at=case((or_(ended.is_(None), ended < last), last), else_=ended),
            touched_at=bindparam("touched", type_=Moment()),
        )
    )
    changes = [
        {
            "who": who,
            "count": len(moments),
            "total": totals[who],
            "first": min(moments, default=None),
            "last": max(moments, default=None),
            "touched": now,
        }
        for who, moments in sorted(bought.items())
    ]
    session.connection().execute(statement, changes)


def _place(session: Session, orders: Sequence[Order], buyers: Sequence[int], now: datetime) -> None:
    """Keep country and city as attributes, unless the person said them himself."""
    places = {
        (who, key): value for order, who in zip(orders, buyers, strict=True) for key, value in order.places
    }
    if not places:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Attribute)
    statement = statement.on_conflict_do_update(
        index_elements=["subscriber_id", "key"],
        set_={name: statement.excluded[name] for name in ("text", "folded", "origin", "updated_at")},
        where=or_(Attribute.origin == IMPORTED, Attribute.origin == f"{PLACE}{IMPORTED}"),
    )
    rows = [
        {
            "subscriber_id": who,
            "key": key,
            "text": value,
            "folded": fold(value),
            "origin": IMPORTED,
            "updated_at": now,
        }
        for (who, key), value in sorted(places.items())
    ]
    session.execute(statement, rows)


def recount(session: Session, ids: Collection[int], now: datetime) -> None:
    """Set the buyers' counters from the stored purchases, at most a CHUNK of people at once."""
    bought_at = case((IS_PURCHASE, Purchase.at))
    sums = select(
        Purchase.subscriber_id,
        func.count(bought_at),
        func.coalesce(func.sum(Purchase.base_amount), 0),
        func.min(bought_at),
        func.max(bought_at),
    )
    found = session.execute(sums.where(Purchase.subscriber_id.in_(ids)).group_by(Purchase.subscriber_id))
    by_person = {row[0]: (row[1], int(row[2] or 0), row[3], row[4]) for row in found}
    names = ("purchases_count", "purchases_total", "first_purchase_at", "last_purchase_at")
    rows = [
        {"subscriber_id": who, **dict(zip(names, by_person.get(who, (0, 0, None, None)), strict=True))}
        for who in sorted(ids)
    ]
    session.execute(update(Profile), [{**row, "touched_at": now} for row in rows])
    note_touched(session, ids, now)
