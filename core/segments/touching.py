"""Who was touched, and when: marked by the write that touches him, asked by the refresh of everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, select, update

from core.db import CHUNK
from core.segments.fields import PROFILES
from core.segments.listed import GIVEN, listed, rows_of
from core.segments.moves import prepared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select, Update
    from sqlalchemy.orm import Session


def untouched(session: Session, ids: Sequence[int], now: datetime) -> list[int]:
    """Return those of these people whom nothing touched after `now`; on PostgreSQL they are locked."""
    values = {GIVEN: listed(ids), "moment": now}
    return list(prepared(session, _untouched).run(session.connection(), values).scalars())


def mark(session: Session, people: Sequence[int], now: datetime) -> None:
    """Note when these people changed and, on PostgreSQL, keep two writes about one person apart.

    Without the lock the later of two transactions would compute a mask without the facts of the earlier one.
    One person's row is locked by its update alone.
    """
    connection = session.connection()
    for start in range(0, len(people), CHUNK):
        part = people[start : start + CHUNK]
        given = {GIVEN: listed(part)}
        if len(part) > 1 and connection.dialect.name != "sqlite":
            prepared(session, _locking).run(connection, given).fetchall()
        prepared(session, _touching).run(connection, {**given, "moment": now})


_moment = bindparam("moment", value=None, type_=PROFILES.c.touched_at.type)


def _among(dialect: str) -> ColumnElement[bool]:
    given, (person,) = rows_of(dialect, "person")
    return PROFILES.c.subscriber_id.in_(select(person).select_from(given))


def _locking(dialect: str) -> Select[int]:
    """In the order of people, so that two writers never wait in a ring."""
    rows = select(PROFILES.c.subscriber_id).where(_among(dialect))
    return rows.order_by(PROFILES.c.subscriber_id).with_for_update()


def _untouched(dialect: str) -> Select[int]:
    return _locking(dialect).where(PROFILES.c.touched_at <= _moment)


def _touching(dialect: str) -> Update:
    """The row is written, and by that locked, also where a later moment stands in it and stays."""
    latest = case((PROFILES.c.touched_at < _moment, _moment), else_=PROFILES.c.touched_at)
    return update(PROFILES).where(_among(dialect)).values(touched_at=latest)
