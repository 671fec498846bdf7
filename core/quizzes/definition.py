"""What a quiz file may say: the quiz, its groups of questions, its alerts, its results."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, Field, model_validator

from core.quizzes.conditions import Condition  # noqa: TC001 - pydantic reads it at run time
from core.quizzes.parts import Frozen, Slug, Tags
from core.quizzes.questions import AnyQuestion, Optioned, Question, Scored
from core.quizzes.texts import Language, Text, pipes

if TYPE_CHECKING:
    from collections.abc import Iterator

RESERVED = frozenset(  # names a question may not take
    {"first_name", "result", "score", "scores", "right", "asked", "share_link", "confirm", "other"}
)
CONFIRM = "confirm"  # what a run shows instead of a question: all answers, before the end


class Lesson(Frozen):
    """One part of a sequence that follows a result; hours count from the end of the quiz."""

    after_hours: int = Field(ge=0, le=24 * 365)
    text: Text
    file: Text | None = None


class Result(Frozen):
    """What a person gets at the end: the first result whose `when` holds; the last one has none."""

    id: Slug
    when: Condition | None = None
    text: Text
    picture: Text | None = None
    file: Text | None = None
    segment: Slug | None = None
    tags: Tags = ()
    lessons: Annotated[tuple[Lesson, ...], Field(max_length=30, strict=False)] = ()
    next: Slug | None = None
    share: Text | None = None
    share_text: Text | None = None


class Alert(Frozen):
    """What the owners are told, once a run, as soon as the condition is sure to hold."""

    when: Condition
    text: Text


class Group(Frozen):
    """Questions that stand together: asked in a random order, or only some of them."""

    shuffle: bool = False
    pick: int | None = Field(None, ge=1, le=500)


class Quiz(Frozen):
    """One quiz file."""

    id: Slug
    title: Text
    languages: Annotated[tuple[Language, ...], Field(min_length=1, max_length=30, strict=False)] = ("ru",)
    intro: Text | None = None
    listed: bool = True  # offered by /quiz; else begun by a link, a letter or another quiz only
    time_limit_seconds: int | None = Field(None, ge=5, le=7 * 24 * 3600)
    confirm: bool = False
    groups: dict[Slug, Group] = Field({})
    alerts: Annotated[tuple[Alert, ...], Field(max_length=50, strict=False)] = ()
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=500, strict=False)]
    results: Annotated[tuple[Result, ...], Field(min_length=1, max_length=100, strict=False)]

    @model_validator(mode="after")
    def _first_language_first(self) -> Self:
        for text in _texts(self):
            text.put_first(self.languages[0])
        return self

    @cached_property
    def by_id(self) -> dict[str, AnyQuestion]:
        """Questions by their id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def index(self) -> dict[str, int]:
        """Places of the questions in the file, from 0: the number a button carries."""
        return {question.id: place for place, question in enumerate(self.questions)}

    @cached_property
    def branches(self) -> bool:
        """Whether any question is asked only of some, or may be the last."""
        return any(question.when is not None or question.finish_when for question in self.questions)

    @cached_property
    def scales(self) -> tuple[str, ...]:
        """Names of the scales that answers add to, in the order of the file."""
        return tuple(dict.fromkeys(name for question in self.questions for name in _scales(question)))

    @cached_property
    def has_right(self) -> bool:
        """Whether any question has right answers."""
        return any(question.has_right for question in self.questions)

    @cached_property
    def is_random(self) -> bool:
        """Whether runs may differ in the order of questions or options."""
        options = any(isinstance(question, Optioned) and question.shuffle for question in self.questions)
        return options or bool(self.groups)

    @cached_property
    def shares(self) -> bool:
        """Whether any text needs the person's own link."""
        words = (word for text in _texts(self) for word in text.wordings.values())
        return any(result.share for result in self.results) or any(
            "share_link" in pipes(word) for word in words
        )

    @cached_property
    def refusable(self) -> tuple[AnyQuestion, ...]:
        """Questions a person may refuse for ever."""
        return tuple(question for question in self.questions if question.refusable)

    def language_for(self, *wanted: str) -> str:
        """Return the language to show: the first wanted one the quiz speaks, else its own first."""
        return next((one for one in wanted if one in self.languages), self.languages[0])


def _scales(question: AnyQuestion) -> Iterator[str]:
    yield from question.scores
    for _, part in question:
        for marked in part if isinstance(part, tuple) else (part,):
            yield from getattr(marked, "scores", {})
    if isinstance(question, Scored) and question.scores_as is not None:
        yield question.scores_as


def _texts(part: Any) -> Iterator[Text]:
    """Yield every text of a part of the file."""
    if isinstance(part, Text):
        yield part
    elif isinstance(part, BaseModel):
        for _, below in part:
            yield from _texts(below)
    elif isinstance(part, tuple):
        for below in part:
            yield from _texts(below)
