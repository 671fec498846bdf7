"""Tables of segments: rules and their versions, masks, memberships, sizes by day, refreshes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId


class Segment(Base):
    """A named rule. `id` is its number for life: block (id-1) // 62, bit (id-1) % 62 of the mask."""

    __tablename__ = "segments"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    title_ru: Mapped[str] = mapped_column(String(128))
    title_en: Mapped[str] = mapped_column(String(128))
    family: Mapped[str] = mapped_column(String(32), default="own")
    rule: Mapped[str] = mapped_column(Text)
    rank: Mapped[int] = mapped_column(default=0)
    enabled: Mapped[bool] = mapped_column(default=True)
    is_preset: Mapped[bool] = mapped_column(default=False)
    preset: Mapped[str | None] = mapped_column(
        String(64)
    )  # of what ships: which one, several may be made of it
    parameters: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # their chosen values
    size: Mapped[int] = mapped_column(default=0)
    refreshed_at: Mapped[datetime | None]  # None: never computed for everyone with the present rule
    fingerprint: Mapped[int] = mapped_column(BigInteger, default=0)  # of what is in force: caches compare it
    error: Mapped[str | None] = mapped_column(Text)  # why the last refresh could not compute it: shown stale
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]  # its number is nobody else's, its past stays remain facts of people


class SegmentRule(Base):
    """A version of a segment's rule: a fact, only added."""

    __tablename__ = "segment_rules"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id"), index=True)
    rule: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    author: Mapped[str] = mapped_column(String(32), default="")  # a Telegram id, "cli", "shipped"


class SegmentDraft(Base):
    """A rule an owner is working on: typed, or put together with buttons; a restart loses nothing.

    A button carries the `revision` it was shown with: a second tap and an old screen change nothing.
    """

    __tablename__ = "segment_drafts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner: Mapped[int] = mapped_column(BigInteger, index=True)  # Telegram's id of who works on it
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segments.id"))  # None: it will be a new one
    version: Mapped[int] = mapped_column(BigId, default=0)  # the version of the rule it began with
    state: Mapped[str] = mapped_column(String(16), default="open")  # open | saved | dropped
    step: Mapped[str] = mapped_column(String(16), default="text")  # which screen is open
    rule: Mapped[str] = mapped_column(Text, default="")
    any_of: Mapped[bool] = mapped_column(default=False)  # how its lines are joined
    pending: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the line being put together
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    key: Mapped[str] = mapped_column(String(96), unique=True)


class SegmentMask(Base):
    """Which segments of one block a person is in, as 62 bits."""

    __tablename__ = "segment_masks"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    block: Mapped[int] = mapped_column(primary_key=True)
    mask: Mapped[int] = mapped_column(BigInteger)

    # one B-tree instead of two: the full refresh walks it beside the people
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own contract


class Membership(Base):
    """One stay of a person in a segment; open while `left_at` is None."""

    __tablename__ = "memberships"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id"))
    subscriber_id: Mapped[int] = mapped_column(BigId, ForeignKey("subscribers.id", ondelete="CASCADE"))
    entered_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_memberships_open",
            "subscriber_id",
            "segment_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
        Index("ix_memberships_segment_id_left_at", "segment_id", "left_at"),
        Index("ix_memberships_person", "subscriber_id", "segment_id", "left_at"),  # all stays, past ones too
    )


class SegmentDay(Base):
    """Size of a segment at the end of a local day (today: so far), and who came and went during it."""

    __tablename__ = "segment_days"

    segment_id: Mapped[int] = mapped_column(ForeignKey("segments.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    size: Mapped[int]
    entered: Mapped[int] = mapped_column(default=0)
    left: Mapped[int] = mapped_column(default=0)


class SegmentRefresh(Base):
    """One full refresh: how long it took, how many moved, what failed."""

    __tablename__ = "segment_refreshes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    started_at: Mapped[datetime]
    seconds: Mapped[float]
    people: Mapped[int]
    entered: Mapped[int]
    left: Mapped[int]
    error: Mapped[str | None] = mapped_column(Text)
