"""Passes over places: everybody's derived anew from what was typed, and the spellings nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from core.db import CHUNK, note_touched
from core.people import climates, places_kept
from core.people.models import Attribute
from core.people.places_kept import ATTRIBUTES, CITY, COUNTRY, IMPORTED, PLACE, TYPED, Home, home, keep
from core.people.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.db import Database

LARGEST_WRITE = 200  # people in one write of a pass: each has seven rows


def _as_typed() -> ColumnElement[bool]:
    return Attribute.origin.not_like(f"{PLACE}%")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A city nobody knows, as people typed it, and how many did."""

    text: str
    people: int


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a pass found: people with a city that is known, or not, and how many rows of them it changed."""

    known: int = 0
    unknown: int = 0
    changed: int = 0


class Typed(NamedTuple):
    """What a person's place is derived from: the words, who asked, the row they stand in now."""

    who: int
    text: str
    source: str
    city: str
    origin: str
    country: str | None


def unknown_spellings(session: Session, limit: int = 50) -> list[Spelling]:
    """Return the cities nobody knows, the commonest first."""
    people = func.count()
    query = (
        select(func.min(Attribute.text), people)
        .where(Attribute.key == CITY, Attribute.folded != "", _as_typed())
        .group_by(Attribute.folded)
        .order_by(people.desc(), Attribute.folded)
        .limit(limit)
    )
    return [Spelling(text, count) for text, count in session.execute(query)]


def count_unknown(session: Session) -> tuple[int, int]:
    """Return how many spellings are not known, and how many people typed one."""
    count = select(func.count(func.distinct(Attribute.folded)), func.count())
    spellings, people = session.execute(count.where(Attribute.key == CITY, _as_typed())).one()
    return spellings, people


def count_known(session: Session) -> int:
    """Return how many people have a city that is known."""
    query = select(func.count()).select_from(Attribute).where(Attribute.key == CITY)
    return session.scalar(query.where(Attribute.origin.like(f"{PLACE}%"))) or 0


def recompute(
    db: Database, now: datetime, *, everyone: bool = False, since: datetime | None = None
) -> Recomputed:
    """Derive places anew from what was typed: of those whose city is not known yet, or of everyone.

    Names are looked up outside of any transaction; a row that changed meanwhile is left alone.
    """
    total, last = Recomputed(), 0
    while found := db.read_now(_next, last, everyone, since):
        homes = [(typed, home(typed.who, typed.text, typed.source, typed.country)) for typed in found]
        changes = [pair for pair in homes if everyone or pair[1].city is not None]
        for first in range(0, len(changes), LARGEST_WRITE):
            db.write_now(_keep_unchanged, changes[first : first + LARGEST_WRITE], now)
        sure = sum(one.city is not None for _, one in homes)
        total = Recomputed(
            total.known + sure, total.unknown + len(homes) - sure, total.changed + len(changes)
        )
        last = found[-1].who
    _name_countries(db, now)
    return total


# -- passes ------------------------------------------------------------------------------------------------


def _next(session: Session, after: int, everyone: bool, since: datetime | None) -> list[Typed]:
    city, typed, country = (Attribute.__table__.alias(name) for name in ("city", "typed", "country"))
    query = (
        select(city.c.subscriber_id, city.c.text, city.c.origin, typed.c.text, country.c.text)
        .outerjoin(typed, (typed.c.subscriber_id == city.c.subscriber_id) & (typed.c.key == TYPED))
        .outerjoin(
            country,
            (country.c.subscriber_id == city.c.subscriber_id)
            & (country.c.key == COUNTRY)
            & (country.c.origin == IMPORTED),
        )
        .where(city.c.key == CITY, city.c.subscriber_id > after)
        .order_by(city.c.subscriber_id)
        .limit(CHUNK)
    )
    if not everyone:
        query = query.where(city.c.origin.not_like(f"{PLACE}%"))
    if since is not None:
        query = query.where(city.c.updated_at >= since)
    return [
        Typed(who, words or text, origin.removeprefix(PLACE), text, origin, named)
        for who, text, origin, words, named in session.execute(query)
    ]


def _keep_unchanged(session: Session, changes: Sequence[tuple[Typed, Home]], now: datetime) -> None:
    ids = [typed.who for typed, _ in changes]
    query = select(ATTRIBUTES.c.subscriber_id, ATTRIBUTES.c.text, ATTRIBUTES.c.origin)
    query = query.where(ATTRIBUTES.c.subscriber_id.in_(ids), ATTRIBUTES.c.key == CITY)
    present = {who: (text, origin) for who, text, origin in session.execute(query)}
    same = [one for typed, one in changes if present.get(typed.who) == (typed.city, typed.origin)]
    if same:
        keep(session, same, now)


def _name_countries(db: Database, now: datetime) -> None:
    """Give countries that files spelt out («Россия», “United Kingdom”) their two letters."""
    for text in db.read_now(_spelt_countries):
        code = climates.country_code(text)
        while code and fold(code) != text and db.write_now(_name_country, text, code, now) == CHUNK:
            pass


def _spelt_countries(session: Session) -> list[str]:
    query = select(Attribute.folded).where(Attribute.key == COUNTRY, Attribute.origin == IMPORTED)
    return list(session.scalars(query.distinct()))


def _name_country(session: Session, folded: str, code: str, now: datetime) -> int:
    query = select(Attribute.subscriber_id).where(
        Attribute.key == COUNTRY, Attribute.folded == folded, Attribute.origin == IMPORTED
    )
    ids = list(session.scalars(query.limit(CHUNK)))
    if ids:
        rows = [places_kept.row(who, COUNTRY, code, IMPORTED, None, now) for who in ids]
        session.execute(places_kept.upsert(session), rows)
        note_touched(session, ids, now)
    return len(ids)
