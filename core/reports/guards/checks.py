"""The guards that look at one moment: stale segments, coverage, ignored customers, silent VIPs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from core import clock
from core.mailing.ledger import State
from core.mailing.models import Campaign, Delivery
from core.people import activity
from core.people.models import Profile, Subscriber
from core.people.subscribers import Status
from core.reports.guards.finding import Finding, money_of
from core.segments import presets
from core.segments.models import Membership, Segment
from core.segments.rules import GENERATED

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.reports.guards.limits import Limits

SETTLING = timedelta(days=1)  # after its definition a segment fills with people who did nothing
MOST_VIPS = 20


def stale(session: Session, now: datetime, limits: Limits) -> list[Finding]:
    """Segments whose rule fails, one alarm each; those only not computed for too long, in one alarm."""
    since = now - timedelta(hours=limits["stale_hours"])
    segments = session.scalars(select(Segment).where(Segment.enabled).order_by(Segment.id)).all()
    found = [
        Finding(
            "stale",
            f"error:{one.name}",
            one.size,
            money_of(session, one.id),
            {"segment": one.name, "error": one.error},
        )
        for one in segments
        if one.error
    ]
    old = [one for one in segments if not one.error and (one.refreshed_at or one.created_at) < since]
    if old:
        last = min(one.refreshed_at or one.created_at for one in old)
        largest = max(old, key=lambda one: one.size)
        hours = int((now - last).total_seconds() // 3600)
        facts = {"segment": largest.name, "count": len(old), "hours": hours}
        found.append(Finding("stale", "old", largest.size, money_of(session, largest.id), facts))
    return found


def uncovered(session: Session, now: datetime, limits: Limits) -> list[Finding]:
    """Too many active people of whom nothing of weight is known; a new segment gets a day to fill."""
    found = presets.coverage(session)
    if found is None or found.active < limits["uncovered_people"] or found.share <= limits["uncovered_share"]:
        return []
    segment = session.scalar(select(Segment).where(Segment.name == GENERATED))
    if segment is None or segment.created_at > now - SETTLING:
        return []
    facts = {"segment": segment.name, "share": found.share, "people": found.uncovered, "active": found.active}
    facts["limit"] = limits["uncovered_share"]
    return [Finding("uncovered", "", found.uncovered, money_of(session, segment.id), facts)]


def ignored(session: Session, now: datetime, limits: Limits) -> list[Finding]:
    """Buyers got no letter for so long, while everybody else did."""
    since = now - timedelta(days=limits["ignored_days"])
    people = _active(session)
    (buyers, total), (others, _) = people.get(1, (0, 0)), people.get(0, (0, 0))
    if buyers < limits["ignored_people"] or not others:
        return []
    letters = _letters(session, since)
    each = letters.get(0, 0) / others
    if letters.get(1, 0) or each < limits["ignored_letters"]:
        return []
    facts = {"days": int(limits["ignored_days"]), "buyers": buyers, "letters": round(each, 1)}
    return [Finding("ignored", "", buyers, total, facts)]


def _active(session: Session) -> dict[int, tuple[int, int]]:
    """Return how many active people have bought (1) and have not (0), and what they paid."""
    bought = case((Profile.purchases_count > 0, 1), else_=0).label("bought")
    query = (
        select(bought, func.count(), func.coalesce(func.sum(Profile.purchases_total), 0))
        .join(Subscriber, Subscriber.id == Profile.subscriber_id)
        .where(Subscriber.status == Status.ACTIVE)
        .group_by("bought")
    )
    return {kind: (count, int(total)) for kind, count, total in session.execute(query)}


def _letters(session: Session, since: datetime) -> dict[int, int]:
    """Return how many letters buyers (1) and others (0) got; only campaigns at work since then are read."""
    working = select(Campaign.id).where(
        Campaign.started_at.is_not(None), (Campaign.finished_at.is_(None)) | (Campaign.finished_at >= since)
    )
    bought = case((Profile.purchases_count > 0, 1), else_=0).label("bought")
    query = (
        select(bought, func.count())
        .select_from(Delivery)
        .join(Profile, Profile.subscriber_id == Delivery.subscriber_id)
        .where(Delivery.campaign_id.in_(list(session.scalars(working))))
        .where(Delivery.state == State.SENT.value, Delivery.finished_at >= since)
        .group_by("bought")
    )
    return {kind: int(count) for kind, count in session.execute(query)}


def was_vip(session: Session, now: datetime, limits: Limits) -> list[Finding]:
    """Those who paid most and fell silent lately: one alarm a person, the richest first."""
    segment = session.scalar(select(Segment).where(Segment.name == "was_vip", Segment.enabled))
    if segment is None:
        return []
    since = max(now - timedelta(days=limits["vip_days"]), segment.created_at + SETTLING)
    query = (
        select(Subscriber.id, Profile.purchases_total, Profile.purchases_count, Profile.last_purchase_at)
        .join(Membership, Membership.subscriber_id == Subscriber.id)
        .join(Profile, Profile.subscriber_id == Subscriber.id)
        .where(Membership.segment_id == segment.id, Membership.left_at.is_(None))
        .where(Membership.entered_at >= since)
        .order_by(Profile.purchases_total.desc(), Subscriber.id)
        .limit(MOST_VIPS)
    )
    today = clock.local_day(now, activity.zone())
    return [
        Finding(
            "was_vip",
            str(who),
            1,
            int(total),
            {
                "purchases": count,
                "days": (today - clock.local_day(last, activity.zone())).days if last else 0,
            },
            who,
        )
        for who, total, count, last in session.execute(query)
    ]
