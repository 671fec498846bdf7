"""Reading ahead: the buffer is filled beside the sending loop, so that a look at the ledger costs no slot."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from core.mailing import buffer as buffers
from core.mailing import filling

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.mailing.buffer import Buffer

P = ParamSpec("P")
R = TypeVar("R")

LOOK_SECONDS = 1.0  # how often the list of running campaigns is read


class Ahead:
    """Fills a buffer. `on_gone` hears of campaigns that run no more, `on_broken` of content that is unfit."""

    def __init__(
        self,
        db: Database,
        buffer: Buffer,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        on_gone: Callable[[set[int]], None],
        on_broken: Callable[[int, str], None],
    ) -> None:
        self._db = db
        self._buffer = buffer
        self._now = now
        self._monotonic = monotonic
        self._on_gone = on_gone
        self._on_broken = on_broken
        self._reading: asyncio.Task[None] | None = None
        self._look_at = 0.0
        self.is_woken = True  # something became due that the buffer has not seen

    def wake(self) -> None:
        """Read everything anew at the next chance."""
        self.is_woken = True

    def look_soon(self) -> None:
        """Read the list of running campaigns at the next chance."""
        self._look_at = 0.0

    async def keep_up(self) -> None:
        """Read on if the buffer runs low or a look is due; wait for it only while the buffer is empty."""
        self._collect()
        if self._reading is None and (self._is_look_due() or self._buffer.wanted()):
            self._reading = asyncio.ensure_future(self._read())
        if self._reading is not None and not len(self._buffer):
            await asyncio.wait({self._reading})
            self._collect()

    async def finish(self) -> None:
        """Wait for a look under way."""
        if self._reading is not None:
            await asyncio.wait({self._reading})
            self._collect()

    def _collect(self) -> None:
        """Raise what a finished look met."""
        if self._reading is not None and self._reading.done():
            reading, self._reading = self._reading, None
            reading.result()

    def _is_look_due(self) -> bool:
        return self.is_woken or self._monotonic() >= self._look_at

    async def _ask(self, verb: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Read in a thread: many rows hold neither the loop nor, row by row, its threads."""
        return await asyncio.to_thread(lambda: self._db.read_now(verb, *args, **kwargs))

    async def _read(self) -> None:
        if self._is_look_due():
            woken, self.is_woken = self.is_woken, False
            self._look_at = self._monotonic() + LOOK_SECONDS
            self._on_gone(self._buffer.look(await self._ask(buffers.running)))
            if woken:
                self._buffer.read_again()
        wanted = self._buffer.wanted()
        if not wanted:
            return
        known, running = dict(self._buffer.contents), self._buffer.running
        filled = await self._ask(filling.fill, wanted, known, self._now(), running)
        self._buffer.contents.update(filled.contents)
        for campaign_id, _, asked in wanted:
            self._buffer.add(campaign_id, filled.rows.get(campaign_id, []), asked)
        for campaign_id, why in filled.broken.items():
            self._on_broken(campaign_id, why)
