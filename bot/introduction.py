"""Introducing ourselves to Telegram: who we are by its word, and which commands its menus show."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import BotCommand, BotCommandScopeChat

from core.errors import SettingsError

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import BotCommandScopeUnion, User

    from bot.texts import Say, Texts
    from core.settings import Settings

COMMANDS = ("start", "quiz", "topics", "settings", "privacy", "stop", "help")
OWNER_COMMANDS = (
    "segments", "series", "promo", "people", "movement", "digest", "scores", "quizzes", "funnel", "insights",
    "experiments", *COMMANDS,
)  # fmt: skip
LONGEST_PAUSE = 30.0

log = structlog.get_logger()


async def who_am_i(bot: Bot, settings: Settings) -> User:
    """Ask Telegram for our name; wait for a network. Raises SettingsError for a refused token."""
    pause = 1.0
    while True:
        try:
            return await bot.get_me()
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise SettingsError(
                "BOT_TOKEN: Telegram does not know this token; copy it from @BotFather."
            ) from None
        except AiogramError as error:
            address = settings.telegram_api_url
            log.warning("telegram_unreachable", address=address, error=str(error)[:200], pause=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def tell_commands(bot: Bot, settings: Settings, texts: Texts) -> None:
    """Fill the menus: everybody's in both languages, each owner's in his chat. Never worth failing for."""
    await _tell(bot, texts["ru"], COMMANDS)
    await _tell(bot, texts["en"], COMMANDS, language="en")
    for owner in settings.admin_ids:  # one who has not opened the bot yet has no chat, and no menu
        await _tell(bot, texts[settings.language], OWNER_COMMANDS, scope=BotCommandScopeChat(chat_id=owner))


async def _tell(
    bot: Bot,
    say: Say,
    names: tuple[str, ...],
    *,
    scope: BotCommandScopeUnion | None = None,
    language: str | None = None,
) -> None:
    commands = [BotCommand(command=name, description=say(f"command-{name}")) for name in names]
    try:
        await bot.set_my_commands(commands, scope=scope, language_code=language)
    except AiogramError as error:
        log.info("commands_not_set", scope=str(scope), error=str(error)[:200])
