"""The database as commands open it: settings read, revision checked, closed at the end."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

from core import clock, migrate, settings, tick
from core.db import Database
from core.mailing import caps
from core.people import activity, places_kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.settings import Settings


@contextlib.contextmanager
def opened() -> Iterator[tuple[Database, Settings]]:
    """Open the database for one command; raises KvizorError when it is not ready."""
    found = settings.load()
    if found.telegram_api_url != settings.OFFICIAL_API:
        _follow_sandbox(found.telegram_api_url)
    activity.use_zone(found.zone)
    caps.use(caps_of(found))
    places_kept.use_language(found.language)
    database = Database(found.database_url, on_touched=tick.touched)
    try:
        migrate.require_current(database)
        yield database, found
    finally:
        database.close_now()


def caps_of(found: Settings) -> caps.Caps:
    """Return the business's frequency caps."""
    return caps.Caps(found.cap_day, found.cap_week, found.cap_topic_week)


def _follow_sandbox(api_url: str) -> None:
    """Let a command beside a rehearsing bot live at the same business time."""
    import asyncio

    from bot.rehearsal import Rehearsal

    clock.shift(asyncio.run(Rehearsal.offset_at(api_url)) or timedelta(0))
