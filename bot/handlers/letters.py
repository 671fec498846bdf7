"""Buttons under letters: each tap answers its letter; `quiz` and `quiz.<id>` open one, others are thanked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.types import ReactionTypeEmoji

from bot.handlers import quiz_start
from bot.messenger import ACT_PREFIX
from bot.screens import toast
from core.mailing import engagement, questions, ratings
from core.people import subscribers

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, MessageReactionUpdated, PollAnswer
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.subscribers import Sender


def answer(
    session: Session, sender: Sender, delivery_id: int, code: str, now: datetime, language: str
) -> bool:
    """Count the tap as the answer to its letter; False where the letter is not this person's."""
    person = subscribers.meet(session, sender, now, language)
    letter = engagement.tapped(session, person.id, delivery_id, code, now)
    if letter is not None and code in ratings.CODES:
        ratings.rate(session, person.id, letter, ratings.CODES[code], now)
    return letter is not None


def react(
    session: Session, sender: Sender, message_id: int, signs: list[str], now: datetime, language: str
) -> None:
    """A reaction is a sign of life, and the answer to the letter it stands under; a thumb rates it."""
    person = subscribers.meet(session, sender, now, language)
    letter = engagement.answered(session, person.id, message_id, now)
    rating = next((ratings.SIGNS[sign] for sign in signs if sign in ratings.SIGNS), None)
    if letter is not None and rating is not None:
        ratings.rate(session, person.id, letter, rating, now)


def vote(
    session: Session, sender: Sender, poll_id: str, places: list[int], now: datetime, language: str, key: str
) -> None:
    """A vote in a poll is a sign of life, and the answer to the letter the poll is."""
    person = subscribers.meet(session, sender, now, language)
    questions.voted(session, person.id, poll_id, places, now, key)


def router() -> Router:
    """Build the router of letters' buttons."""
    routes = Router(name="letters")
    routes.callback_query.register(_tapped, F.data.startswith(ACT_PREFIX))
    routes.message_reaction.register(_reacted)
    routes.poll_answer.register(_voted)
    return routes


async def _reacted(event: MessageReactionUpdated, turn: Turn) -> None:
    signs = [one.emoji for one in event.new_reaction if isinstance(one, ReactionTypeEmoji)]
    await turn.db.write(react, turn.sender, event.message_id, signs, turn.now, turn.settings.language)


async def _voted(event: PollAnswer, turn: Turn) -> None:
    language = turn.settings.language
    await turn.db.write(vote, turn.sender, event.poll_id, event.option_ids, turn.now, language, turn.key)


async def _tapped(query: CallbackQuery, turn: Turn) -> None:
    delivery, _, code = (query.data or "").removeprefix(ACT_PREFIX).partition(":")
    if not delivery.isdigit() or len(delivery) > 18:
        await toast(query)
        return
    is_his = await turn.db.write(answer, turn.sender, int(delivery), code, turn.now, turn.settings.language)
    await toast(query, turn.say("letter-thanks") if is_his else "")
    quiz_id = questions.quiz_of(code, turn.settings.entry_quiz) if is_his else None
    if quiz_id is not None:
        await quiz_start.enter_and_show(turn, f"letter:{delivery}:{quiz_id}", quiz_id)
