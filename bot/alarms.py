"""Alarms to the owners: a failure that repeats is told once, and then as a count."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

QUIET_SECONDS = 600.0  # after an alarm the next one of its kind waits so long
LOOK_SECONDS = 60.0


@dataclass(slots=True)
class _Held:
    since: float
    detail: str = ""
    count: int = 0


class Alarms:
    """Tells by `tell(key, detail, more)`; `more`: how many of this kind there were besides, not yet told."""

    def __init__(
        self,
        tell: Callable[[str, str, int], Awaitable[None]],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell = tell
        self._seconds = seconds
        self._held: dict[str, _Held] = {}

    async def ring(self, key: str, detail: str) -> None:
        """Tell at once what was quiet for ten minutes; count what was not."""
        held = self._held.get(key)
        if held is not None and self._seconds() - held.since < QUIET_SECONDS:
            held.detail, held.count = detail, held.count + 1
            return
        self._held[key] = _Held(self._seconds())
        await self._tell(key, detail, held.count if held is not None else 0)

    async def tell_held(self, *, at_once: bool = False) -> None:
        """Tell what was counted and has waited long enough; `at_once`: all of it, there is no later."""
        for key, held in list(self._held.items()):
            if not at_once and self._seconds() - held.since < QUIET_SECONDS:
                continue
            del self._held[key]
            if held.count:
                self._held[key] = _Held(self._seconds())
                await self._tell(key, held.detail, held.count - 1)

    async def run(self) -> None:
        """Look every minute for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.tell_held()
