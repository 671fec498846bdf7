"""/privacy, /mydata, /forget: what is held about a person, in his hands."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import BufferedInputFile

from bot import data_file
from bot.callbacks import PrivacyTap
from bot.handlers import consent
from bot.handlers import privacy_views as views
from bot.screens import edit_or_send, toast
from core import mydata, privacy
from core.people import consents, preferences, subscribers
from core.people.consents import Proof

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.consents import Purpose
    from core.people.subscribers import Sender

PAUSE = timedelta(minutes=1)  # between two files of one person


def stand(session: Session, sender: Sender, now: datetime, default: str) -> views.Window:
    """Return where a person's consents stand, and his clock."""
    person = subscribers.meet(session, sender, now, default)
    return views.Window(
        privacy.standing(session, person.id),
        consents.acts(session, person.id),
        ZoneInfo(preferences.of(session, person.id).time_zone),
    )


def withdraw(
    session: Session, sender: Sender, purpose: Purpose, step: int, proof: Proof, now: datetime, default: str
) -> bool:
    """Take a consent back, once for each time it was given."""
    person = subscribers.meet(session, sender, now, default)
    proof = replace(proof, update_key=f"{person.id}:{proof.update_key}")
    return privacy.withdraw(session, person.id, purpose, step, proof, now)


def forget(session: Session, sender: Sender, proof: Proof, now: datetime) -> int | None:
    """Make a known person a stranger; returns the number of the empty row, None where there is nothing."""
    found = subscribers.find(session, sender.telegram_id)
    if found is None:
        return None
    privacy.forget(session, found, now, replace(proof, update_key=f"{found}:{proof.update_key}"))
    return found


@dataclass(frozen=True, slots=True)
class Permit:
    """Whether a file may be made now, of whom, and by whose clock its moments are written."""

    subscriber_id: int
    is_given: bool
    zone: ZoneInfo


def permit(session: Session, sender: Sender, key: str, now: datetime, default: str) -> Permit:
    """Note that a person asks for his file."""
    person = subscribers.meet(session, sender, now, default)
    zone = ZoneInfo(preferences.of(session, person.id).time_zone)
    return Permit(person.id, mydata.may_take(session, person.id, key, PAUSE, now), zone)


def router() -> Router:
    """Build the router of privacy."""
    routes = Router(name="privacy")
    routes.message.register(_privacy, Command("privacy"))
    routes.message.register(_mydata, Command("mydata"))
    routes.message.register(_forget, Command("forget"))
    for action, handler in _TAPS.items():
        routes.callback_query.register(handler, PrivacyTap.filter(F.action == action))
    return routes


async def show(turn: Turn, message_id: int | None = None) -> None:
    """Show what is kept, what for, and the consents."""
    window = await turn.db.write(stand, turn.sender, turn.now, turn.settings.language)
    text = views.text(turn.say, window, turn.settings.business_name)
    keyboard = views.keyboard(turn.say, window)
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, keyboard)


async def _privacy(_message: Message, turn: Turn) -> None:
    await show(turn)


async def _open(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await show(turn, _place(query))


async def _texts(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    window = await turn.db.write(stand, turn.sender, turn.now, turn.settings.language)
    text = views.texts(turn.say, window)
    await edit_or_send(turn.bot, turn.chat_id, _place(query), text, views.back_keyboard(turn.say))


# -- consents ------------------------------------------------------------------------------------------


async def _ask(query: CallbackQuery, callback_data: PrivacyTap, turn: Turn) -> None:
    """Show what withdrawing means, with the button that does it."""
    window = await turn.db.write(stand, turn.sender, turn.now, turn.settings.language)
    if callback_data.purpose not in window.purposes:
        await toast(query, turn.say("privacy-old-button"))
        return
    await toast(query)
    text = views.withdrawal(turn.say, window, callback_data.purpose)
    keyboard = views.withdraw_keyboard(turn.say, callback_data.purpose, callback_data.step)
    await edit_or_send(turn.bot, turn.chat_id, _place(query), text, keyboard)


async def _withdraw(query: CallbackQuery, callback_data: PrivacyTap, turn: Turn) -> None:
    purpose, step = callback_data.purpose, callback_data.step
    window = await turn.db.write(stand, turn.sender, turn.now, turn.settings.language)
    if purpose not in window.purposes:
        await toast(query, turn.say("privacy-old-button"))
        return
    text = views.withdrawal(turn.say, window, purpose)
    proof = Proof(text, turn.say.language, "privacy", f"withdraw:{purpose}:{step}", _place(query))
    done = await turn.db.write(withdraw, turn.sender, purpose, step, proof, turn.now, turn.settings.language)
    kind = purpose if purpose in views.OWN else "other"
    await toast(query, turn.say(f"privacy-withdrawn-{kind}") if done else "", alert=done)
    await show(turn, _place(query))


async def _give(query: CallbackQuery, callback_data: PrivacyTap, turn: Turn) -> None:
    """Ask for a consent by its whole text, as at the door."""
    await toast(query)
    if callback_data.purpose in views.OWN:
        await consent.ask(turn, callback_data.purpose)


# -- my data -------------------------------------------------------------------------------------------


async def _mydata(_message: Message, turn: Turn) -> None:
    await _send_data(turn)


async def _data(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await _send_data(turn)


async def _send_data(turn: Turn) -> None:
    allowed = await turn.db.write(permit, turn.sender, turn.key, turn.now, turn.settings.language)
    if not allowed.is_given:
        await turn.bot.send_message(turn.chat_id, turn.say("mydata-too-often"))
        return
    packed = await asyncio.to_thread(_pack, turn, allowed)
    name = f"my-data-{turn.now.astimezone(allowed.zone):%Y-%m-%d}.zip"
    await turn.bot.send_document(
        turn.chat_id, BufferedInputFile(packed, name), caption=turn.say("mydata-caption")
    )


def _pack(turn: Turn, allowed: Permit) -> bytes:
    """Gather and pack in a thread, on a snapshot: the writer is not asked."""
    found = turn.db.read_now(mydata.collect, allowed.subscriber_id, turn.now)
    return data_file.pack(turn.say, found, turn.settings.business_name, allowed.zone)


# -- being forgotten -----------------------------------------------------------------------------------


async def _forget(_message: Message, turn: Turn) -> None:
    await _ask_forget(turn, None)


async def _forget_tapped(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await _ask_forget(turn, _place(query))


async def _ask_forget(turn: Turn, message_id: int | None) -> None:
    known = await turn.db.read(subscribers.find, turn.sender.telegram_id)
    if known is None:
        await edit_or_send(turn.bot, turn.chat_id, message_id, turn.say("forget-nothing"))
        return
    keyboard = views.forget_keyboard(turn.say, known)
    await edit_or_send(turn.bot, turn.chat_id, message_id, turn.say("forget"), keyboard)


async def _erase(query: CallbackQuery, callback_data: PrivacyTap, turn: Turn) -> None:
    """Forget the one who taps, if the button was shown to the one he is now: who came back is another."""
    known = await turn.db.read(subscribers.find, turn.sender.telegram_id)
    if known is None:
        await toast(query)
        await edit_or_send(turn.bot, turn.chat_id, _place(query), turn.say("forget-done"))
        return
    if callback_data.step != views.mark_of(known):
        await toast(query, turn.say("forget-old-button"), alert=True)
        return
    proof = Proof(
        turn.say("forget"), turn.say.language, "forget", f"forget:{callback_data.step}", _place(query)
    )
    gone = await turn.db.write(forget, turn.sender, proof, turn.now)
    turn.texts.forget(turn.sender.telegram_id)
    if gone is not None:
        await asyncio.to_thread(privacy.erase, turn.db, gone)
    await toast(query)
    await edit_or_send(turn.bot, turn.chat_id, _place(query), turn.say("forget-done"))


async def _keep(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await edit_or_send(turn.bot, turn.chat_id, _place(query), turn.say("forget-kept"))


def _place(query: CallbackQuery) -> int | None:
    return query.message.message_id if query.message else None


_TAPS: dict[str, Callable[..., Any]] = {
    "open": _open,
    "data": _data,
    "texts": _texts,
    "ask": _ask,
    "withdraw": _withdraw,
    "give": _give,
    "forget": _forget_tapped,
    "erase": _erase,
    "keep": _keep,
}
