"""The sender: a loop over the ledger, alone for its bot, that survives being killed at any moment.

For each letter: a slot of the throttle, the committed attempt, the call, the outcome. Attempts and outcomes
of many letters share a commit; nothing is awaited from Telegram inside one. Memory stays flat.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from core import clock
from core.mailing import campaigns, lease, ledger
from core.mailing.ahead import LOOK_SECONDS, Ahead
from core.mailing.answers import Answers
from core.mailing.books import Books
from core.mailing.buffer import Buffer
from core.mailing.calls import Calls
from core.mailing.desk import Desk
from core.mailing.ledger import LEASE, Lane
from core.mailing.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from core.db import Database
    from core.mailing.answers import Harvest
    from core.mailing.calls import Parcel
    from core.mailing.messenger import Messenger, Outcome
    from core.mailing.throttle import Throttle

log = logging.getLogger(__name__)

AHEAD_SECONDS = 4.0  # how far ahead of the pace the ledger is read
MOST_SLOTS = 64
MOST_COMMITS = 3  # commits of attempts under way at once


class Sender:
    """Sends what is due, one process for one bot: `run` serves until `stop`, `wake` says there is more."""

    def __init__(
        self,
        db: Database,
        messenger: Messenger,
        throttle: Throttle,
        *,
        holder: str = "kvizor",
        now: Callable[[], datetime] = clock.now,
        monotonic: Callable[[], float] = time.monotonic,
        lease_seconds: float = lease.LOST_AFTER,
        on_progress: Callable[[int], Awaitable[None]] | None = None,
        on_alert: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        self._db = db
        self._throttle = throttle
        self._now = now
        self._monotonic = monotonic
        self._lease_seconds = lease_seconds
        self._watcher = lease.Watcher(db, LEASE, holder, lost_after=lease_seconds, monotonic=monotonic)
        self._buffer = Buffer(min(2000, max(100, int(throttle.bulk_rate * AHEAD_SECONDS))))
        self._answers = Answers(self._buffer, throttle)
        self._desk = Desk(self._buffer, throttle, self._answers, monotonic)
        self._calls = Calls(messenger, self._answered)
        self._books = Books(db, self._answers, now, self._written)
        self._ahead = Ahead(db, self._buffer, now, monotonic, self._gone, self._answers.broken)
        self._progress = Progress(on_progress, on_alert)
        self._fence = 0
        self._stopped = False
        self._interrupted = False
        self._told_fatal = False
        self._stir = asyncio.Event()  # something happened that a resting loop should see
        self._idle = asyncio.Event()
        self._ended: asyncio.Event | None = None  # set when `run` is over
        self._waiting: asyncio.Task[None] | None = None  # the loop, while it waits for slots
        self._starting: set[asyncio.Task[None]] = set()

    # -- from outside ------------------------------------------------------------------------------

    @property
    def fatal(self) -> str | None:
        """Why nothing can be sent until a person mends it: Telegram's own words."""
        return self._answers.fatal

    async def run(self) -> None:
        """Hold the lease and send until stopped; ends early, with `fatal` set, when the token is refused."""
        self._ended = asyncio.Event()
        try:
            while not self._is_over:
                fence = await self._watcher.try_take()
                if fence is None:
                    await self._wait(min(1.0, self._lease_seconds / 4))
                else:
                    await self._hold(fence)
            await self._leave()
        finally:
            self._calls.abandon()
            self._idle.set()
            self._ended.set()

    def wake(self) -> None:
        """Something became due: look at the ledger at once."""
        self._ahead.wake()
        self._stir.set()

    async def drain(self) -> None:
        """Wait until nothing that is due waits any more; a rehearsal's clock moves only then."""
        if self._ended is not None and self._ended.is_set():
            return
        self._idle.clear()
        self.wake()
        await self._idle.wait()

    async def stop(self) -> None:
        """Start nothing more, let what is under way end, write it down, give the lease back."""
        self._stopped = True
        self._interrupt()
        if self._ended is not None:
            await self._ended.wait()

    # -- the lease ---------------------------------------------------------------------------------

    @property
    def _is_over(self) -> bool:
        return self._stopped or self.fatal is not None

    async def _hold(self, fence: int) -> None:
        """Serve under the lease until it is over or lost."""
        self._fence = fence
        await self._db.write(ledger.recover, fence, self._now())
        beating = asyncio.ensure_future(self._beat(fence))
        beating.add_done_callback(lambda _: self._lose())
        try:
            await self._serve()
            if beating.done():
                beating.result()
        finally:
            beating.cancel()
            self._buffer.clear()

    async def _beat(self, fence: int) -> None:
        while await self._db.write(lease.beat, LEASE, fence):
            await asyncio.sleep(self._lease_seconds / 4)
            # What a slow holder committed after we took over is closed here, not at the takeover.
            await self._db.write(ledger.recover, fence, self._now())
        log.warning("the sender's lease was taken by another process")

    def _lose(self) -> None:
        """The lease beats no more: it was taken, the database failed, or we are leaving."""
        if not self._is_over:
            self._fence = 0
            self._interrupt()

    def _interrupt(self) -> None:
        self._stir.set()
        if self._waiting is not None and not self._interrupted:
            self._interrupted = True
            self._waiting.cancel()

    async def _leave(self) -> None:
        await self._calls.wait()
        await self._books.flush()
        if self._fence:
            fence, self._fence = self._fence, 0
            await self._db.write(lease.release, LEASE, fence)
        await self._progress.finish()

    # -- the loop ----------------------------------------------------------------------------------

    async def _serve(self) -> None:
        rested = True
        while self._fence and not self._is_over:
            await self._ahead.keep_up()
            batch = self._desk.pick(1)
            if not batch:
                await self._rest()
                rested = True
                continue
            if rested:
                self._throttle.began()
                rested = False
            slots = await self._slots(Lane(batch[0].row.lane))
            batch += self._desk.pick(slots - 1, {parcel.row.chat_id for parcel in batch})
            if slots:
                self._throttle.give_back(slots - len(batch))
                await self._launch(batch)
        await self._ahead.finish()
        while self._starting:
            await self._one_started()

    async def _launch(self, batch: Sequence[Parcel]) -> None:
        """Start a batch beside the loop, so that a slow commit costs no slot; a few at most at a time."""
        self._starting.add(asyncio.ensure_future(self._start(batch)))
        done = {task for task in self._starting if task.done()}
        self._starting -= done
        for task in done:
            task.result()
        if len(self._starting) >= MOST_COMMITS:
            await self._one_started()

    async def _one_started(self) -> None:
        done, self._starting = await asyncio.wait(self._starting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    def _gone(self, campaign_ids: set[int]) -> None:
        self._answers.forgive(campaign_ids)
        self._progress.changed(campaign_ids)

    async def _slots(self, lane: Lane) -> int:
        """Wait for slots; 0 when the loop has to end instead."""
        most = min(MOST_SLOTS, 1 + len(self._buffer))
        self._waiting = asyncio.current_task()
        try:
            return await self._throttle.slots(most, lane)
        except asyncio.CancelledError:
            if not self._interrupted or self._waiting is None or self._waiting.uncancel():
                raise
            return 0
        finally:
            self._waiting, self._interrupted = None, False

    async def _start(self, batch: Sequence[Parcel]) -> None:
        """Commit the attempts together with the outcomes that wait, then make the calls."""
        by_campaign: dict[int, list[int]] = defaultdict(list)
        for parcel in batch:
            by_campaign[parcel.row.campaign_id].append(parcel.row.delivery_id)
        gates = []
        for campaign_id, ids in by_campaign.items():
            if (source := self._buffer.source(campaign_id)) is not None:
                gates.append((source.gate, ids))
        started = await self._books.start(gates, self._fence)
        for parcel in batch:
            row = parcel.row
            if row.delivery_id in started:
                if not self._throttle.start_now(Lane(row.lane), row.chat_id):
                    await self._throttle.start(Lane(row.lane), row.chat_id)
                self._calls.begin(parcel)
            else:
                self._answers.uploading.discard(row.content_id)
                self._buffer.forget(row.delivery_id)
        self._progress.changed(by_campaign)

    async def _rest(self) -> None:
        """Nothing can start now: settle what came back, finish what is done, wait for the next reason."""
        if not len(self._calls):
            await self._books.flush()
        finished = await self._finish_campaigns()
        if self._buffer.is_empty and self._books.are_closed and not (finished or self._ahead.is_woken):
            self._idle.set()
        later = self._buffer.next_later()
        delay = LOOK_SECONDS if later is None else min(LOOK_SECONDS, max(0.0, later - self._monotonic()))
        if not await self._wait(delay) and not len(self._buffer):
            self._buffer.read_again()

    async def _wait(self, seconds: float) -> bool:
        """Wait for a stir; False when none came in time."""
        try:
            async with asyncio.timeout(seconds):
                await self._stir.wait()
        except TimeoutError:
            return False
        self._stir.clear()
        return True

    async def _finish_campaigns(self) -> bool:
        done = []
        for campaign_id in self._buffer.settled():
            if await self._db.read(ledger.is_finished, campaign_id):
                done.append(campaign_id)
                await self._db.write(campaigns.finish, campaign_id, self._now())
        if done:
            self._ahead.look_soon()
            self._progress.changed(done)
            self._stir.set()  # whoever drains need not wait for the next look
        return bool(done)

    # -- outcomes ----------------------------------------------------------------------------------

    def _answered(self, parcel: Parcel, outcome: Outcome) -> None:
        self._answers.heard(parcel, outcome, self._monotonic())
        self._books.soon()
        self._stir.set()
        if self.fatal is not None:
            self._interrupt()

    def _written(self, harvest: Harvest) -> None:
        self._stir.set()  # a resting loop may find its campaign finished now
        for campaign_id, why in harvest.faulty.items():
            self._ahead.look_soon()
            self._progress.alert(f"Campaign {campaign_id} is paused: {why}")
        if harvest.again:
            self.wake()
        if self.fatal is not None and not self._told_fatal:
            self._told_fatal = True
            self._progress.alert(f"Telegram refuses the bot, nothing can be sent: {self.fatal}")
