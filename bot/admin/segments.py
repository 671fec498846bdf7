"""/segments: what matters as a picture, families, a segment as a card, its people as a file."""

from __future__ import annotations

import asyncio
import gzip
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import BufferedInputFile, FSInputFile

from bot.admin import composer, guards, views
from bot.admin import segment_lists as lists
from bot.admin.callbacks import FamilyTap, SegmentTap
from bot.admin.insight_texts import kinds_line
from bot.admin.rule_words import aloud, titles
from bot.admin.told_callbacks import GuardTap
from bot.screens import edit_or_send, toast
from core.reports import charts, kinds, tables
from core.reports.overview import overview
from core.reports.segment import card, is_lacking
from core.segments import rules
from core.segments.errors import RuleError, SegmentError
from core.segments.language import parse
from core.segments.titles import worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.reports.overview import Overview
    from core.reports.segment import Card

PICTURED = 16  # bars a phone shows without scrolling far
UPLOAD_BYTES = 45 * 1024 * 1024  # Telegram takes 50 MB from a bot; a larger table is packed


def router() -> Router:
    """Build the router of segments."""
    routes = Router(name="admin-segments")
    routes.message.register(_segments, Command("segments"))
    routes.callback_query.register(_back, SegmentTap.filter(F.action == "list"))
    routes.callback_query.register(_family, FamilyTap.filter())
    routes.callback_query.register(_card, SegmentTap.filter(F.action == "card"))
    routes.callback_query.register(_csv, SegmentTap.filter(F.action == "csv"))
    routes.callback_query.register(_snooze, GuardTap.filter(F.action == "snooze"))
    routes.callback_query.register(composer.begin, SegmentTap.filter(F.action == "write"))
    return routes


async def _segments(_message: Message, turn: Turn) -> None:
    await show_overview(turn)


async def _back(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    found = await turn.db.read(overview, turn.now)
    await _show_list(turn, found, query.message.message_id if query.message else None)


async def _snooze(query: CallbackQuery, callback_data: GuardTap, turn: Turn) -> None:
    """Put an alarm off: it leaves the list at once."""
    await guards.snooze(query, callback_data, turn)
    found = await turn.db.read(overview, turn.now)
    await _show_list(turn, found, query.message.message_id if query.message else None)


async def show_overview(turn: Turn) -> None:
    """Show the picture of what matters and the families to choose from."""
    bot, say, chat_id = turn.bot, turn.say, turn.chat_id
    found = await turn.db.read(overview, turn.now)
    if not found.lines:
        await bot.send_message(chat_id, say("admin-no-segments"))
        return
    titles = {one.name: lists.family_title(say, one) for one in found.families}
    shown = found.telling(PICTURED)
    picture = await asyncio.to_thread(charts.overview_chart, shown, say.language, titles)
    await bot.send_photo(chat_id, BufferedInputFile(picture, "segments.png"))
    await _show_list(turn, found, None)


async def _show_list(turn: Turn, found: Overview, message_id: int | None) -> None:
    alarms, helping = await guards.on_top(turn)
    text, keyboard = lists.overview_text(turn.say, found, turn.now), lists.overview_keyboard(turn.say, found)
    keyboard.inline_keyboard[:0] = helping
    text = f"{alarms}\n\n{text}" if alarms else text
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, keyboard)


async def _family(query: CallbackQuery, callback_data: FamilyTap, turn: Turn) -> None:
    await toast(query)
    await show_family(query, turn, callback_data.family, callback_data.page)


async def show_family(query: CallbackQuery, turn: Turn, name: str, page: int = 0) -> None:
    """Show a page of a family; one that has nothing any more gives way to the list of all."""
    found = await turn.db.read(overview, turn.now)
    family = next((one for one in found.families if one.name == name), None)
    if family is None:
        await _show_list(turn, found, query.message.message_id if query.message else None)
        return
    page = min(page, lists.pages_of(len(family.lines)) - 1)
    empty = await turn.db.read(_without_data, lists.empty_on_page(family, page))
    text = lists.family_text(turn.say, family, page, empty)
    keyboard = lists.family_keyboard(turn.say, family, page)
    at = query.message.message_id if query.message else None
    await edit_or_send(turn.bot, turn.chat_id, at, text, keyboard)


def _without_data(session: Session, names: Sequence[str]) -> frozenset[int]:
    """Return the numbers of those of these segments whose rules ask for data nobody has."""
    found = [rules.find(session, name) for name in names]
    return frozenset(one.number for one in found if is_lacking(session, one.rule))


async def _card(query: CallbackQuery, callback_data: SegmentTap, turn: Turn) -> None:
    found = await _found(query, callback_data.number, turn)
    if found is None:
        return
    await toast(query)
    bot, say, chat_id = turn.bot, turn.say, turn.chat_id
    title = found.title(say.language)
    picture = await asyncio.to_thread(charts.segment_chart, found.points, title, say.language)
    photo = BufferedInputFile(picture, f"{found.name}.png")
    text = views.card_text(say, found, turn.now, turn.settings.currency, _questions(turn))
    split = await turn.db.read(kinds.of_members, found.number, turn.now)
    text += f"\n\n{say('insights-kinds', kinds=kinds_line(say, split))}" if len(split) > 1 else ""
    buttons = views.card_keyboard(say, found)
    if views.visible_length(text) <= views.LONGEST_CAPTION:
        await bot.send_photo(chat_id, photo, caption=text, reply_markup=buttons)
        return
    await bot.send_photo(chat_id, photo)
    await bot.send_message(chat_id, text, reply_markup=buttons)


async def _found(query: CallbackQuery, number: int, turn: Turn) -> Card | None:
    """Return the segment of a button; one that is gone is said to be."""
    try:
        found = await turn.db.read(card, number, turn.now, turn.settings.entry_quiz)
    except SegmentError:
        await toast(query, turn.say("admin-segment-gone"), alert=True)
        return None
    return _in_words(found, turn, await turn.db.read(titles, turn.say.language))


def _in_words(found: Card, turn: Turn, names: Mapping[str, str]) -> Card:
    """Return the card with words of quizzes and titles of segments in its sentence instead of ids."""
    try:
        told = aloud(parse(found.rule), turn.library, names, turn.say.language)
    except RuleError:  # of another version: the card shows it stale
        return found
    scarce = tuple(replace(one, field=worded(one.field, turn.library)) for one in found.scarce)
    return replace(found, rule_ru=told, rule_en=told, scarce=scarce)


def _questions(turn: Turn) -> dict[str, str]:
    """Return the words of the entry quiz's questions by id."""
    loaded = turn.library.quizzes.get(turn.settings.entry_quiz)
    if loaded is None:
        return {}
    language = loaded.quiz.language_for(turn.say.language)
    return {one.id: views.question_words(one.text.of(language)) for one in loaded.quiz.questions}


async def _csv(query: CallbackQuery, callback_data: SegmentTap, turn: Turn) -> None:
    found = await _found(query, callback_data.number, turn)
    if found is None:
        return
    bot, say, chat_id = turn.bot, turn.say, turn.chat_id
    language, currency = say.language, turn.settings.currency
    await toast(query, say("admin-csv-wait"))
    with tempfile.TemporaryDirectory(prefix="kvizor-") as folder:
        file = Path(folder) / f"{found.name}-{turn.now.astimezone(turn.settings.zone):%Y-%m-%d}.csv"
        try:
            rows = await asyncio.to_thread(
                tables.export_segment, turn.db, found.name, file, language=language, currency=currency
            )
        except tables.ExportError as error:
            await bot.send_message(chat_id, say("admin-error", text=str(error)))
            return
        ready = await asyncio.to_thread(sendable, file)
        caption = say("admin-csv", title=found.title(language), rows=rows)
        await bot.send_document(chat_id, FSInputFile(ready), caption=caption)


def sendable(file: Path) -> Path:
    """Return the file, packed if Telegram would not take it as it is."""
    if file.stat().st_size <= UPLOAD_BYTES:
        return file
    packed = file.with_name(f"{file.name}.gz")
    with file.open("rb") as plain, gzip.open(packed, "wb", compresslevel=6) as target:
        shutil.copyfileobj(plain, target, 1 << 20)
    return packed
