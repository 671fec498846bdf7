"""From what a person typed or pressed to the answer that is stored, or to what is wrong with it. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from core.people.personal import normal_email, normal_phone
from core.people.text import clean
from core.quizzes.dates import Limit, read_date, spoken
from core.quizzes.patterns import fits
from core.quizzes.phrases import numeral, phrase
from core.quizzes.questions import Day, Number, Written
from core.quizzes.values import LATE, OTHER, REFUSED, SHARED, other

if TYPE_CHECKING:
    from core.quizzes.questions import Several

Accepted = str | int | float | bool | list[Any] | dict[str, Any] | None
OTHER_LIMIT = 200  # characters of an answer in one's own words
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,6})?")
_CITY = re.compile(r"[^\W\d_][^\W\d_ .'’()-]*(?:[ .'’()-]{1,2}[^\W\d_]+)*[.)]?")
_TOWN = re.compile(r"(?:г|гор|город)(?:\.\s*|\s+)(?=\w)", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that show nothing
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})


@dataclass(frozen=True, slots=True)
class Answered:
    """A fitting answer: `value` is stored with the run, `kept` goes into the person's attribute.

    They differ for a phone or an e-mail, which stands on the person's card and nowhere else.
    """

    value: Accepted
    kept: str | int | float | date | None = None


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
        return phrase(self.name, language, **{name: _spoken(one, language) for name, one in self.values})


def typed(question: Number | Written | Day, text: str, today: date | None = None) -> Answered | Misfit:
    """Read what a person typed; without `today` bounds that hang on it are not checked."""
    if isinstance(question, Number):
        return number(question, text)
    return _date(question, text, today) if isinstance(question, Day) else _written(question, text)


def own_words(text: str) -> Answered | Misfit:
    """Read an answer in the person's own words."""
    cleaned = seen(text)
    if not cleaned:
        return Misfit("empty")
    if len(cleaned) > OTHER_LIMIT:
        return Misfit("too_long", (("length", len(cleaned)), ("n", OTHER_LIMIT)))
    return Answered(other(cleaned), cleaned)


def chosen(question: Several, draft: list[Any]) -> Answered | Misfit:
    """Check a finished choice of several; the order is the file's, own words stand last."""
    ordered: list[Any] = [option.id for option in question.options if option.id in draft]
    own = [one for one in draft if isinstance(one, dict)]
    number = len(ordered) + len(own)
    if number < min(question.min, question.most):
        return Misfit("at_least", (("n", question.min),))
    if number > question.most:
        return Misfit("at_most", (("n", question.most),))
    return Answered(ordered + own, ", ".join([*ordered, *(one[OTHER] for one in own)]))


def said(is_yes: bool) -> Answered:
    """Return a yes or a no."""
    return Answered(is_yes, "yes" if is_yes else "no")


def refused() -> Answered:
    """Return «I would rather not say»."""
    return Answered(dict(REFUSED))


def late() -> Answered:
    """Return what is stored when the time was up."""
    return Answered(dict(LATE))


def number(question: Number, text: str) -> Answered | Misfit:
    """Read a number as people write it: spaces between thousands, a comma or a point."""
    digits = _SPACES.sub("", text)
    if not _NUMBER.fullmatch(digits):
        return Misfit("not_a_number")
    value = float(digits.replace(",", "."))
    if question.integer and not value.is_integer():
        return Misfit("not_whole")
    if question.min is not None and value < question.min:
        return Misfit("too_small", (("n", question.min),))
    if question.max is not None and value > question.max:
        return Misfit("too_big", (("n", question.max),))
    whole = int(value) if value.is_integer() else value
    return Answered(whole, whole)


def seen(text: str) -> str:
    """Return a text cleaned; empty where nothing in it can be seen.

    >>> seen(" \\u200bпривет\\u202e "), seen("\\u200d\\u2060\\u3164")
    ('привет', '')
    """
    cleaned = clean(text, len(text))
    is_seen = any(unicodedata.category(sign) not in _UNSEEN and sign not in _BLANK for sign in cleaned)
    return cleaned if is_seen else ""


def _date(question: Day, text: str, today: date | None) -> Answered | Misfit:
    day = read_date(clean(text, 100))
    if isinstance(day, str):
        return Misfit(day)
    low, high = (_bound(limit, today) for limit in (question.min, question.max))
    if low is not None and day < low:
        return Misfit("too_early", (("n", low),))
    if high is not None and day > high:
        return Misfit("too_late", (("n", high),))
    return Answered(day.isoformat(), day)


def _bound(limit: Limit | None, today: date | None) -> date | None:
    if limit is None or (limit.base is None and today is None):
        return None
    return limit.day(today or date.min)


def _written(question: Written, text: str) -> Answered | Misfit:
    cleaned = seen(text)
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


def _spoken(value: object, language: str) -> object:
    if isinstance(value, date):
        return spoken(value, language)
    return numeral(value, language) if isinstance(value, int | float) else value


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
