"""What people did in a quiz: how many were asked each question, answered what, went where and left where.

Runs of every version count together by the ids of questions; an owner's trials do not. Ways are read from the
order of the file, also where a run asked a group's questions in another order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from core.quizzes.models import Answer, QuizRun, RunAnswer

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Subquery
    from sqlalchemy.orm import Session

    from core.quizzes.definition import Quiz

QUIET = timedelta(hours=24)  # an open run without an act for so long is taken for left


@dataclass(frozen=True, slots=True)
class Counts:
    """Runs begun and finished; by question: runs that met it, latest answers, runs left there.

    `gone` counts the runs that went from one question to the next one met; "" stands for the results.
    """

    started: int = 0
    finished: int = 0
    asked: dict[str, int] = field(default_factory=dict)
    chosen: dict[str, dict[str, int]] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    gone: dict[tuple[str, str], int] = field(default_factory=dict)


def count(session: Session, quiz: Quiz, now: datetime) -> Counts:
    """Count the runs of a quiz and the people behind each latest answer."""
    started, finished, waiting, dropped = _runs(session, quiz.id, now)
    asked, gone = _answered(session, quiz)
    for question, number in waiting.items():
        asked[question] = asked.get(question, 0) + number
    return Counts(started, finished, asked, _chosen(session, quiz.id), dropped, gone)


def _runs(session: Session, quiz_id: str, now: datetime) -> tuple[int, int, dict[str, int], dict[str, int]]:
    """Return runs begun and finished, and unanswered questions on screens: all, and those left behind."""
    each = _standing(quiz_id, now)
    columns = (each.c.shown, each.c.finished, each.c.left, each.c.answered)
    started, finished = 0, 0
    waiting, dropped = dict[str, int](), dict[str, int]()
    for shown, is_finished, left, answered, number in session.execute(
        select(*columns, func.count()).group_by(*columns)
    ):
        started += number
        finished += number if is_finished else 0
        if is_finished or shown is None:
            continue
        if not answered:
            waiting[shown] = waiting.get(shown, 0) + number
        if left:
            dropped[shown] = dropped.get(shown, 0) + number
    return started, finished, waiting, dropped


def _standing(quiz_id: str, now: datetime) -> Subquery:
    """Each run of a quiz: the question shown, whether it is answered, and whether the run is over or left."""
    last_act = (
        select(func.max(RunAnswer.at))
        .where(RunAnswer.run_id == QuizRun.id)
        .correlate(QuizRun)
        .scalar_subquery()
    )
    is_answered = (
        select(RunAnswer.run_id)
        .where(RunAnswer.run_id == QuizRun.id, RunAnswer.question == QuizRun.shown)
        .exists()
    )
    is_left = case(
        (QuizRun.finished_at.is_not(None), 0),
        (QuizRun.abandoned_at.is_not(None), 1),
        (func.coalesce(last_act, QuizRun.started_at) < now - QUIET, 1),
        else_=0,
    )
    return (
        select(
            QuizRun.shown.label("shown"),
            case((QuizRun.finished_at.is_(None), 0), else_=1).label("finished"),
            is_left.label("left"),
            case((is_answered, 1), else_=0).label("answered"),
        )
        .where(QuizRun.quiz == quiz_id, QuizRun.is_trial.is_(False))
        .subquery()
    )


def _answered(session: Session, quiz: Quiz) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """Return how many answered each question, and how many went from one question to another."""
    place = case(quiz.index, value=RunAnswer.question)
    met = (
        select(
            RunAnswer.question.label("question"),
            func.lead(RunAnswer.question).over(partition_by=RunAnswer.run_id, order_by=place).label("next"),
            QuizRun.shown.label("shown"),
            case((QuizRun.finished_at.is_(None), 0), else_=1).label("finished"),
        )
        .join(QuizRun, QuizRun.id == RunAnswer.run_id)
        .where(
            QuizRun.quiz == quiz.id,
            QuizRun.is_trial.is_(False),
            RunAnswer.question.in_(list(quiz.index)),
        )
        .subquery()
    )
    columns = (met.c.question, met.c.next, met.c.shown, met.c.finished)
    asked: dict[str, int] = {}
    gone: dict[tuple[str, str], int] = {}
    for question, after, shown, finished, number in session.execute(
        select(*columns, func.count()).group_by(*columns)
    ):
        asked[question] = asked.get(question, 0) + number
        to = after or ("" if finished else shown if _is_later(quiz, question, shown) else None)
        if to is not None:
            gone[question, to] = gone.get((question, to), 0) + number
    return asked, gone


def _is_later(quiz: Quiz, question: str, shown: str | None) -> bool:
    return shown in quiz.index and quiz.index[shown] > quiz.index[question]


def _chosen(session: Session, quiz_id: str) -> dict[str, dict[str, int]]:
    rows: Any = session.execute(
        select(Answer.question, Answer.folded, func.count())
        .where(Answer.quiz == quiz_id)
        .group_by(Answer.question, Answer.folded)
    )
    chosen: dict[str, dict[str, int]] = {}
    for question, folded, number in rows:
        chosen.setdefault(question, {})[folded] = number
    return chosen
