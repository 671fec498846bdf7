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
    TelegramServerError,
)
from aiogram.types import Update
from aiohttp import ClientConnectorError, ConnectionTimeoutError
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from core import clock
from core.people import inbox

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from aiogram import Bot, Dispatcher

    from core.db import Database
    from core.people.inbox import Raw

CONCURRENT_PEOPLE = 64
LONGEST_PAUSE = 30.0
LOCKED_TRIES = 12  # about five minutes, besides the half minute each try waits for the lock itself
DONE_TOGETHER_SECONDS = 0.05

log = structlog.get_logger()


class Inbox:
    """Queues by person; at most 64 persons are answered at the same time."""

    def __init__(
        self,
        db: Database,
        bot: Bot,
        dispatcher: Dispatcher,
        alert: Callable[[str, str], Coroutine[None, None, None]],
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

    async def _serve(self, person: int) -> None:
        queue = self._queues[person]
        while queue:
            async with self._slots:
                await self._handle(queue[0])
            queue.popleft()
        del self._queues[person]

    async def _handle(self, raw: Raw) -> None:
        """Answer one update, or set it apart; whatever happens, the person's next one gets its turn."""
        try:
            trouble = await self._trouble_with(raw)
            if trouble is None:
                self._done(raw.update_id)
            else:
                await self._quarantine(raw, *trouble)
        except Exception:
            log.exception("update_left_for_the_next_start", update_id=raw.update_id)

    async def _trouble_with(self, raw: Raw) -> tuple[str, str] | None:
        """Handle an update until it is shown; returns why it cannot be, None when all is well."""
        try:
            update = Update.model_validate_json(raw.text, context={"bot": self._bot})
        except ValidationError as error:
            return "unparseable", str(error)
        try:
            await self._answered(update)
        except OperationalError:  # the database, not the update, is at fault
            raise
        except TelegramForbiddenError:  # he blocked the bot meanwhile: nobody is there to be shown anything
            log.info("answer_refused_by_person", update_id=raw.update_id)
        except Exception as error:
            log.error("handler_failed", update_id=raw.update_id, exc_info=True)
            return "failed", f"{type(error).__name__}: {error}"
        return None

    def _done(self, update_id: int) -> None:
        """Note a row as done; those of a fraction of a second are written together."""
        self._shown.append(update_id)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_done_soon())

    async def _write_done_soon(self) -> None:
        while self._shown:
            await asyncio.sleep(DONE_TOGETHER_SECONDS)
            await self._write_done()

    async def _write_done(self) -> None:
        shown, self._shown = self._shown, []
        try:
            if shown:
                await self._db.write(inbox.done, shown, clock.now())
        except OperationalError as error:
            self._shown = shown + self._shown
            log.warning("database_busy", error=str(error.orig), remedy="does another program hold it locked?")

    async def _answered(self, update: Update) -> None:
        """Handle until shown: apply may be repeated, and so may be show, once.

        What surely did not reach Telegram is tried again until it does; a locked database for some minutes;
        an answer that may have arrived is repeated once, because more copies would be worse than none.
        """
        pause, doubts, locks = 1.0, 0, 0
        while True:
            try:
                await self._dispatcher.feed_update(self._bot, update)
            except TelegramEntityTooLarge:
                raise
            except (TelegramNetworkError, TelegramServerError, ClientDecodeError, OperationalError) as error:
                log.warning("answer_delayed", update_id=update.update_id, error=str(error)[:200], pause=pause)
                doubts += is_ambiguous(error)
                locks += isinstance(error, OperationalError)
                if doubts > 1:
                    log.warning("answer_in_doubt", update_id=update.update_id)
                    return
                if locks > LOCKED_TRIES:
                    raise
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _quarantine(self, raw: Raw, why: str, error: str) -> None:
        log.error(
            "update_quarantined", update_id=raw.update_id, person=raw.person, why=why, error=error[:500]
        )
        await self._db.write(inbox.quarantine, raw.update_id, f"{why}: {error}", clock.now())
        alert = asyncio.create_task(self._alert(f"alert-{why}", str(raw.update_id)))
        self._tasks.add(alert)  # kept, so that it is neither collected nor forgotten at the end
        alert.add_done_callback(self._tasks.discard)


def is_ambiguous(error: Exception) -> bool:
    """Say whether a failed call may have reached Telegram: refused connections and our database did not."""
    if isinstance(error, OperationalError):
        return False
    return not isinstance(error.__cause__, ClientConnectorError | ConnectionTimeoutError)
