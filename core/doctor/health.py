"""Health at a glance: what a look at a few numbers can tell, in a second, beside a running bot."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from core.mailing import lease
from core.mailing.ledger import LEASE
from core.people.models import Inbox
from core.segments.models import Segment, SegmentRefresh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database

LARGEST_LOG = 256 * 2**20  # bytes a write-ahead log may have: more, and a reader has been open for hours
LEAST_ROOM = 2**30  # bytes free on the disk, and never less than the database itself has
LONGEST_WAIT = timedelta(minutes=5)  # of an update that was acknowledged and is not handled
OLDEST_REFRESH = timedelta(minutes=30)  # the tick refreshes every five


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, and what is to be done where it is not well."""

    name: str
    is_well: bool
    words: str


def look(db: Database, now: datetime) -> list[Finding]:
    """Return what was found, well or not; the tables are known to be those of this version."""
    found = [Finding("tables", True, "of this version")]
    found += _storage(db)
    found += db.read_now(_of_rows, now)
    return found


def _storage(db: Database) -> Iterator[Finding]:
    if not db.is_sqlite or db.url.database is None:
        size = db.read_now(lambda s: s.scalar(text("SELECT pg_database_size(current_database())"))) or 0
        yield Finding("database", True, f"PostgreSQL, {_size(size)}")
        return
    file = Path(db.url.database)
    size = file.stat().st_size
    yield Finding("database", True, f"SQLite, {_size(size)}")
    log = Path(f"{file}-wal")
    length = log.stat().st_size if log.exists() else 0
    remedy = "" if length <= LARGEST_LOG else ": end whatever has been reading the database for long"
    yield Finding("write-ahead log", not remedy, f"{_size(length)}{remedy}")
    free = shutil.disk_usage(file.resolve().parent).free
    remedy = "" if free >= max(LEAST_ROOM, size) else ": make room, a copy of the database should fit"
    yield Finding("disk", not remedy, f"{_size(free)} free{remedy}")


def _of_rows(session: Session, now: datetime) -> list[Finding]:
    return [_inbox(session, now), _sender(session), _refresh(session, now), _stale(session)]


def _inbox(session: Session, now: datetime) -> Finding:
    waiting = Inbox.done_at.is_(None) & Inbox.error.is_(None)
    count, oldest = session.execute(select(func.count(), func.min(Inbox.received_at)).where(waiting)).one()
    quarantined = session.scalar(select(func.count()).where(Inbox.error.is_not(None))) or 0
    words = f"{count} waiting, {quarantined} quarantined"
    if oldest is not None and now - oldest > LONGEST_WAIT:
        minutes = int((now - oldest).total_seconds() // 60)
        return Finding("inbox", False, f"{words}, the oldest for {minutes} min: is the bot running?")
    return Finding("inbox", True, words)


def _sender(session: Session) -> Finding:
    seen = lease.look(session, LEASE)
    if seen is None or seen.holder == lease.FREE:
        return Finding("sender", True, "nobody sends now")
    return Finding("sender", True, f"{seen.holder} (fence {seen.fence})")


def _refresh(session: Session, now: datetime) -> Finding:
    latest = select(SegmentRefresh.started_at, SegmentRefresh.seconds).order_by(SegmentRefresh.id.desc())
    last = session.execute(latest.limit(1)).one_or_none()
    if last is None:
        return Finding("segments", True, "never refreshed yet")
    words = f"refreshed {last[0]:%Y-%m-%d %H:%M} UTC in {last[1]:.2f} s"
    is_old = now - last[0] > OLDEST_REFRESH
    return Finding("segments", not is_old, words + (": is the bot running?" if is_old else ""))


def _stale(session: Session) -> Finding:
    names = list(session.scalars(select(Segment.name).where(Segment.error.is_not(None)).order_by(Segment.id)))
    if not names:
        return Finding("rules", True, "every rule could be computed")
    told = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
    return Finding("rules", False, f"{len(names)} keep their last members: {told}; see `kvizor segment list`")


def _size(count: int) -> str:
    return f"{count / 2**30:.1f} GB" if count >= 2**30 else f"{count / 2**20:.1f} MB"
