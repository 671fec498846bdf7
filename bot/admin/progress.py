"""A campaign under way: its progress in one message, paused, resumed, stopped, sent again where asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import structlog
from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError

from bot.admin import campaign_views as views
from bot.admin.callbacks import LetterTap
from bot.admin.insight_texts import kinds_line
from bot.screens import edit_or_send, toast
from core import clock
from core.errors import KvizorError
from core.mailing import audiences, campaigns, ratings
from core.mailing.campaigns import CampaignError
from core.mailing.experiments import launching
from core.reports import kinds
from core.reports.letter_answers import is_asking

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiogram import Bot
    from aiogram.types import CallbackQuery
    from sqlalchemy.orm import Session

    from bot.texts import Say
    from bot.turn import Turn
    from core.db import Database

log = structlog.get_logger()


def router() -> Router:
    """Build the router of campaigns under way."""
    routes = Router(name="admin-progress")
    for action, handler in _HANDLERS.items():
        routes.callback_query.register(handler, LetterTap.filter(F.action == action))
    return routes


async def _pause(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    await _moved(query, turn, callback_data.campaign, campaigns.pause)


async def _resume(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    await _moved(query, turn, callback_data.campaign, campaigns.resume)


async def _sure(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    def stop(session: Session, campaign_id: int) -> None:
        campaigns.cancel(session, campaign_id, turn.now)

    await _moved(query, turn, callback_data.campaign, stop)
    await asyncio.to_thread(audiences.due, turn.db, turn.now)
    await _show(turn, callback_data.campaign)


async def _moved(
    query: CallbackQuery, turn: Turn, campaign_id: int, verb: Callable[[Session, int], None]
) -> None:
    """Move the campaign if it can still be moved so, and show where it stands in any case."""
    try:
        await turn.db.write(verb, campaign_id)
    except CampaignError:
        await toast(query, turn.say("admin-letter-moved-on"))
    else:
        await toast(query)
    await _show(turn, campaign_id)


async def _ask_twice(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    await toast(query)
    await _show(turn, callback_data.campaign, "cancel")


async def _look(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    await toast(query)
    await _show(turn, callback_data.campaign)


async def _ask_again(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    await toast(query)
    await _show(turn, callback_data.campaign, "again")


async def _leave(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    await toast(query, turn.say("admin-left"))
    await _show(turn, callback_data.campaign, "leave")


async def _again(query: CallbackQuery, callback_data: LetterTap, turn: Turn) -> None:
    """Send once more to those of whom nothing is known; tapped twice, nobody is written to a third time."""

    def send(session: Session, campaign_id: int) -> None:
        campaigns.resend_unknown(session, campaign_id, turn.now)

    await _moved(query, turn, callback_data.campaign, send)


async def _show(turn: Turn, campaign_id: int, screen: views.Screen = "now") -> None:
    await show_progress(turn.bot, turn.db, turn.say, campaign_id, screen)


async def show_progress(
    bot: Bot, db: Database, say: Say, campaign_id: int, screen: views.Screen = "now"
) -> None:
    """Show where a campaign stands in the owner's message; a screen that fails never stops the sending."""
    try:
        status = await db.read(campaigns.status, campaign_id)
        if status.progress_chat_id is None or status.state == "draft":
            return
        asks = await db.read(is_asking, campaign_id)
        tries = await db.read(launching.terms_of, campaign_id) is not None
        text = views.progress_text(say, status, screen)
        rated = await db.read(ratings.of_campaign, campaign_id)
        if rated is not None:
            text += f"\n\n{say('admin-rated', likes=rated.likes, dislikes=rated.dislikes)}"
        if status.state in views.AT_REST and status.totals.sent and status.act == "send":
            split = await db.read(kinds.of_recipients, campaign_id, clock.now())
            text += f"\n\n{say('insights-kinds-sent', kinds=kinds_line(say, split))}" if split else ""
        shown = await edit_or_send(
            bot,
            status.progress_chat_id,
            status.progress_message_id,
            text,
            views.progress_keyboard(say, status, screen, asks=asks, tries=tries, rates=rated is not None),
        )
        if shown != status.progress_message_id:
            await db.write(campaigns.show_progress_in, campaign_id, status.progress_chat_id, shown)
    except (TelegramAPIError, KvizorError) as error:
        log.info("progress_not_shown", campaign=campaign_id, error=str(error)[:200])


_HANDLERS: dict[str, Callable[..., Any]] = {
    "pause": _pause,
    "resume": _resume,
    "cancel": _ask_twice,
    "sure": _sure,
    "look": _look,
    "again": _ask_again,
    "twice": _again,
    "leave": _leave,
}
