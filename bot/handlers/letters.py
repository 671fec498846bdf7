"""Buttons under letters: each tap answers its letter; `quiz` and `quiz.<id>` open one, others are thanked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.types import InlineKeyboardMarkup, Message, ReactionTypeEmoji

from bot.handlers import quiz_start
from bot.messenger import ACT_PREFIX
from bot.screens import edit_or_send, toast
from core.mailing import engagement, questions, ratings, teasers
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
    if is_his and code == teasers.CODE:
        await toast(query)
        await _read_on(query, int(delivery), turn)
        return
    await toast(query, turn.say("letter-thanks") if is_his else "")
    quiz_id = questions.quiz_of(code, turn.settings.entry_quiz) if is_his else None
    if quiz_id is not None:
        await quiz_start.enter_and_show(turn, f"letter:{delivery}:{quiz_id}", quiz_id)


async def _read_on(query: CallbackQuery, delivery_id: int, turn: Turn) -> None:
    """Bring the rest of a letter: in it where that is possible, below a picture otherwise; once."""
    whole, letter = await turn.db.read(teasers.read_on, delivery_id), query.message
    if whole is None or not isinstance(letter, Message) or letter.reply_markup is None:
        return
    rows = [
        [one for one in row if one.callback_data != query.data] for row in letter.reply_markup.inline_keyboard
    ]
    if rows == letter.reply_markup.inline_keyboard:
        return
    buttons = InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])
    if whole.kind == "text":
        text = f"{whole.seen}\n\n{whole.rest}"
        await edit_or_send(turn.bot, turn.chat_id, letter.message_id, text, buttons)
        return
    await turn.bot.send_message(turn.chat_id, whole.rest, reply_to_message_id=letter.message_id)
    await turn.bot.edit_message_reply_markup(
        chat_id=turn.chat_id, message_id=letter.message_id, reply_markup=buttons
    )
