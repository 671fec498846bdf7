"""Rows of quizzes: versions kept by hash, runs with their answers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.people.activity import Fact, record_many
from core.quizzes import statements
from core.quizzes.definition import CONFIRM
from core.quizzes.flow import walk
from core.quizzes.loader import Library, Loaded, load_stored
from core.quizzes.models import QuizRun, QuizVersion
from core.quizzes.order import FILE_ORDER
from core.quizzes.problems import QuizError
from core.quizzes.values import REFUSED_BEFORE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from core.quizzes.definition import Quiz


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it is stored, with the answers given in it."""

    id: int
    quiz: str
    version_hash: str
    shown: str | None
    draft: tuple[Any, ...]
    message_id: int | None
    key: str
    last_key: str | None
    is_finished: bool
    is_abandoned: bool
    started_at: datetime
    shown_at: datetime | None = None
    language: str = ""
    seed: int = 0
    is_cut: bool = False
    is_trial: bool = False
    moved_at: datetime | None = None
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether the person may still answer."""
        return not (self.is_finished or self.is_abandoned)

    @property
    def touched_at(self) -> datetime:
        """When the person last did something in it, its begin included."""
        return self.moved_at or self.started_at


def store_versions(session: Session, library: Library, now: datetime) -> None:
    """Keep the text of every quiz by its hash, so that a person can finish the version he began."""
    rows = [
        {"hash": one.hash, "quiz": one.quiz.id, "text": one.text, "first_used_at": now}
        for one in library.quizzes.values()
    ]
    if rows:
        session.execute(statements.add_versions(session), rows)


def version(session: Session, library: Library, hash_: str) -> Loaded | None:
    """Return a version by its hash, today's or an older one; None if it cannot be read any more."""
    if hash_ not in library.versions:
        text = session.scalar(select(QuizVersion.text).where(QuizVersion.hash == hash_))
        try:
            library.versions[hash_] = load_stored(text or "", library.folder)
        except QuizError:
            library.versions[hash_] = None
    return library.versions[hash_]


def find_runs(session: Session, statement: Select[Any], subscriber_id: int, **asked: Any) -> list[Run]:
    """Return a person's runs with their answers, oldest first."""
    runs: dict[int, Run] = {}
    for *columns, question, value in session.execute(statement, {"who": subscriber_id, **asked}):
        run = runs.get(columns[0]) or runs.setdefault(columns[0], _run(columns))
        if question is not None:
            run.answers[question] = value
    return list(runs.values())


def has_finished(session: Session, subscriber_id: int, quiz_id: str) -> bool:
    """Say whether a person has finished a quiz at least once."""
    finished = select(QuizRun.id).where(
        QuizRun.subscriber_id == subscriber_id,
        QuizRun.quiz == quiz_id,
        QuizRun.finished_at.is_not(None),
        QuizRun.is_trial.is_(False),
    )
    return session.scalar(finished.limit(1)) is not None


def _run(columns: list[Any]) -> Run:
    run_id, quiz, hash_, shown, draft, message_id, key, last_key, finished_at, abandoned_at, *rest = columns
    is_finished, is_abandoned = finished_at is not None, abandoned_at is not None
    keys = (message_id, key, last_key)
    return Run(run_id, quiz, hash_, shown, tuple(draft or ()), *keys, is_finished, is_abandoned, *rest)


def add_run(
    session: Session,
    subscriber_id: int,
    loaded: Loaded,
    key: str,
    language: str,
    now: datetime,
    *,
    is_trial: bool = False,
) -> Run:
    """Begin a run at its first question; questions refused in an earlier run are answered so already.

    A trial knows nothing of earlier runs and leaves no fact behind.
    """
    quiz = loaded.quiz
    answers = {} if is_trial else _refused_before(session, subscriber_id, quiz)
    seed = _seed(key) if quiz.is_random else FILE_ORDER
    first = walk(quiz, answers, seed=seed, language=language).next
    shown = first.id if first is not None else CONFIRM
    values = {
        "subscriber_id": subscriber_id,
        "quiz": quiz.id,
        "version_hash": loaded.hash,
        "started_at": now,
        "shown": shown,
        "shown_at": now,
        "language": language,
        "seed": seed,
        "score": 0,
        "key": key,
        "is_trial": is_trial,
    }
    run_id = session.scalars(statements.ADD_RUN, values).one()
    _keep_known(session, run_id, answers, now)
    started = Fact(subscriber_id, "quiz_started", now, {"quiz": quiz.id}, f"quiz:{run_id}:started")
    record_many(session, [] if is_trial else [started], now)
    run = Run(run_id, quiz.id, loaded.hash, shown, (), None, key, None, False, False, now, now)
    return replace(run, language=language, seed=seed, is_trial=is_trial, answers=answers)


def _keep_known(session: Session, run_id: int, answers: dict[str, Any], now: datetime) -> None:
    rows = [
        {"run_id": run_id, "question": name, "value": value, "at": now} for name, value in answers.items()
    ]
    if rows:
        session.execute(statements.give(session), rows)


def _refused_before(session: Session, subscriber_id: int, quiz: Quiz) -> dict[str, Any]:
    if not quiz.refusable:
        return {}
    asked = {
        "who": subscriber_id,
        "of_quiz": quiz.id,
        "questions": [question.id for question in quiz.refusable],
    }
    return {name: dict(REFUSED_BEFORE) for name in session.scalars(statements.REFUSALS, asked)}


def _seed(key: str) -> int:
    """Return the seed of a run: another one for every run, the same for the same update."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest(), "big") % (2**31 - 1) + 1
