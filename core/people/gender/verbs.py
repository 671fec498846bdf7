"""The sex a person speaks of himself in: «я купила», «я готов», in his own messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from core.people.gender.cyrillic import morphology

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 2_000  # letters of one message that are read
MOST_MESSAGES = 50
REACH = 3  # words after «я» among which its verb is looked for
_QUOTED = re.compile(r"«[^»]*»|\"[^\"]*\"|“[^”]*”|„[^“]*“|^\s*>.*$", re.MULTILINE)
_CLAUSE = re.compile(r"[.!?…,;:()\n—–]+|\s-\s")
_WORD = re.compile(r"[а-яё]+")
# Between «я» and its verb may stand these; anything else but an adverb ends the search.
_BETWEEN = frozenset(
    "не бы и же ведь вот тоже только сама сам вас вам все это ее его их вообще было когда у в на".split()  # noqa: SIM905
)


def spoken(messages: Iterable[str]) -> tuple[int, int]:
    """Return how often a person speaks of himself as a woman and as a man."""
    said = [sex for message in list(messages)[:MOST_MESSAGES] for sex in _said(message)]
    return said.count("f"), said.count("m")


def _said(message: str) -> list[Literal["f", "m"]]:
    text = _QUOTED.sub(" . ", message[:LONGEST].casefold().replace("ё", "е"))
    found = (_of_clause(_WORD.findall(clause)) for clause in _CLAUSE.split(text))
    return [sex for sex in found if sex]


def _of_clause(words: list[str]) -> Literal["f", "m"] | None:
    """Return the sex of the first past verb or short adjective that belongs to «я» in a clause."""
    if "я" not in words:
        return None
    place = words.index("я")
    for word in words[place + 1 : place + 2 + REACH]:
        sex = _of_word(word)
        if sex:
            return sex
        if word not in _BETWEEN and not _is_adverb(word):
            return None
    before = words[place - 1] if place else ""
    return _of_word(before) if place == len(words) - 1 else None  # «купила я»


def _of_word(word: str) -> Literal["f", "m"] | None:
    if word in ("сам", "сама", "было"):
        return None
    sexes = {one.tag.gender for one in morphology().parse(word) if one.is_known and _is_of_self(one.tag)}
    return {"femn": "f", "masc": "m"}.get(sexes.pop()) if len(sexes) == 1 else None  # type: ignore[return-value]


def _is_of_self(tag: Any) -> bool:
    """Whether it is a past verb (купила) or a short adjective or participle (рада, приглашена)."""
    return tag.number == "sing" and (
        tag.POS in ("ADJS", "PRTS") or (tag.POS == "VERB" and tag.tense == "past")
    )


def _is_adverb(word: str) -> bool:
    return morphology().parse(word)[0].tag.POS in ("ADVB", "PRCL")
