"""One move of a run, written with all it brings: answers, attribute, tags, points, events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.db import note_touched
from core.people import places_kept
from core.people.activity import Fact, record_many
from core.people.attributes import set_attribute
from core.people.gender import kept as kept_gender
from core.quizzes import statements
from core.quizzes.definition import CONFIRM
from core.quizzes.questions import LATITUDE, Day
from core.quizzes.values import SHARED, is_given, is_late, listed, words
from core.quizzes.words import told

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.quizzes.answers import Answered
    from core.quizzes.definition import Quiz, Result
    from core.quizzes.flow import Walk
    from core.quizzes.questions import AnyQuestion
    from core.quizzes.records import Run


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a run: an answer, if one was given, the walk before and after, the answers it has hidden.

    `shown_at` is when the question that is open now was first shown.
    """

    subscriber_id: int
    run: Run
    quiz: Quiz
    question: AnyQuestion | None
    answered: Answered
    before: Walk
    after: Walk
    hidden: tuple[AnyQuestion, ...]
    ending: Result | None
    shown_at: datetime
    is_cut: bool
    key: str | None

    @property
    def origin(self) -> str:
        """Who says so: stands beside tags and attributes this quiz has set."""
        return f"quiz:{self.quiz.id}"

    @property
    def shown(self) -> str | None:
        """What the run shows next."""
        if self.ending is not None:
            return None
        return self.after.next.id if self.after.next is not None else CONFIRM


def write_step(session: Session, step: Step, now: datetime) -> None:
    """Write a move with all it brings: the latest answers, attribute, tags, score, events.

    Of a trial only the run itself is kept.
    """
    if step.question is not None:
        _keep_in_run(session, step, step.question, now)
    if step.run.is_trial:
        session.execute(statements.ADVANCE_RUN, _advanced(step, now))
        return
    _keep_latest(session, step, now)
    _keep_attribute(session, step, now)
    _keep_tags(session, step, now)
    session.execute(statements.ADVANCE_RUN, _advanced(step, now))
    record_many(session, _facts(step, now), now)
    note_touched(session, [step.subscriber_id], now)


def _advanced(step: Step, now: datetime) -> dict[str, Any]:
    return {
        "run": step.run.id,
        "shown": step.shown,
        "shown_at": step.shown_at,
        "is_cut": step.is_cut,
        "score": step.after.score,
        "last_key": step.key,
        "moved_at": step.run.moved_at,
        "finished_at": now if step.ending is not None else None,
        "result": step.ending.id if step.ending is not None else None,
    }


def _keep_in_run(session: Session, step: Step, question: AnyQuestion, now: datetime) -> None:
    row = {"run_id": step.run.id, "question": question.id, "value": step.answered.value, "at": now}
    session.execute(statements.give(session), row)
    if step.hidden:
        names = [question.id for question in step.hidden]
        session.execute(statements.DROP_GIVEN, {"run": step.run.id, "questions": names})


def _keep_latest(session: Session, step: Step, now: datetime) -> None:
    """Replace the person's latest answers; a finished run leaves none of an earlier run behind."""
    mine = {"who": step.subscriber_id, "of_quiz": step.quiz.id}
    place = {"subscriber_id": step.subscriber_id, "quiz": step.quiz.id, "answered_at": now}
    rows, changed = list[dict[str, Any]](), ""
    if step.question is not None:
        rows = [place | row for row in _rows(step.quiz, step.question, step.answered.value)]
        changed = step.question.id
    if step.ending is None:
        replaced = [changed, *(question.id for question in step.hidden)]
        session.execute(statements.DROP_LATEST, mine | {"questions": replaced})
    else:
        kept = [name for name in step.after.answers if name != changed]
        session.execute(statements.KEEP_LATEST, mine | {"questions": kept, "changed": changed})
        rows += [place | row for row in _outcome_rows(step.ending, step.after)]
    if rows:
        session.execute(statements.ADD_LATEST, rows)


def _rows(quiz: Quiz, question: AnyQuestion, value: Any) -> list[dict[str, Any]]:
    """Return one row a chosen value; text is the label in the file's first language, for reports."""
    language = quiz.languages[0]
    given = [(word, one) for word, one in zip(words(value), listed(value) or [value], strict=False)]
    return [
        {
            "question": question.id,
            "folded": word[:512],
            "text": _text(question, one, language)[:4096],
            "number": float(one) if isinstance(one, int | float) and not isinstance(one, bool) else None,
        }
        for word, one in given
    ]


def _text(question: AnyQuestion, value: Any, language: str) -> str:
    return value if isinstance(question, Day) and isinstance(value, str) else told(question, value, language)


def _outcome_rows(ending: Result, done: Walk) -> list[dict[str, Any]]:
    """Return the rows that let rules ask `quiz entry.result`, `.score`, `.right` and `.scores_<scale>`."""
    points = {"score": done.score, **{f"scores_{name}": score for name, score in done.scores.items()}}
    if done.asked:
        points["right"] = done.right
    return [
        {"question": "result", "folded": ending.id, "text": ending.id, "number": None},
        *(
            {"question": name, "folded": str(score), "text": str(score), "number": float(score)}
            for name, score in points.items()
        ),
    ]


def _keep_attribute(session: Session, step: Step, now: datetime) -> None:
    stale = [key for question in step.hidden for key in question.attributes]
    key = step.question.attribute if step.question is not None else None
    kept = step.answered.kept
    if key is not None and kept is not None:
        if key == places_kept.CITY and isinstance(kept, str):
            places_kept.said(session, step.subscriber_id, kept, now, source=step.origin)
        else:
            set_attribute(session, step.subscriber_id, key, kept, now, origin=step.origin)
    elif step.question is not None and step.answered.value != SHARED and not is_late(step.answered.value):
        stale += step.question.attributes
    if stale:
        mine = {"who": step.subscriber_id, "by": step.origin}
        session.execute(statements.DROP_ATTRIBUTES, mine | {"keys": stale})
    if {places_kept.CITY, LATITUDE} & set(stale):
        _place_anew(session, step, now)
    if kept_gender.ANSWER in (key, *stale):
        kept_gender.settle(session, step.subscriber_id, now)


def _place_anew(session: Session, step: Step, now: datetime) -> None:
    """The answer that told a place is gone, and what was derived from it; a typed city may tell it still."""
    places_kept.withdraw(session, step.subscriber_id, step.origin)
    for name, value in step.after.answers.items():
        if step.quiz.by_id[name].attribute == places_kept.CITY and isinstance(value, str) and is_given(value):
            places_kept.said(session, step.subscriber_id, value, now, source=step.origin)


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
    who, key, facts = step.subscriber_id, f"quiz:{step.run.id}", list[Fact]()
    if step.question is not None:
        detail = {"quiz": step.quiz.id, "question": step.question.id}
        is_late_ = is_late(step.answered.value)
        kind, name = ("quiz_late", f"{key}:late") if is_late_ else ("quiz_answered", key)
        facts.append(Fact(who, kind, now, detail, f"{name}:{step.question.id}"))
    if step.is_cut:
        facts.append(Fact(who, "quiz_late", now, {"quiz": step.quiz.id, "question": None}, f"{key}:late"))
    if step.ending is not None:
        outcome = {"quiz": step.quiz.id, "result": step.ending.id, "segment": step.ending.segment}
        score = {"score": step.after.score}
        facts.append(Fact(who, "quiz_finished", now, outcome | score, f"{key}:finished"))
    return facts
