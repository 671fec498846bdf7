"""Questions asked by letter: what a person writes back is kept as the answer of the campaign and tagged.

A letter may also carry a button that opens a quiz (`quiz`, or `quiz.<id>`); then the quiz keeps the answers.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from core.mailing.ledger import DELIVERIES, State
from core.mailing.models import Campaign, Content
from core.people.activity import record
from core.people.attributes import add_tag
from core.people.models import Event
from core.people.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

FACT = "letter_answered"  # detail: campaign, delivery, text
OPENS_QUIZ = "quiz"  # the action of a button that opens the entry quiz; `quiz.<id>` opens another
WAITS_FOR = timedelta(days=3)  # a text written later belongs to no question, unless it replies to it
_NOT_WORD = re.compile(r"\W+")


def ask(session: Session, campaign_id: int, is_question: bool) -> None:
    """Let a draft be a question, or a plain letter again."""
    draft = update(Campaign).where(Campaign.id == campaign_id, Campaign.state == "draft")
    session.execute(draft.values(is_question=is_question))


def answer(
    session: Session, subscriber_id: int, reply_to: int | None, text: str, now: datetime, key: str
) -> int | None:
    """Keep a text as the answer to the question it replies to, else to the last one that waits for one.

    Returns the campaign; None where no question was asked. The same key again changes nothing.
    """
    row = session.execute(_asked(subscriber_id, reply_to, now)).first()
    if row is None:
        return None
    delivery_id, campaign_id, name = row
    event_key = f"{key}:letter" if reply_to is not None else f"answer:{delivery_id}"
    known = session.scalar(select(Event.detail).where(Event.key == event_key))
    if known is not None:  # a text that replies to nothing is the answer only once a letter
        return int(campaign_id) if known.get("by") == key else None
    detail = {"campaign": campaign_id, "delivery": delivery_id, "text": text[:4096], "by": key}
    record(session, subscriber_id, FACT, now, detail=detail, key=event_key)
    add_tag(session, subscriber_id, tag_of(name), now, origin=f"campaign:{campaign_id}")
    _note_answer(session, delivery_id, now)
    return int(campaign_id)


def voted(
    session: Session, subscriber_id: int, poll_id: str, places: Sequence[int], now: datetime, key: str
) -> int | None:
    """Keep a vote in a letter's poll as an answer to it; a vote taken back is only a sign of life.

    Returns the campaign; None where the poll is no letter of his. The same key again changes nothing.
    """
    table = DELIVERIES.c
    asked = (
        select(table.id, Campaign.id, Campaign.name, Content.poll)
        .join(Campaign, Campaign.id == table.campaign_id)
        .join(Content, Content.id == table.content_id)
        .where(table.subscriber_id == subscriber_id, table.poll_id == poll_id)
    )
    row = session.execute(asked).first()
    if row is None:
        return None
    delivery_id, campaign_id, name, poll = row
    options = (poll or {}).get("options", [])
    chosen = ", ".join(options[place] for place in places if place < len(options))
    if chosen:
        detail = {"campaign": campaign_id, "delivery": delivery_id, "text": chosen, "by": key}
        record(session, subscriber_id, FACT, now, detail=detail, key=f"{key}:vote")
        add_tag(session, subscriber_id, tag_of(name), now, origin=f"campaign:{campaign_id}")
    _note_answer(session, delivery_id, now)
    return int(campaign_id)


def _note_answer(session: Session, delivery_id: int, now: datetime) -> None:
    answered = update(DELIVERIES).where(DELIVERIES.c.id == delivery_id, DELIVERIES.c.answered_at.is_(None))
    session.execute(answered.values(answered_at=now))


def tag_of(name: str) -> str:
    """Return the tag of those who answered a campaign.

    >>> tag_of("Чего не хватает? (весна)")
    'answered:чего-не-хватает-весна'
    """
    return f"answered:{_NOT_WORD.sub('-', fold(name)).strip('-')}"[:64]


def quiz_of(action: str, entry: str) -> str | None:
    """Return the quiz a letter's button opens; None where it opens none.

    >>> quiz_of("quiz.nps", "entry"), quiz_of("quiz", "entry"), quiz_of("like", "entry")
    ('nps', 'entry', None)
    """
    head, _, quiz_id = action.partition(".")
    return (quiz_id or entry) if head == OPENS_QUIZ else None


def _asked(subscriber_id: int, reply_to: int | None, now: datetime) -> Select[Any]:
    table = DELIVERIES.c
    mine = (
        select(table.id, Campaign.id, Campaign.name)
        .join(Campaign, Campaign.id == table.campaign_id)
        .where(table.subscriber_id == subscriber_id, Campaign.is_question, table.state == State.SENT.value)
    )
    if reply_to is not None:
        return mine.where(table.message_id == reply_to)
    last = table.finished_at.desc(), table.id.desc()
    return mine.where(table.finished_at > now - WAITS_FOR).order_by(*last).limit(1)
