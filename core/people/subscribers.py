"""Subscribers: who they are, how they came, whether they may be written to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from core.db import note_touched, table
from core.people import archive, suppression
from core.people.activity import record
from core.people.gender import kept
from core.people.models import Profile, Subscriber, Touch
from core.people.text import clean, full_name

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

_SOURCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Built once: these two run in every update, and building a statement costs more than running it.
_BY_TELEGRAM_ID = select(Subscriber).where(Subscriber.telegram_id == bindparam("telegram_id"))
_ALIVE = (
    update(table(Profile))
    .where(Profile.subscriber_id == bindparam("who"))
    .values(last_seen_at=bindparam("now"), touched_at=bindparam("now"), unanswered=0)
)
RUSSIAN_READERS = frozenset({"ru", "uk", "be", "kk", "ky", "uz", "tg", "hy", "az", "mo"})


class Status(StrEnum):
    """What a person is to us; the first that holds, from top to bottom."""

    ERASED = "erased"
    DEACTIVATED = "deactivated"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    KNOWN = "known"  # from an import, has no chat with the bot
    STOPPED = "stopped"  # asked for no letters
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Sender:
    """A Telegram user as an update shows him; every text in it is his own and untrusted."""

    telegram_id: int
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_premium: bool = False

    @property
    def name(self) -> str:
        """First and last name; empty where he gave none."""
        return full_name(self.first_name, self.last_name)


def living(session: Session, ids: Collection[int]) -> set[int]:
    """Return who of these is not erased: a long job asks before it writes about people read a while ago."""
    query = select(Subscriber.id).where(Subscriber.id.in_(ids), Subscriber.erased_at.is_(None))
    return set(session.scalars(query))


def derive_status(person: Subscriber) -> Status:
    """Return the status that the stored moments amount to."""
    moments = (
        (person.erased_at, Status.ERASED),
        (person.deactivated_at, Status.DEACTIVATED),
        (person.blocked_at, Status.BLOCKED),
        (person.unreachable_at, Status.UNREACHABLE),
        (None if person.telegram_id else True, Status.KNOWN),
        (person.opted_out_at or person.suppressed_at, Status.STOPPED),
    )
    return next((status for moment, status in moments if moment), Status.ACTIVE)


def language_of(code: str, default: str) -> str:
    """Return the interface language, ru or en, for a Telegram language code."""
    family = code.lower().split("-")[0]
    if not family:
        return default
    return "ru" if family in RUSSIAN_READERS else "en"


def meet(session: Session, sender: Sender, now: datetime, default_language: str = "ru") -> Subscriber:
    """Return the subscriber behind an update, new or known, and note that he is alive now.

    Any update of a person proves that the chat works again and answers all letters before it.
    """
    person = session.scalar(_BY_TELEGRAM_ID, {"telegram_id": sender.telegram_id})
    if person is None:
        person = _add(session, sender.telegram_id, now)
    named = (person.first_name, person.last_name)
    if _bring_up_to_date(person, sender, now, default_language):
        session.flush()
    if (person.first_name, person.last_name) != named:
        kept.settle(session, person.id, now)
    alive(session, person.id, now)
    return person


def find(session: Session, telegram_id: int) -> int | None:
    """Return the number of the person with this chat, None for a stranger."""
    return session.scalar(select(Subscriber.id).where(Subscriber.telegram_id == telegram_id))


def _add(session: Session, telegram_id: int, now: datetime) -> Subscriber:
    """Add a newcomer; one who was erased before is not written to until he consents anew."""
    was_erased = suppression.erased(session, [("telegram_id", str(telegram_id))])
    person = Subscriber(
        telegram_id=telegram_id,
        created_at=now,
        status=Status.ACTIVE,
        language_code="",
        suppressed_at=now if was_erased else None,
    )
    session.add(person)
    person.status = derive_status(person)
    session.flush()
    session.add(Profile(subscriber_id=person.id, touched_at=now, last_seen_at=now))
    return person


def _bring_up_to_date(person: Subscriber, sender: Sender, now: datetime, default_language: str) -> bool:
    """Write what the update shows into the row; returns whether anything was different."""
    fresh: dict[str, object] = {
        "first_name": clean(sender.first_name, 256),
        "last_name": clean(sender.last_name, 256),
        "username": sender.username[:64],
        "is_premium": sender.is_premium,
        "language_code": sender.language_code[:16],
        "language": language_of(sender.language_code, default_language),
        "joined_at": person.joined_at or now,
        **dict.fromkeys(("blocked_at", "deactivated_at", "unreachable_at", "erased_at")),
    }
    if person.language_chosen_at is not None:
        del fresh["language"]
    changed = {name: value for name, value in fresh.items() if getattr(person, name) != value}
    for name, value in changed.items():
        setattr(person, name, value)
    if changed:
        person.status = derive_status(person)
    return bool(changed)


def alive(session: Session, subscriber_id: int, now: datetime) -> None:
    """A sign of life: nothing before this moment counts as unanswered."""
    session.connection().execute(_ALIVE, {"who": subscriber_id, "now": now})
    archive.open_door(session, subscriber_id, now)
    note_touched(session, [subscriber_id], now)


def came_from(session: Session, person: Subscriber, payload: str, now: datetime, update_key: str) -> bool:
    """Keep one touch of a deep link; the first ever names the source, later ones never change it.

    A payload that is not a link's (A-Z a-z 0-9 _ -, at most 64) is ignored. Returns whether it was kept.
    """
    if not _SOURCE.fullmatch(payload):
        return False
    if session.scalar(select(Touch.id).where(Touch.update_key == update_key)) is not None:
        return False
    session.add(Touch(subscriber_id=person.id, source=payload, at=now, update_key=update_key))
    if person.source is None:
        person.source = payload
    session.flush()
    note_touched(session, [person.id], now)
    return True


def opt_out(session: Session, subscriber_id: int, now: datetime, key: str) -> None:
    """No more letters, from this commit on."""
    _change(session, subscriber_id, now, opted_out_at=now)
    record(session, subscriber_id, "opted_out", now, key=key)


def opt_in(session: Session, subscriber_id: int, now: datetime, key: str) -> None:
    """Letters again, by the person's own act."""
    _change(session, subscriber_id, now, opted_out_at=None)
    record(session, subscriber_id, "opted_in", now, key=key)


def mark_blocked(session: Session, telegram_id: int, now: datetime, key: str) -> None:
    """The person blocked the bot: Telegram said so in an update."""
    person = session.scalar(select(Subscriber).where(Subscriber.telegram_id == telegram_id))
    if person is not None and person.blocked_at is None:
        _change(session, person.id, now, blocked_at=now)
        record(session, person.id, "blocked", now, key=key)


def mark_unblocked(session: Session, telegram_id: int, now: datetime, key: str) -> None:
    """The person unblocked the bot; his opt-out, if any, stays."""
    person = session.scalar(select(Subscriber).where(Subscriber.telegram_id == telegram_id))
    if person is not None and person.blocked_at is not None:
        _change(session, person.id, now, blocked_at=None)
        record(session, person.id, "unblocked", now, key=key)


def mark_undeliverable(session: Session, subscriber_id: int, status: Status, now: datetime) -> None:
    """A send proved that the chat is blocked, deactivated or unreachable."""
    column = {
        Status.BLOCKED: "blocked_at",
        Status.DEACTIVATED: "deactivated_at",
        Status.UNREACHABLE: "unreachable_at",
    }[status]
    _change(session, subscriber_id, now, **{column: now})


def _change(session: Session, subscriber_id: int, now: datetime, **moments: datetime | None) -> None:
    person = session.get_one(Subscriber, subscriber_id)
    for name, moment in moments.items():
        setattr(person, name, moment)
    person.status = derive_status(person)
    session.execute(update(Profile).where(Profile.subscriber_id == subscriber_id).values(touched_at=now))
    session.flush()
    note_touched(session, [subscriber_id], now)
