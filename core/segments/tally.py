"""How many came into a segment and left it since a moment of one's own, whoever brought them up to date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core.segments.models import SegmentDay
from core.segments.rules import by_number

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Tally:
    """The size of a segment and how many ever came and went; `error`: why it was not computed lately."""

    size: int
    entered: int
    left: int
    error: str | None = None

    def since(self, before: Tally) -> Tally:
        """Return who came and went after `before` was counted."""
        return Tally(self.size, self.entered - before.entered, self.left - before.left, self.error)


def tally(session: Session, number: int) -> Tally:
    """Count a segment's moves over all its days. Raises SegmentError if there is no such segment.

    Counted in the write that changes a rule and again after the refresh, the difference holds also where
    another refresh has moved some of the people.
    """
    found = by_number(session, number)
    query = select(
        func.coalesce(func.sum(SegmentDay.entered), 0), func.coalesce(func.sum(SegmentDay.left), 0)
    )
    entered, left = session.execute(query.where(SegmentDay.segment_id == number)).one()
    return Tally(found.size, int(entered), int(left), found.error)
