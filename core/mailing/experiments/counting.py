"""Counting: how many people each part of an experiment has, and how many of them reached the goal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Double, String, case, cast, exists, func, select

from core.mailing import questions
from core.mailing.experiments.arms import Arm, Sample
from core.mailing.experiments.assigning import HELD
from core.mailing.ledger import DELIVERIES, State
from core.people.models import Event
from core.sales.models import Purchase

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.mailing.experiments.models import Experiment

# tap: a button of the letter; reply: a text in answer; sign: any sure sign on it; purchase: any order.
GOALS = ("tap", "reply", "sign", "purchase")
REACHABLE_UNWRITTEN = frozenset({"purchase"})  # what people do without a letter too
_GOT = (State.SENT.value, State.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class Window:
    """From the start of sending to the end of the experiment, or to now while it runs."""

    since: datetime
    until: datetime


def window_of(found: Experiment, started_at: datetime, now: datetime) -> Window:
    """Return the part of the planned time that is over."""
    return Window(started_at, min(now, started_at + timedelta(hours=found.window_hours)))


def variants(session: Session, found: Experiment, window: Window) -> list[Arm]:
    """Return the variants: people whose letter was sent (or perhaps was), and how many reached the goal."""
    table = DELIVERIES.c
    reached = func.sum(case((_reached(found, window), 1), else_=0))
    query = (
        select(table.arm, func.count(), reached)
        .where(_mine(found), table.arm >= 0, table.state.in_(_GOT))
        .group_by(table.arm)
    )
    counted = {arm: Arm(people, int(successes)) for arm, people, successes in session.execute(query)}
    return [counted.get(arm, Arm(0, 0)) for arm in range(len(found.shares))]


def by_treatment(session: Session, found: Experiment, window: Window) -> tuple[Arm, Arm]:
    """Return all who were to be written to and all who were held out, reached or not (intention to treat)."""
    held = case((DELIVERIES.c.arm == HELD, 1), else_=0)
    reached = func.sum(case((_reached(found, window), 1), else_=0))
    query = select(held, func.count(), reached).where(_mine(found), DELIVERIES.c.arm.is_not(None))
    counted = {
        is_held: Arm(people, int(successes))
        for is_held, people, successes in session.execute(query.group_by(held))
    }
    return counted.get(0, Arm(0, 0)), counted.get(1, Arm(0, 0))


def money(session: Session, found: Experiment, window: Window) -> tuple[Sample, Sample]:
    """Return what those to be written to and those held out spent, a person: minor units, base currency.

    Refunds are taken off; purchases without a rate enter no sum.
    """
    table = DELIVERIES.c
    spent = (
        select(func.coalesce(func.sum(Purchase.base_amount), 0))
        .where(Purchase.subscriber_id == table.subscriber_id, *_within(Purchase.at, window))
        .correlate(DELIVERIES)
        .scalar_subquery()
    )
    held = case((table.arm == HELD, 1), else_=0).label("held")
    rows = select(held, spent.label("spent")).where(_mine(found), table.arm.is_not(None)).subquery()
    amount = cast(rows.c.spent, Double)
    query = select(rows.c.held, func.count(), func.sum(amount), func.sum(amount * amount))
    samples = {
        is_held: sample_of(people, float(total), float(squares))
        for is_held, people, total, squares in session.execute(query.group_by(rows.c.held))
    }
    nobody = Sample(0, 0.0, 0.0)
    return samples.get(0, nobody), samples.get(1, nobody)


def sample_of(people: int, total: float, squares: float) -> Sample:
    """Return a sample out of its sums, of the amounts and of their squares."""
    mean = total / people
    return Sample(people, mean, max(0.0, squares - people * mean * mean) / max(1, people - 1))


def _mine(found: Experiment) -> ColumnElement[bool]:
    return (DELIVERIES.c.campaign_id == found.campaign_id) & DELIVERIES.c.parent_id.is_(None)


def _within(moment: Any, window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return moment >= window.since, moment <= window.until


def _reached(found: Experiment, window: Window) -> ColumnElement[bool]:
    table = DELIVERIES.c
    if found.goal == "sign":
        return table.answered_at.is_not(None) & (table.answered_at <= window.until)
    if found.goal == "purchase":
        bought = exists().where(
            Purchase.subscriber_id == table.subscriber_id, Purchase.amount > 0, *_within(Purchase.at, window)
        )
        return bought.correlate(DELIVERIES)
    kind = "message_clicked" if found.goal == "tap" else questions.FACT
    came = exists().where(
        Event.subscriber_id == table.subscriber_id,
        Event.kind == kind,
        cast(Event.detail["campaign"].as_string(), String) == str(found.campaign_id),
        *_within(Event.at, window),
    )
    return came.correlate(DELIVERIES)
