"""An audience: a rule as a WHERE, counted and sampled, for previews and mailings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from core.people import activity
from core.people.text import full_name
from core.segments import catalogue
from core.segments.binds import Binds
from core.segments.fields import PROFILES, SUBSCRIBERS
from core.segments.language import parse
from core.segments.models import Segment

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

LIVING = SUBSCRIBERS.c.erased_at.is_(None)  # everyone: who was forgotten is nobody to a rule
PEOPLE = SUBSCRIBERS.join(PROFILES, and_(PROFILES.c.subscriber_id == SUBSCRIBERS.c.id, LIVING))


@dataclass(frozen=True, slots=True)
class Sampled:
    """One of the people a rule finds."""

    id: int
    name: str
    username: str


def condition(
    session: Session, rule: str, now: datetime, zone: ZoneInfo | None = None
) -> ColumnElement[bool]:
    """Return a rule as an expression for the WHERE of a query over subscribers JOIN profiles.

    It is never NULL, and never true of who was forgotten. Raises RuleError for a rule that cannot be read or
    names an unknown field or segment.
    """
    parsed = parse(rule, catalogue.known(session))
    numbers = dict(session.execute(select(Segment.name, Segment.id)).all())
    return and_(LIVING, parsed.sql(Binds(numbers, (now, zone or activity.zone()))))


def of_segment(session: Session, name: str, now: datetime) -> ColumnElement[bool]:
    """Return membership of a segment, as its last refresh left it, as an expression for such a WHERE."""
    return condition(session, f'in segment "{name}"', now)


def people_of(session: Session, rule: str, now: datetime) -> Select[int]:
    """Return the SELECT of the ids of the people a rule finds, in the order of ids."""
    found = select(SUBSCRIBERS.c.id).select_from(PEOPLE).where(condition(session, rule, now))
    return found.order_by(SUBSCRIBERS.c.id)


def count(session: Session, rule: str, now: datetime) -> int:
    """Return how many people a rule finds now."""
    query = select(func.count()).select_from(PEOPLE).where(condition(session, rule, now))
    return session.scalar(query) or 0


def sample(session: Session, rule: str, now: datetime, n: int) -> tuple[Sampled, ...]:
    """Return up to `n` of the people a rule finds, those seen last first."""
    query = (
        select(SUBSCRIBERS.c.id)
        .select_from(PEOPLE)
        .where(condition(session, rule, now))
        .order_by(PROFILES.c.last_seen_at.desc().nulls_last(), SUBSCRIBERS.c.id)
        .limit(n)
    )
    return sampled(session, query)


def sampled(session: Session, query: Select[Any]) -> tuple[Sampled, ...]:
    """Return whom a query over subscribers finds, in its order, as a list of people shows them."""
    who = SUBSCRIBERS.c
    rows = session.execute(query.with_only_columns(who.id, who.first_name, who.last_name, who.username))
    return tuple(Sampled(number, full_name(*names), username) for number, *names, username in rows)
