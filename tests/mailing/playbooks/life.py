"""A small base that meets shipped series: the ready segments, people, what they do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database, note_touched
from core.mailing import engagement
from core.mailing.models import Delivery
from core.mailing.series import shelf, shipped
from core.mailing.series.models import SeriesStep
from core.people import subscribers
from core.people.models import Profile, Tag
from core.people.subscribers import Sender
from core.segments import presets, refresh
from tests.mailing.people import add_people
from tests.mailing.series.world import World


def living(db: Database, now: datetime, *names: str) -> World:
    """Six people with the ready segments; these series are on."""
    db.write_now(add_people, 6, now)
    db.write_now(presets.install, now)
    refresh.refresh_all(db, now)
    for name in names:
        db.write_now(shipped.keep, name, now)
        db.write_now(shelf.switch_on, name, now)
    return World(db, now)


def silent(session: Session, /, who: int, letters: int, now: datetime) -> None:
    """So many letters of his stand without an answer."""
    session.get_one(Profile, who).unanswered = letters
    session.flush()
    note_touched(session, [who], now)


def writes(session: Session, /, who: int, now: datetime) -> None:
    """He sends a message."""
    subscribers.meet(session, Sender(1000 + who, f"Имя{who}"), now)


def taps(session: Session, /, who: int, step: str, code: str, now: datetime) -> None:
    """He taps a button under a letter of this step, as the bot hears it."""
    writes(session, who, now)
    of_step = select(Delivery.id).join(SeriesStep, SeriesStep.campaign_id == Delivery.campaign_id)
    delivery = session.scalars(of_step.where(SeriesStep.key == step, Delivery.subscriber_id == who)).one()
    engagement.tapped(session, who, delivery, code, now)


def tags(session: Session, /, who: int) -> set[str]:
    """What he is labelled with."""
    return set(session.scalars(select(Tag.tag).where(Tag.subscriber_id == who)))
