"""What an hour brings to mailing: campaigns that are due, letters that stayed unanswered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.mailing import audiences, engagement
from core.mailing.experiments import looking
from core.people import preferences

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from core.db import Database


def tick(db: Database, now: datetime, grace: timedelta = engagement.GRACE) -> int:
    """Do all that is due in mailing, in chunks; returns how many campaigns began to run (wake the sender)."""
    preferences.renew_offsets(db, now)
    engagement.mature(db, now, grace)
    looking.advance(db, now)
    return audiences.due(db, now)
