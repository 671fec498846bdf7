"""What the buttons under alarms and digests carry."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from bot.callbacks import Number  # noqa: TC001 - read when the class is made


class GuardTap(CallbackData, prefix="gd"):
    """What helps against an alarm of this number, or quiet about it: in the list, or under a digest."""

    action: Literal["refresh", "what", "snooze", "hush"]
    number: Number


class DigestTap(CallbackData, prefix="dg"):
    """Another period of the digest at once, or how often it comes from now on."""

    action: Literal["show", "choose"]
    rhythm: Literal["daily", "weekly", "off"]
