"""Writing to a segment: a text, its preview and count, one launch."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiogram import F, Router
from aiogram.filters import BaseFilter

from bot.admin import campaign_views as views
from bot.admin import drafts
from bot.admin.callbacks import LetterTap
from bot.admin.progress import show_progress as show_progress
from bot.screens import edit_or_send, toast
from core.mailing import audiences, campaigns
from core.mailing.campaigns import CampaignError
from core.mailing.content import STOP_LABELS, ContentError
from core.mailing.letters import Words
from core.segments.errors import SegmentError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aiogram import Bot
    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.admin.callbacks import SegmentTap
    from bot.texts import Say
    from core.db import Database
    from core.settings import Settings


class AwaitsText(BaseFilter):
    """The owner's message is the text of a letter he began; gives the handler `campaign_id`."""

    async def __call__(self, message: Message, db: Database, now: datetime) -> bool | dict[str, Any]:
        """Find the draft that waits; commands are never its text."""
        if message.from_user is None or (message.text or "").startswith("/"):
            return False
        found = await db.read(drafts.waiting, message.from_user.id, message.message_id, now)
        return {"campaign_id": found} if found is not None else False


def router() -> Router:
    """Build the router of letters."""
    routes = Router(name="admin-composer")
    routes.message.register(_written, F.text | F.photo, AwaitsText())
    for action, handler in _HANDLERS.items():
        routes.callback_query.register(handler, LetterTap.filter(F.action == action))
    return routes


async def begin(
    query: CallbackQuery,
    callback_data: SegmentTap,
    bot: Bot,
    db: Database,
    settings: Settings,
    say: Say,
    now: datetime,
    key: str,
) -> None:
    """Begin a letter to the segment of the tapped card and ask for its text."""
    owner = query.from_user.id
    try:
        draft = await db.write(
            drafts.begin, callback_data.number, owner, say.language, settings.time_zone, f"{key}:letter", now
        )
    except SegmentError:
        await toast(query, say("admin-segment-gone"), alert=True)
        return
    await toast(query)
    text = say("admin-write-ask", title=draft.title, size=draft.size)
    await bot.send_message(owner, text, reply_markup=views.ask_keyboard(say, draft.campaign_id))


async def _written(
    message: Message,
    campaign_id: int,
    bot: Bot,
    db: Database,
    settings: Settings,
    say: Say,
    now: datetime,
) -> None:
    owner = message.chat.id
    try:
        content_id = await db.write(drafts.write, campaign_id, _words(message), owner, message.message_id)
    except ContentError as error:
        text = say("admin-write-mend", error=str(error))
        await bot.send_message(owner, text, reply_markup=views.ask_keyboard(say, campaign_id))
        return
    if content_id is not None:
        await _show_preview(bot, owner, db, settings, say, now, (campaign_id, content_id))


def _words(message: Message) -> Words:
    if message.photo:
        caption = message.html_text if message.caption else ""
        return Words(caption, kind="photo", file_id=message.photo[-1].file_id)
    return Words(message.html_text)


async def _show_preview(
    bot: Bot,
    owner: int,
    db: Database,
    settings: Settings,
    say: Say,
    now: datetime,
    draft: tuple[int, int],
) -> None:
    """Show the letter as one person will see it, then whom it reaches and the way onward."""
    campaign_id, content_id = draft
    letter = await db.read(drafts.sample, campaign_id, now)
    if letter is not None:
        label = STOP_LABELS.get(say.language, STOP_LABELS["en"])
        buttons = views.sample_keyboard(label, campaign_id)
        if letter.kind == "photo" and letter.file_id:
            await bot.send_photo(owner, letter.file_id, caption=letter.text or None, reply_markup=buttons)
        else:
            await bot.send_message(owner, letter.text, reply_markup=buttons)
    found = await db.read(
        audiences.preview, campaign_id, now, float(settings.rate_limit - settings.rate_reserve)
    )
    text = views.count_text(say, found, now, settings.zone)
    if letter is not None and letter.name:
        text = say("admin-preview-of", name=letter.name) + "\n\n" + text
    keyboard = views.confirm_keyboard(say, campaign_id, content_id, found.will_get)
    await bot.send_message(owner, text, reply_markup=keyboard)


async def _launch(
    query: CallbackQuery, callback_data: LetterTap, bot: Bot, db: Database, say: Say, now: datetime
) -> None:
    if query.message is None:
        await toast(query)
        return
    campaign_id = callback_data.campaign
    try:
        launched = await db.write(
            drafts.launch,
            campaign_id,
            callback_data.content,
            query.from_user.id,
            query.message.message_id,
            now,
        )
    except CampaignError:
        launched = False
    if not launched:
        await toast(query, say("admin-letter-old"), alert=True)
        return
    await toast(query, say("admin-launched"))
    await show_progress(bot, db, say, campaign_id)
    await asyncio.to_thread(audiences.due, db, now)
    await show_progress(bot, db, say, campaign_id)


async def _edit(
    query: CallbackQuery, callback_data: LetterTap, bot: Bot, db: Database, say: Say, now: datetime
) -> None:
    owner, campaign_id = query.from_user.id, callback_data.campaign
    try:
        waits = await db.write(drafts.rewrite, campaign_id, owner, now)
    except CampaignError:
        waits = False
    if not waits:
        await toast(query, say("admin-letter-old"), alert=True)
        return
    await toast(query)
    await bot.send_message(owner, say("admin-write-again"), reply_markup=views.ask_keyboard(say, campaign_id))


async def _drop(
    query: CallbackQuery, callback_data: LetterTap, bot: Bot, db: Database, say: Say, now: datetime
) -> None:
    """Give up a draft; a campaign that runs already is not touched by an old button."""
    message_id = query.message.message_id if query.message else None
    if not await db.write(_give_up, callback_data.campaign, now):
        await toast(query, say("admin-letter-old"), alert=True)
        return
    await toast(query)
    await edit_or_send(bot, query.from_user.id, message_id, say("admin-dropped"))


def _give_up(session: Session, campaign_id: int, now: datetime) -> bool:
    try:
        state = campaigns.status_of(session, campaign_id)
    except CampaignError:
        return False
    if state == "draft":
        campaigns.cancel(session, campaign_id, now)
    return state in ("draft", "cancelled")


async def _sample(query: CallbackQuery, say: Say) -> None:
    await toast(query, say("admin-sample-button"))


_HANDLERS: dict[str, Callable[..., Any]] = {
    "launch": _launch,
    "edit": _edit,
    "drop": _drop,
    "sample": _sample,
}
