"""Following facts: in the write that changed people, they enter the series that met them and leave others."""

from __future__ import annotations

import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, literal_column, select, update

from core.db import table
from core.errors import KvizorError
from core.mailing.series import leaving, plans
from core.mailing.series.definition import State
from core.mailing.series.enrolling import ENROLLMENTS, MANY, Arrival, enroll
from core.mailing.series.models import Series
from core.people.models import Profile, Subscriber, Tag
from core.people.text import fold
from core.segments import audience
from core.segments.models import Membership, Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from core.mailing.series.plans import Plan, Stage
    from core.people.activity import Fact

log = logging.getLogger(__name__)

MEMBERSHIPS, TAGS = table(Membership), table(Tag)
_E = ENROLLMENTS.c
# Built once: it is asked in every write that touches people.
_STANDING = (
    select(_E.id, _E.series_id, _E.step_id)
    .where(_E.subscriber_id.in_(bindparam("people", expanding=True)), _E.state == State.ACTIVE.value)
    .order_by(_E.id)
)
_HERE = select(_E.id).where(
    _E.series_id == bindparam("series"),
    _E.state == literal_column("'active'"),
    _E.step_id == bindparam("step"),
    _E.due_at > bindparam("now", type_=_E.due_at.type),
    _E.id > bindparam("after"),
)
_T = TAGS.c
_TAGGED = select(_T.subscriber_id, _T.added_at).where(
    _T.subscriber_id.in_(bindparam("people", expanding=True)),
    _T.tag == bindparam("tag"),
    _T.added_at >= bindparam("since", type_=_T.added_at.type),
    ~exists().where(
        _E.series_id == bindparam("series"),
        _E.subscriber_id == _T.subscriber_id,
        _E.entered_at >= _T.added_at,
    ),
)


def follow(session: Session, people: Collection[int], facts: Sequence[Fact], now: datetime) -> None:
    """Let these people, just touched, leave what they have to leave; let those the facts tell of enter.

    Whoever leaves and enters on one fact leaves first. A series whose rule can no longer be read stands
    still with its error; it stops neither the write nor the other series.
    """
    met = {fact.subscriber_id for fact in facts}
    standing = _standing(session, sorted({*people, *met}))
    known = {plan.id: plan for plan in plans.live(session)}
    known |= plans.of(session, {row.series_id for row in standing} - known.keys())
    of_series: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in standing:
        of_series[row.series_id].append(row)
    for number, rows in sorted(of_series.items()):
        _guarded(session, known[number], lambda plan, rows=rows: _leave(session, plan, rows, now))  # type: ignore[misc]
    for plan in known.values():
        if plan.is_on:
            _guarded(session, plan, lambda plan: _enter(session, plan, people, facts, now))


def _guarded(session: Session, plan: Plan, act: Callable[[Plan], object]) -> None:
    try:
        act(plan)
    except KvizorError as error:
        stand_still(session, plan.id, str(error))


def stand_still(session: Session, number: int, error: str) -> None:
    """Note why a series cannot go on; its owner sees it, and switching it on again tries anew."""
    log.warning("series %s stands still: %s", number, error)
    session.execute(update(Series).where(Series.id == number).values(error=error))


def _standing(session: Session, people: Sequence[int]) -> Sequence[Row[Any]]:
    """Read who of these people is in a series, and where."""
    return list(session.connection().execute(_STANDING, {"people": people})) if people else []


def _leave(session: Session, plan: Plan, rows: Sequence[Row[Any]], now: datetime) -> None:
    ends = leaving.exits(session, plan, [row.id for row in rows], now)
    leaving.end(session, plan, ends, now)
    gone = {stand.enrollment_id for stand, _ in ends}
    for step_id in {row.step_id for row in rows if row.id not in gone}:
        stage = plan.stage(step_id)
        if stage.kind == "wait" and not stage.is_removed:
            here = [row.id for row in rows if row.step_id == step_id and row.id not in gone]
            cut_short(session, stage, here, now)


def cut_short(session: Session, stage: Stage, enrollments: Sequence[int], now: datetime) -> int:
    """End the waiting of those whose rule holds: their step is done by the next tick. Raises RuleError."""
    rule = stage.detail["until"]
    if not rule or not enrollments:
        return 0
    holds = (
        select(Profile.subscriber_id)
        .join(Subscriber, Subscriber.id == Profile.subscriber_id)
        .where(Subscriber.id == ENROLLMENTS.c.subscriber_id, audience.condition(session, rule, now))
    )
    waiting = (
        ENROLLMENTS.c.id.in_(enrollments),
        ENROLLMENTS.c.step_id == stage.id,
        ENROLLMENTS.c.state == State.ACTIVE.value,
        ENROLLMENTS.c.due_at > now,
    )
    over = update(ENROLLMENTS).where(*waiting, holds.correlate(ENROLLMENTS).exists())
    return int(session.connection().execute(over.values(due_at=now)).rowcount)


def waiting_for(session: Session, plan: Plan, stage: Stage, after: int, now: datetime) -> list[int]:
    """Return, in the order of numbers, enrollments that wait at a step whose rule holds by now.

    Each tick asks this of every wait. Most stand empty, and reading a rule costs more than to see that.
    """
    rule = stage.detail["until"]
    here = {"series": plan.id, "step": stage.id, "after": after, "now": now}
    if not rule or session.connection().execute(_HERE.limit(1), here).first() is None:
        return []
    holds = (
        _HERE.join(Subscriber, Subscriber.id == _E.subscriber_id)
        .join(Profile, Profile.subscriber_id == Subscriber.id)
        .where(audience.condition(session, rule, now))
    )
    return list(session.connection().scalars(holds.order_by(_E.id).limit(MANY), here))


def _enter(
    session: Session, plan: Plan, people: Collection[int], facts: Sequence[Fact], now: datetime
) -> None:
    enroll(session, plan, _arrivals(session, plan, people, facts), now)


# -- entering -------------------------------------------------------------------------------------------


def _arrivals(session: Session, plan: Plan, people: Collection[int], facts: Sequence[Fact]) -> list[Arrival]:
    """Return who is at the door of a series by what has just happened, not before it was switched on."""
    since, start = plan.on_at, plan.start
    fresh = [fact for fact in facts if since is not None and fact.at >= since]
    match start.kind:
        case "segment":
            entered = [
                fact.subscriber_id
                for fact in fresh
                if fact.kind == "segment_entered" and (fact.detail or {}).get("segment") == start.what
            ]
            return _stays(session, start.what, entered)
        case "quiz":
            return [
                Arrival(fact.subscriber_id, _run(fact))
                for fact in fresh
                if fact.kind == "quiz_finished" and _is_result(fact, start.what, start.result)
            ]
        case "event":
            return [
                Arrival(fact.subscriber_id, f"event:{fact.at.isoformat()}")
                for fact in fresh
                if fact.kind == start.what
            ]
        case "tag" if people and since is not None:
            return _tagged(session, plan, people, since)
    return []


def _run(fact: Fact) -> str:
    """Name a walk by its run, `quiz:7:finished`; one told from outside by its moment."""
    words = (fact.key or "").split(":")
    return f"run:{words[1]}" if len(words) == 3 and words[0] == "quiz" else f"run:{fact.at.isoformat()}"


def _is_result(fact: Fact, quiz: str, result: str | None) -> bool:
    detail = fact.detail or {}
    return detail.get("quiz") == quiz and (result is None or detail.get("result") == result)


def _stays(session: Session, segment: str, people: Collection[int]) -> list[Arrival]:
    """Name each arrival by the stay that has just begun."""
    if not people:
        return []
    number = select(Segment.id).where(Segment.name == segment).scalar_subquery()
    m = MEMBERSHIPS.c
    stays = select(m.subscriber_id, m.id).where(
        m.subscriber_id.in_(sorted(people)), m.segment_id == number, m.left_at.is_(None)
    )
    return [Arrival(who, f"stay:{stay}") for who, stay in session.execute(stays.order_by(m.id))]


def _tagged(session: Session, plan: Plan, people: Collection[int], since: datetime) -> list[Arrival]:
    """Return those who got the tag and have not met the series with it yet."""
    values = {"series": plan.id, "people": sorted(people), "tag": fold(plan.start.what), "since": since}
    tagged = session.connection().execute(_TAGGED, values)
    return [Arrival(who, f"tag:{at.isoformat()}") for who, at in tagged]
