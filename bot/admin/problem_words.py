"""Problems of a quiz file in the owner's language: sentences of the check, matched and said anew.

The check speaks English, as the command line does; bot/locales/<language>/problems.txt has its sentences line
by line. One that is not there is shown as the check says it, so a new check is understood without one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.texts import LOCALES

if TYPE_CHECKING:
    from core.quizzes.problems import Problem


_GAP = re.compile(r"\{(\d)\}")


class _Sentence(NamedTuple):
    """An English sentence with gaps, and how it is said."""

    pattern: re.Pattern[str]
    said: str


def in_words(problem: Problem, language: str) -> tuple[str, str]:
    """Return what is wrong and the remedy, in a language as far as it is known."""
    return said(problem.what, language), said(problem.remedy, language)


def said(text: str, language: str, file: str = "problems.txt") -> str:
    """Return a sentence in a language, as it is where the file of that language does not have it."""
    for pattern, words in _sentences(language, file):
        match = pattern.fullmatch(text)
        if match is not None:
            return _filled(words, match)
    return text


def _filled(said: str, match: re.Match[str]) -> str:
    return _GAP.sub(lambda gap: match[int(gap[1])], said)


@lru_cache(maxsize=8)
def _sentences(language: str, name: str) -> tuple[_Sentence, ...]:
    """Read the sentences of a language, those with most words of their own first."""
    file = LOCALES / language / name
    if not file.is_file():
        return ()
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    pairs = [line.split(" | ", 1) for line in lines]
    pairs.sort(key=lambda pair: (-len(pair[0].replace("{}", "")), pair[0]))
    return tuple(_Sentence(re.compile(_gaps(english), re.DOTALL), said) for english, said in pairs)


def _gaps(english: str) -> str:
    return "(.+?)".join(re.escape(part) for part in english.split("{}"))
