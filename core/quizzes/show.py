"""A quiz as a text tree: questions, branches, results; with a database, how many chose what, left where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.quizzes.conditions import AllOf, AnswerIs, AnyOf, HasTag, LanguageIs, Not, RightIs, TopScoreIs
from core.quizzes.questions import Join, Number, Scale, Stars, Written
from core.quizzes.told import added, answer_words, number_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.quizzes.conditions import AnyCondition
    from core.quizzes.counts import Counts
    from core.quizzes.definition import Quiz, Result
    from core.quizzes.questions import AnyQuestion

TOP = 5  # typed answers shown with their counts


def tree(quiz: Quiz, counts: Counts | None = None) -> str:
    """Return the quiz as lines of text."""
    language = quiz.languages[0]
    head = f"{quiz.id}: {quiz.title.of(language)} ({', '.join(quiz.languages)})"
    if counts is not None:
        head += f" · begun {counts.started}, finished {counts.finished}"
    lines = [head]
    for number, question in enumerate(quiz.questions, 1):
        lines.append(f"{number}. {_question(question, language)}{_dropped(question.id, counts)}")
        lines += [f"   ├ {line}" for line in _below(question, language, counts)]
    lines.append("results, the first that fits:")
    lines += [f"→ {_result(result, counts)}" for result in quiz.results]
    lines += [f"! told to the owners if {sentence(alert.when)}" for alert in quiz.alerts]
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
    extra += ["may be refused"] if question.refusable else []
    extra += [f"saves {question.attribute}"] if question.attribute else []
    extra += [f"group {question.group}"] if question.group else []
    extra += [f"{question.time_limit_seconds} s"] if question.time_limit_seconds else []
    extra += [added(question)] if added(question) else []
    extra += [f"only if {sentence(question.when)}"] if question.when is not None else []
    extra += [f"ends if {sentence(question.finish_when)}"] if question.finish_when is not None else []
    return words + (f" ({'; '.join(extra)})" if extra else "")


def _below(question: AnyQuestion, language: str, counts: Counts | None) -> Iterator[str]:
    chosen = counts.chosen.get(question.id, {}) if counts is not None else {}
    answers = answer_words(question, language)
    if not answers and _typed(question):
        yield _typed(question)
    if not answers and isinstance(question, Scale | Stars) and counts is not None:
        answers = number_words(question)
    for key, label, extra in answers:
        words = f"{key}: {label}" if label != key else key
        yield f"{words}{f' {extra}' if extra else ''}{_people(chosen.get(key, 0), counts)}"
    if not answers:
        for word, number in sorted(chosen.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]:
            yield word + _people(number, counts)


def _typed(question: AnyQuestion) -> str:
    if isinstance(question, Number):
        return f"a {'whole ' if question.integer else ''}number{_span(question)}"
    if isinstance(question, Written):
        return f"a text of up to {question.max_length} characters" + _check(question)
    if isinstance(question, Scale):
        return f"a number {_bounds(question.min, question.max)}"
    if isinstance(question, Stars):
        return f"1 to {question.max} stars"
    return f"joins {question.channel}" if isinstance(question, Join) else ""


def _span(question: Number) -> str:
    return "" if (question.min, question.max) == (None, None) else f" {_bounds(question.min, question.max)}"


def _check(question: Written) -> str:
    if question.regex is not None:
        return f" like {question.regex}"
    return f", {question.check}" if question.check else ""


def _people(number: int, counts: Counts | None) -> str:
    return "" if counts is None else f" · {number}"


def _dropped(question: str, counts: Counts | None) -> str:
    if counts is None:
        return ""
    number = counts.dropped.get(question, 0)
    return f" · asked {counts.asked.get(question, 0)}" + (f" · {number} left here" if number else "")


def _result(result: Result, counts: Counts | None) -> str:
    parts = [result.id, f"if {sentence(result.when)}" if result.when is not None else "otherwise"]
    if result.file is not None:
        parts.append("file " + ", ".join(sorted(set(result.file.wordings.values()))))
    if result.segment is not None:
        parts.append(f"segment {result.segment}")
    if result.lessons:
        parts.append(f"{len(result.lessons)} lessons")
    if result.next is not None:
        parts.append(f"then quiz {result.next}")
    chosen = counts.chosen.get("result", {}) if counts is not None else {}
    return (
        "; ".join(parts)
        + "".join(f" #{tag}" for tag in result.tags)
        + _people(chosen.get(result.id, 0), counts)
    )
