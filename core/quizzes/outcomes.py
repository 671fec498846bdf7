"""The answers of a question that conditions can tell apart: what a check of all walks has to try."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, pairwise
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from core.quizzes.conditions import AnswerIs, leaves
from core.quizzes.questions import (
    Agreement,
    Day,
    Number,
    Optioned,
    Scale,
    Scored,
    Several,
    Stars,
    Written,
    YesNo,
)
from core.quizzes.values import LATE, REFUSED, SHARED, other

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.quizzes.conditions import AnyCondition
    from core.quizzes.definition import Quiz
    from core.quizzes.questions import AnyQuestion

SUBSETS_LIMIT = 4096  # of the options of one question with several
NUMBERS_LIMIT = 60
OWN, NO, TOO_LATE = "\0own", "\0refused", "\0late"  # stand for values that no set can hold


def conditions(quiz: Quiz) -> Iterator[AnyCondition]:
    """Yield every condition of a quiz."""
    for question in quiz.questions:
        yield from (one for one in (question.when, question.finish_when) if one is not None)
    yield from (result.when for result in quiz.results if result.when is not None)
    yield from (alert.when for alert in quiz.alerts)


def opened(value: Any) -> Any:
    """Return an outcome as it is stored: tuples are lists, signs are the small objects they stand for."""
    if isinstance(value, tuple):
        return [opened(one) for one in value]
    if isinstance(value, str) and value in (OWN, NO, TOO_LATE):
        return {OWN: other("\0"), NO: dict(REFUSED), TOO_LATE: dict(LATE)}[value]
    return value


def outcomes(quiz: Quiz, question: AnyQuestion, *, some: bool = False) -> list[Any] | None:
    """Return answers of every kind conditions can tell apart (or just some one); None: they are too many."""
    given = _some(question) if some else _given(quiz, question)
    if given is None:
        return None
    not_given: list[Any] = [NO] if question.refusable else []
    if question.optional:
        not_given.append(None)
    elif question.time_limit_seconds is not None or quiz.time_limit_seconds is not None:
        not_given.append(TOO_LATE)
    return [*given, *not_given]


def _some(question: AnyQuestion) -> list[Any]:
    if isinstance(question, Several):
        return [tuple(option.id for option in question.options[: question.min])]
    if isinstance(question, Optioned):
        return [question.options[0].id]
    return ["\0"] if isinstance(question, Written | Day) and not question.is_personal else [True]


def _given(quiz: Quiz, question: AnyQuestion) -> list[Any] | None:
    if isinstance(question, YesNo | Agreement):
        return [True, False]
    if isinstance(question, Optioned):
        ids = [option.id for option in question.options] + ([OWN] if question.other is not None else [])
        return _subsets(question, ids) if isinstance(question, Several) else ids
    if isinstance(question, Scale):
        return list(range(question.min, question.max + 1))
    if isinstance(question, Stars):
        return list(range(1, question.max + 1))
    if question.is_personal:
        return [SHARED]
    if isinstance(question, Number | Written | Day):
        return _typed(quiz, question)
    return [True]


def _subsets(question: Several, ids: list[str]) -> list[Any] | None:
    sizes = range(question.min, question.most + 1)
    if len(ids) > 12:
        return None
    found = [subset for size in sizes for subset in combinations(ids, size)]
    return found if len(found) <= SUBSETS_LIMIT else None


def _typed(quiz: Quiz, question: Number | Written | Day) -> list[Any] | None:
    asked = [leaf for rule in conditions(quiz) for _, leaf in leaves(rule) if isinstance(leaf, AnswerIs)]
    about = [leaf for leaf in asked if leaf.question == question.id]
    words = {word for leaf in about for word in leaf.wanted}
    bounds = {bound for leaf in about for bound in (leaf.at_least, leaf.at_most) if bound is not None}
    if isinstance(question, Written):
        return ["\0", *sorted(words | set(question.right))]
    if isinstance(question, Day):
        return _days({str(bound) for bound in bounds} | words | set(question.right))
    if isinstance(question, Scored) and (question.scored or question.scores_as):
        low, high = int(question.min or 0), int(question.max or 0)
        return list(range(low, high + 1)) if high - low < NUMBERS_LIMIT else None
    numbers = {float(bound) for bound in bounds if not isinstance(bound, str)} | set(question.right)
    numbers |= {float(word) for word in words if _is_number(word)}
    numbers |= {bound for bound in (question.min, question.max) if bound is not None} or {0.0}
    return [one for one in _between(sorted(numbers), question.integer) if _fits(question, one)]


def _days(words: set[str]) -> list[Any]:
    """Return the days asked about, the days around them, and one no condition asks about."""
    found = {"2000-01-01"}
    for word in words:
        try:
            day = date.fromisoformat(word)
            found |= {(day + timedelta(days=step)).isoformat() for step in (-1, 0, 1)}
        except (ValueError, OverflowError):
            continue
    return sorted(found)


def _between(bounds: list[float], integer: bool) -> list[float]:
    """Return the bounds, a number between each two of them, and one on either side."""
    if integer:
        whole = {around(bound) + step for bound in bounds for around in (floor, ceil) for step in (-1, 0, 1)}
        return [float(one) for one in sorted(whole)]
    middles = [(low + high) / 2 for low, high in pairwise(bounds)]
    return sorted([bounds[0] - 1, *bounds, *middles, bounds[-1] + 1])


def _fits(question: Number, value: float) -> bool:
    low, high = question.min, question.max
    return (low is None or value >= low) and (high is None or value <= high)


def _is_number(word: str) -> bool:
    return word.replace(".", "", 1).removeprefix("-").isdigit()
