"""Text as people write it: folded for comparison, cleaned for storing."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def fold(text: str) -> str:
    """Return the key two spellings are compared by: NFKC, casefold, ё→е, single spaces.

    >>> fold("  Ёлки   ПАЛКИ ")
    'елки палки'
    """
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold().replace("ё", "е")
    return _SPACES.sub(" ", plain).strip()


def clean(text: str, limit: int) -> str:
    """Return the text without control and direction-changing characters, cut to `limit` characters."""
    return _UNSEEN.sub("", text).strip()[:limit]


def full_name(first: str, last: str) -> str:
    """Return how a person is called by his name; empty where he gave none.

    >>> full_name("Анна", ""), full_name("", "")
    ('Анна', '')
    """
    return f"{first} {last}".strip()


def folded_name(*parts: str) -> str:
    """Return the words of a name as they are searched, each after a space.

    >>> folded_name("Алёна ", "ПЕТРОВА", "al")
    ' алена петрова al'
    """
    words = " ".join(folded for part in parts if (folded := fold(part)))
    return f" {words}"[:640] if words else ""
