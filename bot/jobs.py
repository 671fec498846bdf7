"""Jobs: the one schedule of the process, a tick a minute; everything due is a row with its moment.

Each step of a tick is run by itself: one that fails is logged, told to the owners once and tried again later,
and stops no other. What is left to do is read from the database: only the failing steps are in memory.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import structlog

from core import clock, tick

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from core.db import Database
    from core.settings import Settings
    from core.tick import Step

TICK_SECONDS = 60.0

log = structlog.get_logger()


class Jobs:
    """Runs the tick, never two at once."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        wake_sender: Callable[[], None],
        tell: Callable[[datetime], Awaitable[object]],
        ring: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self._db = db
        self._settings = settings
        self._wake_sender = wake_sender
        self._tell = tell  # the owners, of what a tick found
        self._ring = ring  # the owners, of a step that fails
        self._one_at_a_time = asyncio.Lock()
        self._failed_at: dict[str, datetime] = {}  # steps whose last run failed

    async def run(self) -> None:
        """Tick every minute until cancelled."""
        while True:
            await self.tick()
            await asyncio.sleep(TICK_SECONDS)

    async def tick(self) -> None:
        """Do everything that is due now."""
        async with self._one_at_a_time:
            now = clock.now()
            for step in tick.steps(self._db, now, self._settings):
                failed_at = self._failed_at.get(step.name)
                if failed_at is None or abs(now - failed_at) >= step.rest:
                    await self._guarded(step.name, now, partial(self._run, step))
            await self._guarded("digest", now, partial(self._tell, now))

    async def _run(self, step: Step) -> None:
        if await asyncio.to_thread(step.run):
            self._wake_sender()

    async def _guarded(self, name: str, now: datetime, work: Callable[[], Awaitable[object]]) -> None:
        """Do one step; the owners hear of its failure once, until it has worked again."""
        try:
            await work()
        except Exception:
            log.exception("step_failed", step=name)
            is_news = name not in self._failed_at
            self._failed_at[name] = now
            if is_news:
                await self._ring(f"alert-step-{name}", name)
        else:
            self._failed_at.pop(name, None)
