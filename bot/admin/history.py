"""A segment's history: who was in it on any past day, chosen by a button or typed."""

from __future__ import annotations

import asyncio
import re
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.types import FSInputFile

from bot.admin import history_views as views
from bot.admin.callbacks import HistoryTap
from bot.admin.segments import sendable
from bot.handlers.prompted import Answers, ask
from bot.screens import edit_or_send, toast
from core.clock import local_day
from core.people import prompts
from core.quizzes.dates import read_date
from core.reports.past import export_day
from core.reports.tables import ExportError
from core.segments import past
from core.segments.errors import RuleError, SegmentError
from core.segments.language import parse
from core.segments.rules import by_number
from core.segments.titles import spoken

if TYPE_CHECKING:
    from aiogram.types import CallbackQuery, Message

    from bot.turn import Turn
    from core.people.prompts import Asked
    from core.segments.past import PastDay
    from core.segments.rules import SegmentInfo

DAY = "segment_day"
_NAMED = {"today": 0, "сегодня": 0, "yesterday": 1, "вчера": 1, "позавчера": 2}
_SHORT = re.compile(r"\d{1,2}\s*[./-]\s*\d{1,2}")


def router() -> Router:
    """Build the router of past days."""
    routes = Router(name="admin-history")
    routes.message.register(_typed, F.text, Answers(DAY))
    routes.callback_query.register(_open, HistoryTap.filter(F.action == "open"))
    routes.callback_query.register(_day, HistoryTap.filter(F.action == "day"))
    routes.callback_query.register(_ask, HistoryTap.filter(F.action == "ask"))
    routes.callback_query.register(_csv, HistoryTap.filter(F.action == "csv"))
    return routes


def past_day(text: str, today: date) -> date | None:
    """Read a past day as one types it; without a year it is the latest such day that is over.

    >>> past_day("1 марта", date(2026, 2, 5)), past_day("31.12", date(2026, 2, 5))
    (datetime.date(2025, 3, 1), datetime.date(2025, 12, 31))
    >>> past_day("вчера", date(2026, 3, 1)), past_day("когда-то", date(2026, 3, 1))
    (datetime.date(2026, 2, 28), None)
    """
    plain = text.strip().casefold()
    if plain in _NAMED:
        return today - timedelta(days=_NAMED[plain])
    found = read_date(plain)
    if isinstance(found, date):
        return found
    joint = "." if _SHORT.fullmatch(plain) else " "
    for year in range(today.year, today.year - 5, -1):  # 29 February may be four years back
        found = read_date(f"{plain}{joint}{year}")
        if isinstance(found, date) and found <= today:
            return found
    return None


async def _open(query: CallbackQuery, callback_data: HistoryTap, turn: Turn) -> None:
    found = await _segment(query, callback_data.number, turn)
    if found is not None:
        await toast(query)
        text = turn.say("history-which-day", title=views.title(turn.say, found))
        keyboard = views.days_keyboard(turn.say, found.number, _today(turn))
        await turn.bot.send_message(turn.chat_id, text, reply_markup=keyboard)


async def _day(query: CallbackQuery, callback_data: HistoryTap, turn: Turn) -> None:
    found = await _segment(query, callback_data.number, turn)
    day = views.day_of(callback_data.day)
    if found is None or day is None:
        return
    await toast(query)
    await _show(turn, found, day, query.message.message_id if query.message else None)


async def _ask(query: CallbackQuery, callback_data: HistoryTap, turn: Turn) -> None:
    found = await _segment(query, callback_data.number, turn)
    if found is not None:
        await toast(query)
        text = turn.say("history-ask", title=views.title(turn.say, found))
        await ask(turn, DAY, text, turn.say("history-example"), found.number)


async def _typed(message: Message, asked: Asked, turn: Turn) -> None:
    """Show the day the owner typed; one that cannot be read is asked again by its answer."""
    day = past_day(message.text or "", _today(turn))
    if day is None:
        await turn.bot.send_message(turn.chat_id, turn.say("history-no-day"))
        return
    try:
        found = await turn.db.read(by_number, asked.about)
    except SegmentError:
        await turn.bot.send_message(turn.chat_id, turn.say("admin-segment-gone"))
        return
    if await _show(turn, found, day, None):
        await turn.db.write(prompts.answered_by, turn.sender.telegram_id)


async def _show(turn: Turn, found: SegmentInfo, day: date, message_id: int | None) -> bool:
    """Show a day in place or anew; a day still to come is told, and False."""
    keyboard = views.days_keyboard(turn.say, found.number, _today(turn), day)
    try:
        then = await asyncio.to_thread(turn.db.read_now, past.on_day, found.name, day, turn.now)
    except past.DayError:
        text = turn.say("history-future", day=views.words(day, turn.say.language))
        await turn.bot.send_message(turn.chat_id, text)
        return False
    text = views.day_text(turn.say, found, then, _rule_then(then, found, turn))
    if not then.count:
        keyboard = views.days_keyboard(turn.say, found.number, _today(turn))
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, keyboard)
    return True


def _rule_then(then: PastDay, found: SegmentInfo, turn: Turn) -> str | None:
    """Return the rule of that day in words, where it was another one than today's."""
    if then.rule is None or then.rule == found.rule:
        return None
    try:
        return spoken(parse(then.rule), turn.library).sentence(turn.say.language)
    except RuleError:  # of another version of the language
        return then.rule


async def _csv(query: CallbackQuery, callback_data: HistoryTap, turn: Turn) -> None:
    found = await _segment(query, callback_data.number, turn)
    day = views.day_of(callback_data.day)
    if found is None or day is None:
        return
    say = turn.say
    await toast(query, say("admin-csv-wait"))
    with tempfile.TemporaryDirectory(prefix="kvizor-") as folder:
        file = Path(folder) / f"{found.name}-{day.isoformat()}.csv"
        try:
            rows = await asyncio.to_thread(
                export_day, turn.db, found.name, day, file, turn.now, language=say.language
            )
        except (ExportError, SegmentError) as error:
            await turn.bot.send_message(turn.chat_id, say("admin-error", text=str(error)))
            return
        ready = await asyncio.to_thread(sendable, file)
        caption = say(
            "history-csv", title=views.title(turn.say, found), day=views.words(day, say.language), rows=rows
        )
        await turn.bot.send_document(turn.chat_id, FSInputFile(ready), caption=caption)


async def _segment(query: CallbackQuery, number: int, turn: Turn) -> SegmentInfo | None:
    """Return the segment of a button; one that is gone is said to be."""
    try:
        return await turn.db.read(by_number, number)
    except SegmentError:
        await toast(query, turn.say("admin-segment-gone"), alert=True)
        return None


def _today(turn: Turn) -> date:
    return local_day(turn.now, turn.settings.zone)
