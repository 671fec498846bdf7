"""The owner's topics: made, renamed, hidden; and the topic of a letter that is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import F, Router

from bot.admin import composer, samples
from bot.admin.views import button, keyboard
from bot.callbacks import TopicAct
from bot.filters import IsOwner
from bot.handlers import topics as window
from bot.handlers.prompted import Answers, ask
from bot.screens import edit_or_send, toast
from bot.texts import Html
from core.mailing import campaigns
from core.mailing.campaigns import CampaignError
from core.people import prompts, topics
from core.people.topics import TopicError

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
    from sqlalchemy.orm import Session

    from bot.texts import Say
    from bot.turn import Turn
    from core.people.prompts import Asked
    from core.people.subscribers import Sender
    from core.people.topics import Shown

ADD, RENAME = "topic_add", "topic_rename"


def router() -> Router:
    """Build the router of the owner's topics."""
    routes = Router(name="admin-topics")
    routes.message.filter(IsOwner())
    routes.callback_query.filter(IsOwner())
    routes.message.register(_named, F.text, Answers(ADD, RENAME))
    routes.callback_query.register(_list, TopicAct.filter(F.action == "list"))
    routes.callback_query.register(_done, TopicAct.filter(F.action == "done"))
    routes.callback_query.register(_ask, TopicAct.filter(F.action.in_({"add", "rename"})))
    routes.callback_query.register(_toggle, TopicAct.filter(F.action.in_({"hide", "show"})))
    routes.callback_query.register(_of_letter, TopicAct.filter(F.action == "letter"))
    routes.callback_query.register(_picked, TopicAct.filter(F.action == "pick"))
    return routes


def late_router() -> Router:
    """Build the router behind the quiz: a name that is no reply, where nothing else waits for a text."""
    routes = Router(name="admin-topics-late")
    routes.message.filter(IsOwner())
    routes.message.register(_named, F.text, Answers(ADD, RENAME, loose=True))
    return routes


def name(session: Session, sender: Sender, asked: Asked, text: str, key: str, now: datetime) -> None:
    """Make or rename a topic out of the owner's reply; raises TopicError with what to mend."""
    if asked.what == ADD:
        topics.add(session, text, key, now)
    else:
        topics.rename(session, asked.about, text)
    prompts.answered_by(session, sender.telegram_id)


async def show(turn: Turn, message_id: int | None) -> None:
    """Show all topics with what may be done to each."""
    found = await turn.db.read(topics.everything)
    await edit_or_send(turn.bot, turn.chat_id, message_id, _text(turn.say, found), _keyboard(turn.say, found))


def _text(say: Say, found: list[Shown]) -> str:
    if not found:
        return say("admin-topics-none")
    lines = [
        say(
            "admin-topic-line",
            title=one.title_ru,
            other=one.title_en if one.title_en != one.title_ru else "none",
            left=one.left_count,
            shown="yes" if one.is_active else "no",
        )
        for one in found
    ]
    return say("admin-topics", list=Html("\n".join(lines)))


def _keyboard(say: Say, found: list[Shown]) -> InlineKeyboardMarkup:
    rows = [
        [
            button(
                say("button-topic-rename", title=Html(one.title(say.language))),
                TopicAct(action="rename", topic=one.id).pack(),
            ),
            button(
                say("button-topic-hide" if one.is_active else "button-topic-show"),
                TopicAct(action="hide" if one.is_active else "show", topic=one.id).pack(),
            ),
        ]
        for one in found
    ]
    return keyboard(
        *rows,
        [
            button(say("button-topic-add"), TopicAct(action="add").pack()),
            button(say("button-topics-done"), TopicAct(action="done").pack()),
        ],
    )


async def _list(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await show(turn, query.message.message_id if query.message else None)


async def _done(query: CallbackQuery, turn: Turn) -> None:
    await toast(query)
    await window.show(turn, query.message.message_id if query.message else None)


async def _ask(query: CallbackQuery, callback_data: TopicAct, turn: Turn) -> None:
    await toast(query)
    example = turn.say("admin-topic-example")
    if callback_data.action == "add":
        await ask(turn, ADD, turn.say("admin-topic-ask-add"), example)
        return
    found = await turn.db.read(topics.find, callback_data.topic)
    if found is None:
        await turn.bot.send_message(turn.chat_id, turn.say("admin-topic-gone"))
        return
    text = turn.say("admin-topic-ask-rename", title=found.title(turn.say.language))
    await ask(turn, RENAME, text, example, about=found.id)


async def _named(message: Message, asked: Asked, turn: Turn) -> None:
    try:
        await turn.db.write(name, turn.sender, asked, message.text or "", turn.key, turn.now)
    except TopicError as error:
        await message.answer(turn.say(f"admin-topic-mend-{error.kind}", most=topics.LONGEST_TITLE))
        return
    await show(turn, None)


async def _toggle(query: CallbackQuery, callback_data: TopicAct, turn: Turn) -> None:
    try:
        await turn.db.write(topics.show, callback_data.topic, callback_data.action == "show")
    except TopicError:
        await toast(query, turn.say("admin-topic-gone"), alert=True)
        return
    await _list(query, turn)


async def _of_letter(query: CallbackQuery, callback_data: TopicAct, turn: Turn) -> None:
    """Show the topics a letter may be given."""
    await toast(query)
    found = [one for one in await turn.db.read(topics.everything) if one.is_active]
    letter = {"campaign": callback_data.campaign, "content": callback_data.content}
    rows = [
        [button(one.title(turn.say.language), TopicAct(action="pick", topic=one.id, **letter).pack())]
        for one in found
    ]
    none = button(turn.say("admin-button-topic-none"), TopicAct(action="pick", **letter).pack())
    place = query.message.message_id if query.message else None
    text = turn.say("admin-letter-topic-ask")
    await edit_or_send(turn.bot, turn.chat_id, place, text, keyboard(*rows, [none]))


async def _picked(query: CallbackQuery, callback_data: TopicAct, turn: Turn) -> None:
    campaign_id = callback_data.campaign
    try:
        await turn.db.write(campaigns.set_topic, campaign_id, callback_data.topic or None)
    except CampaignError:
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    await toast(query)
    letter = await turn.db.read(samples.sample, campaign_id, turn.now)
    place = query.message.message_id if query.message else None
    shown_name = letter.name if letter is not None else ""
    await composer.show_count(turn, campaign_id, callback_data.content, shown_name, place)
