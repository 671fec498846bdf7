"""Whatever no other router wanted: always answered, never lost, always last."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from aiogram import F, Router

from bot import owners
from bot.screens import toast
from core.mailing import engagement, questions
from core.people import subscribers
from core.people.activity import record
from core.people.gender import kept

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.subscribers import Sender

PASSED_ON = 1000  # characters of a person's message that are shown to the owner


def keep(
    session: Session, sender: Sender, text: str, now: datetime, key: str, language: str, reply_to: int | None
) -> bool:
    """Keep what a person wrote of his own accord; a reply answers the letter it belongs to.

    Returns whether it answers a question that was asked by letter.
    """
    person = subscribers.meet(session, sender, now, language)
    if reply_to is not None:
        engagement.answered(session, person.id, reply_to, now)
    record(session, person.id, "wrote", now, detail={"text": text[:4096]}, key=f"{key}:wrote")
    kept.heard(session, person.id, now)
    return questions.answer(session, person.id, reply_to, text, now, key) is not None


def router() -> Router:
    """Build the last router of all."""
    routes = Router(name="fallback")
    routes.message.register(_command, F.text.startswith("/"))
    routes.message.register(_text, F.text)
    routes.message.register(_other)
    routes.callback_query.register(_old_button)
    return routes


async def _command(message: Message, turn: Turn) -> None:
    await turn.db.write(subscribers.meet, turn.sender, turn.now, turn.settings.language)
    await message.answer(turn.say("unknown-command"))


async def _text(message: Message, turn: Turn) -> None:
    text = message.text or ""
    reply = message.reply_to_message.message_id if message.reply_to_message else None
    language = turn.settings.language
    if await turn.db.write(keep, turn.sender, text, turn.now, turn.key, language, reply):
        await message.answer(turn.say("letter-answer-kept"))
        return
    if turn.sender.telegram_id in turn.settings.admin_ids:  # there is nobody to pass an owner's own words to
        await message.answer(turn.say("nothing-awaited"))
        return
    await message.answer(turn.say("message-passed-on" if turn.settings.admin_ids else "unknown-content"))
    head = turn.texts[language]("message-from-person", name=_name(turn.sender))
    quoted = escape(text[:PASSED_ON], quote=False)
    await owners.tell(turn.bot, turn.settings, f"{head}\n{quoted}", but=turn.sender.telegram_id)


async def _other(message: Message, turn: Turn) -> None:
    await turn.db.write(subscribers.meet, turn.sender, turn.now, turn.settings.language)
    if message.chat.type == "private":
        await message.answer(turn.say("unknown-content"))


async def _old_button(query: CallbackQuery, turn: Turn) -> None:
    await turn.db.write(subscribers.meet, turn.sender, turn.now, turn.settings.language)
    await toast(query)


def _name(sender: Sender) -> str:
    return f"{sender.name} (@{sender.username})" if sender.username else sender.name
