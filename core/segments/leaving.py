"""Leaving all segments at once: who is forgotten is in none, whatever their rules say or fail to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from core.segments.models import Segment, SegmentMask
from core.segments.moves import Moves, apply

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def leave_all(session: Session, subscriber_id: int, now: datetime) -> Moves:
    """End all stays of a person, in segments that cannot be computed too; sizes and days follow."""
    names = dict(session.execute(select(Segment.id, Segment.name)).all())
    own = SegmentMask.subscriber_id == subscriber_id
    masks = session.execute(select(SegmentMask.block, SegmentMask.mask).where(own, SegmentMask.mask != 0))
    moves = Moves()
    for block, mask in sorted(masks.all()):
        moves += apply(session, block, {subscriber_id: (mask, 0)}, now, names)
    return moves
