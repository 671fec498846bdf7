"""What is wrong with a quiz file, and where: every problem is told at once."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import KvizorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend: `file:line:column: what is wrong; remedy`."""

    file: str
    line: int
    column: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem whose place is still a path in the quiz (`questions`, 2, `text`), not a line."""

    path: Path
    what: str
    remedy: str


class QuizError(KvizorError):
    """A quiz cannot be used; the message lists every problem found, one a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class UnknownQuizError(KvizorError):
    """There is no quiz of this name among the files."""


def nearest(word: str, known: Sequence[str]) -> str:
    """Return a remedy that names the nearest known word, or all of them.

    >>> nearest("chioce", ["choice", "text"])
    'did you mean `choice`?'
    """
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    return "use one of " + ", ".join(f"`{name}`" for name in known) if known else "remove it"
