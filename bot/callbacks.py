"""What the subscriber's buttons carry: it comes back from a stranger's client and is checked again."""

from __future__ import annotations

from typing import Annotated, Literal

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

Number = Annotated[
    int, Field(ge=0, le=2**63 - 1)
]  # what the id of a row can be; no other is a button of ours

SegmentNumber = Annotated[int, Field(ge=0, le=2**31 - 1)]  # segments are counted in INTEGER: few, for masks


class ConsentTap(CallbackData, prefix="c"):
    """A consent given or refused."""

    purpose: Literal["data", "advertising"]
    given: bool


class Menu(CallbackData, prefix="m"):
    """A plain way onward: the quiz, letters again."""

    action: Literal["quiz", "resume"]


class QuizTap(CallbackData, prefix="qz"):
    """A quiz chosen from the list of them."""

    quiz: str


class TopicTap(CallbackData, prefix="tp"):
    """A topic left or chosen by the one who taps."""

    topic: Number
    is_on: bool


class SettingTap(CallbackData, prefix="st"):
    """A setting of the one who taps; `value` is checked against what may be chosen."""

    what: Literal["open", "language", "quiet", "best", "city", "place", "zones", "zone", "pick"]
    value: str = ""


class PrivacyTap(CallbackData, prefix="pv"):
    """Something about the data of the one who taps; `step`: how many acts of consent there were before."""

    action: Literal["open", "data", "texts", "ask", "withdraw", "give", "forget", "erase", "keep"]
    purpose: str = ""  # checked against what the person was asked about
    step: Number = 0


class TopicAct(CallbackData, prefix="ato"):
    """The owner's: something about a topic, or about the topic of a letter (`campaign`, with its text)."""

    action: Literal["list", "add", "rename", "hide", "show", "done", "letter", "pick"]
    topic: Number = 0
    campaign: Number = 0
    content: Number = 0
