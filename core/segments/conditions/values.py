"""Conditions on the value of a field: comparisons, lists, known or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import and_, not_

from core.people.text import fold
from core.segments.conditions.condition import Condition, Found, Look, Reading, form
from core.segments.fields import AnyField, Kind
from core.segments.fit import typed
from core.segments.lookup import look_up
from core.segments.words import Value, aloud, joined, write

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from core.segments.binds import Binds
    from core.segments.words import Language

_ALOUD = {
    "<": ("меньше", "less than"),
    "<=": ("не больше", "at most"),
    ">": ("больше", "more than"),
    ">=": ("не меньше", "at least"),
    "=": ("ровно", "exactly"),
}
_DATES_ALOUD = {
    "<": ("раньше", "before"),
    "<=": ("не позже", "not after"),
    ">": ("позже", "after"),
    ">=": ("не раньше", "not before"),
    "=": ("—", "on"),
}


class _OnField(Condition):
    """What conditions about one field share."""

    __slots__ = ()
    field: AnyField

    @property
    def reads(self) -> frozenset[str]:
        """The field's table."""
        return self.field.reads

    def found(self, look: Look) -> Found:
        """The field's value."""
        return look_up(self.field, look)


@form("compare")
@dataclass(frozen=True, slots=True)
class Compare(_OnField):
    """`unanswered >= 5`. An unknown value fails every comparison, `!=` too; of several values any may hold,
    for `!=` none may be equal."""

    field: AnyField
    operator: str
    value: Value

    @classmethod
    def read(cls, reading: Reading) -> Compare:
        """Build it from `field OPERATOR value`."""
        field, operator = reading.parts[0].value, reading.parts[1].value
        return cls(field, operator, typed(reading, 2, field, operator))

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """The comparison, false where the value is unknown."""
        if self.operator == "!=":
            return and_(self.field.comparable(binds), not_(self.field.holds("=", [self.value], binds)))
        return self.field.holds(self.operator, [self.value], binds)

    def text(self) -> str:
        """`field operator value`."""
        return f"{self.field.text()} {self.operator} {write(self.value)}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Писем подряд без ответа не меньше 5"."""
        if self.operator == "!=":
            return _listed(self.field, (self.value,), language, excluded=True, negated=negated)
        if self.operator == "=" and not _is_quantity(self.field):
            return _listed(self.field, (self.value,), language, excluded=False, negated=negated)

        words = _DATES_ALOUD if isinstance(self.value, date) else _ALOUD
        word = words[self.operator][language == "en"]
        colon = ":" if language == "en" else ""
        said = f"{self.field.title(language)}{colon} {word} {aloud(self.value, language)}"
        return denied(said, self.field, language) if negated else said


@form("one_of", "none_of")
@dataclass(frozen=True, slots=True)
class OneOf(_OnField):
    """`city in (…)`: any value is listed; `not in`: the value is known and none is listed."""

    field: AnyField
    values: tuple[Value, ...]
    excluded: bool = False

    @classmethod
    def read(cls, reading: Reading) -> OneOf:
        """Build it from `field in (value, …)` or `field not in (value, …)`."""
        field = reading.parts[0].value
        values = tuple(typed(reading, part, field, "=") for part in range(1, len(reading.parts)))
        return cls(field, values, reading.form == "none_of")

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """IN, false where the value is unknown."""
        listed = self.field.holds("=", self.values, binds)
        return and_(self.field.comparable(binds), not_(listed)) if self.excluded else listed

    def text(self) -> str:
        """`field in (a, b)`."""
        listed = ", ".join(write(value) for value in self.values)
        return f"{self.field.text()} {'not in' if self.excluded else 'in'} ({listed})"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Город — «Казань» или «Москва»"."""
        return _listed(self.field, self.values, language, excluded=self.excluded, negated=negated)


@form("unknown", "known")
@dataclass(frozen=True, slots=True)
class IsKnown(_OnField):
    """`city is known`, `city is unknown`."""

    field: AnyField
    known: bool

    @classmethod
    def read(cls, reading: Reading) -> IsKnown:
        """Build it from `field is known` or `field is unknown`."""
        return cls(reading.parts[0].value, reading.form == "known")

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """Is there a value?"""
        return self.field.known(binds) if self.known else not_(self.field.known(binds))

    def text(self) -> str:
        """`field is known`."""
        return f"{self.field.text()} is {'known' if self.known else 'unknown'}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Город: известно"."""
        known = self.known is not negated
        if language == "ru":
            return f"{self.field.title(language)}: {'есть' if known else 'нет данных'}"
        return f"{self.field.title(language)} is {'known' if known else 'unknown'}"


def _is_quantity(field: AnyField) -> bool:
    return field.kind in (Kind.NUMBER, Kind.MONEY, Kind.MOMENT)


def _said(field: AnyField, value: Value, language: Language) -> str:
    is_answer = "answers" in field.reads
    key = fold(value if isinstance(value, str) else write(value)) if is_answer else value
    for word, ru, en in field.choices:
        if word == key:
            said = en if language == "en" else ru
            return aloud(said, language) if is_answer or field.kind is Kind.CHOICE else said
    return aloud(value, language)


def said_values(condition: Compare | OneOf, language: Language) -> str:
    """Return the values a field is compared with, as one says them: «Казань» или «Москва»."""
    values = condition.values if isinstance(condition, OneOf) else (condition.value,)
    return joined([_said(condition.field, value, language) for value in values], language)


def _listed(
    field: AnyField, values: tuple[Value, ...], language: Language, *, excluded: bool, negated: bool
) -> str:
    """Say "is a or b", or "is known and is neither a nor b"."""
    said = [_said(field, value, language) for value in values]
    title = field.title(language)
    if excluded:
        text = _neither(title, said, field.nullable, language)
    else:
        text = f"{title}{' —' if language == 'ru' else ':'} {joined(said, language)}"
    return denied(text, field, language) if negated else text


def _neither(title: str, said: list[str], nullable: bool, language: Language) -> str:
    if language == "ru":
        return f"{title}{': известно, и это' if nullable else ' —'} не {' и не '.join(said)}"
    known = "is known and is" if nullable else "is"
    return f"{title} {known} {'not' if len(said) == 1 else 'neither'} {' nor '.join(said)}"


def denied(text: str, field: AnyField, language: Language) -> str:
    """Say that something is not so, and that the unknown is not so either."""
    if language == "ru":
        return f"неверно, что {text}" + (" (в том числе если неизвестно)" if field.nullable else "")
    return f"it is not true that {text}" + (" (also where it is unknown)" if field.nullable else "")
