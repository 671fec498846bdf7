"""all of, any of, not: conditions made of conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import and_, not_, or_

from core.segments.conditions.condition import Condition, Found, Look, inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement

    from core.segments.binds import Binds
    from core.segments.words import Language


@dataclass(frozen=True, slots=True)
class _Several(Condition):
    parts: tuple[Condition, ...]

    @property
    def reads(self) -> frozenset[str]:
        """Tables of all parts."""
        return frozenset().union(*(part.reads for part in self.parts))

    @property
    def children(self) -> tuple[Condition, ...]:
        """The parts."""
        return self.parts

    def found(self, look: Look) -> Found:
        """A whole has no value of its own; its parts have."""
        return Found(None)


@dataclass(frozen=True, slots=True)
class All(_Several):
    """Every part holds."""

    precedence: ClassVar[int] = 1

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """AND of the parts."""
        return and_(*(part.sql(binds) for part in self.parts))

    def text(self) -> str:
        """Parts joined with `and`."""
        return " and ".join(inside(part, 2) for part in self.parts)

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """Parts joined with "and"; none of all is said as one of them not."""
        return _joined(self.parts, "or" if negated else "and", language, negated)


@dataclass(frozen=True, slots=True)
class Any(_Several):
    """At least one part holds."""

    precedence: ClassVar[int] = 0

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """OR of the parts."""
        return or_(*(part.sql(binds) for part in self.parts))

    def text(self) -> str:
        """Parts joined with `or`."""
        return " or ".join(inside(part, 1) for part in self.parts)

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """Parts joined with "or"; not any of them is said as each of them not."""
        return _joined(self.parts, "and" if negated else "or", language, negated)


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The part does not hold; where its value is unknown it does not hold, so the negation does."""

    precedence: ClassVar[int] = 2
    part: Condition

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """NOT of an expression that is never NULL."""
        return not_(self.part.sql(binds))

    def text(self) -> str:
        """`not` before the part."""
        return f"not {inside(self.part, 2)}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """The negation as the part itself words it."""
        return self.part.sentence(language, negated=not negated)

    def found(self, look: Look) -> Found:
        """The value of what is negated."""
        return self.part.found(look)

    @property
    def reads(self) -> frozenset[str]:
        """Tables of the part."""
        return self.part.reads

    @property
    def children(self) -> tuple[Condition, ...]:
        """The part."""
        return (self.part,)


def leaves(condition: Condition) -> Iterator[Condition]:
    """Walk to the conditions that look at a value, from left to right."""
    if not condition.children:
        yield condition
    for child in condition.children:
        yield from leaves(child)


def _joined(parts: tuple[Condition, ...], word: str, language: Language, negated: bool) -> str:
    said = {"and": "и", "or": "или"}[word] if language == "ru" else word
    return f" {said} ".join(_bracketed(part, language, negated) for part in parts)


def _bracketed(part: Condition, language: Language, negated: bool) -> str:
    text = part.sentence(language, negated=negated)
    while isinstance(part, Not):
        part = part.part
    return f"({text})" if isinstance(part, _Several) else text
