"""The owner's windows. Nothing is kept in memory: all state is rows or stands in the buttons themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiogram import Router

from bot.admin import (
    composer,
    digest,
    experiments,
    funnel,
    guards,
    history,
    imports,
    insights,
    letter_copies,
    movement,
    people,
    people_edit,
    presets,
    progress,
    promo,
    questions,
    quiz_uploads,
    quizzes,
    rule_removal,
    rule_versions,
    rules,
    samples,
    scores,
    segments,
    series,
)
from bot.filters import IsOwner

if TYPE_CHECKING:
    from core.settings import Settings


def router(settings: Settings) -> Router:
    """Build the owner's router: to everyone else its commands and buttons do not exist."""
    routes = Router(name="admin")
    if not settings.admin_ids:
        return routes
    routes.message.filter(IsOwner())
    routes.callback_query.filter(IsOwner())
    for window in (
        segments,
        people,
        people_edit,
        presets,
        series,
        promo,
        rules,
        rule_removal,
        rule_versions,
        history,
        movement,
        guards,
        digest,
        scores,
        funnel,
        insights,
        quizzes,
        quiz_uploads,
        experiments,
        letter_copies,
        composer,  # before the imports: a price list may be a letter's file, a table never is
        imports,
        questions,
        samples,
        progress,
    ):
        routes.include_router(window.router())
    return routes
