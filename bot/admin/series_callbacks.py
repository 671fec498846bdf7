"""What the buttons of the owner's series carry."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from bot.callbacks import Number  # noqa: TC001 - read when the class is made

SeriesAction = Literal["list", "card", "ask", "on", "off", "take", "taken", "stop", "stopped", "picture"]


class SeriesTap(CallbackData, prefix="sr"):
    """Something about a series: the one of this number, or the shipped one of this name."""

    action: SeriesAction
    number: Number = 0
    name: str = ""
