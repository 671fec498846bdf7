"""Versions of a rule: looked at and returned to; an owner's segment switched off and on again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiogram import F, Router
from sqlalchemy import select

from bot.admin import rule_views
from bot.admin import rules as rule_window
from bot.admin.callbacks import SegmentTap
from bot.admin.rule_callbacks import RuleTap
from bot.admin.rule_words import titles
from bot.admin.views import button, keyboard
from bot.handlers.prompted import Answers, ask
from bot.screens import edit_or_send, toast
from core.people import prompts
from core.people.models import Subscriber
from core.segments import naming, rules, versions
from core.segments.errors import RuleError, SegmentError
from core.segments.language import parse
from core.segments.naming import TitleError
from core.segments.refresh import refresh_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn
    from core.people.prompts import Asked
    from core.segments.rules import SegmentInfo
    from core.segments.versions import Version

TITLE = "segment_title"


def router() -> Router:
    """Build the router of versions."""
    routes = Router(name="admin-rule-versions")
    routes.callback_query.register(_versions, RuleTap.filter(F.action == "versions"))
    routes.callback_query.register(_version, RuleTap.filter(F.action == "version"))
    routes.callback_query.register(_return, RuleTap.filter(F.action == "return"))
    routes.callback_query.register(_ask_off, RuleTap.filter(F.action == "off"))
    routes.callback_query.register(_switch, RuleTap.filter(F.action.in_({"sure", "on"})))
    routes.callback_query.register(_ask_title, RuleTap.filter(F.action == "title"))
    routes.message.register(_titled, F.text, Answers(TITLE))
    return routes


def _past(session: Session, number: int) -> tuple[SegmentInfo, tuple[Version, ...]]:
    found = rules.by_number(session, number)
    return found, versions.versions(session, found.name)


def _one(session: Session, number: int, version: int) -> tuple[SegmentInfo, Version]:
    found = rules.by_number(session, number)
    return found, versions.version(session, found.name, version)


def _names(session: Session, found: Sequence[Version]) -> dict[str, str]:
    """Return the first names of the owners who wrote these versions, by their Telegram numbers."""
    wanted = {int(one.author) for one in found if one.author.isascii() and one.author.isdigit()}
    query = select(Subscriber.telegram_id, Subscriber.first_name).where(Subscriber.telegram_id.in_(wanted))
    return {str(number): name for number, name in session.execute(query) if name}


async def _versions(query: CallbackQuery, callback_data: RuleTap, turn: Turn) -> None:
    try:
        found, past = await turn.db.read(_past, callback_data.number)
    except SegmentError:
        await toast(query, turn.say("admin-segment-gone"), alert=True)
        return
    await toast(query)
    told = [await _said(turn, one) for one in past[: rule_views.VERSIONS_SHOWN]]
    names = await turn.db.read(_names, past)
    text = rule_views.versions_text(turn, found, past, told, names)
    buttons = rule_views.versions_keyboard(turn.say, found.number, past)
    await turn.bot.send_message(turn.chat_id, text, reply_markup=buttons)


async def _said(turn: Turn, one: Version) -> str:
    names = await turn.db.read(titles, turn.say.language)
    try:
        return rule_views.sentence(turn, parse(one.rule), names)
    except RuleError:
        return one.rule


async def _version(query: CallbackQuery, callback_data: RuleTap, turn: Turn) -> None:
    try:
        found, one = await turn.db.read(_one, callback_data.number, callback_data.version)
    except SegmentError:
        await toast(query, turn.say("admin-segment-gone"), alert=True)
        return
    await toast(query)
    title = found.title(turn.say.language)
    names = await turn.db.read(_names, (one,))
    text = rule_views.version_text(turn, title, one, await _said(turn, one), names)
    back = [rule_views.tap(turn.say, "versions", "rule-button-back", found.number)]
    data = RuleTap(action="return", number=found.number, version=one.number).pack()
    is_past = one.until is not None and found.enabled
    restore = [[button(turn.say("rule-button-return"), data)]] if is_past else []
    place = query.message.message_id if query.message else None
    await edit_or_send(turn.bot, turn.chat_id, place, text, keyboard(*restore, back))


async def _return(query: CallbackQuery, callback_data: RuleTap, turn: Turn) -> None:
    """Preview an older rule as any other change."""
    try:
        found, one = await turn.db.read(_one, callback_data.number, callback_data.version)
    except SegmentError:
        await toast(query, turn.say("admin-segment-gone"), alert=True)
        return
    await rule_window.begin(query, turn, found.number, "preview", one.rule)


async def _ask_off(query: CallbackQuery, callback_data: RuleTap, turn: Turn) -> None:
    found = await _own(query, callback_data.number, turn)
    if found is None:
        return
    await toast(query)
    sure = rule_views.tap(turn.say, "sure", "rule-button-sure", found.number)
    card = button(turn.say("rule-button-card"), SegmentTap(action="card", number=found.number).pack())
    text = turn.say("rule-off-ask", title=found.title(turn.say.language))
    await turn.bot.send_message(turn.chat_id, text, reply_markup=keyboard([sure, card]))


async def _own(query: CallbackQuery, number: int, turn: Turn) -> SegmentInfo | None:
    try:
        return await turn.db.read(rules.by_number, number)
    except SegmentError:
        await toast(query, turn.say("admin-segment-gone"), alert=True)
        return None


async def _ask_title(query: CallbackQuery, callback_data: RuleTap, turn: Turn) -> None:
    found = await _own(query, callback_data.number, turn)
    if found is None:
        return
    await toast(query)
    title = found.title(turn.say.language)
    await ask(turn, TITLE, turn.say("rule-rename-ask", title=title), title, found.number)


def _renamed(session: Session, owner: int, number: int, typed: str) -> str:
    title = naming.rename(session, number, typed)
    prompts.answered_by(session, owner)
    return title


async def _titled(message: Message, asked: Asked, turn: Turn) -> None:
    say = turn.say
    try:
        title = await turn.db.write(_renamed, turn.sender.telegram_id, asked.about, message.text or "")
    except TitleError as error:
        mend = say(f"rule-title-{error.kind}", most=naming.LONGEST_TITLE)
        await ask(turn, TITLE, mend, say("rule-button-title"), asked.about)
        return
    except SegmentError:
        await turn.bot.send_message(turn.chat_id, say("admin-segment-gone"))
        return
    card = button(say("rule-button-card"), SegmentTap(action="card", number=asked.about).pack())
    await turn.bot.send_message(turn.chat_id, say("rule-renamed", title=title), reply_markup=keyboard([card]))


def _turned(
    session: Session, number: int, enabled: bool, now: datetime
) -> tuple[SegmentInfo, tuple[SegmentInfo, ...]]:
    """Switch a segment; returns it, and the segments because of which it stays on."""
    found = rules.by_number(session, number)
    users = () if enabled else rules.dependents(session, found.name)
    if users or found.enabled == enabled:
        return found, users
    return rules.switch(session, found.name, enabled, now), ()


async def _switch(query: CallbackQuery, callback_data: RuleTap, turn: Turn) -> None:
    enabled, language = callback_data.action == "on", turn.say.language
    if await _own(query, callback_data.number, turn) is None:
        return
    found, users = await turn.db.write(_turned, callback_data.number, enabled, turn.now)
    if users:
        await toast(query, turn.say("rule-off-used", title=users[0].title(language))[:190], alert=True)
        return
    await toast(query)
    await asyncio.to_thread(refresh_all, turn.db, turn.now)
    found = await turn.db.read(rules.by_number, found.number)
    text = turn.say(
        "rule-on-done" if enabled else "rule-off-done", title=found.title(language), size=found.size
    )
    key, action = ("rule-button-off", "off") if enabled else ("rule-button-on", "on")
    place = query.message.message_id if query.message and not enabled else None
    buttons = keyboard([rule_views.tap(turn.say, action, key, found.number)])
    await edit_or_send(turn.bot, turn.chat_id, place, text, buttons)
