"""A letter that was wrong: its text changed in the copies people have, or the copies taken back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiogram import F, Router
from aiogram.filters import BaseFilter

from bot.admin import campaign_views as views
from bot.admin import drafts
from bot.admin.callbacks import CopiesTap, LetterTap
from bot.admin.progress import show_progress
from bot.admin.views import button, keyboard
from bot.screens import edit_or_send, toast
from core.mailing import audiences, campaigns, copies
from core.mailing.content import SAMPLES, ContentError, template
from core.mailing.copies import EDIT, RECALL
from core.mailing.drafting import CampaignError

if TYPE_CHECKING:
    from aiogram.types import CallbackQuery, Message

    from bot.turn import Turn


class AwaitsChange(BaseFilter):
    """The owner's message is the new text of a letter people have; gives the handler `change_id`."""

    async def __call__(self, message: Message, turn: Turn) -> bool | dict[str, Any]:
        """Find the change that waits; commands are never its text."""
        if (message.text or "").startswith("/"):
            return False
        found = await turn.db.read(drafts.waiting, turn.chat_id, message.message_id, turn.now)
        if found is None or await turn.db.read(copies.amended, found) is None:
            return False
        return {"change_id": found}


def router() -> Router:
    """Build the router of changes; it stands before the composer, whose drafts wait for a text too."""
    routes = Router(name="admin-copies")
    routes.message.register(_written, AwaitsChange())
    for action, handler in {"edit": _edit, "recall": _recall, "go": _go, "sure": _sure}.items():
        routes.callback_query.register(handler, CopiesTap.filter(F.action == action))
    return routes


async def _edit(query: CallbackQuery, callback_data: CopiesTap, turn: Turn) -> None:
    """Ask for the new text."""
    try:
        change_id = await turn.db.write(
            copies.begin, callback_data.campaign, turn.chat_id, f"{turn.key}:change", turn.now
        )
    except CampaignError:
        await toast(query, turn.say("admin-letter-moved-on"), alert=True)
        return
    if change_id is None:
        await toast(query, turn.say("admin-change-many"), alert=True)
        return
    await toast(query)
    found = await turn.db.read(copies.reach, callback_data.campaign, EDIT, turn.now)
    await _ask(turn, change_id, turn.say("admin-change-ask", count=found.within))


async def _ask(turn: Turn, change_id: int, text: str) -> None:
    await turn.bot.send_message(turn.chat_id, text, reply_markup=views.ask_keyboard(turn.say, change_id))


async def _written(message: Message, change_id: int, turn: Turn) -> None:
    """Show the new text as a person will see it, and to how many it goes."""
    if not (message.text or message.caption):
        await _ask(turn, change_id, turn.say("admin-change-only-text"))
        return
    text = drafts.mended(message.html_text)
    try:
        await turn.db.write(copies.put_text, change_id, text, turn.chat_id, message.message_id)
    except ContentError as error:
        await _ask(turn, change_id, turn.say("admin-write-mend", error=str(error)))
        return
    await turn.bot.send_message(turn.chat_id, template(text).render(SAMPLES[1]))
    amended = await turn.db.read(copies.amended, change_id)
    found = await turn.db.read(copies.reach, amended or 0, EDIT, turn.now)
    rows = keyboard(
        [button(turn.say("admin-button-change-go", count=found.within), _tap("go", change_id))],
        [button(turn.say("admin-button-drop"), LetterTap(action="drop", campaign=change_id).pack())],
    )
    ask = turn.say("admin-change-sure", count=found.within)
    await turn.bot.send_message(turn.chat_id, ask, reply_markup=rows)


async def _go(query: CallbackQuery, callback_data: CopiesTap, turn: Turn) -> None:
    change_id = callback_data.campaign
    try:
        await turn.db.write(copies.launch, change_id, turn.now)
    except CampaignError:
        await toast(query, turn.say("admin-letter-moved-on"), alert=True)
        return
    await _show(query, turn, change_id)


async def _recall(query: CallbackQuery, callback_data: CopiesTap, turn: Turn) -> None:
    """Ask once more: what is taken back is gone."""
    await toast(query)
    campaign_id, place = callback_data.campaign, query.message.message_id if query.message else None
    found = await turn.db.read(copies.reach, campaign_id, RECALL, turn.now)
    rows = [
        [button(turn.say("admin-button-recall-not"), LetterTap(action="look", campaign=campaign_id).pack())]
    ]
    if found.within:
        label = turn.say("admin-button-recall-sure", count=found.within)
        rows.insert(0, [button(label, _tap("sure", campaign_id))])
    text = turn.say("admin-recall-ask", count=found.within, late=found.copies - found.within)
    await edit_or_send(turn.bot, turn.chat_id, place, text, keyboard(*rows))


async def _sure(query: CallbackQuery, callback_data: CopiesTap, turn: Turn) -> None:
    try:
        change_id = await turn.db.write(copies.recall, callback_data.campaign, f"{turn.key}:recall", turn.now)
    except CampaignError:
        await toast(query, turn.say("admin-letter-moved-on"), alert=True)
        return
    await _show(query, turn, change_id)
    await show_progress(turn.bot, turn.db, turn.say, callback_data.campaign)


async def _show(query: CallbackQuery, turn: Turn, change_id: int) -> None:
    """Show the progress of the change in a message of its own, and let it begin."""
    await toast(query, turn.say("admin-launched"))
    await turn.db.write(campaigns.show_progress_in, change_id, turn.chat_id, None)
    await asyncio.to_thread(audiences.due, turn.db, turn.now)
    await show_progress(turn.bot, turn.db, turn.say, change_id)


def _tap(action: Any, campaign_id: int) -> str:
    return CopiesTap(action=action, campaign=campaign_id).pack()
