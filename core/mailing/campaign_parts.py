"""The shape of a campaign file: which keys it has, what they may hold, and how a wrong one is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import KvizorError
from core.mailing.messenger import KINDS, Kind
from core.quizzes.problems import Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic_core import ErrorDetails

    from core.quizzes.source import Source

Place = tuple[str | int, ...]
FILE_KINDS = tuple(kind for kind in KINDS if kind not in ("text", "poll"))


class CampaignFileError(KvizorError):
    """A file is no campaign; the message lists every problem, one a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ButtonPart(_Part):
    """One button: its words and what it does."""

    text: str
    url: str | None = None
    quiz: str | None = None
    action: str | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> ButtonPart:
        if sum(one is not None for one in (self.url, self.quiz, self.action)) != 1:
            raise ValueError("a button does one thing; give it `url:`, `quiz:` or `action:`")
        return self

    def stored(self) -> dict[str, str]:
        """Return the button as content keeps it."""
        if self.url is not None:
            return {"text": self.text, "url": self.url}
        return {"text": self.text, "action": self.action or f"quiz.{self.quiz}"}


class LetterPart(_Part):
    """The letter in one language."""

    text: str = ""
    photo: str | None = None
    video: str | None = None
    animation: str | None = None
    voice: str | None = None
    video_note: str | None = None
    audio: str | None = None
    document: str | None = None
    buttons: list[list[ButtonPart]] = []

    @model_validator(mode="after")
    def _holds_something(self) -> LetterPart:
        if len(self.files) > 1:
            named = " or ".join(f"`{kind}:`" for kind in self.files)
            raise ValueError(f"a letter carries one file; keep {named}")
        if not (self.text.strip() or self.files):
            raise ValueError("the letter is empty; give it a `text:`")
        return self

    @property
    def files(self) -> dict[Kind, str]:
        """Names of files by what they are sent as; a letter that passed its check has at most one."""
        return {kind: name for kind in FILE_KINDS if (name := getattr(self, kind)) is not None}

    @property
    def file(self) -> str | None:
        """The name of the file the letter carries."""
        return next(iter(self.files.values()), None)

    @property
    def kind(self) -> Kind:
        """What Telegram calls such a letter."""
        return next(iter(self.files), "text")


class ContentPart(_Part):
    """The letter by language; the first one given serves everybody whose own is missing."""

    ru: LetterPart | None = None
    en: LetterPart | None = None

    @model_validator(mode="after")
    def _has_a_language(self) -> ContentPart:
        if self.ru is None and self.en is None:
            raise ValueError("there is no letter here; write it below `ru:` or `en:`")
        return self


class VariantPart(_Part):
    """A letter for those of the audience for whom a rule holds."""

    rule: str = Field(min_length=1)
    content: ContentPart


class CapsPart(_Part):
    """How many letters a person gets at most, this one included; 0: as many as there are."""

    day: int | None = Field(None, ge=0)
    week: int | None = Field(None, ge=0)
    topic: int | None = Field(None, ge=0)


class ExperimentPart(_Part):
    """What is tried besides `content:`: other letters, or people who get none; docs/experiments.md."""

    others: list[ContentPart] = []
    goal: Literal["tap", "reply", "sign", "purchase"] = "tap"
    hours: int = Field(72, ge=1, le=24 * 90)
    shares: list[float] = []  # of `content:` and the others; none: alike
    tested: float = Field(1.0, gt=0, le=1)
    holdout: float = 0.0
    winner: Literal["owner", "auto"] = "owner"


class CampaignPart(_Part):
    """The whole file."""

    name: str = Field(min_length=1, max_length=128)
    key: str | None = Field(None, min_length=1, max_length=128)
    audience: str | None = None
    segment: str | None = None
    membership: Literal["live", "frozen"] = "live"
    purpose: Literal["advertising", "service"] = "advertising"
    topic: str | None = None
    silent: bool = False
    quiet_hours: Literal["hold", "silent"] = "hold"
    caps: CapsPart | None = None
    few_first: bool = True
    schedule: Any = "now"  # campaign_schedule.py reads it
    expires_hours: int | None = Field(None, ge=1, le=24 * 30)
    variants: list[VariantPart] = []
    content: ContentPart | None = None
    experiment: ExperimentPart | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> CampaignPart:
        if (self.audience is None) == (self.segment is None):
            raise ValueError("the file must say whom to write to; give it `audience:` (a rule) or `segment:`")
        if self.content is None and not self.variants:
            raise ValueError("there is nothing to send; give it `content:`")
        if self.experiment is not None and self.variants:
            raise ValueError("an experiment deals its letters by lot, not by rule; take `variants:` out")
        return self

    @property
    def rule(self) -> str:
        """The audience as a rule."""
        return self.audience if self.audience is not None else f'in segment "{self.segment}"'


def validated(source: Source) -> CampaignPart:
    """Return what a file holds. Raises CampaignFileError with every wrong key and value."""
    if not isinstance(source.data, dict):
        what, remedy = "this is not a campaign", "begin with `name:`, `audience:`, `content:`"
        raise CampaignFileError([source.problem((), what, remedy)])
    try:
        return CampaignPart.model_validate(source.data)
    except ValidationError as error:
        told = error.errors(include_url=False)
        raise CampaignFileError(_problem(source, one) for one in told) from None


def _problem(source: Source, error: ErrorDetails) -> Problem:
    """Translate one error of pydantic: its place, and a sentence with a remedy."""
    loc = tuple(part for part in error["loc"] if not str(part).startswith(("literal[", "dict[")))
    key = str(loc[-1]) if loc else "campaign"
    match error["type"]:
        case "extra_forbidden":
            return source.problem((*loc, ""), f"unknown key `{key}`", nearest(key, _known(loc[:-1])))
        case "missing":
            return source.problem(loc, f"`{key}` is missing", f"add `{key}: …` here")
        case "value_error":
            what, _, remedy = str(error["ctx"]["error"]).partition("; ")
            return source.problem(loc, what, remedy)
        case "literal_error":
            words = str(error["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
            return source.problem(
                loc, f"`{key}` is one of {words}", nearest(str(error["input"]), words.split(", "))
            )
    message = error["msg"].removeprefix("Input should be ")
    return source.problem(loc, f"`{key}` should be {message}", f"change {str(error['input'])[:40]!r}")


def _known(loc: Place) -> list[str]:
    """Return the keys known at a place of the file."""
    model: type[BaseModel] = CampaignPart
    below: dict[str, type[BaseModel]] = {"content": ContentPart, "variants": VariantPart, "caps": CapsPart}
    below |= {"ru": LetterPart, "en": LetterPart, "experiment": ExperimentPart, "others": ContentPart}
    for step in loc:
        model = ButtonPart if step == "buttons" else below.get(str(step), model)
    return list(model.model_fields)
