"""Buttons under letters: each tap answers its letter; `quiz` opens the entry quiz, others are thanked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import F, Router

from bot.handlers import quiz
from bot.messenger import ACT_PREFIX
from bot.screens import toast
from core.mailing import engagement
from core.people import subscribers

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram import Bot
    from aiogram.types import CallbackQuery, MessageReactionUpdated
    from sqlalchemy.orm import Session

    from bot.texts import Say
    from core.db import Database
    from core.people.subscribers import Sender
    from core.quizzes.loader import Library
    from core.settings import Settings

OPENS_QUIZ = "quiz"


def answer(
    session: Session, sender: Sender, delivery_id: int, code: str, now: datetime, language: str
) -> bool:
    """Count the tap as the answer to its letter; False where the letter is not this person's."""
    person = subscribers.meet(session, sender, now, language)
    return engagement.tapped(session, person.id, delivery_id, code, now) is not None


def react(session: Session, sender: Sender, message_id: int, now: datetime, language: str) -> None:
    """A reaction is a sign of life, and the answer to the letter it stands under."""
    person = subscribers.meet(session, sender, now, language)
    engagement.answered(session, person.id, message_id, now)


def router() -> Router:
    """Build the router of letters' buttons."""
    routes = Router(name="letters")
    routes.callback_query.register(_tapped, F.data.startswith(ACT_PREFIX))
    routes.message_reaction.register(_reacted)
    return routes


async def _reacted(
    event: MessageReactionUpdated, db: Database, settings: Settings, sender: Sender, now: datetime
) -> None:
    await db.write(react, sender, event.message_id, now, settings.language)


async def _tapped(
    query: CallbackQuery,
    bot: Bot,
    db: Database,
    library: Library,
    settings: Settings,
    sender: Sender,
    say: Say,
    now: datetime,
) -> None:
    delivery, _, code = (query.data or "").removeprefix(ACT_PREFIX).partition(":")
    if not delivery.isdigit() or len(delivery) > 18:
        await toast(query)
        return
    is_his = await db.write(answer, sender, int(delivery), code, now, settings.language)
    await toast(query, say("letter-thanks") if is_his else "")
    if is_his and code == OPENS_QUIZ:
        key = f"letter:{delivery}"  # a tap that is sent twice begins one run
        screen = await db.write(
            quiz.open_quiz, library, sender, settings.entry_quiz, now, key, True, settings.language
        )
        if screen is not None:
            await quiz.show(bot, db, screen, sender.telegram_id, anew=True)
