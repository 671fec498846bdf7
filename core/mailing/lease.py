"""The lease: one process at a time does a thing, and a fence that grows says which one.

The holder moves a beat; whoever watches takes over only when the beat has not moved for some seconds of the
watcher's own monotonic clock, so clocks of two machines are never compared and business time may jump.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.mailing.models import Lease

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from core.db import Database

LOST_AFTER = 20.0  # seconds without a beat after which another process takes over
FREE = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The lease as it stands: `holder` is empty when it is free."""

    holder: str
    fence: int
    beat: int


def look(session: Session, name: str) -> Seen | None:
    """Read the lease; None before anybody ever held it."""
    row = session.execute(
        select(Lease.holder, Lease.fence, Lease.beat).where(Lease.name == name)
    ).one_or_none()
    return Seen(*row) if row else None


def take(session: Session, name: str, holder: str, seen: Seen | None) -> int | None:
    """Take the lease if it still stands as it was seen; returns the new fence, or None if it moved."""
    if seen is None:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        first = dialect.insert(Lease).values(name=name, holder=holder, fence=1, beat=0)
        counted = first.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
        inserted = session.execute(counted)
        return 1 if inserted.rowcount else None  # type: ignore[attr-defined]
    taken = update(Lease).where(Lease.name == name, Lease.fence == seen.fence, Lease.beat == seen.beat)
    result = session.execute(taken.values(holder=holder, fence=seen.fence + 1, beat=seen.beat + 1))
    return seen.fence + 1 if result.rowcount else None  # type: ignore[attr-defined]


def beat(session: Session, name: str, fence: int) -> bool:
    """Show that the holder is alive; False when somebody else holds the lease now."""
    mine = update(Lease).where(Lease.name == name, Lease.fence == fence)
    return bool(session.execute(mine.values(beat=Lease.beat + 1)).rowcount)  # type: ignore[attr-defined]


def release(session: Session, name: str, fence: int) -> None:
    """Give the lease back at once; the fence stays, so that it only ever grows."""
    mine = update(Lease).where(Lease.name == name, Lease.fence == fence)
    session.execute(mine.values(holder=FREE, beat=Lease.beat + 1))


class Watcher:
    """Waits for a lease and takes it when it is free or its holder has stopped beating."""

    def __init__(
        self,
        db: Database,
        name: str,
        holder: str,
        *,
        lost_after: float = LOST_AFTER,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._name = name
        self._holder = holder
        self._lost_after = lost_after
        self._monotonic = monotonic
        self._seen: Seen | None = None
        self._since = 0.0

    async def try_take(self) -> int | None:
        """Look once; returns the fence if the lease is ours from now on."""
        seen = await self._db.read(look, self._name)
        if seen is not None and seen.holder != FREE and not self._is_still(seen):
            return None
        return await self._db.write(take, self._name, self._holder, seen)

    def _is_still(self, seen: Seen) -> bool:
        """Say whether the beat has not moved for long enough by our own clock."""
        now = self._monotonic()
        if seen != self._seen:
            self._seen, self._since = seen, now
            return False
        return now - self._since >= self._lost_after

    async def wait(self) -> int:
        """Wait until the lease is ours; returns its fence."""
        while True:
            fence = await self.try_take()
            if fence is not None:
                return fence
            await asyncio.sleep(min(1.0, self._lost_after / 4))
