"""What the process remembers and may forget at any moment: a restart needs nothing of it."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar

from bot.quiz_timer import Timers

if TYPE_CHECKING:
    from bot.pictures import FileKey

K = TypeVar("K")
V = TypeVar("V")
MOST = 5000  # entries of each kind
HOUR = 3600.0


class Recent(OrderedDict[K, V]):
    """The newest entries; the oldest is forgotten when there are too many."""

    def keep(self, key: K, value: V) -> None:
        """Remember, as the newest."""
        self[key] = value
        self.move_to_end(key)
        if len(self) > MOST:
            self.popitem(last=False)


class Memory:
    """Names of uploaded files, pictures under which a chat's messages stand, timers, alerts told."""

    def __init__(self) -> None:
        self.timers = Timers()
        self.pictures: Recent[tuple[int, int], FileKey] = Recent()  # (chat, message) → what it shows
        self.file_ids: Recent[FileKey, str] = Recent()  # Telegram's names of what was uploaded
        self._told: Recent[str, float] = Recent()

    def may_tell(self, what: str) -> bool:
        """Whether something was not told within the last hour; asking counts as telling."""
        moment = time.monotonic()
        told = self._told.get(what)
        if told is not None and moment - told < HOUR:
            return False
        self._told.keep(what, moment)
        return True
