"""Whether a value fits a field: a wrong one is refused with the words that would fit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from core.people.text import fold
from core.segments.derived import OLDEST_AGE, AgeField
from core.segments.errors import suggestion
from core.segments.fields import CLOSED, AnyField, Kind
from core.segments.words import Value, joined

if TYPE_CHECKING:
    from core.segments.conditions.condition import Reading

_WORDS = (Kind.CHOICE, Kind.FLAG, Kind.MARK)
_LARGEST = Decimal(10) ** 12  # far below 2^63 minor units, and exact as a float


def typed(reading: Reading, part: int, field: AnyField, operator: str) -> Value:
    """Return the value at `part` as the field wants it; raises RuleError where it cannot be compared so."""
    value: Value = reading.parts[part].value
    if isinstance(value, str):
        value = _word_of(field, value)
    problem = _misfit(field, value, operator)
    if reading.known is not None and not problem and field.text() in CLOSED:  # a stored rule stays readable
        problem = _word_misfit(field, value, operator)
    if problem:
        raise reading.refuse(part, problem)
    return value.casefold() if isinstance(value, str) and field.kind in _WORDS else value


def _word_of(field: AnyField, value: str) -> str:
    """Return the word of a closed list that people read as this title, else the value itself."""
    if field.kind not in _WORDS and field.text() not in CLOSED:
        return value
    said = fold(value)
    return next((word for word, ru, en in field.choices if said in (fold(ru), fold(en))), value)


def _misfit(field: AnyField, value: Value, operator: str) -> str | None:
    kind = field.kind
    if kind in _WORDS:
        return _word_misfit(field, value, operator)
    if kind is Kind.TEXT:
        if operator not in ("=", "!="):
            return f"`{field.text()}` is a text; compare it with =, != or in"
        return None if isinstance(value, str) else "put this text in quotes"
    if kind is Kind.MOMENT:
        ok = isinstance(value, date)
        return None if ok else f"`{field.text()}` is a date; write e.g. 2026-01-31, or `within 14 days`"
    if isinstance(value, Decimal):
        return _age_misfit(value) if isinstance(field, AgeField) else _number_misfit(kind, value)
    if kind is Kind.ANY:
        return _row_misfit(field, value, operator)
    return f"`{field.text()}` is {kind.value}; write digits"


def _word_misfit(field: AnyField, value: Value, operator: str) -> str | None:
    words = [word for word, _, _ in field.choices]
    if operator not in ("=", "!="):
        return f"`{field.text()}` is one of {joined(words, 'en')}; compare it with =, != or in"
    if isinstance(value, str) and value.casefold() in words:
        return None
    said = value if isinstance(value, str) else str(value)
    hint = suggestion(said, words) or f"; it is one of {joined(words, 'en')}"
    return f"`{field.text()}` is never `{said[:64]}`{hint}"


def _number_misfit(kind: Kind, value: Decimal) -> str | None:
    if abs(value) > _LARGEST:
        return "this number is too large"
    places = -int(value.normalize().as_tuple().exponent)
    if kind is Kind.MONEY and places > 2:
        return "an amount has at most two digits after the point"
    return "at most six digits after the point" if places > 6 else None


def _age_misfit(value: Decimal) -> str | None:
    if value != value.to_integral_value() or not 0 <= value <= OLDEST_AGE:
        return f"an age is a whole number of years from 0 to {OLDEST_AGE}"
    return None


def _row_misfit(field: AnyField, value: Value, operator: str) -> str | None:
    if isinstance(value, str) and operator not in ("=", "!="):
        return f"`{operator}` needs a number or a date"
    if isinstance(value, date) and "answers" in field.reads:
        return "an answer is a text or a number; put a text in quotes"
    return None


def amount_misfit(amount: Decimal) -> str | None:
    """Say why this cannot be a sum of money that somebody spent, or None."""
    if amount <= 0:
        return "the amount should be above zero"
    return _number_misfit(Kind.MONEY, amount)
