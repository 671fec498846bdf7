"""What the buttons about people carry."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from bot.callbacks import Number, SegmentNumber  # noqa: TC001 - read when the class is made


class PeopleTap(CallbackData, prefix="pl"):
    """The people of a segment on the page beyond a stay, or the question who is looked for.

    `first`: the place of the first of them, `beyond`: 0 for the page of those who entered last.
    """

    action: Literal["inside", "newer", "find"]
    segment: SegmentNumber = 0
    first: Number = 0
    beyond: Number = 0


class PersonTap(CallbackData, prefix="pe"):
    """Something about one person; `value` is a segment, a page, a sex or the checksum of a tag."""

    action: Literal[
        "card", "open", "facts", "why", "whyof", "tags", "tag", "untag", "history", "gender", "set"
    ]
    person: Number
    value: Number = 0
