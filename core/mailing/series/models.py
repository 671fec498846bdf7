"""Tables of series: what they are, their steps, and who stands at which."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId


class Series(Base):
    """A series as its file says it; off until an owner switches it on."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    title_ru: Mapped[str] = mapped_column(String(128))
    title_en: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(16))  # selling | regular
    purpose: Mapped[str] = mapped_column(String(16))  # advertising | service
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))
    start: Mapped[dict[str, Any]] = mapped_column(JSON)  # definition.Start: what lets a person enter
    again: Mapped[str] = mapped_column(String(8))  # never | days | each
    again_days: Mapped[int | None]
    goal: Mapped[str | None] = mapped_column(Text)  # a rule: reached, the series is over for him
    stop: Mapped[str | None] = mapped_column(Text)  # a rule: he leaves, whatever the goal
    is_on: Mapped[bool] = mapped_column(default=False)
    on_at: Mapped[datetime | None]  # facts from this moment on let people enter
    dated_until: Mapped[date | None]  # of a series that starts on dates: the last day that was looked at
    error: Mapped[str | None] = mapped_column(Text)  # why it stands still: a rule that can no longer be read
    source: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SeriesStep(Base):
    """One step under a key that outlives edits; a removed one keeps its place for those who stand at it."""

    __tablename__ = "series_steps"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    key: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))  # letter | tag | series | wait
    delay: Mapped[dict[str, Any]] = mapped_column(JSON)  # definition.Delay
    condition: Mapped[str | None] = mapped_column(Text)  # a rule: where it is false the step is left out
    campaign_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("campaigns.id"))  # of a letter
    letter_key: Mapped[str | None] = mapped_column(String(128), index=True)  # the same letter elsewhere
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # tags, the other series, the wait
    removed_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("series_id", "key"),)


class Enrollment(Base):
    """One person's way through a series on one occasion: active, or ended in exactly one way.

    `due_at`: when his step is done; None while its letter is under way, and when all is over.
    """

    __tablename__ = "enrollments"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    subscriber_id: Mapped[int] = mapped_column(BigId, ForeignKey("subscribers.id", ondelete="CASCADE"))
    occasion: Mapped[str] = mapped_column(String(64))  # e.g. stay:7, run:3, date:2026, from:9
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("enrollments.id"))  # he was handed on
    state: Mapped[str] = mapped_column(String(12), default="active")  # states.State
    step_id: Mapped[int] = mapped_column(BigId, ForeignKey("series_steps.id"))
    entered_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("series_id", "subscriber_id", "occasion"),
        Index(
            "uq_enrollments_active",
            "series_id",
            "subscriber_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index(
            "ix_enrollments_due",
            "series_id",
            "due_at",
            "id",
            sqlite_where=text("state = 'active' AND due_at IS NOT NULL"),
            postgresql_where=text("state = 'active' AND due_at IS NOT NULL"),
        ),
        Index("ix_enrollments_subscriber_id", "subscriber_id"),
        Index("ix_enrollments_series_id_state_step_id", "series_id", "state", "step_id"),
    )
