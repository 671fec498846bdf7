"""Conditions of `when:`: small frozen trees over earlier answers, the score and the tags."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator

from core.people.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is known at a place in the quiz; `pending` are questions that are not decided yet."""

    answers: Mapping[str, Any]
    score: int = 0
    tags: Collection[str] = frozenset()
    pending: Collection[str] = field(default=frozenset())


class Rule(BaseModel):
    """The common part: strict, closed, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_by_name=False)


class AnswerIs(Rule):
    """An earlier answer: `is`, `in`, `at_least`, `at_most`, `answered`."""

    question: str
    is_: Value | None = Field(None, alias="is")
    in_: Annotated[tuple[Value, ...] | None, Field(None, alias="in", strict=False, min_length=1)]
    at_least: float | None = None
    at_most: float | None = None
    answered: bool | None = None

    @model_validator(mode="after")
    def _one_test(self) -> AnswerIs:
        tests = [self.is_ is not None, self.in_ is not None, self.answered is not None, self.is_range]
        if sum(tests) != 1:
            raise ValueError(
                "a condition says one thing about an answer; "
                "use one of `is`, `in`, `at_least`/`at_most`, `answered`"
            )
        return self

    @property
    def is_range(self) -> bool:
        """Whether it compares a number (of choices, for a question with several)."""
        return self.at_least is not None or self.at_most is not None

    @property
    def wanted(self) -> tuple[str, ...]:
        """The answers that fit, folded."""
        return tuple(folded(value) for value in (self.in_ or ((self.is_,) if self.is_ is not None else ())))

    def holds(self, known: Known) -> bool | None:
        """Say whether it holds; None while the question is not decided."""
        if self.question in known.pending:
            return None
        value = known.answers.get(self.question)
        if self.answered is not None:
            return (value is not None) == self.answered
        if value is None:
            return False
        if self.is_range:
            size = len(value) if isinstance(value, list) else value
            return isinstance(size, int | float) and _within(size, self.at_least, self.at_most)
        given = value if isinstance(value, list) else [value]
        return any(folded(one) in self.wanted for one in given)


class Range(Rule):
    """Bounds of the score, both inclusive."""

    at_least: int | None = None
    at_most: int | None = None

    @model_validator(mode="after")
    def _some(self) -> Range:
        if self.at_least is None and self.at_most is None:
            raise ValueError("the score has no bound; add `at_least` or `at_most`")
        return self


class ScoreIs(Rule):
    """The points so far."""

    score: Range

    def holds(self, known: Known) -> bool | None:
        """Say whether it holds; None while points may still come."""
        return None if known.pending else _within(known.score, self.score.at_least, self.score.at_most)


class HasTag(Rule):
    """A label given by an earlier answer."""

    tag: str

    @field_validator("tag")
    @classmethod
    def _folded(cls, value: str) -> str:
        return fold(value)

    def holds(self, known: Known) -> bool | None:
        """Say whether it holds; None while the label may still come."""
        return True if self.tag in known.tags else None if known.pending else False


class AllOf(Rule):
    """Every one of the conditions."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1, max_length=50, strict=False)]

    def holds(self, known: Known) -> bool | None:
        """Say whether all hold; None while that is open."""
        found = [part.holds(known) for part in self.all]
        return False if False in found else None if None in found else True


class AnyOf(Rule):
    """At least one of the conditions."""

    any: Annotated[tuple[Condition, ...], Field(min_length=1, max_length=50, strict=False)]

    def holds(self, known: Known) -> bool | None:
        """Say whether one holds; None while that is open."""
        found = [part.holds(known) for part in self.any]
        return True if True in found else None if None in found else False


class Not(Rule):
    """The opposite."""

    not_: Condition = Field(alias="not")

    def holds(self, known: Known) -> bool | None:
        """Say whether it does not hold; None while that is open."""
        found = self.not_.holds(known)
        return None if found is None else not found


SHAPES: dict[str, type[Rule]] = {
    "question": AnswerIs,
    "score": ScoreIs,
    "tag": HasTag,
    "all": AllOf,
    "any": AnyOf,
    "not": Not,
}


def _shape(value: Any) -> str:
    if isinstance(value, dict):
        return "if:" + next((key for key in SHAPES if key in value), "")
    return "if:" + next((key for key, shape in SHAPES.items() if isinstance(value, shape)), "")


Condition = Annotated[
    Annotated[AnswerIs, Tag("if:question")]
    | Annotated[ScoreIs, Tag("if:score")]
    | Annotated[HasTag, Tag("if:tag")]
    | Annotated[AllOf, Tag("if:all")]
    | Annotated[AnyOf, Tag("if:any")]
    | Annotated[Not, Tag("if:not")],
    Discriminator(_shape),
]
AnyCondition = AnswerIs | ScoreIs | HasTag | AllOf | AnyOf | Not
for _rule in (AllOf, AnyOf, Not):
    _rule.model_rebuild()


def leaves(
    condition: AnyCondition | None, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], AnswerIs | ScoreIs | HasTag]]:
    """Yield the leaves of a condition, each with its place below the condition."""
    if isinstance(condition, AllOf | AnyOf):
        name, parts = ("all", condition.all) if isinstance(condition, AllOf) else ("any", condition.any)
        for place, part in enumerate(parts):
            yield from leaves(part, (*path, name, place))
    elif isinstance(condition, Not):
        yield from leaves(condition.not_, (*path, "not"))
    elif condition is not None:
        yield path, condition


def folded(value: Value) -> str:
    """Return an answer as conditions and rules compare it: yes/no for truth, 3 for 3.0, folded text.

    >>> folded(True), folded(3.0), folded("Ёлка")
    ('yes', '3', 'елка')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return fold(str(value))


def _within(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)
