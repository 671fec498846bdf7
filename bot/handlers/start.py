"""/start and /help: the door, with the source a deep link names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject, CommandStart

from bot.handlers import consent, quiz
from core.people import subscribers
from core.people.activity import record
from core.sales.matching import join_known

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import Message
    from sqlalchemy.orm import Session

    from bot.texts import Say
    from core.db import Database
    from core.people.subscribers import Sender
    from core.quizzes.loader import Library
    from core.settings import Settings


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a person stands when he opens the bot."""

    first_name: str
    has_data_consent: bool
    is_stopped: bool


def arrive(session: Session, sender: Sender, payload: str, now: datetime, key: str, language: str) -> Arrival:
    """Meet the person, keep the touch, join him with what an import knew of him."""
    person = subscribers.meet(session, sender, now, language)
    subscribers.came_from(session, person, payload, now, key)
    record(session, person.id, "started", now, key=f"{key}:started")
    join_known(session, person.id, now)
    return Arrival(person.first_name, person.data_consent_at is not None, person.opted_out_at is not None)


def router() -> Router:
    """Build the router of the door."""
    routes = Router(name="start")
    routes.message.register(_start, CommandStart())
    routes.message.register(_help, Command("help"))
    return routes


async def _start(
    message: Message,
    command: CommandObject,
    bot: Bot,
    db: Database,
    library: Library,
    settings: Settings,
    sender: Sender,
    say: Say,
    now: datetime,
    key: str,
) -> None:
    arrival = await db.write(arrive, sender, command.args or "", now, key, settings.language)
    if not arrival.has_data_consent:
        await message.answer(
            say(
                "welcome",
                name=arrival.first_name,
                known="yes" if arrival.first_name else "no",
                business=settings.business_name,
            )
        )
        await consent.ask(bot, sender.telegram_id, None, "data", say, settings)
        return
    if arrival.is_stopped:
        await message.answer(say("welcome-stopped"), reply_markup=consent.resume_keyboard(say))
        return
    await quiz.offer(bot, db, library, settings, sender, say, now, key)


async def _help(
    message: Message, db: Database, settings: Settings, sender: Sender, say: Say, now: datetime
) -> None:
    await db.write(subscribers.meet, sender, now, settings.language)
    await message.answer(say("help", business=settings.business_name))
