"""Entering: people meet a series, one by one as facts come, or many by an owner's order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from core.db import CHUNK, table
from core.mailing.series import plans, timing
from core.mailing.series.definition import SeriesError, State
from core.mailing.series.judging import why_not
from core.mailing.series.models import Enrollment, Series
from core.people import activity
from core.people.choices import Preference
from core.people.models import Profile, Subscriber
from core.segments import audience

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.mailing.series.plans import Plan, Stage

ENROLLMENTS = table(Enrollment)
MANY = CHUNK // 4  # people in one write: each of them is several rows and questions


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody at the door of a series, and the occasion on which he came; `parent`: who handed him on."""

    subscriber_id: int
    occasion: str
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an order would take in: found = will_enter + the sum of reasons."""

    found: int
    will_enter: int
    reasons: dict[str, int] = field(default_factory=dict)


def enroll(session: Session, plan: Plan, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Take in those who may enter, each once an occasion; returns how many were taken in.

    Raises RuleError for a goal that can no longer be read.
    """
    came = {one.subscriber_id: one for one in reversed(arrivals)}
    if not came:
        return 0
    may = (
        select(Subscriber.id, Preference.time_zone)
        .join(Profile, Profile.subscriber_id == Subscriber.id)
        .outerjoin(Preference, Preference.subscriber_id == Subscriber.id)
        .where(Subscriber.id.in_(sorted(came)), why_not(session, plan, now).is_(None))
        .order_by(Subscriber.id)
    )
    rows = [
        {
            "series_id": plan.id,
            "subscriber_id": who,
            "occasion": came[who].occasion,
            "parent_id": came[who].parent,
            "state": State.ACTIVE.value,
            "step_id": plan.first.id,
            "entered_at": now,
            "due_at": due_at(plan.first, now, zone),
        }
        for who, zone in session.execute(may)
    ]
    if not rows:
        return 0
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    before = _count(session, plan, sorted(came))
    session.connection().execute(dialect.insert(ENROLLMENTS).on_conflict_do_nothing(), rows)
    return _count(session, plan, sorted(came)) - before


def _count(session: Session, plan: Plan, people: Sequence[int]) -> int:
    mine = select(func.count()).where(
        ENROLLMENTS.c.series_id == plan.id, ENROLLMENTS.c.subscriber_id.in_(people)
    )
    return session.scalar(mine) or 0


def zone_of(name: str | None) -> ZoneInfo:
    """Return a person's zone, the business's where his is not known."""
    return ZoneInfo(name) if name else activity.zone()


def due_at(stage: Stage, base: datetime, zone: str | None) -> datetime:
    """Return when this step is due for somebody whose step before was done at `base`."""
    if stage.kind == "wait":  # what it waits for is looked for all the while
        return timing.due(timing.whole_days(stage.detail["days"]), base, zone_of(zone))
    return timing.due(stage.delay, base, zone_of(zone))


# -- by an owner's order --------------------------------------------------------------------------------


def preview(session: Session, name: str, rule: str, now: datetime) -> Reach:
    """Count whom an order for all the people of a rule would take in now. Raises RuleError, SeriesError."""
    plan = of_name(session, name)
    why = why_not(session, plan, now).label("why")
    found = select(why).select_from(audience.PEOPLE).where(audience.condition(session, rule, now)).subquery()
    counted = session.execute(select(found.c.why, func.count()).group_by(found.c.why)).all()
    reasons = {reason: count for reason, count in counted if reason is not None}
    will_enter = sum(count for reason, count in counted if reason is None)
    return Reach(will_enter + sum(reasons.values()), will_enter, reasons)


def enroll_all(db: Database, name: str, rule: str, now: datetime, order: str) -> int:
    """Take in all the people of a rule, in chunks; the same `order` again takes nobody in twice.

    Returns how many were taken in. Raises RuleError, and SeriesError where the series is off.
    """
    after, taken = 0, 0
    while people := db.read_now(_next_people, rule, now, after):
        taken += db.write_now(_take, name, people, order, now)
        after = people[-1]
    return taken


def _next_people(session: Session, rule: str, now: datetime, after: int) -> list[int]:
    found = audience.people_of(session, rule, now).where(Subscriber.id > after)
    return list(session.scalars(found.limit(MANY)))


def _take(session: Session, name: str, people: Sequence[int], order: str, now: datetime) -> int:
    plan = of_name(session, name)
    if not plan.is_on:
        raise SeriesError(f"The series {name!r} is off: nobody enters it; switch it on first.")
    return enroll(session, plan, [Arrival(who, f"hand:{order}"[:64]) for who in people], now)


def of_name(session: Session, name: str) -> Plan:
    """Return a series by its name; raises SeriesError where there is none."""
    number = session.scalar(select(Series.id).where(Series.name == name))
    if number is None:
        raise SeriesError(f"There is no series {name!r}; `kvizor series list` shows those there are.")
    return plans.of(session, [number])[number]
