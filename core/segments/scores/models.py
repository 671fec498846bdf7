"""Tables of stored scores and of the runs that computed them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId


class Score(Base):
    """One score of one person: its number, its name, and what it was computed from on that day.

    Derived from purchases by core.segments.scores.job; a row that would not change is not written again, so
    `computed_at` is since when the person has it.
    """

    __tablename__ = "scores"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    score: Mapped[str] = mapped_column(String(16), primary_key=True)  # rfm | lifecycle | health
    value: Mapped[int]
    label: Mapped[str] = mapped_column(String(32))
    computed_at: Mapped[datetime]
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    # one B-tree instead of two: a rule looks a person's score up by this key
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own contract


class ScoreRun(Base):
    """One computation of all scores: when, how long, of how many buyers, rows written and dropped."""

    __tablename__ = "score_runs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    started_at: Mapped[datetime]
    seconds: Mapped[float]
    people: Mapped[int]
    written: Mapped[int]
    dropped: Mapped[int]
