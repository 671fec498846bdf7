"""Corrections: what the owner sets on a person's card, checked against what the attribute holds elsewhere."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from core.db import note_touched
from core.errors import KvizorError
from core.people import places_kept
from core.people.attributes import set_attribute
from core.people.gender import kept
from core.people.models import Attribute, Subscriber, Tag
from core.people.text import clean, fold

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DATES = frozenset({"birthday", "renewal_at"})
NUMBERS = frozenset({"age", "nps"})
OWN = frozenset({kept.KEY, kept.CORRECTION, kept.ANSWER, places_kept.TYPED, *places_kept.DERIVED})
BOOKKEEPING = frozenset({kept.CORRECTION, places_kept.TYPED, "latitude", "longitude"})  # shown nowhere
LONGEST_VALUE = 256
ROWS_LOOKED_AT = 20
_KEY = re.compile(r"[^\W\d][\w.-]{0,63}")
_DAYS = (("%d.%m.%Y", 10), ("%Y-%m-%d", 10), ("%d/%m/%Y", 10))


class CorrectionError(KvizorError):
    """An attribute or tag cannot be set so; `kind` says it to programs.

    It is key, own, long, number, date, tag or gone.
    """

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


def correct(session: Session, subscriber_id: int, key: str, text: str, now: datetime, by: int) -> str:
    """Set one attribute of a person by the owner's word, or take it away with an empty one.

    The value is a date or a number where the attribute is one: `birthday`, `renewal_at`, `age`, `nps`, and
    whatever holds one for others. Returns what is kept. Raises CorrectionError.
    """
    name, value = _checked_key(key), clean(text, LONGEST_VALUE + 1)
    if len(value) > LONGEST_VALUE:
        raise CorrectionError(f"The value is longer than {LONGEST_VALUE} characters.", "long")
    _living(session, subscriber_id)
    if not value:
        _remove(session, subscriber_id, name, now)
        return ""
    if name == places_kept.CITY:
        found = places_kept.said(session, subscriber_id, value, now, source=f"owner:{by}")
        return found.ru if found is not None else value
    kept_value = _typed(kind_of(session, name), value)
    set_attribute(session, subscriber_id, name, kept_value, now, origin=f"owner:{by}")
    return str(kept_value)


def kind_of(session: Session, key: str) -> str:
    """Return date, number or text: what an attribute is by its name, else by what others have in it."""
    if key in DATES or key in NUMBERS:
        return "date" if key in DATES else "number"
    query = select(Attribute.moment, Attribute.number).where(Attribute.key == key, Attribute.text != "")
    rows = session.execute(query.limit(ROWS_LOOKED_AT)).all()
    if rows and all(moment is not None for moment, _ in rows):
        return "date"
    return "number" if rows and all(number is not None for _, number in rows) else "text"


def tag(session: Session, subscriber_id: int, text: str, now: datetime, by: int) -> str:
    """Label a person by the owner's word; returns the tag. Raises CorrectionError."""
    folded = fold(clean(text, 65).lstrip("#"))
    if not folded or len(folded) > 64:
        raise CorrectionError("A tag is 1 to 64 characters.", "tag")
    _living(session, subscriber_id)
    if session.get(Tag, (subscriber_id, folded)) is None:
        session.add(Tag(subscriber_id=subscriber_id, tag=folded, origin=f"owner:{by}", added_at=now))
        session.flush()
        note_touched(session, [subscriber_id], now)
    return folded


def untag(session: Session, subscriber_id: int, tag: str, now: datetime) -> bool:
    """Take a tag off; returns whether it was there."""
    mine = (Tag.subscriber_id == subscriber_id, Tag.tag == tag)
    was_there = session.scalar(select(Tag.tag).where(*mine)) is not None
    if was_there:
        session.execute(delete(Tag).where(*mine))
        note_touched(session, [subscriber_id], now)
    return was_there


def _checked_key(text: str) -> str:
    key = text.strip().casefold()
    if _KEY.fullmatch(key) is None:
        raise CorrectionError(f"{text[:64]!r} is no name of an attribute: letters, digits, _ . -", "key")
    if key in OWN:
        raise CorrectionError(f"{key} is derived; correct the city, or the sex by its buttons.", "own")
    return key


def _living(session: Session, subscriber_id: int) -> None:
    person = session.get(Subscriber, subscriber_id)
    if person is None or person.erased_at is not None:
        raise CorrectionError(f"There is no person {subscriber_id} any more.", "gone")


def _remove(session: Session, subscriber_id: int, key: str, now: datetime) -> None:
    mine = (Attribute.subscriber_id == subscriber_id, Attribute.key == key)
    row = session.scalar(select(Attribute).where(*mine))
    if row is None:
        return
    if key == places_kept.CITY:
        places_kept.withdraw(session, subscriber_id, row.origin.removeprefix(places_kept.PLACE))
    session.execute(delete(Attribute).where(*mine))
    note_touched(session, [subscriber_id], now)


def _typed(kind: str, value: str) -> str | float | date:
    if kind == "number":
        plain = re.sub(r"\s", "", value).replace(",", ".")
        if re.fullmatch(r"[+-]?\d{1,12}(\.\d{1,6})?", plain) is None:
            raise CorrectionError(f"{value[:64]!r} is no number.", "number")
        return int(plain) if "." not in plain else float(plain)
    return _day(value) if kind == "date" else value


def _day(value: str) -> date:
    for form, length in _DAYS:
        try:
            return datetime.strptime(value[:length], form).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
    raise CorrectionError(f"{value[:64]!r} is no date; write 31.12.1990.", "date")
