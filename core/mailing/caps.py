"""Frequency caps: how many advertising letters a person gets at most, counted from the ledger.

A day is the last 24 hours, a week the last seven times as many. What counts is an attempt that may have
arrived (started, sent, unknown) of any advertising campaign; service letters are neither counted nor held.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, false, func, or_, select

from core.db import table
from core.mailing.models import Campaign, Delivery
from core.people.models import Subscriber

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

DAY, WEEK = timedelta(days=1), timedelta(days=7)
REASON = "frequency_cap"
_TRIED = ("started", "sent", "unknown")
_DELIVERIES = table(Delivery)


@dataclass(frozen=True, slots=True)
class Caps:
    """The most letters a day, a week, and a week about one topic; 0: as many as there are."""

    day: int = 0
    week: int = 0
    topic: int = 0

    def __bool__(self) -> bool:
        """Whether anything is capped."""
        return bool(self.day or self.week or self.topic)


NONE = Caps()
NAMES = tuple(one.name for one in fields(Caps))
_business = NONE


def use(caps: Caps) -> None:
    """Take over the business's caps: what a campaign without caps of its own follows."""
    global _business
    _business = caps


def business() -> Caps:
    """Return the business's caps."""
    return _business


def of(purpose: str, own: Mapping[str, int] | None) -> Caps:
    """Return the caps of a campaign: the business's, those it names itself in their place."""
    if purpose != "advertising":
        return NONE
    return replace(_business, **{name: int(value) for name, value in (own or {}).items() if name in NAMES})


def values(now: datetime) -> dict[str, datetime]:
    """Return what is to be bound where `reached` stands in a statement."""
    return {"day_ago": now - DAY, "week_ago": now - WEEK}


def reached(caps: Caps, topic_id: int | None) -> ColumnElement[bool]:
    """Return SQL over `subscribers`: whether a person has had as many letters as he gets; see `values`."""
    asked = [
        _count("day_ago", None) >= caps.day if caps.day else None,
        _count("week_ago", None) >= caps.week if caps.week else None,
        _count("week_ago", topic_id) >= caps.topic if caps.topic and topic_id is not None else None,
    ]
    return or_(false(), *(one for one in asked if one is not None))


def _count(since: str, topic_id: int | None) -> ColumnElement[int]:
    tried, campaign = _DELIVERIES.alias(), table(Campaign).alias()
    counted = (
        select(func.count())
        .select_from(tried.join(campaign, campaign.c.id == tried.c.campaign_id))
        .where(
            tried.c.subscriber_id == Subscriber.id,
            tried.c.started_at > bindparam(since, type_=_DELIVERIES.c.started_at.type),
            tried.c.state.in_(_TRIED),
            campaign.c.purpose == "advertising",
            campaign.c.act == "send",
        )
    )
    if topic_id is not None:
        counted = counted.where(campaign.c.topic_id == topic_id)
    return counted.correlate(Subscriber).scalar_subquery()
