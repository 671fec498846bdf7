"""/series: the list, a card with the truth of each, looked at before it is switched on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import BufferedInputFile

from bot.admin import series_views as views
from bot.admin.series_callbacks import SeriesTap
from bot.screens import edit_or_send, toast
from core.errors import KvizorError
from core.mailing.series import counts, enrolling, leaving, plans, shelf, shipped
from core.mailing.series.definition import SeriesError
from core.reports.charts_funnel import Bar, funnel_chart
from core.segments import rules
from core.segments.errors import SegmentError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.mailing.series.counts import Ahead, Numbers
    from core.mailing.series.definition import Start
    from core.mailing.series.shelf import Info


def router() -> Router:
    """Build the router of series."""
    routes = Router(name="admin-series")
    routes.message.register(_series, Command("series"))
    for action, handler in _HANDLERS.items():
        routes.callback_query.register(handler, SeriesTap.filter(F.action == action))
    return routes


async def _series(_message: Message, turn: Turn) -> None:
    await _show_list(turn, None)


async def _list(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await _show_list(turn, _place(query))


async def _show_list(turn: Turn, message_id: int | None) -> None:
    found = await turn.db.read(shelf.all_series)
    known = {one.name for one in found}
    titles = [(name, shipped.loaded(name).definition.titles) for name in shipped.names() if name not in known]
    waiting = [(name, both[turn.say.language == "en"]) for name, both in titles]
    text = views.list_text(turn.say, found, waiting)
    keyboard = views.list_keyboard(turn.say, found, waiting)
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, keyboard)


async def _card(query: CallbackQuery, callback_data: SeriesTap, turn: Turn) -> None:
    """Show a card; a shipped series is kept by the first look at it, off."""
    number = callback_data.number
    if not number and callback_data.name:
        await turn.db.write(shipped.keep, callback_data.name, turn.now)
        kept = await turn.db.read(_named, callback_data.name)
        number = kept.id if kept is not None else 0
    await _shown(query, turn, number)


def _named(session: Session, name: str) -> Info | None:
    return next((one for one in shelf.all_series(session) if one.name == name), None)


async def _shown(query: CallbackQuery, turn: Turn, number: int, told: str = "") -> None:
    found = await _found(query, turn, number)
    if found is None:
        return
    await toast(query, told)
    info, start, what, counted = found
    text = views.card_text(turn.say, info, start, what, counted)
    may_take = counts.rule_of(start) is not None
    keyboard = views.card_keyboard(turn.say, info, counted, may_take=may_take)
    await _put(query, turn, text, keyboard)


async def _found(query: CallbackQuery, turn: Turn, number: int) -> tuple[Info, Start, str, Numbers] | None:
    """Read a series; one that is gone since its button was shown is said to be."""
    try:
        info, start, title, counted = await turn.db.read(_read, number)
    except SeriesError:
        await toast(query, turn.say("series-gone"), alert=True)
        return None
    what = (title[turn.say.language == "en"] if title else start.what) or start.what
    if start.kind == "quiz" and start.what in turn.library.quizzes:
        quiz = turn.library.quizzes[start.what].quiz
        what = quiz.title.of(quiz.language_for(turn.say.language))
    return info, start, what, counted


def _read(session: Session, number: int) -> tuple[Info, Start, tuple[str, str] | None, Numbers]:
    info = shelf.by_number(session, number)
    start = plans.of(session, [number])[number].start
    title = None
    if start.kind == "segment":
        try:
            segment = rules.find(session, start.what)
            title = (segment.title_ru, segment.title_en)
        except SegmentError:  # deleted since: its name is all that is left
            title = None
    return info, start, title, counts.numbers(session, number)


# -- on, off, everybody at once --------------------------------------------------------------------------


async def _ask(query: CallbackQuery, callback_data: SeriesTap, turn: Turn) -> None:
    """Say whom it would meet, before it is switched on."""
    ahead = await _ahead(query, callback_data, turn)
    if ahead is not None:
        info, found = ahead
        text = views.ahead_text(turn.say, info, found)
        await _put(query, turn, text, views.ask_keyboard(turn.say, info))


async def _take(query: CallbackQuery, callback_data: SeriesTap, turn: Turn) -> None:
    """Say who would be taken in at once."""
    ahead = await _ahead(query, callback_data, turn)
    if ahead is not None:
        info, found = ahead
        keyboard = views.sure_keyboard(turn.say, info, "taken")
        await _put(query, turn, views.take_text(turn.say, found), keyboard)


async def _ahead(query: CallbackQuery, callback_data: SeriesTap, turn: Turn) -> tuple[Info, Ahead] | None:
    try:
        info = await turn.db.read(shelf.by_number, callback_data.number)
        found = await turn.db.read(counts.ahead, info.name, turn.now)
    except SeriesError:
        await toast(query, turn.say("series-gone"), alert=True)
        return None
    except KvizorError as error:
        await toast(query, str(error)[:190], alert=True)
        return None
    await toast(query)
    return info, found


async def _on(query: CallbackQuery, callback_data: SeriesTap, turn: Turn) -> None:
    await _switched(query, callback_data, turn, shelf.switch_on, "series-on")


async def _off(query: CallbackQuery, callback_data: SeriesTap, turn: Turn) -> None:
    await _switched(query, callback_data, turn, shelf.switch_off, "series-off")


async def _switched(
    query: CallbackQuery,
    callback_data: SeriesTap,
    turn: Turn,
    verb: Callable[[Session, str, datetime], Info],
    told: str,
) -> None:
    def switch(session: Session) -> Info:
        return verb(session, shelf.by_number(session, callback_data.number).name, turn.now)

    try:
        await turn.db.write(switch)
    except SeriesError as error:
        await toast(query, str(error)[:190], alert=True)
        return
    await _shown(query, turn, callback_data.number, turn.say(told))


async def _taken(query: CallbackQuery, callback_data: SeriesTap, turn: Turn) -> None:
    """Take in who stands before the door; tapped twice, nobody is taken in twice."""
    try:
        info = await turn.db.read(shelf.by_number, callback_data.number)
        found = await turn.db.read(counts.ahead, info.name, turn.now)
        order = (info.name, found.rule or "", turn.now, f"button:{_place(query)}")
        count = await asyncio.to_thread(enrolling.enroll_all, turn.db, *order) if found.rule else 0
    except KvizorError as error:
        await toast(query, str(error)[:190], alert=True)
        return
    await _shown(query, turn, info.id, turn.say("series-taken", count=count))


async def _ask_stop(query: CallbackQuery, callback_data: SeriesTap, turn: Turn) -> None:
    found = await _found(query, turn, callback_data.number)
    if found is not None:
        info, _, _, counted = found
        await toast(query)
        text = turn.say("series-stop-ask", title=info.title(turn.say.language), count=counted.active)
        await _put(query, turn, text, views.sure_keyboard(turn.say, info, "stopped"))


async def _stopped(query: CallbackQuery, callback_data: SeriesTap, turn: Turn) -> None:
    try:
        info = await turn.db.read(shelf.by_number, callback_data.number)
    except SeriesError:
        await toast(query, turn.say("series-gone"), alert=True)
        return
    count = await asyncio.to_thread(leaving.stop_all, turn.db, info.name, turn.now)
    await _shown(query, turn, info.id, turn.say("series-stopped", count=count))


async def _picture(query: CallbackQuery, callback_data: SeriesTap, turn: Turn) -> None:
    """Send the steps as a funnel: of those who came as far as the step before, how many came to this one."""
    found = await _found(query, turn, callback_data.number)
    if found is None:
        return
    await toast(query)
    info, _, _, counted = found
    came = [counted.entered, *(step.reached for step in counted.steps)]
    bars = [
        Bar(step.key, came[place], step.reached, is_great=False) for place, step in enumerate(counted.steps)
    ]
    title = info.title(turn.say.language)
    png = await asyncio.to_thread(funnel_chart, bars, title, turn.say.language)
    photo = BufferedInputFile(png, f"{info.name}.png")
    await turn.bot.send_photo(turn.chat_id, photo, caption=views.caption(turn.say, info))


def _place(query: CallbackQuery) -> int | None:
    return query.message.message_id if query.message else None


async def _put(query: CallbackQuery, turn: Turn, text: str, keyboard: InlineKeyboardMarkup) -> None:
    await edit_or_send(turn.bot, turn.chat_id, _place(query), text, keyboard)


_HANDLERS: dict[str, Callable[..., Any]] = {
    "list": _list,
    "card": _card,
    "ask": _ask,
    "on": _on,
    "off": _off,
    "take": _take,
    "taken": _taken,
    "stop": _ask_stop,
    "stopped": _stopped,
    "picture": _picture,
}
