"""/segments: every segment with a picture, one segment as a card, its people as a file."""

from __future__ import annotations

import asyncio
import gzip
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import BufferedInputFile, FSInputFile

from bot.admin import composer, views
from bot.admin.callbacks import SegmentTap
from bot.screens import toast
from core.reports import charts, tables
from core.reports.overview import overview
from core.reports.segment import card
from core.segments.errors import SegmentError

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram import Bot
    from aiogram.types import CallbackQuery, Message

    from bot.texts import Say
    from core.db import Database
    from core.quizzes.loader import Library
    from core.settings import Settings

UPLOAD_BYTES = 45 * 1024 * 1024  # Telegram takes 50 MB from a bot; a larger table is packed


def router() -> Router:
    """Build the router of segments."""
    routes = Router(name="admin-segments")
    routes.message.register(_segments, Command("segments"))
    routes.callback_query.register(_back, SegmentTap.filter(F.action == "list"))
    routes.callback_query.register(_card, SegmentTap.filter(F.action == "card"))
    routes.callback_query.register(_csv, SegmentTap.filter(F.action == "csv"))
    routes.callback_query.register(composer.begin, SegmentTap.filter(F.action == "write"))
    return routes


async def _segments(message: Message, bot: Bot, db: Database, say: Say, now: datetime) -> None:
    await show_overview(bot, message.chat.id, db, say, now)


async def _back(query: CallbackQuery, bot: Bot, db: Database, say: Say, now: datetime) -> None:
    await toast(query)
    await show_overview(bot, query.from_user.id, db, say, now)


async def show_overview(bot: Bot, chat_id: int, db: Database, say: Say, now: datetime) -> None:
    """Show the picture of all segments and the list to choose from."""
    found = await db.read(overview, now)
    if not found.lines:
        await bot.send_message(chat_id, say("admin-no-segments"))
        return
    picture = await asyncio.to_thread(charts.overview_chart, found.lines, say.language)
    await bot.send_photo(chat_id, BufferedInputFile(picture, "segments.png"))
    await bot.send_message(
        chat_id, views.overview_text(say, found, now), reply_markup=views.overview_keyboard(say, found)
    )


async def _card(
    query: CallbackQuery,
    callback_data: SegmentTap,
    bot: Bot,
    db: Database,
    settings: Settings,
    library: Library,
    say: Say,
    now: datetime,
) -> None:
    try:
        found = await db.read(card, callback_data.number, now, settings.entry_quiz)
    except SegmentError:
        await toast(query, say("admin-segment-gone"), alert=True)
        return
    await toast(query)
    title = found.title(say.language)
    picture = await asyncio.to_thread(charts.segment_chart, found.points, title, say.language)
    photo = BufferedInputFile(picture, f"{found.name}.png")
    text = views.card_text(say, found, now, settings.currency, _questions(library, settings, say))
    buttons = views.card_keyboard(say, found)
    if views.visible_length(text) <= views.LONGEST_CAPTION:
        await bot.send_photo(query.from_user.id, photo, caption=text, reply_markup=buttons)
        return
    await bot.send_photo(query.from_user.id, photo)
    await bot.send_message(query.from_user.id, text, reply_markup=buttons)


def _questions(library: Library, settings: Settings, say: Say) -> dict[str, str]:
    """Return the words of the entry quiz's questions by id."""
    loaded = library.quizzes.get(settings.entry_quiz)
    if loaded is None:
        return {}
    language = loaded.quiz.language_for(say.language)
    return {one.id: views.question_words(one.text.of(language)) for one in loaded.quiz.questions}


async def _csv(
    query: CallbackQuery,
    callback_data: SegmentTap,
    bot: Bot,
    db: Database,
    settings: Settings,
    say: Say,
    now: datetime,
) -> None:
    try:
        found = await db.read(card, callback_data.number, now, settings.entry_quiz)
    except SegmentError:
        await toast(query, say("admin-segment-gone"), alert=True)
        return
    await toast(query, say("admin-csv-wait"))
    with tempfile.TemporaryDirectory(prefix="kvizor-") as folder:
        file = Path(folder) / f"{found.name}-{now.astimezone(settings.zone):%Y-%m-%d}.csv"
        try:
            rows = await asyncio.to_thread(
                tables.export_segment, db, found.name, file, language=say.language, currency=settings.currency
            )
        except tables.ExportError as error:
            await bot.send_message(query.from_user.id, say("admin-error", text=str(error)))
            return
        ready = await asyncio.to_thread(_sendable, file)
        caption = say("admin-csv", title=found.title(say.language), rows=rows)
        await bot.send_document(query.from_user.id, FSInputFile(ready), caption=caption)


def _sendable(file: Path) -> Path:
    """Return the file, packed if Telegram would not take it as it is."""
    if file.stat().st_size <= UPLOAD_BYTES:
        return file
    packed = file.with_name(f"{file.name}.gz")
    with file.open("rb") as plain, gzip.open(packed, "wb", compresslevel=6) as target:
        shutil.copyfileobj(plain, target, 1 << 20)
    return packed
