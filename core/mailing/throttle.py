"""The throttle: one for all messages of a process. Replies pass on top, the bulk lanes share even slots.

A bulk letter asks twice: for a slot of the bulk pace (limit − reserve), and, when its attempt is committed
and the call starts, for the budget of all calls, which is never exceeded in any one-second window.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from typing import TYPE_CHECKING, Protocol

from core.mailing.ledger import Lane
from core.mailing.pace import Budget, Chats, Pace, Tempo

if TYPE_CHECKING:
    from collections.abc import Callable

# Slots are handed out in groups: each group is one wake-up and one commit. At high rates so far apart,
# at low ones in pairs, where the budget lets two calls start at once.
GROUP_SECONDS = 0.020
GROUP_SLOTS = 2


class _Source(Protocol):
    def delay(self, now: float) -> float: ...

    def take(self, now: float) -> object: ...


class _Queue:
    """Waiters of one source, served by lane, then in order; one timer for all of them."""

    def __init__(self, source: _Source, monotonic: Callable[[], float]) -> None:
        self._source = source
        self._monotonic = monotonic
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    def try_now(self, lane: int) -> bool:
        """Take a turn at once if one is free and nobody of this lane or a higher one waits for it."""
        now = self._monotonic()
        if self._source.delay(now) > 0.0 or (self._waiting and self._waiting[0][0] <= lane):
            return False
        self._source.take(now)
        return True

    async def turn(self, lane: int) -> None:
        """Wait for a turn."""
        if self.try_now(lane):
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (lane, next(self._order), future))
        self._arm()
        await future

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting and self._waiting[0][2].done():  # the waiter was cancelled
            heapq.heappop(self._waiting)
        if self._waiting:
            delay = self._source.delay(self._monotonic())
            self._timer = asyncio.get_running_loop().call_later(delay, self._serve)

    def _serve(self) -> None:
        self._timer = None
        while self._waiting:
            future = self._waiting[0][2]
            now = self._monotonic()
            if not future.done():
                if self._source.delay(now) > 0.0:
                    break
                self._source.take(now)
                future.set_result(None)
            heapq.heappop(self._waiting)
        self._arm()


class Throttle:
    """`limit` messages a second in all, of which `reserve` are never used by the bulk lanes."""

    def __init__(
        self, limit: int, reserve: int = 0, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._monotonic = monotonic
        self._budget = Budget(limit)
        self._pace = Pace(float(limit - reserve))
        self._tempo = Tempo(float(limit - reserve))
        self._chats = Chats(2 * limit + 100)
        self._starts = _Queue(self._budget, monotonic)
        self._slots = _Queue(self._pace, monotonic)
        self._set_rate()

    @property
    def bulk_rate(self) -> float:
        """Letters a second the bulk lanes may send at present."""
        return self._tempo.rate

    async def slot(self, lane: Lane, chat_id: int) -> None:
        """Wait until one message to this chat may start, and count it as started."""
        bulk = lane is not Lane.REPLY
        while (delay := self.chat_delay(chat_id, spaced=bulk)) > 0.0:  # noqa: ASYNC110 - a time, no event
            await asyncio.sleep(delay)
        if bulk:
            await self._slots.turn(lane)
        await self.start(lane, chat_id)

    async def slots(self, most: int, lane: Lane = Lane.BROADCAST) -> int:
        """Wait for slots of the bulk pace and take all that are due, at most `most`; returns how many.

        Each letter then calls `start` when its call begins; slots without a letter go to `give_back`.
        """
        self._adapt()
        if most > 1:
            await asyncio.sleep(self._pace.delay(self._monotonic()) + self._pace.group)
        await self._slots.turn(lane)
        return 1 + (self._pace.take(self._monotonic(), most - 1) if most > 1 else 0)

    def give_back(self, count: int) -> None:
        """Return slots that had no letter."""
        self._pace.give_back(count)

    def start_now(self, lane: Lane, chat_id: int) -> bool:
        """Start a call if the budget of all calls allows it at this moment."""
        if not self._starts.try_now(lane):
            return False
        self._chats.written(chat_id, self._monotonic())
        return True

    async def start(self, lane: Lane, chat_id: int) -> None:
        """Wait until the budget of all calls lets one more start, and count it."""
        await self._starts.turn(lane)
        self._chats.written(chat_id, self._monotonic())

    def chat_delay(self, chat_id: int, *, spaced: bool = True) -> float:
        """Seconds until this chat may get its next letter; 0 when now."""
        return self._chats.delay(chat_id, self._monotonic(), spaced=spaced)

    def picked(self, chat_id: int) -> None:
        """A letter to this chat is about to start: no second one is picked beside it."""
        self._chats.written(chat_id, self._monotonic())

    def limited(self, chat_id: int, retry_after: float) -> None:
        """Telegram answered 429: leave the chat alone, and slow everybody down if it is not the only one."""
        now = self._monotonic()
        self._chats.limit(chat_id, now + retry_after)
        until = self._tempo.refused(chat_id, retry_after, now)
        if until is not None:
            self._pace.pause(until)
            self._set_rate()

    def rest(self, seconds: float) -> None:
        """No bulk letter for so long: there is no network, or sending begins again after it."""
        self._pace.pause(self._monotonic() + seconds)

    def began(self) -> None:
        """Bulk sending begins after an idle time."""
        self._tempo.begin(self._monotonic())
        self._pace.begin(self._monotonic())

    def _adapt(self) -> None:
        self._tempo.step(self._monotonic())
        self._set_rate()

    def _set_rate(self) -> None:
        rate = self._tempo.rate
        slots = min(GROUP_SLOTS, self._budget.depth)
        self._pace.rate = rate
        self._pace.group = max(GROUP_SECONDS - 1.0 / rate, (slots - 1) / rate, 0.0)
