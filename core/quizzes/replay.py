"""Replay: a quiz and a file of answers, no database; the same engine as for people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import KvizorError
from core.quizzes import flow
from core.quizzes.answers import Answered, given
from core.quizzes.problems import nearest

if TYPE_CHECKING:
    from pathlib import Path

    from core.quizzes.definition import Quiz


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


def replay(quiz: Quiz, answers: dict[str, Any]) -> Replay:
    """Give the answers one by one, as far as they lead; those of questions not asked are left aside.

    Values: an option's id, a list of ids, true/false, a number, a text, a phone; null skips.
    Raises ReplayError.
    """
    for name in answers:
        if name not in quiz.by_id:
            raise ReplayError(f"The quiz has no question `{name}`; {nearest(name, list(quiz.by_id))}")
    taken: dict[str, Answered] = {}
    done = flow.walk(quiz, {})
    while done.next is not None and done.next.id in answers:
        taken[done.next.id] = _taken(quiz, done.next.id, answers[done.next.id])
        done = flow.walk(quiz, {name: answer.value for name, answer in taken.items()})
    found = flow.result(quiz, done)
    return Replay(
        path=[question.id for question in done.path],
        score=done.score,
        tags=sorted(done.tags | set(found.tags if found is not None else ())),
        attributes=_attributes(quiz, taken),
        result=found.id if found is not None else None,
        segment=found.segment if found is not None else None,
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


def _taken(quiz: Quiz, name: str, raw: Any) -> Answered:
    answer = given(quiz.by_id[name], raw)
    if isinstance(answer, Answered):
        return answer
    told = json.dumps(raw, ensure_ascii=False)
    raise ReplayError(f"`{name}` cannot be answered with {told[:60]}: {answer.sentence('en')}")


def _attributes(quiz: Quiz, taken: dict[str, Answered]) -> dict[str, str | int | float]:
    kept = ((quiz.by_id[name].attribute, answer.kept) for name, answer in taken.items())
    return {key: value for key, value in kept if key is not None and value is not None}
