"""Lifecycle: every person is in exactly one state, the first that holds; thresholds from the base's gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import KvizorError
from core.segments.scores.borders import VIP_DAYS, VIP_PURCHASES, VIP_SHARE
from core.segments.scores.orders import Floats, Ints, Orders, history, purchase_days
from core.segments.scores.shipped import NEW_DAYS as NEW_DAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATES = ("prospect", "lapsed", "at_risk", "vip", "new", "active")  # in the order they are asked
ENOUGH_GAPS = 100
FIXED_AT_RISK, FIXED_LAPSED = 60.0, 90.0  # days, while the base has too few gaps to tell its own
_HUNDRED, _AT_RISK_SCORE, _LAPSED_SCORE = 100.0, 20.0, 10.0


class ThresholdsError(KvizorError):
    """Thresholds given by hand do not increase."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where one state ends and the next begins; exactly on a threshold belongs to the calmer state."""

    at_risk_days: float  # silent longer: at risk
    lapsed_days: float  # silent longer: lapsed
    vip_money: float  # a larger sum over VIP_DAYS: VIP; infinite when nobody bought in that time
    new_days: int
    gaps: int  # how many gaps between purchase days the base has
    is_from_gaps: bool


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """State (position in STATES) and score of every person of Orders.people.

    Score: 100 = bought today, 20 = on the threshold of at risk, 10 = on that of lapsed, towards 0 with longer
    silence; NaN for a prospect.
    """

    state: Ints
    score: Floats
    thresholds: Thresholds

    @property
    def names(self) -> list[str]:
        """The state of each person by name."""
        return [STATES[state] for state in self.state.tolist()]


def gaps(orders: Orders) -> Ints:
    """Return the days between one purchase day of a person and his next, of all people together."""
    person, day = purchase_days(orders)
    steps: Ints = np.diff(day)[np.diff(person) == 0]
    return steps


def thresholds(
    orders: Orders,
    as_of: int,
    *,
    at_risk_days: float | None = None,
    lapsed_days: float | None = None,
    new_days: int = NEW_DAYS,
) -> Thresholds:
    """Return the thresholds at a day; those given by hand hold, the others make way to keep the order.

    Raises ThresholdsError when those given do not increase or are not positive.
    """
    _check(at_risk_days, lapsed_days, new_days)
    known = orders.until(as_of)
    steps = gaps(known)
    is_from_gaps = len(steps) >= ENOUGH_GAPS
    low, high = (float(edge) for edge in np.quantile(steps, (0.8, 0.9))) if is_from_gaps else (0.0, 0.0)
    if not is_from_gaps:
        low, high = FIXED_AT_RISK, FIXED_LAPSED
    if at_risk_days is None:
        at_risk_days = low if lapsed_days is None or low < lapsed_days else lapsed_days / 2
    if lapsed_days is None:
        lapsed_days = high if high > at_risk_days else at_risk_days + 1
    money = known.money_since(as_of - VIP_DAYS)[known.counts_since(as_of - VIP_DAYS) > 0]
    vip = float(np.quantile(money, 1 - VIP_SHARE)) if len(money) else float("inf")
    return Thresholds(at_risk_days, lapsed_days, vip, new_days, len(steps), is_from_gaps)


def _check(at_risk_days: float | None, lapsed_days: float | None, new_days: int) -> None:
    given = [days for days in (at_risk_days, lapsed_days) if days is not None]
    if new_days < 0 or any(days <= 0 for days in given):
        raise ThresholdsError("A threshold is a number of days above zero.")
    if len(given) == 2 and given[0] >= given[1]:
        raise ThresholdsError(
            f"At risk begins after {given[0]:g} days of silence, lapsed after {given[1]:g}: "
            "lapsed must be the later one."
        )


def lifecycle(orders: Orders, as_of: int, edges: Thresholds | None = None) -> Lifecycle:
    """Return the state of everyone at the end of a day."""
    edges = edges or thresholds(orders, as_of)
    known = orders.until(as_of)
    found = history(known)
    silent = (as_of - found.last).astype(np.float64)
    year = as_of - VIP_DAYS
    is_vip = (known.money_since(year) > edges.vip_money) & (known.counts_since(year) >= VIP_PURCHASES)
    conditions: list[NDArray[np.bool_]] = [
        ~found.buyers,
        silent > edges.lapsed_days,
        silent > edges.at_risk_days,
        is_vip,
        as_of - found.first <= edges.new_days,
    ]
    state = np.select(conditions, range(len(conditions)), len(conditions))
    return Lifecycle(state, np.where(found.buyers, _score(silent, edges), np.nan), edges)


def _score(silent: Floats, edges: Thresholds) -> Floats:
    days = (0.0, edges.at_risk_days, edges.lapsed_days)
    inside = np.interp(silent, days, (_HUNDRED, _AT_RISK_SCORE, _LAPSED_SCORE))
    beyond = _LAPSED_SCORE * edges.lapsed_days / np.maximum(silent, edges.lapsed_days)
    return np.where(silent > edges.lapsed_days, beyond, inside)


@dataclass(frozen=True, slots=True)
class Later:
    """What people of one state did in the days after: how many they were, and the share who bought."""

    people: int
    bought: int

    @property
    def share(self) -> float | None:
        """Share who bought; None of nobody."""
        return self.bought / self.people if self.people else None


def later_activity(orders: Orders, as_of: int, days: int) -> dict[str, Later]:
    """Return, for the states `days` before `as_of`, who bought since: it must rank VIP > active > at risk."""
    then = as_of - days
    state = lifecycle(orders, then).state
    bought = orders.until(as_of).counts_since(then + 1) > 0
    return {
        name: Later(int((state == position).sum()), int((bought & (state == position)).sum()))
        for position, name in enumerate(STATES)
    }
