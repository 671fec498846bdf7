"""Conditions on dates to come: a day ahead, and a day that comes round every year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.segments.conditions.condition import Condition, Found, Look, Reading, form
from core.segments.conditions.moments import is_yearly, moment_field
from core.segments.conditions.said import or_unknown
from core.segments.lookup import look_up

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from core.segments.binds import Binds
    from core.segments.fields import AnyField
    from core.segments.words import Language, Span

_LONGEST = 364  # days: in as many and today a day comes round once at most


@form("ahead", "ahead_today", "anniversary", "anniversary_today")
@dataclass(frozen=True, slots=True)
class Ahead(Condition):
    """`renewal_at within next 90 days`, `first_purchase anniversary is today`: by local days.

    A birthday is always asked by its anniversary. Who was born on 29 February has it on the 28th in years
    without: the month stays, and a greeting is never late.
    """

    field: AnyField
    span: Span | None = None  # None: today
    anniversary: bool = False

    @classmethod
    def read(cls, reading: Reading) -> Ahead:
        """Build it from `field [anniversary] within next span` or `field [anniversary] is today`."""
        field = moment_field(reading)
        anniversary = reading.form.startswith("anniversary") or is_yearly(field)
        if reading.form.endswith("today"):
            return cls(field, None, anniversary)
        span: Span = reading.parts[1].value
        if span.unit == "hour":
            raise reading.refuse(1, "what is ahead is counted by whole days; write days or weeks")
        if anniversary and span.days > _LONGEST:
            raise reading.refuse(1, f"it comes every year; write at most {_LONGEST} days")
        return cls(field, span, anniversary)

    @property
    def days(self) -> int:
        """How many days after today count too."""
        return self.span.days if self.span else 0

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """Between bound moments, or bound month-days: no date is computed in SQL."""
        if self.anniversary:
            return self.field.anniversary(self.days, binds)
        return self.field.ahead(self.days, binds)

    def text(self) -> str:
        """`field [anniversary] within next span`."""
        word = " anniversary" if self.anniversary and not is_yearly(self.field) else ""
        return f"{self.field.text()}{word} {f'within next {self.span.text()}' if self.span else 'is today'}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "День рождения — сегодня или в ближайшие 7 дней"."""
        when = self.span.next(language) if self.span else "сегодня" if language == "ru" else "today"
        title, comes_round = self.field.title(language), self.anniversary and not is_yearly(self.field)
        if language == "ru":
            text = (
                f"{title}{': годовщина' if comes_round else '' if negated else ' —'}{' не' * negated} {when}"
            )
        else:
            text = f"{title}{': its anniversary is' if comes_round else ':'}{' not' * negated} {when}"
        return or_unknown(text, self.field, language) if negated else text

    def found(self, look: Look) -> Found:
        """The date itself."""
        return Found(look_up(self.field, look).value)

    @property
    def reads(self) -> frozenset[str]:
        """The field's table."""
        return self.field.reads
