"""The digest in the owner's chat: sent when its hour has come, shown at once by /digest, chosen how often."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from aiogram import F, Router
from aiogram.exceptions import AiogramError
from aiogram.filters import Command

from bot.admin import digest_views as views
from bot.admin.guard_views import names
from bot.admin.told_callbacks import DigestTap
from bot.screens import edit_or_send, toast
from core.reports import digest, guards

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram import Bot
    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.admin.guard_views import Names
    from bot.texts import Texts
    from bot.turn import Turn
    from core.db import Database
    from core.reports.digest import Brief, Due
    from core.settings import Settings

log = structlog.get_logger()


def router() -> Router:
    """Build the router of the digest."""
    routes = Router(name="admin-digest")
    routes.message.register(_command, Command("digest"))
    routes.callback_query.register(_show, DigestTap.filter(F.action == "show"))
    routes.callback_query.register(_choose, DigestTap.filter(F.action == "choose"))
    return routes


async def tell_due(bot: Bot, db: Database, settings: Settings, texts: Texts, now: datetime) -> int:
    """Send the digests that are due, each begun in a commit before its call; returns how many left.

    What they say is read before: where it cannot be, nothing has begun and the next tick tries again.
    """
    briefs = {
        due.owner: await asyncio.to_thread(db.read_now, _read, due.rhythm, now, due.owner)
        for due in await db.read(digest.waiting, now, settings)
    }
    begun = await db.write(digest.begin, now, settings) if briefs else []
    left = 0
    for due in begun:
        found, known = briefs[due.owner]
        outcome = await _tell(bot, settings, texts, due, found, known)
        await db.write(_finish, due, outcome, found, now)
        left += outcome == "sent"
    return left


def _finish(session: Session, due: Due, outcome: str, found: Brief, now: datetime) -> None:
    digest.finish(session, due, outcome, now)
    if outcome == "sent":
        guards.mark_told(session, [one.number for one in found.alarms], due.owner, now)


async def _tell(bot: Bot, settings: Settings, texts: Texts, due: Due, found: Brief, known: Names) -> str:
    """Send one digest, once: what fails is logged and not repeated."""
    if found.is_empty:
        return "nothing"
    say = texts.to(due.owner, settings.language)
    text = views.text(say, found, known, due.rhythm, settings.currency)
    try:
        await bot.send_message(due.owner, text, reply_markup=views.keyboard(say, found, known, due.rhythm))
    except AiogramError as error:
        log.warning("digest_not_sent", owner=due.owner, error=str(error)[:200])
        return "failed"
    return "sent"


def _read(session: Session, rhythm: str, now: datetime, untold_to: int | None) -> tuple[Brief, Names]:
    found = digest.brief(session, rhythm, now, untold_to=untold_to)
    return found, names(session, found.alarms)


async def _command(_message: Message, turn: Turn) -> None:
    await _present(turn, "daily", None)


async def _show(query: CallbackQuery, callback_data: DigestTap, turn: Turn) -> None:
    await toast(query)
    await _present(turn, callback_data.rhythm, query.message.message_id if query.message else None)


async def _present(turn: Turn, rhythm: str, message_id: int | None) -> None:
    """Show a period at once, with the switch of how often it comes by itself."""
    say = turn.say
    found, known = await asyncio.to_thread(turn.db.read_now, _read, rhythm, turn.now, None)
    chosen = await turn.db.read(digest.rhythm_of, turn.sender.telegram_id, turn.settings)
    text = views.text(say, found, known, rhythm, turn.settings.currency)
    keyboard = views.switch(say, found, known, rhythm, chosen)
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, keyboard)


async def _choose(query: CallbackQuery, callback_data: DigestTap, turn: Turn) -> None:
    rhythm = callback_data.rhythm
    await turn.db.write(digest.choose, turn.sender.telegram_id, rhythm, turn.now)
    await toast(query, turn.say(f"digest-chosen-{rhythm}", hour=f"{turn.settings.digest_hour}:00"))
    shown = "weekly" if rhythm == "weekly" else "daily"
    await _present(turn, shown, query.message.message_id if query.message else None)
