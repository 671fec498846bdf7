"""The split: who gets what, decided by a salted hash of the person's number, the same in Python and in SQL.

The hash is a cubic polynomial modulo the Mersenne prime 2³¹ − 1 whose four coefficients come from SHA-256 of
the salt: a four-wise independent family (Wegman & Carter 1981), so counts of any part vary as if drawn by
lot, and two salts split independently. Only +, * and % on numbers under 2⁶², so that SQLite, PostgreSQL and
Python agree on every person, and a million of them never pass through Python.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from core.mailing.experiments.errors import ExperimentError

if TYPE_CHECKING:
    from collections.abc import Sequence

PRIME = 2**31 - 1


def coefficients(salt: str) -> tuple[int, int, int, int]:
    """Return the polynomial of a salt, the highest power first and never 0."""
    digest = sha256(salt.encode()).digest()
    numbers = [int.from_bytes(digest[8 * i : 8 * i + 8], "big") for i in range(4)]
    return 1 + numbers[0] % (PRIME - 1), numbers[1] % PRIME, numbers[2] % PRIME, numbers[3] % PRIME


def place(salt: str, number: Any) -> Any:
    """Return where a person stands, 0 … 2³¹ − 2: an int for an int, an SQL expression for a column.

    >>> [place("spring", number) for number in (1, 2, 3)]
    [1149290150, 628008698, 1059522914]
    """
    cubic, square, linear, rest = coefficients(salt)
    x = number % PRIME
    return (((cubic * x + square) % PRIME * x + linear) % PRIME * x + rest) % PRIME


def edges(shares: Sequence[float]) -> list[int]:
    """Return the upper end of each part: part i holds the places from edges[i − 1] up to below edges[i].

    >>> edges([1, 1])
    [1073741823, 2147483647]

    Raises ExperimentError where a share is not positive.
    """
    if not shares or min(shares) <= 0:
        raise ExperimentError("The split: every part's share must be above 0, e.g. 50,50.")
    whole = sum(shares)
    ends = [int(PRIME * upto / whole) for upto in accumulate(shares)]
    return [*ends[:-1], PRIME]


def arm_of(salt: str, number: int, shares: Sequence[float]) -> int:
    """Return the part of a person, from 0."""
    here = place(salt, number)
    return next(part for part, end in enumerate(edges(shares)) if here < end)
