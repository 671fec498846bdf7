"""The small parts of quiz files: ids, points, labels, right answers; strict, closed to unknown keys."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from core.people.text import fold
from core.quizzes.dates import iso_day
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
