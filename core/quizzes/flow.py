"""The engine, pure: from a quiz and answers to the path, the next question, score, tags and result.

Runs and `quiz replay` share it; nothing here knows a database or Telegram.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.quizzes.conditions import Known
from core.quizzes.questions import Added, Choice, Several, YesNo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.quizzes.definition import Quiz, Result
    from core.quizzes.questions import AnyQuestion


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk through a quiz: what was asked and answered, what comes next, what it amounts to.

    `answers` holds only those of the path: an answer hidden by a changed branch is not in it.
    """

    path: tuple[AnyQuestion, ...]
    next: AnyQuestion | None
    answers: Mapping[str, Any]
    score: int = 0
    tags: frozenset[str] = field(default_factory=frozenset)

    @property
    def known(self) -> Known:
        """What conditions may be asked about at this place."""
        return Known(self.answers, self.score, self.tags)


def walk(quiz: Quiz, answers: Mapping[str, Any]) -> Walk:
    """Go through the quiz as far as the answers lead; a question's `when` sees only what stands before it."""
    path: list[AnyQuestion] = []
    seen: dict[str, Any] = {}
    score, tags = 0, set[str]()
    for question in quiz.questions:
        if question.when is not None and not question.when.holds(Known(seen, score, tags)):
            continue
        if question.id not in answers:
            return Walk(tuple(path), question, seen, score, frozenset(tags))
        path.append(question)
        seen[question.id] = answers[question.id]
        for mark in marks(question, answers[question.id]):
            score += mark.score
            tags.update(mark.tags)
    return Walk(tuple(path), None, seen, score, frozenset(tags))


def marks(question: AnyQuestion, value: Any) -> tuple[Added, ...]:
    """Return what an answer adds; nothing for a skipped question."""
    if value is None:
        return ()
    if isinstance(question, YesNo):
        return (question.yes if value else question.no,)
    if isinstance(question, Choice | Several):
        chosen = value if isinstance(value, list) else [value]
        return tuple(option for option in question.options if option.id in chosen)
    return ()


def result(quiz: Quiz, done: Walk) -> Result | None:
    """Return the first result whose condition holds; None while a question is open."""
    if done.next is not None:
        return None
    known = done.known
    return next(found for found in quiz.results if found.when is None or found.when.holds(known))


def length(quiz: Quiz, done: Walk) -> int:
    """Return how many questions this walk is expected to have: the «4» of «2 of 4».

    Questions whose condition is not decided yet count; the answers to the open question are tried one
    by one, so that branches which exclude each other are not added up. The number may only shrink later.
    """
    if done.next is None:
        return len(done.path)
    place = quiz.index[done.next.id]
    rest = quiz.questions[place + 1 :]
    if not quiz.branches:
        return len(done.path) + 1 + len(rest)
    pending = {question.id for question in rest}
    tries = [{**done.answers, done.next.id: value} for value in _outcomes(done.next)]
    known = [Known(answers, done.score, done.tags, pending) for answers in tries]
    if not known:
        known = [Known(done.answers, done.score, done.tags, pending | {done.next.id})]
    return len(done.path) + 1 + max(_possible(rest, one) for one in known)


def _outcomes(question: AnyQuestion) -> list[Any]:
    if isinstance(question, Choice):
        return [option.id for option in question.options]
    return [True, False] if isinstance(question, YesNo) else []


def _possible(rest: tuple[AnyQuestion, ...], known: Known) -> int:
    return sum(question.when is None or question.when.holds(known) is not False for question in rest)


def hidden(quiz: Quiz, done: Walk, answers: Mapping[str, Any]) -> tuple[AnyQuestion, ...]:
    """Return questions whose answers a changed branch has hidden, and which are therefore dropped.

    Answers that stand behind the open question are not: the walk may still come to them, and then the
    person need not give them twice.
    """
    end = quiz.index[done.next.id] if done.next is not None else len(quiz.questions)
    off = [name for name in answers if name not in done.answers and quiz.index[name] < end]
    return tuple(quiz.by_id[name] for name in off)
