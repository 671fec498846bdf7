"""What an owner corrects on a person's card: the sex by one tap, tags, attributes by a line of text."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from aiogram import F, Router

from bot.admin import people_facts as facts
from bot.admin import people_views as views
from bot.admin.people import found, name_of, place, show
from bot.admin.people_callbacks import PersonTap
from bot.admin.views import button
from bot.handlers.prompted import Answers, ask
from bot.screens import edit_or_send, toast
from core.people import corrections, prompts
from core.people.corrections import CorrectionError
from core.people.gender import kept
from core.people.models import Subscriber
from core.reports import person as reports
from core.segments.well_known import WELL_KNOWN
from core.words import cut

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.gender.verdict import Guess
    from core.people.prompts import Asked
    from core.reports.person import PersonCard

SET, TAG = "person_set", "person_tag"


def router() -> Router:
    """Build the router of corrections."""
    routes = Router(name="admin-people-edit")
    routes.message.register(_written, F.text, Answers(SET, TAG))
    for action, handler in _TAPS.items():
        routes.callback_query.register(handler, PersonTap.filter(F.action == action))
    return routes


def key_of(title: str) -> str:
    """Return the attribute an owner names: by its key, or by its title in either language.

    >>> key_of("Город"), key_of("День  рождения"), key_of("income")
    ('city', 'birthday', 'income')
    """
    wanted = " ".join(title.split()).casefold()
    for key, known in WELL_KNOWN.items():
        if wanted in (known.titles[0].casefold(), known.titles[1].removeprefix("the ").casefold()):
            return key
    return wanted


# -- the sex -------------------------------------------------------------------------------------------


async def _gender(query: CallbackQuery, callback_data: PersonTap, turn: Turn) -> None:
    sex = views.SEXES.get(callback_data.value)
    if sex is None:
        await toast(query, turn.say("people-old"), alert=True)
        return
    who, by = callback_data.person, turn.sender.telegram_id
    verdict = await turn.db.write(_correct, who, sex[0], turn.now, by)
    if verdict is None:
        await toast(query, turn.say("people-gone"), alert=True)
        return
    is_overruled = verdict.source == "answer" and verdict.gender != sex[0]
    note = "people-gender-kept" if is_overruled else "people-gender-done"
    await toast(query, turn.say(note), alert=is_overruled)
    await show(turn, who, place(query))


def _correct(session: Session, who: int, sex: Any, now: datetime, by: int) -> Guess | None:
    person = session.get(Subscriber, who)
    if person is None or person.erased_at is not None:
        return None
    return kept.correct(session, who, sex, now, by)


# -- tags ------------------------------------------------------------------------------------------------


async def _tags(query: CallbackQuery, callback_data: PersonTap, turn: Turn) -> None:
    card = await found(query, callback_data.person, turn)
    if card is not None:
        await _show_tags(turn, card, place(query))


async def _show_tags(turn: Turn, card: PersonCard, message_id: int | None) -> None:
    who, say = card.person.id, turn.say
    rows = [
        [button(f"✖️ {cut(tag, views.LONGEST_LABEL)}", views.tap("untag", who, _mark(tag)))]
        for tag in card.tags[:40]
    ]
    rows.append([button(say("people-button-tag"), views.tap("tag", who))])
    text = say("people-tags-window" if card.tags else "people-tags-window-none", name=name_of(turn, card))
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, views.back_keyboard(say, who, *rows))


def _mark(tag: str) -> int:
    """Return what a button carries in the place of a tag: 64 letters do not fit into 64 bytes."""
    return zlib.crc32(tag.encode())


async def _untag(query: CallbackQuery, callback_data: PersonTap, turn: Turn) -> None:
    who = callback_data.person
    card = await turn.db.read(reports.card, who, turn.say.language)
    tag = next((one for one in card.tags if _mark(one) == callback_data.value), None) if card else None
    if tag is not None:
        await turn.db.write(corrections.untag, who, tag, turn.now)
    key = "people-gone" if card is None else "people-tag-off"
    await toast(query, turn.say(key), alert=card is None)
    card = await turn.db.read(reports.card, who, turn.say.language)
    if card is not None:
        await _show_tags(turn, card, place(query))


# -- what is typed ---------------------------------------------------------------------------------------


async def _ask_tag(query: CallbackQuery, callback_data: PersonTap, turn: Turn) -> None:
    if await found(query, callback_data.person, turn) is not None:
        example = turn.say("people-tag-example")
        await ask(turn, TAG, turn.say("people-tag-ask"), example, about=callback_data.person)


async def _ask_set(query: CallbackQuery, callback_data: PersonTap, turn: Turn) -> None:
    if await found(query, callback_data.person, turn) is not None:
        example = turn.say("people-set-example")
        await ask(turn, SET, turn.say("people-set-ask"), example, about=callback_data.person)


async def _written(message: Message, asked: Asked, turn: Turn) -> None:
    text, by = message.text or "", turn.sender.telegram_id
    try:
        if asked.what == TAG:
            await turn.db.write(_tag, asked.about, text, turn.now, by)
        elif "=" not in text:
            await message.answer(turn.say("people-mend-shape"))
            return
        else:
            key, value = (part.strip() for part in text.split("=", 1))
            await _set(turn, asked.about, key_of(key), value)
    except CorrectionError as error:
        await message.answer(turn.say(f"people-mend-{error.kind}"))
        return
    await show(turn, asked.about)


async def _set(turn: Turn, person: int, key: str, value: str) -> None:
    kept_value = await turn.db.write(_correct_one, person, key, value, turn.now, turn.sender.telegram_id)
    title = facts.title_of(key, turn.say.language)
    told = "people-set-done" if kept_value else "people-set-removed"
    text = turn.say(told, title=title, **({"value": kept_value} if kept_value else {}))
    await turn.bot.send_message(turn.chat_id, text)


def _correct_one(session: Session, person: int, key: str, value: str, now: datetime, by: int) -> str:
    told = corrections.correct(session, person, key, value, now, by)
    prompts.answered_by(session, by)
    return told


def _tag(session: Session, person: int, text: str, now: datetime, by: int) -> None:
    corrections.tag(session, person, text, now, by)
    prompts.answered_by(session, by)


_TAPS: dict[str, Any] = {
    "gender": _gender,
    "tags": _tags,
    "tag": _ask_tag,
    "untag": _untag,
    "set": _ask_set,
}
