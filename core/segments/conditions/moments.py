"""Conditions on when something was: longer ago than, not longer ago than."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core.segments.conditions.condition import Condition, Found, Look, Reading, form
from core.segments.fields import YEARLY, AnyField, Kind, RowField
from core.segments.lookup import look_up

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from core.segments.binds import Binds
    from core.segments.words import Language, Span


def is_yearly(field: AnyField) -> bool:
    """Return whether a date of this field is kept for its anniversaries: a birthday."""
    return isinstance(field, RowField) and field.table == "attributes" and field.key[0].casefold() in YEARLY


def moment_field(reading: Reading) -> AnyField:
    """Return the field of a form that asks when; raises RuleError where it has no date."""
    field: AnyField = reading.parts[0].value
    is_attribute = isinstance(field, RowField) and field.table == "attributes"
    if field.kind in (Kind.MOMENT, Kind.MARK) or is_attribute:
        return field
    kind = "carries" if field.kind is Kind.ANY else f"is {field.kind.value}, it has"
    raise reading.refuse(0, f"`{field.text()}` {kind} no date to count days from")


@form("ago")
@dataclass(frozen=True, slots=True)
class Ago(Condition):
    """`last_seen more than 30 days ago`: known, and longer ago than that; days are 24 hours."""

    field: AnyField
    span: Span

    @classmethod
    def read(cls, reading: Reading) -> Ago:
        """Build it from `field more than span ago`."""
        return cls(moment_field(reading), reading.parts[1].value)

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """Before the cut-off."""
        return self.field.moment(True, binds.ago(self.span))

    def text(self) -> str:
        """`field more than span ago`."""
        return f"{self.field.text()} more than {self.span.text()} ago"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Последняя активность больше 30 дней назад"."""
        title, length = self.field.title(language), self.span.longer_than(language)
        if language == "ru":
            return _or_never(f"{title}{' не' * negated} больше {length} назад", language, negated)
        return _or_never(f"{title}:{' not' * negated} more than {length} ago", language, negated)

    def found(self, look: Look) -> Found:
        """The moment; the condition holds since the span after it."""
        found = look_up(self.field, look)
        moment = found.value
        if not isinstance(moment, datetime) or moment + self.span.delta > look.now:
            return Found(moment)
        return Found(moment, moment + self.span.delta)

    @property
    def reads(self) -> frozenset[str]:
        """The field's table."""
        return self.field.reads


@form("recent")
@dataclass(frozen=True, slots=True)
class Recent(Condition):
    """`last_seen within 14 days`: known, and not longer ago than that."""

    field: AnyField
    span: Span

    @classmethod
    def read(cls, reading: Reading) -> Recent:
        """Build it from `field within span`."""
        field, span = moment_field(reading), reading.parts[1].value
        if is_yearly(field):
            raise reading.refuse(1, f"it comes every year; write `{field.text()} within next {span.text()}`")
        return cls(field, span)

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """Not before the cut-off."""
        return self.field.recent(binds.ago(self.span), binds.now())

    def text(self) -> str:
        """`field within span`."""
        return f"{self.field.text()} within {self.span.text()}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Последняя активность за последние 14 дней"."""
        title, last = self.field.title(language), self.span.last(language)
        if language == "ru":
            return _or_never(f"{title}{' не' * negated} за {last}", language, negated)
        return _or_never(f"{title}:{' not' * negated} within {last}", language, negated)

    def found(self, look: Look) -> Found:
        """The moment, which is also since when it holds."""
        moment = look_up(self.field, look).value
        return Found(moment, moment if isinstance(moment, datetime) else None)

    @property
    def reads(self) -> frozenset[str]:
        """The field's table."""
        return self.field.reads


def _or_never(text: str, language: Language, negated: bool) -> str:
    if not negated:
        return text
    return f"{text} (или этого не было)" if language == "ru" else f"{text} (or never)"
