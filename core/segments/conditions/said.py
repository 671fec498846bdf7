"""How a comparison is read aloud: one way a shape, in Russian and English, its negation too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from core.people.text import fold
from core.segments.fields import Kind
from core.segments.words import aloud, joined, of_years, write, years

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.segments.fields import AnyField
    from core.segments.words import Language, Value

_NUMBERS = {
    "<": ("меньше", "less than"),
    "<=": ("не больше", "at most"),
    ">": ("больше", "more than"),
    ">=": ("не меньше", "at least"),
}
_DATES = {
    "<": ("раньше", "before"),
    "<=": ("не позже", "not after"),
    ">": ("позже", "after"),
    ">=": ("не раньше", "not before"),
}


def ordered(
    field: AnyField, operator: str, value: Value, language: Language, *, negated: bool = False
) -> str:
    """Return "age: at least 25"; of a negation the operator is the opposite, and the unknown is in it."""
    words = (_DATES if isinstance(value, date) else _NUMBERS)[operator][language == "en"]
    said = aloud(value, language)
    if language == "ru" and field.unit == "years" and isinstance(value, Decimal):
        said = of_years(int(value))
    colon = ":" if language == "en" else ""
    text = f"{field.title(language)}{colon} {words} {said}"
    return or_unknown(text, field, language) if negated else text


def listed(
    field: AnyField, values: Sequence[Value], language: Language, *, excluded: bool, negated: bool = False
) -> str:
    """Return "is a or b", or "is known and is neither a nor b"; of a negation the unknown is in it."""
    title = field.title(language)
    if excluded is negated:
        text = _is(field, [value_of(field, value, language) for value in values], language)
        return or_unknown(text, field, language) if negated else text
    said = [value_of(field, value, language, quoted=True) for value in values]
    if negated or not field.nullable:
        return or_unknown(_neither(field, said, language), field, language)
    if language == "ru":
        return f"{title}: известно, что не {' и не '.join(said)}"
    return f"{title} is known and is {'not' if len(said) == 1 else 'neither'} {' nor '.join(said)}"


def _is(field: AnyField, said: list[str], language: Language) -> str:
    title, value = field.title(language), joined(said, language)
    exactly = len(said) == 1 and field.kind in (Kind.NUMBER, Kind.MONEY)
    if language == "ru":
        return f"{title} {'ровно' if exactly else '—'} {value}"
    on = "exactly " if exactly else "on " if field.kind is Kind.MOMENT else ""
    return f"{title}: {on}{value}"


def _neither(field: AnyField, said: Sequence[str], language: Language) -> str:
    title, is_number = field.title(language), field.kind in (Kind.NUMBER, Kind.MONEY)
    if is_number:
        return (
            f"{title} не {' и не '.join(said)}" if language == "ru" else f"{title}: not {' or '.join(said)}"
        )
    if language == "en":
        return f"{title} is {'not' if len(said) == 1 else 'neither'} {' nor '.join(said)}"
    if field.kind is Kind.CHOICE and not field.nullable:
        return f"{title} — любой, кроме {' и '.join(said)}"
    return f"{title} — не {' и не '.join(said)}"


def or_unknown(text: str, field: AnyField, language: Language) -> str:
    """Say beside a negation that people of whom nothing is known are in it too."""
    if not field.nullable:
        return text
    return f"{text} (или неизвестно)" if language == "ru" else f"{text} (or unknown)"


def value_of(field: AnyField, value: Value, language: Language, *, quoted: bool = False) -> str:
    """Return one value as a person says it: a choice by its words, a text in quotes."""
    is_answer = "answers" in field.reads
    key = fold(value if isinstance(value, str) else write(value)) if is_answer else value
    for word, ru, en in field.choices:
        if word == key:
            said = en if language == "en" else ru
            return aloud(said, language) if is_answer or (quoted and field.kind is Kind.CHOICE) else said
    if isinstance(value, Decimal) and language == "ru" and field.unit == "years":
        return years(int(value))
    return aloud(value, language)
