"""What an owner may get wrong in a rule, told with its place and the nearest known word."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from core.errors import KvizorError

if TYPE_CHECKING:
    from collections.abc import Iterable


class RuleError(KvizorError):
    """A rule cannot be read or used; the message names line, column and the remedy."""

    def __init__(self, problem: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"line {line}, column {column}: {problem}")
        self.problem = problem
        self.line = line
        self.column = column


class SegmentError(KvizorError):
    """A segment cannot be defined, switched or found under this name."""


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return ", did you mean `…`?" for the nearest known word, or nothing when none is near.

    >>> suggestion("purchase", ["purchases", "status"])
    ', did you mean `purchases`?'
    >>> suggestion("weather", ["purchases", "status"])
    ''
    """
    near = get_close_matches(word[:64].casefold(), sorted(known), n=1, cutoff=0.6)
    return f", did you mean `{near[0]}`?" if near else ""
