"""Rows of quizzes: versions kept by hash, runs with their answers, an answer with all it moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.db import note_touched
from core.people.activity import Fact, record_many
from core.people.attributes import set_attribute
from core.quizzes import statements
from core.quizzes.loader import Library, Loaded, load_stored
from core.quizzes.models import QuizRun, QuizVersion
from core.quizzes.problems import QuizError
from core.quizzes.questions import Choice, Several, YesNo
from core.quizzes.screens import worded
from core.quizzes.values import SHARED, folded

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from core.quizzes.answers import Answered
    from core.quizzes.definition import Quiz, Result
    from core.quizzes.flow import Walk
    from core.quizzes.questions import AnyQuestion


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it is stored, with the answers given in it."""

    id: int
    quiz: str
    version_hash: str
    shown: str | None
    draft: tuple[str, ...]
    message_id: int | None
    key: str
    last_key: str | None
    is_finished: bool
    is_abandoned: bool
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether the person may still answer."""
        return not (self.is_finished or self.is_abandoned)


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
        QuizRun.subscriber_id == subscriber_id, QuizRun.quiz == quiz_id, QuizRun.finished_at.is_not(None)
    )
    return session.scalar(finished.limit(1)) is not None


def _run(columns: list[Any]) -> Run:
    run_id, quiz, hash_, shown, draft, message_id, key, last_key, finished_at, abandoned_at = columns
    is_finished, is_abandoned = finished_at is not None, abandoned_at is not None
    keys = (message_id, key, last_key)
    return Run(run_id, quiz, hash_, shown, tuple(draft or ()), *keys, is_finished, is_abandoned)


def add_run(session: Session, subscriber_id: int, loaded: Loaded, key: str, shown: str, now: datetime) -> Run:
    """Begin a run."""
    values = {
        "subscriber_id": subscriber_id,
        "quiz": loaded.quiz.id,
        "version_hash": loaded.hash,
        "started_at": now,
        "shown": shown,
        "score": 0,
        "key": key,
    }
    run_id = session.scalars(statements.ADD_RUN, values).one()
    detail = {"quiz": loaded.quiz.id}
    record_many(session, [Fact(subscriber_id, "quiz_started", now, detail, f"quiz:{run_id}:started")], now)
    return Run(run_id, loaded.quiz.id, loaded.hash, shown, (), None, key, None, False, False)


@dataclass(frozen=True, slots=True)
class Step:
    """One answer with the walk before it and after it, and the answers it has hidden."""

    subscriber_id: int
    run_id: int
    quiz: Quiz
    question: AnyQuestion
    answered: Answered
    before: Walk
    after: Walk
    hidden: tuple[AnyQuestion, ...]
    ending: Result | None
    key: str | None

    @property
    def origin(self) -> str:
        """Who says so: stands beside tags and attributes this quiz has set."""
        return f"quiz:{self.quiz.id}"


def write_answer(session: Session, step: Step, now: datetime) -> None:
    """Write an answer with all it moves: the latest answers, attribute, tags, score, events."""
    _keep_in_run(session, step, now)
    _keep_latest(session, step, now)
    _keep_attribute(session, step, now)
    _keep_tags(session, step, now)
    session.execute(statements.ADVANCE_RUN, _advanced(step, now))
    record_many(session, _facts(step, now), now)
    note_touched(session, [step.subscriber_id], now)


def _advanced(step: Step, now: datetime) -> dict[str, Any]:
    return {
        "run": step.run_id,
        "shown": step.after.next.id if step.after.next is not None else None,
        "score": step.after.score,
        "last_key": step.key,
        "finished_at": now if step.ending is not None else None,
        "result": step.ending.id if step.ending is not None else None,
    }


def _keep_in_run(session: Session, step: Step, now: datetime) -> None:
    row = {"run_id": step.run_id, "question": step.question.id, "value": step.answered.value, "at": now}
    session.execute(statements.give(session), row)
    if step.hidden:
        names = [question.id for question in step.hidden]
        session.execute(statements.DROP_GIVEN, {"run": step.run_id, "questions": names})


def _keep_latest(session: Session, step: Step, now: datetime) -> None:
    """Replace the person's latest answers; a finished run leaves none of an earlier run behind."""
    mine = {"who": step.subscriber_id, "of_quiz": step.quiz.id}
    place = {"subscriber_id": step.subscriber_id, "quiz": step.quiz.id, "answered_at": now}
    rows = [place | row for row in _rows(step.quiz, step.question, step.answered.value)]
    if step.ending is None:
        replaced = [step.question.id, *(question.id for question in step.hidden)]
        session.execute(statements.DROP_LATEST, mine | {"questions": replaced})
    else:
        kept = [name for name in step.after.answers if name != step.question.id]
        session.execute(statements.KEEP_LATEST, mine | {"questions": kept})
        rows += [place | row for row in _outcome_rows(step.ending, step.after.score)]
    if rows:
        session.execute(statements.ADD_LATEST, rows)


def _rows(quiz: Quiz, question: AnyQuestion, value: Any) -> list[dict[str, Any]]:
    """Return one row a chosen value; text is the label in the file's first language, for reports."""
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    language = quiz.languages[0]
    rows = []
    for one in value if isinstance(value, list) else [] if value is None else [value]:
        is_label = isinstance(question, Choice | Several | YesNo) or one == SHARED
        text = worded(question, one, language) if is_label else folded(one) if number is not None else one
        rows.append(
            {"question": question.id, "folded": folded(one)[:512], "text": text[:4096], "number": number}
        )
    return rows


def _outcome_rows(ending: Result, score: int) -> list[dict[str, Any]]:
    """Return the rows that let rules ask `quiz entry.result` and `quiz entry.score`."""
    return [
        {"question": "result", "folded": ending.id, "text": ending.id, "number": None},
        {"question": "score", "folded": str(score), "text": str(score), "number": float(score)},
    ]


def _keep_attribute(session: Session, step: Step, now: datetime) -> None:
    stale = [question.attribute for question in step.hidden if question.attribute]
    key, kept = step.question.attribute, step.answered.kept
    if key is not None and kept is not None:
        set_attribute(session, step.subscriber_id, key, kept, now, origin=step.origin)
    elif key is not None:
        stale.append(key)
    if stale:
        mine = {"who": step.subscriber_id, "by": step.origin}
        session.execute(statements.DROP_ATTRIBUTES, mine | {"keys": stale})


def _keep_tags(session: Session, step: Step, now: datetime) -> None:
    """Add the tags this answer brought, take back those it took; at the end exactly the run's tags stay."""
    final = step.after.tags | (set(step.ending.tags) if step.ending is not None else set())
    mine = {"who": step.subscriber_id, "by": step.origin}
    gone = step.before.tags - final
    if step.ending is not None:
        session.execute(statements.KEEP_TAGS, mine | {"tags": sorted(final)})
    elif gone:
        session.execute(statements.DROP_TAGS, mine | {"tags": sorted(gone)})
    _add_tags(session, step, final - step.before.tags, now)


def _add_tags(session: Session, step: Step, tags: Collection[str], now: datetime) -> None:
    rows = [
        {"subscriber_id": step.subscriber_id, "tag": tag, "origin": step.origin, "added_at": now}
        for tag in sorted(tags)
    ]
    if rows:
        session.execute(statements.add_tags(session), rows)


def _facts(step: Step, now: datetime) -> list[Fact]:
    who, key = step.subscriber_id, f"quiz:{step.run_id}"
    detail = {"quiz": step.quiz.id, "question": step.question.id}
    facts = [Fact(who, "quiz_answered", now, detail, f"{key}:{step.question.id}")]
    if step.ending is not None:
        outcome = {"quiz": step.quiz.id, "result": step.ending.id, "segment": step.ending.segment}
        facts.append(
            Fact(who, "quiz_finished", now, outcome | {"score": step.after.score}, f"{key}:finished")
        )
    return facts
