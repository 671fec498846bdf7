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

    from aiogram import Bot
    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.texts import Say
    from core.db import Database
    from core.people.subscribers import Sender
    from core.quizzes.loader import Library
    from core.quizzes.screens import Screen
    from core.settings import Settings

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


async def offer(
    bot: Bot,
    db: Database,
    library: Library,
    settings: Settings,
    sender: Sender,
    say: Say,
    now: datetime,
    key: str,
) -> None:
    """Show a newcomer the entry quiz; greet one who has done it."""
    screen = await db.write(
        open_quiz, library, sender, settings.entry_quiz, now, f"{key}:quiz", False, settings.language
    )
    if screen is not None:
        await show(bot, db, screen, sender.telegram_id, anew=True)
        return
    button = InlineKeyboardButton(text=say("button-quiz"), callback_data=Menu(action="quiz").pack())
    greeting = say("quiz-done", name=sender.first_name, known="yes" if sender.first_name else "no")
    await bot.send_message(
        sender.telegram_id, greeting, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]])
    )


async def show(bot: Bot, db: Database, screen: Screen, chat_id: int, *, anew: bool = False) -> None:
    """Show where a run stands; `anew` where its message has been talked out of view."""
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
        await db.write(runs.remember_message, screen.run_id, shown)
    if screen.result is not None and screen.result.file is not None and not screen.stale:
        await bot.send_document(chat_id, FSInputFile(screen.result.file))


async def _again(
    message: Message,
    bot: Bot,
    db: Database,
    library: Library,
    settings: Settings,
    sender: Sender,
    say: Say,
    now: datetime,
    key: str,
) -> None:
    screen = await db.write(
        open_quiz, library, sender, settings.entry_quiz, now, key, True, settings.language
    )
    if screen is None:
        known = settings.entry_quiz in library.quizzes
        await message.answer(say("need-consent" if known else "quiz-none"))
    else:
        await show(bot, db, screen, sender.telegram_id, anew=True)


async def _menu(
    query: CallbackQuery,
    bot: Bot,
    db: Database,
    library: Library,
    settings: Settings,
    sender: Sender,
    say: Say,
    now: datetime,
) -> None:
    place = query.message.message_id if query.message else 0
    key = f"menu:{sender.telegram_id}:{place}"  # a tap that is sent twice begins one run
    screen = await db.write(
        open_quiz, library, sender, settings.entry_quiz, now, key, True, settings.language
    )
    await toast(query)
    if screen is not None:
        await show(bot, db, screen, sender.telegram_id, anew=True)


async def _tapped(
    query: CallbackQuery,
    bot: Bot,
    db: Database,
    library: Library,
    settings: Settings,
    sender: Sender,
    say: Say,
    now: datetime,
    key: str,
) -> None:
    payload = (query.data or "").removeprefix(PREFIX)
    screen = await db.write(tap, library, sender, payload, now, key, settings.language)
    if screen.kind == "gone":
        await toast(query, say("quiz-stale"))
        return
    problem = re.sub(r"<[^>]+>", "", screen.problem) if screen.problem else ""
    await toast(query, problem[:200] or (say("quiz-stale") if screen.stale else ""))
    if not screen.stale or screen.message_id is not None:
        await show(bot, db, screen, sender.telegram_id)


async def _contact(
    message: Message,
    bot: Bot,
    db: Database,
    library: Library,
    settings: Settings,
    sender: Sender,
    say: Say,
    now: datetime,
    key: str,
) -> None:
    if message.contact is None:
        return
    is_own = message.contact.user_id == sender.telegram_id
    screen = await db.write(
        share, library, sender, message.contact.phone_number, is_own, now, key, settings.language
    )
    if not is_own:
        await message.answer(say("quiz-foreign-contact"))
    else:
        await message.answer(say("quiz-contact-thanks"), reply_markup=ReplyKeyboardRemove())
    if screen is not None and is_own:
        await show(bot, db, screen, sender.telegram_id, anew=True)


async def _written(
    message: Message,
    bot: Bot,
    db: Database,
    library: Library,
    settings: Settings,
    sender: Sender,
    say: Say,
    now: datetime,
    key: str,
) -> None:
    screen = await db.write(write, library, sender, message.text or "", now, key, settings.language)
    if screen is None:
        raise SkipHandler  # no quiz is open: the text is a message to the business
    await show(bot, db, screen, sender.telegram_id, anew=True)


async def _other(
    message: Message,
    db: Database,
    library: Library,
    settings: Settings,
    sender: Sender,
    say: Say,
    now: datetime,
) -> None:
    screen = await db.write(stand, library, sender, now, settings.language)
    if screen is None:
        raise SkipHandler
    await message.answer(say("quiz-write-text" if screen.wants == "text" else "quiz-use-buttons"))


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
