"""The quizzes at start: the folder's files, and over them what the owners have switched from their chats."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import structlog

from bot import owners
from bot.texts import Html
from core.quizzes import library_changes
from core.words import day_and_time

if TYPE_CHECKING:
    from aiogram import Bot

    from bot.texts import Say, Texts
    from core.db import Database
    from core.quizzes.library_changes import Trouble
    from core.quizzes.loader import Library
    from core.settings import Settings

log = structlog.get_logger()


async def bring_changes(bot: Bot, db: Database, settings: Settings, texts: Texts, library: Library) -> None:
    """Bring the library to what the owners have switched; a version that cannot be read is told to them."""
    for trouble in await db.read(library_changes.apply, library):
        log.error(
            "quiz_version_unreadable", quiz=trouble.quiz, at=trouble.at.isoformat(), why=trouble.why[:500]
        )
        await owners.tell(bot, settings, told(texts[settings.language], trouble, settings))


def told(say: Say, trouble: Trouble, settings: Settings) -> str:
    """Return what the owners read about a version that cannot be read any more."""
    at, instead = (
        day_and_time(moment, settings.zone) if moment is not None else ""
        for moment in (trouble.at, trouble.instead)
    )
    meanwhile = say("library-trouble-instead", at=instead) if instead else say("library-trouble-folder")
    why = Html(escape(trouble.why[:1000], quote=False))
    return say("library-trouble", quiz=trouble.quiz, at=at, why=why, instead=Html(meanwhile))
