"""The database as commands open it: settings read, revision checked, closed at the end."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from core import migrate, settings, tick
from core.db import Database
from core.people import activity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.settings import Settings


@contextlib.contextmanager
def opened() -> Iterator[tuple[Database, Settings]]:
    """Open the database for one command; raises KvizorError when it is not ready."""
    found = settings.load()
    activity.use_zone(found.zone)
    database = Database(found.database_url, on_touched=tick.touched)
    try:
        migrate.require_current(database)
        yield database, found
    finally:
        database.close_now()
