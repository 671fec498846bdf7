"""Attributes and tags: named properties of a person, with their origin."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from core.clock import day_start
from core.db import note_touched
from core.people.activity import zone
from core.people.models import Attribute, Tag
from core.people.text import clean, fold

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def set_attribute(
    session: Session,
    subscriber_id: int,
    key: str,
    value: str | float | date | datetime,
    now: datetime,
    *,
    origin: str,
) -> None:
    """Set one attribute; the value's type decides which comparisons rules may make with it.

    A date is the first moment of that day in the business's time zone, as rules compare days.
    """
    row = session.get(Attribute, (subscriber_id, key))
    if row is None:
        row = Attribute(subscriber_id=subscriber_id, key=key)
        session.add(row)
    row.text = clean(str(value), 1024)
    row.folded = fold(row.text)
    row.number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    row.moment = _moment(value)
    row.origin = origin
    row.updated_at = now
    session.flush()
    note_touched(session, [subscriber_id], now)


def _moment(value: str | float | date | datetime) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return day_start(value, zone()) if isinstance(value, date) else None


def add_tag(session: Session, subscriber_id: int, tag: str, now: datetime, *, origin: str) -> bool:
    """Label a person; returns False if the label was there."""
    folded = fold(tag)[:64]
    if session.get(Tag, (subscriber_id, folded)) is not None:
        return False
    session.add(Tag(subscriber_id=subscriber_id, tag=folded, origin=origin, added_at=now))
    session.flush()
    note_touched(session, [subscriber_id], now)
    return True


def text_of(session: Session, subscriber_id: int, key: str) -> str | None:
    """Return what is known of a person under this key, as a text."""
    row = session.get(Attribute, (subscriber_id, key))
    return row.text if row is not None else None
