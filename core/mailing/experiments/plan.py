"""Before launch: how many people a difference needs, or how small a difference these people can show."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.normal import upper_point, upper_tail

ALPHA, POWER = 0.05, 0.8
MOST_ARMS = 6


@dataclass(frozen=True, slots=True)
class Terms:
    """What is known before launch: the usual rate, the number of variants, how sure to be."""

    base: float
    arms: int = 2
    alpha: float = ALPHA
    power: float = POWER

    @property
    def level(self) -> float:
        """The error a single pair may have: with more than two variants alpha is shared by all pairs."""
        return self.alpha / pairs(self.arms)


def pairs(arms: int) -> int:
    """Return how many pairs are compared.

    >>> pairs(2), pairs(3)
    (1, 3)
    """
    return arms * (arms - 1) // 2


def check(terms: Terms) -> None:
    """Raise ExperimentError where the terms cannot be."""
    if not 0 < terms.base < 1:
        raise ExperimentError(f"The base rate is {terms.base:.4g}; give a share between 0 and 1, e.g. 4%.")
    if not 2 <= terms.arms <= MOST_ARMS:
        raise ExperimentError(f"{terms.arms} variants: an experiment compares 2 to {MOST_ARMS}.")
    if not 0 < terms.alpha < 0.5:
        raise ExperimentError(f"alpha is {terms.alpha:g}; it lies between 0 and 0.5, usually 0.05.")
    if not 0.5 <= terms.power < 1:
        raise ExperimentError(f"The power is {terms.power:g}; it lies from 0.5 to below 1, usually 0.8.")


def people_needed(terms: Terms, lift: float) -> int:
    """Return the people in each part that show `lift` (0.01: one percentage point) with the wanted power.

    Fleiss, Levin & Paik 2003, §4.2, without continuity correction; R's power.prop.test is the same.

    >>> people_needed(Terms(0.04), 0.01)
    6745

    Raises ExperimentError for impossible terms.
    """
    check(terms)
    better = terms.base + lift
    if lift == 0 or not 0 < better < 1:
        raise ExperimentError(
            f"From {terms.base:.4g} the rate cannot change by {lift:.4g}: it stays between 0 and 1."
        )
    mean = terms.base + lift / 2
    under_null = upper_point(terms.level / 2) * sqrt(2 * mean * (1 - mean))
    reached = upper_point(1 - terms.power) * sqrt(_spread(terms.base) + _spread(better))
    return max(2, ceil(((under_null + reached) / lift) ** 2))


def _spread(rate: float) -> float:
    return rate * (1 - rate)


def power(terms: Terms, lift: float, people: int) -> float:
    """Return the chance that `people` in each part show this lift.

    >>> round(power(Terms(0.5), 0.25, 50), 3)
    0.74
    """
    mean = terms.base + lift / 2
    bar = upper_point(terms.level / 2) * sqrt(2 * _spread(mean)) - abs(lift) * sqrt(people)
    return upper_tail(bar / sqrt(_spread(terms.base) + _spread(terms.base + lift)))


def detectable(terms: Terms, people: int) -> float | None:
    """Return the smallest rise over the base that `people` in each part show; None where none can be.

    >>> round(detectable(Terms(0.04), 6745), 4), round(detectable(Terms(0.04), 3), 4)
    (0.01, 0.9281)

    Raises ExperimentError for impossible terms.
    """
    check(terms)
    if people < 2:
        raise ExperimentError(f"{people} people in each part are too few; every part needs at least 2.")
    low, high = 0.0, (1 - terms.base) * (1 - 1e-9)
    if power(terms, high, people) < terms.power:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if power(terms, middle, people) < terms.power else (low, middle)
    return high


@dataclass(frozen=True, slots=True)
class Plan:
    """What is told before launch. `lift` is the rise asked for, or the smallest these people show.

    `needed` is the number in each part that shows `lift`; `chance` that the given people show it.
    """

    terms: Terms
    each: int
    needed: int
    lift: float | None
    chance: float | None = None
    is_given: bool = True  # the rise was asked for; else it is the smallest these people show

    @property
    def is_enough(self) -> bool:
        """Whether the people there are show this rise with the wanted power."""
        return self.lift is not None and self.each >= self.needed


def plan(terms: Terms, lift: float | None, people: int | None) -> Plan:
    """Plan for a rise, for a number of people in all, or for both.

    Raises ExperimentError for impossible terms, or where neither is given.
    """
    check(terms)
    if people is None:
        if lift is None:
            raise ExperimentError("A plan needs a rise to be seen or the number of people.")
        needed = people_needed(terms, lift)
        return Plan(terms, needed, needed, lift)
    each = people // terms.arms
    if lift is None:
        shown = detectable(terms, each)
        return Plan(terms, each, each, shown, is_given=False)
    needed = people_needed(terms, lift)
    if each < 2:
        raise ExperimentError(f"{people} people for {terms.arms} variants are too few; gather more.")
    return Plan(terms, each, needed, lift, power(terms, lift, each))
