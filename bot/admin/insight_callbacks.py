"""What the buttons of «what an owner learns» carry: short codes of fields, days, a choice, a segment."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from bot.callbacks import Number  # noqa: TC001 - read when the class is made

Report = Literal["cross", "common", "goods", "pairs", "spend", "stages", "links", "hidden"]
Act = Literal["menu", "pick", "open", "show", "csv", "xlsx", "how", "find", "keep"]
NONE = "-"


class InsightTap(CallbackData, prefix="ax"):
    """Something about a report. `first` and `second`: fields of a cross-tab; `what`: the measure or order.

    For a hidden group to keep `what` is its mark. `number` is a segment; `days` are those of purchases, 0 for
    ever.
    """

    act: Act
    report: str = NONE
    first: str = NONE
    second: str = NONE
    what: str = NONE
    days: Number = 0
    number: Number = 0
