"""Writing to a segment: a text, its preview and count, one launch."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import BaseFilter

from bot.admin import campaign_views as views
from bot.admin import drafts, manner_views, samples
from bot.admin.callbacks import LetterChoice, LetterTap
from bot.admin.captured import IsLetter, words_of
from bot.admin.problem_words import said
from bot.admin.progress import show_progress as show_progress
from bot.screens import edit_or_send, toast
from core.mailing import audiences, campaigns, dry_run
from core.mailing.campaigns import CampaignError
from core.mailing.content import ContentError
from core.segments.errors import SegmentError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.admin.callbacks import SegmentTap
    from bot.turn import Turn


class AwaitsText(BaseFilter):
    """The owner's message is the text of a letter he began; gives the handler `campaign_id`."""

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        """Find the draft that waits; commands are never its text."""
        if (message.text or "").startswith("/"):
            return False
        found = await turn.db.read(drafts.waiting, turn.chat_id, message.message_id, turn.now)
        return {"campaign_id": found} if found is not None else False


def router() -> Router:
    """Build the router of letters."""
    routes = Router(name="admin-composer")
    routes.message.register(_written, IsLetter(), AwaitsText())
    routes.message.register(_no_letter, AwaitsText())
    routes.callback_query.register(_choose, LetterChoice.filter())
    for action, handler in _HANDLERS.items():
        routes.callback_query.register(handler, LetterTap.filter(F.action == action))
    return routes


async def begin(query: CallbackQuery, callback_data: SegmentTap, turn: Turn) -> None:
    """Begin a letter to the segment of the tapped card and ask for its text."""
    number, zone, key = callback_data.number, turn.settings.time_zone, f"{turn.key}:letter"
    try:
        draft = await turn.db.write(
            drafts.begin, number, turn.chat_id, turn.say.language, zone, key, turn.now
        )
    except SegmentError:
        await toast(query, turn.say("admin-segment-gone"), alert=True)
        return
    await toast(query)
    await _ask(turn, draft.campaign_id, turn.say("admin-write-ask", title=draft.title, size=draft.size))


async def _ask(turn: Turn, campaign_id: int, text: str) -> None:
    await turn.bot.send_message(turn.chat_id, text, reply_markup=views.ask_keyboard(turn.say, campaign_id))


async def _written(message: Message, campaign_id: int, turn: Turn) -> None:
    words, place = words_of(message), message.message_id
    try:
        content_id = await turn.db.write(drafts.write, campaign_id, words, turn.chat_id, place)
    except ContentError as error:
        why = said(str(error), turn.say.language, "letters.txt")
        await _ask(turn, campaign_id, turn.say("admin-write-mend", error=why))
        return
    if content_id is not None:
        await show_preview(turn, campaign_id, content_id)


async def _no_letter(message: Message, campaign_id: int, turn: Turn) -> None:
    """Say what a letter can be; a table or a quiz is no letter and has its own handlers."""
    if message.document is not None:
        raise SkipHandler
    await _ask(turn, campaign_id, turn.say("admin-write-kinds"))


async def show_preview(turn: Turn, campaign_id: int, content_id: int) -> None:
    """Show the letter as one person will see it, then whom it reaches and the way onward."""
    letter = await turn.db.read(samples.sample, campaign_id, turn.now)
    if letter is not None:
        await samples.show(turn, campaign_id, letter)
    await show_count(turn, campaign_id, content_id, letter.name if letter is not None else "")


async def show_count(
    turn: Turn, campaign_id: int, content_id: int, name: str, message_id: int | None = None
) -> None:
    """Show whom the letter reaches and the way onward; `name`: of the one whose copy was shown."""
    say, rate = turn.say, float(turn.settings.rate_limit - turn.settings.rate_reserve)
    found = await turn.db.read(dry_run.preview, campaign_id, turn.now, rate)
    about = await turn.db.read(drafts.about, campaign_id, say.language)
    manner = await turn.db.read(drafts.manner, campaign_id)
    counted = views.count_text(say, found, turn.now, turn.settings.zone)
    text = f"{counted}\n\n{manner_views.manner_text(say, manner)}"
    if name:
        text = say("admin-preview-of", name=name) + "\n\n" + text
    has_quizzes = bool(turn.library.quizzes)
    keyboard = views.confirm_keyboard(say, campaign_id, content_id, found.will_get, has_quizzes, about)
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, keyboard)


async def _choose(query: CallbackQuery, callback_data: LetterChoice, turn: Turn) -> None:
    """Show how the letter leaves, each choice one button, or make one of the choices."""
    campaign_id, content_id, what = callback_data.campaign, callback_data.content, callback_data.what
    place = query.message.message_id if query.message else None
    if what not in ("menu", "back") and not await turn.db.write(
        drafts.choose_manner, campaign_id, content_id, what, turn.now
    ):
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    await toast(query)
    if what == "back":
        letter = await turn.db.read(samples.sample, campaign_id, turn.now)
        await show_count(turn, campaign_id, content_id, letter.name if letter is not None else "", place)
        return
    manner = await turn.db.read(drafts.manner, campaign_id)
    text = f"{turn.say('admin-manner-head')}\n\n{manner_views.manner_text(turn.say, manner)}"
    buttons = manner_views.manner_keyboard(turn.say, manner, campaign_id, content_id)
    await edit_or_send(turn.bot, turn.chat_id, place, text, buttons)


async def _launch(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    if query.message is None:
        await toast(query)
        return
    campaign_id, content_id, place = callback_data.campaign, callback_data.content, query.message.message_id
    try:
        launched = await turn.db.write(drafts.launch, campaign_id, content_id, turn.chat_id, place, turn.now)
    except CampaignError:
        launched = False
    if not launched:
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    await toast(query, turn.say("admin-launched"))
    await show_progress(turn.bot, turn.db, turn.say, campaign_id)
    await asyncio.to_thread(audiences.due, turn.db, turn.now)
    await show_progress(turn.bot, turn.db, turn.say, campaign_id)


async def _edit(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    campaign_id = callback_data.campaign
    try:
        waits = await turn.db.write(drafts.rewrite, campaign_id, turn.chat_id, turn.now)
    except CampaignError:
        waits = False
    if not waits:
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    await toast(query)
    await _ask(turn, campaign_id, turn.say("admin-write-again"))


async def _drop(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    """Give up a draft; a campaign that runs already is not touched by an old button."""
    message_id = query.message.message_id if query.message else None
    if not await turn.db.write(_give_up, callback_data.campaign, turn.now):
        await toast(query, turn.say("admin-letter-old"), alert=True)
        return
    await toast(query)
    await edit_or_send(turn.bot, turn.chat_id, message_id, turn.say("admin-dropped"))


def _give_up(session: Session, campaign_id: int, now: datetime) -> bool:
    try:
        state = campaigns.status_of(session, campaign_id)
    except CampaignError:
        return False
    if state == "draft":
        campaigns.cancel(session, campaign_id, now)
    return state in ("draft", "cancelled")


_HANDLERS: dict[str, Callable[..., Any]] = {
    "launch": _launch,
    "edit": _edit,
    "drop": _drop,
}
