"""A rule as a sheet: all of its lines or any of them; what is deeper stays as it is within its line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.segments.conditions import All, Condition, Not
from core.segments.conditions import Any as AnyOf
from core.segments.language import parse

if TYPE_CHECKING:
    from core.segments.catalogue import Known


@dataclass(frozen=True, slots=True)
class Line:
    """One condition of the list, turned into its opposite or not."""

    condition: Condition
    negated: bool = False

    @property
    def is_deep(self) -> bool:
        """Whether it is made of several conditions: such a line is edited as text."""
        return bool(self.condition.children)

    @property
    def whole(self) -> Condition:
        """The line as it stands in the rule."""
        return Not(self.condition) if self.negated else self.condition


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of a rule, and whether any of them is enough."""

    lines: tuple[Line, ...] = ()
    any_of: bool = False

    def rule(self) -> str:
        """Return the rule in its canonical spelling, empty without lines. Raises RuleError if too long."""
        parts = tuple(line.whole for line in self.lines)
        if not parts:
            return ""
        whole = parts[0] if len(parts) == 1 else (AnyOf if self.any_of else All)(parts)
        return parse(whole.text()).text()

    def put(self, line: Line, place: int | None = None) -> Sheet:
        """Return the sheet with one line more, or with another one in this place."""
        if place is None or place >= len(self.lines):
            return replace(self, lines=(*self.lines, line))
        return replace(self, lines=(*self.lines[:place], line, *self.lines[place + 1 :]))

    def without(self, place: int) -> Sheet:
        """Return the sheet without one line."""
        return replace(self, lines=self.lines[:place] + self.lines[place + 1 :])

    def turned(self, place: int) -> Sheet:
        """Return the sheet with one line turned into its opposite."""
        line = self.lines[place]
        return self.put(replace(line, negated=not line.negated), place)


def opened(rule: str, *, any_of: bool = False, known: Known | None = None) -> Sheet:
    """Return the sheet of a rule; `any_of` says how a single line will be joined to the next one.

    Raises RuleError for a rule that cannot be read.
    """
    if not rule.strip():
        return Sheet((), any_of)
    condition = parse(rule, known)
    if isinstance(condition, All | AnyOf):
        return Sheet(tuple(_line(part) for part in condition.parts), isinstance(condition, AnyOf))
    return Sheet((_line(condition),), any_of)


def _line(part: Condition) -> Line:
    return Line(part.part, True) if isinstance(part, Not) else Line(part)
