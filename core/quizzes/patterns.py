"""Regular expressions of a marketer, admitted only if matching them cannot take long.

Python's engine backtracks: `(a+)+b` needs 2^n steps on n letters. So a pattern is read into its parts and
the number of ways it can split a text of 100 characters is bounded before it is ever run.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import Any

INPUT_LIMIT = 100
WAYS_LIMIT = 1_000_000


def pattern_fault(pattern: str) -> str | None:
    """Return why a pattern is not admitted, with the remedy, or None.

    >>> pattern_fault(r"\\d{10}|\\d{12}")
    >>> pattern_fault(r"(a+)+b").startswith("it may take")
    True
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # `[[a]` is a question of taste to Python; here it is a mistake
            re.compile(pattern)
            tree = re._parser.parse(pattern)
    except (re.error, Warning, OverflowError, RecursionError) as error:
        return f"it is not a regular expression ({error}); check the brackets and backslashes"
    try:
        ways = _ways(tree)
    except KeyError as part:
        return f"{str(part.args[0]).lower()} is not allowed; use only characters, sets, groups and repeats"
    if ways > WAYS_LIMIT:
        return "it may take too long on a hostile text; use at most three `*` or `+`, none inside another"
    return None


def fits(pattern: str, text: str) -> bool:
    """Say whether the whole text has the form of an admitted pattern; longer texts never do."""
    return len(text) <= INPUT_LIMIT and _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _ways(tree: Any) -> float:
    """Bound the ways to match a sequence: the product of its parts' ways."""
    ways = 1.0
    for kind, argument in tree:
        ways *= _part_ways(str(kind), argument)
    return ways


def _part_ways(kind: str, argument: Any) -> float:
    if kind in ("LITERAL", "NOT_LITERAL", "ANY", "IN", "AT", "CATEGORY"):
        return 1.0
    if kind == "SUBPATTERN":
        return _ways(argument[-1])
    if kind == "BRANCH":
        return sum(_ways(branch) for branch in argument[1])
    if kind in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, body = argument
        most = min(int(most), INPUT_LIMIT)
        inside = min(_ways(body), 10.0 * WAYS_LIMIT)
        return float(most - min(least, most) + 1) * inside ** min(most, 30)
    raise KeyError(kind)
