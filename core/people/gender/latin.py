"""Words in Latin letters: names of the West, and Russian ones in any usual transliteration."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from core.people.gender import cyrillic, lists
from core.people.gender.reading import Reading

if TYPE_CHECKING:
    from core.people.gender.lists import Sex

MOST_SPELLINGS = 160
LONGEST = 20
SHORTEST = 3
SHORTEST_RARE = 5  # shorter words meet rare names of the dictionary by chance: moon, art
_CACHED = 50_000
_VOWELS = "aeiouy"
# What a group of letters may stand for, longest groups first; each scheme in use has its spelling here.
_SPELT: dict[str, str] = {
    "shch": "щ", "sch": "щ/ш", "tch": "ч", "tsch": "ч", "yev": "ьев/ев", "iev": "ьев/иев", "sh": "ш",
    "ch": "ч/х", "zh": "ж", "cz": "ц/ч", "shh": "щ", "kh": "х", "ts": "ц/тс", "tz": "ц", "ph": "ф",
    "gh": "г", "dj": "дж", "dzh": "дж", "ck": "к", "ks": "кс", "th": "т/ф", "ou": "у", "yo": "е/йо/ьо",
    "jo": "е/йо", "io": "ио/е", "yu": "ю", "ju": "ю", "iu": "ю/иу", "ya": "я/ья/ия", "ja": "я/ья/ия",
    "ia": "ия/ья/я/иа", "ye": "е/ье", "je": "е/ье", "ie": "ье/ие/е", "iy": "ий", "ij": "ий", "yi": "ый/ий",
    "yy": "ый/ий", "ii": "ий/ии", "iya": "ия", "iia": "ия", "ija": "ия", "aya": "ая/айя", "aia": "ая/айя",
    "aja": "ая", "ay": "ай", "ey": "ей", "oy": "ой", "uy": "уй", "ai": "ай/аи", "ei": "ей/еи",
    "oi": "ой/ои", "aj": "ай", "ej": "ей", "oj": "ой", "ee": "и/ее", "oo": "у/оо", "ae": "аэ/ае",
    "oe": "оэ/ое", "ue": "уэ/уе", "a": "а", "b": "б", "c": "к/ц", "d": "д", "e": "е/э", "f": "ф", "g": "г",
    "h": "х/г", "i": "и", "j": "й/ж/дж", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п",
    "q": "к", "r": "р", "s": "с", "t": "т", "u": "у/ю", "v": "в", "w": "в", "x": "кс/х", "y": "ы/и/й",
    "z": "з", "'": "ь/",
}  # fmt: skip
_GROUPS = {group: tuple(letters.split("/")) for group, letters in _SPELT.items()}
_FINAL = {"y": ("ий", "ы", "и", "й", "ый"), "j": ("й", "ж")}  # what they stand for at the end of a word
_LONGEST_GROUP = max(map(len, _GROUPS))
_SOFTENED = re.compile(r"(?<=[лнтрвсдбпмз])(?=[кбгмшчвднртсжзлцфйояю]|$)")
_DOUBLED = re.compile(r"(.)\1")
_ENDINGS: tuple[tuple[Sex, re.Pattern[str]], ...] = (
    ("f", re.compile(r"[a-z']{2,}(?:(?<!u)[oe]va|s[ck]aya|s[kc]aia|skaja|tskaya|tskaia)")),
    ("m", re.compile(r"[a-z']{2,}(?:[oe]v|[oe]ff|skiy|skij|skii)")),
)
_PATRONYMICS: tuple[tuple[Sex, re.Pattern[str]], ...] = (
    ("f", re.compile(r"[a-z']{3,}(?:ovna|evna|ichna|yevna)")),
    ("m", re.compile(r"[a-z']{3,}(?:ovich|evich|yevich|ovitch|evitch)|(?:il'?|luk|kuzm|fom|nikit)ich")),
)
_WESTERN = frozenset({"casanova", "nova", "terranova", "bossanova", "geneva", "genova", "padova", "lev"})


@lru_cache(_CACHED)
def read(word: str) -> Reading:
    """Return what a folded word in Latin letters can be."""
    address = lists.address(word)
    patronymic = cyrillic.matching(_PATRONYMICS, word)
    surname, is_firm = _surname(word)
    return Reading(
        word,
        name=None if address else first_name(word),
        surname=surname,
        patronymic=patronymic,
        address=address,
        is_firm=is_firm,
        is_foreign=True,
        is_dictionary_surname=is_firm,
    )


def first_name(word: str) -> Sex | None:
    """Return the sex of a first name; a word that is two names of different sex is open (Karen)."""
    western = lists.latin(word)
    if western is None:
        return transliterated(word)
    other = {"f": "m", "m": "f"}.get(western)
    is_plain = SHORTEST <= len(word) <= LONGEST and not word.endswith("y")  # Emily is no Эмилий
    is_denied = is_plain and any(lists.cyrillic(one) == other for one in spellings(word))
    return "u" if other and is_denied else western


def transliterated(word: str) -> Sex | None:
    """Return the sex of the Russian name a word may be the transliteration of."""
    if not SHORTEST <= len(word) <= LONGEST:
        return None
    known = cyrillic.plain_name if len(word) >= SHORTEST_RARE else lists.cyrillic
    sexes = {sex for one in spellings(word) if (sex := known(one))}
    if not sexes:
        return None
    return sexes.pop() if len(sexes) == 1 else "u"


def spellings(word: str) -> list[str]:
    """Return what a word may have been in Cyrillic letters, at most MOST_SPELLINGS, the likeliest first.

    >>> "наталья" in spellings("natalya")
    True
    """
    found = [""]
    place = 0
    while place < len(word):
        group = _group(word, place)
        if not group:
            return []
        size = len(group)
        ends = _FINAL.get(group) if place + size == len(word) else None
        found = [start + end for end in ends or _GROUPS[group] for start in found]
        found = found[:MOST_SPELLINGS]
        place += size
    softened = [_soft(one, at.start()) for one in found for at in _SOFTENED.finditer(one)]
    single = [_DOUBLED.sub(r"\1", one) for one in found]
    return list(dict.fromkeys([*found, *softened, *single]))[:MOST_SPELLINGS]


def _group(word: str, place: int) -> str:
    """Return the longest group at a place; «oy» before a vowel is none: Zoya is З-о-я."""
    for size in range(_LONGEST_GROUP, 0, -1):
        group, after = word[place : place + size], word[place + size : place + size + 1]
        is_glide = size == 2 and group[0] in _VOWELS and group[1] in "yij" and after and after in "aeou"
        if group in _GROUPS and not is_glide:
            return group
    return ""


def _soft(word: str, place: int) -> str:
    return f"{word[:place]}ь{word[place:]}"


def _surname(word: str) -> tuple[Sex | None, bool]:
    """Return a Russian surname's sex and whether its ending is proof; Polish -ski is borne by both."""
    if word in _WESTERN or lists.latin(word) or len(word) > LONGEST:
        return None, False
    strong = next((sex for sex, pattern in _ENDINGS if pattern.fullmatch(word)), None)
    if strong:
        return strong, True
    if not word.endswith(("in", "ina", "yn", "yna", "sky")):
        return None, False
    sexes = {cyrillic.surname_of(one)[0] for one in spellings(word)} - {None}
    only = sexes.pop() if len(sexes) == 1 else None
    return only, False
