"""Filters: who speaks, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, Message

if TYPE_CHECKING:
    from core.settings import Settings


class IsOwner(BaseFilter):
    """One of ADMIN_IDS, in his private chat with the bot: names and groups give no rights."""

    async def __call__(self, event: Message | CallbackQuery, settings: Settings) -> bool:
        """Say whether the event is an owner's own."""
        message = event if isinstance(event, Message) else event.message
        is_private = message is not None and message.chat.type == "private"
        return event.from_user is not None and event.from_user.id in settings.admin_ids and is_private
