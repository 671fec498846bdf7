"""/movement: who went from which segment to which, as a picture, month by month, and as a table."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import BufferedInputFile

from bot.admin import movement_views as views
from bot.admin.callbacks import MovementTap
from bot.screens import toast
from core.clock import local_day
from core.reports import movement as report
from core.reports.charts_movement import days_between, movement_chart
from core.reports.movement import MovementError
from core.reports.movement_family import families as families_of
from core.reports.movement_family import family as family_of
from core.reports.movement_table import as_csv

if TYPE_CHECKING:
    from datetime import date

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.reports.movement import Movement

SPANS = {"month": 30, "half": 182, "year": 365}
MONTHS = 6


def router() -> Router:
    """Build the router of movement."""
    routes = Router(name="admin-movement")
    routes.message.register(_command, Command("movement"))
    routes.callback_query.register(_list, MovementTap.filter(F.action == "list"))
    routes.callback_query.register(_show, MovementTap.filter(F.action == "show"))
    routes.callback_query.register(_csv, MovementTap.filter(F.action == "csv"))
    return routes


async def _command(_message: Message, turn: Turn) -> None:
    await _choose(turn)


async def _list(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await _choose(turn)


async def _choose(turn: Turn) -> None:
    families = await turn.db.read(families_of)
    text = turn.say("movement-choose" if families else "movement-none")
    await turn.bot.send_message(turn.chat_id, text, reply_markup=views.families_keyboard(turn.say, families))


async def _show(query: CallbackQuery, callback_data: MovementTap, turn: Turn) -> None:
    await toast(query, turn.say("movement-wait"))
    tap = callback_data
    try:
        if tap.span == "months":
            await _months(turn, tap)
            return
        found = await asyncio.to_thread(turn.db.read_now, _movement, tap, _today(turn), turn)
    except MovementError:
        await _choose(turn)
        return
    say, title = turn.say, views.family_title(turn.say, tap.family)
    picture = await asyncio.to_thread(movement_chart, found, title, say.language)
    await turn.bot.send_photo(
        turn.chat_id,
        BufferedInputFile(picture, "movement.png"),
        caption=views.caption(say, found, title, turn.settings.currency),
        reply_markup=views.spans_keyboard(say, tap, tap.span),
    )


async def _months(turn: Turn, tap: MovementTap) -> None:
    def read(session: Session) -> tuple[Movement, ...]:
        return report.by_month(session, family_of(session, tap.family, tap.number), MONTHS, turn.now)

    found = await asyncio.to_thread(turn.db.read_now, read)
    text = views.months_text(turn.say, found, views.family_title(turn.say, tap.family))
    keyboard = views.spans_keyboard(turn.say, tap, "months")
    await turn.bot.send_message(turn.chat_id, text, reply_markup=keyboard)


async def _csv(query: CallbackQuery, callback_data: MovementTap, turn: Turn) -> None:
    await toast(query, turn.say("movement-wait"))
    say, tap = turn.say, callback_data
    try:
        found = await asyncio.to_thread(turn.db.read_now, _movement, tap, _today(turn), turn)
    except MovementError:
        await _choose(turn)
        return
    table = as_csv(found, turn.settings.currency, say.language)
    file = BufferedInputFile(table, f"movement-{tap.family}-{found.first}-{found.last}.csv")
    title, days = views.family_title(say, tap.family), days_between(found, say.language)
    await turn.bot.send_document(turn.chat_id, file, caption=say("movement-csv", title=title, days=days))


def _movement(session: Session, tap: MovementTap, today: date, turn: Turn) -> Movement:
    first, last = _days(tap.span, today)
    names = family_of(session, tap.family, tap.number)
    return report.movement(session, names, first, last, turn.now, money=True)


def _days(span: str, today: date) -> tuple[date, date]:
    if span == "last":  # as the month before last ended, and as last month did
        end = today.replace(day=1) - timedelta(days=1)
        return end.replace(day=1) - timedelta(days=1), end
    return today - timedelta(days=SPANS.get(span, SPANS["month"])), today


def _today(turn: Turn) -> date:
    return local_day(turn.now, turn.settings.zone)
