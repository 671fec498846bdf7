"""What the buttons of rules carry: a segment and a version of its rule, or a draft as it was when shown."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from bot.callbacks import Number, SegmentNumber  # noqa: TC001 - read when the class is made


class RuleTap(CallbackData, prefix="arl"):
    """Something about the rule of a segment, or of a new one."""

    action: Literal[
        "new", "edit", "versions", "version", "return", "off", "sure", "on", "title", "delete", "gone"
    ]
    number: SegmentNumber = 0
    version: Number = 0


class DraftTap(CallbackData, prefix="ard"):
    """A tap on a draft; `revision` is that of the screen, `pick` which of its choices."""

    action: str
    draft: Number
    revision: Number
    pick: Number = 0
