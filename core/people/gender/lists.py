"""The shipped lists of names and words, read once, when the first name is asked about."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

Sex = Literal["f", "m", "u"]
FOLDER = Path(__file__).parent


@cache
def _sections(name: str) -> dict[str, frozenset[str]]:
    """Read a file of `[section]` lines, each followed by its words; `#` starts a comment line."""
    found: dict[str, set[str]] = {}
    current: set[str] = set()
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            current.update(line.split())
    return {section: frozenset(words) for section, words in found.items()}


@cache
def _names(name: str) -> dict[str, Sex]:
    sections = _sections(name)
    sexes: tuple[Sex, ...] = ("f", "m", "u")
    return {word: sex for sex in sexes for word in sections[sex]}


def cyrillic(word: str) -> Sex | None:
    """Return the sex of a first name in Cyrillic letters, `u` if both bear it, None if it is not listed."""
    return _names("cyrillic.txt").get(word)


def latin(word: str) -> Sex | None:
    """Return the sex of a first name in Latin letters, `u` if both bear it, None if it is not listed."""
    return _names("latin.txt").get(word)


def is_company(word: str) -> bool:
    """Whether a word says that the account is not one person's."""
    return word in _sections("words.txt")["company"]


def is_plain(word: str) -> bool:
    """Whether a word says nothing of whose name it is."""
    return word in _sections("words.txt")["plain"]


def address(word: str) -> Sex | None:
    """Return the sex a form of address belongs to: тётя, Mrs."""
    sections = _sections("words.txt")
    return "f" if word in sections["she"] else "m" if word in sections["he"] else None
