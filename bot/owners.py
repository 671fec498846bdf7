"""Speaking to the owners: a message that cannot be delivered stays in the log and stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from aiogram.exceptions import AiogramError

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import InlineKeyboardMarkup

    from core.settings import Settings

log = structlog.get_logger()


async def tell(
    bot: Bot,
    settings: Settings,
    text: str,
    *,
    but: int | None = None,
    buttons: InlineKeyboardMarkup | None = None,
) -> int:
    """Send a text to every owner (`but` one); returns how many got it.

    An owner who has never opened the bot has no chat with it and is passed over.
    """
    reached = 0
    for owner in settings.admin_ids:
        if owner == but:
            continue
        try:
            await bot.send_message(owner, text, reply_markup=buttons)
        except AiogramError as error:
            log.warning("owner_not_told", owner=owner, error=str(error)[:200], text=text[:200])
        else:
            reached += 1
    return reached
