"""/start and /help: the door, with the source a deep link names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart

from bot.handlers import consent, quiz_start
from core.people import referrals, subscribers
from core.people.activity import record
from core.sales.matching import join_known

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.subscribers import Sender


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a person stands when he opens the bot."""

    first_name: str
    has_data_consent: bool
    is_stopped: bool


def arrive(session: Session, sender: Sender, payload: str, now: datetime, key: str, language: str) -> Arrival:
    """Meet the person, keep the touch, thank who invited him, join him with what an import knew of him."""
    person = subscribers.meet(session, sender, now, language)
    subscribers.came_from(session, person, payload, now, key)
    referrals.note(session, person, payload, now)
    record(session, person.id, "started", now, key=f"{key}:started")
    join_known(session, person.id, now)
    return Arrival(person.first_name, person.data_consent_at is not None, person.opted_out_at is not None)


def router() -> Router:
    """Build the router of the door."""
    routes = Router(name="start")
    routes.message.register(_start, CommandStart())
    routes.message.register(_help, Command("help"))
    return routes


async def _start(message: Message, command: CommandObject, turn: Turn) -> None:
    arrival = await turn.db.write(
        arrive, turn.sender, command.args or "", turn.now, turn.key, turn.settings.language
    )
    if not arrival.has_data_consent:
        name, business = arrival.first_name, turn.settings.business_name
        known = "yes" if name else "no"
        await message.answer(turn.say("welcome", name=name, known=known, business=business))
        await consent.ask(turn, "data")
        return
    linked = quiz_start.linked(command.args or "", turn.library)
    if linked is not None:
        await quiz_start.enter_and_show(turn, f"{turn.key}:quiz", linked)
        return
    if arrival.is_stopped:
        await message.answer(turn.say("welcome-stopped"), reply_markup=consent.resume_keyboard(turn.say))
        return
    await quiz_start.offer(turn)


async def _help(message: Message, turn: Turn) -> None:
    await turn.db.write(subscribers.meet, turn.sender, turn.now, turn.settings.language)
    await message.answer(turn.say("help", business=turn.settings.business_name))
