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
        self._api_url = api_url
        self._hour_passed = hour_passed

    @staticmethod
    async def join(api_url: str) -> bool:
        """Take the sandbox's clock over and say how far we are; False where there is no sandbox."""
        offset = await Rehearsal.offset_at(api_url)
        if offset is None:
            return False
        clock.shift(offset)
        await _report(api_url)
        return True

    @staticmethod
    async def offset_at(api_url: str) -> timedelta | None:
        """Return the offset the bot had reached at this sandbox, None if there is no sandbox."""
        if api_url == OFFICIAL_API:
            return None
        answer = await _ask(api_url)
        return timedelta(seconds=answer["applied_seconds"]) if answer else None

    async def follow(self) -> None:
        """Look at the sandbox's clock for ever and walk after it."""
        while True:
            answer = await _ask(self._api_url)
            if answer is not None:
                await self._walk(timedelta(seconds=answer["offset_seconds"]))
            await asyncio.sleep(LOOK_EVERY)

    async def _walk(self, target: timedelta) -> None:
        if target < clock.offset():  # only before a base is filled: nothing has happened yet
            clock.shift(target)
            await _report(self._api_url)
        while clock.offset() < target:
            clock.shift(min(clock.offset() + STEP, target))
            await self._hour_passed()
            await _report(self._api_url)


async def _report(api_url: str) -> None:
    body = {"applied_seconds": clock.offset().total_seconds()}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{api_url}/sandbox/clock/applied", json=body) as answer,
    ):
        answer.raise_for_status()


async def _ask(api_url: str) -> dict[str, Any] | None:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{api_url}/sandbox/clock") as response:
            if response.status != 200:
                return None
            answer = await response.json()
            return answer if isinstance(answer, dict) and "applied_seconds" in answer else None
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        log.debug("no_sandbox_clock", error=str(error))
        return None
