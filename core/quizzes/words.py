"""Answers in words: what pipes show, what a preview lists, what is said to a right or a wrong one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from core.quizzes import flow
from core.quizzes.dates import spoken
from core.quizzes.phrases import numeral, phrase
from core.quizzes.questions import Agreement, Day, Optioned, YesNo
from core.quizzes.texts import filled
from core.quizzes.values import is_given, is_late, is_refused, listed, other_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.quizzes.definition import Quiz
    from core.quizzes.flow import Walk
    from core.quizzes.questions import AnyQuestion, Marked


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language of his run, the name he is called by, his link for inviting others."""

    language: str
    first_name: str
    share_link: str = ""


def worded(question: AnyQuestion, value: Any, language: str) -> str:
    """Return an answer as a person would say it; nothing where none was given."""
    if not is_given(value):
        return ""
    if question.is_personal:
        return phrase("shared", language)
    if isinstance(question, YesNo | Agreement):
        return side(question, bool(value), language)
    if isinstance(question, Optioned):
        chosen = [option.text.of(language) for option in question.options if option.id in listed(value)]
        return ", ".join([*chosen, *filter(None, [other_text(value)])])
    if isinstance(question, Day):
        return spoken(date.fromisoformat(value), language)
    return phrase("yes", language) if value is True else _plain(value, language)


def told(question: AnyQuestion, value: Any, language: str) -> str:
    """Return an answer for the list of all answers: also why there is none."""
    if is_refused(value):
        return phrase("refused", language)
    if not is_given(value):
        return phrase("late" if is_late(value) else "skipped", language)
    return worded(question, value, language)


def side(question: YesNo | Agreement, is_yes: bool, language: str) -> str:
    """Return the label of yes or no."""
    if isinstance(question, Agreement):
        own = question.yes if is_yes else question.no
        return own.of(language) if own is not None else phrase("agree" if is_yes else "disagree", language)
    text = (question.yes if is_yes else question.no).text
    return text.of(language) if text is not None else phrase("yes" if is_yes else "no", language)


def _plain(value: Any, language: str) -> str:
    return numeral(value, language) if isinstance(value, int | float) else str(value)


def piped(quiz: Quiz, done: Walk, reader: Reader) -> dict[str, str]:
    """Return the values of every pipe: the name, the answers in words, points, the person's link."""
    values = {
        name: worded(quiz.by_id[name], value, reader.language)
        for name, value in done.answers.items()
        if not quiz.by_id[name].is_personal
    }
    points = {f"scores.{name}": str(score) for name, score in done.scores.items()}
    counts = {"score": str(done.score), "right": str(done.right), "asked": str(done.asked)}
    return {**values, **points, **counts, "first_name": reader.first_name, "share_link": reader.share_link}


def feedback(question: AnyQuestion, value: Any, names: Mapping[str, str], language: str) -> str:
    """Return what is said to an answer: to the chosen options, then to right or wrong; else ""."""
    if is_late(value):
        return phrase("time_up", language)
    if not is_given(value):
        return ""
    said = [mark.feedback for mark in flow.chosen(question, value)]
    if question.feedback is not None and question.has_right:
        is_right = flow.is_right(question, value)
        said.append(question.feedback.right if is_right else question.feedback.wrong)
    return "\n\n".join(filled(text.of(language), names) for text in said if text is not None)


def is_told(question: AnyQuestion) -> bool:
    """Whether the person learns if his answer was right: after that it cannot be changed."""
    marks: tuple[Marked, ...] = question.options if isinstance(question, Optioned) else ()
    if isinstance(question, YesNo):
        marks = (question.yes, question.no)
    return question.has_right and (question.feedback is not None or any(mark.feedback for mark in marks))
