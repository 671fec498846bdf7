"""Engagement: which letters were answered, and how many in a row were not.

`unanswered` of a person = letters of the series and broadcast lanes that matured (older than the grace period
when a tick looked) and are newer than his last sign of life. There are no read receipts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Row, bindparam, case, func, literal_column, or_, select, update

from core.db import CHUNK, note_touched, table
from core.mailing.ledger import DELIVERIES, Lane
from core.mailing.models import CampaignVariant, Content
from core.people.activity import record
from core.people.attributes import add_tag
from core.people.models import Profile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.db import Database

PROFILES = table(Profile)
GRACE = timedelta(hours=24)
TAGS = "tag"  # a button whose action is `tag.<name>` labels whoever taps it; series and rules go by that
_SENT: ColumnElement[str] = literal_column("'sent'")


@dataclass(frozen=True, slots=True)
class Answered:
    """The letter a sign of life belongs to; `first` says whether it is its first answer."""

    delivery_id: int
    campaign_id: int
    first: bool


def answered(session: Session, subscriber_id: int, message_id: int, now: datetime) -> Answered | None:
    """A button, a reply or a reaction came for this message; None when it was no letter of the ledger."""
    table = DELIVERIES.c
    return _answer(session, (table.subscriber_id == subscriber_id) & (table.message_id == message_id), now)


def tapped(
    session: Session, subscriber_id: int, delivery_id: int, code: str, now: datetime
) -> Answered | None:
    """A letter's own button was tapped; None when the delivery is not this person's. Recorded once a code."""
    table = DELIVERIES.c
    found = _answer(session, (table.subscriber_id == subscriber_id) & (table.id == delivery_id), now)
    if found is not None:
        detail = {"campaign": found.campaign_id, "delivery": delivery_id, "code": code}
        key = f"tap:{delivery_id}:{code}"
        record(session, subscriber_id, "message_clicked", now, detail=detail, key=key)
        head, _, tag = code.partition(".")
        if head == TAGS and tag and _offers(session, found, code):
            add_tag(session, subscriber_id, tag, now, origin=f"campaign:{found.campaign_id}")
    return found


def _offers(session: Session, letter: Answered, code: str) -> bool:
    """Whether the letter, as it went out or as its campaign is now, has such a button.

    A tap is whatever a client says; without this anybody could label himself as he likes.
    """
    sent = select(DELIVERIES.c.content_id).where(DELIVERIES.c.id == letter.delivery_id)
    now_given = select(CampaignVariant.content_id).where(CampaignVariant.campaign_id == letter.campaign_id)
    known = select(Content.buttons).where(or_(Content.id.in_(sent), Content.id.in_(now_given)))
    return any(
        button.get("action") == code for rows in session.scalars(known) for row in rows for button in row
    )


def _answer(session: Session, which: object, now: datetime) -> Answered | None:
    table = DELIVERIES.c
    row = session.execute(select(table.id, table.campaign_id, table.answered_at).where(which)).first()  # type: ignore[arg-type]
    if row is None:
        return None
    if row.answered_at is None:
        session.execute(update(DELIVERIES).where(table.id == row.id).values(answered_at=now))
    return Answered(row.id, row.campaign_id, row.answered_at is None)


def mature(db: Database, now: datetime, grace: timedelta = GRACE) -> int:
    """Count the letters that became older than the grace period; returns how many were looked at.

    However often this runs, the count is the same: each letter is looked at once, and a sign of life that
    comes later puts the counter back to zero anyway.
    """
    looked = 0
    while batch := db.read_now(_ripe, now - grace):
        looked += db.write_now(_count, [row.id for row in batch], now)
        if len(batch) < CHUNK:
            break
    return looked


def _ripe(session: Session, before: datetime) -> Sequence[Row[tuple[int]]]:
    table = DELIVERIES.c
    ripe = (
        select(table.id)
        .where(table.state == _SENT, table.counted_at.is_(None), table.finished_at <= before)
        .order_by(table.finished_at, table.id)
        .limit(CHUNK)
    )
    return session.execute(ripe).all()


def _count(session: Session, ids: Sequence[int], now: datetime) -> int:
    """Mark letters as looked at and add the unanswered ones to their people's counters."""
    table = DELIVERIES.c
    marked = (
        update(DELIVERIES)
        .where(table.id.in_(ids), table.counted_at.is_(None))
        .values(counted_at=now)
        .returning(table.id)
    )
    fresh = list(session.execute(marked).scalars())
    silent = table.answered_at.is_(None) & (
        (PROFILES.c.last_seen_at.is_(None)) | (table.finished_at > PROFILES.c.last_seen_at)
    )
    counted = (
        select(table.subscriber_id, func.sum(case((silent, 1), else_=0)), func.max(table.finished_at))
        .join(PROFILES, PROFILES.c.subscriber_id == table.subscriber_id)
        .where(table.id.in_(fresh), table.lane.in_((int(Lane.SERIES), int(Lane.BROADCAST))))
        .group_by(table.subscriber_id)
        .order_by(table.subscriber_id)
    )
    rows = [
        {"b_who": who, "b_more": more, "b_until": until, "b_now": now}
        for who, more, until in session.execute(counted)
    ]
    if rows:
        session.connection().execute(_ADD, rows)
        note_touched(session, [row["b_who"] for row in rows if row["b_more"]], now)
    return len(fresh)


_more: ColumnElement[int] = bindparam("b_more", type_=PROFILES.c.unanswered.type)
_until = bindparam("b_until", type_=PROFILES.c.matured_until.type)
_matured = PROFILES.c.matured_until
_ADD = (
    update(PROFILES)
    .where(PROFILES.c.subscriber_id == bindparam("b_who"))
    .values(
        unanswered=PROFILES.c.unanswered + _more,
        matured_until=case((or_(_matured.is_(None), _matured < _until), _until), else_=_matured),
        touched_at=case((_more > 0, bindparam("b_now")), else_=PROFILES.c.touched_at),
    )
)
