"""What the sender tells about itself: progress of campaigns, now and then, and alerts, at once."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable

log = logging.getLogger(__name__)

EVERY_SECONDS = 2.0


class Progress:
    """Calls `on_progress(campaign id)` at most every two seconds, and always after the last change."""

    def __init__(
        self,
        on_progress: Callable[[int], Awaitable[None]] | None,
        on_alert: Callable[[str], Awaitable[None]] | None,
    ) -> None:
        self._on_progress = on_progress
        self._on_alert = on_alert
        self._changed: set[int] = set()
        self._telling: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._hurry = asyncio.Event()

    def changed(self, campaign_ids: Iterable[int]) -> None:
        """Something happened to these campaigns."""
        if self._on_progress is None:
            return
        self._changed.update(campaign_ids)
        if self._changed and self._telling is None:
            self._telling = self._keep(self._tell())

    def alert(self, text: str) -> None:
        """Tell the owner at once."""
        log.error("%s", text)
        if self._on_alert is not None:
            self._keep(self._say(text))

    async def finish(self) -> None:
        """Tell what is still untold and wait for it."""
        self._hurry.set()
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _tell(self) -> None:
        while self._changed and self._on_progress is not None:
            changed, self._changed = self._changed, set()
            for campaign_id in changed:
                await self._on_progress(campaign_id)
            if not self._hurry.is_set():
                await asyncio.wait({asyncio.ensure_future(self._hurry.wait())}, timeout=EVERY_SECONDS)

    async def _say(self, text: str) -> None:
        if self._on_alert is not None:
            await self._on_alert(text)

    def _keep(self, coroutine: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        """A message that could not be told must not stop the sending."""
        self._tasks.discard(task)
        if task is self._telling:
            self._telling = None
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("telling the owner failed", exc_info=error)
