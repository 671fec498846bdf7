"""An owner's segment deleted in the chat: asked first, refused while something asks for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiogram import F, Router

from bot.admin import rule_views
from bot.admin.callbacks import FamilyTap, SegmentTap
from bot.admin.rule_callbacks import RuleTap
from bot.admin.views import LONGEST_BUTTON, button, keyboard
from bot.screens import edit_or_send, toast
from core.mailing.depending import Holding, delete_segment, holding
from core.segments import rules
from core.segments.errors import SegmentError
from core.segments.presets import OWN
from core.segments.refresh import refresh_all
from core.words import cut

if TYPE_CHECKING:
    from aiogram.types import CallbackQuery, InlineKeyboardButton
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.segments.rules import SegmentInfo

SHOWN = 5  # of those that ask for it, each kind


def router() -> Router:
    """Build the router of deletion."""
    routes = Router(name="admin-rule-removal")
    routes.callback_query.register(_ask, RuleTap.filter(F.action == "delete"))
    routes.callback_query.register(_delete, RuleTap.filter(F.action == "gone"))
    return routes


def _own(session: Session, number: int) -> tuple[SegmentInfo, Holding]:
    found = rules.by_number(session, number)
    if found.is_preset:
        raise SegmentError(f"`{found.name}` ships with the program.")
    return found, holding(session, found.name)


async def _ask(query: CallbackQuery, callback_data: RuleTap, turn: Turn) -> None:
    try:
        found, held = await turn.db.read(_own, callback_data.number)
    except SegmentError:
        await toast(query, turn.say("admin-segment-gone"), alert=True)
        return
    await toast(query)
    if held:
        await _refuse(turn, None, found, held)
        return
    title = found.title(turn.say.language)
    sure = rule_views.tap(turn.say, "gone", "rule-button-gone", found.number)
    text = turn.say("rule-delete-ask", title=title, size=found.size)
    await turn.bot.send_message(turn.chat_id, text, reply_markup=keyboard([sure, _card(turn, found.number)]))


async def _delete(query: CallbackQuery, callback_data: RuleTap, turn: Turn) -> None:
    place = query.message.message_id if query.message else None
    try:
        found, held = await turn.db.write(delete_segment, callback_data.number, turn.now)
    except SegmentError:
        await toast(query, turn.say("admin-segment-gone"), alert=True)
        return
    await toast(query)
    if held:
        await _refuse(turn, place, found, held)
        return
    text = turn.say("rule-deleted", title=found.title(turn.say.language))
    own = button(turn.say("rule-button-own"), FamilyTap(family=OWN).pack())
    await edit_or_send(turn.bot, turn.chat_id, place, text, keyboard([own]))
    await asyncio.to_thread(refresh_all, turn.db, turn.now)  # its people leave it


async def _refuse(turn: Turn, place: int | None, found: SegmentInfo, held: Holding) -> None:
    """Say what asks for the segment, with a way to each segment that does."""
    say, language = turn.say, turn.say.language
    users = held.segments[:SHOWN]
    lines = [say("rule-delete-segment", title=one.title(language)) for one in users]
    lines += [say("rule-delete-campaign", name=one.name) for one in held.campaigns[:SHOWN]]
    more = len(held.segments) + len(held.campaigns) - len(lines)
    head = say("rule-delete-held", title=found.title(language))
    parts = [head, "\n".join([*lines, *([say("rule-sheet-more", count=more)] if more else [])])]
    parts.append(say("rule-delete-first"))
    cards = [
        (cut(one.title(language), LONGEST_BUTTON), SegmentTap(action="card", number=one.number))
        for one in users
    ]
    opened = [[button(title, tap.pack())] for title, tap in cards]
    buttons = keyboard(*opened, [_card(turn, found.number)])
    await edit_or_send(turn.bot, turn.chat_id, place, "\n\n".join(parts), buttons)


def _card(turn: Turn, number: int) -> InlineKeyboardButton:
    return button(turn.say("rule-button-card"), SegmentTap(action="card", number=number).pack())
