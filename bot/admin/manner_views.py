"""How a letter leaves, as the owner reads and chooses it: the list, the night, the sound, the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.admin.callbacks import LetterChoice
from bot.admin.views import button, keyboard

if TYPE_CHECKING:
    from aiogram.types import InlineKeyboardMarkup

    from bot.admin.drafts import Manner
    from bot.texts import Say


def manner_text(say: Say, manner: Manner) -> str:
    """Return how the letter leaves: whom the list keeps, what happens at night, with or without a sound."""
    lines = [
        say(f"campaign-audience-{'live' if manner.is_live else 'frozen'}"),
        say(f"admin-night-{manner.night}"),
    ]
    lines += [say("admin-sound-off")] if manner.is_silent else []
    return "\n".join([*lines, say(f"admin-time-{manner.timing}")] if manner.timing != "moment" else lines)


def manner_keyboard(say: Say, manner: Manner, campaign_id: int, content_id: int) -> InlineKeyboardMarkup:
    """Return a button for each choice, labelled with what holds: a tap makes the other one."""
    is_held = manner.night == "hold"
    labels = {
        "frozen" if manner.is_live else "live": f"list-{'live' if manner.is_live else 'frozen'}",
        "silent" if is_held else "hold": f"night-{manner.night}",
        "loud" if manner.is_silent else "hushed": f"sound-{'off' if manner.is_silent else 'on'}",
        {"moment": "local", "local": "best", "best": "now"}[manner.timing]: f"time-{manner.timing}",
        "back": "manner-done",
    }
    return keyboard(
        *(
            [button(say(f"admin-button-{label}"), choice(what, campaign_id, content_id))]
            for what, label in labels.items()
        )
    )


def choice(what: Any, campaign: int, content: int) -> str:
    """Return what a tap on a choice says."""
    return LetterChoice(what=what, campaign=campaign, content=content).pack()
