"""Time and change: what follows when people were touched, and when time has passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from core import privacy
from core.clock import local_day
from core.mailing import tick as mailing
from core.mailing.series import advancing, dates, following
from core.people import activity, inbox, nightly
from core.people.models import DailyPass, Profile
from core.reports import guards
from core.sales.models import Import
from core.segments import presets, refresh
from core.segments.models import SegmentRefresh
from core.segments.scores import runs
from core.segments.scores.models import ScoreRun

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import InstrumentedAttribute, Session

    from core.db import Database
    from core.settings import Settings

REFRESH_EVERY = timedelta(minutes=5)
ROUNDS = 5
RESTS = timedelta(minutes=10)  # a long step that fails is not begun anew every minute


def touched(session: Session, ids: set[int], now: datetime) -> None:
    """Refresh the segments of these people, in the write that touched them; then series: enter and leave.

    What a series does may touch people in its turn, such as whoever finished one: it settles in a few rounds.
    """
    for _ in range(ROUNDS):
        if ids:
            refresh.refresh_touched(session, ids, now)
        facts = session.info.pop("facts", [])
        following.follow(session, ids, facts, now)
        ids = session.info.pop("touched", set())
        if not ids and not session.info.get("facts"):
            break


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a tick: it is run by itself, so that its failure stops no other; `run` says whether
    letters wait for the sender now. `rest`: how long it is left alone after a failure.
    """

    name: str
    run: Callable[[], bool]
    rest: timedelta = timedelta()


def steps(db: Database, now: datetime, settings: Settings) -> tuple[Step, ...]:
    """Return all that is due at this moment, in order; a second time it does nothing.

    What a person or the law waits for is first. Scores come before segments, which ask for them, and those
    before letters, whose audiences are read from them; what is only told is last.
    """
    tick = _Tick(db, now, settings)
    return (
        Step("privacy", tick.privacy),
        Step("inbox", tick.inbox),
        Step("people", tick.people, RESTS),
        Step("scores", tick.scores, RESTS),
        Step("coverage", tick.coverage, RESTS),
        Step("segments", tick.segments, RESTS),
        Step("series", tick.series),
        Step("mailing", tick.mailing),
        Step("guards", tick.guards, RESTS),
    )


def compute_due(db: Database, now: datetime, settings: Settings) -> None:
    """Bring up to date what segments ask for: what is derived of people, scores, coverage."""
    tick = _Tick(db, now, settings)
    tick.people()
    tick.scores()
    tick.coverage()


class _Tick:
    """The steps of one moment; whether scores changed in it is what segments have to know."""

    def __init__(self, db: Database, now: datetime, settings: Settings) -> None:
        self._db, self._now, self._settings = db, now, settings
        self._scored = False

    def privacy(self) -> bool:
        privacy.finish_due(self._db, self._now)
        return False

    def inbox(self) -> bool:
        self._db.write_now(inbox.sweep, self._now)
        return False

    def people(self) -> bool:
        if self._db.read_now(_is_a_days_work_due, self._now, DailyPass.passed_at):
            nightly.run(self._db, self._now, self._db.read_now(_last, DailyPass.passed_at))
        return False

    def scores(self) -> bool:
        mark = runs.mark_of(self._settings.scores_file)
        is_due = self._db.read_now(_is_a_days_work_due, self._now, ScoreRun.started_at)
        if is_due or not self._db.read_now(runs.is_read, mark):
            from core.segments.scores import job  # numpy: until people are there nobody carries it

            job.compute_by_file(self._db, self._now, self._settings.scores_file)
            self._scored = True
        return False

    def coverage(self) -> bool:
        if self._is_refresh_due() and not self._db.read_now(presets.is_covered):
            self._db.write_now(presets.cover, self._now)  # the owner's own segments came or went
        return False

    def segments(self) -> bool:
        if self._is_refresh_due():
            refresh.refresh_all(self._db, self._now)
        return False

    def series(self) -> bool:
        dates.meet(self._db, self._now)
        return advancing.advance(self._db, self._now)

    def mailing(self) -> bool:
        grace = timedelta(hours=self._settings.grace_hours)
        return mailing.tick(self._db, self._now, grace) > 0

    def guards(self) -> bool:
        guards.watch(self._db, self._now, self._settings)
        return False

    def _is_refresh_due(self) -> bool:
        last = self._db.read_now(_last, SegmentRefresh.started_at)
        return self._scored or last is None or abs(self._now - last) >= REFRESH_EVERY


def _is_a_days_work_due(session: Session, now: datetime, done_at: InstrumentedAttribute[datetime]) -> bool:
    """Say whether a day of the business has begun since it was done, or purchases were imported."""
    zone = activity.zone()
    last = _last(session, done_at)
    if last is not None and local_day(last, zone) == local_day(now, zone):
        imported = exists().where(Import.kind == "purchases", Import.finished_at > last)
        return bool(session.scalar(select(imported)))
    return bool(session.scalar(select(exists(select(Profile.subscriber_id)))))


def _last(session: Session, done_at: InstrumentedAttribute[datetime]) -> datetime | None:
    """Return the moment of the last run; a run as of an older moment may be the last one."""
    return session.scalar(select(done_at).order_by(done_at.class_.id.desc()).limit(1))
