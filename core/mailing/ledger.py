"""The ledger: one row per message, person and occasion, and the only verbs that move it.

planned → started → sent | failed(reason) | unknown, or planned → suppressed(reason) | expired. A started row
never starts again; only what was surely not sent returns to planned. The sum of the states is the audience.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, literal, literal_column, select, update

from core.db import table
from core.mailing.models import Delivery
from core.people.models import Subscriber
from core.people.subscribers import Status

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

DELIVERIES = table(Delivery)  # Core, not ORM: this is the hot path
LEASE = "sender"


class Lane(IntEnum):
    """Who goes first; replies are outside the ledger and only share the throttle."""

    REPLY = 0
    TRANSACTIONAL = 1
    SERIES = 2
    BROADCAST = 3
    COPIES = 4  # changes of copies already sent: no letters, so nobody's counters know them


class State(StrEnum):
    """Where a delivery stands."""

    PLANNED = "planned"
    STARTED = "started"  # an attempt is committed, the call may be on its way
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"  # perhaps delivered; never repeated by itself


# Partial indexes are found only by a literal, never by a bound value.
PLANNED: ColumnElement[str] = literal_column("'planned'")
STARTED: ColumnElement[str] = literal_column("'started'")


@dataclass(frozen=True, slots=True)
class Totals:
    """The R1 sum of a campaign: audience = sent + failed + suppressed + expired + unknown + pending."""

    audience: int = 0
    sent: int = 0
    failed: int = 0
    suppressed: int = 0
    expired: int = 0
    unknown: int = 0
    pending: int = 0
    resent: int = 0  # further attempts chosen by the owner, outside the audience
    reasons: dict[str, int] = field(default_factory=dict)


def totals(session: Session, campaign_id: int) -> Totals:
    """Count a campaign's deliveries by state and reason, out of one index; resends are left out."""
    counts: dict[str, int] = {}
    reasons: dict[str, int] = {}
    resends = _grouped(session, campaign_id, resends_only=True)
    signed = [*_grouped(session, campaign_id), *((state, reason, -count) for state, reason, count in resends)]
    for state, reason, count in signed:
        counts[state] = counts.get(state, 0) + count
        if reason and state in (State.FAILED, State.SUPPRESSED):
            reasons[reason] = reasons.get(reason, 0) + count
    pending = counts.pop(State.PLANNED, 0) + counts.pop(State.STARTED, 0)
    return Totals(
        audience=pending + sum(counts.values()),
        pending=pending,
        resent=sum(count for *_, count in resends),
        reasons={reason: count for reason, count in reasons.items() if count},
        **counts,
    )


def _grouped(
    session: Session, campaign_id: int, *, resends_only: bool = False
) -> list[tuple[str, str | None, int]]:
    table = DELIVERIES.c
    grouped = (
        select(table.state, table.reason, func.count())
        .where(table.campaign_id == campaign_id)
        .group_by(table.state, table.reason)
    )
    if resends_only:
        grouped = grouped.where(table.parent_id.is_not(None))
    return [(state, reason, count) for state, reason, count in session.execute(grouped)]


def doubtful(session: Session, campaign_id: int) -> int:
    """Return how many letters are unknown that nobody has sent again."""
    table, child = DELIVERIES.c, DELIVERIES.alias("child")
    unknown = select(func.count()).where(
        table.campaign_id == campaign_id,
        table.state == State.UNKNOWN,
        table.parent_id.is_(None),
        ~select(child.c.id).where(child.c.parent_id == table.id).exists(),
    )
    return session.scalar(unknown) or 0


def is_finished(session: Session, campaign_id: int) -> bool:
    """Say whether a campaign has no row left that is not terminal: nothing else means finished (R6)."""
    table = DELIVERIES.c
    open_rows = select(table.id).where(
        table.campaign_id == campaign_id, table.state.in_((State.PLANNED, State.STARTED))
    )
    return session.execute(open_rows.limit(1)).first() is None


def recover(session: Session, fence: int, now: datetime) -> int:
    """Close what earlier holders of the lease left started: nobody knows whether it arrived (R2).

    A holder that was only slow may still report a letter as sent afterwards. Returns how many were closed.
    """
    statement = (
        update(DELIVERIES)
        .where(DELIVERIES.c.state == STARTED, DELIVERIES.c.fence < fence)
        .values(state=State.UNKNOWN, reason="interrupted", finished_at=now)
    )
    return _changed(session.connection().execute(statement))


_RESENT = ["campaign_id", "subscriber_id", "occasion", "content_id", "lane", "state", "due_at", "parent_id"]


def resend(
    session: Session,
    campaign_id: int,
    now: datetime,
    ids: Collection[int] | None = None,
    *,
    state: State = State.UNKNOWN,
    most: int | None = None,
) -> int:
    """Plan a further attempt for deliveries that ended in a state, each at most once; returns how many.

    The first row stays as it is; the attempt is a child row. Of the unknown ones somebody may get the letter
    twice: the owner chose it, or it is transactional and promised. Failed ones are tried again only where
    the person can be written to by now.
    """
    table, child = DELIVERIES.c, DELIVERIES.alias("child")
    source = select(
        table.campaign_id, table.subscriber_id, table.occasion + literal(":again"), table.content_id,
        table.lane, literal(State.PLANNED.value), literal(now, table.due_at.type), table.id,
    ).where(
        table.campaign_id == campaign_id, table.state == state, table.parent_id.is_(None),
        ~select(child.c.id).where(child.c.parent_id == table.id).exists(),
    )  # fmt: skip
    if ids is not None:
        source = source.where(table.id.in_(ids))
    if state is State.FAILED:
        reached = select(Subscriber.id).where(
            Subscriber.id == table.subscriber_id, Subscriber.status == Status.ACTIVE.value
        )
        source = source.where(reached.exists())
    if most is not None:
        source = source.order_by(table.id).limit(most)
    into = insert(DELIVERIES).from_select(_RESENT, source).execution_options(preserve_rowcount=True)
    return _changed(session.connection().execute(into))


def close_planned(
    session: Session, campaign_id: int, state: State, reason: str, now: datetime, most: int
) -> int:
    """End up to `most` planned rows of a campaign without an attempt; returns how many there were."""
    ids = select(DELIVERIES.c.id).where(
        DELIVERIES.c.campaign_id == campaign_id, DELIVERIES.c.state == PLANNED
    )
    statement = (
        update(DELIVERIES)
        .where(DELIVERIES.c.id.in_(ids.limit(most)), DELIVERIES.c.state == PLANNED)
        .values(state=state, reason=reason, finished_at=now)
    )
    return _changed(session.connection().execute(statement))


def _changed(result: Any) -> int:
    return int(result.rowcount)
