"""Places kept with people: what a person typed becomes city, region, country, time zone, climate and size.

`city` holds the city's name in the business's language, its number says how surely it is meant, its origin
`place:<source>`; what was typed stays in `city_typed`. A city nobody knows stays as typed under the origin of
whoever asked, and the owner sees a list of them. So everything here can be derived anew from what was typed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite

from core.db import note_touched, table
from core.people import climates, places, preferences
from core.people.models import Attribute
from core.people.text import clean, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.people.places import City

CITY, TYPED, COUNTRY, ZONE, SIZE = "city", "city_typed", "country", "timezone", "city_size"
DERIVED = ("region", COUNTRY, ZONE, "climate", SIZE)
PLACE = "place:"  # how the origin of everything derived begins
IMPORTED = "import"  # the origin a file of purchases gives: replaced by whatever the person says himself
ATTRIBUTES = table(Attribute)
_language = "ru"


def use_language(language: str) -> None:
    """Say once, at start, in which language cities and regions are kept, so that one rule finds them all."""
    global _language
    _language = language


@dataclass(frozen=True, slots=True)
class Home:
    """What is kept of one person; without a city only what was typed, and perhaps that it is a village."""

    who: int
    source: str
    typed: str
    city: City | None = None
    confidence: float = 1.0
    values: dict[str, str] = field(default_factory=dict)


def said(session: Session, subscriber_id: int, text: str, now: datetime, *, source: str) -> City | None:
    """Keep the city a person typed; returns it if it is known for sure, else the words stay as they are."""
    found = home(subscriber_id, text, source)
    keep(session, [found], now)
    return found.city


def lives_in(session: Session, subscriber_id: int, city: City, now: datetime, *, source: str) -> None:
    """Keep the city a person chose or is in."""
    keep(session, [home_in(subscriber_id, city, source, city.name(_language), 1.0)], now)


def located(
    session: Session, subscriber_id: int, latitude: float, longitude: float, now: datetime, *, source: str
) -> City | None:
    """Keep the city a shared location belongs to; far from any, only country and clock of the nearest."""
    found = places.around(latitude, longitude)
    if found is None:
        return None
    city, km = found
    if km <= places.LIVES_KM:
        lives_in(session, subscriber_id, city, now, source=source)
        return city
    values = {COUNTRY: city.country, ZONE: city.zone, "climate": city.climate}
    _forget(session, [subscriber_id], (CITY, TYPED))
    keep(session, [Home(subscriber_id, source, "", None, 1.0, values)], now)
    return None


def withdraw(session: Session, subscriber_id: int, source: str) -> None:
    """Take back the place that was derived from an answer which is gone."""
    mine = ATTRIBUTES.c.subscriber_id == subscriber_id
    keys = ATTRIBUTES.c.key.in_((CITY, TYPED, *DERIVED))
    session.execute(delete(ATTRIBUTES).where(mine, keys, ATTRIBUTES.c.origin == origin(source)))


# -- one person's home ---------------------------------------------------------------------------------


def home(who: int, text: str, source: str, country: str | None = None) -> Home:
    """Derive what is to be kept from a text; a country the file named too has to be that of the city."""
    typed = clean(text, places.LONGEST * 2)
    found = places.sure(typed)
    code = climates.country_code(country or "")
    if found is not None and code in (None, found.city.country):
        return home_in(who, found.city, source, typed, found.confidence)
    return Home(who, source, typed, values={SIZE: "village"} if places.is_village(typed) else {})


def home_in(who: int, city: City, source: str, typed: str, confidence: float) -> Home:
    """Return what is to be kept of one who lives in this city."""
    values = {
        CITY: city.name(_language),
        TYPED: typed if typed != city.name(_language) else "",
        "region": city.region(_language),
        COUNTRY: city.country,
        ZONE: city.zone,
        "climate": city.climate,
        SIZE: city.size,
    }
    return Home(who, source, typed, city, confidence, {key: value for key, value in values.items() if value})


def origin(source: str) -> str:
    """Return the origin of what was derived from this source's words."""
    return f"{PLACE}{source}"[:64]


# -- writing ---------------------------------------------------------------------------------------------


def keep(session: Session, homes: Sequence[Home], now: datetime) -> None:
    """Write these homes, at most LARGEST_WRITE of a pass: what was derived before goes, the clock follows."""
    ids = [home.who for home in homes]
    _forget(session, ids, (TYPED, *DERIVED))
    rows = [row for home in homes for row in _rows(home, now)]
    if rows:
        session.execute(upsert(session), rows)
    zones = {home.who: (home.values[ZONE], home.source) for home in homes if ZONE in home.values}
    preferences.follow_zones(session, zones, now)
    note_touched(session, ids, now)


def _forget(session: Session, ids: Sequence[int], keys: Sequence[str]) -> None:
    mine = ATTRIBUTES.c.subscriber_id.in_(ids)
    derived = ATTRIBUTES.c.origin.like(f"{PLACE}%")
    session.execute(delete(ATTRIBUTES).where(mine, ATTRIBUTES.c.key.in_(keys), derived))


def _rows(home: Home, now: datetime) -> Iterator[dict[str, object]]:
    if home.city is None and home.typed:
        yield row(home.who, CITY, home.typed, home.source[:64], None, now)
    for key, text in home.values.items():
        sure = home.confidence if key == CITY else None
        yield row(home.who, key, text, origin(home.source), sure, now)


def row(who: int, key: str, text: str, origin: str, number: float | None, now: datetime) -> dict[str, object]:
    """Return an attribute as a row."""
    return {
        "subscriber_id": who, "key": key, "text": text, "folded": fold(text), "number": number,
        "moment": None, "origin": origin, "updated_at": now,
    }  # fmt: skip


def upsert(session: Session) -> Any:
    """What a person was asked about himself, a region, a country, stays as he answered."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(ATTRIBUTES)
    columns = ("text", "folded", "number", "moment", "origin", "updated_at")
    ours = or_(
        ATTRIBUTES.c.key == CITY, ATTRIBUTES.c.origin.like(f"{PLACE}%"), ATTRIBUTES.c.origin == IMPORTED
    )
    return statement.on_conflict_do_update(
        index_elements=["subscriber_id", "key"],
        set_={name: statement.excluded[name] for name in columns},
        where=ours,
    )
