"""Tables of what is told by itself: alarms of the guards, when they looked, digests and who wants them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId


class GuardAlarm(Base):
    """What a guard found wrong with one subject; open until `gone_at`, when the cause was no longer there.

    An alarm that comes back within guards.state.RETURN is the same one: it is opened again and not told anew.
    """

    __tablename__ = "guard_alarms"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    guard: Mapped[str] = mapped_column(String(16))  # a guard of guards.limits.LIMITS
    subject: Mapped[str] = mapped_column(String(64))  # what it is about: a segment's name, a person's number
    subscriber_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), index=True
    )
    people: Mapped[int]
    money: Mapped[int] = mapped_column(BigInteger, default=0)  # what these people have paid, minor units
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the numbers of its sentence
    first_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]

    __table_args__ = (Index("ix_guard_alarms_guard_subject", "guard", "subject"),)


class AlarmTelling(Base):
    """An alarm that stood in a digest an owner got; another owner may not have heard of it."""

    __tablename__ = "alarm_tellings"

    alarm_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("guard_alarms.id", ondelete="CASCADE"), primary_key=True
    )
    owner: Mapped[int] = mapped_column(BigInteger, primary_key=True, index=True)  # Telegram id
    told_at: Mapped[datetime]


class GuardLook(Base):
    """When the guards looked last: `quick` every hour, `daily` once a local day."""

    __tablename__ = "guard_looks"

    name: Mapped[str] = mapped_column(String(8), primary_key=True)
    looked_at: Mapped[datetime]


class Digest(Base):
    """One digest to one owner: due, begun before the call, ended after it; never begun twice."""

    __tablename__ = "digests"

    owner: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # Telegram id
    day: Mapped[date] = mapped_column(primary_key=True)  # the local day it is sent on
    rhythm: Mapped[str] = mapped_column(String(8))  # daily | weekly
    due_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))  # sent | nothing | failed


class DigestChoice(Base):
    """How often an owner wants the digest, chosen in his chat; without a row the setting holds."""

    __tablename__ = "digest_choices"

    owner: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    rhythm: Mapped[str] = mapped_column(String(8))  # daily | weekly | off
    chosen_at: Mapped[datetime]
