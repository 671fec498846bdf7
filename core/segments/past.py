"""Who was in a segment on a past day: the stays that were open when the local day ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, union_all

from core import clock
from core.people import activity
from core.people.models import Subscriber
from core.people.text import full_name
from core.segments.errors import SegmentError
from core.segments.models import Membership, Segment, SegmentDay, SegmentRule
from core.segments.rules import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import CompoundSelect, Subquery
    from sqlalchemy.orm import Session

SAMPLE = 5


class DayError(SegmentError):
    """A day nobody can be asked about: it is still to come."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who was in the segment then; `until` is None while he still is."""

    subscriber_id: int
    name: str
    username: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PastDay:
    """A segment at the end of one local day; of today, so far.

    `known_since` is the first day anything is known of it, None while it was never counted; on an earlier day
    nobody was in it. `rule` is the one that held that day, None before the first.
    """

    name: str
    day: date
    count: int
    still: int  # of them have not left since
    sample: tuple[Member, ...]
    known_since: date | None
    rule: str | None
    is_today: bool

    @property
    def is_before(self) -> bool:
        """Whether the segment did not exist yet."""
        return self.known_since is None or self.day < self.known_since


def day_end(day: date) -> datetime:
    """Return the moment a local day ends: the next one's first, 23 or 25 hours on where clocks change."""
    return clock.day_start(day + timedelta(days=1), activity.zone())


def check_day(day: date, now: datetime) -> None:
    """Raise DayError for a day that is still to come."""
    today = clock.local_day(now, activity.zone())
    if day > today:
        raise DayError(f"{day.isoformat()} is still to come; the last day that can be asked is {today}")


def stays_at(numbers: Sequence[int], end: datetime) -> CompoundSelect[Any]:
    """Select (id, segment_id, subscriber_id, left_at) of the stays open at a day's end, out of one index.

    Two halves instead of an OR: each is a range of (segment_id, left_at), so that stays which were over
    before that day are never looked at, however long the history.
    """
    columns = select(Membership.id, Membership.segment_id, Membership.subscriber_id, Membership.left_at)
    own = (Membership.segment_id.in_(numbers), Membership.entered_at < end)
    return union_all(
        columns.where(*own, Membership.left_at.is_(None)), columns.where(*own, Membership.left_at >= end)
    )


def on_day(session: Session, name: str, day: date, now: datetime, sample: int = SAMPLE) -> PastDay:
    """Return who was in a segment at the end of a local day.

    Raises SegmentError if there is no such segment, DayError for a day still to come.
    """
    number = find(session, name).number
    check_day(day, now)
    stays = stays_at([number], day_end(day)).subquery()
    count, left = session.execute(select(func.count(), func.count(stays.c.left_at))).one()
    return PastDay(
        name=name,
        day=day,
        count=count,
        still=count - left,
        sample=tuple(_sample(session, stays, sample)),
        known_since=_known_since(session, number),
        rule=_rule_on(session, number, day_end(day)),
        is_today=day == clock.local_day(now, activity.zone()),
    )


def _sample(session: Session, stays: Subquery, most: int) -> list[Member]:
    """Return those who had come last by then."""
    newest = select(stays.c.id).order_by(stays.c.id.desc()).limit(most)
    query = (
        select(
            Subscriber.id,
            Subscriber.first_name,
            Subscriber.last_name,
            Subscriber.username,
            Membership.entered_at,
            Membership.left_at,
        )
        .join(Membership, Membership.subscriber_id == Subscriber.id)
        .where(Membership.id.in_(newest))
        .order_by(Membership.id.desc())
    )
    return [
        Member(who, full_name(first, last), username, since, until)
        for who, first, last, username, since, until in session.execute(query)
    ]


def _known_since(session: Session, number: int) -> date | None:
    """Return the day of the first refresh, or of the definition where that came earlier than any."""
    first = session.scalar(select(func.min(SegmentDay.day)).where(SegmentDay.segment_id == number))
    made = session.scalar(select(Segment.created_at).where(Segment.id == number))
    born = None if made is None else clock.local_day(made, activity.zone())
    return min((day for day in (first, born) if day is not None), default=None)


def _rule_on(session: Session, number: int, end: datetime) -> str | None:
    query = (
        select(SegmentRule.rule)
        .where(SegmentRule.segment_id == number, SegmentRule.since < end)
        .order_by(SegmentRule.since.desc(), SegmentRule.id.desc())
        .limit(1)
    )
    return session.scalar(query)
