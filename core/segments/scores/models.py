"""Tables of stored scores and of the runs that computed them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId

_Word = String(20)


class Score(Base):
    """All scores of one person in one row, each with what it was made of; None: it has no value.

    Derived from facts by core.segments.scores.job. A row that would not change is not written again, so
    `computed_at` is since when the person has it. Nothing here changes by the passing of a day alone but what
    fades (engagement, lead) and what silence moves (rfm, lifecycle, health, churn, clv).
    """

    __tablename__ = "scores"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    rfm: Mapped[str | None] = mapped_column(_Word)
    rfm_r: Mapped[int | None] = mapped_column(SmallInteger)  # 1–5
    rfm_f: Mapped[int | None] = mapped_column(SmallInteger)
    rfm_m: Mapped[int | None] = mapped_column(SmallInteger)
    lifecycle: Mapped[str | None] = mapped_column(_Word)
    health: Mapped[int | None] = mapped_column(SmallInteger)  # 0–100, as the three it is made of
    health_group: Mapped[str | None] = mapped_column(_Word)
    answered: Mapped[int | None] = mapped_column(SmallInteger)  # share of letters answered, a part of health
    activation: Mapped[int | None] = mapped_column(SmallInteger)
    outcome: Mapped[int | None] = mapped_column(SmallInteger)
    engagement: Mapped[int | None] = mapped_column(SmallInteger)  # 0–100
    lead: Mapped[int | None] = mapped_column(SmallInteger)  # 0–100, of people without a purchase
    lead_group: Mapped[str | None] = mapped_column(_Word)
    fit: Mapped[int | None] = mapped_column(SmallInteger)  # points of answers, a part of lead
    churn: Mapped[str | None] = mapped_column(_Word)
    interval_days: Mapped[float | None]  # his own usual time between purchase days
    next_purchase_at: Mapped[datetime | None]
    clv: Mapped[int | None] = mapped_column(BigInteger)  # minor units of the base currency, next 365 days
    computed_at: Mapped[datetime]


class ScoreRun(Base):
    """One computation of all scores: when, how long, of how many people, rows written and dropped.

    `findings` is what the owner's window shows: counts, thresholds, weights, tests of the scores.
    """

    __tablename__ = "score_runs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    started_at: Mapped[datetime]
    seconds: Mapped[float]
    people: Mapped[int]
    written: Mapped[int]
    dropped: Mapped[int]
    findings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
