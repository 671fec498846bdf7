"""«Have I joined?»: Telegram is asked before the answer counts; where it cannot say, the owner hears why."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import ChatMemberRestricted
from sqlalchemy import select

from bot import owners
from bot.quiz_screens import PREFIX, finished, show
from bot.screens import toast
from core.people import subscribers
from core.people.models import Subscriber
from core.quizzes import runs
from core.quizzes.buttons import read_payload

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram import Bot
    from aiogram.types import CallbackQuery
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.subscribers import Sender
    from core.quizzes.loader import Library
    from core.quizzes.screens import Screen

CHECKS = re.compile(rf"{PREFIX}[0-9]+:[0-9]+:j")
JOINED = frozenset({"member", "administrator", "creator"})
_STRANGER = ("user not found", "participant_id_invalid")  # Telegram knows him, the channel does not


def asked_channel(
    session: Session, library: Library, telegram_id: int, run_id: int, index: int
) -> tuple[str, str | int] | None:
    """Return the quiz and the channel a tap asks about; None where it is not asked for now."""
    person = session.scalar(select(Subscriber).where(Subscriber.telegram_id == telegram_id))
    if person is None:
        return None
    channel = runs.channel(session, library, person, run_id, index)
    screen = runs.current(session, library, person)
    return (screen.quiz if screen is not None else "", channel) if channel is not None else None


def join(
    session: Session,
    library: Library,
    sender: Sender,
    place: tuple[int, int],
    is_member: bool,
    now: datetime,
    key: str,
    language: str,
) -> Screen:
    """Apply what Telegram said of the channel."""
    person = subscribers.meet(session, sender, now, language)
    screen = runs.joined(session, library, person, *place, is_member, now, key=key)
    return finished(session, library, screen, now)


async def is_member(bot: Bot, channel: str | int, person: int) -> bool:
    """Ask Telegram. Raises TelegramBadRequest or TelegramForbiddenError where the bot may not know."""
    try:
        found = await bot.get_chat_member(channel, person)
    except TelegramBadRequest as error:
        if any(words in error.message.lower() for words in _STRANGER):
            return False
        raise
    return found.status in JOINED or (isinstance(found, ChatMemberRestricted) and found.is_member)


async def check(query: CallbackQuery, turn: Turn) -> None:
    """Answer a tap on «check»."""
    run_id, index, _ = read_payload((query.data or "").removeprefix(PREFIX)) or (0, 0, "")
    asked = await turn.db.read(asked_channel, turn.library, turn.sender.telegram_id, run_id, index)
    if asked is None:
        raise SkipHandler  # an old button: the quiz says where the person stands
    quiz_id, channel = asked
    try:
        joined = await is_member(turn.bot, channel, turn.sender.telegram_id)
    except (TelegramBadRequest, TelegramForbiddenError) as error:
        await toast(query, turn.say("quiz-join-later"), alert=True)
        await _tell_owner(turn, quiz_id, channel, error.message)
        return
    language = turn.settings.language
    screen = await turn.db.write(
        join, turn.library, turn.sender, (run_id, index), joined, turn.now, turn.key, language
    )
    await toast(query, (screen.problem or "")[:200], alert=screen.problem is not None)
    if not screen.stale or screen.message_id is not None:
        await show(turn, screen)


async def _tell_owner(turn: Turn, quiz_id: str, channel: str | int, error: str) -> None:
    """Tell the owners what to mend, once an hour a channel."""
    if turn.memory.may_tell(f"join:{channel}"):
        say = turn.texts[turn.settings.language]
        alert = say("alert-quiz-join", channel=str(channel), quiz=quiz_id, error=escape(error, quote=False))
        await owners.tell(turn.bot, turn.settings, alert)
