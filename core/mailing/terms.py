"""Terms: what a campaign asks of each attempt, and of the people it may start for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.mailing import caps, quiet
from core.mailing.caps import NONE, Caps
from core.mailing.ledger import DELIVERIES, Lane
from core.mailing.models import Campaign
from core.mailing.reasons import ADVERTISING, HELD_BACK, has_left
from core.people import archive
from core.people.models import Profile, Subscriber
from core.people.subscribers import Status
from core.segments import audience

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Terms:
    """What a campaign asks of each attempt; it never changes once the campaign is scheduled."""

    campaign_id: int
    purpose: str
    live_rule: str | None
    expires_hours: int | None
    topic_id: int | None = None
    lane: int = Lane.BROADCAST
    night: str = quiet.HOLD
    caps: Caps = NONE
    is_change: bool = False  # of copies already sent: whoever has one may be reached

    @property
    def waits_for_morning(self) -> bool:
        """Whether a person's quiet hours postpone his letter."""
        return quiet.respects(self.lane, self.night)


def terms_of(session: Session, campaign_id: int) -> Terms:
    """Read a campaign's terms."""
    c = Campaign
    columns = (
        c.purpose, c.is_live, c.audience, c.expires_hours, c.topic_id, c.lane, c.night, c.caps, c.act,
    )  # fmt: skip
    row = session.execute(select(*columns).where(c.id == campaign_id)).one()
    return as_terms(campaign_id, row)


def as_terms(campaign_id: int, row: Any) -> Terms:
    """Return the terms a row of a campaign holds."""
    rule = row.audience if row.is_live else None
    held = caps.of(row.purpose, row.caps) if row.act == "send" else NONE
    return Terms(
        campaign_id,
        row.purpose,
        rule,
        row.expires_hours,
        row.topic_id,
        row.lane,
        row.night,
        held,
        row.act != "send",
    )


def may_get(session: Session, terms: Terms, now: datetime) -> Select[int]:
    """Return the SELECT of the person of a delivery, empty where he may not be written to."""
    his = Subscriber.id == DELIVERIES.c.subscriber_id
    if terms.is_change:
        return select(Subscriber.id).where(his, Subscriber.telegram_id.is_not(None))
    may = (
        select(Subscriber.id)
        .join(Profile, Profile.subscriber_id == Subscriber.id)
        .where(his, Subscriber.status == Status.ACTIVE.value)
    )
    if terms.purpose == ADVERTISING:
        may = may.where(Subscriber.advertising_consent_at.is_not(None))
        may = may.where(*(~archive.has_tag(tag) for tag in HELD_BACK))
    if terms.topic_id is not None:
        may = may.where(~has_left(terms.topic_id))
    if terms.caps:
        may = may.where(~caps.reached(terms.caps, terms.topic_id))
    if terms.live_rule is not None:
        may = may.where(audience.condition(session, terms.live_rule, now))
    return may
