"""Jobs: the one schedule of the process, a tick a minute; everything due is a row with its moment.

A tick that fails is logged and the next one does what it left: nothing is remembered in memory.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from core import clock, tick

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from core.db import Database
    from core.settings import Settings

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
    ) -> None:
        self._db = db
        self._settings = settings
        self._wake_sender = wake_sender
        self._tell = tell  # the owners, of what a tick found
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Tick every minute until cancelled."""
        while True:
            await self.tick()
            await asyncio.sleep(TICK_SECONDS)

    async def tick(self) -> None:
        """Do everything that is due now."""
        async with self._one_at_a_time:
            try:
                if await asyncio.to_thread(tick.tick, self._db, clock.now(), self._settings):
                    self._wake_sender()
                await self._tell(clock.now())
            except Exception:
                log.exception("tick_failed")
