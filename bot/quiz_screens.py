"""A quiz on the phone: its Screen as a message, in place where it is still in view, and what follows it."""

from __future__ import annotations

import dataclasses
from html import escape
from typing import TYPE_CHECKING

import structlog
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from sqlalchemy import select

from bot import owners, pictures
from bot.screens import Sheet, replace, send, send_document, without_buttons
from core import clock
from core.mailing import lessons
from core.people import subscribers
from core.people.activity import record
from core.people.models import Subscriber
from core.quizzes import runs
from core.quizzes.models import QuizRun

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.subscribers import Sender
    from core.quizzes.loader import Library
    from core.quizzes.screens import Button, Screen

PREFIX = "q:"
BELOW_INPUT = ("contact", "location")  # only a keyboard below the input field can share these

log = structlog.get_logger()


def begin_next(
    session: Session, library: Library, sender: Sender, quiz_id: str, now: datetime, key: str, language: str
) -> Screen | None:
    """Begin the quiz that follows another; None where it was switched off meanwhile."""
    if quiz_id not in library.quizzes:
        return None
    person = subscribers.meet(session, sender, now, language)
    return finished(session, library, runs.begin(session, library, person, quiz_id, now, key), now)


def took_file(session: Session, run_id: int, quiz_id: str, name: str, now: datetime) -> None:
    """The promised file was sent: a fact, once a run."""
    run = session.get(QuizRun, run_id)
    if run is not None and not run.is_trial:
        detail = {"quiz": quiz_id, "file": name}
        record(session, run.subscriber_id, "file_taken", now, detail=detail, key=f"quiz:{run_id}:file")


def finished(session: Session, library: Library, screen: Screen, now: datetime) -> Screen:
    """Plan the lessons a finished run brings, in the write that finished it; returns the same screen."""
    if screen.result is not None and not screen.stale:
        for problem in lessons.plan(session, library, screen.run_id, now).problems:
            log.error("lesson_cannot_be_sent", problem=problem)
    return screen


def expire(session: Session, library: Library, telegram_id: int, run_id: int, now: datetime) -> Screen | None:
    """Keep that the time of a run was up; None where nothing is due. Nobody acted: no sign of life."""
    person = session.scalar(select(Subscriber).where(Subscriber.telegram_id == telegram_id))
    screen = runs.expire(session, library, person, run_id, now) if person is not None else None
    return finished(session, library, screen, now) if screen is not None else None


async def show(turn: Turn, screen: Screen, *, anew: bool = False) -> None:
    """Show where a run stands; `anew` where its message has been talked out of view."""
    shown = await _show_message(turn, screen, anew=anew)
    if shown != screen.message_id:
        await turn.db.write(runs.remember_message, screen.run_id, shown)
    _set_timer(turn, screen)
    if not screen.stale:
        await _follow(turn, screen)


def _set_timer(turn: Turn, screen: Screen) -> None:
    left = screen.seconds_left(clock.now()) if screen.result is None else None
    if left is None:
        turn.memory.timers.cancel(screen.run_id)
    else:
        turn.memory.timers.set(screen.run_id, left, lambda: _time_up(turn, screen.run_id))


async def _time_up(turn: Turn, run_id: int) -> None:
    """Show what follows when nobody acted in time."""
    later = dataclasses.replace(turn, now=clock.now(), key=f"late:{run_id}")
    screen = await turn.db.write(expire, turn.library, turn.sender.telegram_id, run_id, later.now)
    if screen is not None:
        await show(later, screen)


async def _show_message(turn: Turn, screen: Screen, *, anew: bool) -> int:
    bot, memory, chat_id, old = turn.bot, turn.memory, turn.chat_id, screen.message_id
    text = screen.result.text if screen.result is not None else screen.body
    picture = pictures.of(screen.picture, screen.sheet)
    if screen.wants in BELOW_INPUT:
        if old is not None:
            await without_buttons(bot, chat_id, old)
        return await send(bot, memory, chat_id, Sheet(text, _below_input(screen), picture))
    keyboard = _keyboard(screen)
    sheet = Sheet(text, keyboard, picture)
    if old is not None and not anew:
        return await replace(bot, memory, chat_id, old, sheet, keyboard)
    if old is not None:
        await without_buttons(bot, chat_id, old)
    return await send(bot, memory, chat_id, sheet)


async def _follow(turn: Turn, screen: Screen) -> None:
    """What an act brings beside the screen: the owners' alerts, the promised file, the quiz that follows."""
    for alert in screen.alerts:
        await owners.tell(turn.bot, turn.settings, _alert(turn, screen, alert))
    if screen.result is None:
        return
    file = screen.result.file
    if file is not None:
        await send_document(turn.bot, turn.memory, turn.chat_id, file)
        await turn.db.write(took_file, screen.run_id, screen.quiz, file.name, turn.now)
    if screen.next_quiz is not None:
        language, key = turn.settings.language, f"{turn.key}:next"
        following = await turn.db.write(
            begin_next, turn.library, turn.sender, screen.next_quiz, turn.now, key, language
        )
        if following is not None:
            await show(turn, following, anew=True)


def _alert(turn: Turn, screen: Screen, alert: str) -> str:
    sender = turn.sender
    name = sender.name or str(sender.telegram_id)
    link = f'<a href="tg://user?id={sender.telegram_id}">{escape(name, quote=False)}</a>'
    loaded = turn.library.quizzes.get(screen.quiz)
    title = loaded.quiz.title.of(turn.settings.language) if loaded is not None else screen.quiz
    return f"🔔 <b>{escape(title, quote=False)}</b> · {link}\n{alert}"


def _below_input(screen: Screen) -> ReplyKeyboardMarkup:
    shares = KeyboardButton(
        text=screen.share_label or "📎",
        request_contact=screen.wants == "contact" or None,
        request_location=screen.wants == "location" or None,
    )
    others = [[KeyboardButton(text=button.label) for button in row] for row in screen.buttons]
    return ReplyKeyboardMarkup(keyboard=[[shares], *others], resize_keyboard=True, one_time_keyboard=True)


def _keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    if not screen.buttons:
        return None
    return InlineKeyboardMarkup(inline_keyboard=[[_button(one) for one in row] for row in screen.buttons])


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(text=button.label, url=button.url)
    return InlineKeyboardButton(text=button.label, callback_data=PREFIX + button.payload)
