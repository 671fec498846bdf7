"""The kinds of questions a quiz file may ask, with what an answer to them adds. Unknown keys are refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Discriminator, Field, Tag, model_validator

from core.quizzes.dates import DateLimit  # noqa: TC001 - pydantic reads these at run time
from core.quizzes.parts import (
    SCORE_LIMIT,
    Purpose,
    RightDays,
    RightNumbers,
    RightWords,
    Slug,
)
from core.quizzes.parts import Added as Added
from core.quizzes.parts import Asked as Asked
from core.quizzes.parts import Marked as Marked
from core.quizzes.texts import Text  # noqa: TC001
from core.quizzes.values import OTHER, RATHER_NOT_SAY

LATITUDE, LONGITUDE = "latitude", "longitude"  # attributes of a person


class Option(Marked):
    """One answer to choose from; `id` is what rules and exports see, `text` what people see."""

    id: Slug
    text: Text
    picture: Text | None = None


class Side(Marked):
    """One of the two answers of a yes/no question."""

    text: Text | None = None


class Optioned(Asked):
    """A question with options; `other` is the label of a button for the person's own words."""

    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=40, strict=False)]
    columns: int = Field(1, ge=1, le=4)
    shuffle: bool = False
    other: Text | None = None

    @model_validator(mode="after")
    def _other_is_free(self) -> Self:
        if self.other is not None and any(option.id == OTHER for option in self.options):
            raise ValueError("an option is called `other` beside `other:`; give the option another id")
        if any(option.id == RATHER_NOT_SAY for option in self.options):
            raise ValueError("`rather_not_say` is a refusal for ever; write `refusable: true` instead")
        return self

    @property
    def has_right(self) -> bool:
        """Whether an option is right."""
        return any(option.right for option in self.options)


class Choice(Optioned):
    """One of several buttons."""

    kind: Literal["choice"]


class Several(Optioned):
    """Any of several buttons, at least `min` and at most `max`."""

    kind: Literal["several"]
    min: int = Field(1, ge=1)
    max: int | None = Field(None, ge=1)

    @property
    def most(self) -> int:
        """How many may be chosen at most."""
        all_ = len(self.options) + (self.other is not None)
        return min(self.max or all_, all_)


class YesNo(Asked):
    """Yes or no; each side may have its own label, points and tags."""

    kind: Literal["yes_no"]
    yes: Side = Side()
    no: Side = Side()

    @property
    def has_right(self) -> bool:
        """Whether one side is right."""
        return self.yes.right or self.no.right


class Scored(Asked):
    """A question answered by a number, which may count as points: `scored`, or in the scale `scores_as`."""

    scored: bool = False
    scores_as: Slug | None = None


class Scale(Scored):
    """A row of numbers, e.g. 0 to 10, with words for its two ends."""

    kind: Literal["scale"]
    min: int = Field(0, ge=0, le=1)
    max: int = Field(10, ge=2, le=10)
    low: Text | None = None
    high: Text | None = None


class Stars(Scored):
    """One to `max` stars."""

    kind: Literal["stars"]
    max: int = Field(5, ge=3, le=10)


class Number(Scored):
    """A number typed by the person."""

    kind: Literal["number"]
    min: float | None = None
    max: float | None = None
    integer: bool = False
    right: RightNumbers = ()

    @model_validator(mode="after")
    def _points_are_whole(self) -> Self:
        if not self.scored and self.scores_as is None:
            return self
        if not self.integer or self.min is None or self.max is None:
            raise ValueError("points are whole and limited; add `integer: true`, `min` and `max`")
        if max(abs(self.min), abs(self.max)) > SCORE_LIMIT:
            raise ValueError("points are at most a million; lower `min` and `max`")
        return self

    @property
    def has_right(self) -> bool:
        """Whether a number is right."""
        return bool(self.right)


class Written(Asked):
    """A text typed by the person; `check` or `regex` says what fits, `wrong` what to say if it does not."""

    kind: Literal["text"]
    max_length: int = Field(200, ge=1, le=1000)
    check: Literal["email", "phone", "city"] | None = None
    regex: str | None = Field(None, max_length=200)
    wrong: Text | None = None
    right: RightWords = ()

    @property
    def is_personal(self) -> bool:
        """Whether the answer is a phone or an e-mail, kept on the person's card only."""
        return self.check in ("email", "phone")

    @property
    def attribute(self) -> str | None:
        """The attribute it is copied into; a phone or an e-mail always has one."""
        return self.saves or (self.check if self.is_personal else None)

    @property
    def has_right(self) -> bool:
        """Whether a text is right."""
        return bool(self.right)


class Day(Asked):
    """A date typed by the person, between `min` and `max`."""

    kind: Literal["date"]
    min: DateLimit | None = None
    max: DateLimit | None = None
    right: RightDays = ()

    @property
    def has_right(self) -> bool:
        """Whether a date is right."""
        return bool(self.right)


class Contact(Asked):
    """The person's own phone, shared by Telegram's button."""

    kind: Literal["contact"]
    saves: None = None

    @property
    def is_personal(self) -> bool:
        """A phone always is."""
        return True


class Location(Asked):
    """The place where the person is, shared by Telegram's button."""

    kind: Literal["location"]
    saves: None = None

    @property
    def attributes(self) -> tuple[str, ...]:
        """A place is two numbers."""
        return LATITUDE, LONGITUDE

    @property
    def is_personal(self) -> bool:
        """A place always is."""
        return True


class Statement(Asked):
    """A text with a button to go on."""

    kind: Literal["statement"]
    saves: None = None
    button: Text | None = None


class Agreement(Asked):
    """A consent to a named purpose, written into the ledger of consents with its wording."""

    kind: Literal["consent"]
    purpose: Purpose
    yes: Text | None = None
    no: Text | None = None


class Join(Asked):
    """A channel to join; whether the person has is asked of Telegram."""

    kind: Literal["join"]
    saves: None = None
    channel: str | int
    url: str | None = Field(None, max_length=256, pattern=r"^https://\S+$")

    @model_validator(mode="after")
    def _address(self) -> Self:
        is_name = isinstance(self.channel, str) and self.channel[:1] == "@" and len(self.channel) >= 5
        is_id = (
            isinstance(self.channel, int) and not isinstance(self.channel, bool) and self.channel < -(10**12)
        )
        if not is_name and not is_id:
            raise ValueError("a channel is its @name or its id; write `channel: '@name'` or `-1001234567890`")
        if is_id and self.url is None:
            raise ValueError("a channel given by its id needs a link; add `url: https://t.me/…`")
        return self

    @property
    def link(self) -> str:
        """Where a person joins."""
        return self.url or f"https://t.me/{str(self.channel).removeprefix('@')}"


def _kind(value: Any) -> str:
    return f"kind:{value.get('kind') if isinstance(value, dict) else getattr(value, 'kind', None)}"


Question = Annotated[
    Annotated[Choice, Tag("kind:choice")]
    | Annotated[Several, Tag("kind:several")]
    | Annotated[YesNo, Tag("kind:yes_no")]
    | Annotated[Scale, Tag("kind:scale")]
    | Annotated[Stars, Tag("kind:stars")]
    | Annotated[Number, Tag("kind:number")]
    | Annotated[Written, Tag("kind:text")]
    | Annotated[Day, Tag("kind:date")]
    | Annotated[Contact, Tag("kind:contact")]
    | Annotated[Location, Tag("kind:location")]
    | Annotated[Statement, Tag("kind:statement")]
    | Annotated[Agreement, Tag("kind:consent")]
    | Annotated[Join, Tag("kind:join")],
    Discriminator(_kind),
]
AnyQuestion = (
    Choice | Several | YesNo | Scale | Stars | Number | Written | Day
    | Contact | Location | Statement | Agreement | Join
)  # fmt: skip
QUESTION_KINDS: dict[str, type[Asked]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(AnyQuestion)
}
KINDS = tuple(QUESTION_KINDS)
