"""The normal distribution with its tails: exact where `1 − Φ` itself would round to nothing."""

from __future__ import annotations

from math import erfc, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()
_SMALLEST = 1e-300  # beyond it no double is left: the bound stands for "never"


def upper_tail(z: float) -> float:
    """Return P(Z > z).

    >>> round(upper_tail(1.959963984540054), 6), upper_tail(10) > 0
    (0.025, True)
    """
    return 0.5 * erfc(z / sqrt(2.0))


def upper_point(tail: float) -> float:
    """Return the z that is exceeded with this probability, the inverse of `upper_tail`.

    >>> round(upper_point(0.025), 6), round(upper_tail(upper_point(1e-30)) / 1e-30, 6)
    (1.959964, 1.0)
    """
    return -_NORMAL.inv_cdf(max(tail, _SMALLEST))
