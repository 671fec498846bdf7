"""The whole base in one snapshot, walked in chunks of people: memory does not grow with the base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core.people.models import Subscriber
from core.segments import audience
from core.segments.fields import SUBSCRIBERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

PEOPLE_AT_ONCE = 50_000
_SPREAD, _MODULUS = 7919, 10_007  # primes: a sample that follows no order in which people came


def chunks(session: Session) -> Iterator[tuple[int, int]]:
    """Yield spans of ids (after, up to and with) that together hold everybody."""
    last = session.scalar(select(func.max(Subscriber.id))) or 0
    for low in range(0, last, PEOPLE_AT_ONCE):
        yield low, low + PEOPLE_AT_ONCE


def span(low: int, high: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """SQL: the person belongs to the chunk."""
    return SUBSCRIBERS.c.id > low, SUBSCRIBERS.c.id <= high


def counted(session: Session, within: str | None, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """SQL: who counts in a report: everybody but the erased, or the members of a segment.

    Raises SegmentError or RuleError for a segment that is not there.
    """
    there = SUBSCRIBERS.c.erased_at.is_(None)
    return (there,) if within is None else (there, audience.of_segment(session, within, now))


def sampled(session: Session, most: int) -> tuple[ColumnElement[bool], ...]:
    """SQL: the person is in a sample of about `most` people, the same each time; nothing if all fit."""
    return share_of(SUBSCRIBERS.c.id, session.scalar(select(func.count()).select_from(Subscriber)) or 0, most)


def share_of(who: ColumnElement[Any], count: int, most: int) -> tuple[ColumnElement[bool], ...]:
    """SQL: the person is in a sample that keeps about `most` rows out of `count`; nothing if all fit."""
    if count <= most:
        return ()
    place: ColumnElement[Any] = (who * _SPREAD) % _MODULUS
    return (place < max(most * _MODULUS // count, 1),)
