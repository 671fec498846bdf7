"""A quiz as a text tree: questions, branches, results; with a database, how many chose what, left where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core.quizzes.conditions import AllOf, AnswerIs, AnyOf, HasTag, LanguageIs, Not, RightIs, TopScoreIs
from core.quizzes.models import Answer, QuizRun
from core.quizzes.phrases import phrase
from core.quizzes.questions import Choice, Number, Several, Written, YesNo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from core.quizzes.conditions import AnyCondition
    from core.quizzes.definition import Quiz, Result
    from core.quizzes.questions import Added, AnyQuestion

TOP = 5  # typed answers shown with their counts


@dataclass(frozen=True, slots=True)
class Counts:
    """What people did: runs begun and finished, latest answers by question, runs left by question."""

    started: int = 0
    finished: int = 0
    chosen: dict[str, dict[str, int]] = field(default_factory=dict)
    stopped: dict[str, int] = field(default_factory=dict)


def count(session: Session, quiz_id: str) -> Counts:
    """Count the runs of a quiz and the people behind each latest answer."""
    runs = (
        select(QuizRun.shown, QuizRun.finished_at.is_(None), func.count())
        .where(QuizRun.quiz == quiz_id)
        .group_by(QuizRun.shown, QuizRun.finished_at.is_(None))
    )
    started, finished, stopped = 0, 0, dict[str, int]()
    for shown, is_open, number in session.execute(runs):
        started += number
        finished += 0 if is_open else number
        if is_open and shown is not None:
            stopped[shown] = number
    answers = (
        select(Answer.question, Answer.folded, func.count())
        .where(Answer.quiz == quiz_id)
        .group_by(Answer.question, Answer.folded)
    )
    chosen: dict[str, dict[str, int]] = {}
    for question, folded, number in session.execute(answers):
        chosen.setdefault(question, {})[folded] = number
    return Counts(started, finished, chosen, stopped)


def tree(quiz: Quiz, counts: Counts | None = None) -> str:
    """Return the quiz as lines of text."""
    language = quiz.languages[0]
    head = f"{quiz.id}: {quiz.title.of(language)} ({', '.join(quiz.languages)})"
    if counts is not None:
        head += f" · begun {counts.started}, finished {counts.finished}"
    lines = [head]
    for number, question in enumerate(quiz.questions, 1):
        lines.append(f"{number}. {_question(question, language)}{_stopped(question.id, counts)}")
        lines += [f"   ├ {line}" for line in _below(question, language, counts)]
    lines.append("results, the first that fits:")
    lines += [f"→ {_result(result, counts)}" for result in quiz.results]
    return "\n".join(lines)


def sentence(condition: AnyCondition) -> str:
    """Return a condition in words."""
    if isinstance(condition, AllOf):
        return " and ".join(_inner(part) for part in condition.all)
    if isinstance(condition, AnyOf):
        return " or ".join(_inner(part) for part in condition.any)
    if isinstance(condition, Not):
        return f"not {_inner(condition.not_)}"
    if isinstance(condition, HasTag):
        return f"tag {condition.tag}"
    if isinstance(condition, TopScoreIs | LanguageIs | RightIs):
        return _rarer(condition)
    if not isinstance(condition, AnswerIs):
        of = f" of {condition.score.of}" if condition.score.of is not None else ""
        return f"score{of} {_bounds(condition.score.at_least, condition.score.at_most)}"
    if condition.answered is not None:
        return f"{condition.question} is {'answered' if condition.answered else 'not answered'}"
    if condition.is_range:
        return f"{condition.question} {_bounds(condition.at_least, condition.at_most)}"
    return f"{condition.question} is {' or '.join(condition.wanted)}"


def _rarer(condition: TopScoreIs | LanguageIs | RightIs) -> str:
    if isinstance(condition, TopScoreIs):
        return f"most points in {condition.top_score}"
    if isinstance(condition, LanguageIs):
        return f"read in {condition.language}"
    return f"right answers {_bounds(condition.right.at_least, condition.right.at_most)}"


def _inner(condition: AnyCondition) -> str:
    words = sentence(condition)
    return f"({words})" if isinstance(condition, AllOf | AnyOf) else words


def _bounds(least: float | str | None, most: float | str | None) -> str:
    low, high = (f"{bound:g}" if isinstance(bound, int | float) else bound for bound in (least, most))
    if low is None:
        return f"≤ {high}"
    return f"≥ {low}" if high is None else f"from {low} to {high}"


def _question(question: AnyQuestion, language: str) -> str:
    words = f"{question.id} [{question.kind}] {' '.join(question.text.of(language).split())}"
    extra = ["may be skipped"] if question.optional else []
    if question.attribute:
        extra.append(f"saves {question.attribute}")
    if question.when is not None:
        extra.append(f"only if {sentence(question.when)}")
    return words + (f" ({'; '.join(extra)})" if extra else "")


def _below(question: AnyQuestion, language: str, counts: Counts | None) -> Iterator[str]:
    chosen = counts.chosen.get(question.id, {}) if counts is not None else {}
    if isinstance(question, Choice | Several):
        for option in question.options:
            tail = _marks(option) + _people(chosen.get(option.id, 0), counts)
            yield f"{option.id}: {option.text.of(language)}{tail}"
    elif isinstance(question, YesNo):
        for name, side in (("yes", question.yes), ("no", question.no)):
            label = side.text.of(language) if side.text is not None else phrase(name, language)
            yield f"{name}: {label}{_marks(side)}{_people(chosen.get(name, 0), counts)}"
    else:
        if isinstance(question, Number):
            yield f"a {'whole ' if question.integer else ''}number{_span(question)}"
        elif isinstance(question, Written):
            yield f"a text of up to {question.max_length} characters" + _check(question)
        for word, number in sorted(chosen.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]:
            yield word + _people(number, counts)


def _span(question: Number) -> str:
    return "" if (question.min, question.max) == (None, None) else f" {_bounds(question.min, question.max)}"


def _check(question: Written) -> str:
    if question.regex is not None:
        return f" like {question.regex}"
    return f", {question.check}" if question.check else ""


def _marks(mark: Added) -> str:
    score = f" {mark.score:+d}" if mark.score else ""
    return score + "".join(f" #{tag}" for tag in mark.tags)


def _people(number: int, counts: Counts | None) -> str:
    return "" if counts is None else f" · {number}"


def _stopped(question: str, counts: Counts | None) -> str:
    number = counts.stopped.get(question, 0) if counts is not None else 0
    return f" · {number} stopped here" if number else ""


def _result(result: Result, counts: Counts | None) -> str:
    parts = [result.id, f"if {sentence(result.when)}" if result.when is not None else "otherwise"]
    if result.file is not None:
        parts.append("file " + ", ".join(sorted(set(result.file.wordings.values()))))
    if result.segment is not None:
        parts.append(f"segment {result.segment}")
    chosen = counts.chosen.get("result", {}) if counts is not None else {}
    return (
        "; ".join(parts)
        + "".join(f" #{tag}" for tag in result.tags)
        + _people(chosen.get(result.id, 0), counts)
    )
