"""Lines of one order number joined to what was bought and given back, as `kvizor score` joins them.

The head of an order is its earliest purchase. Lines of the same customer and moment are parts of it and are
added up; a sum below zero of that customer at another moment is a refund by itself; anything else contradicts
the order. An order whose lines are all there equally often was given that many times and counts once.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import groupby
from math import gcd
from typing import TYPE_CHECKING

from core.sales.money import LARGEST
from core.sales.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.sales.csv import Refused
    from core.sales.orders import Order

Run = list["Order"]  # lines that say the same
Rank = tuple[bool, int, str, int, str]


def rank(line: Order) -> Rank:
    """Return by what the lines of an order are sorted: purchases before refunds, then the earliest."""
    return (line.amount < 0, int(line.at.timestamp()), line.customer, line.amount, line.goods)


def join(lines: Iterable[Order]) -> Iterator[Order | Refused]:
    """Give what the lines of one order number come to; they are sorted by `rank`."""
    parts: list[Run] = []
    for _, same in groupby(lines, rank):
        run = list(same)
        head = parts[0][0] if parts else run[0]
        if _place(run[0]) == _place(head):
            parts.append(run)
        elif run[0].amount < 0 and _place(run[0])[1:] == _place(head)[1:]:
            yield from _refunds(run, 1)
        else:
            yield from (line.refused(Reason.CONFLICT) for line in run)
    given = gcd(*map(len, parts))
    if parts and parts[0][0].amount < 0:
        for run in parts:
            yield from _refunds(run, len(run) // given)
    elif parts:
        yield from _whole(parts, given)


def _place(line: Order) -> tuple[int, str, str]:
    return int(line.at.timestamp()), line.customer, line.currency


def _refunds(run: Run, times: int) -> Iterator[Order]:
    """Give a refund so many times. Its number is made of what it says: however else its order is told, in
    another file too, it stays the same refund."""
    for place in range(times):
        one = run[place]
        says = f"{one.order_id}|{one.at.isoformat()}|{one.amount}|{one.goods}|{place}"
        number = f"refund:{hashlib.sha256(says.encode()).hexdigest()[:32]}"
        yield replace(one, order_id=number, repeats=len(run) - times if place == 0 else 0)


def _whole(parts: list[Run], given: int) -> Iterator[Order | Refused]:
    """Give the parts as one purchase; what it was of is said by its largest part."""
    kept = [line for run in parts for line in run[: len(run) // given]]
    largest = max(kept, key=lambda line: line.amount)
    whole = replace(
        kept[0],
        amount=sum(line.amount for line in kept),
        product=largest.product,
        category=largest.category,
        places=tuple(dict(pair for line in kept for pair in line.places).items()),
        parts=tuple(line.row for line in kept[1:]),
        repeats=sum(map(len, parts)) - len(kept),
    )
    if abs(whole.amount) > LARGEST:
        yield from (line.refused(Reason.TOO_LARGE) for run in parts for line in run)
    elif whole.amount < 0:
        yield from (replace(one, repeats=whole.repeats) for one in _refunds([whole], 1))
    else:
        yield whole
