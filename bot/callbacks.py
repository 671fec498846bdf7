"""What the subscriber's buttons carry: it comes back from a stranger's client and is checked again."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData


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
