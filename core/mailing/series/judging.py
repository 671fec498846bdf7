"""Who may be in a series and who has to leave it, as SQL over subscribers JOIN profiles."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, false, null, or_, select

from core.mailing.reasons import reason_not_to_write
from core.mailing.series.definition import State
from core.mailing.series.models import Enrollment
from core.people import archive
from core.people.models import Subscriber
from core.people.subscribers import Status
from core.segments import audience

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.mailing.series.plans import Plan

ALREADY_IN, WAS_BEFORE = "already_in", "was_before"
GONE = (Status.BLOCKED, Status.DEACTIVATED, Status.UNREACHABLE, Status.ERASED, Status.KNOWN)


def exit_of(session: Session, plan: Plan, now: datetime) -> ColumnElement[str | None]:
    """SQL: the end that has come for a person, NULL where he may go on; a goal is told before all else.

    Raises RuleError for a rule that can no longer be read.
    """
    goal, stop = (
        false() if rule is None else audience.condition(session, rule, now) for rule in (plan.goal, plan.stop)
    )
    may_not = reason_not_to_write(plan.purpose, plan.topic_id)
    return case(
        (goal, State.GOAL.value),
        (Subscriber.status.in_([status.value for status in GONE]), State.BLOCKED.value),
        (archive.has_tag(archive.ARCHIVED), State.ARCHIVED.value),
        (may_not.is_not(None) & (may_not != archive.PAUSED), State.OPTED_OUT.value),
        (stop, State.RULE.value),
        else_=null(),
    )


def why_not(session: Session, plan: Plan, now: datetime) -> ColumnElement[str | None]:
    """SQL: why a person does not enter now, NULL where he does: in it, was in it, or an end has come."""
    mine = (Enrollment.series_id == plan.id, Enrollment.subscriber_id == Subscriber.id)
    active = Enrollment.state == State.ACTIVE.value
    reasons = [(_exists(*mine, active), ALREADY_IN)]
    if plan.again == "never":
        reasons.append((_exists(*mine), WAS_BEFORE))
    elif plan.again == "days":
        since = now - timedelta(days=plan.again_days or 0)
        reasons.append((_exists(*mine, or_(Enrollment.ended_at > since, active)), WAS_BEFORE))
    return case(*reasons, else_=exit_of(session, plan, now))


def _exists(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Enrollment.id).where(*which).correlate(Subscriber).exists()


def live_rule(condition: str | None, goal: str | None, stop: str | None) -> str | None:
    """Return the rule a letter asks inside its attempt: its condition holds, no end has come."""
    parts = [f"({condition})"] if condition else []
    parts += [f"not ({rule})" for rule in (goal, stop) if rule]
    return " and ".join(parts) or None
