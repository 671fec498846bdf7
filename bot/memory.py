"""What the process remembers and may forget at any moment: a restart needs nothing of it."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar

from aiogram.types import FSInputFile

from bot.quiz_timer import Timers

if TYPE_CHECKING:
    from pathlib import Path

K = TypeVar("K")
V = TypeVar("V")
MOST = 5000  # entries of each kind
HOUR = 3600.0

FileKey = tuple[str, int, int]  # path, moment of its last change, size: another file is another key


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
        self._file_ids: Recent[FileKey, str] = Recent()
        self._told: Recent[str, float] = Recent()

    def file(self, path: Path) -> str | FSInputFile:
        """Return Telegram's name of a file it has, else the file to upload."""
        return self._file_ids.get(file_key(path)) or FSInputFile(path)

    def uploaded(self, path: Path, file_id: str) -> None:
        """Telegram has the file: the next message names it."""
        self._file_ids.keep(file_key(path), file_id)

    def forget_file(self, path: Path) -> None:
        """Telegram does not know the file any more."""
        self._file_ids.pop(file_key(path), None)

    def may_tell(self, what: str) -> bool:
        """Whether something was not told within the last hour; asking counts as telling."""
        moment = time.monotonic()
        told = self._told.get(what)
        if told is not None and moment - told < HOUR:
            return False
        self._told.keep(what, moment)
        return True


def file_key(path: Path) -> FileKey:
    """Name a file as it is now. Raises OSError where it has gone."""
    found = path.stat()
    return str(path), found.st_mtime_ns, found.st_size
