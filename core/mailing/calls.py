"""Calls under way: from the committed attempt to its outcome."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.mailing.messenger import Ambiguous

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.mailing.letters import Waiting
    from core.mailing.messenger import Letter, Messenger, Outcome

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery with its letter written."""

    row: Waiting
    letter: Letter


class Calls:
    """Letters on their way to Telegram. `on_outcome` hears of each as soon as it is answered."""

    def __init__(self, messenger: Messenger, on_outcome: Callable[[Parcel, Outcome], None]) -> None:
        self._messenger = messenger
        self._on_outcome = on_outcome
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def begin(self, parcel: Parcel) -> None:
        """Make the call; its attempt is committed."""
        task = asyncio.ensure_future(self._call(parcel))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def wait(self) -> None:
        """Wait until every call under way is answered."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def abandon(self) -> None:
        """Drop the calls under way, as a crash would: their deliveries stay started."""
        for task in self._tasks:
            task.cancel()

    async def _call(self, parcel: Parcel) -> None:
        try:
            outcome = await self._messenger.send(parcel.letter)
        except Exception as error:
            # Whatever happened, the letter may have arrived; log.exception keeps the traceback.
            log.exception("a send failed in a way the messenger does not know")
            outcome = Ambiguous(f"{type(error).__name__}: {error}")
        self._on_outcome(parcel, outcome)
