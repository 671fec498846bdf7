"""Conditions on the value of a field: comparisons, lists, known or unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, not_

from core.people.text import fold
from core.segments.conditions import said
from core.segments.conditions.condition import Condition, Found, Look, Reading, form
from core.segments.fields import AnyField, Kind, RowField
from core.segments.fit import typed
from core.segments.lookup import look_up
from core.segments.words import Value, joined, write

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from core.segments.binds import Binds
    from core.segments.words import Language

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
_NONE = {"= 0", "< 1", "<= 0"}  # of what is counted
_SOME = {"!= 0", ">= 1", "> 0"}


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
        claim = _claim(self, negated)
        if claim is not None:
            return claim[language == "en"]
        if self.operator in ("=", "!="):
            excluded = self.operator == "!="
            return said.listed(self.field, (self.value,), language, excluded=excluded, negated=negated)
        operator = _OPPOSITE[self.operator] if negated else self.operator
        return said.ordered(self.field, operator, self.value, language, negated=negated)


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
        values = [typed(reading, part, field, "=") for part in range(1, len(reading.parts))]
        once: dict[Value, Value] = {}
        for value in values:  # said twice it is one value; of answers and attributes case makes no other
            once.setdefault(
                fold(value) if isinstance(field, RowField) and isinstance(value, str) else value, value
            )
        return cls(field, tuple(once.values()), reading.form == "none_of")

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
        return said.listed(self.field, self.values, language, excluded=self.excluded, negated=negated)


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
        if self.field.claims and self.field.kind is Kind.MARK:
            return self.field.claims[not known][language == "en"]
        if language == "ru":
            return f"{self.field.title(language)}: {'известно' if known else 'неизвестно'}"
        return f"{self.field.title(language)} is {'known' if known else 'unknown'}"


def _claim(condition: Compare, negated: bool) -> tuple[str, str] | None:
    """Return the plain sentence (ru, en) this comparison is, if the field has one for it."""
    field, operator, value = condition.field, condition.operator, condition.value
    if not field.claims:
        return None
    if field.kind in (Kind.FLAG, Kind.MARK):
        is_yes = (value == "yes") is (operator == "=")
    else:
        asked = f"{operator} {write(value)}"
        if asked not in _NONE | _SOME:
            return None
        is_yes = asked in _SOME
    return field.claims[is_yes is negated]


def said_values(condition: Compare | OneOf, language: Language) -> str:
    """Return the values a field is compared with, as one says them: «Казань» или «Москва»."""
    values = condition.values if isinstance(condition, OneOf) else (condition.value,)
    return joined(
        [said.value_of(condition.field, value, language, quoted=True) for value in values], language
    )
