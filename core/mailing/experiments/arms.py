"""Two arms side by side: pooled z, Fisher's exact test, Welch for means."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.normal import upper_tail

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEW_EXPECTED = 5  # a cell expected smaller than this makes the normal approximation untrue (Cochran 1954)


@dataclass(frozen=True, slots=True)
class Arm:
    """A part of the audience: how many people, how many of them reached the goal."""

    people: int
    successes: int

    @property
    def rate(self) -> float:
        """The share who reached the goal, 0 to 1; of nobody it is 0."""
        return self.successes / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Second against first: z (positive when the second does better), p by z, p by the exact test.

    `exact_p` is None where it was not asked for: z alone did not come near a winner.
    """

    z: float
    z_p: float
    exact_p: float | None
    is_small: bool

    @property
    def p(self) -> float:
        """The p-value told: of the exact test where a cell is expected under five, else of pooled z."""
        return self.exact_p if self.is_small and self.exact_p is not None else self.z_p


def check_arm(arm: Arm, name: str) -> None:
    """Raise ExperimentError where the numbers of an arm cannot be."""
    if arm.people < 0 or arm.successes < 0:
        raise ExperimentError(f"{name}: people and successes cannot be negative; count them again.")
    if arm.people == 0:
        raise ExperimentError(f"{name}: nobody was in it; an experiment needs people in every part.")
    if arm.successes > arm.people:
        raise ExperimentError(
            f"{name}: {arm.successes} successes of {arm.people} people; count people, each at most once."
        )


def compare(first: Arm, second: Arm, near: float = 1.0) -> Comparison:
    """Compare two arms, two-sided. The exact test is made where z's p is at most `near` or a cell is small.

    Pooled z: Fleiss, Levin & Paik 2003, §3.1.
    """
    z = pooled_z(first, second)
    z_p = min(1.0, 2 * upper_tail(abs(z)))
    is_small = _smallest_expected(first, second) < FEW_EXPECTED
    exact_p = fisher(first, second) if is_small or z_p <= near else None
    return Comparison(z, z_p, exact_p, is_small)


def pooled_z(first: Arm, second: Arm) -> float:
    """Return z of second − first with the pooled rate; 0 where nobody or everybody reached the goal.

    >>> round(pooled_z(Arm(1000, 52), Arm(1010, 71)), 4)
    1.7112
    """
    pooled = (first.successes + second.successes) / (first.people + second.people)
    spread = pooled * (1 - pooled) * (1 / first.people + 1 / second.people)
    return (second.rate - first.rate) / sqrt(spread) if spread > 0 else 0.0


def _smallest_expected(first: Arm, second: Arm) -> float:
    people = first.people + second.people
    reached = first.successes + second.successes
    return min(first.people, second.people) * min(reached, people - reached) / people


def fisher(first: Arm, second: Arm) -> float:
    """Return Fisher's exact p, two-sided: all tables no more probable than the one seen (Fisher 1935).

    >>> round(fisher(Arm(10, 8), Arm(6, 1)), 6)  # scipy.stats.fisher_exact([[8, 2], [1, 5]])
    0.034965
    """
    import numpy as np

    logs = _table_logs(first, second)
    reached = first.successes + second.successes
    seen = logs[first.successes - max(0, reached - second.people)]
    chances = np.exp(logs)
    return float(min(1.0, chances[logs <= seen + 1e-7].sum() / chances.sum()))


def _table_logs(first: Arm, second: Arm) -> NDArray[Any]:
    """Log-probabilities of all numbers of successes the first arm may have, margins given."""
    import numpy as np
    from scipy.special import gammaln

    reached = first.successes + second.successes
    x = np.arange(max(0, reached - second.people), min(first.people, reached) + 1, dtype=float)

    def choose(n: int, k: NDArray[Any]) -> NDArray[Any]:
        chosen: NDArray[Any] = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
        return chosen

    logs: NDArray[Any] = choose(first.people, x) + choose(second.people, reached - x)
    peak: NDArray[Any] = logs - logs.max()
    return peak


@dataclass(frozen=True, slots=True)
class Sample:
    """Amounts a person, e.g. money: how many people, their mean, their variance (by n − 1)."""

    people: int
    mean: float
    variance: float


def welch(first: Sample, second: Sample, level: float = 0.05) -> tuple[float, tuple[float, float]]:
    """Return p and the interval of second − first for two means with own variances (Welch 1947).

    Raises ExperimentError with fewer than two people in one of them.
    """
    if min(first.people, second.people) < 2:
        raise ExperimentError("A mean needs at least two people in each part.")
    from scipy.special import stdtr, stdtrit

    own = (first.variance / first.people, second.variance / second.people)
    difference, spread = second.mean - first.mean, sqrt(sum(own))
    if spread == 0:
        return (1.0 if difference == 0 else 0.0), (difference, difference)
    freedom = sum(own) ** 2 / sum(
        part**2 / (sample.people - 1) for part, sample in zip(own, (first, second), strict=True)
    )
    reach = float(stdtrit(freedom, 1 - level / 2)) * spread
    return float(2 * stdtr(freedom, -abs(difference) / spread)), (difference - reach, difference + reach)
