"""The latest answers of everyone, found anew in the runs.

Per question the newest run that answered it counts, of the runs since the last finished one; a refusal counts
however old it is. A finished run adds its result and its points. What a run answered and a changed branch
then hid is known from the event: that run still was the newest, and its answer is gone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.db import table
from core.doctor.differing import Row, Target, Who, Wrong, counted
from core.people.models import Event, Subscriber
from core.people.text import fold
from core.quizzes.flow import walk
from core.quizzes.loader import load_stored
from core.quizzes.models import Answer, QuizRun, QuizVersion, RunAnswer
from core.quizzes.problems import QuizError
from core.quizzes.questions import Day
from core.quizzes.words import told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.quizzes.definition import Quiz
    from core.quizzes.questions import AnyQuestion

_ANSWERS, _RUNS, _GIVEN, _EVENTS = (table(model) for model in (Answer, QuizRun, RunAnswer, Event))
_REFUSED = "rather_not_say"

Rows = dict[Row, Row]  # (person, quiz, question, folded) → (text, number, answered_at)


@dataclass(slots=True)
class _Run:
    """One run with what was answered in it; `met` are the questions it ever answered."""

    id: int
    quiz: str
    version: str
    finished_at: datetime | None
    result: str | None
    score: int
    seed: int
    is_cut: bool
    language: str
    given: dict[str, tuple[Any, datetime]] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)


@dataclass
class Answers:
    """The latest answers; those of a version that cannot be read any more are left as they are."""

    unread: set[str] = field(default_factory=set)
    _versions: dict[str, Quiz | None] = field(default_factory=dict)

    @property
    def target(self) -> Target:
        """The table of latest answers."""
        keys = ("subscriber_id", "quiz", "question", "folded")
        return Target(_ANSWERS, keys, ("text", "number", "answered_at"))

    def count(self, session: Session, who: Who) -> int:
        """Return how many answers are kept."""
        return counted(session, self.target, who)

    def wrong(self, session: Session, who: Who) -> list[Wrong]:
        """Return the answers that differ from the runs."""
        rebuilt: Rows = {}
        passed: set[tuple[int, str]] = set()
        for (person, quiz), runs in _runs(session, who).items():
            if any(self._quiz(session, run.version) is None for run in runs):
                passed.add((person, quiz))
                continue
            for question, folded, *values in self._latest(session, runs):
                rebuilt[person, quiz, question, folded] = tuple(values)
        kept = {tuple(row[:4]): tuple(row[4:]) for row in session.execute(self.target.rows(who))}
        return [
            Wrong(key, kept.get(key), rebuilt.get(key))
            for key in sorted(kept.keys() | rebuilt.keys())
            if kept.get(key) != rebuilt.get(key) and key[:2] not in passed
        ]

    def _latest(self, session: Session, runs: list[_Run]) -> Iterator[Row]:
        """Yield (question, folded, text, number, answered at) of one person and quiz; newest run first."""
        finished = next((run for run in runs if run.finished_at is not None), None)
        settled: set[str] = set()
        for run in runs:
            quiz = self._quiz(session, run.version)
            is_past = finished is not None and run.id < finished.id
            for question in sorted(run.met - settled) if quiz is not None else ():
                value, at = run.given.get(question, (None, None))
                if quiz is not None and not (is_past and _words(value) != [_REFUSED]):
                    yield from _told(quiz, question, value, at)
            settled |= run.met
        if finished is not None and finished.result is not None:
            yield from self._outcome(session, finished)

    def _outcome(self, session: Session, run: _Run) -> Iterator[Row]:
        quiz = self._quiz(session, run.version)
        if quiz is None:
            return
        given = {question: value for question, (value, _) in run.given.items()}
        done = walk(quiz, given, seed=run.seed, is_cut=run.is_cut, language=run.language)
        points = {"score": run.score, **{f"scores_{name}": number for name, number in done.scores.items()}}
        if done.asked:
            points["right"] = done.right
        yield "result", run.result, run.result, None, run.finished_at
        for name, number in points.items():
            yield name, str(number), str(number), float(number), run.finished_at

    def _quiz(self, session: Session, version: str) -> Quiz | None:
        if version not in self._versions:
            text = session.scalar(select(QuizVersion.text).where(QuizVersion.hash == version))
            try:
                self._versions[version] = load_stored(text or "", Path()).quiz
            except QuizError:
                self._versions[version] = None
                self.unread.add(version)
        return self._versions[version]


def _runs(session: Session, who: Who) -> dict[tuple[int, str], list[_Run]]:
    """Return the runs by person and quiz, newest first; trials and erased people have none."""
    c = _RUNS.c
    here = (who(c.subscriber_id), c.is_trial.is_(False), Subscriber.erased_at.is_(None))
    joined = _RUNS.join(table(Subscriber), Subscriber.id == c.subscriber_id)
    columns = (
        c.id, c.quiz, c.version_hash, c.finished_at, c.result, c.score, c.seed, c.is_cut, c.language,
    )  # fmt: skip
    by_id: dict[int, _Run] = {}
    found: dict[tuple[int, str], list[_Run]] = defaultdict(list)
    query = select(c.subscriber_id, *columns).select_from(joined).where(*here).order_by(c.id.desc())
    for person, *values in session.execute(query):
        run = by_id[values[0]] = _Run(*values)
        found[person, run.quiz].append(run)
    given = select(_GIVEN.c.run_id, _GIVEN.c.question, _GIVEN.c.value, _GIVEN.c.at)
    own = select(c.id).where(who(c.subscriber_id), c.is_trial.is_(False))
    for run_id, question, value, at in session.execute(given.where(_GIVEN.c.run_id.in_(own))):
        if run_id in by_id and not _is_carried(value):
            by_id[run_id].met.add(question)
        if run_id in by_id:
            by_id[run_id].given[question] = value, at
    _note_hidden(session, who, by_id)
    return found


def _note_hidden(session: Session, who: Who, runs: dict[int, _Run]) -> None:
    """Add the questions that runs answered, by the events: `quiz:RUN:QUESTION`, `quiz:RUN:late:QUESTION`."""
    c = _EVENTS.c
    query = select(c.key).where(who(c.subscriber_id), c.kind.in_(("quiz_answered", "quiz_late")))
    for key in session.scalars(query.where(c.key.is_not(None))):
        _, number, *names = key.split(":")
        run = runs.get(int(number)) if number.isdecimal() else None
        if run is not None and names != ["late"]:
            run.met.add(names[-1])


def _told(quiz: Quiz, name: str, value: Any, at: datetime | None) -> Iterator[Row]:
    question = quiz.by_id.get(name)
    if question is None:
        return
    for word, one in zip(_words(value), _listed(value), strict=True):
        number = float(one) if isinstance(one, int | float) and not isinstance(one, bool) else None
        yield name, word[:512], _text(question, one, quiz.languages[0])[:4096], number, at


def _text(question: AnyQuestion, value: Any, language: str) -> str:
    return value if isinstance(question, Day) and isinstance(value, str) else told(question, value, language)


def _is_carried(value: Any) -> bool:
    """A refusal of an earlier run stands in this one too: it was not asked here."""
    return isinstance(value, dict) and "before" in value


def _listed(value: Any) -> list[Any]:
    if value is None or (isinstance(value, dict) and "late" in value):
        return []
    return value if isinstance(value, list) else [value]


def _words(value: Any) -> list[str]:
    return [_word(one) for one in _listed(value)]


def _word(value: Any) -> str:
    if isinstance(value, dict):
        return _REFUSED if "refused" in value else "other"
    if isinstance(value, bool):
        return "yes" if value else "no"
    word = fold(str(int(value) if isinstance(value, float) and value.is_integer() else value))
    return "rather not say" if word == _REFUSED else word
