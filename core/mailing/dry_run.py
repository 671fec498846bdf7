"""A dry run: what a launch now would do, counted before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from core.mailing import canary, caps, drafting, recipients, timing
from core.mailing.experiments import assigning
from core.mailing.ledger import DELIVERIES, Lane
from core.mailing.models import Campaign
from core.people.models import Subscriber

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.mailing.campaigns import Draft
    from core.mailing.experiments.models import Experiment
    from core.mailing.recipients import People


@dataclass(frozen=True, slots=True)
class Preview:
    """A dry run: audience = will_get + the sum of reasons. `contents` counts letters by content id."""

    audience: int
    will_get: int
    reasons: dict[str, int] = field(default_factory=dict)
    contents: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0
    finishes_at: datetime | None = None
    first: int = 0  # who get it before the others, to see how they take it
    begins_at: datetime | None = None  # of a letter at each person's own time: when the first one is due
    ends_at: datetime | None = None  # and the last


def preview(session: Session, campaign_id: int, now: datetime, per_second: float = 25.0) -> Preview:
    """Count what a launch now would do; `per_second` is the bulk share of the limit."""
    campaign = session.get_one(Campaign, campaign_id)
    people = recipients.of_campaign(session, campaign, now)
    has_its_row = select(DELIVERIES.c.id).where(
        DELIVERIES.c.campaign_id == campaign_id,
        DELIVERIES.c.subscriber_id == Subscriber.id,
        DELIVERIES.c.occasion == people.occasion,
    )
    return _counted(session, campaign, people, [~has_its_row.exists()], now, per_second)


def foresee(
    session: Session,
    draft: Draft,
    now: datetime,
    per_second: float = 25.0,
    experiment: Experiment | None = None,
) -> Preview:
    """Count what a campaign would do that is not stored yet; `contents` are counted by their place in it.

    With an experiment, whoever is held out or waits for the winner gets nothing.

    Raises what `campaigns.create` would raise.
    """
    campaign, choices = drafting.checked(session, draft, now)
    people = recipients.of_campaign(session, campaign, now, choices)
    people = people if experiment is None else assigning.narrowed(people, experiment)
    return _counted(session, campaign, people, [], now, per_second)


def _counted(
    session: Session,
    campaign: Campaign,
    people: People,
    only: list[ColumnElement[bool]],
    now: datetime,
    per_second: float,
) -> Preview:
    held = caps.of(campaign.purpose, campaign.caps)
    # Planning leaves this to the attempts: who is held back now may not be when his letter's turn comes.
    capped = case((caps.reached(held, campaign.topic_id), caps.REASON))
    why, what = func.coalesce(people.reason, capped).label("why"), people.content.label("what")
    listed = select(why, what).select_from(people.source).where(*people.where, *only).subquery()
    counted = select(listed.c.why, listed.c.what, func.count()).group_by(listed.c.why, listed.c.what)
    reasons: dict[str, int] = {}
    contents: dict[int, int] = {}
    for reason, content_id, count in session.execute(counted, caps.values(now) if held else {}):
        if reason is None:
            contents[content_id] = contents.get(content_id, 0) + count
        else:
            reasons[reason] = reasons.get(reason, 0) + count
    will_get = sum(contents.values())
    asked = canary.is_asked(campaign.purpose, campaign.lane or Lane.BROADCAST, campaign.canary)
    first = canary.size(will_get) if asked else 0
    seconds, total = will_get / per_second, will_get + sum(reasons.values())
    wanted = [*people.where, *only, people.reason.is_(None)]
    begins_at, ends_at = timing.span(session, campaign, people.source, wanted, now)
    ends = (ends_at or now) + timedelta(seconds=seconds) + (canary.REACTION if first else timedelta(0))
    return Preview(total, will_get, reasons, contents, seconds, ends, first, begins_at, ends_at)
