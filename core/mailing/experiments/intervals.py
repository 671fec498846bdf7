"""Where a share and a difference of two shares truly lie."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054  # two-sided 95 %


def wilson(count: int, of: int, z: float = Z95) -> tuple[float, float]:
    """Return Wilson's score interval of a share (Wilson 1927; Brown, Cai & DasGupta 2001).

    >>> [round(end, 4) for end in wilson(0, 10)], [round(end, 4) for end in wilson(5, 10)]
    ([0.0, 0.2775], [0.2366, 0.7634])

    Raises ValueError where count is no part of `of`.
    """
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"{count} of {of} is no share")
    rate, extra = count / of, z * z / of
    middle = (rate + extra / 2) / (1 + extra)
    reach = z / (1 + extra) * sqrt(rate * (1 - rate) / of + extra / (4 * of))
    low = 0.0 if count == 0 else middle - reach
    high = 1.0 if count == of else middle + reach
    return low, high


def newcombe(first: tuple[int, int], second: tuple[int, int], z: float = Z95) -> tuple[float, float]:
    """Return the interval of first − second, each (count, of): Newcombe's hybrid score (1998, method 10).

    >>> [round(end, 4) for end in newcombe((56, 70), (48, 80))]
    [0.0524, 0.3339]

    Raises ValueError where one of them is a share of nobody.
    """
    (low, high), (other_low, other_high) = wilson(*first, z), wilson(*second, z)
    rate, other = first[0] / first[1], second[0] / second[1]
    difference = rate - other
    below = sqrt((rate - low) ** 2 + (other_high - other) ** 2)
    above = sqrt((high - rate) ** 2 + (other - other_low) ** 2)
    return difference - below, difference + above
