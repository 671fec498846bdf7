"""Audiences: who gets which text, counted before a launch and written into the ledger after it.

Planning goes by windows of subscriber ids, each one INSERT … SELECT of at most a few thousand rows: nothing
passes through Python, memory does not grow with the audience, and the place reached commits with the rows.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, bindparam, case, func, literal, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.db import CHUNK
from core.errors import KvizorError
from core.mailing import best_hour, campaigns, canary, copies, ledger, recipients, timing
from core.mailing.ledger import DELIVERIES, State
from core.mailing.models import Campaign
from core.people.models import Subscriber

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.db import Database
    from core.mailing.timing import Clock

WIDEST = 4 * CHUNK  # ids in one window of a thin audience
SLOW_SECONDS = 0.025  # a window that took longer is made narrower: the writer is everybody's
_COLUMNS = [
    "campaign_id",
    "subscriber_id",
    "occasion",
    "content_id",
    "arm",
    "lane",
    "state",
    "reason",
    "due_at",
    "finished_at",
]


@dataclass(frozen=True, slots=True)
class _Order:
    """A planning under way: the statement is built once, its windows are bound."""

    campaign_id: int
    run: int
    after: int
    last: int
    rows: Select[Any]
    clock: Clock | None = None


def plan(db: Database, campaign_id: int, now: datetime) -> bool:
    """Write the ledger of a campaign in state `planning`, then let it run; False if it is not ours to do.

    It resumes where a crash left it, and two planners never double: the place reached is moved by the
    statement's own condition, and the key (campaign, person, occasion) stands behind it.
    """
    if db.read_now(_is_change, campaign_id):
        return copies.plan(db, campaign_id, now)
    order = db.read_now(_order, campaign_id, now)
    if order is None:
        return False
    after, width = order.after, CHUNK
    while after < order.last:
        began = time.monotonic()
        upto = min(after + width, order.last)
        planned = db.write_now(_plan_window, order, after, upto)
        if planned is None:
            return False
        if order.clock is not None:
            _follow_habits(db, order, order.clock, after, upto, now)
        after, width = upto, _next_width(width, planned, time.monotonic() - began)
    return db.write_now(_run, order, db.read_now(canary.draw, campaign_id), now)


def _follow_habits(db: Database, order: _Order, clock: Clock, after: int, upto: int, now: datetime) -> None:
    """Give those of a window whose best hour is another than the base's their own."""
    for hour, people in db.read_now(best_hour.of_people, after, upto, clock.base, now).items():
        db.write_now(_move_to, order.campaign_id, clock.at(hour), people, now)


def _move_to(session: Session, campaign_id: int, clock: Clock, people: list[int], now: datetime) -> None:
    c = DELIVERIES.c
    mine = update(DELIVERIES).where(
        c.campaign_id == campaign_id, c.subscriber_id.in_(people), c.state == ledger.PLANNED
    )
    session.connection().execute(mine.values(due_at=timing.due(session, clock, c.subscriber_id, now)))


def _next_width(width: int, planned: int, seconds: float) -> int:
    if planned > CHUNK // 2:
        return CHUNK if seconds < 2 * SLOW_SECONDS else CHUNK // 2
    return max(CHUNK // 2, width // 2) if seconds > SLOW_SECONDS else min(2 * width, WIDEST)


def _is_change(session: Session, campaign_id: int) -> bool:
    return session.scalar(select(Campaign.act).where(Campaign.id == campaign_id)) != "send"


def _order(session: Session, campaign_id: int, now: datetime) -> _Order | None:
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.state != "planning":
        return None
    people = recipients.of_campaign(session, campaign, now)
    clock = timing.clock_of(session, campaign, now)
    due_at: ColumnElement[datetime] = literal(campaign.due_at or now, DELIVERIES.c.due_at.type)
    if clock is not None:
        due_at = timing.due(session, clock, timing.PEOPLE.c.id, now)
    state = case((people.reason.is_(None), State.PLANNED.value), else_=State.SUPPRESSED.value)
    closed = literal(now, DELIVERIES.c.finished_at.type)
    rows = (
        select(
            literal(campaign.id), Subscriber.id, people.occasion, people.content, people.arm,
            literal(campaign.lane), state, people.reason, due_at,
            case((people.reason.is_(None), null()), else_=closed),
        )
        .select_from(people.source)
        .where(Subscriber.id > bindparam("after"), Subscriber.id <= bindparam("upto"), *people.where)
    )  # fmt: skip
    last = session.scalar(select(func.max(Subscriber.id))) or 0
    return _Order(campaign.id, campaign.run, campaign.planned_until, last, rows, clock)


def _plan_window(session: Session, order: _Order, after: int, upto: int) -> int | None:
    """Plan one window; None when the campaign was paused or another planner is further."""
    mine = update(Campaign).where(
        Campaign.id == order.campaign_id,
        Campaign.state == "planning",
        Campaign.run == order.run,
        Campaign.planned_until == after,
    )
    if not session.execute(mine.values(planned_until=upto)).rowcount:  # type: ignore[attr-defined]
        return None
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    into = dialect.insert(DELIVERIES).from_select(_COLUMNS, order.rows).on_conflict_do_nothing()
    counted = into.execution_options(preserve_rowcount=True)
    return int(session.connection().execute(counted, {"after": after, "upto": upto}).rowcount)


def _run(session: Session, order: _Order, first: list[int], now: datetime) -> bool:
    planned = update(Campaign).where(
        Campaign.id == order.campaign_id, Campaign.state == "planning", Campaign.run == order.run
    )
    moved = session.execute(planned.values(state="running", started_at=now))
    if moved.rowcount:  # type: ignore[attr-defined]
        canary.send_first(session, order.campaign_id, first)
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def due(db: Database, now: datetime) -> int:
    """Do all that is due: begin scheduled campaigns, finish planning, close what will not be sent.

    Returns how many campaigns it let run; the sender should be woken when there are any.
    """
    db.write_now(_begin_due, now)
    started = sum(_plan_or_pause(db, campaign_id, now) for campaign_id in db.read_now(_in_state, "planning"))
    started += canary.judge_all(db, now)
    close_cancelled(db, now)
    for campaign_id, hours in db.read_now(_expiring):
        for is_postponed in (False, True):
            while db.write_now(_expire, campaign_id, now - timedelta(hours=hours), now, is_postponed):
                pass
    return started


def close_cancelled(db: Database, now: datetime) -> None:
    """Close what cancelled campaigns have not begun to send, as suppressed."""
    for campaign_id in db.read_now(_in_state, "cancelled", open_only=True):
        while db.write_now(ledger.close_planned, campaign_id, State.SUPPRESSED, "cancelled", now, CHUNK):
            pass


def _plan_or_pause(db: Database, campaign_id: int, now: datetime) -> bool:
    """Plan a campaign; one whose rule or text can no longer be read waits for its owner, the others go on."""
    try:
        return bool(plan(db, campaign_id, now))
    except KvizorError as error:
        db.write_now(campaigns.pause, campaign_id, str(error))
        return False


def _begin_due(session: Session, now: datetime) -> None:
    ready = update(Campaign).where(Campaign.state == "scheduled", Campaign.due_at <= now)
    fresh = case((Campaign.canary == canary.Stage.OFF, canary.Stage.OFF.value), else_=None)
    session.execute(ready.values(state="planning", planned_until=0, run=Campaign.run + 1, canary=fresh))


def _in_state(session: Session, state: str, *, open_only: bool = False) -> list[int]:
    wanted = select(Campaign.id).where(Campaign.state == state).order_by(Campaign.due_at, Campaign.id)
    if open_only:
        left = select(DELIVERIES.c.id).where(
            DELIVERIES.c.campaign_id == Campaign.id, DELIVERIES.c.state == ledger.PLANNED
        )
        wanted = wanted.where(left.exists())
    return list(session.scalars(wanted))


def _expiring(session: Session) -> list[tuple[int, int]]:
    late = select(Campaign.id, Campaign.expires_hours).where(
        Campaign.state.in_(("running", "paused")), Campaign.expires_hours.is_not(None)
    )
    return [(campaign_id, hours or 0) for campaign_id, hours in session.execute(late)]


def _expire(session: Session, campaign_id: int, before: datetime, now: datetime, is_postponed: bool) -> int:
    """End letters that were due too long ago; those of quiet hours are found by an index of their own."""
    table = DELIVERIES.c
    late = select(table.id).where(table.campaign_id == campaign_id, table.state == ledger.PLANNED)
    if is_postponed:
        late = late.where(table.first_due_at.is_not(None), table.first_due_at <= before)
    else:
        late = late.where(table.due_at <= before)
    closing = update(DELIVERIES).where(table.id.in_(late.limit(CHUNK)), table.state == ledger.PLANNED)
    closed = session.connection().execute(closing.values(state=State.EXPIRED, finished_at=now))
    return int(closed.rowcount)
