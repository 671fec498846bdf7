"""What all questions of a quiz file share: ids, points, labels, right answers. Unknown keys are refused."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from core.people.text import fold
from core.quizzes.conditions import Condition
from core.quizzes.dates import iso_day
from core.quizzes.texts import Text
from core.quizzes.values import folded

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Purpose = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,15}$")]
Score = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Seconds = Annotated[int, Field(ge=5, le=3600)]
SCORE_LIMIT = 1_000_000


def _tags(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(tag, str) for tag in value):
        raise ValueError("tags are a list of words; write `tags: [first, second]`")
    tags = tuple(fold(tag) for tag in value)
    if not all(0 < len(tag) <= 64 for tag in tags):
        raise ValueError("a tag has 1 to 64 characters; shorten it")
    return tags


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _right_numbers(value: Any) -> tuple[float, ...]:
    numbers = _listed(value)
    if not numbers or any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers):
        raise ValueError("a right answer here is a number; write e.g. `right: 12`, or `right: [12, 13]`")
    return tuple(numbers)


def _right_words(value: Any) -> tuple[str, ...]:
    given = _listed(value)
    if not given or not all(isinstance(one, str | int | float) and folded(one) for one in given):
        raise ValueError("a right answer here is a text; write e.g. `right: Paris`, or a list of texts")
    return tuple(folded(one) for one in given)


def _right_days(value: Any) -> tuple[str, ...]:
    days = [iso_day(one) if isinstance(one, str) else None for one in _listed(value)]
    if not days or None in days:
        raise ValueError("a right answer here is a date; write e.g. `right: 1961-04-12`")
    return tuple(day for day in days if day is not None)


Tags = Annotated[tuple[str, ...], BeforeValidator(_tags)]
RightNumbers = Annotated[tuple[float, ...], BeforeValidator(_right_numbers)]
RightWords = Annotated[tuple[str, ...], BeforeValidator(_right_words)]
RightDays = Annotated[tuple[str, ...], BeforeValidator(_right_days)]


class Frozen(BaseModel):
    """A part of the file: strict about types, closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=False)


class Added(Frozen):
    """What an answer adds: points, points of named scales, labels; `set_score` replaces the points so far."""

    score: Score = 0
    set_score: Score | None = None
    scores: dict[Slug, Score] = Field({})
    tags: Tags = ()

    @model_validator(mode="after")
    def _one_score(self) -> Self:
        if self.set_score is not None and "score" in self.model_fields_set:
            raise ValueError("`score` adds and `set_score` replaces; keep one of them")
        return self


class Marked(Added):
    """One answer among several: what it adds, whether it is right, and what to say to it."""

    right: bool = False
    feedback: Text | None = None


class Feedback(Frozen):
    """What to say to a right answer and to a wrong one."""

    right: Text | None = None
    wrong: Text | None = None


class Asked(Added):
    """What every question has. Its own points and tags are given for any answer to it."""

    id: Slug
    text: Text
    when: Condition | None = None
    optional: bool = False
    refusable: bool = False
    saves: Slug | None = None
    picture: Text | None = None
    group: Slug | None = None
    time_limit_seconds: Seconds | None = None
    finish_when: Condition | None = None
    feedback: Feedback | None = None

    def __eq__(self, other: object) -> bool:
        """Only itself is the same question: comparing all parts at every step costs more than a walk."""
        return self is other

    def __hash__(self) -> int:
        return id(self)

    @property
    def attribute(self) -> str | None:
        """The person's attribute this answer is copied into."""
        return self.saves

    @property
    def attributes(self) -> tuple[str, ...]:
        """Every attribute this answer may set."""
        return (self.attribute,) if self.attribute is not None else ()

    @property
    def is_personal(self) -> bool:
        """Whether the answer stands on the person's card only, and not with the run."""
        return False

    @property
    def has_right(self) -> bool:
        """Whether some answers are right and the others wrong."""
        return False
