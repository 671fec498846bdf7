"""Whatever no other router wanted: always answered, never lost, always last."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from aiogram import F, Router

from bot import owners
from bot.screens import toast
from core.mailing import engagement
from core.people import subscribers
from core.people.activity import record

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram import Bot
    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.texts import Say, Texts
    from core.db import Database
    from core.people.subscribers import Sender
    from core.settings import Settings

PASSED_ON = 1000  # characters of a person's message that are shown to the owner


def keep(
    session: Session, sender: Sender, text: str, now: datetime, key: str, language: str, reply_to: int | None
) -> None:
    """Keep what a person wrote of his own accord; a reply answers the letter it belongs to."""
    person = subscribers.meet(session, sender, now, language)
    if reply_to is not None:
        engagement.answered(session, person.id, reply_to, now)
    record(session, person.id, "wrote", now, detail={"text": text[:4096]}, key=f"{key}:wrote")


def router() -> Router:
    """Build the last router of all."""
    routes = Router(name="fallback")
    routes.message.register(_command, F.text.startswith("/"))
    routes.message.register(_text, F.text)
    routes.message.register(_other)
    routes.callback_query.register(_old_button)
    return routes


async def _command(
    message: Message, db: Database, settings: Settings, sender: Sender, say: Say, now: datetime
) -> None:
    await db.write(subscribers.meet, sender, now, settings.language)
    await message.answer(say("unknown-command"))


async def _text(
    message: Message,
    bot: Bot,
    db: Database,
    settings: Settings,
    texts: Texts,
    sender: Sender,
    say: Say,
    now: datetime,
    key: str,
) -> None:
    text = message.text or ""
    reply = message.reply_to_message
    await db.write(keep, sender, text, now, key, settings.language, reply.message_id if reply else None)
    await message.answer(say("message-passed-on" if settings.admin_ids else "unknown-content"))
    head = texts[settings.language]("message-from-person", name=_name(sender))
    quoted = escape(text[:PASSED_ON], quote=False)
    await owners.tell(bot, settings, f"{head}\n{quoted}", but=sender.telegram_id)


async def _other(
    message: Message, db: Database, settings: Settings, sender: Sender, say: Say, now: datetime
) -> None:
    await db.write(subscribers.meet, sender, now, settings.language)
    if message.chat.type == "private":
        await message.answer(say("unknown-content"))


async def _old_button(
    query: CallbackQuery, db: Database, settings: Settings, sender: Sender, now: datetime
) -> None:
    await db.write(subscribers.meet, sender, now, settings.language)
    await toast(query)


def _name(sender: Sender) -> str:
    name = f"{sender.first_name} {sender.last_name}".strip()
    return f"{name} (@{sender.username})" if sender.username else name
