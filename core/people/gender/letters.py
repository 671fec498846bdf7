"""From a name field to plain words: no emoji, no accents, one alphabet a word, one case."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 256  # what is longer than this in a name field is no name
MOST_WORDS = 8
# Capital and small letters that look alike in both alphabets, by their small forms.
_ALIKE = dict(zip("abcehkmoptxyiju", "авсенкмортхуіји", strict=True))
_TO_CYRILLIC = str.maketrans({**_ALIKE, "u": "и", "j": "ј"})
_TO_LATIN = str.maketrans({cyrillic: latin for latin, cyrillic in _ALIKE.items() if latin not in "ju"})
_UNMARKED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a"})
_TURKIC = str.maketrans("әғқңөұүһҳҷ", "агкноууххж")  # letters of Kazakh, Tatar, Tajik by the Russian ones
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_INITIAL = re.compile(r"(?<!\w)[^\W\d_]\.(?!\.)")  # И. О.: no word, and no «и»; an ellipsis is none
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ`´ʹ′", "'"))
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")
_LONG = re.compile(r"(.)\1{2,}")
_TOGETHER = re.compile(r"[^\W\d_]\s*[&+]\s*[^\W\d_]")
_CYRILLIC = re.compile(r"[а-яіїєґўј']+")
_LATIN = re.compile(r"[a-z']+")


def is_cyrillic(word: str) -> bool:
    """Whether a word of `words` is written in Cyrillic letters; otherwise it is in Latin ones."""
    return _CYRILLIC.fullmatch(word) is not None


def are_several(text: str) -> bool:
    """Whether the field names two people: «Маша & Миша», «Аня+Ваня»."""
    return _TOGETHER.search(text[:LONGEST]) is not None


def words(text: str) -> list[str]:
    """Return the words of a name field, folded, in order; a word in a third alphabet is left out.

    >>> words("✨ Але\u0301на  ПЕТРОВА-Водкина ✨")
    ['алена', 'петрова', 'водкина']
    """
    seen = _INITIAL.sub(" ", unicodedata.normalize("NFKC", _UNSEEN.sub("", text[:LONGEST])))
    plain = _unmarked(seen.translate(_APOSTROPHES)).translate(_TURKIC)
    found = [_LONG.sub(r"\1", word) if len(word) > 3 else word for word in _WORD.findall(plain)]
    if len(found) > 2 and all(len(word) == 1 for word in found):  # А н н а
        found = ["".join(found)]
    same = (_one_alphabet(word) for word in found[:MOST_WORDS])
    return [word for word in same if word]


def _unmarked(text: str) -> str:
    """Fold the case and drop accents, stress marks and ё's dots; й and ї keep what makes them letters."""
    letters = []
    for letter in unicodedata.normalize("NFC", text.casefold()):
        if "\u0400" <= letter <= "\u04ff":
            letters.append("е" if letter == "ё" else letter)
        else:
            bare = unicodedata.normalize("NFKD", letter)
            letters.append("".join(part for part in bare if not unicodedata.combining(part)))
    return "".join(letters).translate(_UNMARKED)


def _one_alphabet(word: str) -> str:
    """Return a word in one alphabet, look-alikes of the other exchanged; empty if there is no such."""
    if _CYRILLIC.fullmatch(word) or _LATIN.fullmatch(word):
        return word
    cyrillic, latin = word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    if _CYRILLIC.fullmatch(cyrillic):
        return cyrillic
    return latin if _LATIN.fullmatch(latin) else ""
