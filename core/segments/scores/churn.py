"""Churn signal: a customer's silence against his own usual interval, and when he is likely to buy next.

The own interval is the median of the days between his purchase days: the median, because one long pause must
not stretch it. It takes three purchase days: from one single gap nobody's rhythm can be told. Comparing
silence with the customer's own latency, not with the shop's, is the "latency" trip-wire of Jim Novo,
Drilling Down (2004); that twice the interval is worth a look and three times an alarm is our choice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.segments.scores.orders import Ints, Orders, purchase_days

STATES = ("calm", "stretched", "overdue")
STRETCHED_FROM, OVERDUE_FROM = 2, 3  # silence longer than so many intervals; exactly so many is calmer
ENOUGH_DAYS = 3  # purchase days
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Churn:
    """By person of Orders.people; UNKNOWN where there were fewer than three purchase days."""

    state: Ints  # position in STATES
    half_days: Ints  # twice the interval: the median of whole days may end in a half
    next_day: Ints  # the last purchase day and one interval, a half rounded up

    @property
    def known(self) -> Ints:
        """Who has a rhythm."""
        return np.flatnonzero(self.state != UNKNOWN)


def churn(orders: Orders, as_of: int) -> Churn:
    """Return everyone's rhythm as it stands at the end of a day."""
    person, day = purchase_days(orders.until(as_of))
    who, half_days = _medians(person, day)
    last = np.zeros(len(orders.people), np.int64)
    last[person] = day  # days ascend within a person: the last one stays
    silence = 2 * (as_of - last[who])
    found = (silence > STRETCHED_FROM * half_days).astype(np.int64) + (silence > OVERDUE_FROM * half_days)
    empty = [np.full(len(orders.people), UNKNOWN, np.int64) for _ in range(3)]
    for column, values in zip(empty, (found, half_days, last[who] + (half_days + 1) // 2), strict=True):
        column[who] = values
    return Churn(*empty)


def _medians(person: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Return who has enough purchase days, and twice the median of the gaps between them."""
    same = np.diff(person) == 0
    owner, gap = person[1:][same], np.diff(day)[same]
    order = np.lexsort((gap, owner))
    owner, gap = owner[order], gap[order]
    who, start, count = np.unique(owner, return_index=True, return_counts=True)
    enough = count >= ENOUGH_DAYS - 1
    who, start, count = who[enough], start[enough], count[enough]
    return who, gap[start + (count - 1) // 2] + gap[start + count // 2]
