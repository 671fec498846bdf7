"""Time and change: what follows when people were touched, and when time has passed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from core import privacy
from core.clock import local_day
from core.mailing import tick as mailing
from core.people import activity, inbox, nightly
from core.people.models import Profile
from core.reports import guards
from core.sales.models import Import
from core.segments import presets, refresh
from core.segments.models import SegmentRefresh
from core.segments.scores.models import ScoreRun

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

    Scores first, once a day of the business, then segments, which ask for them, because audiences are read
    from those. Returns how many campaigns began.
    """
    scored = db.read_now(_scores_are_due, now)
    if scored:
        from core.segments.scores import job  # numpy: a bot without purchases need not carry it

        nightly.run(db, now, db.read_now(_scored_at))
        job.compute_by_file(db, now, settings.scores_file)
    last = db.read_now(_refreshed_at)
    if scored or last is None or abs(now - last) >= REFRESH_EVERY:
        if not db.read_now(presets.is_covered):  # the owner's own segments came or went
            db.write_now(presets.cover, now)
        refresh.refresh_all(db, now)
    guards.watch(db, now, settings)
    begun = mailing.tick(db, now, timedelta(hours=settings.grace_hours))
    db.write_now(inbox.sweep, now)
    privacy.finish_due(db, now)
    return begun


def _scores_are_due(session: Session, now: datetime) -> bool:
    """Say whether a day of the business has begun since the last run, or purchases were imported."""
    zone = activity.zone()
    last = session.scalar(select(func.max(ScoreRun.started_at)))
    if last is not None and local_day(last, zone) == local_day(now, zone):
        imported = exists().where(Import.kind == "purchases", Import.finished_at > last)
        return bool(session.scalar(select(imported)))
    return bool(session.scalar(select(exists(select(Profile.subscriber_id)))))


def _scored_at(session: Session) -> datetime | None:
    return session.scalar(select(func.max(ScoreRun.started_at)))


def _refreshed_at(session: Session) -> datetime | None:
    return session.scalar(select(func.max(SegmentRefresh.started_at)))
