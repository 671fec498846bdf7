"""Base kinds as a split of every report: readers, prospects, customers, former ones. One function for all.

And the stages of the whole base: how far each person has come, with the share that goes on to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from core.mailing.ledger import DELIVERIES, State
from core.reports.chunks import counted
from core.reports.rates import Share
from core.segments import catalogue
from core.segments.audience import PEOPLE
from core.segments.fields import SUBSCRIBERS
from core.segments.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.db import Database

KINDS = ("reader", "prospect", "customer", "former")
STAGES = ("came", "agreed", "quiz_started", "quiz_finished", "buyer", "repeat")


def kind_column() -> ColumnElement[Any]:
    """SQL over subscribers JOIN profiles: the person's base kind; grouped by it, a report is split."""
    return catalogue.FIELDS["base_kind"].column.label("base_kind")


def composition(
    session: Session, now: datetime, within: str | None = None, which: Iterable[ColumnElement[bool]] = ()
) -> dict[str, int]:
    """Return how many readers, prospects, customers and former customers there are, in this order.

    Of a segment, or of all people for whom `which` holds. Raises SegmentError for a segment not there.
    """
    kinds = select(kind_column()).select_from(PEOPLE).where(*counted(session, within, now), *which).subquery()
    grouped = select(kinds.c.base_kind, func.count()).group_by(kinds.c.base_kind)
    found = {str(row[0]): int(row[1]) for row in session.execute(grouped)}
    return {kind: found[kind] for kind in (*KINDS, *sorted(set(found) - set(KINDS))) if found.get(kind)}


def of_members(session: Session, number: int, now: datetime) -> dict[str, int]:
    """Return the composition of a segment, found by its members: a small one of a great base costs little."""
    stays = select(Membership.subscriber_id).where(
        Membership.segment_id == number, Membership.left_at.is_(None)
    )
    return composition(session, now, which=(SUBSCRIBERS.c.id.in_(stays),))


def of_newcomers(session: Session, since: datetime | None, now: datetime) -> dict[str, int]:
    """Return what those who first opened the bot since a moment (None = ever) have become."""
    came = SUBSCRIBERS.c.joined_at
    return composition(session, now, which=(came.is_not(None) if since is None else came >= since,))


def of_recipients(session: Session, campaign_id: int, now: datetime) -> dict[str, int]:
    """Return what those a campaign was sent to are now, each once."""
    got = select(DELIVERIES.c.subscriber_id).where(
        DELIVERIES.c.campaign_id == campaign_id, DELIVERIES.c.state == State.SENT
    )
    return composition(session, now, which=(SUBSCRIBERS.c.id.in_(got),))


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: people who stand at it, and those who stand at it or further on."""

    name: str
    here: int
    reached: int
    before: int  # reached the stage before

    @property
    def conversion(self) -> Share:
        """Those who came this far, of those who came as far as the stage before."""
        return Share(self.reached, self.before)


@dataclass(frozen=True, slots=True)
class Stages:
    """The whole base by its furthest stage; `unknown` are people known from files only, who never came."""

    lines: tuple[Stage, ...]
    base: int
    unknown: int
    counted_at: datetime


def stages(db: Database, now: datetime, within: str | None = None) -> Stages:
    """Return how far people have come. Raises SegmentError for a segment that is not there."""
    return db.read_now(_stages, now, within)


def _stages(session: Session, now: datetime, within: str | None) -> Stages:
    came = SUBSCRIBERS.c.joined_at.is_not(None)  # a buyer from a file has never opened the bot
    column = case((came, catalogue.FIELDS["funnel_stage"].column)).label("stage")
    people = select(column).select_from(PEOPLE).where(*counted(session, within, now)).subquery()
    grouped = select(people.c.stage, func.count()).group_by(people.c.stage)
    found = {row[0]: int(row[1]) for row in session.execute(grouped)}
    base, here = sum(found.values()), [found.get(name, 0) for name in STAGES]
    reached = [sum(here[place:]) for place in range(len(STAGES))]
    before = [base, *reached]
    lines = tuple(
        Stage(name, here[place], reached[place], before[place]) for place, name in enumerate(STAGES)
    )
    return Stages(lines, base, found.get(None, 0), now)
