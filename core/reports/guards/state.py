"""The memory of the guards: what is wrong since when, what was told, what is put off.

A cause is told once. Gone, it is closed; back within RETURN, or while it is put off, it is the same alarm
again and is not told anew, so that a value swinging about its threshold stays quiet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from core import clock
from core.people import activity
from core.people.subscribers import living
from core.reports.guards import checks, jumps, sources
from core.reports.guards.limits import limits
from core.reports.models import AlarmTelling, GuardAlarm, GuardLook
from core.segments import presets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from core.db import Database
    from core.reports.guards.finding import Finding
    from core.reports.guards.limits import Limits
    from core.settings import Settings

    Check = Callable[[Session, datetime, Limits], list[Finding]]

QUICK_EVERY = timedelta(hours=1)
RETURN = timedelta(days=7)
MOST_SHOWN = 3
# Quick ones read a few rows a segment; daily ones count people, on a snapshot.
QUICK: dict[str, Check] = {"stale": checks.stale, "jump": jumps.jump}
DAILY: dict[str, Check] = {
    "uncovered": checks.uncovered,
    "one_source": sources.one_source,
    "ignored": checks.ignored,
    "was_vip": checks.was_vip,
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as it is told."""

    number: int
    guard: str
    subject: str
    subscriber_id: int | None
    people: int
    money: int
    facts: dict[str, Any]
    first_at: datetime


def watch(db: Database, now: datetime, settings: Settings) -> int:
    """Let those guards look that are due; asked twice for one moment it does nothing the second time.

    Returns how many alarms are new.
    """
    due = db.read_now(_due, now)
    fresh = 0
    for name, checks_due in due.items():
        found = db.read_now(_look, checks_due, now, limits(settings.guards))
        fresh += db.write_now(_keep, name, set(checks_due), found, now)
    return fresh


def _due(session: Session, now: datetime) -> dict[str, dict[str, Check]]:
    zone = activity.zone()
    looked = {row.name: row.looked_at for row in session.scalars(select(GuardLook))}
    due: dict[str, dict[str, Check]] = {}
    quick, daily = looked.get("quick"), looked.get("daily")
    if quick is None or abs(now - quick) >= QUICK_EVERY:
        due["quick"] = QUICK
    if daily is None or clock.local_day(daily, zone) != clock.local_day(now, zone):
        due["daily"] = DAILY
    return due


def _look(session: Session, due: dict[str, Check], now: datetime, thresholds: Limits) -> list[Finding]:
    return [found for check in due.values() for found in check(session, now, thresholds)]


def _keep(
    session: Session, name: str, guards: Collection[str], found: Collection[Finding], now: datetime
) -> int:
    """Bring the alarms of these guards in line with what they found."""
    session.merge(GuardLook(name=name, looked_at=now))
    there_are = living(session, [one.subscriber_id for one in found if one.subscriber_id is not None])
    wanted = {
        (one.guard, one.subject): one
        for one in found
        if one.subscriber_id is None or one.subscriber_id in there_are
    }
    opened = session.scalars(
        select(GuardAlarm).where(GuardAlarm.guard.in_(sorted(guards)), GuardAlarm.gone_at.is_(None))
    )
    there = {(row.guard, row.subject): row for row in opened}
    for key, row in there.items():
        if key not in wanted:
            row.gone_at = now
    fresh = 0
    for key, finding in wanted.items():
        kept = there.get(key) or _returned(session, finding, now)
        if kept is None:
            kept = GuardAlarm(guard=finding.guard, subject=finding.subject, first_at=now)
            kept.subscriber_id = finding.subscriber_id
            session.add(kept)
            fresh += 1
        kept.people, kept.money, kept.facts = finding.people, finding.money, finding.facts
        kept.seen_at, kept.gone_at = now, None
    session.flush()
    return fresh


def _returned(session: Session, finding: Finding, now: datetime) -> GuardAlarm | None:
    """Return the same cause of a short while ago, or one that is still put off."""
    query = (
        select(GuardAlarm)
        .where(GuardAlarm.guard == finding.guard, GuardAlarm.subject == finding.subject)
        .where(or_(GuardAlarm.gone_at > now - RETURN, GuardAlarm.snoozed_until > now))
        .order_by(GuardAlarm.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def shown(
    session: Session, now: datetime, most: int = MOST_SHOWN, *, untold_to: int | None = None
) -> tuple[Alarm, ...]:
    """Return the alarms to show, those with the most money first, then those with the most people.

    `untold_to`: only those that stood in no digest of this owner yet, by his Telegram number.
    """
    query = _speaking(now)
    if untold_to is not None:
        told = select(AlarmTelling.alarm_id).where(AlarmTelling.owner == untold_to)
        query = query.where(GuardAlarm.id.not_in(told))
    weight = (GuardAlarm.money.desc(), GuardAlarm.people.desc(), GuardAlarm.id)
    rows = session.scalars(query.order_by(*weight).limit(most))
    found = (_as_of_now(session, _alarm(row)) for row in rows)
    return tuple(one for one in found if one is not None)


def _as_of_now(session: Session, told: Alarm) -> Alarm | None:
    """Return an alarm with the numbers its button opens; None where they do not alarm any more."""
    found = presets.coverage(session) if told.guard == "uncovered" else None
    if found is None:
        return told
    if found.share <= told.facts.get("limit", 0):
        return None
    facts = told.facts | {"share": found.share, "people": found.uncovered, "active": found.active}
    return replace(told, people=found.uncovered, facts=facts)


def alarm(session: Session, number: int) -> Alarm | None:
    """Return one alarm, also one that is over; None if there never was one of this number."""
    row = session.get(GuardAlarm, number)
    return _alarm(row) if row is not None else None


def mark_told(session: Session, numbers: Collection[int], owner: int, now: datetime) -> None:
    """Remember that an owner was told of these alarms: no digest of his tells them again."""
    for number in numbers:
        session.merge(AlarmTelling(alarm_id=number, owner=owner, told_at=now))


def snooze(session: Session, number: int, now: datetime, days: float) -> bool:
    """Put an alarm off; False if there is none of this number."""
    row = session.get(GuardAlarm, number)
    if row is None:
        return False
    row.snoozed_until = now + timedelta(days=days)
    session.flush()
    return True


def _speaking(now: datetime) -> Select[GuardAlarm]:
    return select(GuardAlarm).where(
        GuardAlarm.gone_at.is_(None),
        or_(GuardAlarm.snoozed_until.is_(None), GuardAlarm.snoozed_until <= now),
    )


def _alarm(row: GuardAlarm) -> Alarm:
    return Alarm(
        row.id,
        row.guard,
        row.subject,
        row.subscriber_id,
        row.people,
        row.money,
        row.facts,
        row.first_at,
    )
