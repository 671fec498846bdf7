"""/topics and the button under a letter: what a person is written to about, chosen one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.callbacks import TopicAct, TopicTap
from bot.messenger import TOPIC_PREFIX
from bot.screens import edit_or_send, toast
from bot.texts import Html
from core.mailing import engagement
from core.people import subscribers, topics
from core.people.topics import Place, TopicError

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.subscribers import Sender
    from core.people.topics import Choice


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees: the topics, and what silences letters apart from them."""

    choices: list[Choice]
    is_stopped: bool
    has_advertising: bool


def stand(session: Session, sender: Sender, now: datetime, default: str, language: str) -> Shown:
    """Return a person's choices."""
    person = subscribers.meet(session, sender, now, default)
    choices = topics.of(session, person.id, language)
    return Shown(choices, person.status == "stopped", person.advertising_consent_at is not None)


def choose(
    session: Session, sender: Sender, topic_id: int, is_on: bool, place: Place, now: datetime, default: str
) -> str | None:
    """Leave a topic or come back; returns its Russian and English name with a line between, None if gone.

    Done under a letter, it answers the letter.
    """
    person = subscribers.meet(session, sender, now, default)
    found = topics.find(session, topic_id)
    if found is None:
        return None
    if place.path == "letter" and place.message_id is not None:
        engagement.answered(session, person.id, place.message_id, now)
    topics.choose(session, person.id, topic_id, is_on, place, now)
    return f"{found.title_ru}\n{found.title_en}"


def router() -> Router:
    """Build the router of topics."""
    routes = Router(name="topics")
    routes.message.register(_topics, Command("topics"))
    routes.callback_query.register(_tapped, TopicTap.filter())
    routes.callback_query.register(_left, F.data.startswith(TOPIC_PREFIX))
    return routes


async def show(turn: Turn, message_id: int | None = None) -> None:
    """Show the topics, in place where a message is named."""
    say, language = turn.say, turn.say.language
    found = await turn.db.write(stand, turn.sender, turn.now, turn.settings.language, language)
    text = say("topics" if found.choices else "topics-none")
    if found.is_stopped:
        text += "\n" + say("topics-stopped")
    elif not found.has_advertising:
        text += "\n" + say("topics-no-advertising")
    rows = [
        [
            InlineKeyboardButton(
                text=say("topic-on" if one.is_on else "topic-off", title=Html(one.title)),
                callback_data=TopicTap(topic=one.id, is_on=not one.is_on).pack(),
            )
        ]
        for one in found.choices
    ]
    if turn.sender.telegram_id in turn.settings.admin_ids:
        edit = TopicAct(action="list").pack()
        rows.append([InlineKeyboardButton(text=say("button-topics-edit"), callback_data=edit)])
    keyboard = InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, keyboard)


async def _topics(_message: Message, turn: Turn) -> None:
    await show(turn)


async def _tapped(query: CallbackQuery, callback_data: TopicTap, turn: Turn) -> None:
    message_id = query.message.message_id if query.message else None
    title = await _choose(turn, callback_data.topic, callback_data.is_on, "topics", message_id)
    if title is None:
        await toast(query, turn.say("topic-gone"), alert=True)
        return
    await toast(
        query, turn.say(f"topic-{'back' if callback_data.is_on else 'left'}-toast", title=Html(title))
    )
    await show(turn, message_id)


async def _left(query: CallbackQuery, turn: Turn) -> None:
    """Leave the topic of a letter: whatever number a forged button carries, it is only his own choice."""
    number = (query.data or "").removeprefix(TOPIC_PREFIX)
    message_id = query.message.message_id if query.message else None
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    title = await _choose(turn, int(number), False, "letter", message_id) if is_number else None
    if title is None:
        await toast(query, turn.say("topic-gone"))
        return
    await toast(query, turn.say("topic-left-toast", title=Html(title)), alert=True)
    back = InlineKeyboardButton(
        text=turn.say("button-topic-back", title=Html(title)),
        callback_data=TopicTap(topic=int(number), is_on=True).pack(),
    )
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[back]])
    await turn.bot.send_message(turn.chat_id, turn.say("topic-left", title=title), reply_markup=keyboard)


async def _choose(turn: Turn, topic: int, is_on: bool, path: str, message_id: int | None) -> str | None:
    place = Place(path, turn.key, message_id)
    try:
        titles = await turn.db.write(
            choose, turn.sender, topic, is_on, place, turn.now, turn.settings.language
        )
    except TopicError:
        return None
    return titles.split("\n")[turn.say.language != "ru"] if titles else None
