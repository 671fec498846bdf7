"""The movable clock: against the sandbox, business time follows the sandbox's, hour by hour.

At any other Bot API address there is no such clock and business time is the real one.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog

from core import clock
from core.settings import OFFICIAL_API

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

STEP = timedelta(hours=1)
LOOK_EVERY = 0.3

log = structlog.get_logger()


class Rehearsal:
    """Follows the sandbox's clock and reports how far the bot has come."""

    def __init__(self, api_url: str, hour_passed: Callable[[], Awaitable[None]]) -> None:
        self._url = f"{api_url}/sandbox/clock"
        self._hour_passed = hour_passed

    @staticmethod
    async def offset_at(api_url: str) -> timedelta | None:
        """Return the offset the bot had reached at this sandbox, None if there is no sandbox."""
        if api_url == OFFICIAL_API:
            return None
        answer = await _ask(f"{api_url}/sandbox/clock")
        return timedelta(seconds=answer["applied_seconds"]) if answer else None

    async def follow(self) -> None:
        """Look at the sandbox's clock for ever and walk after it."""
        while True:
            answer = await _ask(self._url)
            if answer is not None:
                await self._walk(timedelta(seconds=answer["offset_seconds"]))
            await asyncio.sleep(LOOK_EVERY)

    async def _walk(self, target: timedelta) -> None:
        if target < clock.offset():  # only before a base is filled: nothing has happened yet
            clock.shift(target)
            await self._report()
        while clock.offset() < target:
            clock.shift(min(clock.offset() + STEP, target))
            await self._hour_passed()
            await self._report()

    async def _report(self) -> None:
        body = {"applied_seconds": clock.offset().total_seconds()}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self._url}/applied", json=body) as answer,
        ):
            answer.raise_for_status()


async def _ask(url: str) -> dict[str, Any] | None:
    try:
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            if response.status != 200:
                return None
            answer: dict[str, Any] = await response.json()
            return answer
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        log.debug("no_sandbox_clock", error=str(error))
        return None
