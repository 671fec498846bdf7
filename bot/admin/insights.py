"""/insights: what an owner learns from his base: each report a picture, a few sentences and its table."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command
from aiogram.types import BufferedInputFile, InputMediaPhoto

from bot.admin import insight_texts as texts
from bot.admin import insight_views as views
from bot.admin.insight_callbacks import NONE, InsightTap
from bot.admin.insight_reports import Shown, field_of, report, tables, written
from bot.admin.insight_words import MEASURES, code, field_title
from bot.handlers.prompted import Answers
from bot.screens import toast
from core.errors import KvizorError
from core.people import prompts, subscribers
from core.reports import facet_list
from core.reports.facets import Terms
from core.reports.insight_tables import hidden_rows
from core.segments.errors import SegmentError
from core.words import cut

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from datetime import datetime

    from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.db import Database
    from core.people.prompts import Asked
    from core.reports.hidden import Group, Hidden
    from core.segments.rules import SegmentInfo

T = TypeVar("T")
FIELD = "insight_field"
PATIENCE = 2.0  # seconds without a word
KEPT = timedelta(hours=1)  # so long the groups found can be kept; afterwards they are looked for anew


class InsightWindow:
    """The window. Only the hidden groups found last are held, for the tap that keeps one."""

    def __init__(self) -> None:
        self._groups: Hidden | None = None
        self._counting = asyncio.Lock()  # a report reads the whole base: one at a time

    def router(self) -> Router:
        """Build the router of insights."""
        routes = Router(name="admin-insights")
        routes.message.register(self._command, Command("insights"))
        routes.message.register(self._typed, F.text, Answers(FIELD))
        routes.callback_query.register(self._menu, InsightTap.filter(F.act == "menu"))
        routes.callback_query.register(self._how, InsightTap.filter(F.act == "how"))
        routes.callback_query.register(
            self._open_cross, InsightTap.filter((F.act == "open") & (F.report == "cross"))
        )
        routes.callback_query.register(self._pick, InsightTap.filter(F.act == "pick"))
        routes.callback_query.register(
            self._open_hidden, InsightTap.filter((F.act == "open") & (F.report == "hidden"))
        )
        routes.callback_query.register(self._find, InsightTap.filter(F.act == "find"))
        routes.callback_query.register(self._keep, InsightTap.filter(F.act == "keep"))
        routes.callback_query.register(self._table, InsightTap.filter(F.act.in_({"csv", "xlsx"})))
        routes.callback_query.register(self._show, InsightTap.filter(F.act.in_({"open", "show"})))
        return routes

    async def _command(self, _message: Message, turn: Turn) -> None:
        await turn.bot.send_message(
            turn.chat_id, turn.say("insights-menu"), reply_markup=views.menu_keyboard(turn.say)
        )

    async def _menu(self, query: CallbackQuery, turn: Turn) -> None:
        await toast(query)
        await turn.bot.send_message(
            turn.chat_id, turn.say("insights-menu"), reply_markup=views.menu_keyboard(turn.say)
        )

    async def _how(self, query: CallbackQuery, callback_data: InsightTap, turn: Turn) -> None:
        await toast(query)
        if callback_data.report in texts.EXPLAINED:
            await turn.bot.send_message(turn.chat_id, turn.say(f"insights-how-{callback_data.report}"))

    async def _open_cross(self, query: CallbackQuery, turn: Turn) -> None:
        await toast(query)
        fields = await turn.db.read(facet_list.titled, turn.library)
        keyboard = views.cross_start(turn.say, fields)
        await turn.bot.send_message(turn.chat_id, turn.say("insights-cross-start"), reply_markup=keyboard)

    async def _pick(self, query: CallbackQuery, callback_data: InsightTap, turn: Turn) -> None:
        """Ask for the rows, then for the columns."""
        await toast(query)
        fields = await turn.db.read(facet_list.titled, turn.library)
        first = field_of(fields, callback_data.first)
        if callback_data.first == NONE or first is None:
            text = turn.say("insights-cross-rows")
            callback_data = callback_data.model_copy(update={"first": NONE})
        else:
            title = field_title(turn.say, first[0], (first[1], first[2]))
            text = turn.say("insights-cross-columns", title=title)
        keyboard = views.fields_keyboard(turn.say, fields, callback_data)
        shown = await turn.bot.send_message(turn.chat_id, text, reply_markup=keyboard)
        await turn.db.write(_await_field, turn, first[0] if first is not None else "", shown.message_id)

    async def _typed(self, message: Message, asked: Asked, turn: Turn) -> None:
        """Show the fields like what was typed; the next word may be typed at once."""
        fields = await turn.db.read(facet_list.titled, turn.library)
        rows = next((name for name, *_ in fields if number_of(name) == asked.about), "")
        found = facet_list.like(fields, message.text or "")
        said = cut(" ".join((message.text or "").split()), 40)
        text = turn.say("insights-fields-found" if found else "insights-fields-none", text=said)
        tap = InsightTap(act="pick", report="cross", first=code(rows) if rows else NONE, what=MEASURES[0])
        buttons = views.fields_keyboard(turn.say, found, tap) if found else None
        shown = await turn.bot.send_message(turn.chat_id, text, reply_markup=buttons)
        await turn.db.write(_await_field, turn, rows, shown.message_id)

    async def _show(self, query: CallbackQuery, callback_data: InsightTap, turn: Turn) -> None:
        await toast(query, turn.say("insights-wait"))
        try:
            async with self._counting:
                shown = await _patiently(turn, report(turn, callback_data))
        except SegmentError:  # an old button of a field or a segment that is gone
            await turn.bot.send_message(turn.chat_id, turn.say("insights-gone"))
            return
        is_own = callback_data.act == "show" and shown.picture is not None
        place = query.message.message_id if is_own and query.message else None
        await _put(turn, shown, place)

    async def _table(self, query: CallbackQuery, callback_data: InsightTap, turn: Turn) -> None:
        await toast(query, turn.say("insights-wait"))
        try:
            content = await self._content(turn, callback_data)
        except SegmentError:
            await turn.bot.send_message(turn.chat_id, turn.say("insights-gone"))
            return
        day = turn.now.astimezone(turn.settings.zone)
        name = f"{callback_data.report}-{day:%Y-%m-%d}.{callback_data.act}"
        await turn.bot.send_document(turn.chat_id, BufferedInputFile(content, name))

    async def _content(self, turn: Turn, tap: InsightTap) -> bytes:
        if tap.report == "hidden":
            found = await self._found(turn, anew=False)
            return await written(turn, tap, [hidden_rows(found, turn.say.language)])
        async with self._counting:
            return await _patiently(turn, tables(turn, tap))

    async def _open_hidden(self, query: CallbackQuery, turn: Turn) -> None:
        await toast(query)
        find = InsightTap(act="find", report="hidden")
        keyboard = views.asking(turn.say, "insights-button-find", find)
        await turn.bot.send_message(turn.chat_id, turn.say("insights-hidden-about"), reply_markup=keyboard)

    async def _find(self, query: CallbackQuery, turn: Turn) -> None:
        await toast(query, turn.say("insights-hidden-wait"))
        found = await self._found(turn, anew=True)
        await _put(turn, await asyncio.to_thread(texts.hidden_shown, turn.say, found), None)

    async def _keep(self, query: CallbackQuery, callback_data: InsightTap, turn: Turn) -> None:
        await toast(query, turn.say("insights-wait"))
        found = await self._found(turn, anew=False)
        group = found.marked(callback_data.what)
        if group is None:
            again = views.asking(turn.say, "insights-button-find", InsightTap(act="find", report="hidden"))
            await turn.bot.send_message(turn.chat_id, turn.say("insights-hidden-gone"), reply_markup=again)
            return
        try:
            kept = await asyncio.to_thread(keep_group, turn.db, found, group, turn.now)
        except KvizorError as error:
            await turn.bot.send_message(turn.chat_id, turn.say("admin-error", text=str(error)))
            return
        title = kept.title(turn.say.language)
        await turn.bot.send_message(
            turn.chat_id, turn.say("insights-hidden-kept", title=title, people=group.people)
        )

    async def _found(self, turn: Turn, *, anew: bool) -> Hidden:
        """Return the groups; after a restart they are found again: the same base and seed give the same."""
        async with self._counting:
            kept = self._groups
            if not anew and kept is not None and timedelta(0) <= turn.now - kept.counted_at < KEPT:
                return kept
            terms = Terms(turn.now, turn.settings.currency, turn.library)
            self._groups = await _patiently(turn, asyncio.to_thread(find_groups, turn.db, terms))
            return self._groups


def number_of(name: str) -> int:
    """Return what a question about columns remembers of the field in the rows; 0 is none."""
    return int(code(name), 16) & 0x7FFFFFFF if name else 0


def _await_field(session: Session, turn: Turn, rows: str, message_id: int) -> None:
    person = subscribers.meet(session, turn.sender, turn.now, turn.settings.language)
    prompts.ask(session, person.id, FIELD, message_id, turn.now, number_of(rows))


def find_groups(db: Database, terms: Terms) -> Hidden:
    """Look for hidden groups; what it takes (numpy, scipy) is loaded for the first who asks."""
    from core.reports.hidden import hidden

    return hidden(db, terms)


def keep_group(db: Database, found: Hidden, group: Group, now: datetime) -> SegmentInfo:
    """Make a group a segment."""
    from core.reports.hidden_keep import keep

    return keep(db, found, group, now)


async def _patiently(turn: Turn, counting: Awaitable[T]) -> T:
    """Wait for a report; where it takes a while a line says so until it is there."""
    task = asyncio.ensure_future(counting)
    if (await asyncio.wait({task}, timeout=PATIENCE))[0]:
        return task.result()
    told = await turn.bot.send_message(turn.chat_id, turn.say("insights-counting"))
    try:
        return await task
    finally:
        with suppress(TelegramBadRequest):  # the owner was quicker to delete it
            await turn.bot.delete_message(turn.chat_id, told.message_id)


async def _put(turn: Turn, shown: Shown, message_id: int | None) -> None:
    """Show a report: in place of the picture whose button was pressed, or anew."""
    if shown.picture is None:
        await turn.bot.send_message(turn.chat_id, shown.text, reply_markup=shown.keyboard)
        return
    photo = BufferedInputFile(shown.picture, "insight.png")
    if message_id is not None and await _replaced(turn, photo, shown.text, shown.keyboard, message_id):
        return
    await turn.bot.send_photo(turn.chat_id, photo, caption=shown.text, reply_markup=shown.keyboard)


async def _replaced(
    turn: Turn, photo: Any, text: str, keyboard: InlineKeyboardMarkup | None, message_id: int
) -> bool:
    try:
        await turn.bot.edit_message_media(
            InputMediaPhoto(media=photo, caption=text), chat_id=turn.chat_id, message_id=message_id,
            reply_markup=keyboard,
        )  # fmt: skip
    except TelegramBadRequest:  # no picture, too old, or deleted: it is shown anew
        return False
    return True


def router() -> Router:
    """Build the router of insights."""
    return InsightWindow().router()
