"""An owner's segment taken away for good: who asks for it still, and what remains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from core.segments.errors import SegmentError
from core.segments.models import Segment, SegmentDraft
from core.segments.presets.install import cover
from core.segments.rules import GENERATED, SegmentInfo, asked_for, by_number, info, settle, switch

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def asking(session: Session, name: str) -> tuple[SegmentInfo, ...]:
    """Return the segments whose rules ask for this one, those switched off too: they may be switched on.

    The one whose rule is made of those in force is made anew.
    """
    others = select(Segment).where(Segment.name != name, Segment.deleted_at.is_(None)).order_by(Segment.id)
    others = others.where(Segment.preset.is_distinct_from(GENERATED))
    return tuple(info(one) for one in session.scalars(others) if name in asked_for(one.rule))


def remove(session: Session, number: int, now: datetime) -> SegmentInfo:
    """Take an owner's segment away; returns what it was. Its members leave with the next refresh.

    Its row stays without a name: the number is nobody's again, and each person's past stays keep their
    title. Raises SegmentError for a segment that is gone, ships with the program or is asked for by others.
    """
    was = by_number(session, number)
    if was.is_preset:
        raise SegmentError(f"`{was.name}` ships with the program: switch it off instead.")
    users = asking(session, was.name)
    if users:
        raise SegmentError(f"`{was.name}` is used by `{users[0].name}`; change that rule first.")
    if was.enabled:
        switch(session, was.name, False, now)
    gone = session.get_one(Segment, number)
    gone.name, gone.rule, gone.error, gone.deleted_at = f"~{number}", "", None, now
    settle(session)
    theirs = update(SegmentDraft).where(SegmentDraft.segment_id == number, SegmentDraft.state == "open")
    session.execute(theirs.values(state="dropped"))
    covering = session.scalar(select(Segment.rule).where(Segment.name == GENERATED, Segment.is_preset))
    if covering is not None and was.name in asked_for(covering):
        cover(session, now)
    return was
