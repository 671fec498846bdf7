"""Ratings: 👍 or 👎 for a letter, by the buttons under it or as a reaction; a person's last one counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select, update

from core.mailing.ledger import DELIVERIES
from core.mailing.models import CampaignVariant, Content
from core.people.activity import record

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.mailing.engagement import Answered

FACT = "letter_rated"  # detail: campaign, delivery, rating
CODES = {"like": 1, "dislike": -1}  # the actions of the buttons
SIGNS = {"👍": 1, "👎": -1}
BUTTONS = [{"text": sign, "action": code} for sign, code in zip(SIGNS, CODES, strict=True)]


@dataclass(frozen=True, slots=True)
class Ratings:
    """How many people think what of a letter."""

    likes: int
    dislikes: int


def rate(session: Session, subscriber_id: int, letter: Answered, rating: int, now: datetime) -> None:
    """Keep what a person thinks of a letter: 1 or -1. The same again changes nothing."""
    given = update(DELIVERIES).where(DELIVERIES.c.id == letter.delivery_id)
    session.execute(given.values(rating=rating))
    detail = {"campaign": letter.campaign_id, "delivery": letter.delivery_id, "rating": rating}
    record(session, subscriber_id, FACT, now, detail=detail, key=f"rating:{letter.delivery_id}:{rating}")


def of_campaign(session: Session, campaign_id: int) -> Ratings | None:
    """Return what people think of a campaign; None where it asks nobody and nobody has said it."""
    table = DELIVERIES.c
    liked = func.sum(case((table.rating > 0, 1), else_=0))
    disliked = func.sum(case((table.rating < 0, 1), else_=0))
    counted = select(liked, disliked).where(table.campaign_id == campaign_id, table.rating.is_not(None))
    likes, dislikes = session.execute(counted).one()
    if likes is None and not _asks(session, campaign_id):
        return None
    return Ratings(likes or 0, dislikes or 0)


def _asks(session: Session, campaign_id: int) -> bool:
    rows = session.scalars(
        select(Content.buttons)
        .join(CampaignVariant, CampaignVariant.content_id == Content.id)
        .where(CampaignVariant.campaign_id == campaign_id)
    )
    return any(one.get("action") in CODES for buttons in rows for row in buttons for one in row)
