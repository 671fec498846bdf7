"""What every condition is, and how the parser finds the class of a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.segments.binds import Binds
    from core.segments.catalogue import Known
    from core.segments.words import Language, Span


@dataclass(frozen=True, slots=True)
class Found:
    """The value behind a condition for one person: None is unknown; `since` where a moment can be named."""

    value: Any
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """Whose value is asked, and when."""

    session: Session
    subscriber_id: int
    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Reading:
    """What the parser hands to the class of a form: the parts of the form and how to complain about one."""

    form: str
    parts: Sequence[Any]
    known: Known | None

    def refuse(self, part: int, problem: str) -> Exception:
        """Return the error that points at one part of the form."""
        from core.segments.errors import RuleError

        line, column = self.parts[part].place
        return RuleError(problem, line, column)

    def count(self, part: int) -> int:
        """Return a part as a whole number from 1 to a million."""
        value = self.parts[part].value
        if value != value.to_integral_value() or not 1 <= value <= 1_000_000:
            raise self.refuse(part, "this should be a whole number from 1 to 1000000")
        return int(value)

    def whole_days(self, part: int) -> Span:
        """Return a part as a span of whole days: events are counted by local days."""
        span: Span = self.parts[part].value
        if span.unit == "hour":
            raise self.refuse(part, "events are counted by whole days; write days or weeks")
        return span


class Condition:
    """One condition about a person; its SQL is never NULL, so a rule and its negation make everyone."""

    __slots__ = ()
    precedence: ClassVar[int] = 3  # or 0, and 1, not 2, leaves 3

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """Return the expression over subscribers JOIN profiles; child tables by EXISTS or aggregates."""
        raise NotImplementedError

    def text(self) -> str:
        """Return the condition as a rule says it; parsing that gives an equal condition."""
        raise NotImplementedError

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """Return the condition, or its negation, as one would say it to an owner."""
        raise NotImplementedError

    def found(self, look: Look) -> Found:
        """Return the value of one person the condition looks at."""
        raise NotImplementedError

    @property
    def reads(self) -> frozenset[str]:
        """Names of the tables the SQL reads."""
        raise NotImplementedError

    @property
    def children(self) -> tuple[Condition, ...]:
        """Conditions inside this one."""
        return ()


Form = TypeVar("Form", bound=type[Condition])
FORMS: dict[str, Callable[[Reading], Condition]] = {}


def form(*names: str) -> Callable[[Form], Form]:
    """Say which lines of the grammar the class reads; its `read` builds the condition."""

    def register(cls: Form) -> Form:
        for name in names:
            FORMS[name] = cls.read  # type: ignore[attr-defined]
        return cls

    return register


def inside(condition: Condition, precedence: int) -> str:
    """Return a condition's text, in parentheses where it would be read differently without."""
    text = condition.text()
    return f"({text})" if condition.precedence < precedence else text
