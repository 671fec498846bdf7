"""What the owner's buttons carry: numbers and short words, so that an old button still means the same."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from bot.callbacks import Number, SegmentNumber  # noqa: TC001 - read when the class is made


class SegmentTap(CallbackData, prefix="as"):
    """Something about a segment, named by its number."""

    action: Literal["list", "card", "csv", "write"]
    number: SegmentNumber


class FamilyTap(CallbackData, prefix="ag"):
    """The segments of a family, a page of them."""

    family: str
    page: Number = 0


PresetAction = Literal["shelf", "family", "take", "open", "word", "save", "make", "on", "off"]


class PresetTap(CallbackData, prefix="ap"):
    """Something about a shipped segment: the one of this number, or the one of this name that still waits.

    `values` are those shown, joined by dots in the order of the parameters: a number, or a word's short code;
    empty for those in force. `place` is a page, or which parameter is asked about.
    """

    action: PresetAction
    number: SegmentNumber = 0
    name: str = ""
    values: str = ""
    place: Number = 0


class LetterTap(CallbackData, prefix="al"):
    """Something about a campaign; `content` is the text the owner saw when the button was shown."""

    action: Literal[
        "launch",
        "edit",
        "drop",
        "pause",
        "resume",
        "cancel",
        "sure",
        "look",
        "sample",
        "again",
        "twice",
        "leave",
        "quizzes",
        "question",
        "answers",
        "thumbs",
        "as",
    ]
    campaign: Number
    content: Number = 0


class SampleTap(CallbackData, prefix="alp"):
    """A draft shown as one person of its audience would get it."""

    campaign: Number
    person: Number


class LetterChoice(CallbackData, prefix="alc"):
    """How a draft leaves: its choices shown, or one of them made; `content` is the text the owner saw."""

    what: Literal[
        "menu", "live", "frozen", "hold", "silent", "loud", "hushed", "now", "local", "best", "back"
    ]
    campaign: Number
    content: Number


class CopiesTap(CallbackData, prefix="acp"):
    """The copies of a letter people have: changed or taken back; `go` names the change itself."""

    action: Literal["edit", "recall", "go", "sure"]
    campaign: Number


class QuizButtonTap(CallbackData, prefix="aq"):
    """A quiz chosen for the button under a draft; `content` is the text the owner saw."""

    campaign: Number
    content: Number
    quiz: str


class ImportTap(CallbackData, prefix="ai"):
    """Something about an uploaded file, named by the key of the update that brought it."""

    action: Literal["go", "drop", "currency"]
    key: str
    currency: str


class FunnelTap(CallbackData, prefix="af"):
    """Something about the funnel of a quiz, "-" for the entry quiz; `source` is a short code, "-" for all."""

    action: Literal["open", "show", "sources", "quizzes", "csv", "xlsx"]
    quiz: str
    days: Number
    source: str


LibraryAction = Literal["list", "card", "picture", "people", "yaml", "versions", "try", "on", "off", "sure"]


class LibraryTap(CallbackData, prefix="ab"):
    """Something about a quiz, or about one change of it named by its number."""

    action: LibraryAction
    quiz: str
    number: Number = 0


class HistoryTap(CallbackData, prefix="ah"):
    """Who was in a segment on a past day (`day`: 2026-03-01, or empty)."""

    action: Literal["open", "day", "ask", "csv"]
    number: SegmentNumber
    day: str = ""


class MovementTap(CallbackData, prefix="am"):
    """Who moved within a family; `span` names the two days: month, last, half, year, or months one by one.

    `number`: the segment from whose card it was asked for, 0 from the list of families.
    """

    action: Literal["list", "show", "csv"]
    family: str = ""
    span: str = "month"
    number: SegmentNumber = 0
