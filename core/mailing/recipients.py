"""Recipients: one audience as SQL: whom, with which content, on which occasion, and why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, and_, case, cast, func, literal, null, select, true

from core.db import table
from core.mailing.experiments import assigning
from core.mailing.models import Campaign, CampaignVariant
from core.mailing.reasons import reason_not_to_write
from core.people.models import Profile, Subscriber
from core.segments import audience
from core.segments.models import Membership

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

MEMBERSHIPS = table(Membership)
NO_VARIANT = "no_variant"
Choice = tuple[str | None, str, int]  # a variant's rule, its language, its content


@dataclass(frozen=True, slots=True)
class People:
    """SQL over one audience: whom, which content, which occasion, why not."""

    source: Any
    where: list[ColumnElement[bool]]
    content: ColumnElement[int | None]
    occasion: ColumnElement[str]
    reason: ColumnElement[str | None]
    arm: ColumnElement[int | None] = field(default_factory=lambda: literal(None, Integer))  # of an experiment


def of_campaign(
    session: Session, campaign: Campaign, now: datetime, choices: Iterable[Choice] | None = None
) -> People:
    """Return the SQL over a campaign's audience; `choices` stand in for variants that are not stored yet."""
    source = Subscriber.__table__.join(Profile.__table__, Profile.subscriber_id == Subscriber.id)
    where = [audience.condition(session, campaign.audience, now)]
    occasion: ColumnElement[str] = literal("once")
    if campaign.occasion == "run":
        # A draft's next run; while planning, `run` is the present one already.
        occasion = literal(f"run:{(campaign.run or 0) + (campaign.state != 'planning')}")
    elif campaign.occasion == "stay":
        stay = and_(
            MEMBERSHIPS.c.subscriber_id == Subscriber.id,
            MEMBERSHIPS.c.segment_id == campaign.segment_id,
            MEMBERSHIPS.c.left_at.is_(None),
        )
        source = source.join(MEMBERSHIPS, stay)
        occasion = literal("stay:") + cast(MEMBERSHIPS.c.id, String)
    content = _content(session, _stored(session, campaign.id) if choices is None else choices, now)
    reason = func.coalesce(
        reason_not_to_write(campaign.purpose, campaign.topic_id), case((content.is_(None), NO_VARIANT))
    )
    people = People(source, where, content, occasion, reason)
    return assigning.applied(session, campaign.id, people, lambda given: _content(session, given, now))


def content_for(session: Session, campaign_id: int, now: datetime) -> ColumnElement[int | None]:
    """SQL over subscribers: the content this campaign has for a person, NULL where it has none."""
    return _content(session, _stored(session, campaign_id), now)


def _stored(session: Session, campaign_id: int) -> list[Choice]:
    rows = session.execute(
        select(CampaignVariant.rule, CampaignVariant.language, CampaignVariant.content_id)
        .where(CampaignVariant.campaign_id == campaign_id)
        .order_by(CampaignVariant.position)
    )
    return [(rule, language, content_id) for rule, language, content_id in rows]


def _content(session: Session, choices: Iterable[Choice], now: datetime) -> ColumnElement[int | None]:
    """SQL: the content of the first variant whose rule and language hold, NULL when none does."""
    cases = []
    for rule, language, content_id in choices:
        holds = true() if rule is None else audience.condition(session, rule, now)
        if language:
            holds = and_(holds, Subscriber.language == language)
        cases.append((holds, literal(content_id, Integer)))
    return case(*cases, else_=null()) if cases else literal(None, Integer)
