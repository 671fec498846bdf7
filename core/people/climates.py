"""Climates and countries: coarse, from two tables written by hand (countries.csv, climates.csv).

A zone a region of Russia, elsewhere a zone a country, in some split by latitude: enough to write to the cold
and the warm parts of a base differently, not for gardening. Mountains and coasts inside a region are not told
apart.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.people.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNTRIES = Path(__file__).with_name("countries.csv")
SPLITS = Path(__file__).with_name("climates.csv")
CLIMATES = (  # word, ru, en
    ("arctic", "арктический", "arctic"),
    ("subarctic", "субарктический", "subarctic"),
    ("maritime", "морской", "maritime"),
    ("temperate", "умеренный", "temperate"),
    ("continental", "континентальный", "continental"),
    ("sharply_continental", "резко континентальный", "sharply continental"),
    ("monsoon", "муссонный", "monsoon"),
    ("steppe", "степной", "steppe"),
    ("desert", "пустынный", "desert"),
    ("highland", "высокогорный", "highland"),
    ("subtropical", "субтропический", "subtropical"),
    ("tropical", "тропический", "tropical"),
    ("equatorial", "экваториальный", "equatorial"),
)
_ALSO = {  # further spellings of countries, folded
    "рф": "RU", "российская федерация": "RU", "russian federation": "RU", "белоруссия": "BY",
    "республика беларусь": "BY", "кыргызстан": "KG", "молдавия": "MD", "туркменистан": "TM", "англия": "GB",
    "uk": "GB", "great britain": "GB", "эмираты": "AE", "uae": "AE", "usa": "US", "америка": "US",
    "корея": "KR", "south korea": "KR", "korea": "KR", "eire": "IE", "голландия": "NL", "holland": "NL",
    "türkiye": "TR", "czech republic": "CZ", "rsa": "ZA", "кнр": "CN", "республика казахстан": "KZ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Country:
    """A country and the climate most of its people live in."""

    code: str
    ru: str
    en: str
    climate: str


@cache
def countries() -> dict[str, Country]:
    """Return the countries by their two letters of ISO 3166."""
    return {row["code"]: Country(**row) for row in _rows(COUNTRIES)}


@cache
def _named() -> dict[str, str]:
    names = {fold(name): one.code for one in countries().values() for name in (one.code, one.ru, one.en)}
    return {**names, **_ALSO}


def country_code(text: str) -> str | None:
    """Return the code of a country as people or files write it, None for an unknown one.

    >>> country_code("Россия"), country_code("uk"), country_code("Нарния")
    ('RU', 'GB', None)
    """
    return _named().get(fold(text[:64].strip(" .")))


@cache
def _splits() -> dict[tuple[str, str], list[tuple[float, str]]]:
    found: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for row in _rows(SPLITS):
        border = float(row["north_of"] or -90)
        found.setdefault((row["country"], row["region"]), []).append((border, row["climate"]))
    return found


def climate(country: str, region_en: str, latitude: float) -> str:
    """Return the climate of a place, empty for a country nobody has written down.

    >>> climate("RU", "Krasnoyarsk Krai", 69.3), climate("RU", "Krasnoyarsk Krai", 56.0)
    ('arctic', 'sharply_continental')
    """
    for border, word in _splits().get((country, region_en), []) or _splits().get((country, ""), []):
        if latitude >= border:
            return word
    known = countries().get(country)
    return known.climate if known is not None else ""


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))
