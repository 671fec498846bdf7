"""Tables of mailing: content, campaigns, the ledger of deliveries, leases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId


class Content(Base):
    """One message to be sent: a Liquid template in HTML, perhaps a file, rows of buttons."""

    __tablename__ = "contents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), default="text")  # messenger.Kind
    text: Mapped[str] = mapped_column(Text)
    file_path: Mapped[str | None] = mapped_column(String(512))  # a shipped file, uploaded once
    file_id: Mapped[str | None] = mapped_column(String(256))  # Telegram's, known after the first upload
    more: Mapped[str | None] = mapped_column(Text)  # the rest, which a tap brings; see teasers.py
    poll: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # {"options": [text, …], "takes_many": bool}
    buttons: Mapped[list[Any]] = mapped_column(
        JSON, default=list
    )  # rows of {"text", "url"} or {"text", "action"}
    language: Mapped[str] = mapped_column(String(2), default="")  # empty: for every language


class Campaign(Base):
    """A message to an audience, at once, at a moment, or again and again.

    States: draft → scheduled → planning → running → finished; paused and cancelled from any of them. A
    repeating campaign returns from running to scheduled with its next `due_at`.
    """

    __tablename__ = "campaigns"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(128))
    state: Mapped[str] = mapped_column(String(16), index=True, default="draft")
    purpose: Mapped[str] = mapped_column(String(16), default="advertising")  # advertising | service
    lane: Mapped[int] = mapped_column(SmallInteger, default=3)  # ledger.Lane
    audience: Mapped[str] = mapped_column(Text)  # a rule
    is_live: Mapped[bool] = mapped_column(default=True)  # the rule is asked again at each attempt
    due_at: Mapped[datetime | None]
    repeat: Mapped[str | None] = mapped_column(String(16))  # None | daily | weekly
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")  # whose wall clock a repeat follows
    is_silent: Mapped[bool] = mapped_column(default=False)
    night: Mapped[str] = mapped_column(String(8), default="hold")  # quiet.HOLD | quiet.SILENT
    caps: Mapped[dict[str, int] | None] = mapped_column(JSON)  # its own frequency caps; None: the business's
    timing: Mapped[str] = mapped_column(String(8), default="moment")  # moment | local | best
    wall_at: Mapped[str | None] = mapped_column(String(16))  # the wall clock of each person, where it counts
    canary: Mapped[str | None] = mapped_column(String(8))  # canary.Stage; None: nobody goes first
    canary_at: Mapped[datetime | None]  # when those who went first are looked at
    act: Mapped[str] = mapped_column(String(8), default="send")  # send | edit | recall
    amends_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("campaigns.id"))  # its copies
    is_question: Mapped[bool] = mapped_column(default=False)  # what people write back is kept as its answers
    occasion: Mapped[str] = mapped_column(String(16), default="once")  # once | run | stay | enrollment
    segment_id: Mapped[int | None] = mapped_column(ForeignKey("segments.id"))  # whose stay is the occasion
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"))  # whoever left it is left out
    expires_hours: Mapped[int | None]  # a delivery not begun in time ends as expired
    run: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    planned_until: Mapped[int] = mapped_column(BigId, default=0)  # planning resumes after this subscriber id
    progress_chat_id: Mapped[int | None] = mapped_column(BigInteger)
    progress_message_id: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(96), unique=True)


class CampaignVariant(Base):
    """Which content a part of the audience gets: the first row by position whose rule and language hold.

    A rule of None holds for everyone, an empty language for every language.
    """

    __tablename__ = "campaign_variants"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(BigId, ForeignKey("campaigns.id"), index=True)
    position: Mapped[int]
    rule: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2), default="")
    arm: Mapped[int | None] = mapped_column(SmallInteger)  # of an experiment, from 0; None: for everyone
    content_id: Mapped[int] = mapped_column(BigId, ForeignKey("contents.id"))


_UNFOLLOWED = "lane = 2 AND followed_at IS NULL AND parent_id IS NULL AND finished_at IS NOT NULL"


class Delivery(Base):
    """One message to one person on one occasion, with the fields of its first attempt."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(BigId, ForeignKey("campaigns.id"))
    subscriber_id: Mapped[int] = mapped_column(BigId, ForeignKey("subscribers.id", ondelete="CASCADE"))
    occasion: Mapped[str] = mapped_column(String(64))
    content_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("contents.id"))  # None: no variant held
    arm: Mapped[int | None] = mapped_column(SmallInteger)  # of an experiment; assigning.HELD: written nothing
    lane: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(12))  # ledger.State
    reason: Mapped[str | None] = mapped_column(String(128))
    due_at: Mapped[datetime]
    first_due_at: Mapped[datetime | None]  # set where quiet hours have moved due_at
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    fence: Mapped[int | None]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    poll_id: Mapped[str | None] = mapped_column(String(32))  # Telegram's: votes name nothing else
    rating: Mapped[int | None] = mapped_column(SmallInteger)  # ratings.SIGNS: what he thinks of it
    counted_at: Mapped[datetime | None]  # the tick that asked whether it stayed unanswered
    answered_at: Mapped[datetime | None]
    followed_at: Mapped[datetime | None]  # of a series: its next step was computed
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("deliveries.id"))  # of a resend

    __table_args__ = (
        UniqueConstraint("campaign_id", "subscriber_id", "occasion"),
        Index(
            "ix_deliveries_waiting",
            "campaign_id",
            "due_at",
            "id",
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
        Index(
            "ix_deliveries_postponed",
            "campaign_id",
            "first_due_at",
            sqlite_where=text("state = 'planned' AND first_due_at IS NOT NULL"),
            postgresql_where=text("state = 'planned' AND first_due_at IS NOT NULL"),
        ),
        Index(
            "ix_deliveries_started",
            "id",
            sqlite_where=text("state = 'started'"),
            postgresql_where=text("state = 'started'"),
        ),
        Index(
            "ix_deliveries_uncounted",
            "finished_at",
            sqlite_where=text("state = 'sent' AND counted_at IS NULL"),
            postgresql_where=text("state = 'sent' AND counted_at IS NULL"),
        ),
        Index(
            "ix_deliveries_unfollowed",
            "finished_at",
            sqlite_where=text(_UNFOLLOWED),
            postgresql_where=text(_UNFOLLOWED),
        ),
        Index("ix_deliveries_subscriber_id_message_id", "subscriber_id", "message_id"),
        Index(
            "ix_deliveries_tried",
            "subscriber_id",
            "started_at",
            sqlite_where=text("started_at IS NOT NULL"),
            postgresql_where=text("started_at IS NOT NULL"),
        ),
        Index("ix_deliveries_campaign_id_state_reason", "campaign_id", "state", "reason"),
        Index(
            "ix_deliveries_rated",
            "campaign_id",
            "rating",
            sqlite_where=text("rating IS NOT NULL"),
            postgresql_where=text("rating IS NOT NULL"),
        ),
        Index(
            "ix_deliveries_parent_id",
            "parent_id",
            sqlite_where=text("parent_id IS NOT NULL"),
            postgresql_where=text("parent_id IS NOT NULL"),
        ),
    )


class Canary(Base):
    """A delivery that goes before the others of its campaign, to see how people take it."""

    __tablename__ = "canaries"

    delivery_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True
    )
    campaign_id: Mapped[int] = mapped_column(BigId, ForeignKey("campaigns.id"), index=True)


class PromoCode(Base):
    """A gift of one person, made with the letter that carries it; it can be redeemed once."""

    __tablename__ = "promo_codes"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    delivery_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("deliveries.id", ondelete="CASCADE"), unique=True
    )
    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), index=True
    )
    series: Mapped[str] = mapped_column(String(64))  # its name, and the key of the step
    step: Mapped[str] = mapped_column(String(32))
    issued_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    redeemed_at: Mapped[datetime | None]


class Lease(Base):
    """Who may do a thing alone: holder, a fence that grows with each holder, a beat that shows him alive."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(128))
    fence: Mapped[int]
    beat: Mapped[int] = mapped_column(BigInteger)
