"""The quiz: one core verb an answer, then the screen, edited in place where it is still in view."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command
from aiogram.types import (
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.callbacks import Menu
from bot.screens import edit_or_send, toast, without_buttons
from core.people import subscribers
from core.people.personal import normal_phone
from core.quizzes import runs
from core.quizzes.records import has_finished
from core.quizzes.screens import read_payload
from core.sales.matching import join_known

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.subscribers import Sender
    from core.quizzes.loader import Library
    from core.quizzes.screens import Screen

PREFIX = "q:"
LONGEST = 4096


def open_quiz(
    session: Session,
    library: Library,
    sender: Sender,
    quiz_id: str,
    now: datetime,
    key: str,
    anew: bool,
    language: str,
) -> Screen | None:
    """Begin or go on with a quiz; None where it is finished already and not asked for anew."""
    person = subscribers.meet(session, sender, now, language)
    if person.data_consent_at is None or quiz_id not in library.quizzes:
        return None
    if not anew and has_finished(session, person.id, quiz_id):
        return None
    return runs.begin(session, library, person, quiz_id, now, key)


def tap(
    session: Session, library: Library, sender: Sender, payload: str, now: datetime, key: str, language: str
) -> Screen:
    """Apply a button; what is not a button of ours is one that is gone."""
    person = subscribers.meet(session, sender, now, language)
    run_id, index, action = read_payload(payload) or (0, 0, "b")
    return runs.tap(session, library, person, run_id, index, action, now, key=key)


def write(
    session: Session, library: Library, sender: Sender, text: str, now: datetime, key: str, language: str
) -> Screen | None:
    """Apply a typed answer; None where no quiz is open."""
    person = subscribers.meet(session, sender, now, language)
    return runs.write(session, library, person, text, now, key=key)


def share(
    session: Session,
    library: Library,
    sender: Sender,
    phone: str,
    is_own: bool,
    now: datetime,
    key: str,
    language: str,
) -> Screen | None:
    """Apply a contact card; his own number joins him with what an import knew of him."""
    person = subscribers.meet(session, sender, now, language)
    screen = runs.contact(session, library, person, phone, is_own, now, key=key)
    number = normal_phone(f"+{phone.lstrip('+')}") if is_own else None
    if number is not None:
        person.phone = number
        join_known(session, person.id, now, phone=number)
    return screen


def stand(session: Session, library: Library, sender: Sender, now: datetime, language: str) -> Screen | None:
    """Return where a person stands in his open quiz; None without one."""
    person = subscribers.meet(session, sender, now, language)
    return runs.current(session, library, person)


def router() -> Router:
    """Build the router of quizzes."""
    routes = Router(name="quiz")
    routes.message.register(_again, Command("quiz"))
    routes.callback_query.register(_menu, Menu.filter(F.action == "quiz"))
    routes.callback_query.register(_tapped, F.data.startswith(PREFIX))
    routes.message.register(_contact, F.contact)
    routes.message.register(_written, F.text, ~F.text.startswith("/"))
    routes.message.register(_other, ~F.text)
    return routes


async def offer(turn: Turn) -> None:
    """Show a newcomer the entry quiz; greet one who has done it."""
    screen = await enter(turn, f"{turn.key}:quiz", anew=False)
    if screen is not None:
        await show(turn, screen, anew=True)
        return
    name = turn.sender.first_name
    button = InlineKeyboardButton(text=turn.say("button-quiz"), callback_data=Menu(action="quiz").pack())
    greeting = turn.say("quiz-done", name=name, known="yes" if name else "no")
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
    await turn.bot.send_message(turn.chat_id, greeting, reply_markup=keyboard)


async def enter(turn: Turn, key: str, *, anew: bool = True) -> Screen | None:
    """Begin or go on with the entry quiz; one key begins one run."""
    entry, language = turn.settings.entry_quiz, turn.settings.language
    return await turn.db.write(open_quiz, turn.library, turn.sender, entry, turn.now, key, anew, language)


async def show(turn: Turn, screen: Screen, *, anew: bool = False) -> None:
    """Show where a run stands; `anew` where its message has been talked out of view."""
    bot, chat_id = turn.bot, turn.chat_id
    text = screen.result.text if screen.result is not None else screen.body
    old = screen.message_id
    anew = anew or screen.wants == "contact"
    if anew and old is not None:
        await without_buttons(bot, chat_id, old)
    if screen.wants == "contact":  # only a keyboard below the input field can share a number
        shown = (await bot.send_message(chat_id, text, reply_markup=_contact_keyboard(screen))).message_id
    else:
        shown = await edit_or_send(bot, chat_id, None if anew else old, text, _keyboard(screen))
    if shown != old:
        await turn.db.write(runs.remember_message, screen.run_id, shown)
    if screen.result is not None and screen.result.file is not None and not screen.stale:
        await bot.send_document(chat_id, FSInputFile(screen.result.file))


async def _again(message: Message, turn: Turn) -> None:
    screen = await enter(turn, turn.key)
    if screen is None:
        known = turn.settings.entry_quiz in turn.library.quizzes
        await message.answer(turn.say("need-consent" if known else "quiz-none"))
    else:
        await show(turn, screen, anew=True)


async def _menu(query: CallbackQuery, turn: Turn) -> None:
    place = query.message.message_id if query.message else 0
    key = f"menu:{turn.sender.telegram_id}:{place}"  # a tap that is sent twice begins one run
    screen = await enter(turn, key)
    await toast(query)
    if screen is not None:
        await show(turn, screen, anew=True)


async def _tapped(query: CallbackQuery, turn: Turn) -> None:
    payload = (query.data or "").removeprefix(PREFIX)
    screen = await turn.db.write(
        tap, turn.library, turn.sender, payload, turn.now, turn.key, turn.settings.language
    )
    if screen.kind == "gone":
        await toast(query, turn.say("quiz-stale"))
        return
    problem = re.sub(r"<[^>]+>", "", screen.problem) if screen.problem else ""
    await toast(query, problem[:200] or (turn.say("quiz-stale") if screen.stale else ""))
    if not screen.stale or screen.message_id is not None:
        await show(turn, screen)


async def _contact(message: Message, turn: Turn) -> None:
    if message.contact is None:
        return
    phone, is_own = message.contact.phone_number, message.contact.user_id == turn.sender.telegram_id
    screen = await turn.db.write(
        share, turn.library, turn.sender, phone, is_own, turn.now, turn.key, turn.settings.language
    )
    if not is_own:
        await message.answer(turn.say("quiz-foreign-contact"))
    else:
        await message.answer(turn.say("quiz-contact-thanks"), reply_markup=ReplyKeyboardRemove())
    if screen is not None and is_own:
        await show(turn, screen, anew=True)


async def _written(message: Message, turn: Turn) -> None:
    screen = await turn.db.write(
        write, turn.library, turn.sender, message.text or "", turn.now, turn.key, turn.settings.language
    )
    if screen is None:
        raise SkipHandler  # no quiz is open: the text is a message to the business
    await show(turn, screen, anew=True)


async def _other(message: Message, turn: Turn) -> None:
    screen = await turn.db.write(stand, turn.library, turn.sender, turn.now, turn.settings.language)
    if screen is None:
        raise SkipHandler
    await message.answer(turn.say("quiz-write-text" if screen.wants == "text" else "quiz-use-buttons"))


def _contact_keyboard(screen: Screen) -> ReplyKeyboardMarkup:
    share = KeyboardButton(text=screen.share_label or "📱", request_contact=True)
    others = [[KeyboardButton(text=button.label) for button in row] for row in screen.buttons]
    return ReplyKeyboardMarkup(keyboard=[[share], *others], resize_keyboard=True, one_time_keyboard=True)


def _keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    if not screen.buttons:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=button.label, callback_data=PREFIX + button.payload) for button in row]
            for row in screen.buttons
        ]
    )
