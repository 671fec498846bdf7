"""The digest: what happened in the base over a day or a week, told to each owner at most once.

A row per owner and day: planned when its hour has come, begun in a commit before the call, ended after it.
What was begun is never begun again, so after a crash a digest may be missing, never doubled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, select, update

from core import clock
from core.mailing.ledger import State
from core.mailing.models import Campaign, Delivery
from core.people import activity
from core.people.models import Subscriber
from core.reports.guards import Alarm, shown
from core.reports.models import Digest, DigestChoice
from core.sales.models import IS_PURCHASE, Purchase
from core.segments import versions
from core.segments.models import Segment, SegmentDay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from core.settings import Settings

RHYTHMS = ("daily", "weekly", "off")
LATE = timedelta(hours=8)  # a digest not begun so long after its hour is no news any more
MONDAY = 0
MOVED_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Due:
    """A digest that was begun for an owner and has to be sent now."""

    owner: int  # Telegram id
    day: date
    rhythm: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A segment, who came and went over the period, and its size when the period ended."""

    title_ru: str
    title_en: str
    entered: int
    left: int
    size: int


@dataclass(frozen=True, slots=True)
class Brief:
    """What happened from the first to the last local day, both whole; sums in minor units.

    `base` is how many there were when the last day ended. `alarms` are of this moment.
    """

    first: date
    last: date
    base: int
    came: int
    left: int
    moved: tuple[Moved, ...]
    sent: int
    answered: int
    failed: int
    orders: int
    revenue: int
    revenue_before: int  # over as many days just before
    alarms: tuple[Alarm, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened that is worth a message."""
        acts = (self.came, self.left, self.sent, self.failed, self.orders)
        return not any(acts) and not self.alarms


def rhythm_of(session: Session, owner: int, settings: Settings) -> str:
    """Return how often an owner wants it: his own choice, else the setting."""
    choice = session.get(DigestChoice, owner)
    return choice.rhythm if choice is not None else settings.digest


def choose(session: Session, owner: int, rhythm: str, now: datetime) -> None:
    """Keep how often an owner wants it; raises ValueError for what is no rhythm."""
    if rhythm not in RHYTHMS:
        raise ValueError(f"{rhythm!r} is no rhythm of the digest")
    session.merge(DigestChoice(owner=owner, rhythm=rhythm, chosen_at=now))


def waiting(session: Session, now: datetime, settings: Settings) -> list[Due]:
    """Return whose digest is due and has not been begun: nothing is written."""
    zone = activity.zone()
    day = clock.local_day(now, zone)
    due_at = datetime.combine(day, time(settings.digest_hour), zone)
    if not due_at <= now < due_at + LATE:
        return []
    found = []
    for owner in settings.admin_ids:
        rhythm = rhythm_of(session, owner, settings)
        if rhythm == "off" or (rhythm == "weekly" and day.weekday() != MONDAY):
            continue
        if session.get(Digest, (owner, day)) is None and not _is_gone(session, owner):
            found.append(Due(owner, day, rhythm, due_at))
    return found


def begin(session: Session, now: datetime, settings: Settings) -> list[Due]:
    """Begin what is due, to be sent after the commit; asked again it returns nothing."""
    found = waiting(session, now, settings)
    for one in found:
        row = Digest(owner=one.owner, day=one.day, rhythm=one.rhythm, due_at=one.due_at, started_at=now)
        session.add(row)
    session.flush()
    return found


def finish(session: Session, due: Due, outcome: str, now: datetime) -> None:
    """Write down how it ended: sent, failed, or nothing to tell."""
    session.execute(
        update(Digest)
        .where(Digest.owner == due.owner, Digest.day == due.day)
        .values(finished_at=now, outcome=outcome)
    )


def brief(session: Session, rhythm: str, now: datetime, *, untold_to: int | None = None) -> Brief:
    """Return what happened yesterday or over the last seven days; `untold_to`: alarms new to this owner."""
    last = clock.local_day(now, activity.zone()) - timedelta(days=1)
    first = last - timedelta(days=6) if rhythm == "weekly" else last
    start = clock.day_start(first, activity.zone())
    end = clock.day_start(last + timedelta(days=1), activity.zone())
    base, came, left = _people(session, start, end)
    sent, answered, failed = _letters(session, start, end)
    orders, revenue, before = _orders(session, start, end)
    moved = tuple(_moved(session, first, last, versions.renewed(start, end)))
    alarms = shown(session, now, untold_to=untold_to)
    return Brief(
        first, last, base, came, left, moved, sent, answered, failed, orders, revenue, before, alarms
    )


def _is_gone(session: Session, owner: int) -> bool:
    """Say whether an owner has blocked the bot or left Telegram: he has no chat to be written to."""
    query = select(Subscriber.id).where(
        Subscriber.telegram_id == owner,
        Subscriber.blocked_at.is_not(None) | Subscriber.deactivated_at.is_not(None),
    )
    return session.scalar(query) is not None


def _people(session: Session, start: datetime, end: datetime) -> tuple[int, int, int]:
    def within(moment: ColumnElement[datetime | None]) -> ColumnElement[bool]:
        return (moment >= start) & (moment < end)

    went = within(Subscriber.blocked_at) | within(Subscriber.opted_out_at) | within(Subscriber.deactivated_at)  # type: ignore[arg-type]
    is_there = Subscriber.erased_at.is_(None)
    was_there = (Subscriber.created_at < end) & (is_there | (Subscriber.erased_at >= end))
    came = is_there & within(Subscriber.joined_at)  # type: ignore[arg-type]
    sums = (func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in (was_there, came, is_there & went))
    base, arrived, left = session.execute(select(*sums)).one()
    return int(base), int(arrived), int(left)


def _letters(session: Session, start: datetime, end: datetime) -> tuple[int, int, int]:
    """Count the letters that ended in the period; only campaigns at work in it are read."""
    working = select(Campaign.id).where(
        Campaign.act == "send",  # a corrected copy is no letter
        Campaign.started_at < end,
        Campaign.finished_at.is_(None) | (Campaign.finished_at >= start),
    )
    query = (
        select(Delivery.state, func.count(), func.count(Delivery.answered_at))
        .where(Delivery.campaign_id.in_(list(session.scalars(working))))
        .where(Delivery.state.in_((State.SENT.value, State.FAILED.value, State.UNKNOWN.value)))
        .where(Delivery.finished_at >= start, Delivery.finished_at < end)
        .group_by(Delivery.state)
    )
    counts = {state: (count, answered) for state, count, answered in session.execute(query)}
    sent, answered = counts.pop(State.SENT.value, (0, 0))
    return sent, answered, sum(count for count, _ in counts.values())


def _orders(session: Session, start: datetime, end: datetime) -> tuple[int, int, int]:
    amount = func.coalesce(Purchase.base_amount, 0)
    is_new = Purchase.at >= start
    query = select(
        func.coalesce(func.sum(case((and_(is_new, IS_PURCHASE), 1), else_=0)), 0),
        func.coalesce(func.sum(case((is_new, amount), else_=0)), 0),
        func.coalesce(func.sum(case((is_new, 0), else_=amount)), 0),
    ).where(Purchase.at >= start - (end - start), Purchase.at < end)
    orders, revenue, before = session.execute(query).one()
    return int(orders), int(revenue), int(before)


def _moved(session: Session, first: date, last: date, renewed: Select[int]) -> Sequence[Moved]:
    """Return the segments that changed most for their size, by themselves."""
    entered, left = func.sum(SegmentDay.entered), func.sum(SegmentDay.left)
    flows = (
        select(
            SegmentDay.segment_id,
            entered.label("entered"),
            left.label("left"),
            func.max(SegmentDay.day).label("day"),
        )
        .where(SegmentDay.day >= first, SegmentDay.day <= last, SegmentDay.segment_id.not_in(renewed))
        .group_by(SegmentDay.segment_id)
        .having(entered != left)
        .subquery()
    )
    at_the_end = (SegmentDay.segment_id == flows.c.segment_id) & (SegmentDay.day == flows.c.day)
    query = (
        select(Segment.title_ru, Segment.title_en, flows.c.entered, flows.c.left, SegmentDay.size)
        .join(flows, flows.c.segment_id == Segment.id)
        .join(SegmentDay, at_the_end)
        .where(Segment.enabled)
    )
    rows = [Moved(ru, en, int(came), int(went), size) for ru, en, came, went, size in session.execute(query)]
    rows.sort(key=lambda one: (-abs(one.entered - one.left) / (one.size + 10) ** 0.5, one.title_ru))
    return rows[:MOVED_SHOWN]
