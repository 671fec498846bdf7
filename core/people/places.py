"""Places: a city as people write it, and the nearest one to a location; places_kept writes them down.

The cities are shipped in cities.csv: places of GeoNames (https://www.geonames.org, CC BY 4.0): every Russian
town of 15,000 people, larger ones around, capitals and large cities of the world.
"""

from __future__ import annotations

import csv
import difflib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from core.people import climates
from core.people.gender import letters
from core.people.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = Path(__file__).with_name("cities.csv")
EARTH_KM = 6371.0
LIVES_KM = 60.0  # a location so near to a city belongs to it
FARTHEST_KM = 300.0  # farther from every known city a location tells not even the clock
NEAR_KM = 30.0  # so near to a large city one lives in it, whatever small town is nearer
LARGE = 500_000
CLEARLY = 4  # of two cities with one name the larger is meant if it is so many times larger
SUGGESTIONS = 4
LIKENESS = 0.75
LONGEST = 64
LONG_NAME = 7  # letters from which one wrong letter is forgiven
SIZES = (  # word, ru, en; from so many people on
    ("million", "миллионник", "a million and more", 1_000_000),
    ("large", "крупный город", "a large city", 250_000),
    ("medium", "средний город", "a medium town", 100_000),
    ("small", "небольшой город", "a small town", 0),
    ("village", "село или посёлок", "a village", 0),  # told by the word before the name only
)
_NOISE = re.compile(r"[^\w\s]|_+")
_PREFIX = re.compile(r"^(?:г|гор|город|городе|city|city of)\s+(?=\S)")
_SUFFIX = re.compile(r"(?<=\S)\s+(?:город|city|россия|рф|russia)$")
_VILLAGE = re.compile(
    r"^(?:с|д|х|ст|пос|пгт|рп|дер|село|деревня|хутор|станица|ст-ца|поселок|аул|village)[. ]+(?=[^\W\d])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class City:
    """A place with its zone; `id` is GeoNames' number, `country` two letters of ISO 3166."""

    id: int
    ru: str
    en: str
    region_ru: str
    region_en: str
    country: str
    zone: str
    latitude: float
    longitude: float
    population: int

    def name(self, language: str) -> str:
        """Return the name in a language."""
        return self.ru if language == "ru" else self.en

    def region(self, language: str) -> str:
        """Return the region, empty where it is not known."""
        return self.region_ru if language == "ru" else self.region_en

    @property
    def climate(self) -> str:
        """The climate's word, of climates.CLIMATES."""
        return climates.climate(self.country, self.region_en, self.latitude)

    @property
    def size(self) -> str:
        """How large it is, a word of SIZES."""
        return next(word for word, _, _, people in SIZES if self.population >= people)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Cities one may have meant: several of one name, or names much like what was written."""

    cities: tuple[City, ...]


@dataclass(frozen=True, slots=True)
class Sure:
    """The city that was meant, and how surely: 1 is certain."""

    city: City
    confidence: float


@dataclass(frozen=True, slots=True)
class _Index:
    """All cities: by number, by folded name (the largest first), by folded further spelling."""

    by_id: dict[int, City]
    by_name: dict[str, list[City]]
    by_alias: dict[str, list[City]]


def key_of(text: str) -> str:
    """Return the key spellings of a city are compared by.

    >>> key_of("г. Ростов-на-Дону ")
    'ростов на дону'
    """
    words = fold(_NOISE.sub(" ", text[:LONGEST]))
    return _SUFFIX.sub("", _PREFIX.sub("", words))


@cache
def _index() -> _Index:
    index = _Index({}, {}, {})
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            city = City(
                int(row["id"]), row["ru"], row["en"], row["region_ru"], row["region_en"], row["country"],
                row["zone"], float(row["latitude"]), float(row["longitude"]), int(row["population"]),
            )  # fmt: skip
            index.by_id[city.id] = city
            _add(index.by_name, (city.ru, city.en), city)
            _add(index.by_alias, row["aliases"].split("|"), city)
    return index


def _add(where: dict[str, list[City]], names: Iterable[str], city: City) -> None:
    for key in {key_of(name) for name in names} - {""}:
        where.setdefault(key, []).append(city)


def by_id(number: int) -> City | None:
    """Return a city by its number."""
    return _index().by_id.get(number)


def zones() -> frozenset[str]:
    """Return every zone a city lies in."""
    return frozenset(city.zone for city in _index().by_id.values())


def known(text: str) -> tuple[City, ...]:
    """Return the cities of exactly this name or spelling, the largest first.

    After a comma may follow a region or a country, or stand before one.
    """
    name, *more = text[: 2 * LONGEST].split(",")
    found = _exactly(name) or next((cities for part in more if (cities := _exactly(part))), ())
    for part in [name, *more] if more else []:
        wanted, country = key_of(part), climates.country_code(part)
        told = tuple(city for city in found if wanted in _regions(city) or country == city.country)
        found = told or (found if country is None else ())
    return found


def _exactly(name: str) -> tuple[City, ...]:
    index, key = _index(), key_of(name)
    found = index.by_name.get(key) or index.by_alias.get(key)
    if not found:  # look-alike letters of another alphabet: Мiнск, Mocквa
        key = " ".join(letters.words(key))
        found = index.by_name.get(key) or index.by_alias.get(key)
    return tuple(found or ())


def _regions(city: City) -> tuple[str, ...]:
    ru, en = key_of(city.region_ru), key_of(city.region_en)
    short = ru.replace("область", "обл")
    return tuple(name for name in (ru, en, short) if name)


def sure(text: str) -> Sure | None:
    """Return the city that was surely meant, None where it stays open: nobody is asked back here.

    Of one name the far larger city is meant; in a long name one wrong letter is forgiven.
    """
    found = known(text)
    if found:
        return _chosen(found, 1.0)
    if _VILLAGE.match(text.strip()):
        return None
    near = _one_letter_off(key_of(text))
    return _chosen(near, 0.9) if near else None


def _chosen(found: tuple[City, ...], trust: float) -> Sure | None:
    if len(found) > 1 and found[0].population < CLEARLY * found[1].population:
        return None
    share = found[0].population / max(sum(city.population for city in found), 1)
    return Sure(found[0], round(trust * share, 3))


def is_village(text: str) -> bool:
    """Say whether a text names a village or settlement by the word before the name."""
    return _VILLAGE.match(text.strip()) is not None


@lru_cache(maxsize=4096)
def _one_letter_off(key: str) -> tuple[City, ...]:
    """Return the cities whose name of at least LONG_NAME letters differs by one slip, the largest first."""
    if len(key) < LONG_NAME:
        return ()
    names = (name for length in (-1, 0, 1) for name in _by_length().get(len(key) + length, ()))
    cities = {city.id: city for name in names if _differ_by_one(key, name) for city in _index().by_name[name]}
    return tuple(sorted(cities.values(), key=lambda city: -city.population))


@cache
def _by_length() -> dict[int, list[str]]:
    lengths: dict[int, list[str]] = {}
    for name in _index().by_name:
        if len(name) >= LONG_NAME:
            lengths.setdefault(len(name), []).append(name)
    return lengths


def _differ_by_one(one: str, other: str) -> bool:
    """Say whether one letter is wrong, missing, too much, or two neighbours are exchanged."""
    place = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    left, right = one[place:], other[place:]
    swapped = left[1::-1] + left[2:] if len(left) > 1 else left
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped == right


def find_city(text: str) -> City | Candidates | None:
    """Return the city somebody wrote, those he may have meant, or None where nothing is like it."""
    found = known(text)
    chosen = _chosen(found, 1.0) if found else None
    if chosen is not None:
        return chosen.city
    cities = found or _alike(key_of(text))
    return Candidates(tuple(cities[:SUGGESTIONS])) if cities else None


def _alike(key: str) -> tuple[City, ...]:
    if len(key) < 3:
        return ()
    index = _index()
    begun = [name for name in index.by_name if name.startswith(key)]
    close = difflib.get_close_matches(key, [*index.by_name, *index.by_alias], SUGGESTIONS, LIKENESS)
    cities: dict[int, City] = {}
    for name in [*close, *begun]:
        for city in index.by_name.get(name) or index.by_alias.get(name) or ():
            cities.setdefault(city.id, city)
    return tuple(cities.values())


def nearest(latitude: float, longitude: float) -> City | None:
    """Return the city a location belongs to; None at sea, in a desert, or for numbers off the globe."""
    found = around(latitude, longitude)
    return found[0] if found is not None and found[1] <= LIVES_KM else None


def around(latitude: float, longitude: float) -> tuple[City, float] | None:
    """Return the city whose clock a location has, and how many km it is away: at most FARTHEST_KM."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    far = [(distance_km(latitude, longitude, city), city) for city in _index().by_id.values()]
    large = [(km, city) for km, city in far if km <= NEAR_KM and city.population >= LARGE]
    if large:
        km, city = max(large, key=lambda pair: pair[1].population)
    else:
        km, city = min(far, key=lambda pair: pair[0])
    return (city, km) if km <= FARTHEST_KM else None


def distance_km(latitude: float, longitude: float, city: City) -> float:
    """Return the great-circle distance by the haversine formula."""
    one, other = radians(latitude), radians(city.latitude)
    across = sin(radians(city.longitude - longitude) / 2) ** 2
    half = sin((other - one) / 2) ** 2 + cos(one) * cos(other) * across
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def load() -> int:
    """Read the cities now, so that nobody waits for it later; returns how many there are."""
    return len(_index().by_id)
