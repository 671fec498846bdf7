"""Activity: events are facts, daily counters are kept beside them in the same transaction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from core import clock
from core.db import note_touched, table
from core.people.models import DailyCount, Event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

_zone: ZoneInfo | None = None


def use_zone(zone: ZoneInfo) -> None:
    """Say once, at start, in which zone the business counts its days."""
    global _zone
    _zone = zone


def zone() -> ZoneInfo:
    """Return the zone in which the business counts its days."""
    if _zone is None:
        raise RuntimeError("activity.use_zone was not called at start")
    return _zone


def _add_counts(dialect: Any) -> Any:
    statement = dialect.insert(table(DailyCount))
    return statement.on_conflict_do_update(
        index_elements=["subscriber_id", "kind", "day"],
        set_={"count": table(DailyCount).c.count + statement.excluded.count},
    )


# Built once: every answer records an event, and building a statement costs more than running it.
_ADD = insert(table(Event))
_KNOWN = select(Event.key).where(Event.key.in_(bindparam("keys", expanding=True)))
_ADD_COUNTS = {"sqlite": _add_counts(sqlite), "postgresql": _add_counts(postgresql)}


@dataclass(frozen=True, slots=True)
class Fact:
    """An event about to be recorded. `key` makes a repeat harmless."""

    subscriber_id: int
    kind: str
    at: datetime
    detail: dict[str, Any] | None = None
    key: str | None = None


def record(
    session: Session,
    subscriber_id: int,
    kind: str,
    now: datetime,
    *,
    detail: dict[str, Any] | None = None,
    key: str | None = None,
) -> bool:
    """Record one event with its daily counter; returns False if this key is recorded already."""
    return record_many(session, [Fact(subscriber_id, kind, now, detail, key)], now) == 1


def record_many(session: Session, facts: Sequence[Fact], now: datetime) -> int:
    """Record events in bulk; those whose key is known already are left out. Returns how many were new."""
    fresh = _unknown(session, facts)
    if not fresh:
        return 0
    rows = [
        {"subscriber_id": f.subscriber_id, "kind": f.kind, "at": f.at, "detail": f.detail, "key": f.key}
        for f in fresh
    ]
    session.connection().execute(_ADD, rows)
    _count(session, fresh)
    note_touched(session, {fact.subscriber_id for fact in fresh}, now)
    session.info.setdefault("facts", []).extend(fresh)  # for what follows from them in this same commit
    session.info["facts_now"] = now
    return len(fresh)


def _unknown(session: Session, facts: Sequence[Fact]) -> list[Fact]:
    keys = [fact.key for fact in facts if fact.key is not None]
    known = set(session.connection().scalars(_KNOWN, {"keys": keys})) if keys else set()
    fresh = []
    for fact in facts:
        if fact.key is None or fact.key not in known:
            fresh.append(fact)
            known.add(fact.key)
    return fresh


def _count(session: Session, facts: Sequence[Fact]) -> None:
    """Add to the daily counters; sorted by key, so that PostgreSQL's writers never wait in a ring."""
    where = zone()
    counts = Counter((f.subscriber_id, f.kind, clock.local_day(f.at, where)) for f in facts)
    rows = [
        {"subscriber_id": who, "kind": kind, "day": day, "count": count}
        for (who, kind, day), count in sorted(counts.items())
    ]
    connection = session.connection()
    connection.execute(_ADD_COUNTS[connection.dialect.name], rows)
