"""Conditions of `when:`: small frozen trees over answers, points, right answers, tags and language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    field_validator,
    model_validator,
)

from core.people.text import fold
from core.quizzes.texts import Language
from core.quizzes.values import folded, is_given, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Value = str | int | float | bool


def _bound(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError(f"`{value}` is no number and no date; write e.g. 5, or '1990-12-31'") from None


Bound = Annotated[float | str, PlainValidator(_bound)]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known at a place in the quiz; `pending` are questions that are not decided yet.

    `scores` holds every named scale of the quiz, in the order of the file; `right` counts right answers.
    """

    answers: Mapping[str, Any]
    score: int = 0
    tags: Collection[str] = frozenset()
    pending: Collection[str] = field(default=frozenset())
    scores: Mapping[str, int] = field(default_factory=dict)
    right: int = 0
    language: str = ""


class Rule(BaseModel):
    """The common part: strict, closed, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_by_name=False)


class AnswerIs(Rule):
    """An earlier answer: `is`, `in`, `at_least`, `at_most`, `answered`."""

    question: str
    is_: Value | None = Field(None, alias="is")
    in_: Annotated[tuple[Value, ...] | None, Field(None, alias="in", strict=False, min_length=1)]
    at_least: Bound | None = None
    at_most: Bound | None = None
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
        """Whether it compares a number (of choices, for a question with several) or a date."""
        return self.at_least is not None or self.at_most is not None

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """The answers that fit, folded."""
        return tuple(folded(value) for value in (self.in_ or ((self.is_,) if self.is_ is not None else ())))

    def holds(self, known: Known) -> bool | None:
        """Say whether it holds; None while the question is not decided."""
        if self.question in known.pending:
            return None
        value = known.answers.get(self.question)
        if self.answered is not None:
            return is_given(value) == self.answered
        if self.is_range:
            return is_given(value) and self._within(len(value) if isinstance(value, list) else value)
        return any(word in self.wanted for word in words(value))

    def _within(self, size: Any) -> bool:
        """Compare numbers with numbers and dates with dates; nothing else has an order."""
        kind: Any = str if isinstance(size, str) else int | float
        bounds = [bound for bound in (self.at_least, self.at_most) if bound is not None]
        if isinstance(size, dict) or not all(isinstance(bound, kind) for bound in bounds):
            return False
        return _within(size, self.at_least, self.at_most)


class Range(Rule):
    """Bounds of points, both inclusive."""

    at_least: int | None = None
    at_most: int | None = None

    @model_validator(mode="after")
    def _some(self) -> Range:
        if self.at_least is None and self.at_most is None:
            raise ValueError("the score has no bound; add `at_least` or `at_most`")
        return self

    def holds(self, points: int) -> bool:
        """Say whether the points lie between the bounds."""
        return _within(points, self.at_least, self.at_most)


class Points(Range):
    """Bounds of the score, or of the named scale `of`."""

    of: str | None = None


class ScoreIs(Rule):
    """The points so far."""

    score: Points

    def holds(self, known: Known) -> bool | None:
        """Say whether it holds; None while points may still come."""
        if known.pending:
            return None
        of = self.score.of
        return self.score.holds(known.score if of is None else known.scores.get(of, 0))


class TopScoreIs(Rule):
    """The named scale with most points; of equal ones the first in the file."""

    top_score: str

    def holds(self, known: Known) -> bool | None:
        """Say whether it holds; None while points may still come."""
        if known.pending:
            return None
        return bool(known.scores) and max(known.scores, key=known.scores.__getitem__) == self.top_score


class RightIs(Rule):
    """How many questions were answered rightly."""

    right: Range

    def holds(self, known: Known) -> bool | None:
        """Say whether it holds; None while right answers may still come."""
        return None if known.pending else self.right.holds(known.right)


class LanguageIs(Rule):
    """The language the quiz is read in."""

    language: Language

    def holds(self, known: Known) -> bool | None:
        """Say whether it is the reader's."""
        return known.language == self.language


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
    "top_score": TopScoreIs,
    "right": RightIs,
    "tag": HasTag,
    "language": LanguageIs,
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
    | Annotated[TopScoreIs, Tag("if:top_score")]
    | Annotated[RightIs, Tag("if:right")]
    | Annotated[HasTag, Tag("if:tag")]
    | Annotated[LanguageIs, Tag("if:language")]
    | Annotated[AllOf, Tag("if:all")]
    | Annotated[AnyOf, Tag("if:any")]
    | Annotated[Not, Tag("if:not")],
    Discriminator(_shape),
]
Leaf = AnswerIs | ScoreIs | TopScoreIs | RightIs | HasTag | LanguageIs
AnyCondition = Leaf | AllOf | AnyOf | Not
for _rule in (AllOf, AnyOf, Not):
    _rule.model_rebuild()


def leaves(
    condition: AnyCondition | None, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Leaf]]:
    """Yield the leaves of a condition, each with its place below the condition."""
    if isinstance(condition, AllOf | AnyOf):
        name, parts = ("all", condition.all) if isinstance(condition, AllOf) else ("any", condition.any)
        for place, part in enumerate(parts):
            yield from leaves(part, (*path, name, place))
    elif isinstance(condition, Not):
        yield from leaves(condition.not_, (*path, "not"))
    elif condition is not None:
        yield path, condition


def _within(value: Any, least: Any, most: Any) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)
