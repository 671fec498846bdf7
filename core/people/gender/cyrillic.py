"""Words in Cyrillic letters: what the dictionary and the endings say of them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from core.people.gender import lists
from core.people.gender.reading import Reading

if TYPE_CHECKING:
    from core.people.gender.lists import Sex

LEAST_SHARE = 0.5  # a dictionary name that is mostly another word (колин, мир) claims nothing
_CACHED = 50_000
_PROPER = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Poss"})
_TO_RUSSIAN = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г", "ў": "у", "'": "ь", "ј": "й"})
_PATRONYMICS = (
    ("f", re.compile(r".{3,}(?:овна|евна|ична)|кызы|кизи|гызы")),
    ("m", re.compile(r".{3,}(?:ович|евич)|(?:иль|лук|кузьм|фом|никит|савв)ич|оглы|огли|оглу|угли|уулу")),
)
_SURNAMES = (
    ("f", re.compile(r".{2,}(?:ова|ева|ская|цкая)")),
    ("m", re.compile(r".{2,}(?:ов|ев|ский|цкий)")),
)
_WEAK_SURNAMES = (
    ("f", re.compile(r".{2,}(?:ина|ына|ая)")),
    ("m", re.compile(r".{2,}(?:ин|ын|ой|ый|ий)")),
)
# The dictionary errs in rare names of the East (Абида, Армине as men's, Акмаль as a woman's): taken where the
# ending fits the sex.
_ENDINGS: dict[Sex, re.Pattern[str]] = {
    "f": re.compile(r".*(?:[ая]|г[ую]ль|к[ую]ль)"),
    "m": re.compile(r".*(?:[^аяеэиую]|улла)"),
    "u": re.compile(r".*"),
}
_COMPOUND = (
    ("f", re.compile(r".{2,}(?:гуль|гюль|бану|бике|сылу|наз|нигиз|нгиз)|(?:гуль|гюль)[а-я]{3,}")),
    ("f", re.compile(r".{3,}(?:слава|мира|мила)")),
    (
        "m",
        re.compile(
            r".{3,}(?:слав|мир|мысл|полк|бек|уддин|иддин|улла|улло|мурат|берди|берген|мухаммад|мухаммед)"
        ),
    ),
)
# Caressing endings and what stood in their place: Миланочка → Милана, Вадимчик → Вадим.
_CARESSING = (
    (re.compile(r"(.{2,}?)(?:очка|онька|ушка|улька|уся|уля|уша|уня|ка)"), ("а", "")),
    (re.compile(r"(.{2,}?)(?:ечка|енька|юшка|юлька|юся|юля|юша|юня)"), ("я", "а", "ия", "й", "ь")),
    (re.compile(r"(.{3,}?)(?:ьчик|ик|чик)"), ("", "й", "ий", "ь", "а", "я")),
)


@cache
def morphology() -> Any:  # the library is not typed
    """Return the dictionary, loaded at the first call (0.2 s, 15 MB)."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


@lru_cache(_CACHED)
def read(word: str) -> Reading:
    """Return what a folded word in Cyrillic letters can be."""
    address = lists.address(word)
    patronymic = matching(_PATRONYMICS, word)
    surname, is_firm, is_known = surname_of(word)
    return Reading(
        word,
        name=None if address else first_name(word),
        surname=surname,
        patronymic=patronymic,
        address=address,
        is_firm=is_firm,
        is_common=is_common(word),
        is_dictionary_surname=is_known,
    )


def matching(patterns: tuple[tuple[Any, re.Pattern[str]], ...], word: str) -> Sex | None:
    """Return the sex of the first pattern that fits the whole word, None where none does."""
    return next((sex for sex, pattern in patterns if pattern.fullmatch(word)), None)


def first_name(word: str) -> Sex | None:
    """Return the sex of a first name: by the lists, the dictionary, then by how it is built."""
    for spelling in dict.fromkeys((word, word.translate(_TO_RUSSIAN))):
        found = plain_name(spelling)
        if found:
            return found
    return matching(_COMPOUND, word) or _caressing(word) if len(word) > 4 and not _is_a_word(word) else None


def plain_name(word: str) -> Sex | None:
    """Return the sex of a first name that stands in a list or in the dictionary as it is."""
    return lists.cyrillic(word) or _by_dictionary(word)


@lru_cache(_CACHED)
def _by_dictionary(word: str) -> Sex | None:
    if len(word) < 3 or not morphology().word_is_known(word):
        return None
    known = _known(word)
    names = [one for one in known if "Name" in one.tag]
    if sum(one.score for one in names) < LEAST_SHARE * sum(one.score for one in known):
        return None
    firsts = [one for one in names if "nomn" in one.tag and "sing" in one.tag]
    sex = _sex_of(firsts) if firsts else None
    return sex if sex and _ENDINGS[sex].fullmatch(word) else None


def _parses(word: str, grammeme: str) -> list[Any]:
    return [one for one in morphology().parse(word) if one.is_known and grammeme in one.tag]


def _sex_of(parses: list[Any]) -> Sex:
    sexes = {"m" if one.tag.gender == "masc" else "f" if one.tag.gender == "femn" else "u" for one in parses}
    return "f" if sexes == {"f"} else "m" if sexes == {"m"} else "u"


def _caressing(word: str) -> Sex | None:
    for pattern, endings in _CARESSING:
        match = pattern.fullmatch(word)
        bases = [match[1] + ending for ending in endings] if match else []
        found = next((sex for base in bases if (sex := plain_name(base))), None)
        if found:
            return found
    return None


def surname_of(word: str) -> tuple[Sex | None, bool, bool]:
    """Return a surname's sex, whether its ending is proof, and whether the dictionary has it as a surname."""
    spelling = word.translate(_TO_RUSSIAN)
    known = [one for one in _parses(spelling, "Surn") if "nomn" in one.tag and "sing" in one.tag]
    strong = matching(_SURNAMES, spelling)
    if strong and (known or not is_common(spelling)):
        return strong, True, bool(known)
    weak = matching(_WEAK_SURNAMES, spelling)
    if not known:  # Щербина, Година are borne by both: only -ин is told without the dictionary
        return ("m" if weak and spelling.endswith("ин") and not is_common(spelling) else None), False, False
    return (weak if weak and _sex_of(known) == weak else "u"), False, True


def is_common(word: str) -> bool:
    """Whether the dictionary has the word, in its first form, as something else than a name or a place."""
    return any(not _PROPER & one.tag.grammemes and one.tag.case in (None, "nomn") for one in _known(word))


def _known(word: str) -> list[Any]:
    return [one for one in morphology().parse(word) if one.is_known]


def _is_a_word(word: str) -> bool:
    return bool(morphology().word_is_known(word))
