"""Campaigns that a segment feeds: whom a change of its rule reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.mailing.models import Campaign, CampaignVariant
from core.segments.models import Segment
from core.segments.rules import asked_for

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_OVER = ("finished", "cancelled")


@dataclass(frozen=True, slots=True)
class Depending:
    """A campaign that is not over and asks for a segment.

    `writes_to_newcomers`: it writes to everyone who enters, as long as it runs.
    """

    campaign_id: int
    name: str
    state: str
    writes_to_newcomers: bool


def depending_on(session: Session, segment: str) -> tuple[Depending, ...]:
    """Return the campaigns whose audience, variants or occasion ask for a segment, by their numbers."""
    number = session.scalar(select(Segment.id).where(Segment.name == segment))
    if number is None:
        return ()
    running = select(Campaign).where(Campaign.state.not_in(_OVER)).order_by(Campaign.id)
    found = []
    for campaign in session.scalars(running):
        rules = [campaign.audience, *_variants(session, campaign.id)]
        of_stays = campaign.segment_id == number
        if of_stays or any(segment in asked_for(rule) for rule in rules):
            repeats = campaign.repeat is not None
            found.append(Depending(campaign.id, campaign.name, campaign.state, of_stays or repeats))
    return tuple(found)


def _variants(session: Session, campaign_id: int) -> list[str]:
    query = select(CampaignVariant.rule).where(CampaignVariant.campaign_id == campaign_id)
    return [rule for rule in session.scalars(query) if rule]
