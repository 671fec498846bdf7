"""Screens: show a state in place or anew, so that showing it twice does no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram.exceptions import TelegramBadRequest

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import CallbackQuery, InlineKeyboardMarkup

_SHOWN = ("message is not modified",)
_GONE = ("message to edit not found", "message can't be edited", "there is no text in the message to edit")
_LATE = ("query is too old", "query ID is invalid")


async def edit_or_send(
    bot: Bot, chat_id: int, message_id: int | None, text: str, keyboard: InlineKeyboardMarkup | None = None
) -> int:
    """Edit the message in place, or send a new one where it is gone; returns the id of what is shown."""
    if message_id is not None and await _edited(bot, chat_id, message_id, text, keyboard):
        return message_id
    sent = await bot.send_message(chat_id, text, reply_markup=keyboard)
    return sent.message_id


async def _edited(
    bot: Bot, chat_id: int, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None
) -> bool:
    try:
        await bot.edit_message_text(text, chat_id=chat_id, message_id=message_id, reply_markup=keyboard)
    except TelegramBadRequest as error:
        if any(words in error.message for words in _SHOWN):
            return True
        if any(words in error.message for words in _GONE):
            return False
        raise
    return True


async def without_buttons(bot: Bot, chat_id: int, message_id: int) -> None:
    """Take the buttons off a message that is still shown; one that is gone needs nothing."""
    try:
        await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id, reply_markup=None)
    except TelegramBadRequest as error:
        if not any(words in error.message for words in (*_SHOWN, *_GONE)):
            raise


async def toast(query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
    """Answer a tap; an answer that comes too late is as good as shown."""
    try:
        await query.answer(text or None, show_alert=alert)
    except TelegramBadRequest as error:
        if not any(words in error.message for words in _LATE):
            raise
