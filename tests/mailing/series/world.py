"""A small world for series: a series from a text, a sender that always delivers, a clock that is moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import dedent

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing import attempts
from core.mailing.ledger import LEASE
from core.mailing.messenger import Sent
from core.mailing.models import Campaign, Content, Delivery, Lease
from core.mailing.series import advancing, dates, shelf, source
from core.mailing.series.models import Enrollment, Series, SeriesStep

SALES = """
name: sales
title: {ru: Продажа, en: Sales}
kind: selling
purpose: service
starts: {tag: lead}
goal: purchases >= 1
steps:
  - key: first
    letter: {text: "Первое письмо, {{ first_name | default: 'друг' }}"}
  - key: second
    after: 2 days
    letter: {text: Второе письмо}
  - key: third
    after: 1 day
    letter: {text: Третье письмо}
"""


def text_of(steps: str, **fields: str) -> str:
    """The text of a series with these steps; `fields` override what stands above them."""
    head = {
        "name": "sales", "title": "Продажа", "kind": "selling", "purpose": "service",
        "starts": "{tag: lead}", **fields,
    }  # fmt: skip
    lines = [f"{name}: {value}" for name, value in head.items() if value]
    return "\n".join([*lines, "steps:", dedent(steps).strip("\n")])


def kept(session: Session, /, text: str, now: datetime, *, is_on: bool = True) -> None:
    """Keep a series out of a text and switch it on."""
    info = shelf.add(session, source.load(text, "series.yaml"), now)
    if is_on:
        shelf.switch_on(session, info.name, now)


@dataclass(frozen=True, slots=True)
class Got:
    """A letter that arrived."""

    who: int
    step: str
    at: datetime


class World:
    """Moves the clock and lets what is due be sent, as the tick and the sender do it."""

    def __init__(self, db: Database, now: datetime) -> None:
        self.db = db
        self.now = now
        db.write_now(_take_lease)

    def step(self) -> None:
        """One tick, then the sender until nothing is due."""
        dates.meet(self.db, self.now)
        advancing.advance(self.db, self.now)
        if self.db.read_now(due_ids, self.now):
            self.db.write_now(send_due, self.now)
        advancing.advance(self.db, self.now)

    def later(self, **span: float) -> None:
        """Let time pass: from one moment at which something is due to the next, at most half a day."""
        end = self.now + timedelta(**span)
        while self.now < end:
            next_due = self.db.read_now(_next_due, self.now)
            self.now = min(filter(None, (end, next_due, self.now + timedelta(hours=12))))
            self.step()

    def letters(self, who: int | None = None) -> list[str]:
        """Which steps' letters arrived, in order."""
        return [got.step for got in self.got() if who is None or got.who == who]

    def got(self) -> list[Got]:
        """Every letter that arrived, in order."""
        return self.db.read_now(got)

    def states(self, name: str = "sales") -> Counter[str]:
        """How many enrollments of a series stand in each state."""
        return self.db.read_now(states, name)


def got(session: Session) -> list[Got]:
    """Every letter of a series that was sent."""
    rows = session.execute(
        select(Delivery.subscriber_id, SeriesStep.key, Delivery.finished_at)
        .join(SeriesStep, SeriesStep.campaign_id == Delivery.campaign_id)
        .where(Delivery.state == "sent")
        .order_by(Delivery.finished_at, Delivery.id)
    )
    return [Got(who, step, at) for who, step, at in rows if at is not None]


def states(session: Session, name: str) -> Counter[str]:
    """States of the enrollments of a series."""
    query = select(Enrollment.state).join(Series, Series.id == Enrollment.series_id)
    return Counter(session.scalars(query.where(Series.name == name)))


def texts(session: Session) -> list[str]:
    """The texts that were sent, in order."""
    query = select(Content.text).join(Delivery, Delivery.content_id == Content.id)
    return list(session.scalars(query.where(Delivery.state == "sent").order_by(Delivery.id)))


def reasons(session: Session) -> Counter[str]:
    """Why letters of series were not sent."""
    query = select(Delivery.reason).where(Delivery.state == "suppressed")
    return Counter(reason or "" for reason in session.scalars(query))


def _take_lease(session: Session) -> None:
    if session.get(Lease, LEASE) is None:
        session.add(Lease(name=LEASE, holder="test", fence=1, beat=0))


def _next_due(session: Session, now: datetime) -> datetime | None:
    steps = select(func.min(Enrollment.due_at)).where(Enrollment.due_at > now, Enrollment.state == "active")
    letters = select(func.min(Delivery.due_at)).where(Delivery.due_at > now, Delivery.state == "planned")
    return min(filter(None, (session.scalar(steps), session.scalar(letters))), default=None)


def due_ids(session: Session, now: datetime) -> list[int]:
    """Letters that may leave now."""
    query = select(Delivery.id).join(Campaign, Campaign.id == Delivery.campaign_id)
    waiting = (Delivery.state == "planned", Delivery.due_at <= now, Campaign.state == "running")
    return list(session.scalars(query.where(*waiting).order_by(Delivery.id)))


def send_due(session: Session, now: datetime) -> int:
    """Start what may start, and let every call succeed."""
    started = attempts.start_attempts(session, due_ids(session, now), 1, now)
    people = dict(
        session.execute(select(Delivery.id, Delivery.subscriber_id).where(Delivery.id.in_(started))).all()
    )
    results = [attempts.Result(one, people[one], Sent(one)) for one in sorted(started)]
    attempts.record_outcomes(session, results, now)
    return len(results)
