"""Joining: what files told of a person becomes his own when he opens the bot and is recognised."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, UniqueConstraint, delete, exists, select, update

from core import clock
from core.db import Base, note_touched
from core.people import activity
from core.people.matching import known_twins
from core.people.models import DailyCount, Event, Profile, Subscriber
from core.sales.purchases import recount

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Column
    from sqlalchemy.orm import Session

# What a refresh derived of the vanished row goes with it; the person's own is refreshed before the commit.
_DERIVED = frozenset({"segment_masks", "memberships"})
_DERIVED_KINDS = ("segment_entered", "segment_left")
_OWN_WAY = frozenset({Profile.__tablename__, DailyCount.__tablename__})


def join_known(
    session: Session,
    subscriber_id: int,
    now: datetime,
    *,
    phone: str | None = None,
    email: str | None = None,
) -> int:
    """Join this person with the rows a file made of him; returns how many were joined (nearly always 0).

    They are found by his Telegram id and by `phone` and `email`, normalised, which must be proved to be his
    own: a contact whose user_id is his, his own answer. Call it whenever one of them becomes known; calling
    again does no harm. Purchases, attributes, tags and events move to him, his own values win, counters are
    computed anew, the known row is gone.
    """
    twins = known_twins(session, subscriber_id, phone=phone, email=email)
    for twin in twins:
        _join(session, twin, subscriber_id, now)
    if twins:
        recount(session, [subscriber_id], now)
        note_touched(session, [subscriber_id], now)
    return len(twins)


def _join(session: Session, twin: int, into: int, now: datetime) -> None:
    session.flush()
    _leave_segments(session, twin)
    _move_facts(session, twin, into)
    _move_days(session, twin, into)
    _move_profile(session, twin, into, now)
    _move_keys(session, twin, into)
    session.expire_all()  # the statements above went past the objects a caller may hold


def _move_facts(session: Session, twin: int, into: int) -> None:
    """Give every row that names the twin to the person, in all tables of all contexts.

    Where a key allows one row only (an attribute of one name, a letter of one campaign), his own stays.
    """
    for table, column in _facts_of_people():
        statement = update(table).where(column == twin).values({column.name: into})
        for key in _keys_with(table, column):
            other = table.alias()
            same = [other.c[name] == table.c[name] for name in key if name != column.name]
            statement = statement.where(~exists().where(other.c[column.name] == into, *same))
        session.execute(statement)


def _leave_segments(session: Session, twin: int) -> None:
    """Take the twin out of the stored sizes, today's and those of past days, as if he had never been apart.

    His stays go with his row, and the sizes of all days are what the stays amount to. By the tables' names:
    sales stands left of segments.
    """
    tables = Base.metadata.tables
    segments, stays, days = (tables[name] for name in ("segments", "memberships", "segment_days"))
    session.execute(delete(Event).where(Event.subscriber_id == twin, Event.kind.in_(_DERIVED_KINDS)))
    session.execute(
        delete(DailyCount).where(DailyCount.subscriber_id == twin, DailyCount.kind.in_(_DERIVED_KINDS))
    )
    own = select(stays.c.segment_id, stays.c.entered_at, stays.c.left_at).where(stays.c.subscriber_id == twin)
    for number, entered_at, left_at in session.execute(own.order_by(stays.c.segment_id)).all():
        came = clock.local_day(entered_at, activity.zone())
        went = clock.local_day(left_at, activity.zone()) if left_at is not None else None
        of_segment = days.c.segment_id == number
        there = of_segment & (days.c.day >= came) & (days.c.day < (went or date.max))
        session.execute(update(days).where(there).values(size=days.c.size - 1))
        session.execute(update(days).where(of_segment, days.c.day == came).values(entered=days.c.entered - 1))
        if went is not None:
            session.execute(update(days).where(of_segment, days.c.day == went).values(left=days.c.left - 1))
        else:
            session.execute(update(segments).where(segments.c.id == number).values(size=segments.c.size - 1))


def _facts_of_people() -> Iterator[tuple[Table, Column[Any]]]:
    people = Subscriber.__table__
    for table in Base.metadata.sorted_tables:
        if table.name in _DERIVED | _OWN_WAY:
            continue
        for column in table.columns:
            if any(key.column.table is people for key in column.foreign_keys):
                yield table, column


def _keys_with(table: Table, column: Column[Any]) -> Iterator[list[str]]:
    uniques = [list(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]
    for columns in (list(table.primary_key.columns), *uniques):
        names = [each.name for each in columns]
        if column.name in names:
            yield names


def _move_days(session: Session, twin: int, into: int) -> None:
    """Add the twin's daily counters to the person's."""
    theirs = select(DailyCount.kind, DailyCount.day, DailyCount.count).where(DailyCount.subscriber_id == twin)
    for kind, day, count in session.execute(theirs).all():
        own = session.get(DailyCount, (into, kind, day))
        if own is None:
            session.add(DailyCount(subscriber_id=into, kind=kind, day=day, count=count))
        else:
            own.count += count
    session.flush()


def _move_profile(session: Session, twin: int, into: int, now: datetime) -> None:
    """Keep the larger counters: a known row was never written to, so its letters are none."""
    theirs, own = session.get_one(Profile, twin), session.get_one(Profile, into)
    own.letters_received += theirs.letters_received
    seen = [moment for moment in (own.last_seen_at, theirs.last_seen_at) if moment]
    own.last_seen_at = max(seen, default=None)
    own.touched_at = now
    session.flush()


def _move_keys(session: Session, twin: int, into: int) -> None:
    """Let the person keep what the twin was known by; the twin goes first, its keys are unique."""
    theirs, own = session.get_one(Subscriber, twin), session.get_one(Subscriber, into)
    keys = {name: getattr(own, name) or getattr(theirs, name) for name in ("external_id", "phone", "email")}
    own.created_at = min(own.created_at, theirs.created_at)
    own.source = own.source or theirs.source
    session.flush()
    session.execute(delete(Subscriber).where(Subscriber.id == twin))
    for name, value in keys.items():
        setattr(own, name, value)
    session.flush()
