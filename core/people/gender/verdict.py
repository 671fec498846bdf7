"""The verdict: all that is known of a name weighed, and nothing claimed where it does not agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from core.people.gender import cyrillic, latin, letters, lists, verbs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.people.gender.lists import Sex
    from core.people.gender.reading import Reading

_CACHED = 20_000
_JOINING = frozenset({"и", "and", "та", "und", "et"})


@dataclass(frozen=True, slots=True)
class Guess:
    """A person's sex, `u` where it stays open; how sure it is, 0 to 1; what it was told by.

    The source is one of: patronymic, surname, first_name, transliteration, address, verbs, none; two that
    agree are joined by a plus.
    """

    gender: Sex
    confidence: float
    source: str


UNKNOWN = Guess("u", 0.0, "none")
# How often each kind of evidence is right where it speaks alone: measured, docs/gender.md.
ALONE = {"patronymic": 0.99, "surname": 0.96, "first_name": 0.98, "transliteration": 0.97, "address": 0.93}
TOGETHER = 0.995  # two kinds that agree


def guess(first_name: str | None, last_name: str | None = "", *, messages: Iterable[str] = ()) -> Guess:
    """Return the sex of a person by his name as he wrote it and by what he wrote of himself.

    >>> guess("Саша", "Петрова").gender, guess("Саша").gender
    ('f', 'u')
    """
    found = _of_name(f"{first_name or ''} {last_name or ''}"[: 2 * letters.LONGEST])
    if found.gender != "u":
        return found
    return _of_messages(messages)


def _of_messages(messages: Iterable[str]) -> Guess:
    women, men = verbs.spoken(messages)
    if (not women and not men) or min(women, men) * 10 > max(women, men):
        return UNKNOWN
    times = max(women, men)
    return Guess("f" if women > men else "m", 0.9 if times == 1 else 0.95 if times == 2 else 0.97, "verbs")


@lru_cache(_CACHED)
def _of_name(name: str) -> Guess:
    words = letters.words(name)
    if letters.are_several(name) or any(word in _JOINING or lists.is_company(word) for word in words[:-1]):
        return UNKNOWN
    if words and lists.is_company(words[-1]):
        return UNKNOWN
    readings = [_read(word) for word in words if len(word) > 1 and not lists.is_plain(word)]
    return _weighed(readings) if _is_personal(readings) else UNKNOWN


def _read(word: str) -> Reading:
    return cyrillic.read(word) if letters.is_cyrillic(word) else latin.read(word)


def _is_personal(readings: Sequence[Reading]) -> bool:
    """Whether the first word may belong to a person's name; «Пекарня Настя» is a shop."""
    if not readings:
        return False
    first = readings[0]
    has_role = any((first.name, first.surname, first.patronymic, first.address))
    return has_role or not first.is_common


def _weighed(readings: Sequence[Reading]) -> Guess:
    """Weigh the kinds of evidence; the kinds must agree, or the surer of them must clearly prevail."""
    name, name_source = _first_name(readings)
    patronymic = _patronymic(readings, name)
    surname, is_firm = _surname(readings, name)
    if surname and name in ("f", "m") and surname != name and not is_firm:
        surname = None  # Иван Калина, Anna Petrov
    address = _only({one.address for one in readings})
    if address and name is None and surname is None and patronymic is None:
        address = None  # «Королева» alone is nobody's name
    evidence = {"patronymic": patronymic, "surname": surname, name_source: name, "address": address}
    sure = {kind: sex for kind, sex in evidence.items() if sex in ("f", "m")}
    votes = Counter(sure.values())
    if len(votes) == 2 and not (
        votes["f"] - votes["m"] in (1, -1) and patronymic == votes.most_common(1)[0][0]
    ):
        return UNKNOWN
    if not sure:
        return UNKNOWN
    winner = votes.most_common(1)[0][0]
    kinds = [kind for kind, sex in sure.items() if sex == winner]
    confidence = ALONE[kinds[0]] if len(kinds) == 1 else TOGETHER
    return Guess(winner, confidence if len(votes) == 1 else 0.95, "+".join(kinds[:2]))


def _first_name(readings: Sequence[Reading]) -> tuple[Sex | None, str]:
    """Return the first name's sex: of several the first counts, if no other denies it."""
    names = [one for one in readings if one.name and not _is_surname_beside(one, readings)]
    if not names:
        return None, "first_name"
    first = names[0]
    if first.is_foreign and first is not readings[0] and not _may_precede(readings[: readings.index(first)]):
        return None, "first_name"  # a western surname: Latoyah James
    source = "transliteration" if first.is_foreign and lists.latin(first.word) is None else "first_name"
    rivals = {one.name for one in names[1:] if not one.is_foreign and not one.surname} - {first.name, "u"}
    return ("u" if rivals else first.name), source


def _is_surname_beside(one: Reading, readings: Sequence[Reading]) -> bool:
    """Whether a word that may be both is the surname: another word is the surer first name."""
    return one.surname in ("f", "m") and any(
        other.name and other.surname not in ("f", "m") for other in readings if other is not one
    )


def _may_precede(readings: Sequence[Reading]) -> bool:
    return all(one.is_gendered_surname or one.address for one in readings)


def _patronymic(readings: Sequence[Reading], name: Sex | None) -> Sex | None:
    """Return a patronymic's sex; -ович is a surname of women too: a man's name or a third word helps."""
    found = _only({one.patronymic for one in readings})
    if found == "m" and (name == "f" or (name != "m" and len(readings) < 3)):
        return None
    return found


def _surname(readings: Sequence[Reading], name: Sex | None) -> tuple[Sex | None, bool]:
    """Return the surname's sex and whether it is proof against a first name of the other sex."""
    found = [one for one in readings if one.is_gendered_surname and not one.patronymic]
    found += [
        one
        for one in readings
        if one.name and one.surname in ("f", "m") and _is_surname_beside(one, readings)
    ]
    if len(readings) == 1:
        found = [one for one in found if one.is_dictionary_surname and not one.is_common]
    else:
        found = [one for one in found if one.is_firm or not one.is_common]
    sex = _only({one.surname for one in found})
    is_firm = any(one.is_firm and not (one.is_foreign and one.surname == "m") for one in found)
    return sex, is_firm


def _only(sexes: set[Sex | None]) -> Sex | None:
    """Return the sex if all that speak name the same one."""
    spoken = sexes - {None, "u"}
    return spoken.pop() if len(spoken) == 1 else None
