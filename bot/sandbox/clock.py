"""The movable clock: where the owner wants time to be, and how far the bot has followed."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.store import Store


class Clock:
    """Real time plus an offset; messages carry the offset the bot has already reached."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.load()

    def load(self) -> None:
        """Read the offsets back from the file."""
        self.offset_seconds: float = self._store.setting("clock_offset", 0)
        # Until the bot reports, there is nobody to follow step by step and the clock jumps.
        self._applied: float | None = self._store.setting("clock_applied", None)

    @property
    def applied_seconds(self) -> float:
        """How far the bot has come; before any report, as far as wanted."""
        return self.offset_seconds if self._applied is None else self._applied

    def now(self) -> int:
        """The moment a message carries as its date."""
        return int(time.time() + self.applied_seconds)

    def set(self, offset_seconds: float) -> None:
        """Where time is wanted to be from now on."""
        self.offset_seconds = offset_seconds
        self._store.keep("clock_offset", offset_seconds)

    def follow(self, applied_seconds: float) -> None:
        """The bot reports how far it has followed."""
        self._applied = applied_seconds
        self._store.keep("clock_applied", applied_seconds)

    def as_json(self) -> dict[str, Any]:
        """The clock as the control API tells it."""
        now = datetime.fromtimestamp(time.time() + self.applied_seconds, UTC)
        return {
            "offset_seconds": self.offset_seconds,
            "applied_seconds": self.applied_seconds,
            "now": now.isoformat(timespec="seconds"),
        }
