"""Audiences: who gets which text, counted before a launch and written into the ledger after it.

Planning goes by windows of subscriber ids, each one INSERT … SELECT of at most a few thousand rows: nothing
passes through Python, memory does not grow with the audience, and the place reached commits with the rows.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from core.db import CHUNK, table
from core.errors import KvizorError
from core.mailing import campaigns, ledger
from core.mailing.ledger import DELIVERIES, State
from core.mailing.models import Campaign, CampaignVariant
from core.mailing.reasons import reason_not_to_write
from core.people.models import Profile, Subscriber
from core.segments import audience
from core.segments.models import Membership

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.db import Database

MEMBERSHIPS = table(Membership)
NO_VARIANT = "no_variant"
WIDEST = 4 * CHUNK  # ids in one window of a thin audience
SLOW_SECONDS = 0.025  # a window that took longer is made narrower: the writer is everybody's
_COLUMNS = [
    "campaign_id",
    "subscriber_id",
    "occasion",
    "content_id",
    "lane",
    "state",
    "reason",
    "due_at",
    "finished_at",
]


@dataclass(frozen=True, slots=True)
class Preview:
    """A dry run: audience = will_get + the sum of reasons. `contents` counts letters by content id."""

    audience: int
    will_get: int
    reasons: dict[str, int] = field(default_factory=dict)
    contents: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0
    finishes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _People:
    """SQL over one audience: whom, which content, which occasion, why not."""

    source: Any
    where: list[ColumnElement[bool]]
    content: ColumnElement[int | None]
    occasion: ColumnElement[str]
    reason: ColumnElement[str | None]


def preview(session: Session, campaign_id: int, now: datetime, per_second: float = 25.0) -> Preview:
    """Count what a launch now would do; `per_second` is the bulk share of the limit."""
    people = _people(session, session.get_one(Campaign, campaign_id), now)
    fresh = (
        ~select(DELIVERIES.c.id)
        .where(
            DELIVERIES.c.campaign_id == campaign_id,
            DELIVERIES.c.subscriber_id == Subscriber.id,
            DELIVERIES.c.occasion == people.occasion,
        )
        .exists()
    )
    why, what = people.reason.label("why"), people.content.label("what")
    listed = select(why, what).select_from(people.source).where(*people.where, fresh).subquery()
    counted = select(listed.c.why, listed.c.what, func.count()).group_by(listed.c.why, listed.c.what)
    reasons: dict[str, int] = {}
    contents: dict[int, int] = {}
    for reason, content_id, count in session.execute(counted):
        if reason is None:
            contents[content_id] = contents.get(content_id, 0) + count
        else:
            reasons[reason] = reasons.get(reason, 0) + count
    will_get = sum(contents.values())
    seconds = will_get / per_second
    return Preview(
        will_get + sum(reasons.values()),
        will_get,
        reasons,
        contents,
        seconds,
        now + timedelta(seconds=seconds),
    )


def _people(session: Session, campaign: Campaign, now: datetime) -> _People:
    source = Subscriber.__table__.join(Profile.__table__, Profile.subscriber_id == Subscriber.id)
    where = [audience.condition(session, campaign.audience, now)]
    occasion: ColumnElement[str] = literal("once")
    if campaign.occasion == "run":
        # A draft's next run; while planning, `run` is the present one already.
        occasion = literal(f"run:{campaign.run + (campaign.state != 'planning')}")
    elif campaign.occasion == "stay":
        stay = and_(
            MEMBERSHIPS.c.subscriber_id == Subscriber.id,
            MEMBERSHIPS.c.segment_id == campaign.segment_id,
            MEMBERSHIPS.c.left_at.is_(None),
        )
        source = source.join(MEMBERSHIPS, stay)
        occasion = literal("stay:") + cast(MEMBERSHIPS.c.id, String)
    content = _content(session, campaign.id, now)
    reason = func.coalesce(
        reason_not_to_write(campaign.purpose, campaign.topic_id), case((content.is_(None), NO_VARIANT))
    )
    return _People(source, where, content, occasion, reason)


def _content(session: Session, campaign_id: int, now: datetime) -> ColumnElement[int | None]:
    """SQL: the content of the first variant whose rule and language hold, NULL when none does."""
    rows = session.execute(
        select(CampaignVariant.rule, CampaignVariant.language, CampaignVariant.content_id)
        .where(CampaignVariant.campaign_id == campaign_id)
        .order_by(CampaignVariant.position)
    )
    choices = []
    for rule, language, content_id in rows:
        holds = true() if rule is None else audience.condition(session, rule, now)
        if language:
            holds = and_(holds, Subscriber.language == language)
        choices.append((holds, literal(content_id, Integer)))
    return case(*choices, else_=null()) if choices else literal(None, Integer)


@dataclass(frozen=True, slots=True)
class _Order:
    """A planning under way: the statement is built once, its windows are bound."""

    campaign_id: int
    run: int
    after: int
    last: int
    rows: Select[Any]


def plan(db: Database, campaign_id: int, now: datetime) -> bool:
    """Write the ledger of a campaign in state `planning`, then let it run; False if it is not ours to do.

    It resumes where a crash left it, and two planners never double: the place reached is moved by the
    statement's own condition, and the key (campaign, person, occasion) stands behind it.
    """
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
        after, width = upto, _next_width(width, planned, time.monotonic() - began)
    return db.write_now(_run, order, now)


def _next_width(width: int, planned: int, seconds: float) -> int:
    if planned > CHUNK // 2:
        return CHUNK if seconds < 2 * SLOW_SECONDS else CHUNK // 2
    return max(CHUNK // 2, width // 2) if seconds > SLOW_SECONDS else min(2 * width, WIDEST)


def _order(session: Session, campaign_id: int, now: datetime) -> _Order | None:
    campaign = session.get(Campaign, campaign_id)
    if campaign is None or campaign.state != "planning":
        return None
    people = _people(session, campaign, now)
    state = case((people.reason.is_(None), State.PLANNED.value), else_=State.SUPPRESSED.value)
    closed = literal(now, DELIVERIES.c.finished_at.type)
    rows = (
        select(
            literal(campaign.id), Subscriber.id, people.occasion, people.content, literal(campaign.lane),
            state, people.reason, literal(campaign.due_at or now, DELIVERIES.c.due_at.type),
            case((people.reason.is_(None), null()), else_=closed),
        )
        .select_from(people.source)
        .where(Subscriber.id > bindparam("after"), Subscriber.id <= bindparam("upto"), *people.where)
    )  # fmt: skip
    last = session.scalar(select(func.max(Subscriber.id))) or 0
    return _Order(campaign.id, campaign.run, campaign.planned_until, last, rows)


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


def _run(session: Session, order: _Order, now: datetime) -> bool:
    planned = update(Campaign).where(
        Campaign.id == order.campaign_id, Campaign.state == "planning", Campaign.run == order.run
    )
    moved = session.execute(planned.values(state="running", started_at=now))
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def due(db: Database, now: datetime) -> int:
    """Do all that is due: begin scheduled campaigns, finish planning, close what will not be sent.

    Returns how many campaigns it let run; the sender should be woken when there are any.
    """
    db.write_now(_begin_due, now)
    started = sum(_plan_or_pause(db, campaign_id, now) for campaign_id in db.read_now(_in_state, "planning"))
    for campaign_id in db.read_now(_in_state, "cancelled", open_only=True):
        while db.write_now(ledger.close_planned, campaign_id, State.SUPPRESSED, "cancelled", now, CHUNK):
            pass
    for campaign_id, hours in db.read_now(_expiring):
        for is_postponed in (False, True):
            while db.write_now(_expire, campaign_id, now - timedelta(hours=hours), now, is_postponed):
                pass
    return started


def _plan_or_pause(db: Database, campaign_id: int, now: datetime) -> bool:
    """Plan a campaign; one whose rule or text can no longer be read waits for its owner, the others go on."""
    try:
        return bool(plan(db, campaign_id, now))
    except KvizorError as error:
        db.write_now(campaigns.pause, campaign_id, str(error))
        return False


def _begin_due(session: Session, now: datetime) -> None:
    ready = update(Campaign).where(Campaign.state == "scheduled", Campaign.due_at <= now)
    session.execute(ready.values(state="planning", planned_until=0, run=Campaign.run + 1))


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
