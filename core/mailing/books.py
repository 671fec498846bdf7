"""The books: outcomes go into the ledger with the next attempts, or by themselves when none come soon."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from core.mailing.answers import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from core.db import Database
    from core.mailing.answers import Answers, Harvest
    from core.mailing.attempts import Gate

FLUSH_SECONDS = 0.050  # outcomes wait at most so long for a commit of attempts to travel with


class Books:
    """Writes down what Answers gathered; `on_written` hears of each harvest after its commit."""

    def __init__(
        self,
        db: Database,
        answers: Answers,
        now: Callable[[], datetime],
        on_written: Callable[[Harvest], None],
    ) -> None:
        self._db = db
        self._answers = answers
        self._now = now
        self._on_written = on_written
        self._timer: asyncio.TimerHandle | None = None
        self._flushing: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None
        self._writing = 0

    @property
    def are_closed(self) -> bool:
        """Whether everything that was answered is committed."""
        return not self._writing and not self._answers.has_any

    def soon(self) -> None:
        """Something was answered: see that it is written within FLUSH_SECONDS."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH_SECONDS, self._flush_now)

    async def start(self, gates: Sequence[tuple[Gate, list[int]]], fence: int) -> set[int]:
        """Commit attempts together with all that waits; returns the started deliveries."""
        if self._failure is not None:
            raise self._failure
        if self._timer is not None:  # whatever waited travels with this commit
            self._timer.cancel()
            self._timer = None
        harvest = self._answers.take()
        self._writing += 1
        try:
            started = await self._db.write(settle, harvest, gates, fence, self._now())
        finally:
            self._writing -= 1
        self._on_written(harvest)
        return started

    async def flush(self) -> None:
        """Write down what no attempt has taken along."""
        if self._answers.has_any:
            await self.start([], 0)

    def _flush_now(self) -> None:
        self._timer = None
        self._flushing = asyncio.ensure_future(self.flush())
        self._flushing.add_done_callback(self._flushed)

    def _flushed(self, task: asyncio.Task[None]) -> None:
        """A database that failed here is told to the loop at its next commit."""
        if not task.cancelled() and task.exception() is not None:
            self._failure = task.exception()
