"""The quiz: one core verb an answer, then the screen, edited in place where it is still in view."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import ReplyKeyboardRemove

from bot.handlers import quiz_join, quiz_start
from bot.quiz_screens import BELOW_INPUT, PREFIX, finished, show
from bot.screens import toast
from core.people import subscribers
from core.people.personal import normal_phone
from core.people.text import fold
from core.quizzes import runs
from core.quizzes.buttons import read_payload
from core.quizzes.phrases import PHRASES
from core.quizzes.trials import is_trial
from core.sales.matching import join_known

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.subscribers import Sender
    from core.quizzes.loader import Library
    from core.quizzes.screens import Screen

LONGEST_TOAST = 200  # characters Telegram shows above the chat
LABELS = frozenset(  # buttons below the input field arrive as their words
    fold(label) for name in ("skip", "back", "keep", "refuse") for label in PHRASES[name].values()
)


def tap(
    session: Session, library: Library, sender: Sender, payload: str, now: datetime, key: str, language: str
) -> Screen | None:
    """Apply a button; what is not a button of ours is one that is gone.

    None for a button that does nothing because the consent to data processing was taken back.
    """
    person = subscribers.meet(session, sender, now, language)
    run_id, index, action = read_payload(payload) or (0, 0, "b")
    screen = runs.tap(session, library, person, run_id, index, action, now, key=key)
    if person.data_consent_at is None and (screen.stale or screen.kind == "gone"):
        return None
    return finished(session, library, screen, now)


def write(
    session: Session, library: Library, sender: Sender, text: str, now: datetime, key: str, language: str
) -> tuple[Screen | None, bool]:
    """Apply a typed answer: the screen, None where no quiz is open; and whether a keyboard has to go."""
    person = subscribers.meet(session, sender, now, language)
    before = runs.current(session, library, person) if fold(text).removeprefix("✓ ") in LABELS else None
    screen = runs.write(session, library, person, text, now, key=key)
    if screen is None:
        return None, False
    was_below = before is not None and before.wants in BELOW_INPUT and screen.problem is None
    return finished(session, library, screen, now), was_below


def share(
    session: Session,
    library: Library,
    sender: Sender,
    phone: str,
    is_own: bool,
    now: datetime,
    key: str,
    language: str,
) -> tuple[Screen | None, str]:
    """Apply a contact card: the screen, and the key of what is said to it, "" where the screen says it.

    His own number joins him with what an import knew of him. Without the consent to data processing nothing
    is kept, and a trial writes nothing about the owner who makes it.
    """
    person = subscribers.meet(session, sender, now, language)
    screen = runs.contact(session, library, person, phone, is_own, now, key=key)
    number = normal_phone(f"+{phone.lstrip('+')}")
    if not is_own:
        return screen, "quiz-foreign-contact"
    if number is None:
        return screen, "" if screen is not None else "quiz-contact-unread"
    if screen is None and person.data_consent_at is None:
        return None, "need-consent"
    if screen is None or not is_trial(session, screen.run_id):
        person.phone = number
        join_known(session, person.id, now, phone=number)
    shown = finished(session, library, screen, now) if screen is not None else None
    return shown, "quiz-contact-thanks"


def locate(
    session: Session,
    library: Library,
    sender: Sender,
    place: tuple[float, float],
    now: datetime,
    key: str,
    language: str,
) -> Screen | None:
    """Apply a shared place, latitude and longitude; None where no quiz asks for one."""
    person = subscribers.meet(session, sender, now, language)
    screen = runs.location(session, library, person, *place, now, key=key)
    return finished(session, library, screen, now) if screen is not None else None


def stand(session: Session, library: Library, sender: Sender, now: datetime, language: str) -> Screen | None:
    """Return where a person stands in his open quiz; None without one."""
    person = subscribers.meet(session, sender, now, language)
    return runs.current(session, library, person)


def router() -> Router:
    """Build the router of quizzes."""
    routes = Router(name="quiz")
    routes.include_router(quiz_start.router())
    routes.callback_query.register(quiz_join.check, F.data.regexp(quiz_join.CHECKS))
    routes.callback_query.register(_tapped, F.data.startswith(PREFIX))
    routes.message.register(_contact, F.contact)
    routes.message.register(_located, F.location)
    routes.message.register(_written, F.text, ~F.text.startswith("/"))
    routes.message.register(_other, ~F.text)
    return routes


async def _tapped(query: CallbackQuery, turn: Turn) -> None:
    payload = (query.data or "").removeprefix(PREFIX)
    screen = await turn.db.write(
        tap, turn.library, turn.sender, payload, turn.now, turn.key, turn.settings.language
    )
    if screen is None:
        await toast(query, turn.say("need-consent"), alert=True)
        return
    await answer_tap(query, turn, screen)


async def answer_tap(query: CallbackQuery, turn: Turn, screen: Screen) -> None:
    """Answer a tap with a short word above the chat where one is due, then show where the run stands."""
    if screen.kind == "gone":
        await toast(query, turn.say("quiz-stale"))
        return
    problem = re.sub(r"<[^>]+>", "", screen.problem) if screen.problem else ""
    await toast(query, problem[:LONGEST_TOAST] or (turn.say("quiz-stale") if screen.stale else ""))
    if not screen.stale or screen.message_id is not None:
        await show(turn, screen)


async def _contact(message: Message, turn: Turn) -> None:
    if message.contact is None:
        return
    phone, is_own = message.contact.phone_number, message.contact.user_id == turn.sender.telegram_id
    screen, said = await turn.db.write(
        share, turn.library, turn.sender, phone, is_own, turn.now, turn.key, turn.settings.language
    )
    if said:
        is_taken = said == "quiz-contact-thanks"
        await message.answer(turn.say(said), reply_markup=ReplyKeyboardRemove() if is_taken else None)
    if screen is not None and is_own:
        await show(turn, screen, anew=True)


async def _located(message: Message, turn: Turn) -> None:
    if message.location is None:
        return
    place = message.location.latitude, message.location.longitude
    screen = await turn.db.write(
        locate, turn.library, turn.sender, place, turn.now, turn.key, turn.settings.language
    )
    if screen is None:
        await _other(message, turn)
        return
    if screen.problem is None:
        await message.answer(turn.say("quiz-location-thanks"), reply_markup=ReplyKeyboardRemove())
    await show(turn, screen, anew=True)


async def _written(message: Message, turn: Turn) -> None:
    screen, was_below = await turn.db.write(
        write, turn.library, turn.sender, message.text or "", turn.now, turn.key, turn.settings.language
    )
    if screen is None:
        raise SkipHandler  # no quiz waits for a text: it is a message to the business
    if was_below and screen.wants not in BELOW_INPUT:
        await message.answer(turn.say("quiz-next-button"), reply_markup=ReplyKeyboardRemove())
    await show(turn, screen, anew=True)


async def _other(message: Message, turn: Turn) -> None:
    screen = await turn.db.write(stand, turn.library, turn.sender, turn.now, turn.settings.language)
    if screen is None:
        raise SkipHandler
    hints = {"text": "quiz-write-text", "location": "quiz-use-location"}
    await message.answer(turn.say(hints.get(screen.wants or "tap", "quiz-use-buttons")))
