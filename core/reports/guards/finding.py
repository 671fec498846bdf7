"""What a guard finds: about whom, how many people and how much money it concerns, and the numbers to tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zlib import crc32

from sqlalchemy import func, select

from core.people.models import Profile
from core.segments.models import Membership

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


SUBJECT = 64  # characters of `guard_alarms.subject`


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause for alarm; the same `guard` and `subject` the next time are the same cause.

    `money`: what these people have paid so far, in minor units of the base currency.
    """

    guard: str
    subject: str
    people: int
    money: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    subscriber_id: int | None = None

    def __post_init__(self) -> None:
        """Cut a subject that its column cannot hold, so that two long ones stay two."""
        if len(self.subject) > SUBJECT:
            mark = f"~{crc32(self.subject.encode()):08x}"
            object.__setattr__(self, "subject", self.subject[: SUBJECT - len(mark)] + mark)


def money_of(session: Session, segment_id: int) -> int:
    """Return what the members of a segment have paid."""
    query = (
        select(func.coalesce(func.sum(Profile.purchases_total), 0))
        .join(Membership, Membership.subscriber_id == Profile.subscriber_id)
        .where(Membership.segment_id == segment_id, Membership.left_at.is_(None))
        .where(Profile.purchases_count > 0)
    )
    return int(session.scalar(query) or 0)
