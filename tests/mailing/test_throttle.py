"""The throttle as callers meet it, on a loop whose time passes only when everybody waits."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

import pytest

from core.mailing.ledger import Lane
from core.mailing.throttle import Throttle
from tests.mailing.test_pace import most_in_any_window


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop that jumps to the next timer instead of waiting for it."""

    def __init__(self) -> None:
        super().__init__()
        self._virtual = 1000.0
        select = self._selector.select  # type: ignore[attr-defined]

        def jump(timeout: float | None) -> Any:
            self._virtual += timeout or 0.0
            return select(0)

        self._selector.select = jump  # type: ignore[attr-defined]

    def time(self) -> float:
        return self._virtual


def in_virtual_time(work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(work)


def clock() -> float:
    return asyncio.get_running_loop().time()


class StrictBucket:
    """The other end: a bucket of a tenth of the rate; `refused` counts what it would answer with 429."""

    def __init__(self, rate: float) -> None:
        self.rate, self.depth = rate, max(1.0, rate / 10)
        self.tokens, self.at, self.refused = self.depth, 0.0, 0

    def accepts(self, now: float) -> bool:
        self.tokens = min(self.depth, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < 1 - 1e-6:
            self.refused += 1
            return False
        self.tokens -= 1
        return True


async def send_bulk(throttle: Throttle, starts: list[float], until: float, commit: float = 0.0) -> None:
    """What the sender does: slots in groups, a commit, then each call as the budget allows."""
    chat = 10_000
    while clock() < until:
        for _ in range(await throttle.slots(64)):
            await asyncio.sleep(commit / 10)
            chat += 1
            if not throttle.start_now(Lane.BROADCAST, chat):
                await throttle.start(Lane.BROADCAST, chat)
            starts.append(clock())


@pytest.mark.parametrize(("limit", "reserve"), [(30, 5), (1000, 160), (30, 0), (1, 0)])
def test_bulk_alone_gets_its_whole_share_and_not_more(limit: int, reserve: int) -> None:
    starts: list[float] = []

    async def story() -> None:
        throttle = Throttle(limit, reserve, monotonic=clock)
        await send_bulk(throttle, starts, clock() + 60)

    in_virtual_time(story())

    assert len(starts) == pytest.approx((limit - reserve) * 60, rel=0.01, abs=2)
    assert most_in_any_window(starts) <= limit


@pytest.mark.parametrize(("limit", "reserve"), [(30, 5), (1000, 160), (30, 0)])
def test_replies_pass_on_top_and_all_together_keep_the_limit(limit: int, reserve: int) -> None:
    starts: list[float] = []
    waits: list[float] = []
    bucket = StrictBucket(limit)

    async def reply(throttle: Throttle, chat: int) -> None:
        asked = clock()
        await throttle.slot(Lane.REPLY, chat)
        waits.append(clock() - asked)
        starts.append(clock())

    async def story() -> None:
        throttle = Throttle(limit, reserve, monotonic=clock)
        bulk = asyncio.create_task(send_bulk(throttle, starts, clock() + 30, commit=0.01))
        dice, replies = random.Random(1), []
        while not bulk.done():
            await asyncio.sleep(dice.expovariate(max(reserve, 2) * 0.6))
            replies.append(asyncio.create_task(reply(throttle, len(replies))))
        await asyncio.gather(bulk, *replies)

    in_virtual_time(story())

    starts.sort()
    assert most_in_any_window(starts) <= limit
    assert all(bucket.accepts(moment) for moment in starts)
    assert sorted(waits)[int(len(waits) * 0.95)] < 3.5 / limit + 0.02


def test_waiters_are_served_by_lane_then_in_order() -> None:
    served: list[tuple[Lane, int]] = []

    async def one(throttle: Throttle, lane: Lane, chat: int) -> None:
        await throttle.slot(lane, chat)
        served.append((lane, chat))

    async def story() -> None:
        throttle = Throttle(10, 0, monotonic=clock)
        await throttle.slot(Lane.BROADCAST, 0)
        lanes = [Lane.BROADCAST, Lane.SERIES, Lane.BROADCAST, Lane.TRANSACTIONAL, Lane.SERIES]
        await asyncio.gather(*(one(throttle, lane, chat) for chat, lane in enumerate(lanes, 1)))

    in_virtual_time(story())

    assert served == [
        (Lane.TRANSACTIONAL, 4), (Lane.SERIES, 2), (Lane.SERIES, 5), (Lane.BROADCAST, 1), (Lane.BROADCAST, 3),
    ]  # fmt: skip


def test_a_reply_overtakes_bulk_calls_that_wait_for_the_budget() -> None:
    served: list[str] = []

    async def one(throttle: Throttle, lane: Lane, name: str) -> None:
        await throttle.start(lane, len(name))
        served.append(name)

    async def story() -> None:
        throttle = Throttle(1, 0, monotonic=clock)
        await throttle.slot(Lane.REPLY, 1)
        bulk = asyncio.create_task(one(throttle, Lane.BROADCAST, "bulk"))
        await asyncio.sleep(0.1)
        await asyncio.gather(bulk, one(throttle, Lane.REPLY, "reply"))

    in_virtual_time(story())

    assert served == ["reply", "bulk"]


def test_a_waiter_that_gave_up_keeps_nobody_waiting() -> None:
    async def story() -> None:
        throttle = Throttle(1, 0, monotonic=clock)
        await throttle.slot(Lane.REPLY, 1)
        first = asyncio.create_task(throttle.slot(Lane.REPLY, 2))
        await asyncio.sleep(0.1)
        first.cancel()
        began = clock()
        await throttle.slot(Lane.REPLY, 3)
        assert clock() - began < 1.0

    in_virtual_time(story())


def test_bulk_leaves_a_second_between_two_letters_to_a_chat_and_obeys_retry_after() -> None:
    async def story() -> None:
        throttle = Throttle(30, 5, monotonic=clock)
        began = clock()
        await throttle.slot(Lane.SERIES, 7)
        await throttle.slot(Lane.SERIES, 7)
        assert clock() - began == pytest.approx(1.0)
        throttle.limited(7, 12.0)
        await throttle.slot(Lane.REPLY, 8)
        assert clock() - began < 1.1
        await throttle.slot(Lane.REPLY, 7)
        assert clock() - began == pytest.approx(13.0)

    in_virtual_time(story())


@pytest.mark.parametrize("real", [20.0, 15.0, 10.0, 22.0])
def test_told_thirty_and_given_less_it_learns_the_real_rate(real: float) -> None:
    """All calls are refused until retry_after is over, as strict a server as there may be."""
    refusals, accepted = 0, 0

    async def story() -> None:
        nonlocal refusals, accepted
        throttle = Throttle(30, 5, monotonic=clock)
        throttle.began()
        bucket, refused_until, began = StrictBucket(real), 0.0, clock()
        loop, chat = asyncio.get_running_loop(), 0
        while accepted < 600:
            await throttle.slots(1)
            chat += 1
            await throttle.start(Lane.BROADCAST, chat)
            if clock() >= refused_until and bucket.accepts(clock()):
                accepted += 1
            else:
                refusals += 1
                refused_until = max(refused_until, clock() + 1.0)
                loop.call_later(0.06, throttle.limited, chat, 1.0)  # the answer comes after the latency
        speeds.append(600 / (clock() - began))

    speeds: list[float] = []
    in_virtual_time(story())

    assert refusals <= 0.02 * (600 + refusals)
    assert speeds[0] >= 0.8 * real
    if real == 20.0:
        assert speeds[0] >= 0.95 * real
