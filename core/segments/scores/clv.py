"""Customer lifetime value: expected purchases (BG/NBD) times the expected average purchase (Gamma-Gamma).

Where the models cannot be fitted the customer's money so far stands instead, with a sentence why.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.segments.scores import bgnbd, gamma_gamma
from core.segments.scores.orders import DECIMALS, Floats, Ints, Orders, history, purchase_days

ENOUGH_CUSTOMERS = 100
CALIBRATED_SHARE = 0.75  # of the history, when a hold-out period must be cut from it
_WEEK = 7.0
_FAR = 1 << 40  # more than any day's number


@dataclass(frozen=True, slots=True)
class Customers:
    """Customers at the end of a day: their places in Orders.people, repeat days and money."""

    person: Ints
    seen: bgnbd.Repeats
    average: Floats  # of the repeat purchase days, refunds taken off; 0 without any
    overall: Floats  # of all purchase days
    money: Floats  # so far


@dataclass(frozen=True, slots=True)
class Models:
    """The fitted models; where one is missing, `why` says it."""

    purchases: bgnbd.Bgnbd | None
    spend: gamma_gamma.GammaGamma | None
    why: str | None

    def params(self) -> dict[str, float | str | None]:
        """Return r, alpha, a, b, p, q, v and the BG/NBD log-likelihood, per week; None where not fitted."""
        bought, spent = self.purchases, self.spend
        found: dict[str, float | str | None] = {
            name: getattr(bought, name, None) for name in ("r", "alpha", "a", "b")
        }
        found |= {name: getattr(spent, name, None) for name in ("p", "q", "v")}
        found["log_likelihood"] = getattr(bought, "log_likelihood", None)
        return found if self.why is None else {**found, "message": self.why}


@dataclass(frozen=True, slots=True)
class Value:
    """What is to be expected of each customer within the horizon; NaN where the model says nothing.

    `clv` without a model of purchases is the money so far.
    """

    customers: Customers
    models: Models
    expected: Floats
    alive: Floats  # 1 for everybody with one purchase: never a sign of health
    spend: Floats
    clv: Floats


@dataclass(frozen=True, slots=True)
class Holdout:
    """A projection made from the earlier part of the history, against what then happened."""

    weeks: float
    customers: int
    expected: float
    actual: int
    per_customer: float  # mean absolute error of purchases, the model's
    per_customer_plain: float  # and of "everyone goes on at his own pace"
    money_expected: float
    money_actual: float

    @property
    def error(self) -> float | None:
        """Error of the total of purchases, as a share of what happened; None when nothing did."""
        return (self.expected - self.actual) / self.actual if self.actual else None


def customers(orders: Orders, until: int) -> Customers:
    """Return everyone who bought until the end of a day, observed to that day."""
    known = orders.until(until)
    found = history(known)
    person, day = purchase_days(known)
    sums = _day_sums(known, person, day)
    count = np.bincount(person, minlength=len(orders.people))
    opens = np.ones(len(person), bool)
    opens[1:] = np.diff(person) != 0
    total = np.bincount(person, sums, len(orders.people))
    later = np.bincount(person[~opens], sums[~opens], len(orders.people))
    who = np.flatnonzero(found.buyers)
    x = (count[who] - 1).astype(np.float64)
    seen = bgnbd.Repeats(x, (found.last[who] - found.first[who]) / _WEEK, (until - found.first[who]) / _WEEK)
    average = np.maximum(np.divide(later[who], x, out=np.zeros(len(who)), where=x > 0), 0)
    return Customers(who, seen, average, np.maximum(total[who] / count[who], 0), found.money[who])


def _day_sums(orders: Orders, person: Ints, day: Ints) -> Floats:
    """Return the money of each purchase day; a refund belongs to the last one before it, or to the first."""
    keys = person * _FAR + day
    sums = np.zeros(len(keys))
    if not len(keys):  # refunds alone
        return sums
    np.add.at(sums, np.searchsorted(keys, orders.person * _FAR + orders.day), orders.amount)
    place = np.searchsorted(keys, orders.refund_person * _FAR + orders.refund_day, side="right") - 1
    is_early = (place < 0) | (person[place] != orders.refund_person)
    place = np.where(is_early, np.minimum(place + 1, len(keys) - 1), place)
    own = person[place] == orders.refund_person
    np.subtract.at(sums, place[own], orders.refund[own])
    return np.round(sums, DECIMALS)


def fit(found: Customers) -> Models:
    """Fit both models, or say why not."""
    if len(found.person) < ENOUGH_CUSTOMERS:
        return Models(None, None, f"{_few(len(found.person))}: a model needs at least {ENOUGH_CUSTOMERS}")
    if not found.seen.x.any():
        return Models(None, None, "nobody has bought on a second day yet, so there is nothing to expect from")
    purchases = bgnbd.fit(found.seen)
    if purchases.doubt:
        return Models(None, None, purchases.doubt)
    spend = gamma_gamma.fit(found.seen.x, found.average)
    if isinstance(spend, str):
        return Models(purchases, None, f"{spend}; each customer's own average purchase is used")
    return Models(purchases, spend, None)


def _few(count: int) -> str:
    return "there is 1 customer" if count == 1 else f"there are {count} customers"


def project(found: Customers, models: Models, days: float) -> Value:
    """Return what to expect of each customer within so many days after the day he was observed to."""
    nothing = np.full(len(found.person), np.nan)
    if models.purchases is None:
        return Value(found, models, nothing, nothing, found.overall, found.money)
    expected = models.purchases.expected(found.seen, days / _WEEK)
    spend = found.overall if models.spend is None else models.spend.expected(found.seen.x, found.average)
    return Value(found, models, expected, models.purchases.alive(found.seen), spend, expected * spend)


def value(orders: Orders, until: int, days: float) -> Value:
    """Fit to what was known at the end of a day and project so many days on."""
    found = customers(orders, until)
    return project(found, fit(found), days)


def holdout(orders: Orders, until: int, last: int) -> Holdout | None:
    """Project from `until` to `last`, a day the orders reach, and compare.

    None with too few customers or none that came back. A doubtful fit is tested as it is: in a shop nobody
    leaves it still foretells purchases, and a bad error says the rest.
    """
    found = customers(orders, until)
    if len(found.person) < ENOUGH_CUSTOMERS or not found.seen.x.any() or last <= until:
        return None
    models = fit(found)
    if models.purchases is None:
        models = Models(bgnbd.fit(found.seen), None, models.why)
    made = project(found, models, last - until)
    seen, who = made.customers.seen, made.customers.person
    person, day = purchase_days(orders)
    inside = (day > until) & (day <= last)
    actual = np.bincount(person[inside], minlength=len(orders.people))[who]
    money = orders.until(last).money_since(until + 1)[who]
    weeks = (last - until) / _WEEK
    plain = np.divide(seen.x, seen.T, out=np.zeros(len(seen.x)), where=seen.T > 0) * weeks
    return Holdout(
        weeks=weeks,
        customers=len(who),
        expected=float(made.expected.sum()),
        actual=int(actual.sum()),
        per_customer=float(np.abs(made.expected - actual).mean()),
        per_customer_plain=float(np.abs(plain - actual).mean()),
        money_expected=float(made.clv.sum()),
        money_actual=float(money.sum()),
    )


def own_holdout(orders: Orders, until: int) -> Holdout | None:
    """Return the hold-out error within the history known at a day; None when that is too short."""
    known = orders.until(until)
    first, last = known.first_day, known.last_day
    cut = first + round((last - first) * CALIBRATED_SHARE)
    return holdout(known, cut, last) if last - cut >= _WEEK else None


def spend_correlation(found: Customers) -> float | None:
    """Return how number and average of repeat purchases correlate; Gamma-Gamma takes it to be near 0."""
    usable = (found.seen.x > 0) & (found.average > 0)
    x, average = found.seen.x[usable], found.average[usable]
    if len(x) < 2 or x.std() == 0 or average.std() == 0:
        return None
    return float(np.corrcoef(x, average)[0, 1])
