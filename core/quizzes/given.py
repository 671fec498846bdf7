"""Answers as a file of answers gives them, checked as if a person had typed or pressed them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.people.personal import normal_phone
from core.quizzes.answers import Answered, Misfit, chosen, late, own_words, refused, said, typed
from core.quizzes.questions import (
    LATITUDE,
    LONGITUDE,
    Agreement,
    Choice,
    Contact,
    Day,
    Join,
    Location,
    Number,
    Optioned,
    Scale,
    Several,
    Stars,
    Statement,
    Written,
    YesNo,
)
from core.quizzes.values import OTHER, SHARED, folded, is_late, is_refused

if TYPE_CHECKING:
    from datetime import date

    from core.quizzes.questions import AnyQuestion

YES = frozenset({"yes", "true", "1", "да"})
NO = frozenset({"no", "false", "0", "нет"})


def given(question: AnyQuestion, raw: Any, today: date | None = None) -> Answered | Misfit:
    """Read an answer of a replay file; null skips an optional question."""
    if raw is None:
        return Answered(None) if question.optional else Misfit("empty")
    if is_refused(raw):
        return refused() if question.refusable else Misfit("misfit")
    if is_late(raw):
        return late()
    if raw == SHARED and question.is_personal:
        return Answered(SHARED)
    if isinstance(question, Optioned):
        return _chosen(question, raw)
    if isinstance(question, YesNo | Agreement):
        return _said(raw)
    if isinstance(question, Contact | Location):
        return _shared(question, raw)
    if isinstance(question, Statement | Join):
        return Answered(True) if raw is True else Misfit("misfit")
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return Misfit("misfit")
    return _typed(question, raw, today)


def _typed(
    question: Scale | Stars | Number | Written | Day, raw: str | float, today: date | None
) -> Answered | Misfit:
    text = folded(raw) if isinstance(raw, int | float) else raw
    if not isinstance(question, Scale | Stars):
        return typed(question, text, today)
    least = question.min if isinstance(question, Scale) else 1
    is_there = text.isdecimal() and least <= int(text) <= question.max
    return Answered(int(text), int(text)) if is_there else Misfit("misfit")


def _chosen(question: Optioned, raw: Any) -> Answered | Misfit:
    if not isinstance(question, Several):
        return _option(question, raw)
    if not isinstance(raw, list):
        return Misfit("misfit")
    found = [_option(question, one) for one in raw]
    wrong = next((one for one in found if isinstance(one, Misfit)), None)
    return wrong or chosen(question, [one.value for one in found if isinstance(one, Answered)])


def _option(question: Optioned, raw: Any) -> Answered | Misfit:
    if isinstance(raw, dict) and set(raw) == {OTHER} and isinstance(raw[OTHER], str):
        return own_words(raw[OTHER]) if question.other is not None else Misfit("misfit")
    is_known = isinstance(raw, str) and any(option.id == raw for option in question.options)
    return Answered(raw, raw if isinstance(question, Choice) else None) if is_known else Misfit("misfit")


def _said(raw: Any) -> Answered | Misfit:
    word = folded(raw) if isinstance(raw, str | int | bool) else ""
    return said(word in YES) if word in YES | NO else Misfit("misfit")


def _shared(question: Contact | Location, raw: Any) -> Answered | Misfit:
    if isinstance(question, Contact):
        is_phone = isinstance(raw, str | int) and not isinstance(raw, bool) and normal_phone(str(raw))
        return Answered(SHARED) if is_phone else Misfit("not_phone")
    is_place = isinstance(raw, dict) and set(raw) == {LATITUDE, LONGITUDE}
    numbers = list(raw.values()) if is_place else [None]
    is_place = all(isinstance(one, int | float) and not isinstance(one, bool) for one in numbers)
    return Answered(SHARED) if is_place else Misfit("misfit")
