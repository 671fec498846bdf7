"""What the page wants to hear about: a short ring of happenings with rising numbers."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import Any

KEPT = 5_000


class Events:
    """Happenings in order; a reader who fell behind the ring is told to look at everything again."""

    def __init__(self) -> None:
        self.seq = 0
        self._kept: deque[tuple[int, str, int | None]] = deque(maxlen=KEPT)
        self._woken = asyncio.Event()

    def add(self, kind: str, chat_id: int | None = None) -> None:
        """Something happened, in a chat or to everything."""
        self.seq += 1
        self._kept.append((self.seq, kind, chat_id))
        if not self._woken.is_set():
            self._woken.set()

    async def after(self, seq: int, seconds: float) -> dict[str, Any]:
        """What happened after `seq`; waits for something to happen, `seconds` at most."""
        if self.seq <= seq:
            self._woken = asyncio.Event() if self._woken.is_set() else self._woken
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), seconds)
        lost = bool(self._kept) and self._kept[0][0] > seq + 1 and seq < self.seq
        found = [
            {"seq": number, "kind": kind, "chat_id": chat_id}
            for number, kind, chat_id in self._kept
            if number > seq
        ]
        return {"seq": self.seq, "lost": lost, "events": found}
