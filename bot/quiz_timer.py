"""Timers of questions whose time runs out while nobody acts.

Seconds are counted on the monotonic clock from the moment a question was shown; whether its time is over is
decided by the rows, in business time, when the timer acts. Nothing survives a restart: then the person's
next act settles it. In the sandbox a moved clock makes a question late at its next act, not at once.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from aiogram.exceptions import AiogramError
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MOST = 10_000  # timers at once; beyond that a question that runs out waits for the person's next act
GRACE_SECONDS = 0.05  # so that business time has surely passed the limit as well

log = structlog.get_logger()


class Timers:
    """At most one timer a run."""

    def __init__(self) -> None:
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def set(self, run_id: int, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        """Act after so many seconds, in place of what the run waited for before."""
        self.cancel(run_id)
        if len(self._tasks) < MOST:
            task = asyncio.create_task(self._wait(run_id, seconds, act), name=f"quiz-timer-{run_id}")
            self._tasks[run_id] = task

    def cancel(self, run_id: int) -> None:
        """The run was answered; a timer that is acting already goes on."""
        task = self._tasks.pop(run_id, None)
        if task is not None:
            task.cancel()

    async def close(self) -> None:
        """Stop all timers; the rows know what is late."""
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait(self, run_id: int, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(seconds + GRACE_SECONDS)
        self._tasks.pop(run_id, None)  # from here on an answer does not break what is being shown
        try:
            await act()
        except (
            AiogramError,
            OperationalError,
        ) as error:  # his next act settles it
            log.warning("quiz_timer_failed", run=run_id, error=str(error)[:200])
