"""Alarms of the guards: a short block on top of /segments, and what their buttons do."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import Message

from bot.admin import guard_views as views
from bot.admin.told_callbacks import GuardTap
from bot.admin.views import keyboard
from bot.screens import toast, without_buttons
from core.reports import guards
from core.segments.refresh import refresh_all

if TYPE_CHECKING:
    from aiogram.types import CallbackQuery, InlineKeyboardButton
    from sqlalchemy.orm import Session

    from bot.admin.guard_views import Names
    from bot.turn import Turn
    from core.reports.guards import Alarm


def router() -> Router:
    """Build the router of alarms."""
    routes = Router(name="admin-guards")
    routes.callback_query.register(_hush, GuardTap.filter(F.action == "hush"))
    routes.callback_query.register(_refresh, GuardTap.filter(F.action == "refresh"))
    routes.callback_query.register(_what, GuardTap.filter(F.action == "what"))
    return routes


async def on_top(turn: Turn) -> tuple[str, list[list[InlineKeyboardButton]]]:
    """Return what stands above the list of segments: sentences, rows of buttons; nothing when all is well."""
    alarms, known = await turn.db.read(_shown, turn)
    if not alarms:
        return "", []
    currency = turn.settings.currency
    lines = [f"⚠️ {views.sentence(turn.say, one, known, currency)}" for one in alarms]
    return "\n".join(lines), [views.helping(turn.say, one, known) for one in alarms]


def _shown(session: Session, turn: Turn) -> tuple[tuple[Alarm, ...], Names]:
    alarms = guards.shown(session, turn.now)
    return alarms, views.names(session, alarms)


async def snooze(query: CallbackQuery, callback_data: GuardTap, turn: Turn) -> None:
    """Put the alarm of a button off, and say so."""
    days = guards.limits(turn.settings.guards)["snooze_days"]
    done = await turn.db.write(guards.snooze, callback_data.number, turn.now, days)
    text = turn.say("guard-snoozed", days=int(days)) if done else turn.say("guard-gone")
    await toast(query, text, alert=not done)


async def _hush(query: CallbackQuery, callback_data: GuardTap, turn: Turn) -> None:
    """Put an alarm of a digest off: the digest stays, the buttons of the alarm go."""
    await snooze(query, callback_data, turn)
    shown = query.message
    if not isinstance(shown, Message) or shown.reply_markup is None:
        return
    rows = [row for row in shown.reply_markup.inline_keyboard if query.data not in _carried(row)]
    with suppress(TelegramBadRequest):  # gone, or tapped twice
        await shown.edit_reply_markup(reply_markup=keyboard(*rows))


def _carried(row: list[InlineKeyboardButton]) -> list[str | None]:
    return [one.callback_data for one in row]


async def _refresh(query: CallbackQuery, turn: Turn) -> None:
    await toast(query, turn.say("guard-refreshing"))
    report = await asyncio.to_thread(refresh_all, turn.db, turn.now)
    text = turn.say("guard-refreshed", count=len(report.segments), moved=report.entered + report.left)
    await turn.bot.send_message(turn.chat_id, text)


async def _what(query: CallbackQuery, callback_data: GuardTap, turn: Turn) -> None:
    found, known = await turn.db.read(_one, callback_data.number)
    if found is None or found.guard != "jump":
        await toast(query, turn.say("guard-gone"), alert=True)
        if query.message is not None and found is None:
            await without_buttons(turn.bot, turn.chat_id, query.message.message_id)
        return
    await toast(query)
    buttons = [
        views.segment_button(known, one["segment"], turn.say.language) for one in found.facts["segments"]
    ]
    rows = [[one] for one in buttons if one is not None]
    await turn.bot.send_message(
        turn.chat_id, views.happened(turn.say, found, known), reply_markup=keyboard(*rows)
    )


def _one(session: Session, number: int) -> tuple[Alarm | None, Names]:
    found = guards.alarm(session, number)
    return found, views.names(session, [found] if found is not None else [])
