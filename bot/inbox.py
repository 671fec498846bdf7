"""Handling what was received: each person's updates in order, different persons side by side.

A row is done after its answer was shown. What aiogram cannot parse, and what a handler fails at, is
quarantined with an alert; the rest flows. After a crash the unfinished rows are handled again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

import structlog
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import Update
from pydantic import ValidationError

from core import clock
from core.people import inbox

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiogram import Bot, Dispatcher

    from core.db import Database
    from core.people.inbox import Raw

CONCURRENT_PEOPLE = 64
LONGEST_PAUSE = 30.0
DONE_TOGETHER_SECONDS = 0.05

log = structlog.get_logger()


class Inbox:
    """Queues by person; at most 64 persons are answered at the same time."""

    def __init__(
        self, db: Database, bot: Bot, dispatcher: Dispatcher, alert: Callable[[str, str], Awaitable[None]]
    ) -> None:
        self._db = db
        self._bot = bot
        self._dispatcher = dispatcher
        self._alert = alert
        self._queues: dict[int, deque[Raw]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(CONCURRENT_PEOPLE)
        self._shown: list[int] = []  # handled and shown, not yet written as done
        self._writing: asyncio.Task[None] | None = None

    async def replay(self) -> int:
        """Queue what a crash left unfinished; returns how many rows there were."""
        rows = await self._db.read(inbox.unfinished)
        for raw in rows:
            self.accept(raw)
        return len(rows)

    def accept(self, raw: Raw) -> None:
        """Queue one committed update behind the earlier ones of its person."""
        queue = self._queues.get(raw.person)
        if queue is not None:
            queue.append(raw)
            return
        self._queues[raw.person] = deque([raw])
        task = asyncio.create_task(self._serve(raw.person), name=f"inbox-{raw.person}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, within: float = 20.0) -> None:
        """Let what is queued be answered; what does not fit in time is replayed at the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        await self._write_done()

    @property
    def waiting(self) -> int:
        """How many updates are queued or being handled."""
        return sum(len(queue) for queue in self._queues.values())

    async def _serve(self, person: int) -> None:
        queue = self._queues[person]
        while queue:
            async with self._slots:
                await self._handle(queue[0])
            queue.popleft()
        del self._queues[person]

    async def _handle(self, raw: Raw) -> None:
        try:
            update = Update.model_validate_json(raw.text, context={"bot": self._bot})
        except ValidationError as error:
            await self._quarantine(raw, "unparseable", str(error))
            return
        try:
            await self._answered(update)
        except TelegramForbiddenError:  # he blocked the bot meanwhile: nobody is there to be shown anything
            log.info("answer_refused_by_person", update_id=raw.update_id)
        except Exception as error:
            log.error("handler_failed", update_id=raw.update_id, exc_info=True)
            await self._quarantine(raw, "failed", f"{type(error).__name__}: {error}")
            return
        self._done(raw.update_id)

    def _done(self, update_id: int) -> None:
        """Note a row as done; those of a fraction of a second are written together."""
        self._shown.append(update_id)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_done_soon())

    async def _write_done_soon(self) -> None:
        await asyncio.sleep(DONE_TOGETHER_SECONDS)
        await self._write_done()

    async def _write_done(self) -> None:
        shown, self._shown = self._shown, []
        if shown:
            await self._db.write(inbox.done, shown, clock.now())

    async def _answered(self, update: Update) -> None:
        """Handle until shown: apply-then-show may be repeated, so a lost connection is only a pause."""
        pause = 1.0
        while True:
            try:
                await self._dispatcher.feed_update(self._bot, update)
            except (TelegramForbiddenError, TelegramEntityTooLarge):
                raise
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
            except (TelegramNetworkError, TelegramServerError, ClientDecodeError) as error:
                log.warning("answer_delayed", update_id=update.update_id, error=str(error)[:200], pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return

    async def _quarantine(self, raw: Raw, why: str, error: str) -> None:
        log.error(
            "update_quarantined", update_id=raw.update_id, person=raw.person, why=why, error=error[:500]
        )
        await self._db.write(inbox.quarantine, raw.update_id, f"{why}: {error}", clock.now())
        await self._alert(f"alert-{why}", str(raw.update_id))
