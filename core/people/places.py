"""Places: a city as people write it, the nearest one to a location, and the time zone both mean.

The cities are shipped in cities.csv: places of GeoNames (https://www.geonames.org, CC BY 4.0): every Russian
town of 15,000 people, larger ones around, capitals and large cities of the world.
"""

from __future__ import annotations

import csv
import difflib
import re
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from core.people import preferences
from core.people.attributes import set_attribute
from core.people.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

CITY = "city"  # the attribute that names where a person lives
FILE = Path(__file__).with_name("cities.csv")
EARTH_KM = 6371.0
FARTHEST_KM = 300.0  # a location farther from every known city names none
NEAR_KM = 30.0  # so near to a large city one lives in it, whatever small town is nearer
LARGE = 500_000
CLEARLY = 4  # of two cities with one name the larger is meant if it is so many times larger
SUGGESTIONS = 4
LIKENESS = 0.75
LONGEST = 64
_NOISE = re.compile(r"[.,;:!?«»\"'()/\\-]+")
_PREFIX = re.compile(r"^(?:г|гор|город|городе|city|city of)\s+(?=\S)")


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


@dataclass(frozen=True, slots=True)
class Candidates:
    """Cities one may have meant: several of one name, or names much like what was written."""

    cities: tuple[City, ...]


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
    return _PREFIX.sub("", words)


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
    """Return the cities of exactly this name or spelling, the largest first; a region may follow a comma."""
    name, _, region = text[: 2 * LONGEST].partition(",")
    index = _index()
    key = key_of(name)
    found = index.by_name.get(key) or index.by_alias.get(key) or ()
    if region.strip():
        wanted = key_of(region)
        told = [city for city in found if wanted in (key_of(city.region_ru), key_of(city.region_en))]
        found = told or found
    return tuple(found)


def find_city(text: str) -> City | Candidates | None:
    """Return the city somebody wrote, those he may have meant, or None where nothing is like it."""
    found = known(text)
    if found and (len(found) == 1 or found[0].population >= CLEARLY * found[1].population):
        return found[0]
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
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    far = [(distance_km(latitude, longitude, city), city) for city in _index().by_id.values()]
    around = [city for km, city in far if km <= NEAR_KM and city.population >= LARGE]
    if around:
        return max(around, key=lambda city: city.population)
    km, city = min(far, key=lambda pair: pair[0])
    return city if km <= FARTHEST_KM else None


def distance_km(latitude: float, longitude: float, city: City) -> float:
    """Return the great-circle distance by the haversine formula."""
    one, other = radians(latitude), radians(city.latitude)
    across = sin(radians(city.longitude - longitude) / 2) ** 2
    half = sin((other - one) / 2) ** 2 + cos(one) * cos(other) * across
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def settle(
    session: Session, subscriber_id: int, city: City, now: datetime, *, origin: str, language: str = "ru"
) -> None:
    """Write where a person lives: the attributes city, region, country, time_zone, and his clock."""
    values = {
        CITY: city.name(language),
        "region": city.region(language),
        "country": city.country,
        "time_zone": city.zone,
    }
    for key, value in values.items():
        if value:
            set_attribute(session, subscriber_id, key, value, now, origin=origin)
    preferences.set_zone(session, subscriber_id, city.zone, now, origin=origin)


def remember(session: Session, subscriber_id: int, text: str, now: datetime, *, origin: str) -> City | None:
    """Follow the clock of a city a person named in passing, if it is known for sure; returns it.

    What he said is kept by whoever asked, in his own words. A zone he chose himself in /settings stays.
    """
    found = known(text)
    if not found or (len(found) > 1 and found[0].population < CLEARLY * found[1].population):
        return None
    preferences.set_zone(session, subscriber_id, found[0].zone, now, origin=origin)
    return found[0]


def load() -> int:
    """Read the cities now, so that nobody waits for it later; returns how many there are."""
    return len(_index().by_id)
