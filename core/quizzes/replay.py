"""Replay: a quiz and a file of answers, no database; the same engine as for people."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from core.errors import KvizorError
from core.quizzes import flow
from core.quizzes.answers import Answered
from core.quizzes.given import given
from core.quizzes.problems import nearest
from core.quizzes.questions import Location

if TYPE_CHECKING:
    from pathlib import Path

    from core.quizzes.definition import Quiz
    from core.quizzes.questions import AnyQuestion


class ReplayError(KvizorError):
    """The answers cannot be given to this quiz; the message names the question and the remedy."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What the answers amount to; `result` and `segment` are None while a question has no answer."""

    path: list[str]
    score: int
    tags: list[str]
    attributes: dict[str, str | int | float]
    result: str | None
    segment: str | None
    scores: dict[str, int] = field(default_factory=dict)
    right: int = 0
    asked: int = 0


def replay(
    quiz: Quiz, answers: dict[str, Any], *, today: date | None = None, seed: int = 0, language: str = ""
) -> Replay:
    """Give the answers one by one, as far as they lead; those of questions not asked are left aside.

    Values: an option's id or {"other": text}, a list of them, true/false, a number, a text, a date, a phone,
    {"latitude": …, "longitude": …}; null skips, {"refused": true} refuses, {"late": true} was too late.
    Without `today` bounds of dates that hang on it are not checked. Raises ReplayError.
    """
    for name in answers:
        if name not in quiz.by_id:
            raise ReplayError(f"The quiz has no question `{name}`; {nearest(name, list(quiz.by_id))}")
    taken: dict[str, Answered] = {}
    done = flow.walk(quiz, {}, seed=seed, language=language)
    while done.next is not None and done.next.id in answers:
        taken[done.next.id] = _taken(done.next, answers[done.next.id], today)
        values = {name: answer.value for name, answer in taken.items()}
        done = flow.walk(quiz, values, seed=seed, language=language)
    found = flow.result(quiz, done)
    return Replay(
        path=[question.id for question in done.path],
        score=done.score,
        tags=sorted(done.tags | set(found.tags if found is not None else ())),
        attributes=_attributes(quiz, taken, answers),
        result=found.id if found is not None else None,
        segment=found.segment if found is not None else None,
        scores=dict(done.scores),
        right=done.right,
        asked=done.asked,
    )


def read_answers(path: Path) -> dict[str, Any]:
    """Read a file of answers: one JSON object, question id to value. Raises ReplayError."""
    try:
        answers = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ReplayError(f"{path}: the file cannot be read ({error.strerror}); check its name") from None
    except json.JSONDecodeError as error:
        place = f"{path}:{error.lineno}:{error.colno}"
        raise ReplayError(f"{place}: this is not JSON ({error.msg}); mend it here") from None
    except (UnicodeDecodeError, RecursionError):
        raise ReplayError(f"{path}: this is not JSON in UTF-8; save it anew") from None
    if not isinstance(answers, dict):
        raise ReplayError(f'{path}:1:1: these are not answers; write {{"question": "answer", …}}')
    return answers


def _taken(question: AnyQuestion, raw: Any, today: date | None) -> Answered:
    answer = given(question, raw, today)
    if isinstance(answer, Answered):
        return answer
    told = json.dumps(raw, ensure_ascii=False)
    raise ReplayError(f"`{question.id}` cannot be answered with {told[:60]}: {answer.sentence('en')}")


def _attributes(
    quiz: Quiz, taken: dict[str, Answered], answers: dict[str, Any]
) -> dict[str, str | int | float]:
    kept: dict[str, str | int | float] = {}
    for name, answer in taken.items():
        question = quiz.by_id[name]
        if isinstance(question, Location) and isinstance(answers[name], dict):
            kept |= {key: value for key, value in answers[name].items() if key in question.attributes}
        elif question.attribute is not None and answer.kept is not None:
            value = answer.kept
            kept[question.attribute] = value.isoformat() if isinstance(value, date) else value
    return kept
