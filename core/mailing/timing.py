"""Personal time: a letter due at an hour of each reader's own wall clock, as SQL over the audience.

Date arithmetic is done here and not by the database: there are few different offsets from UTC, so each gets
its moment, and the statement only chooses among them. Whose hour is over gets the letter a day later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, literal, select

from core.db import table
from core.mailing import best_hour
from core.mailing.best_hour import PARTS, Rates
from core.mailing.ledger import DELIVERIES
from core.people import activity, preferences
from core.people.choices import Preference
from core.people.models import Subscriber

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.mailing.models import Campaign

MOMENT, LOCAL, BEST = "moment", "local", "best"
EARLIEST = timedelta(hours=14)  # the earliest clock on earth is so far ahead of UTC
LATEST = timedelta(hours=12)
DAY = timedelta(days=1)
PEOPLE = table(Subscriber)


@dataclass(frozen=True, slots=True)
class Clock:
    """The wall-clock times of one campaign: everybody's, and of those who chose a part of the day."""

    wall: datetime  # naive: what the reader's clock shows
    parts: dict[str, datetime] = field(default_factory=dict)
    base: Rates = field(default_factory=lambda: Rates({}))

    def at(self, hour: int) -> Clock:
        """Return the clock of those whose own hour this is."""
        return Clock(datetime.combine(self.wall.date(), time(hour)))


def begins(wall: datetime) -> datetime:
    """Return when planning has to begin for a wall-clock time: before it strikes anywhere."""
    return wall.replace(tzinfo=UTC) - EARLIEST


def clock_of(session: Session, campaign: Campaign, now: datetime) -> Clock | None:
    """Return a campaign's clock; None for one that leaves at a moment."""
    if campaign.timing not in (LOCAL, BEST) or not campaign.wall_at:
        return None
    wall = datetime.fromisoformat(campaign.wall_at)
    if campaign.timing == LOCAL:
        return Clock(wall)
    base = best_hour.of_base(session, now)
    hours = {part: datetime.combine(wall, time(base.best(hours))) for part, hours in PARTS.items()}
    return Clock(datetime.combine(wall, time(base.best())), hours, base)


def due(session: Session, clock: Clock, who: ColumnElement[int], now: datetime) -> ColumnElement[datetime]:
    """Return SQL: when the letter of a person (`who`: a column with his id) is due."""
    kind = DELIVERIES.c.due_at.type
    struck = clock.wall.replace(tzinfo=UTC)
    offset = case(
        (Preference.offset_until <= literal(struck, kind), Preference.next_offset_minutes),
        else_=Preference.offset_minutes,
    )
    offsets = list(session.scalars(select(offset).distinct()))
    chosen = [
        (and_(Preference.best_time == part, offset == minutes), literal(_moment(wall, minutes, now), kind))
        for part, wall in clock.parts.items()
        for minutes in offsets
    ]
    plain = [(offset == minutes, literal(_moment(clock.wall, minutes, now), kind)) for minutes in offsets]
    usual = literal(_moment(clock.wall, _business(clock.wall), now), kind)
    if not plain:
        return usual
    row: Any = select(case(*chosen, *plain, else_=usual)).where(Preference.subscriber_id == who)
    his = row.correlate(*{element.table for element in who.base_columns}).scalar_subquery()
    return func.coalesce(his, usual)


def span(
    session: Session, campaign: Campaign, source: Any, where: list[ColumnElement[bool]], now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last letter are due, None where they leave at one moment."""
    clock = clock_of(session, campaign, now)
    if clock is None:
        return None, None
    each = select(due(session, clock, PEOPLE.c.id, now).label("due")).select_from(source).where(*where)
    found = each.subquery()
    first, last = session.execute(select(func.min(found.c.due), func.max(found.c.due))).one()
    return first, last


def _business(wall: datetime) -> int:
    return preferences.offset_minutes(activity.zone(), wall.replace(tzinfo=activity.zone()))


def _moment(wall: datetime, minutes: int, now: datetime) -> datetime:
    """Return the next time this wall clock shows it, not before the day that was asked for."""
    moment = (wall - timedelta(minutes=minutes)).replace(tzinfo=UTC)
    return moment if moment >= now else moment + DAY * -((moment - now) // DAY)
