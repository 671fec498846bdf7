"""The inbox: raw updates, committed before Telegram hears that they arrived, done once handled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from core.db import table
from core.people.models import Inbox

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

DONE_FOR = timedelta(days=7)
QUARANTINED_FOR = timedelta(days=30)
_DONE = update(table(Inbox)).where(Inbox.update_id == bindparam("id")).values(done_at=bindparam("now"))
_ACTORS = ("from", "user", "chat", "sender_chat")


@dataclass(frozen=True, slots=True)
class Raw:
    """One update as it came: `person` is the Telegram id whose order must be kept, 0 if nobody's."""

    update_id: int
    person: int
    text: str


def read_raw(update_json: dict[str, Any]) -> Raw:
    """Say whose update this is without understanding it: unknown kinds must pass as well."""
    return Raw(update_json["update_id"], _person(update_json), json.dumps(update_json, ensure_ascii=False))


def _person(update_json: dict[str, Any]) -> int:
    for body in update_json.values():
        if isinstance(body, dict):
            for actor in _ACTORS:
                found = body.get(actor)
                if isinstance(found, dict) and isinstance(found.get("id"), int):
                    return int(found["id"])
    return 0


def accept(session: Session, batch: Sequence[Raw], now: datetime) -> list[Raw]:
    """Store a batch; returns those that are new (Telegram repeats what it was not told was received)."""
    ids = [raw.update_id for raw in batch]
    known = set(session.scalars(select(Inbox.update_id).where(Inbox.update_id.in_(ids))))
    fresh = [raw for raw in batch if raw.update_id not in known]
    if fresh:
        rows = [
            {"update_id": raw.update_id, "person": raw.person, "raw": raw.text, "received_at": now}
            for raw in fresh
        ]
        session.execute(insert(Inbox), rows)
    return fresh


def done(session: Session, update_ids: Sequence[int], now: datetime) -> None:
    """These updates are handled and their answers shown."""
    session.connection().execute(_DONE, [{"id": update_id, "now": now} for update_id in update_ids])


def quarantine(session: Session, update_id: int, error: str, now: datetime) -> None:
    """The update cannot be understood or handled: keep it apart with the reason, let the rest flow."""
    session.execute(update(Inbox).where(Inbox.update_id == update_id).values(done_at=now, error=error[:2000]))


def unfinished(session: Session) -> list[Raw]:
    """Return what a crash left behind, oldest first."""
    rows = session.execute(
        select(Inbox.update_id, Inbox.person, Inbox.raw)
        .where(Inbox.done_at.is_(None))
        .order_by(Inbox.update_id)
    )
    return [Raw(*row) for row in rows]


def sweep(session: Session, now: datetime) -> int:
    """Delete handled rows older than 7 days and quarantined ones older than 30."""
    old = delete(Inbox).where(
        or_(
            Inbox.error.is_(None) & (Inbox.done_at < now - DONE_FOR),
            Inbox.error.is_not(None) & (Inbox.done_at < now - QUARANTINED_FOR),
        )
    )
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
