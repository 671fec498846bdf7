"""Finding a person: chat, phone, e-mail and customer number by an index, a part of the name by a scan.

Names are compared by `subscribers.name_folded` (every word of name and username after a space, folded), so
case and ё do not matter in either database. A scan stops at LIMIT people; a name nobody has reads the table
once: docs/people.md tells what that costs at a million. An index on words would cost every newcomer several
rows, for a question an owner asks a few times a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, or_, select, update

from core.db import CHUNK, table
from core.people.models import Attribute, Profile, Subscriber
from core.people.personal import normal_email, normal_phone
from core.people.text import fold, folded_name, full_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.db import Database

LIMIT = 20
MOST_WORDS = 4
LARGEST_ID = 2**62
_LINK = re.compile(r"^(?:https?://)?(?:www\.)?t\.me/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """A person who was found, with what tells him from another of the same name."""

    id: int
    name: str
    username: str
    status: str
    city: str = ""
    phone: str = ""
    last_seen_at: datetime | None = None


def find(session: Session, text: str, *, limit: int = LIMIT) -> list[Hit]:
    """Return the people somebody asks for, the surest first; erased ones are never found."""
    wanted = _LINK.sub("@", text.strip())[:128]
    hits = _some(session, _exact(wanted), limit)
    if len(hits) < limit and not wanted.lstrip("+").replace(" ", "").isdigit():
        seen = {hit.id for hit in hits}
        is_nick = wanted.startswith("@")
        named = _named(session, wanted.lstrip("@"), limit, only_begun=is_nick)
        hits += [hit for hit in named if hit.id not in seen]
    return hits[:limit]


def people(session: Session, ids: Sequence[int]) -> list[Hit]:
    """Return these people as hits, in this order; erased ones are left out."""
    found = {hit.id: hit for hit in _some(session, [Subscriber.id.in_(ids)], len(ids))} if ids else {}
    return [found[who] for who in ids if who in found]


def _exact(wanted: str) -> list[ColumnElement[bool]]:
    """Return what is asked by an index: numbers, phone, e-mail, the customer's number."""
    tests: list[ColumnElement[bool]] = [Subscriber.external_id == wanted]
    if wanted.isascii() and wanted.isdigit() and int(wanted) < LARGEST_ID:
        tests.append(Subscriber.telegram_id == int(wanted))
    digits = sum(letter.isdigit() for letter in wanted)
    phone = normal_phone(wanted) if 7 <= digits <= 15 and not re.search(r"[^\d\s()+.-]", wanted) else None
    if phone is not None:
        tests.append(Subscriber.phone == phone)
    email = normal_email(wanted)
    if email is not None:
        tests.append(Subscriber.email == email)
    return tests


def _named(session: Session, wanted: str, limit: int, *, only_begun: bool) -> list[Hit]:
    """Return whose name has words beginning so; where there are few, also those who have them inside."""
    words = fold(wanted).split()[:MOST_WORDS]
    if not words:
        return []
    begun = [Subscriber.name_folded.contains(f" {word}", autoescape=True) for word in words]
    hits = _some(session, [and_(*begun)], limit)
    if len(hits) < limit and not only_begun and len("".join(words)) > 1:
        inside = [Subscriber.name_folded.contains(word, autoescape=True) for word in words]
        seen = {hit.id for hit in hits}
        hits += [hit for hit in _some(session, [and_(*inside)], limit) if hit.id not in seen]
    return hits


def _some(session: Session, tests: Sequence[ColumnElement[bool]], limit: int) -> list[Hit]:
    who = Subscriber
    city = select(Attribute.text).where(Attribute.subscriber_id == who.id, Attribute.key == "city")
    seen = select(Profile.last_seen_at).where(Profile.subscriber_id == who.id)
    told = (who.status, city.scalar_subquery(), who.phone, seen.scalar_subquery())
    query = (
        select(who.id, who.first_name, who.last_name, who.username, *told)
        .where(or_(*tests), who.erased_at.is_(None))
        .order_by(who.id.desc())
        .limit(limit)
    )
    return [
        Hit(number, full_name(first, last), username, status, town or "", phone or "", seen_at)
        for number, first, last, username, status, town, phone, seen_at in session.execute(query)
    ]


def fill_names(db: Database) -> int:
    """Fold the names of people whom a bulk load brought without; returns how many.

    They are looked for on snapshots, from one id to the next: the writer only gets what is to be written.
    """
    filled, last = 0, 0
    while found := db.read_now(_lacking, last):
        filled += db.write_now(_fill, found)
        last = int(found[-1]["who"])
    return filled


def _lacking(session: Session, after: int) -> list[dict[str, int | str]]:
    query = (
        select(Subscriber.id, Subscriber.first_name, Subscriber.last_name, Subscriber.username)
        .where(Subscriber.id > after, Subscriber.name_folded == "")
        .where(or_(Subscriber.first_name != "", Subscriber.last_name != "", Subscriber.username != ""))
        .order_by(Subscriber.id)
        .limit(CHUNK)
    )
    return [
        {"who": who, "folded": folded_name(first, last, username) or " "}
        for who, first, last, username in session.execute(query)
    ]


def _fill(session: Session, found: Sequence[dict[str, int | str]]) -> int:
    """Write what is lacking still: neither who was renamed meanwhile nor who was erased."""
    people = table(Subscriber).c
    statement = (
        update(table(Subscriber))
        .where(people.id == bindparam("who"), people.name_folded == "", people.erased_at.is_(None))
        .values(name_folded=bindparam("folded"))
    )
    return session.connection().execute(statement, found).rowcount
