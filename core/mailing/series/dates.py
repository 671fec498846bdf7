"""Dates: people meet a series on a day of theirs, such as a birthday, or so many days before or after it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from core import clock
from core.errors import KvizorError
from core.mailing.series import following, plans
from core.mailing.series.definition import is_calendar
from core.mailing.series.enrolling import MANY, Arrival, enroll
from core.mailing.series.models import Series
from core.people import activity
from core.segments import audience
from core.segments.fields import SUBSCRIBERS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.mailing.series.plans import Plan

CATCH_UP = 7  # days: those missed while the bot was off are looked at, not older ones


def meet(db: Database, now: datetime) -> int:
    """Take in those whose day has come since the last look; returns how many people were found."""
    found = 0
    for plan in db.read_now(plans.live):
        if plan.start.kind == "date":
            try:
                found += _meet(db, plan, now)
            except KvizorError as error:
                db.write_now(following.stand_still, plan.id, str(error))
    return found


def _meet(db: Database, plan: Plan, now: datetime) -> int:
    today = clock.local_day(now, activity.zone())
    since = db.read_now(_dated_until, plan.id) or today - timedelta(days=1)
    found = 0
    for ago in range(min(CATCH_UP, (today - since).days) - 1, -1, -1):
        found += _meet_day(db, plan, today - timedelta(days=ago), now)
    if since < today:
        db.write_now(_looked_at, plan.id, today)
    return found


def _dated_until(session: Session, number: int) -> date | None:
    return session.scalar(select(Series.dated_until).where(Series.id == number))


def _meet_day(db: Database, plan: Plan, day: date, now: datetime) -> int:
    """Ask for the people of a day as if it were the day of theirs: a week before, a week after."""
    theirs = day - timedelta(days=plan.start.days)
    if is_calendar(plan.start.what) and f"{theirs:%m-%d}" != plan.start.what:
        return 0
    rule, occasion = rule_of(plan.start.what), f"date:{theirs.year}"
    moment = clock.day_start(theirs, activity.zone()) + timedelta(hours=12)
    after, found = 0, 0
    while people := db.read_now(_people, rule, moment, after):
        db.write_now(_take, plan.id, people, occasion, now)
        after, found = people[-1], found + len(people)
    return found


def rule_of(what: str) -> str:
    """Return the rule that finds those whose day it is: `birthday`, `first_purchase anniversary`, `02-23`."""
    return "status = active" if is_calendar(what) else f"{what} is today"


def _people(session: Session, rule: str, moment: datetime, after: int) -> list[int]:
    found = audience.people_of(session, rule, moment).where(SUBSCRIBERS.c.id > after)
    return list(session.scalars(found.limit(MANY)))


def _take(session: Session, number: int, people: list[int], occasion: str, now: datetime) -> None:
    plan = plans.of(session, [number])[number]
    if plan.is_on:
        enroll(session, plan, [Arrival(who, occasion) for who in people], now)


def _looked_at(session: Session, number: int, day: date) -> None:
    earlier = or_(Series.dated_until.is_(None), Series.dated_until < day)
    session.execute(update(Series).where(Series.id == number, earlier).values(dated_until=day))
