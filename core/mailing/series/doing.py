"""Doing a step: what is decided for each person who stands at it, and how that is written down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    false,
    literal,
    null,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from core.db import note_touched, table
from core.mailing import caps, promo, recipients
from core.mailing.ledger import DELIVERIES, Lane
from core.mailing.ledger import State as Delivered
from core.mailing.reasons import ADVERTISING
from core.mailing.series import leaving, plans, timing
from core.mailing.series.definition import State
from core.mailing.series.enrolling import ENROLLMENTS, Arrival, due_at, enroll, zone_of
from core.mailing.series.judging import exit_of
from core.mailing.series.leaving import OCCASION, Stand
from core.mailing.series.models import Series, SeriesStep
from core.people import archive
from core.people.choices import Preference
from core.people.models import Profile, Subscriber, Tag
from core.people.text import fold
from core.segments import audience

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from core.mailing.series.plans import Plan, Stage

TAGS = table(Tag)
TOUCHING = 20  # people whose segments are computed in one write: it stays far below 50 ms
AGAIN = timedelta(hours=6)  # until a person who has had letters enough is asked about again
ROUND = 100  # how often one tick looks again for steps that became due by those it did
NOT_NOW, NO_VARIANT, HAD = "condition", recipients.NO_VARIANT, "had_already"
_HAD = (Delivered.STARTED.value, Delivered.SENT.value, Delivered.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class Here:
    """A step with the question asked of everybody who stands at it; built once for many chunks."""

    stage: Stage
    revision: int
    asked: Select[Any]
    values: dict[str, Any]  # what is bound in it beside the enrollments


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes of one person's step: an end, or a place to go to; with it perhaps a letter or tags."""

    stand: Stand
    end: str | None = None
    step_id: int | None = None
    due_at: datetime | None = None
    letter: dict[str, Any] | None = None
    tags: bool = False
    handed: bool = False

    @property
    def is_touching(self) -> bool:
        """Whether rules may ask for what this changes."""
        return self.tags or self.end == State.FINISHED.value


def forward(
    plan: Plan, stage: Stage, stand: Stand, base: datetime, zone: str | None, **more: Any
) -> Decision:
    """Go on to the step after this one, counted from `base`, or finish after the last."""
    following = plan.after(stage)
    if following is None:
        return Decision(stand, end=State.FINISHED.value, **more)
    return Decision(stand, step_id=following.id, due_at=due_at(following, base, zone), **more)


def look(session: Session, plan: Plan, stage: Stage, now: datetime) -> Here:
    """Build the question of a step. Raises RuleError for a rule that can no longer be read."""
    e = ENROLLMENTS.c
    capped = caps.of(plan.purpose, None) if stage.kind == "letter" else caps.NONE
    asks = stage.kind != "wait" and not stage.is_removed and stage.condition
    holds = audience.condition(session, stage.condition, now) if asks and stage.condition else true()
    content: ColumnElement[Any] = null()
    had: ColumnElement[bool] = false()
    was: ColumnElement[bool] = false()
    if stage.campaign_id is not None and not stage.is_removed:
        content = recipients.content_for(session, stage.campaign_id, now)
        had, was = _had(session, stage), _was_written(stage.campaign_id)
    asked = (
        select(
            e.id, e.subscriber_id, Preference.time_zone, exit_of(session, plan, now).label("over"),
            case((holds, True), else_=False).label("holds"), content.label("content"),
            had.label("had"), was.label("was"), _not_yet(plan, stage, capped).label("capped"),
        )
        .select_from(ENROLLMENTS)
        .join(Subscriber, Subscriber.id == e.subscriber_id)
        .join(Profile, Profile.subscriber_id == Subscriber.id)
        .outerjoin(Preference, Preference.subscriber_id == Subscriber.id)
        .where(
            e.id.in_(bindparam("ids", expanding=True)), e.step_id == stage.id,
            e.state == State.ACTIVE.value, e.due_at <= now,
        )
        .order_by(e.id)
        .with_for_update(of=ENROLLMENTS)
    )  # fmt: skip
    return Here(stage, plan.revision, asked, dict(caps.values(now)) if capped else {})


def _not_yet(plan: Plan, stage: Stage, capped: caps.Caps) -> ColumnElement[bool]:
    """SQL: a letter has to be put off: he has had enough of them, or is to be left in peace for a while."""
    if stage.kind != "letter" or plan.purpose != ADVERTISING:
        return false()
    return or_(caps.reached(capped, plan.topic_id), archive.has_tag(archive.PAUSED))


def _had(session: Session, stage: Stage) -> ColumnElement[bool]:
    """SQL: he was handed on to this series, and got this very letter on his way so far."""
    same = select(SeriesStep.campaign_id).where(
        SeriesStep.letter_key == stage.letter_key, SeriesStep.campaign_id.is_not(None)
    )
    d = DELIVERIES.c
    got = exists().where(
        d.campaign_id.in_(list(session.scalars(same))),
        d.subscriber_id == ENROLLMENTS.c.subscriber_id,
        d.state.in_(_HAD),
    )
    return and_(ENROLLMENTS.c.parent_id.is_not(None), got.correlate(ENROLLMENTS))


def _was_written(campaign_id: int) -> ColumnElement[bool]:
    """SQL: this enrollment has had this step, before an edit moved it."""
    d, e = DELIVERIES.c, ENROLLMENTS.c
    written = exists().where(
        d.campaign_id == campaign_id,
        d.subscriber_id == e.subscriber_id,
        d.occasion == literal(OCCASION) + cast(e.id, String),
    )
    return written.correlate(ENROLLMENTS)


def decide(session: Session, plan: Plan, here: Here, ids: Sequence[int], now: datetime) -> list[Decision]:
    """Decide for those of these enrollments whose step this still is and is due."""
    rows = session.connection().execute(here.asked, {"ids": list(ids), **here.values}).all()
    return [_decided(plan, here.stage, row, now) for row in rows]


def _decided(plan: Plan, stage: Stage, row: Any, now: datetime) -> Decision:
    stand = Stand(row.id, row.subscriber_id, stage.id)
    if row.over is not None:
        return Decision(stand, end=row.over)
    if stage.is_removed or stage.kind == "wait" or row.was:
        return forward(plan, stage, stand, now, row.time_zone)
    if stage.kind == "letter":
        return _letter(plan, stage, stand, row, now)
    if not row.holds:
        return forward(plan, stage, stand, now, row.time_zone)
    if stage.kind == "tag":
        return forward(plan, stage, stand, now, row.time_zone, tags=True)
    is_last = plan.after(stage) is None
    return Decision(stand, end=(State.FINISHED if is_last else State.MOVED).value, handed=True)


def _letter(plan: Plan, stage: Stage, stand: Stand, row: Any, now: datetime) -> Decision:
    """Write the letter out, or close it at once with the reason and go on."""
    letter = {
        "campaign_id": stage.campaign_id,
        "subscriber_id": stand.subscriber_id,
        "occasion": f"{OCCASION}{stand.enrollment_id}",
        "content_id": row.content,
        "lane": int(Lane.SERIES),
        "state": Delivered.PLANNED.value,
        "reason": None,
        "due_at": now,
        "finished_at": None,
        "followed_at": None,
    }
    why = HAD if row.had else NOT_NOW if not row.holds else NO_VARIANT if row.content is None else None
    if why is None and row.capped:  # a letter of a series is put off, never lost
        return Decision(stand, step_id=stage.id, due_at=_later(stage, now, row.time_zone))
    if why is None:
        return Decision(stand, step_id=stage.id, letter=letter)
    closed = {"state": Delivered.SUPPRESSED.value, "reason": why, "finished_at": now, "followed_at": now}
    return forward(plan, stage, stand, now, row.time_zone, letter=letter | closed)


def _later(stage: Stage, now: datetime, zone: str | None) -> datetime:
    """Return when to ask again whether somebody has had letters enough: at the same hour where it has one."""
    if stage.delay.at is None:
        return now + AGAIN
    return timing.due(replace(stage.delay, days=1, minutes=0), now, zone_of(zone))


# -- writing it down ------------------------------------------------------------------------------------

_GO = (
    update(ENROLLMENTS)
    .where(ENROLLMENTS.c.id == bindparam("b_id"), ENROLLMENTS.c.state == State.ACTIVE.value)
    .values(step_id=bindparam("b_step"), due_at=bindparam("b_due"))
)


def write(session: Session, plan: Plan, decisions: Sequence[Decision], now: datetime) -> None:
    """Write down what was decided, all of it in this one transaction."""
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    letters = [one.letter for one in decisions if one.letter is not None]
    if letters:
        connection.execute(dialect.insert(DELIVERIES).on_conflict_do_nothing(), letters)
        step = plan.stage(decisions[0].stand.step_id).key
        occasions = [letter["occasion"] for letter in letters]
        promo.issue(session, letters[0]["campaign_id"], occasions, plan.name, step, now)
    tagged = [one.stand for one in decisions if one.tags]
    if tagged:
        _keep_tags(session, plan, tagged, now)
    going = [
        {"b_id": one.stand.enrollment_id, "b_step": one.step_id, "b_due": one.due_at}
        for one in decisions
        if one.end is None
    ]
    if going:
        connection.execute(_GO, going)
    leaving.end(session, plan, [(one.stand, one.end) for one in decisions if one.end is not None], now)
    _hand_on(session, plan, [one.stand for one in decisions if one.handed], now)


def _keep_tags(session: Session, plan: Plan, stands: Sequence[Stand], now: datetime) -> None:
    """Add and remove the tags of the step all of these stood at."""
    connection = session.connection()
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    detail = plan.stage(stands[0].step_id).detail
    people = [stand.subscriber_id for stand in stands]
    origin = f"series:{plan.name}"
    rows = [
        {"subscriber_id": who, "tag": fold(tag)[:64], "origin": origin, "added_at": now}
        for who in people
        for tag in detail["add"]
    ]
    if rows:
        connection.execute(dialect.insert(TAGS).on_conflict_do_nothing(), rows)
    gone = [(who, fold(tag)[:64]) for who in people for tag in detail["remove"]]
    if gone:
        connection.execute(delete(TAGS).where(tuple_(TAGS.c.subscriber_id, TAGS.c.tag).in_(gone)))
    note_touched(session, people, now)


def _hand_on(session: Session, plan: Plan, stands: Sequence[Stand], now: datetime) -> None:
    """Let them enter the other series, if it is on and takes them in."""
    if not stands:
        return
    name = plan.stage(stands[0].step_id).detail["series"]
    number = session.scalar(select(Series.id).where(Series.name == name, Series.is_on.is_(True)))
    if number is None:
        return
    target = plans.of(session, [number])[number]
    arrivals = [Arrival(one.subscriber_id, f"from:{one.enrollment_id}", one.enrollment_id) for one in stands]
    enroll(session, target, arrivals, now)
