"""Matching: people known from files, found again by id, phone or e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, or_, select, update

from core.db import note_touched
from core.people import suppression
from core.people.models import Profile, Subscriber
from core.people.subscribers import Status
from core.people.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

LARGEST_TELEGRAM_ID = 2**52  # Telegram: at most 52 significant bits
Found = tuple[str, str]  # a kind of key and its value


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file says about who a person is; at least one of the four keys is given."""

    telegram_id: int | None = None
    external_id: str | None = None
    phone: str | None = None
    email: str | None = None
    name: str = ""

    def named(self) -> list[Found]:
        """Return the keys, surest first. A bare number may be a Telegram id: a known one wins."""
        telegram = self.telegram_id or telegram_id_of(self.external_id or "")
        external = self.external_id or (str(self.telegram_id) if self.telegram_id else None)
        pairs = (
            ("telegram_id", str(telegram) if telegram else None),
            ("external_id", external),
            ("phone", self.phone),
            ("email", self.email),
        )
        return [(kind, value) for kind, value in pairs if value]


def telegram_id_of(text: str) -> int | None:
    """Return the number if the text can be a Telegram id written plainly."""
    if not (text.isascii() and text.isdigit()) or text.startswith("0") or len(text) > 16:
        return None
    return int(text) if int(text) < LARGEST_TELEGRAM_ID else None


class _Known:
    """Who is known by which key, among the people of one batch."""

    def __init__(self, session: Session, people: Sequence[Identity]) -> None:
        self._place: dict[Found, int] = {}
        self._external: dict[int, str | None] = {}
        wanted: dict[str, set[str]] = {}
        for kind, value in (key for identity in people for key in identity.named()):
            wanted.setdefault(kind, set()).add(value)
        for kind, values in wanted.items():
            self._load(session, kind, values)
        gone = [(kind, value) for kind, values in wanted.items() for value in values]
        self._erased = suppression.erased(session, [key for key in gone if key not in self._place])

    def _load(self, session: Session, kind: str, values: set[str]) -> None:
        column = getattr(Subscriber, kind)
        asked = [int(value) for value in values] if kind == "telegram_id" else list(values)
        query = select(column, Subscriber.id, Subscriber.external_id).where(column.in_(asked))
        for value, who, external in session.execute(query.order_by(Subscriber.id.desc())):
            self._place[kind, str(value)] = who  # of several with one phone the oldest stays
            self._external[who] = external

    def first(self, identity: Identity) -> int | None:
        """Return who it is. Two customer numbers are two people, even with one phone or e-mail."""
        for kind, value in identity.named():
            place = self._place.get((kind, value))
            if place is None:
                continue
            is_sure = kind in ("telegram_id", "external_id") or identity.external_id is None
            if is_sure or self._external.get(place) in (None, identity.external_id):
                return place
        return next((self._erased[key] for key in identity.named() if key in self._erased), None)

    def learn(self, identity: Identity, place: int) -> bool:
        """Remember the keys nobody has yet; never a Telegram id: a file opens no chat."""
        if place in self._erased.values():  # what was erased does not come back with a file
            return False
        new = [key for key in identity.named() if key not in self._place and key[0] != "telegram_id"]
        for kind, value in new:
            self._place[kind, value] = place
            if kind == "external_id" and self._external.get(place) is None:
                self._external[place] = value
        return bool(new)


def find(session: Session, people: Sequence[Identity]) -> list[int | None]:
    """Return the subscriber behind each identity, None where nobody is known by any of its keys."""
    known = _Known(session, people)
    return [known.first(identity) for identity in people]


def find_or_add(session: Session, people: Sequence[Identity], now: datetime) -> tuple[list[int], int]:
    """Return the subscriber behind each identity and how many were added with status `known`.

    Keys that a person lacked so far are filled in; what he has is never changed by a file.
    """
    known = _Known(session, people)
    fresh: list[list[Identity]] = []
    places: list[int] = []  # an id, or below zero the place of a newcomer in `fresh`
    fills: dict[int, list[Identity]] = {}
    for identity in people:
        place = known.first(identity)
        if place is None:
            fresh.append([identity])
            place = -len(fresh)
            known.learn(identity, place)
        elif known.learn(identity, place):
            (fresh[-place - 1] if place < 0 else fills.setdefault(place, [])).append(identity)
        places.append(place)
    added = _add(session, [_united(identities) for identities in fresh], now)
    _fill(session, {who: _united(identities) for who, identities in fills.items()}, now)
    return [added[-place - 1] if place < 0 else place for place in places], len(added)


def _united(identities: Sequence[Identity]) -> dict[str, str | None]:
    united: dict[str, str | None] = {"external_id": None, "phone": None, "email": None, "name": None}
    for identity in identities:
        values = {**dict(identity.named()), "name": clean(identity.name, 256)}
        for kind in united:
            united[kind] = united[kind] or values.get(kind) or None
    return united


def _add(session: Session, people: Sequence[dict[str, str | None]], now: datetime) -> list[int]:
    if not people:
        return []
    rows = [
        {
            "status": Status.KNOWN,
            "external_id": person["external_id"],
            "phone": person["phone"],
            "email": person["email"],
            "first_name": person["name"] or "",
            "created_at": now,
        }
        for person in people
    ]
    statement = insert(Subscriber).returning(Subscriber.id, sort_by_parameter_order=True)
    ids = list(session.scalars(statement, rows))
    session.execute(insert(Profile), [{"subscriber_id": who, "touched_at": now} for who in ids])
    note_touched(session, ids, now)
    return ids


def _fill(session: Session, people: dict[int, dict[str, str | None]], now: datetime) -> None:
    """Fill the blanks; an external id is unique, so it goes only to a row that has none."""
    if not people:
        return
    statement = (
        update(Subscriber)
        .where(Subscriber.id == bindparam("who"))
        .values(
            external_id=func.coalesce(Subscriber.external_id, bindparam("new_external_id")),
            phone=func.coalesce(Subscriber.phone, bindparam("new_phone")),
            email=func.coalesce(Subscriber.email, bindparam("new_email")),
        )
    )
    rows = [
        {"who": who, **{f"new_{kind}": keys[kind] for kind in ("external_id", "phone", "email")}}
        for who, keys in sorted(people.items())
    ]
    session.connection().execute(statement, rows)
    note_touched(session, people, now)


def known_twins(
    session: Session, subscriber_id: int, *, phone: str | None = None, email: str | None = None
) -> list[int]:
    """Return the rows without a chat that are this person: by his Telegram id, phone or e-mail, oldest first.

    `phone` and `email` must be his own (a contact he shared of himself, his own answer).
    """
    telegram_id = session.scalar(select(Subscriber.telegram_id).where(Subscriber.id == subscriber_id))
    same = [Subscriber.external_id == str(telegram_id)] if telegram_id else []
    same += [Subscriber.phone == phone] if phone else []
    same += [Subscriber.email == email] if email else []
    if not same:
        return []
    query = select(Subscriber.id).where(
        or_(*same),
        Subscriber.telegram_id.is_(None),
        Subscriber.erased_at.is_(None),
        Subscriber.id != subscriber_id,
    )
    return list(session.scalars(query.order_by(Subscriber.id)))
