"""Tables of people: facts about them and the narrow profile that is kept on write."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from core.db import Base, BigId
from core.people.personal import PersonalText
from core.people.text import folded_name

if TYPE_CHECKING:
    from sqlalchemy.engine.default import DefaultExecutionContext


_NAMES = ("first_name", "last_name", "username")


def _folded_name(context: DefaultExecutionContext) -> str:
    given = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return folded_name(*(given.get(name) or "" for name in _NAMES))


class Bot(Base):
    """The one bot this database serves (a single row, id 1)."""

    __tablename__ = "bots"

    id: Mapped[int] = mapped_column(primary_key=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger)
    username: Mapped[str] = mapped_column(String(64))
    claimed_at: Mapped[datetime]


class Subscriber(Base):
    """A person: opened the bot (`telegram_id`), or is only known from an import (status `known`).

    The moments are the facts; `status` is derived from them by `subscribers.derive_status`:
    erased > deactivated > blocked > unreachable > known > stopped > active.
    """

    __tablename__ = "subscribers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    telegram_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    status: Mapped[str] = mapped_column(String(16), index=True)
    first_name: Mapped[str] = mapped_column(String(256), default="")
    last_name: Mapped[str] = mapped_column(String(256), default="")
    username: Mapped[str] = mapped_column(String(64), default="")
    name_folded: Mapped[str] = mapped_column(String(640), default=_folded_name, server_default="")
    language_code: Mapped[str] = mapped_column(String(16), default="")
    language: Mapped[str] = mapped_column(String(2), default="ru")
    language_chosen_at: Mapped[datetime | None]  # set: his own choice, which Telegram's never overwrites
    is_premium: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str | None] = mapped_column(PersonalText(32), index=True)
    email: Mapped[str | None] = mapped_column(PersonalText(254), index=True)
    external_id: Mapped[str | None] = mapped_column(String(128), unique=True)
    source: Mapped[str | None] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    unreachable_at: Mapped[datetime | None]
    opted_out_at: Mapped[datetime | None]
    data_consent_at: Mapped[datetime | None]
    advertising_consent_at: Mapped[datetime | None]
    suppressed_at: Mapped[datetime | None]  # silence until a new consent to data processing
    erased_at: Mapped[datetime | None]

    @validates("first_name", "last_name", "username")
    def _fold_name(self, column: str, value: str) -> str:
        """Keep `name_folded`, by which people are searched, in step with the name."""
        names = {name: getattr(self, name) or "" for name in _NAMES} | {column: value}
        self.name_folded = folded_name(*names.values())
        return value


class Profile(Base):
    """Counters of one subscriber, updated in the transaction that records the fact; rules read these."""

    __tablename__ = "profiles"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    last_seen_at: Mapped[datetime | None]
    unanswered: Mapped[int] = mapped_column(default=0)
    letters_received: Mapped[int] = mapped_column(default=0)
    purchases_count: Mapped[int] = mapped_column(default=0)
    purchases_total: Mapped[int] = mapped_column(BigInteger, default=0)  # minor units of the base currency
    first_purchase_at: Mapped[datetime | None]
    last_purchase_at: Mapped[datetime | None]
    touched_at: Mapped[datetime]
    matured_until: Mapped[datetime | None]


class Touch(Base):
    """One opening of the bot by a link: every touch is kept, the first one names the source."""

    __tablename__ = "touches"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), index=True
    )
    source: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    update_key: Mapped[str] = mapped_column(String(64), unique=True)


class Consent(Base):
    """One act of giving or withdrawing a consent; rows are only added."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(BigId, ForeignKey("subscribers.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))  # data | advertising
    given: Mapped[bool]
    at: Mapped[datetime]
    text_hash: Mapped[str] = mapped_column(String(64), ForeignKey("consent_texts.hash"))
    path: Mapped[str] = mapped_column(String(64))  # where in the interface it happened
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    update_key: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("update_key", "purpose"),)


class ConsentText(Base):
    """A text a person agreed to, kept for ever under its SHA-256."""

    __tablename__ = "consent_texts"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    first_shown_at: Mapped[datetime]


class Attribute(Base):
    """One named property of a person: text, number or moment, with its origin."""

    __tablename__ = "attributes"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(PersonalText(1024), default="")
    folded: Mapped[str] = mapped_column(String(1024), default="")  # compared by rules: people.text.fold(text)
    number: Mapped[float | None]
    moment: Mapped[datetime | None]
    origin: Mapped[str] = mapped_column(String(64), default="")
    updated_at: Mapped[datetime]

    __table_args__ = (Index("ix_attributes_key_folded", "key", "folded"),)


class Tag(Base):
    """A label on a person."""

    __tablename__ = "tags"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    origin: Mapped[str] = mapped_column(String(64), default="")
    added_at: Mapped[datetime]


class Event(Base):
    """Something a person did, for ever; rules read the daily counters instead."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(BigId, ForeignKey("subscribers.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(String(96), unique=True)  # makes a repeat harmless

    __table_args__ = (Index("ix_events_subscriber_id_at", "subscriber_id", "at"),)


class DailyCount(Base):
    """How often a kind of event happened to a person on one local day."""

    __tablename__ = "daily_counts"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]

    # one B-tree instead of two: half as large, and a sum over counters is five times faster
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own contract


class DailyPass(Base):
    """When the daily pass over people was last done (a single row, id 1)."""

    __tablename__ = "daily_passes"

    id: Mapped[int] = mapped_column(primary_key=True)
    passed_at: Mapped[datetime]


class Inbox(Base):
    """A raw update as Telegram gave it, committed before it is acknowledged."""

    __tablename__ = "inbox"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person: Mapped[int] = mapped_column(BigInteger)  # Telegram id whose order is kept; 0 = nobody's
    raw: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)  # set = quarantined

    __table_args__ = (Index("ix_inbox_done_at", "done_at"),)
