"""Shares of people with their uncertainty: a share of few people is told with the room it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

FEW = 30  # people below which a share says little
_Z = 1.959963984540054  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of` people. With nobody to divide by there is no rate and no interval."""

    count: int
    of: int

    @property
    def rate(self) -> float | None:
        """The share, 0 to 1."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the true share lies, with 95 % confidence."""
        return wilson(self.count, self.of) if self.of else None

    @property
    def is_few(self) -> bool:
        """Whether there are too few people to conclude anything."""
        return self.of < FEW


def wilson(count: int, of: int) -> tuple[float, float]:
    """Return Wilson's score interval of a share at 95 % (Wilson 1927; Brown, Cai & DasGupta 2001).

    >>> [round(end, 4) for end in wilson(0, 10)], [round(end, 4) for end in wilson(5, 10)]
    ([0.0, 0.2775], [0.2366, 0.7634])

    Raises ValueError where count is no part of `of`.
    """
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"{count} of {of} is no share")
    rate, extra = count / of, _Z * _Z / of
    middle = (rate + extra / 2) / (1 + extra)
    reach = _Z / (1 + extra) * sqrt(rate * (1 - rate) / of + extra / (4 * of))
    low = 0.0 if count == 0 else middle - reach
    high = 1.0 if count == of else middle + reach
    return low, high


def newcombe(first: Share, second: Share) -> tuple[float, float]:
    """Return the interval of a difference of two shares at 95 %: Newcombe's hybrid score (1998, method 10).

    >>> [round(end, 4) for end in newcombe(Share(56, 70), Share(48, 80))]
    [0.0524, 0.3339]

    Raises ValueError where one of them is a share of nobody.
    """
    (low, high), (other_low, other_high) = wilson(first.count, first.of), wilson(second.count, second.of)
    rate, other = first.count / first.of, second.count / second.of
    difference = rate - other
    below = sqrt((rate - low) ** 2 + (other_high - other) ** 2)
    above = sqrt((high - rate) ** 2 + (other - other_low) ** 2)
    return difference - below, difference + above
