"""The numbers there are about people: numeric fields, days since moments, numeric attributes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import ColumnElement, FromClause, and_, func, select

from core.reports.bins import DIGITS
from core.segments import catalogue
from core.segments.fields import ATTRIBUTES, MINOR, SUBSCRIBERS, Field, Kind, RowField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

Floats = np.ndarray[Any, np.dtype[np.float64]]
_SINCE = ("joined", "last_seen", "first_purchase", "last_purchase")
_SINCE_TITLES = {
    "joined": ("дней в базе", "days in the base"),
    "last_seen": ("дней молчания", "days of silence"),
    "first_purchase": ("дней с первой покупки", "days since the first purchase"),
    "last_purchase": ("дней с последней покупки", "days since the last purchase"),
}
MOST_ATTRIBUTES = 10
_NOT_THESE = frozenset({"latitude", "longitude", "rfm_r", "rfm_f", "rfm_m", "health", "clv"})  # of others


@dataclass(frozen=True, eq=False)
class Number:
    """One number of a person. `now` turns a moment into the days since it."""

    name: str
    titles: tuple[str, str]
    column: ColumnElement[Any]
    join: tuple[FromClause, ColumnElement[bool]] | None = None
    now: datetime | None = None
    scale: float = 1.0

    def read(self, values: Sequence[Any]) -> Floats:
        """Return values of the database as numbers, NaN where unknown."""
        if self.now is None:
            return np.array([np.nan if one is None else one for one in values], np.float64) / self.scale
        at = self.now.astimezone(UTC)
        return np.array([np.nan if one is None else (at - one).total_seconds() / 86400 for one in values])


def numbers(session: Session, now: datetime) -> list[Number]:
    """Return the numbers that fields and attributes hold."""
    found = [of_field(field, now) for field in catalogue.FIELDS.values() if _is_number(field)]
    return found + [_attribute(key) for key in _keys(session)]


def _is_number(field: Field) -> bool:
    is_counted = field.kind in (Kind.NUMBER, Kind.MONEY) and field.name not in _NOT_THESE
    return is_counted or field.name in _SINCE


def of_field(field: Field, now: datetime) -> Number:
    """Return a field as a number: money in whole units, a moment as days since it."""
    if field.kind is Kind.MOMENT:
        return Number(field.name, _SINCE_TITLES[field.name], field.column, now=now)
    scale = MINOR if field.kind is Kind.MONEY else 1
    return Number(field.name, field.titles, field.column, scale=scale)


def _keys(session: Session) -> list[str]:
    """Return the attributes most people have a number in, those of the catalogue left out."""
    query = (
        select(ATTRIBUTES.c.key, func.count())
        .where(ATTRIBUTES.c.number.is_not(None), func.substr(ATTRIBUTES.c.text, 1, 1).in_(sorted(DIGITS)))
        .group_by(ATTRIBUTES.c.key)
        .order_by(func.count().desc(), ATTRIBUTES.c.key)
        .limit(MOST_ATTRIBUTES)
    )
    keys = [row[0] for row in session.execute(query)]
    return [key for key in keys if key.casefold() not in catalogue.FIELDS and key not in _NOT_THESE]


def _attribute(key: str) -> Number:
    rows = ATTRIBUTES.alias()
    said = RowField("attributes", (key,))
    join = (rows, and_(rows.c.subscriber_id == SUBSCRIBERS.c.id, rows.c.key == key))
    return Number(said.text(), (said.title("ru"), said.title("en")), rows.c.number, join)
