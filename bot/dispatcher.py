"""Every router and middleware, in order, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import Dispatcher

from bot import admin
from bot.admin import topics as admin_topics
from bot.handlers import (
    consent,
    fallback,
    letters,
    preferences,
    privacy,
    quiz,
    start,
    subscription,
    topics,
)
from bot.middlewares import Context

if TYPE_CHECKING:
    from bot.memory import Memory
    from bot.texts import Texts
    from core.db import Database
    from core.quizzes.loader import Library
    from core.settings import Settings


def build(db: Database, settings: Settings, texts: Texts, library: Library, memory: Memory) -> Dispatcher:
    """Return a dispatcher that gives handlers their `turn`, made of these, and filters `settings`."""
    dispatcher = Dispatcher(db=db, settings=settings, library=library, memory=memory, disable_fsm=True)
    dispatcher.update.outer_middleware(Context(settings, texts))
    dispatcher.include_routers(
        start.router(),
        consent.router(),
        subscription.router(),
        letters.router(),
        topics.router(),
        preferences.router(),
        privacy.router(),
        admin_topics.router(),
        admin.router(settings),  # before the quiz: an owner's text may belong to a letter he writes
        quiz.router(),
        preferences.late_router(),
        admin_topics.late_router(),
        fallback.router(),  # always last
    )
    return dispatcher
