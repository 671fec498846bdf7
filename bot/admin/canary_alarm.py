"""Calling the owners when the first few took a broadcast badly: numbers, and one button for each way on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import owners
from bot.admin.callbacks import LetterTap
from bot.admin.views import button, keyboard
from core.mailing import canary

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram import Bot
    from aiogram.types import InlineKeyboardMarkup

    from bot.texts import Say, Texts
    from core.db import Database
    from core.mailing.canary import Verdict
    from core.settings import Settings


async def tell_stopped(bot: Bot, db: Database, settings: Settings, texts: Texts, now: datetime) -> None:
    """Tell of every campaign that was stopped since; told again if we crash before it is noted."""
    say = texts[settings.language]
    for verdict in await db.read(canary.stopped, now):
        await owners.tell(
            bot, settings, verdict_text(say, verdict), buttons=_buttons(say, verdict.campaign_id)
        )
        await db.write(canary.mark_told, verdict.campaign_id)


def verdict_text(say: Say, verdict: Verdict) -> str:
    """Return what happened, in numbers."""
    usual = "admin-canary-usual" if verdict.known >= canary.FEW else "admin-canary-usual-unknown"
    return say(
        "admin-canary-stopped",
        name=verdict.name,
        reached=verdict.reached,
        left=verdict.left,
        percent=_percent(say, verdict.left / verdict.reached),
        usual=say(usual, norm=_percent(say, verdict.norm), known=verdict.known),
        waiting=verdict.waiting,
    )


def _percent(say: Say, rate: float) -> str:
    text = f"{100 * rate:.1f}".removesuffix(".0")
    return text.replace(".", ",") if say.language == "ru" else text


def _buttons(say: Say, campaign_id: int) -> InlineKeyboardMarkup:
    return keyboard(
        [button(say("admin-button-canary-on"), LetterTap(action="resume", campaign=campaign_id).pack())],
        [button(say("admin-button-canary-stop"), LetterTap(action="sure", campaign=campaign_id).pack())],
    )
