"""/scores: what a score means, how many are in each group, how well it foretold; the job has counted it."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import BufferedInputFile
from sqlalchemy import select

from bot.admin import score_views as views
from bot.admin.score_points import points_text
from bot.admin.score_views import Page, ScoreTap
from bot.admin.views import ago
from bot.screens import edit_or_send, toast
from core.segments import presets
from core.segments.models import Segment
from core.segments.scores.models import ScoreRun
from core.words import grouped

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, Message
    from sqlalchemy.orm import Session

    from bot.turn import Turn

Run = tuple["datetime", dict[str, Any]]


def router() -> Router:
    """Build the router of scores."""
    routes = Router(name="admin-scores")
    routes.message.register(_command, Command("scores"))
    routes.callback_query.register(_page, ScoreTap.filter())
    return routes


async def _command(_message: Message, turn: Turn) -> None:
    last = await turn.db.read(_last)
    if last is None:
        await turn.bot.send_message(turn.chat_id, turn.say("scores-none"))
        return
    at, found = last
    if "problem" in found:
        await turn.bot.send_message(turn.chat_id, turn.say("scores-problem", problem=found["problem"]))
    if "rfm" not in found:
        return
    picture = await asyncio.to_thread(_picture, turn, found)
    await turn.bot.send_photo(
        turn.chat_id,
        BufferedInputFile(picture, "scores.png"),
        caption=turn.say("scores-caption", ago=ago(turn.say, at, turn.now)),
        reply_markup=views.pages_keyboard(turn.say),
    )


def _picture(turn: Turn, found: dict[str, Any]) -> bytes:
    from core.reports.charts_scores import scores_chart
    from core.segments.scores.rfm import GRID

    language = turn.say.language
    note = turn.say("scores-note", count=grouped(found["buyers"], language))
    return scores_chart(found["rfm"]["grid"], GRID, found["lifecycle"]["states"], language, note)


async def _page(query: CallbackQuery, callback_data: ScoreTap, turn: Turn) -> None:
    await toast(query)
    last = await turn.db.read(_last)
    if last is None or "rfm" not in last[1]:
        await turn.bot.send_message(turn.chat_id, turn.say("scores-none"))
        return
    page = callback_data.page
    if page == "points":
        text = points_text(turn.say, last[1]["lead"]["points"], turn.library)
    else:
        text = views.page_text(turn.say, page, last[1], turn.settings.currency)
    keyboard = views.page_keyboard(turn.say, page, await turn.db.read(_groups, page))
    message = query.message
    is_picture = bool(getattr(message, "photo", None))  # its words stay under it, a page stands below
    place = message.message_id if message is not None and not is_picture else None
    await edit_or_send(turn.bot, turn.chat_id, place, text, keyboard)


def _last(session: Session) -> Run | None:
    query = select(ScoreRun.started_at, ScoreRun.findings).order_by(ScoreRun.id.desc()).limit(1)
    row = session.execute(query).first()
    return (row[0], row[1]) if row and row[1] else None


def _groups(session: Session, page: Page) -> views.Groups:
    """Return the segments of a score's groups: those that are on, and how many wait in each family."""
    rules = views.rules_of(page)
    query = select(Segment.rule, Segment.id).where(Segment.rule.in_(rules), Segment.enabled)
    on = {rules[rule]: number for rule, number in session.execute(query.order_by(Segment.id.desc()))}
    waiting = Counter(
        one.preset.family
        for one in presets.offers(session)
        if one.preset.rule in rules and not one.enabled and rules[one.preset.rule] not in on
    )
    return views.Groups(on, waiting)
