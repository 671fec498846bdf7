"""What every handler is given by name: its `turn`, one person's, with all that is needed to answer him."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiogram import BaseMiddleware
from aiogram.types import Chat, Update, User

from bot.turn import Turn
from core import clock
from core.people.subscribers import Sender, language_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiogram.types import TelegramObject

    from bot.texts import Texts
    from core.settings import Settings


def sender_of(user: User) -> Sender:
    """Return a Telegram user as the core knows him."""
    return Sender(
        telegram_id=user.id,
        first_name=user.first_name,
        last_name=user.last_name or "",
        username=user.username or "",
        language_code=user.language_code or "",
        is_premium=bool(user.is_premium),
    )


class Context(BaseMiddleware):
    """Adds `turn`; what is no person's own chat with the bot goes no further."""

    def __init__(self, settings: Settings, texts: Texts) -> None:
        self._settings = settings
        self._texts = texts

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Gather the turn of the person who speaks."""
        user: User | None = data.get("event_from_user")
        chat: Chat | None = data.get("event_chat")
        if not isinstance(event, Update) or user is None or user.is_bot:
            return None
        if chat is not None and chat.type != "private":
            return None
        told = language_of(user.language_code or "", self._settings.language)
        data["turn"] = Turn(
            bot=data["bot"],
            db=data["db"],
            library=data["library"],
            settings=self._settings,
            texts=self._texts,
            sender=sender_of(user),
            say=self._texts.to(user.id, told),
            now=clock.now(),
            key=f"u{event.update_id}",
            memory=data["memory"],
        )
        return await handler(event, data)
