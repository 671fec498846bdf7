"""From what a person typed or pressed to the answer that is stored, or to what is wrong with it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.people.personal import normal_email, normal_phone
from core.people.text import clean
from core.quizzes.patterns import fits
from core.quizzes.phrases import phrase
from core.quizzes.questions import Choice, Contact, Number, Several, Written, YesNo
from core.quizzes.values import SHARED, folded

if TYPE_CHECKING:
    from core.quizzes.questions import AnyQuestion

Accepted = str | int | float | bool | list[str] | None
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,6})?")
_CITY = re.compile(r"[^\W\d_][^\W\d_ .'’()-]*(?:[ .'’()-]{1,2}[^\W\d_]+)*[.)]?")
_TOWN = re.compile(r"(?:г|гор|город)(?:\.\s*|\s+)(?=\w)", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
YES = frozenset({"yes", "true", "1", "да"})
NO = frozenset({"no", "false", "0", "нет"})


@dataclass(frozen=True, slots=True)
class Answered:
    """A fitting answer: `value` is stored with the run, `kept` goes into the person's attribute.

    They differ for a phone or an e-mail, which stands on the person's card and nowhere else.
    """

    value: Accepted
    kept: str | int | float | None = None


@dataclass(frozen=True, slots=True)
class Misfit:
    """An answer that does not fit: a phrase's name with its values, or the file's own sentence."""

    name: str
    values: tuple[tuple[str, object], ...] = ()
    question: Written | None = None

    def sentence(self, language: str) -> str:
        """Return what the person reads."""
        if self.question is not None and self.question.wrong is not None:
            return self.question.wrong.of(language)
        return phrase(self.name, language, **dict(self.values))


def typed(question: Number | Written, text: str) -> Answered | Misfit:
    """Read what a person typed."""
    return _number(question, text) if isinstance(question, Number) else _written(question, text)


def chosen(question: Several, ids: list[str]) -> Answered | Misfit:
    """Check a finished choice of several; the order is the file's."""
    ordered = [option.id for option in question.options if option.id in ids]
    if len(ordered) < min(question.min, len(question.options)):
        return Misfit("at_least", (("n", question.min),))
    if len(ordered) > question.most:
        return Misfit("at_most", (("n", question.most),))
    return Answered(ordered, ", ".join(ordered))


def given(question: AnyQuestion, raw: Any) -> Answered | Misfit:
    """Read an answer of a replay file; None skips an optional question."""
    if raw is None:
        return Answered(None) if question.optional else Misfit("empty")
    if isinstance(question, Choice):
        known = isinstance(raw, str) and any(option.id == raw for option in question.options)
        return Answered(raw, raw) if known else Misfit("misfit")
    if isinstance(question, Several):
        ids = {option.id for option in question.options}
        known = isinstance(raw, list) and all(isinstance(one, str) and one in ids for one in raw)
        return chosen(question, raw) if known else Misfit("misfit")
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return (
            said(folded(raw)) if isinstance(question, YesNo) and isinstance(raw, bool) else Misfit("misfit")
        )
    if isinstance(question, YesNo):
        return said(folded(raw))
    if isinstance(question, Contact):
        return Answered(SHARED) if raw == SHARED or normal_phone(str(raw)) else Misfit("not_phone")
    if not isinstance(question, Number | Written):
        return Misfit("misfit")
    return typed(question, folded(raw) if isinstance(raw, int | float) else raw)


def said(word: str) -> Answered | Misfit:
    """Read a yes or a no."""
    if word in YES | NO:
        return Answered(word in YES, "yes" if word in YES else "no")
    return Misfit("misfit")


def _number(question: Number, text: str) -> Answered | Misfit:
    digits = _SPACES.sub("", text)
    if not _NUMBER.fullmatch(digits):
        return Misfit("not_a_number")
    value = float(digits.replace(",", "."))
    if question.integer and not value.is_integer():
        return Misfit("not_whole")
    if question.min is not None and value < question.min:
        return Misfit("too_small", (("n", folded(question.min)),))
    if question.max is not None and value > question.max:
        return Misfit("too_big", (("n", folded(question.max)),))
    whole = int(value) if value.is_integer() else value
    return Answered(whole, whole)


def _written(question: Written, text: str) -> Answered | Misfit:
    cleaned = clean(text, len(text))
    if not cleaned:
        return Misfit("empty")
    if len(cleaned) > question.max_length:
        return Misfit("too_long", (("length", len(cleaned)), ("n", question.max_length)))
    if question.regex is not None and not fits(question.regex, cleaned):
        return Misfit("misfit", question=question)
    if question.check is None:
        return Answered(cleaned, cleaned)
    normal = {"email": normal_email, "phone": normal_phone, "city": normal_city}[question.check](cleaned)
    if normal is None:
        return Misfit(f"not_{question.check}", question=question)
    return Answered(SHARED if question.is_personal else normal, normal)


def normal_city(text: str) -> str | None:
    """Return a city's name with single spaces and a capital, or None where it cannot be one.

    >>> normal_city("  ростов-на-дону ")
    'Ростов-на-дону'
    >>> normal_city("12345")
    """
    name = _TOWN.sub("", _SPACES.sub(" ", text).strip(" .,!\n\t"), count=1)
    if not 2 <= len(name) <= 60 or not _CITY.fullmatch(name):
        return None
    return name[:1].upper() + name[1:]
