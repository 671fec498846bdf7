"""Time and change: what follows when people were touched, and when time has passed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core import privacy
from core.mailing import tick as mailing
from core.people import inbox
from core.segments import refresh
from core.segments.models import SegmentRefresh

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.settings import Settings

REFRESH_EVERY = timedelta(minutes=5)


def touched(session: Session, ids: set[int], now: datetime) -> None:
    """Refresh the segments of these people, in the write that touched them."""
    refresh.refresh_touched(session, ids, now)


def tick(db: Database, now: datetime, settings: Settings) -> int:
    """Do all that is due at this moment; asked twice for one moment it does nothing the second time.

    Segments follow the clock first, because audiences are read from them. Returns how many campaigns began.
    """
    last = db.read_now(_refreshed_at)
    if last is None or abs(now - last) >= REFRESH_EVERY:
        refresh.refresh_all(db, now)
    begun = mailing.tick(db, now, timedelta(hours=settings.grace_hours))
    db.write_now(inbox.sweep, now)
    privacy.finish_due(db, now)
    return begun


def _refreshed_at(session: Session) -> datetime | None:
    return session.scalar(select(func.max(SegmentRefresh.started_at)))
