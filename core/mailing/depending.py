"""Campaigns that a segment feeds: whom a change of its rule reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.mailing.drafting import ENROLLMENT
from core.mailing.models import Campaign, CampaignVariant
from core.mailing.series.models import Series, SeriesStep
from core.segments.models import Segment
from core.segments.removal import asking, remove
from core.segments.rules import asked_for, by_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.segments.rules import SegmentInfo

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
    """Return the campaigns whose audience, variants or occasion ask for a segment, then the series."""
    number = session.scalar(select(Segment.id).where(Segment.name == segment))
    if number is None:
        return ()
    running = select(Campaign).where(Campaign.state.not_in(_OVER)).order_by(Campaign.id)
    found = []
    for campaign in session.scalars(running.where(Campaign.occasion != ENROLLMENT)):
        rules = [campaign.audience, *_variants(session, campaign.id)]
        of_stays = campaign.segment_id == number
        if of_stays or any(segment in asked_for(rule) for rule in rules):
            repeats = campaign.repeat is not None
            found.append(Depending(campaign.id, campaign.name, campaign.state, of_stays or repeats))
    return (*found, *_series(session, segment))


def _series(session: Session, segment: str) -> Iterator[Depending]:
    """Return the series that begin by a segment, or ask for it anywhere; as a campaign its first letter."""
    for series in session.scalars(select(Series).order_by(Series.id)):
        steps = session.scalars(select(SeriesStep).where(SeriesStep.series_id == series.id)).all()
        letters = [step.campaign_id for step in steps if step.campaign_id is not None]
        rules = [series.goal, series.stop, *(step.condition for step in steps)]
        rules += [step.detail.get("until") for step in steps]
        rules += [rule for letter in letters for rule in _variants(session, letter)]
        begins = series.start["kind"] == "segment" and series.start["what"] == segment
        if begins or any(segment in asked_for(rule) for rule in rules if rule):
            state = "running" if series.is_on else "paused"
            yield Depending(min(letters, default=0), series.title_ru, state, begins and series.is_on)


@dataclass(frozen=True, slots=True)
class Holding:
    """What asks for a segment and would not work without it."""

    segments: tuple[SegmentInfo, ...]
    campaigns: tuple[Depending, ...]

    def __bool__(self) -> bool:
        """There is something."""
        return bool(self.segments or self.campaigns)


def holding(session: Session, segment: str) -> Holding:
    """Return the segments and the campaigns that keep a segment from being deleted."""
    return Holding(asking(session, segment), depending_on(session, segment))


def delete_segment(session: Session, number: int, now: datetime) -> tuple[SegmentInfo, Holding]:
    """Delete an owner's segment unless something asks for it: then it stays, and that is returned.

    Raises SegmentError for a segment that is gone or ships with the program.
    """
    found = by_number(session, number)
    held = holding(session, found.name)
    return (found, held) if held else (remove(session, number, now), held)


def _variants(session: Session, campaign_id: int) -> list[str]:
    query = select(CampaignVariant.rule).where(CampaignVariant.campaign_id == campaign_id)
    return [rule for rule in session.scalars(query) if rule]
