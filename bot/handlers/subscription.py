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

    from aiogram import Bot
    from aiogram.types import CallbackQuery, ChatMemberUpdated, Message
    from sqlalchemy.orm import Session

    from bot.texts import Say
    from core.db import Database
    from core.people.subscribers import Sender
    from core.settings import Settings


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


async def _stop(
    message: Message, db: Database, settings: Settings, sender: Sender, say: Say, now: datetime, key: str
) -> None:
    was_on = await db.write(leave, sender, now, key, None, settings.language)
    await message.answer(say("stopped" if was_on else "stopped-already"), reply_markup=resume_keyboard(say))


async def _stop_tapped(
    query: CallbackQuery,
    bot: Bot,
    db: Database,
    settings: Settings,
    sender: Sender,
    say: Say,
    now: datetime,
    key: str,
) -> None:
    message_id = query.message.message_id if query.message else None
    was_on = await db.write(leave, sender, now, key, message_id, settings.language)
    await toast(query, say("letter-stopped"), alert=True)
    if was_on:
        await bot.send_message(sender.telegram_id, say("stopped"), reply_markup=resume_keyboard(say))


async def _resume(
    query: CallbackQuery,
    bot: Bot,
    db: Database,
    settings: Settings,
    sender: Sender,
    say: Say,
    now: datetime,
    key: str,
) -> None:
    await db.write(come_back, sender, now, key, settings.language)
    await toast(query, say("resumed"))
    await bot.send_message(sender.telegram_id, say("resumed"))


async def _membership(
    event: ChatMemberUpdated, db: Database, sender: Sender, now: datetime, key: str
) -> None:
    if event.chat.type != "private":
        return
    verb = (
        subscribers.mark_blocked if event.new_chat_member.status == "kicked" else subscribers.mark_unblocked
    )
    await db.write(verb, sender.telegram_id, now, key)
