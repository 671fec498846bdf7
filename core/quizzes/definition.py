"""What a quiz file may say: the quiz, its questions of six kinds, its results. Unknown keys are refused."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StringConstraints, Tag

from core.people.text import fold
from core.quizzes.conditions import Condition
from core.quizzes.texts import Language, Text

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Score = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
RESERVED = frozenset({"first_name", "result", "score"})  # names a question may not take
KINDS = ("choice", "several", "yes_no", "number", "text", "contact")
SHARED = "shared"  # stored in place of a phone or an e-mail: those stand on the person's card only


def _tags(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(tag, str) for tag in value):
        raise ValueError("tags are a list of words; write `tags: [first, second]`")
    folded = tuple(fold(tag) for tag in value)
    if not all(0 < len(tag) <= 64 for tag in folded):
        raise ValueError("a tag has 1 to 64 characters; shorten it")
    return folded


Tags = Annotated[tuple[str, ...], BeforeValidator(_tags)]


class Frozen(BaseModel):
    """A part of the file: strict about types, closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=False)


class Marked(Frozen):
    """What an answer or a result adds: points and labels."""

    score: Score = 0
    tags: Tags = ()


class Option(Marked):
    """One answer to choose from; `id` is what rules and exports see, `text` what people see."""

    id: Slug
    text: Text


class Side(Marked):
    """One of the two answers of a yes/no question."""

    text: Text | None = None


class Asked(Frozen):
    """What every question has."""

    id: Slug
    text: Text
    when: Condition | None = None
    optional: bool = False
    saves: Slug | None = None

    @property
    def attribute(self) -> str | None:
        """The person's attribute this answer is copied into."""
        return self.saves


class Choice(Asked):
    """One of several buttons."""

    kind: Literal["choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=40, strict=False)]
    columns: int = Field(1, ge=1, le=4)


class Several(Asked):
    """Any of several buttons, at least `min` and at most `max`."""

    kind: Literal["several"]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=40, strict=False)]
    columns: int = Field(1, ge=1, le=4)
    min: int = Field(1, ge=1)
    max: int | None = Field(None, ge=1)

    @property
    def most(self) -> int:
        """How many may be chosen at most."""
        return min(self.max or len(self.options), len(self.options))


class YesNo(Asked):
    """Yes or no; each side may have its own label, points and tags."""

    kind: Literal["yes_no"]
    yes: Side = Side()
    no: Side = Side()


class Number(Asked):
    """A number typed by the person."""

    kind: Literal["number"]
    min: float | None = None
    max: float | None = None
    integer: bool = False


class Written(Asked):
    """A text typed by the person; `check` or `regex` says what fits, `wrong` what to say if it does not."""

    kind: Literal["text"]
    max_length: int = Field(200, ge=1, le=1000)
    check: Literal["email", "phone", "city"] | None = None
    regex: str | None = Field(None, max_length=200)
    wrong: Text | None = None

    @property
    def is_personal(self) -> bool:
        """Whether the answer is a phone or an e-mail, kept on the person's card only."""
        return self.check in ("email", "phone")

    @property
    def attribute(self) -> str | None:
        """The attribute it is copied into; a phone or an e-mail always has one."""
        return self.saves or (self.check if self.is_personal else None)


class Contact(Asked):
    """The person's own phone, shared by Telegram's button."""

    kind: Literal["contact"]
    saves: None = None


def _kind(value: Any) -> str:
    return f"kind:{value.get('kind') if isinstance(value, dict) else getattr(value, 'kind', None)}"


Question = Annotated[
    Annotated[Choice, Tag("kind:choice")]
    | Annotated[Several, Tag("kind:several")]
    | Annotated[YesNo, Tag("kind:yes_no")]
    | Annotated[Number, Tag("kind:number")]
    | Annotated[Written, Tag("kind:text")]
    | Annotated[Contact, Tag("kind:contact")],
    Discriminator(_kind),
]
AnyQuestion = Choice | Several | YesNo | Number | Written | Contact
QUESTION_KINDS: dict[str, type[Asked]] = {
    "choice": Choice,
    "several": Several,
    "yes_no": YesNo,
    "number": Number,
    "text": Written,
    "contact": Contact,
}


class Result(Frozen):
    """What a person gets at the end: the first result whose `when` holds; the last one has none."""

    id: Slug
    when: Condition | None = None
    text: Text
    file: Text | None = None
    segment: Slug | None = None
    tags: Tags = ()


class Quiz(Frozen):
    """One quiz file."""

    id: Slug
    title: Text
    languages: Annotated[tuple[Language, ...], Field(min_length=1, strict=False)] = ("ru",)
    intro: Text | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=500, strict=False)]
    results: Annotated[tuple[Result, ...], Field(min_length=1, max_length=100, strict=False)]

    @cached_property
    def by_id(self) -> dict[str, AnyQuestion]:
        """Questions by their id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def index(self) -> dict[str, int]:
        """Places of the questions, from 0: the number a button carries."""
        return {question.id: place for place, question in enumerate(self.questions)}

    @cached_property
    def branches(self) -> bool:
        """Whether any question is asked only of some."""
        return any(question.when is not None for question in self.questions)

    def language_for(self, wanted: str) -> str:
        """Return the language to show to a reader of `wanted`."""
        return wanted if wanted in self.languages else self.languages[0]
