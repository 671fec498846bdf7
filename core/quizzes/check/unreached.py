"""What nobody can ever see: questions, results and alerts no walk leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.quizzes.problems import Fault
from core.quizzes.reach import explore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.quizzes.definition import Quiz
    from core.quizzes.reach import Explored


def unreached(quiz: Quiz) -> Iterator[Fault]:
    """Yield what no answers lead to."""
    found = explore(quiz)
    seen = quiz.questions if found.is_complete else quiz.questions[: found.place]
    for place, question in enumerate(seen):
        if question.id not in found.questions:
            what = f"nobody can reach the question `{question.id}`"
            if question.when is None:
                remedy = "the quiz always ends before it; change `finish_when` above"
                yield Fault(("questions", place), what, remedy)
                continue
            yield Fault(("questions", place, "when"), what, "its condition never holds; change it")
    if found.is_complete:
        yield from _outcomes(quiz, found)


def _outcomes(quiz: Quiz, found: Explored) -> Iterator[Fault]:
    for place, result in enumerate(quiz.results):
        if result.id not in found.results and result.when is not None:
            what = f"nobody can reach the result `{result.id}`"
            remedy = "change its condition, or move it above the one that takes all its people"
            yield Fault(("results", place, "when"), what, remedy)
    for place in range(len(quiz.alerts)):
        if place not in found.alerts:
            what = "this alert can never come"
            yield Fault(("alerts", place, "when"), what, "its condition never holds; change it")


def unchecked(quiz: Quiz) -> Iterator[Fault]:
    """Yield a word about a quiz that has too many ways to try them all."""
    found = explore(quiz)
    if not found.is_complete:
        question = quiz.questions[found.place]
        what = (
            f"from `{question.id}` on it could not be checked what nobody can reach: there are too many ways"
        )
        yield Fault(("questions", found.place), what, "walk it with `kvizor quiz replay` to be sure")
