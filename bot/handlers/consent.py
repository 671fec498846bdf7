"""Consents: two separate questions, nothing ticked beforehand, each with its own proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import ConsentTap, Menu
from bot.handlers import quiz_start
from bot.screens import edit_or_send, toast
from core.people import consents, subscribers
from core.people.consents import Proof, Purpose

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from bot.texts import Say
    from bot.turn import Turn
    from core.people.subscribers import Sender


@dataclass(frozen=True, slots=True)
class Agreed:
    """Which consents stand after a tap."""

    data: bool
    advertising_asked: bool


def decide(
    session: Session,
    sender: Sender,
    purpose: Purpose,
    given: bool,
    proof: Proof,
    now: datetime,
    language: str,
) -> Agreed:
    """Store the act; a refusal of advertising is kept as an act too, so that nobody is asked twice."""
    person = subscribers.meet(session, sender, now, language)
    proof = replace(proof, update_key=f"{person.id}:{proof.update_key}")
    stands = person.data_consent_at if purpose == "data" else person.advertising_consent_at
    if given and stands is None:
        consents.give(session, person, purpose, proof, now)
    elif not given:
        consents.withdraw(session, person, purpose, proof, now)
    return Agreed(person.data_consent_at is not None, consents.was_asked(session, person.id, "advertising"))


def router() -> Router:
    """Build the router of consents."""
    routes = Router(name="consent")
    routes.callback_query.register(_tap, ConsentTap.filter())
    return routes


async def ask(turn: Turn, purpose: Purpose) -> None:
    """Show one consent with its whole text."""
    text = turn.say(f"consent-{purpose}", business=turn.settings.business_name)
    await turn.bot.send_message(turn.chat_id, text, reply_markup=_keyboard(purpose, turn.say))


def resume_keyboard(say: Say) -> InlineKeyboardMarkup:
    """Return the one button that asks for letters again."""
    button = InlineKeyboardButton(text=say("button-resume"), callback_data=Menu(action="resume").pack())
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


async def _tap(query: CallbackQuery, callback_data: ConsentTap, turn: Turn) -> None:
    message_id = query.message.message_id if query.message else None
    purpose, given = callback_data.purpose, callback_data.given
    say, business = turn.say, turn.settings.business_name
    text = say(f"consent-{purpose}", business=business)
    key = f"{message_id}:{purpose}:{given}"
    proof = Proof(text, say.language, "start", key, message_id)
    agreed = await turn.db.write(decide, turn.sender, purpose, given, proof, turn.now, turn.settings.language)
    await toast(query)
    done = say(f"consent-{purpose}-{'given' if given else 'refused'}", business=business)
    if not agreed.data:
        await edit_or_send(turn.bot, turn.chat_id, message_id, done, _keyboard("data", say))
        return
    await edit_or_send(turn.bot, turn.chat_id, message_id, done)
    if not agreed.advertising_asked:
        await ask(turn, "advertising")
    else:
        await quiz_start.offer(turn)


def _keyboard(purpose: Purpose, say: Say) -> InlineKeyboardMarkup:
    buttons = [
        InlineKeyboardButton(
            text=say(f"button-consent-{purpose}-{'yes' if given else 'no'}"),
            callback_data=ConsentTap(purpose=purpose, given=given).pack(),
        )
        for given in (True, False)
    ]
    return InlineKeyboardMarkup(inline_keyboard=[[button] for button in buttons])
