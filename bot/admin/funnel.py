"""/funnel: where people leave on their way from the first opening to the file, by quiz, period and source."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command
from aiogram.types import BufferedInputFile, InputMediaPhoto

from bot.admin import funnel_views as views
from bot.admin.callbacks import FunnelTap
from bot.admin.insight_texts import kinds_line
from bot.admin.views import visible_length
from bot.screens import CAPTION_LIMIT, toast
from core.reports import funnel, funnel_tables, kinds
from core.reports.charts_funnel import funnel_chart
from core.reports.csv_table import as_csv, separator_of

if TYPE_CHECKING:
    from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

    from bot.turn import Turn
    from core.quizzes.definition import Quiz
    from core.reports.funnel import Funnel

DAYS = 30  # the period shown first
SLOW_SECONDS = 1.0  # a funnel that took longer is shown again for KEPT instead of being counted anew
KEPT = timedelta(minutes=10)


class FunnelWindow:
    """The window of the funnel. What took long to count is kept for a while; all else stands in buttons."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, int], Funnel] = {}
        self._counting = asyncio.Lock()

    def router(self) -> Router:
        """Build the router of the funnel."""
        routes = Router(name="admin-funnel")
        routes.message.register(self._command, Command("funnel"))
        routes.callback_query.register(self._sources, FunnelTap.filter(F.action == "sources"))
        routes.callback_query.register(self._quizzes, FunnelTap.filter(F.action == "quizzes"))
        routes.callback_query.register(self._table, FunnelTap.filter(F.action.in_({"csv", "xlsx"})))
        routes.callback_query.register(self._show, FunnelTap.filter(F.action.in_({"open", "show"})))
        return routes

    async def _command(self, _message: Message, turn: Turn) -> None:
        quiz = _quiz(turn, turn.settings.entry_quiz)
        if quiz is None:
            await turn.bot.send_message(turn.chat_id, turn.say("funnel-no-quiz"))
            return
        await self._picture(turn, quiz, await self._counted(turn, quiz, DAYS), None, None)

    async def _show(self, query: CallbackQuery, callback_data: FunnelTap, turn: Turn) -> None:
        quiz = await self._asked(query, callback_data, turn)
        if quiz is None:
            return
        found = await self._counted(turn, quiz, callback_data.days)
        try:
            source = views.source_of(found, callback_data.source)
        except LookupError:
            await turn.bot.send_message(turn.chat_id, turn.say("funnel-source-gone"))
            source = None
        is_own = callback_data.action == "show" and query.message is not None  # a button below the picture
        place = query.message.message_id if is_own and query.message else None
        await self._picture(turn, quiz, found, source, place)

    async def _sources(self, query: CallbackQuery, callback_data: FunnelTap, turn: Turn) -> None:
        quiz = await self._asked(query, callback_data, turn)
        if quiz is not None:
            found = await self._counted(turn, quiz, callback_data.days)
            await _buttons(query, turn, views.sources_keyboard(turn.say, quiz, found, callback_data.source))

    async def _quizzes(self, query: CallbackQuery, callback_data: FunnelTap, turn: Turn) -> None:
        await toast(query)
        await _buttons(query, turn, views.quizzes_keyboard(turn.say, turn.library.quizzes, callback_data))

    async def _table(self, query: CallbackQuery, callback_data: FunnelTap, turn: Turn) -> None:
        quiz = await self._asked(query, callback_data, turn)
        if quiz is None:
            return
        found, kind = await self._counted(turn, quiz, callback_data.days), callback_data.action
        content = await asyncio.to_thread(_table, turn, quiz, found, kind)
        title, period = (
            views.quiz_title(turn.say, quiz),
            turn.say("funnel-period", days=found.days),
        )
        day = found.counted_at.astimezone(turn.settings.zone).date()
        file = BufferedInputFile(content, f"funnel-{quiz.id}-{day}.{kind}")
        await turn.bot.send_document(
            turn.chat_id, file, caption=turn.say("funnel-file", quiz=title, period=period)
        )

    async def _asked(self, query: CallbackQuery, tap: FunnelTap, turn: Turn) -> Quiz | None:
        """Answer the tap and return the quiz it names, today's entry quiz where that one is gone."""
        quiz = _quiz(turn, tap.quiz)
        await toast(query, turn.say("funnel-no-quiz" if quiz is None else "funnel-wait"), alert=quiz is None)
        return quiz

    async def _counted(self, turn: Turn, quiz: Quiz, days: int) -> Funnel:
        days = days if days in funnel.PERIODS else DAYS
        key = (turn.library.quizzes[quiz.id].hash, quiz.id, days)
        async with self._counting:  # an impatient second tap waits for the first one's count
            kept = self._kept.get(key)
            if kept is not None and timedelta(0) <= turn.now - kept.counted_at < KEPT:
                return kept
            entry = turn.settings.entry_quiz if turn.settings.entry_quiz in turn.library.quizzes else None
            found = await asyncio.to_thread(funnel.funnel, turn.db, quiz, turn.now, days, entry)
            self._kept = {other: one for other, one in self._kept.items() if turn.now - one.counted_at < KEPT}
            if found.seconds > SLOW_SECONDS:
                self._kept[key] = found
            return found

    async def _picture(
        self, turn: Turn, quiz: Quiz, found: Funnel, source: str | None, message_id: int | None
    ) -> None:
        """Show the picture with its words: in place of the one whose button was pressed, or anew."""
        say = turn.say
        steps, about = found.steps(source), views.subtitle(say, quiz, found, source)
        picture = await asyncio.to_thread(funnel_chart, views.bars(say, quiz, steps), about, say.language)
        photo = BufferedInputFile(picture, "funnel.png")
        words = views.caption(say, quiz, found, source, turn.now)
        if source is None and found.everybody and found.everybody[0].came:
            split = await turn.db.read(kinds.of_newcomers, found.since, turn.now)
            line = f"\n{say('insights-kinds-now', kinds=kinds_line(say, split))}"
            words += line if visible_length(words + line) <= CAPTION_LIMIT else ""
        keyboard = views.main_keyboard(say, turn.library.quizzes, quiz, found, source)
        if message_id is not None:
            media = InputMediaPhoto(media=photo, caption=words)
            try:
                await turn.bot.edit_message_media(
                    media, chat_id=turn.chat_id, message_id=message_id, reply_markup=keyboard
                )
            except TelegramBadRequest:  # too old, or deleted: it is shown anew
                pass
            else:
                return
        await turn.bot.send_photo(turn.chat_id, photo, caption=words, reply_markup=keyboard)


def router() -> Router:
    """Build the router of the funnel."""
    return FunnelWindow().router()


async def _buttons(query: CallbackQuery, turn: Turn, keyboard: InlineKeyboardMarkup) -> None:
    """Put a choice below the picture; a second tap finds it there, a deleted picture needs none."""
    place = query.message.message_id if query.message else None
    with suppress(TelegramBadRequest):
        await turn.bot.edit_message_reply_markup(
            chat_id=turn.chat_id, message_id=place, reply_markup=keyboard
        )


def _quiz(turn: Turn, wanted: str) -> Quiz | None:
    """Return a quiz by id, else the entry quiz, else any."""
    quizzes = turn.library.quizzes
    names = [name for name in (wanted, turn.settings.entry_quiz, *quizzes) if name in quizzes]
    return quizzes[names[0]].quiz if names else None


def _table(turn: Turn, quiz: Quiz, found: Funnel, kind: str) -> bytes:
    say = turn.say

    def named(name: str) -> str:
        return views.source_name(say, name)

    steps = funnel_tables.step_rows(
        found, lambda step: views.step_name(say, quiz, step, most=500), named, say.language
    )
    if kind == "csv":
        return as_csv(steps, separator_of(say.language))
    return funnel_tables.as_xlsx(funnel_tables.source_rows(found, named, say.language), steps, say.language)
