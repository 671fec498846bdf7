"""Orders as columns: who bought, on which day, for how much. What every score and cohort is computed from.

Days are calendar days in one time zone, counted from 1970-01-01; money is in whole units of one currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DECIMALS = 4  # sums are kept to these: equal baskets must be equal in whatever order they are added up
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Return the day as a count from 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """Return the calendar day of a count from 1970-01-01."""
    return _EPOCH + timedelta(days=int(number))


@dataclass(frozen=True, slots=True)
class Orders:
    """Purchases and refunds of people; `person` is a position in `people`.

    A sum of zero is a purchase (a gift, a full discount), a negative one is a refund: it takes its sum off
    the person's money and is no purchase. Rows are sorted by person, day and sum, however they were given.
    """

    people: Sequence[Any] | Ints  # their ids, as the file or the base has them
    person: Ints
    day: Ints
    amount: Floats
    refund_person: Ints
    refund_day: Ints
    refund: Floats  # positive

    @property
    def first_day(self) -> int:
        """The day of the first purchase of all."""
        return int(self.day.min())

    @property
    def last_day(self) -> int:
        """The day of the last purchase of all."""
        return int(self.day.max())

    def until(self, day: int) -> Orders:
        """Return what was known at the end of a day; all people stay, some without a purchase yet."""
        bought, returned = self.day <= day, self.refund_day <= day
        return Orders(
            self.people,
            self.person[bought],
            self.day[bought],
            self.amount[bought],
            self.refund_person[returned],
            self.refund_day[returned],
            self.refund[returned],
        )

    def money_since(self, day: int) -> Floats:
        """Return each person's sum from a day on, refunds of that time taken off."""
        bought, returned = self.day >= day, self.refund_day >= day
        count = len(self.people)
        spent = np.bincount(self.person[bought], self.amount[bought], count)
        back = np.bincount(self.refund_person[returned], self.refund[returned], count)
        return np.round(spent - back, DECIMALS)

    def counts_since(self, day: int) -> Ints:
        """Return each person's number of purchases from a day on."""
        return np.bincount(self.person[self.day >= day], minlength=len(self.people))


@dataclass(frozen=True, slots=True)
class History:
    """What is known of each person of Orders.people; the days of those who never bought are meaningless."""

    count: Ints  # purchases
    money: Floats  # refunds taken off
    first: Ints
    last: Ints

    @property
    def buyers(self) -> Flags:
        """Who bought at all."""
        return self.count > 0


def history(orders: Orders) -> History:
    """Return count, money, first and last day of every person."""
    count = np.bincount(orders.person, minlength=len(orders.people))
    first = np.zeros(len(count), np.int64)
    last = np.zeros(len(count), np.int64)
    buyers, starts = np.unique(orders.person, return_index=True)
    ends = np.append(starts[1:], len(orders.person)) - 1
    first[buyers] = orders.day[starts]
    last[buyers] = orders.day[ends[: len(buyers)]]
    return History(count, orders.money_since(-(1 << 40)), first, last)


def purchase_days(orders: Orders) -> tuple[Ints, Ints]:
    """Return person and day of every day somebody bought on, each once: two purchases of a day are one."""
    fresh = np.ones(len(orders.day), bool)
    fresh[1:] = (np.diff(orders.person) != 0) | (np.diff(orders.day) != 0)
    return orders.person[fresh], orders.day[fresh]


def collect(people: Sequence[str], days: Sequence[int], amounts: Sequence[float]) -> Orders:
    """Return Orders of rows, one purchase or refund each."""
    names, person = np.unique(np.asarray(people, dtype=object), return_inverse=True)
    return of_columns(
        tuple(names.tolist()), person, np.asarray(days, np.int64), np.asarray(amounts, np.float64)
    )


def of_columns(people: Sequence[Any] | Ints, person: Ints, day: Ints, amount: Floats) -> Orders:
    """Return Orders of columns; `people` are sorted and `person` points into them."""
    amount = np.round(amount, DECIMALS)
    person = person.astype(np.int64)
    rows = np.lexsort((amount, day, person))
    person, day, amount = person[rows], day[rows], amount[rows]
    back = amount < 0
    return Orders(people, person[~back], day[~back], amount[~back], person[back], day[back], -amount[back])
