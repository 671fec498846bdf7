"""Leaving: an enrollment ends in exactly one way, and a letter of it that waits is never sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, select, update

from core.mailing.ledger import DELIVERIES, PLANNED
from core.mailing.ledger import State as Delivered
from core.mailing.series.definition import REASONS, State
from core.mailing.series.enrolling import ENROLLMENTS, MANY, of_name
from core.mailing.series.judging import exit_of
from core.mailing.series.models import Enrollment
from core.people import activity
from core.people.activity import Fact
from core.people.models import Profile, Subscriber

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Engine, Select
    from sqlalchemy.orm import Session

    from core.db import Database
    from core.mailing.series.plans import Plan

OCCASION = "enrollment:"  # of a delivery: whose letter it is
FINISHED = "series_finished"
_ACTIVE = State.ACTIVE.value


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one person stands: his enrollment and its step."""

    enrollment_id: int
    subscriber_id: int
    step_id: int


_END = (
    update(ENROLLMENTS)
    .where(ENROLLMENTS.c.id == bindparam("b_id"), ENROLLMENTS.c.state == _ACTIVE)
    .values(state=bindparam("b_state"), ended_at=bindparam("b_now"), due_at=None)
)
_CLOSE = (
    update(DELIVERIES)
    .where(
        DELIVERIES.c.campaign_id == bindparam("b_campaign"),
        DELIVERIES.c.subscriber_id == bindparam("b_who"),
        DELIVERIES.c.occasion == bindparam("b_occasion"),
        DELIVERIES.c.state == PLANNED,
    )
    .values(state=Delivered.SUPPRESSED.value, reason=bindparam("b_reason"), finished_at=bindparam("b_now"))
)


def end(session: Session, plan: Plan, ends: Sequence[tuple[Stand, str]], now: datetime) -> None:
    """End these enrollments; a letter that was begun goes out, one that waits is closed with the reason.

    Who finished is told to rules by the event `series_finished`, and is touched.
    """
    if not ends:
        return
    connection = session.connection()
    connection.execute(
        _END, [{"b_id": one.enrollment_id, "b_state": state, "b_now": now} for one, state in ends]
    )
    waiting: list[dict[str, Any]] = [
        {
            "b_campaign": campaign_id,
            "b_who": one.subscriber_id,
            "b_occasion": f"{OCCASION}{one.enrollment_id}",
            "b_reason": REASONS[State(state)],
            "b_now": now,
        }
        for one, state in ends
        if state != State.FINISHED.value and (campaign_id := plan.stage(one.step_id).campaign_id) is not None
    ]
    if waiting:
        connection.execute(_CLOSE, waiting)
    activity.record_many(
        session,
        [
            Fact(one.subscriber_id, FINISHED, now, {"series": plan.name}, f"series:{one.enrollment_id}")
            for one, state in ends
            if state == State.FINISHED.value
        ],
        now,
    )


def exits(session: Session, plan: Plan, enrollments: Iterable[int], now: datetime) -> list[tuple[Stand, str]]:
    """Return which of these enrollments have to end, and how. Raises RuleError."""
    rows = session.connection().execute(asked(session, plan, now), {"ids": sorted(enrollments)})
    return [(Stand(number, who, step), str(state)) for number, who, step, state in rows]


# The question is built once a minute: its cut-offs move that slowly, and building it costs more than asking.
_asked: WeakKeyDictionary[Engine, dict[int, tuple[tuple[int, datetime], Select[Any]]]] = WeakKeyDictionary()


def asked(session: Session, plan: Plan, now: datetime) -> Select[Any]:
    """Return the question who of these enrollments (bind `ids`) has to end, and how. Raises RuleError."""
    kept = _asked.setdefault(session.connection().engine, {})
    stamp = (plan.revision, now.replace(second=0, microsecond=0))
    if plan.id not in kept or kept[plan.id][0] != stamp:
        kept[plan.id] = (stamp, _question(session, plan, now))
    return kept[plan.id][1]


def _question(session: Session, plan: Plan, now: datetime) -> Select[Any]:
    why, e = exit_of(session, plan, now), ENROLLMENTS.c
    question = (
        select(e.id, e.subscriber_id, e.step_id, why)
        .select_from(ENROLLMENTS)
        .join(Subscriber, Subscriber.id == e.subscriber_id)
        .join(Profile, Profile.subscriber_id == Subscriber.id)
        .where(e.id.in_(bindparam("ids", expanding=True)), e.state == _ACTIVE)
        .where(why.is_not(None))
        .order_by(e.id)
        .with_for_update(of=ENROLLMENTS)
    )
    return cast("Select[Any]", question)


# -- by an owner's order --------------------------------------------------------------------------------


def stop_all(db: Database, name: str, now: datetime) -> int:
    """End the way of everybody who is in a series, in chunks; returns how many there were."""
    ended = 0
    while found := db.write_now(_stop_some, name, now):
        ended += found
    return ended


def stop_person(session: Session, name: str, subscriber_id: int, now: datetime) -> bool:
    """End one person's way through a series; False where he is not in it."""
    plan = of_name(session, name)
    return bool(_stop(session, plan, [Enrollment.subscriber_id == subscriber_id], now))


def _stop_some(session: Session, name: str, now: datetime) -> int:
    return _stop(session, of_name(session, name), [], now)


def _stop(session: Session, plan: Plan, which: list[Any], now: datetime) -> int:
    mine = select(Enrollment.id, Enrollment.subscriber_id, Enrollment.step_id).where(
        Enrollment.series_id == plan.id, Enrollment.state == _ACTIVE, *which
    )
    rows = session.execute(mine.order_by(Enrollment.id).limit(MANY).with_for_update()).all()
    end(session, plan, [(Stand(*row), State.BY_HAND.value) for row in rows], now)
    return len(rows)
