"""The truth of a series in numbers: who is where, how they left, and whom it would meet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core import clock
from core.mailing.ledger import State as Delivered
from core.mailing.models import Delivery
from core.mailing.series import enrolling, plans
from core.mailing.series.definition import SeriesError, Start, State, is_calendar
from core.mailing.series.models import Enrollment
from core.people import activity
from core.people.models import DailyCount, Tag
from core.people.text import fold
from core.quizzes.models import QuizRun
from core.segments import audience
from core.segments.models import Segment, SegmentDay
from core.segments.words import write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.mailing.series.enrolling import Reach
    from core.mailing.series.plans import Plan, Stage

LATELY_DAYS = 14


@dataclass(frozen=True, slots=True)
class StepCount:
    """One step: who stands at it now, who came as far, who left there, how many of its letters were sent."""

    key: str
    kind: str
    here: int
    reached: int
    left: int
    sent: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """entered = active + the sum of ends."""

    entered: int
    active: int
    ends: dict[str, int]
    steps: tuple[StepCount, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Whom a series would meet: `there` those who stand before its door already, `a_day` the average lately.

    Who stands there is not taken in by switching on, only by an order for `rule`.
    """

    rule: str | None
    there: Reach | None
    a_day: float


def numbers(session: Session, series_id: int) -> Numbers:
    """Count a series. Everything is read out of one index of enrollments, and one of letters."""
    plan = _plan(session, series_id)
    grouped = (
        select(Enrollment.state, Enrollment.step_id, func.count())
        .where(Enrollment.series_id == series_id)
        .group_by(Enrollment.state, Enrollment.step_id)
    )
    rows = session.execute(grouped).all()
    states = Counter[str]()
    for state, _, count in rows:
        states[state] += count
    active = states.pop(State.ACTIVE.value, 0)
    sent = _sent(session, [stage.campaign_id for stage in plan.stages if stage.campaign_id is not None])
    return Numbers(
        entered=active + states.total(),
        active=active,
        ends={state.value: states[state.value] for state in State if states[state.value]},
        steps=tuple(_step(plan, stage, rows, sent) for stage in plan.stages if not stage.is_removed),
    )


def _step(plan: Plan, stage: Stage, rows: Sequence[tuple[str, int, int]], sent: dict[int, int]) -> StepCount:
    """Count one step; a removed one counts as the step in force behind which it stands."""
    here = reached = left = 0
    for state, step_id, count in rows:
        at = plan.stage(step_id)
        is_beyond = state == State.FINISHED.value or at.position >= stage.position
        reached += count if is_beyond else 0
        is_here = at.id == stage.id
        here += count if is_here and state == State.ACTIVE.value else 0
        left += count if is_here and state not in (State.ACTIVE.value, State.FINISHED.value) else 0
    return StepCount(stage.key, stage.kind, here, reached, left, sent.get(stage.campaign_id or 0, 0))


def _sent(session: Session, letters: Sequence[int]) -> dict[int, int]:
    counted = (
        select(Delivery.campaign_id, func.count())
        .where(Delivery.campaign_id.in_(letters), Delivery.state == Delivered.SENT.value)
        .group_by(Delivery.campaign_id)
    )
    return dict(session.execute(counted).all())


def _plan(session: Session, series_id: int) -> Plan:
    found = plans.of(session, [series_id])
    if not found:
        raise SeriesError(f"There is no series {series_id}; open /series again.")
    return found[series_id]


# -- whom it would meet ---------------------------------------------------------------------------------


def ahead(session: Session, name: str, now: datetime) -> Ahead:
    """Count whom a series would meet if it were on. Raises SeriesError, RuleError."""
    start = enrolling.of_name(session, name).start
    rule = rule_of(start)
    there = enrolling.preview(session, name, rule, now) if rule is not None else None
    return Ahead(rule, there, _lately(session, start, now) / LATELY_DAYS)


def rule_of(start: Start) -> str | None:
    """Return the rule that finds those for whom the start has happened already, None where none can.

    >>> rule_of(Start("quiz", "entry", "owner"))
    'finished quiz entry with owner'
    """
    what = write(start.what)
    match start.kind:
        case "segment":
            return f"in segment {what}"
        case "quiz":
            return f"finished quiz {what}" + (f" with {write(start.result)}" if start.result else "")
        case "tag":
            return f"tag {what}"
        case "event":
            return f"event {what}"
    return None


def _lately(session: Session, start: Start, now: datetime) -> int:
    """Count how often the start has happened in the last two weeks; of a date, in the two to come."""
    since = now - timedelta(days=LATELY_DAYS)
    day = clock.local_day(since, activity.zone())
    match start.kind:
        case "segment":
            days = (
                select(func.sum(SegmentDay.entered))
                .join(Segment, Segment.id == SegmentDay.segment_id)
                .where(Segment.name == start.what, SegmentDay.day > day)
            )
            return session.scalar(days) or 0
        case "quiz":
            runs = select(func.count()).where(
                QuizRun.quiz == start.what, QuizRun.finished_at > since, QuizRun.is_trial.is_(False)
            )
            if start.result is not None:
                runs = runs.where(QuizRun.result == start.result)
            return session.scalar(runs) or 0
        case "tag":
            tagged = select(func.count()).where(Tag.tag == fold(start.what), Tag.added_at > since)
            return session.scalar(tagged) or 0
        case "event":
            counted = select(func.sum(DailyCount.count))
            return session.scalar(counted.where(DailyCount.kind == start.what, DailyCount.day > day)) or 0
        case "date" if is_calendar(start.what):
            ahead = (
                clock.local_day(now, activity.zone()) + timedelta(days=one) for one in range(LATELY_DAYS)
            )
            is_near = start.what in {f"{one:%m-%d}" for one in ahead}
            return audience.count(session, "status = active", now) if is_near else 0
        case "date":
            return audience.count(session, f"{start.what} within next {LATELY_DAYS - 1} days", now)
    return 0
