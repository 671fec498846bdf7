"""Receiving by long polling: raw updates are committed to the inbox, and only then acknowledged.

aiogram's own polling confirms updates before handlers finish and stops for ever at one it cannot parse
(both reproduced), so this loop asks getUpdates itself and never looks inside an update.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog
from sqlalchemy.exc import OperationalError

from core import clock
from core.people import inbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.db import Database
    from core.people.inbox import Raw

ALLOWED_UPDATES = [
    "message", "edited_message", "callback_query", "my_chat_member", "message_reaction", "poll_answer",
]  # fmt: skip
POLL_SECONDS = 25
LONGEST_PAUSE = 30.0

log = structlog.get_logger()


class UnauthorizedError(Exception):
    """Telegram does not know this token (any more)."""


class Receiver:
    """Asks Telegram for updates and hands the committed ones on."""

    def __init__(self, url: str, db: Database, accept: Callable[[Raw], None]) -> None:
        self._url = f"{url}/getUpdates"
        self._db = db
        self._accept = accept
        self._offset = 0
        self._pause = 0.0

    async def run(self) -> None:
        """Poll until cancelled; raises UnauthorizedError when the token is refused."""
        timeout = aiohttp.ClientTimeout(total=POLL_SECONDS + 20, sock_connect=10)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                batch = await self._ask(session)
                if batch:
                    await self._take(batch)
                if self._pause:
                    await asyncio.sleep(self._pause)

    async def _ask(self, session: aiohttp.ClientSession) -> list[dict[str, Any]]:
        body = {
            "offset": self._offset,
            "timeout": POLL_SECONDS,
            "limit": 100,
            "allowed_updates": ALLOWED_UPDATES,
        }
        try:
            async with session.post(self._url, json=body) as response:
                answer = json.loads(await response.text())
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return self._later("no_answer", error=f"{type(error).__name__}: {error}")
        if not isinstance(answer, dict) or not isinstance(answer.get("result"), list):
            return self._refused(answer)
        if self._pause:
            log.info("telegram_answers_again")
        self._pause = 0.0
        updates: list[dict[str, Any]] = answer["result"]
        return updates

    def _refused(self, answer: Any) -> list[dict[str, Any]]:
        code = answer.get("error_code") if isinstance(answer, dict) else None
        if code in (401, 404):
            raise UnauthorizedError(str(answer.get("description")))
        if code == 409:
            return self._later("another_process_polls_this_bot", remedy="stop the other one, or its webhook")
        wait = answer.get("parameters", {}).get("retry_after") if isinstance(answer, dict) else None
        return self._later("refused", answer=str(answer)[:200], wait=wait)

    def _later(self, what: str, *, wait: float | None = None, **facts: object) -> list[dict[str, Any]]:
        """Wait longer each time, at most half a minute; Telegram keeps updates for a day."""
        self._pause = wait or min(max(self._pause * 2, 1.0), LONGEST_PAUSE)
        log.warning(f"receiving_{what}", next_try_in=self._pause, **facts)
        return []

    async def _take(self, batch: list[dict[str, Any]]) -> None:
        raws = [inbox.read_raw(item) for item in batch]
        try:
            fresh = await self._db.write(inbox.accept, raws, clock.now())
        except OperationalError as error:  # not stored, so not acknowledged: Telegram gives them again
            self._later("not_stored", error=str(error.orig))
            return
        for raw in fresh:
            self._accept(raw)
        self._offset = raws[-1].update_id + 1  # the next question is the acknowledgement
