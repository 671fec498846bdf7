"""Tables of quizzes: versions of the text, runs, the answers of a run and the latest answer of a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigId


class QuizVersion(Base):
    """The text of a quiz file, kept under its SHA-256: a person finishes the version he began."""

    __tablename__ = "quiz_versions"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    quiz: Mapped[str] = mapped_column(String(64), index=True)
    text: Mapped[str] = mapped_column(Text)
    first_used_at: Mapped[datetime]


class QuizSource(Base):
    """What an owner did to a quiz from his chat: sent a file, switched a version on, switched the quiz off.

    The newest row that is `on` or `off` holds; none: the file of the folder does.
    """

    __tablename__ = "quiz_sources"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    quiz: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(8))  # sent, on, off
    hash: Mapped[str | None] = mapped_column(String(64))  # of the text; None: the folder's own file
    text: Mapped[str | None] = mapped_column(Text)
    by: Mapped[int] = mapped_column(BigInteger)  # Telegram id of the owner
    at: Mapped[datetime]
    key: Mapped[str] = mapped_column(String(96), unique=True)  # the update that did it


class QuizRun(Base):
    """One walk of a person through one version of a quiz."""

    __tablename__ = "quiz_runs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), index=True
    )
    quiz: Mapped[str] = mapped_column(String(64))
    version_hash: Mapped[str] = mapped_column(String(64), ForeignKey("quiz_versions.hash"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    abandoned_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(BigInteger)  # the message whose text the run edits
    language: Mapped[str] = mapped_column(String(2), default="")  # the run is held in, from its begin on
    seed: Mapped[int] = mapped_column(
        default=0
    )  # of the random order of questions and options; 0 = the file's
    is_cut: Mapped[bool] = mapped_column(default=False)  # the time for the whole quiz was up
    shown: Mapped[str | None] = mapped_column(
        String(64)
    )  # question on the screen or `confirm`; None = finished
    shown_at: Mapped[datetime | None]  # when the first question without an answer was first shown
    moved_at: Mapped[datetime | None]  # when the person last did something in it; None = only begun
    draft: Mapped[list[Any] | None] = mapped_column(JSON)  # ticked so far in a several-choice question
    score: Mapped[int] = mapped_column(BigInteger, default=0)
    result: Mapped[str | None] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(96), unique=True)  # the update that began it
    last_key: Mapped[str | None] = mapped_column(String(96))  # the update that moved it last
    is_trial: Mapped[bool] = mapped_column(default=False)  # an owner tries a quiz: its run counts nowhere

    __table_args__ = (
        Index("ix_quiz_runs_quiz_finished_at", "quiz", "finished_at"),
        {"sqlite_autoincrement": True},  # old buttons carry the id: one erased is never given again
    )


class RunAnswer(Base):
    """What a person answered in a run; the next question is a function of these rows."""

    __tablename__ = "run_answers"

    run_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("quiz_runs.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    at: Mapped[datetime]


class Answer(Base):
    """The latest answer of a person, one row a chosen value: what `quiz entry.role = owner` reads."""

    __tablename__ = "answers"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
    )
    quiz: Mapped[str] = mapped_column(String(64), primary_key=True)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    folded: Mapped[str] = mapped_column(String(512), primary_key=True)  # fold(option id or text)
    text: Mapped[str] = mapped_column(String(4096), default="")
    number: Mapped[float | None]
    answered_at: Mapped[datetime]

    __table_args__ = (Index("ix_answers_quiz_question_folded", "quiz", "question", "folded"),)
