"""Prompts: what a person was asked to type. The answer is a reply to the message that asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from core.people.choices import Prompt
from core.people.models import Subscriber

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

FRESH = timedelta(minutes=15)  # so long an answer that is no reply is still taken for one
REPLIED = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and about the number of what."""

    what: str
    about: int = 0
    at: datetime | None = field(default=None, compare=False)


def ask(
    session: Session, subscriber_id: int, what: str, message_id: int, now: datetime, about: int = 0
) -> None:
    """Remember the message that asks; an earlier question of this person is void."""
    row = session.get(Prompt, subscriber_id)
    if row is None:
        row = Prompt(subscriber_id=subscriber_id)
        session.add(row)
    row.what, row.message_id, row.about, row.at = what, message_id, about, now
    session.flush()


def asked(session: Session, telegram_id: int, reply_to: int | None, now: datetime) -> Asked | None:
    """Return what this reply answers; without a reply, what was asked a moment ago."""
    query = select(Prompt).join(Subscriber, Subscriber.id == Prompt.subscriber_id)
    row = session.scalar(query.where(Subscriber.telegram_id == telegram_id))
    if row is None:
        return None
    fits = row.at > now - FRESH if reply_to is None else row.message_id == reply_to
    return Asked(row.what, row.about, row.at) if fits and row.at > now - REPLIED else None


def answered(session: Session, subscriber_id: int) -> None:
    """The question is answered."""
    session.execute(delete(Prompt).where(Prompt.subscriber_id == subscriber_id))


def answered_by(session: Session, telegram_id: int) -> None:
    """The question to this person is answered."""
    who = select(Subscriber.id).where(Subscriber.telegram_id == telegram_id)
    session.execute(delete(Prompt).where(Prompt.subscriber_id.in_(who)))
