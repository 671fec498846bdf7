"""Leaving and coming back: /stop, the opt-out button of letters, block and unblock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.filters import Command

from bot.callbacks import Menu
from bot.handlers.consent import resume_keyboard
from bot.messenger import STOP_PREFIX
from bot.screens import toast
from core.mailing import engagement
from core.people import subscribers

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, ChatMemberUpdated, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.subscribers import Sender


def leave(
    session: Session, sender: Sender, now: datetime, key: str, message_id: int | None, language: str
) -> bool:
    """Stop all letters; returns whether they were on. Leaving answers the letter it came from."""
    person = subscribers.meet(session, sender, now, language)
    if message_id is not None:
        engagement.answered(session, person.id, message_id, now)
    was_on = person.opted_out_at is None
    if was_on:
        subscribers.opt_out(session, person.id, now, f"{key}:out")
    return was_on


def come_back(session: Session, sender: Sender, now: datetime, key: str, language: str) -> None:
    """Letters again."""
    person = subscribers.meet(session, sender, now, language)
    if person.opted_out_at is not None:
        subscribers.opt_in(session, person.id, now, f"{key}:in")


def router() -> Router:
    """Build the router of leaving and coming back."""
    routes = Router(name="subscription")
    routes.message.register(_stop, Command("stop"))
    routes.callback_query.register(_stop_tapped, F.data.startswith(STOP_PREFIX))
    routes.callback_query.register(_resume, Menu.filter(F.action == "resume"))
    routes.my_chat_member.register(_membership)
    return routes


async def _stop(message: Message, turn: Turn) -> None:
    was_on = await turn.db.write(leave, turn.sender, turn.now, turn.key, None, turn.settings.language)
    text = turn.say("stopped" if was_on else "stopped-already")
    await message.answer(text, reply_markup=resume_keyboard(turn.say))


async def _stop_tapped(query: CallbackQuery, turn: Turn) -> None:
    message_id = query.message.message_id if query.message else None
    was_on = await turn.db.write(leave, turn.sender, turn.now, turn.key, message_id, turn.settings.language)
    await toast(query, turn.say("letter-stopped"), alert=True)
    if was_on:
        keyboard = resume_keyboard(turn.say)
        await turn.bot.send_message(turn.chat_id, turn.say("stopped"), reply_markup=keyboard)


async def _resume(query: CallbackQuery, turn: Turn) -> None:
    await turn.db.write(come_back, turn.sender, turn.now, turn.key, turn.settings.language)
    await toast(query, turn.say("resumed"))
    await turn.bot.send_message(turn.chat_id, turn.say("resumed"))


async def _membership(event: ChatMemberUpdated, turn: Turn) -> None:
    if event.chat.type != "private":
        return
    verb = (
        subscribers.mark_blocked if event.new_chat_member.status == "kicked" else subscribers.mark_unblocked
    )
    await turn.db.write(verb, turn.sender.telegram_id, turn.now, turn.key)
