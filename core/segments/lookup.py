"""The value of a field for one person, for the why-card."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from core import clock
from core.segments.binds import earlier
from core.segments.conditions.condition import Found, Look
from core.segments.derived import AGE, BIRTHDAY, AgeField
from core.segments.fields import ATTRIBUTES, MINOR, PROFILES, SUBSCRIBERS, AnyField, Field, Kind

if TYPE_CHECKING:
    from core.segments.fields import RowField


def look_up(field: AnyField, look: Look) -> Found:
    """Return the person's value of a field, and since when he has it where that is kept."""
    if isinstance(field, AgeField):
        return _age(look)
    return _column(field, look) if isinstance(field, Field) else _rows(field, look)


def _age(look: Look) -> Found:
    """The age that was said, or the years since the birthday: one is full on the day of the anniversary."""
    query = select(ATTRIBUTES.c.key, ATTRIBUTES.c.number, ATTRIBUTES.c.moment, ATTRIBUTES.c.updated_at).where(
        ATTRIBUTES.c.subscriber_id == look.subscriber_id, ATTRIBUTES.c.key.in_((AGE, BIRTHDAY))
    )
    rows = {row.key: row for row in look.session.execute(query)}
    said, born = rows.get(AGE), rows.get(BIRTHDAY)
    if said is not None and said.number is not None:
        return Found(said.number, said.updated_at)
    if born is None or born.moment is None:
        return Found(None)
    day, tomorrow = (
        clock.local_day(born.moment, look.zone),
        clock.local_day(look.now, look.zone) + timedelta(1),
    )
    years = tomorrow.year - day.year - (earlier(tomorrow, tomorrow.year - day.year) <= day)
    return Found(years if years >= 0 else None)


def _column(field: Field, look: Look) -> Found:
    people = SUBSCRIBERS.join(PROFILES, PROFILES.c.subscriber_id == SUBSCRIBERS.c.id)
    query = select(field.column).select_from(people).where(SUBSCRIBERS.c.id == look.subscriber_id)
    value = look.session.scalar(query)
    if field.kind is Kind.MONEY and isinstance(value, int):
        return Found(value / MINOR)
    if field.kind is Kind.MARK:
        return Found(value if value is not None else False, value)
    return Found(value)


def _rows(field: RowField, look: Look) -> Found:
    source = field.source.c
    since = source.updated_at if field.table == "attributes" else source.answered_at
    moment = source.moment if field.table == "attributes" else source.number
    query = (
        select(source.text, source.folded, moment, since)
        .select_from(field.source.join(SUBSCRIBERS, SUBSCRIBERS.c.id == source.subscriber_id))
        .where(SUBSCRIBERS.c.id == look.subscriber_id, *field.rows())
        .order_by(source.folded)
    )
    rows = look.session.execute(query).all()
    if not rows:
        return Found(None)
    if field.table == "attributes" and rows[0][2] is not None:
        return Found(rows[0][2], rows[0][3])
    return Found(", ".join(row[0] or row[1] for row in rows), max(row[3] for row in rows))
