"""Tables of experiments: what was agreed before launch, and each look at the result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId


class Experiment(Base):
    """A campaign whose audience is split: into variants, and perhaps a holdout that is written nothing.

    All but the last six columns are agreed before launch and never change afterwards.
    """

    __tablename__ = "experiments"

    campaign_id: Mapped[int] = mapped_column(BigId, ForeignKey("campaigns.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(96))
    shares: Mapped[list[float]] = mapped_column(JSON)  # of each variant; one share: no variants, a holdout
    tested: Mapped[float]  # share of the audience the variants are tried on; the rest waits for the winner
    holdout: Mapped[float]  # share of people who are written nothing: 0, or 0.05 to 0.1
    goal: Mapped[str] = mapped_column(String(16))  # counting.GOALS
    window_hours: Mapped[int]  # from the start of sending to the end of the experiment
    base: Mapped[float | None]  # the rate expected
    detectable: Mapped[float | None]  # the smallest rise it shows, as told before launch; None: none
    changes: Mapped[list[str]] = mapped_column(JSON)  # what differs between the variants
    rollout: Mapped[str] = mapped_column(String(8))  # owner | auto: who sends the winner to the rest
    started_at: Mapped[datetime | None]  # when its sending began
    outcome: Mapped[str | None] = mapped_column(String(12))  # verdict.Outcome once it is final
    winner: Mapped[int | None] = mapped_column(SmallInteger)
    decided_at: Mapped[datetime | None]
    rest_arm: Mapped[int | None] = mapped_column(SmallInteger)  # what the rest of the audience gets
    rest_at: Mapped[datetime | None]


class ExperimentLook(Base):
    """One look at the result of a running experiment; each of them spends a part of the error allowed."""

    __tablename__ = "experiment_looks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(BigId, ForeignKey("experiments.campaign_id"))
    number: Mapped[int]  # from 1
    at: Mapped[datetime]
    share: Mapped[float]  # of the planned time; 1 is the end
    information: Mapped[float]  # odds of the goal over all variants: what independent increments grow by
    is_sent: Mapped[bool]  # whether all letters had been sent: only then the sizes show the split
    parts: Mapped[list[Any]] = mapped_column(JSON)  # [people, successes] of each variant
    outcome: Mapped[str] = mapped_column(String(12))

    __table_args__ = (UniqueConstraint("campaign_id", "number"),)
