"""What follows from the stays: masks, sizes, days; and whether the stays themselves are well-formed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, cast, func, literal, or_, select

from core.db import table
from core.doctor.differing import Target, Who, Wrong, compared
from core.people.models import Event
from core.segments.blocks import BITS
from core.segments.models import Membership, Segment, SegmentMask

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

_MASKS, _STAYS, _SEGMENTS, _EVENTS = (table(model) for model in (SegmentMask, Membership, Segment, Event))
_FACTS = {"segment_entered": _STAYS.c.entered_at, "segment_left": _STAYS.c.left_at}


@dataclass(frozen=True)
class Masks:
    """The masks of segments, beside the stays that are open. A mask of no bits is no mask."""

    @property
    def target(self) -> Target:
        """The table of masks."""
        return Target(_MASKS, ("subscriber_id", "block"), ("mask",))

    def count(self, session: Session, who: Who) -> int:
        """Return how many masks have a bit."""
        query = select(func.count()).select_from(_MASKS).where(who(_MASKS.c.subscriber_id))
        return session.scalar(query.where(_MASKS.c.mask != 0)) or 0

    def wrong(self, session: Session, who: Who) -> list[Wrong]:
        """Return the masks that differ from the open stays."""
        c = _STAYS.c
        place = c.segment_id - 1
        block, bit = place // BITS, literal(1, BigInteger).bitwise_lshift(place % BITS)
        rebuilt = (
            select(c.subscriber_id, block.label("block"), cast(func.sum(bit), BigInteger))
            .where(c.left_at.is_(None), who(c.subscriber_id))
            .group_by(c.subscriber_id, block)
        )
        return compared(session, self.target, self.target.rows(who).where(_MASKS.c.mask != 0), rebuilt)


def misshapen(session: Session, who: Who) -> list[tuple[int, str]]:
    """Return stays that end before they begin or overlap another one, with the person: facts, not mended."""
    c = _STAYS.c
    window: dict[str, Any] = {
        "partition_by": [c.subscriber_id, c.segment_id],
        "order_by": [c.entered_at, c.id],
    }
    stays = (
        select(
            c.subscriber_id, c.segment_id, c.entered_at, c.left_at,
            func.lag(c.left_at).over(**window).label("before"),
            func.row_number().over(**window).label("place"),
        ).where(who(c.subscriber_id))
    ).subquery()  # fmt: skip
    s = stays.c
    overlaps = and_(s.place > 1, or_(s.before.is_(None), s.before > s.entered_at))
    query = (
        select(s.subscriber_id, _SEGMENTS.c.name, s.left_at < s.entered_at)
        .join(_SEGMENTS, _SEGMENTS.c.id == s.segment_id)
        .where(or_(s.left_at < s.entered_at, overlaps))
        .order_by(s.subscriber_id, _SEGMENTS.c.name)
    )
    found = []
    for person, name, is_backwards in session.execute(query):
        how = "ends before it begins" if is_backwards else "begins before the one before it has ended"
        found.append((person, f"person {person}, segment {name}: a stay {how}"))
    return found


def told_otherwise(session: Session, who: Who) -> list[tuple[int, str]]:
    """Return facts `segment_entered` and `segment_left` without such a stay, with the person.

    The reverse is no fault: who was in a segment before it was first computed has a stay and no fact.
    """
    return [
        (person, f"person {person}: {kind} {name} at {at:%Y-%m-%d %H:%M:%S}, and there is no such stay")
        for kind, column in _FACTS.items()
        for person, name, at in session.execute(_without_stay(kind, column, who))
    ]


def _without_stay(kind: str, moment: ColumnElement[Any], who: Who) -> Select[Any]:
    name = Event.detail["segment"].as_string()
    stay = (
        select(_STAYS.c.id)
        .join(_SEGMENTS, _SEGMENTS.c.id == _STAYS.c.segment_id)
        .where(_STAYS.c.subscriber_id == _EVENTS.c.subscriber_id, moment == _EVENTS.c.at)
        .where(_SEGMENTS.c.name == name)
        .correlate(_EVENTS)
    )
    return (
        select(_EVENTS.c.subscriber_id, name, _EVENTS.c.at)
        .where(who(_EVENTS.c.subscriber_id), _EVENTS.c.kind == kind, name.is_not(None), ~stay.exists())
        .order_by(_EVENTS.c.subscriber_id, _EVENTS.c.at)
    )
