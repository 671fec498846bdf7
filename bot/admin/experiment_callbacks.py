"""What the buttons of the owner's experiments carry."""

from __future__ import annotations

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from bot.callbacks import Number  # noqa: TC001 - read when the class is made

ExperimentAction = Literal[
    "menu", "second", "held", "goal", "hours", "tested", "holdout", "rollout", "drop", "look", "rest",
    "journal",
]  # fmt: skip


class ExperimentTap(CallbackData, prefix="ex"):
    """Something about an experiment; `content` is the text the owner saw, `value` what is chosen."""

    action: ExperimentAction
    campaign: Number = 0
    content: Number = 0
    value: Number = 0
