"""Screens: show a state in place or anew, so that showing it twice does no harm."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import FSInputFile, InputMediaPhoto

from bot.pictures import Picture, file_key

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from aiogram import Bot
    from aiogram.types import (
        CallbackQuery,
        InlineKeyboardMarkup,
        InputFile,
        ReplyKeyboardMarkup,
        ReplyKeyboardRemove,
    )

    from bot.memory import Memory
    from bot.pictures import FileKey

_SHOWN = ("message is not modified",)
_GONE = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
    "there is no media in the message to edit",
)
_LATE = ("query is too old", "query ID is invalid")
_UNKNOWN_FILE = ("wrong file identifier", "wrong file_id", "file_id")
CAPTION_LIMIT = 1024


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a message of ours should look like; under a picture the text is its caption, if it fits."""

    text: str
    keyboard: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None = None
    picture: Picture | None = None

    @property
    def is_captioned(self) -> bool:
        """Whether the text fits under the picture; a longer one follows as a message of its own."""
        plain = html.unescape(re.sub(r"<[^>]+>", "", self.text))
        return self.picture is not None and len(plain.encode("utf-16-le")) // 2 <= CAPTION_LIMIT


async def send(bot: Bot, memory: Memory, chat_id: int, sheet: Sheet) -> int:
    """Send a sheet as a new message; returns the id of the message with the text and the buttons."""
    if sheet.picture is None:
        return (await bot.send_message(chat_id, sheet.text, reply_markup=sheet.keyboard)).message_id
    if sheet.is_captioned:
        shown = await _send_photo(bot, memory, chat_id, sheet, sheet.picture)
    else:
        await _send_photo(bot, memory, chat_id, Sheet("", None, sheet.picture), sheet.picture)
        shown = (await bot.send_message(chat_id, sheet.text, reply_markup=sheet.keyboard)).message_id
    memory.pictures.keep((chat_id, shown), sheet.picture.key)
    return shown


async def replace(
    bot: Bot, memory: Memory, chat_id: int, old: int, sheet: Sheet, keyboard: InlineKeyboardMarkup | None
) -> int:
    """Turn an old message into a sheet where Telegram can, else send the sheet and unbutton the old one."""
    has_picture = memory.pictures.get((chat_id, old))
    if sheet.picture is None:
        is_shown = has_picture is None and await _edited(bot, chat_id, old, sheet.text, keyboard)
    elif has_picture is None:
        is_shown = False
    elif not sheet.is_captioned:
        is_there = has_picture == sheet.picture.key
        is_shown = is_there and await _edited(bot, chat_id, old, sheet.text, keyboard)
    else:
        is_shown = await _edited_photo(bot, memory, (chat_id, old), sheet, keyboard)
    if is_shown:
        return old
    await without_buttons(bot, chat_id, old)
    return await send(bot, memory, chat_id, sheet)


async def edit_or_send(
    bot: Bot, chat_id: int, message_id: int | None, text: str, keyboard: InlineKeyboardMarkup | None = None
) -> int:
    """Edit the message in place, or send a new one where it is gone; returns the id of what is shown."""
    if message_id is not None and await _edited(bot, chat_id, message_id, text, keyboard):
        return message_id
    sent = await bot.send_message(chat_id, text, reply_markup=keyboard)
    return sent.message_id


async def send_document(bot: Bot, memory: Memory, chat_id: int, path: Path) -> None:
    """Send a file, uploaded once as long as the process lives."""

    async def call(file: str | InputFile) -> str | None:
        sent = await bot.send_document(chat_id, file)
        return sent.document.file_id if sent.document is not None else None

    await _uploaded_once(memory, (file_key(path),), lambda: FSInputFile(path), call)


async def _send_photo(bot: Bot, memory: Memory, chat_id: int, sheet: Sheet, picture: Picture) -> int:
    shown: list[int] = []

    async def call(photo: str | InputFile) -> str | None:
        sent = await bot.send_photo(chat_id, photo, caption=sheet.text or None, reply_markup=sheet.keyboard)
        shown.append(sent.message_id)
        return sent.photo[-1].file_id if sent.photo else None

    await _uploaded_once(memory, picture.key, picture.upload, call)
    return shown[-1]


async def _uploaded_once(
    memory: Memory,
    key: FileKey,
    upload: Callable[[], InputFile],
    call: Callable[[str | InputFile], Awaitable[str | None]],
) -> None:
    """Send what Telegram has by its name; a name it has forgotten is uploaded anew."""
    known = memory.file_ids.get(key)
    try:
        file_id = await call(known if known is not None else await asyncio.to_thread(upload))
    except TelegramBadRequest as error:
        if known is None or not _says(error, _UNKNOWN_FILE):
            raise
        file_id = await call(await asyncio.to_thread(upload))
    if file_id is not None:
        memory.file_ids.keep(key, file_id)


async def _edited(
    bot: Bot, chat_id: int, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None
) -> bool:
    try:
        await bot.edit_message_text(text, chat_id=chat_id, message_id=message_id, reply_markup=keyboard)
    except TelegramBadRequest as error:
        return _stands(error)
    return True


async def _edited_photo(
    bot: Bot, memory: Memory, place: tuple[int, int], sheet: Sheet, keyboard: InlineKeyboardMarkup | None
) -> bool:
    """Edit the caption where the picture stays, else the picture too; a picture of long ago is sent anew."""
    (chat_id, old), picture = place, sheet.picture
    if picture is None:
        return False

    async def call(photo: str | InputFile) -> str | None:
        media = InputMediaPhoto(media=photo, caption=sheet.text)
        changed = await bot.edit_message_media(media, chat_id=chat_id, message_id=old, reply_markup=keyboard)
        return changed.photo[-1].file_id if not isinstance(changed, bool) and changed.photo else None

    try:
        if memory.pictures.get(place) == picture.key:
            await bot.edit_message_caption(
                chat_id=chat_id, message_id=old, caption=sheet.text, reply_markup=keyboard
            )
            return True
        await _uploaded_once(memory, picture.key, picture.upload, call)
    except TelegramBadRequest as error:
        return _stands(error)
    memory.pictures.keep(place, picture.key)
    return True


async def without_buttons(bot: Bot, chat_id: int, message_id: int) -> None:
    """Take the buttons off a message that is still shown; one that is gone needs nothing."""
    try:
        await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id, reply_markup=None)
    except TelegramBadRequest as error:
        _stands(error)


async def toast(query: CallbackQuery, text: str = "", *, alert: bool = False) -> None:
    """Answer a tap; an answer that comes too late is as good as shown."""
    try:
        await query.answer(text or None, show_alert=alert)
    except TelegramBadRequest as error:
        if not _says(error, _LATE):
            raise


def _stands(error: TelegramBadRequest) -> bool:
    """Say whether a refused edit means that the message shows this already, not that it is gone."""
    if _says(error, _SHOWN):
        return True
    if _says(error, _GONE):
        return False
    raise error


def _says(error: TelegramBadRequest, words: tuple[str, ...]) -> bool:
    return any(one in error.message for one in words)
