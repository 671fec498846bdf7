"""Tables of what people chose: topics, preferences, a question they are typing the answer to, erasures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId


class Topic(Base):
    """Something the business writes about; hidden topics (`is_active` false) are shown to nobody."""

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    title_ru: Mapped[str] = mapped_column(String(64))
    title_en: Mapped[str] = mapped_column(String(64))
    is_active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    key: Mapped[str | None] = mapped_column(String(96), unique=True)  # the owner's update that made it


class TopicName(Base):
    """A name a topic has or once had, in either language: a rule that says it goes on meaning that topic.

    A name that is given again belongs to the topic that has it now.
    """

    __tablename__ = "topic_names"

    folded: Mapped[str] = mapped_column(String(128), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))


class TopicChoice(Base):
    """One act of leaving or choosing a topic; rows are only added."""

    __tablename__ = "topic_choices"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(BigId, ForeignKey("subscribers.id"), index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    is_on: Mapped[bool]
    at: Mapped[datetime]
    path: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    update_key: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("update_key", "topic_id"),)


class TopicOff(Base):
    """A topic a person has left: derived from his choices, asked by attempts of letters with a topic."""

    __tablename__ = "topics_off"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)


class Preference(Base):
    """How a person wants to be written to; only those who chose something or named a city have a row.

    `offset_minutes` is the zone's distance from UTC until `offset_until`, `next_offset_minutes` after it: so
    that SQL knows the person's wall clock exactly, over a change of summer time too. The tick renews them.
    """

    __tablename__ = "preferences"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    time_zone: Mapped[str] = mapped_column(String(64))  # an IANA name
    zone_origin: Mapped[str] = mapped_column(String(64), default="")  # empty: the business's, nobody said
    offset_minutes: Mapped[int]
    offset_until: Mapped[datetime | None] = mapped_column(index=True)
    next_offset_minutes: Mapped[int]
    quiet_from: Mapped[int | None]  # minutes since his midnight
    quiet_minutes: Mapped[int | None]  # how long the quiet lasts
    best_time: Mapped[str | None] = mapped_column(String(16))  # morning | day | evening
    updated_at: Mapped[datetime]


class Prompt(Base):
    """A question whose answer a person types as a reply: the message that asked it, and what it asked."""

    __tablename__ = "prompts"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[int] = mapped_column(BigInteger)
    what: Mapped[str] = mapped_column(String(32))
    about: Mapped[int] = mapped_column(default=0)  # the number of what is asked about
    at: Mapped[datetime]


class Erasure(Base):
    """An erasure asked for, or due because the consent was withdrawn; gone when everything is erased."""

    __tablename__ = "erasures"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    telegram_id: Mapped[int | None] = mapped_column(BigInteger)  # whose inbox rows go; leaves with this row
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)


class Suppression(Base):
    """A salted hash of what an erased person was known by: recognises him, tells nobody who he was."""

    __tablename__ = "suppressions"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(BigId, ForeignKey("subscribers.id"))
    at: Mapped[datetime]


class Salt(Base):
    """The secret part of the hashes in `suppressions` (a single row, id 1)."""

    __tablename__ = "salts"

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(64))
