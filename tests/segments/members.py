"""Who is where by the stays alone: the tests' own reading of the interval table."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.segments.models import Membership, Segment


def members_at(session: Session, name: str, moment: datetime) -> tuple[int, ...]:
    """Who was in a segment at a moment; a stay ends just before `left_at`."""
    query = (
        select(Membership.subscriber_id)
        .join(Segment, Segment.id == Membership.segment_id)
        .where(
            Segment.name == name,
            Membership.entered_at <= moment,
            or_(Membership.left_at.is_(None), Membership.left_at > moment),
        )
        .order_by(Membership.subscriber_id)
    )
    return tuple(session.scalars(query))


def segments_of(session: Session, who: int) -> tuple[str, ...]:
    """The names of the segments a person is in."""
    query = (
        select(Segment.name)
        .join(Membership, Membership.segment_id == Segment.id)
        .where(Membership.subscriber_id == who, Membership.left_at.is_(None))
        .order_by(Segment.id)
    )
    return tuple(session.scalars(query))


def stays_of(session: Session, who: int) -> dict[str, list[tuple[datetime, datetime | None]]]:
    """When a person came to each segment and left it, in the order in which he came."""
    query = (
        select(Segment.name, Membership.entered_at, Membership.left_at)
        .join(Segment, Segment.id == Membership.segment_id)
        .where(Membership.subscriber_id == who)
        .order_by(Membership.entered_at, Segment.id)
    )
    found: dict[str, list[tuple[datetime, datetime | None]]] = {}
    for name, entered, left in session.execute(query):
        found.setdefault(name, []).append((entered, left))
    return found
