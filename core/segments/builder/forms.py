"""Forms: how a line asks about its subject, and which values it wants for that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from core.segments.conditions import (
    Ago,
    Ahead,
    Compare,
    Event,
    InSegment,
    IsKnown,
    OneOf,
    Purchased,
    QuizTaken,
    Reaction,
    Recent,
    Spent,
    WasInSegment,
)
from core.segments.words import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.segments.builder.subjects import Subject
    from core.segments.conditions import Condition
    from core.segments.words import Language


@dataclass(frozen=True, slots=True)
class Form:
    """One way to ask: what its button says (ru, en), the rule it writes, the values it needs in order.

    Needs: values (one or several), number, amount, times, days, day, product.
    """

    key: str
    words: tuple[str, str]
    rule: str  # {s} is the subject, {0} and {1} the values
    needs: tuple[str, ...] = ()

    def said(self, language: Language) -> str:
        """Return what its button says."""
        return self.words[language == "en"]

    def text(self, subject: Subject, values: Sequence[str]) -> str:
        """Return the line as a rule says it; days of nought are today."""
        if self.needs == ("days",) and list(values) == ["0"]:
            return f"{subject.text}{' anniversary' if 'anniversary' in self.rule else ''} is today"
        return self.rule.format(*values, s=subject.text)


FORMS = {
    form.key: form
    for form in (
        Form("is", ("это…", "is…"), "{s} in ({0})", ("values",)),
        Form("isnt", ("известно, и это не…", "is known and is not…"), "{s} not in ({0})", ("values",)),
        Form("ge", ("не меньше…", "at least…"), "{s} >= {0}", ("number",)),
        Form("le", ("не больше…", "at most…"), "{s} <= {0}", ("number",)),
        Form("eq", ("ровно…", "exactly…"), "{s} = {0}", ("number",)),
        Form("yes", ("да", "yes"), "{s} = yes"),
        Form("no", ("нет", "no"), "{s} = no"),
        Form("ago", ("больше … дней назад", "more than … days ago"), "{s} more than {0} days ago", ("days",)),
        Form("recent", ("за последние … дней", "within the last … days"), "{s} within {0} days", ("days",)),
        Form(
            "ahead", ("в ближайшие … дней", "within the next … days"), "{s} within next {0} days", ("days",)
        ),
        Form(
            "round",
            ("годовщина в ближайшие … дней", "its anniversary within … days"),
            "{s} anniversary within next {0} days",
            ("days",),
        ),
        Form("from", ("не раньше дня…", "not before a day…"), "{s} >= {0}", ("day",)),
        Form("until", ("раньше дня…", "before a day…"), "{s} < {0}", ("day",)),
        Form("known", ("известно", "is known"), "{s} is known"),
        Form("unknown", ("неизвестно", "is unknown"), "{s} is unknown"),
        Form("ever", ("было хоть раз", "ever happened"), "{s}"),
        Form(
            "lately", ("было за последние … дней", "within the last … days"), "{s} within {0} days", ("days",)
        ),
        Form("often", ("было не меньше … раз", "at least … times"), "{s} at least {0} times", ("times",)),
        Form(
            "often_lately",
            ("было не меньше … раз за … дней", "at least … times within … days"),
            "{s} at least {0} times within {1} days",
            ("times", "days"),
        ),
        Form("has", ("есть", "has it"), "{s}"),
        Form("gets", ("получает", "gets it"), "{s}"),
        Form("in", ("сейчас в сегменте", "is in it now"), "{s}"),
        Form(
            "long", ("в нём не меньше … дней", "for at least … days"), "{s} for at least {0} days", ("days",)
        ),
        Form("been", ("в нём сейчас или раньше", "is or was in it"), "was {s}"),
        Form(
            "been_lately",
            ("сейчас или за … дней", "is or was within … days"),
            "was {s} within {0} days",
            ("days",),
        ),
        Form("bought", ("за последние … дней", "within the last … days"), "{s} within {0} days", ("days",)),
        *(
            form
            for suffix, on, wants in (("", "", ()), ("_on", " on {2}", ("product",)))
            for form in (
                Form(
                    f"more{suffix}",
                    ("больше…", "more than…"),
                    f"{{s}} more than {{0}}{on} within {{1}} days",
                    ("amount", "days", *wants),
                ),
                Form(
                    f"atleast{suffix}",
                    ("не меньше…", "at least…"),
                    f"{{s}} at least {{0}}{on} within {{1}} days",
                    ("amount", "days", *wants),
                ),
                Form(
                    f"less{suffix}",
                    ("меньше…", "less than…"),
                    f"{{s}} less than {{0}}{on} within {{1}} days",
                    ("amount", "days", *wants),
                ),
            )
        ),
    )
}
_BY_KIND = {
    "choice": ("is", "isnt", "known", "unknown"),
    "text": ("is", "isnt", "known", "unknown"),
    "number": ("ge", "le", "eq", "known", "unknown"),
    "money": ("ge", "le", "eq"),
    "figure": ("is", "ge", "le", "eq", "known", "unknown"),
    "moment": ("ago", "recent", "ahead", "round", "from", "until", "known", "unknown"),
    "date": ("ahead", "ago", "recent", "round", "from", "until", "known", "unknown"),
    "yearly": ("ahead", "from", "until", "known", "unknown"),
    "flag": ("yes", "no"),
    "mark": ("yes", "no", "recent", "ago"),
    "event": ("ever", "lately", "often", "often_lately"),
    "walk": ("ever", "lately"),
    "tag": ("has",),
    "topic": ("gets",),
    "segment": ("in", "long", "been", "been_lately"),
    "bought": ("bought",),
    "spending": ("atleast", "more", "less"),
    "goods": ("atleast_on", "more_on", "less_on"),
}
_ALWAYS_KNOWN = frozenset({"status", "language", "unanswered", "letters", "purchases", "spent", "referrals"})
_PAST = frozenset({"joined", "last_seen", "first_purchase", "last_purchase"})
_NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,6})?")
_DAYS = {"недел": 7, "week": 7, "месяц": 30, "month": 30, "год": 365, "лет": 365, "year": 365}


def forms_for(subject: Subject) -> tuple[Form, ...]:
    """Return the ways to ask about a subject that make sense for it."""
    keys = _BY_KIND[subject.kind]
    if subject.text in _ALWAYS_KNOWN:
        keys = tuple(key for key in keys if key not in ("known", "unknown"))
    if subject.text in _PAST:
        keys = tuple(key for key in keys if key != "ahead")
    if subject.text == "last_seen":
        keys = tuple(key for key in keys if key != "round")
    return tuple(FORMS[key] for key in keys)


def form_of(condition: Condition) -> str:
    """Return the key of the form a line was made with, empty for one that buttons cannot make."""
    match condition:
        case OneOf():
            return "isnt" if condition.excluded else "is"
        case Compare():
            return {"=": "is", "!=": "isnt", ">=": "ge", "<=": "le"}.get(condition.operator, "")
        case IsKnown():
            return "known" if condition.known else "unknown"
        case Ago():
            return "ago"
        case Recent():
            return "recent"
        case Ahead():
            return "round" if condition.anniversary else "ahead"
        case Event():
            return ("often" if condition.times > 1 else "") + ("_lately" if condition.span else "")
        case InSegment():
            now_or_past = (
                ("in", "long") if not isinstance(condition, WasInSegment) else ("been", "been_lately")
            )
            return now_or_past[condition.span is not None]
        case Purchased() | Spent() | Reaction() | QuizTaken():
            return "window"
    return ""


def value_of(need: str, typed: str) -> str | None:
    """Return a typed value as a rule says it, None if it does not fit.

    >>> value_of("days", "2 недели"), value_of("number", "1 000,5"), value_of("day", "31.01.2026")
    ('14', '1000.5', '2026-01-31')
    >>> value_of("days", "скоро"), value_of("times", "0"), value_of("product", ' Курс "А" ')
    (None, None, '"Курс \\\\"А\\\\""')
    """
    plain = " ".join(typed.split())
    if need == "day":
        return _day(plain)
    if need in ("values", "product"):
        return write(plain[:256]) if plain else None
    if need == "days":
        return _days(plain)
    number = plain.replace(" ", "").replace("\u00a0", "").replace(",", ".")
    if not _NUMBER.fullmatch(number):
        return None
    found = Decimal(number)
    if need == "times" and (found < 2 or found != found.to_integral_value()):
        return None
    return None if need == "amount" and found <= 0 else format(found.normalize(), "f")


def _days(typed: str) -> str | None:
    found = re.match(r"(\d{1,5})\s*(\w*)", typed)
    if found is None:
        return None
    unit = next((days for word, days in _DAYS.items() if found[2].casefold().startswith(word)), 1)
    days = int(found[1]) * unit
    return str(days) if 0 <= days <= 36500 else None


def _day(typed: str) -> str | None:
    for shape in ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"):
        try:
            return date.isoformat(datetime.strptime(typed, shape).date())  # noqa: DTZ007 - a day has no zone
        except (ValueError, InvalidOperation):
            continue
    return None
