"""Customer health: a score of 0–100 from the measures that have a value, and four groups.

No model of survival takes part: BG/NBD calls every one-time buyer alive for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import KvizorError
from core.segments.scores.borders import AT_RISK_UNTIL, HIGH_UNTIL
from core.segments.scores.orders import Floats, Ints, Orders, history
from core.segments.scores.rfm import rfm
from core.segments.scores.shipped import WEIGHTS as WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.segments.scores.orders import Flags

GROUPS = ("at_risk", "low_potential", "high_potential", "key")
TESTED_DAYS, TESTED_TIMES = 30, 12


class WeightsError(KvizorError):
    """The weights of health cannot be used."""


@dataclass(frozen=True, slots=True)
class Health:
    """Score (NaN: not enough data), group (position in GROUPS) and the measures it was made of, by person.

    Those without a score are in the group at risk and shown apart there as unverified.
    """

    score: Floats
    group: Ints
    measures: Mapping[str, Floats]
    weights: Mapping[str, float]

    @property
    def unverified(self) -> Flags:
        """Who has no measure with a value."""
        return np.isnan(self.score)

    @property
    def names(self) -> list[str]:
        """The group of each person by name."""
        return [GROUPS[group] for group in self.group.tolist()]


def health(
    measures: Mapping[str, Floats], money: Floats, median: float, weights: Mapping[str, float] = WEIGHTS
) -> Health:
    """Return score and group: measures are 0–100 or NaN (no value), `median` is that of the buyers' money.

    The score is the weighted mean of what has a value, rounded half up. Raises WeightsError.
    """
    _check(measures, weights)
    total, weight = np.zeros(len(money)), np.zeros(len(money))
    for name, values in measures.items():
        has_value = ~np.isnan(values)
        total += np.where(has_value, np.clip(values, 0, 100), 0) * weights[name]
        weight += has_value * weights[name]
    mean = np.divide(total, weight, out=np.full(len(money), np.nan), where=weight > 0)
    score = np.floor(np.round(mean, 6) + 0.5)
    is_rich = money > median
    conditions = [~(score > AT_RISK_UNTIL), ~is_rich, score <= HIGH_UNTIL]
    return Health(score, np.select(conditions, (0, 1, 2), 3), measures, weights)


def _check(measures: Mapping[str, Floats], weights: Mapping[str, float]) -> None:
    unknown = [name for name in measures if name not in weights]
    if unknown:
        raise WeightsError(
            f"There is no weight for {unknown[0]}; weights are given for {', '.join(weights)}."
        )
    if any(weight < 0 for weight in weights.values()) or not any(weights[name] for name in measures):
        raise WeightsError("Weights are zero or more, and at least one of them is more.")


def outcome(orders: Orders, as_of: int) -> Floats:
    """Return the measure of purchases: the mean of three ranks, 0–100, among the buyers; NaN for others.

    Ranks (mid-ranks: equals share one) of recency, number and money, so a one-time buyer has a place like any
    other: by how lately and for how much he bought.
    """
    found = rfm(orders, as_of)
    ranks = (_rank(-found.days), _rank(found.count), _rank(found.money))
    values = np.full(len(orders.people), np.nan)
    values[found.person] = np.mean(ranks, axis=0)
    return values


def consumption(letters: Ints, unanswered: Ints, engaged: Ints, in_bot: Flags) -> Floats:
    """Return the measure of engagement with messages; NaN for who is not in the bot or had no letter yet.

    The mean of two: the share of the letters received that were answered, all of them counted as answered but
    those since the last sign of life; and engagement, which fades, so that old answers do not count for ever.
    """
    return (answered(letters, unanswered, in_bot) + engaged) / 2


def answered(letters: Ints, unanswered: Ints, in_bot: Flags) -> Floats:
    """Return the share of the letters received that were answered, in percent; NaN where there were none."""
    share = np.maximum(letters - unanswered, 0) * 100.0 / np.maximum(letters, 1)
    return np.where(in_bot & (letters > 0), share, np.nan)


def activation(reached: Ints | None, milestones: int, in_bot: Flags) -> Floats:
    """Return the share of the milestones reached, in percent; NaN when none is configured or seen."""
    if reached is None or not milestones:
        return np.full(len(in_bot), np.nan)
    return np.where(in_bot, reached * 100.0 / milestones, np.nan)


def _rank(values: Ints | Floats) -> Floats:
    """Return each value's share of smaller ones plus half of the equal ones, in percent."""
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    until = np.searchsorted(ordered, values, side="right")
    return np.asarray(50.0 * (below + until) / max(len(values), 1), np.float64)


def of_orders(orders: Orders, as_of: int) -> Health:
    """Return the health as far as purchases alone tell it."""
    known = history(orders.until(as_of))
    median = float(np.median(known.money[known.buyers])) if known.buyers.any() else 0.0
    return health({"outcome": outcome(orders, as_of)}, known.money, median)


@dataclass(frozen=True, slots=True)
class Tested:
    """One back-test: the score of a day against who bought in the days after.

    `score_auc` and `rfm_auc` are the chance that someone who bought stood above someone who did not (0.5 is
    a coin), by the score and by the plain sum R + F + M; None when all or none bought.
    """

    day: int
    people: int
    bought: int
    score_auc: float | None
    rfm_auc: float | None
    low_people: int  # in the group at risk
    low_bought: int


def backtest(orders: Orders, as_of: int, days: int = TESTED_DAYS, times: int = TESTED_TIMES) -> list[Tested]:
    """Test the score month by month back from a day; the earliest month has as much history before it."""
    known = orders.until(as_of)
    moments = range(as_of - days, max(as_of - days * (times + 1), known.first_day + days), -days)
    return [_test(known, day, days) for day in moments]


def _test(orders: Orders, day: int, days: int) -> Tested:
    plain = rfm(orders, day)
    then = of_orders(orders, day)
    later = orders.counts_since(day + 1) - orders.counts_since(day + days + 1)
    bought = later[plain.person] > 0
    low = then.group[plain.person] == 0
    return Tested(
        day,
        len(bought),
        int(bought.sum()),
        auc(then.measures["outcome"][plain.person], bought),
        auc(plain.total.astype(np.float64), bought),
        int(low.sum()),
        int((low & bought).sum()),
    )


def mean_auc(found: Iterable[float | None]) -> float | None:
    """Return the mean over those back-tests that have one."""
    known = [each for each in found if each is not None]
    return sum(known) / len(known) if known else None


def auc(score: Floats, happened: Flags) -> float | None:
    """Return the chance that one to whom it happened scored above one to whom it did not; ties count half."""
    yes, no = int(happened.sum()), int((~happened).sum())
    if not yes or not no:
        return None
    ranks = _rank(score)[happened].sum() * len(score) / 100 + yes / 2
    return float((ranks - yes * (yes + 1) / 2) / (yes * no))
