"""The tick of a test: every step in order, none guarded, so that a failure is seen."""

from __future__ import annotations

from datetime import datetime

from core.db import Database
from core.settings import Settings
from core.tick import steps


def tick(db: Database, now: datetime, settings: Settings) -> None:
    """Do all that is due at this moment."""
    for step in steps(db, now, settings):
        step.run()
