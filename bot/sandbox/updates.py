"""The queue of updates: numbered, kept until confirmed by offset, handed out to one poller at a time."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from bot.sandbox import limits

if TYPE_CHECKING:
    from bot.sandbox.store import Store

FIRST_UPDATE_ID = 100_000_001
# §3 of the fact sheet: the default set excludes these three.
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Updates:
    """Updates in order of their numbers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.arrived = asyncio.Event()
        self.poll: asyncio.Event | None = None  # set when another poller takes over
        self.load()

    def load(self) -> None:
        """Read the unconfirmed updates back from the file."""
        rows = self._store.execute("SELECT update_id, body FROM updates ORDER BY update_id")
        self._waiting: dict[int, str] = {row[0]: row[1] for row in rows}
        self.next_id: int = self._store.setting("next_update_id", FIRST_UPDATE_ID)
        self.next_id = max(self.next_id, max(self._waiting, default=0) + 1)
        self.allowed: list[str] = self._store.setting("allowed_updates", [])

    def __len__(self) -> int:
        return len(self._waiting)

    def allow(self, kinds: list[str]) -> None:
        """Remember which kinds the bot asked for; omitting the parameter keeps the previous setting."""
        if kinds != self.allowed:
            self.allowed = kinds
            self._store.keep("allowed_updates", kinds)

    def add(self, kind: str, content: dict[str, Any]) -> int:
        """Queue an update if the bot wants its kind; its number rises either way."""
        wanted = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        update_id = self._take_id()
        if wanted and len(self._waiting) < limits.UPDATES_LIMIT:
            self._put(update_id, {"update_id": update_id, kind: content})
        return update_id

    def inject(self, raw: dict[str, Any]) -> int:
        """Queue any JSON as an update, also what no library can parse."""
        update_id = raw.get("update_id")
        if not isinstance(update_id, int):
            update_id = self._take_id()
        self.next_id = max(self.next_id, update_id + 1)
        self._put(update_id, {"update_id": update_id} | raw)
        return update_id

    def waiting(self, offset: int, limit: int) -> list[str]:
        """Unconfirmed updates as JSON texts. A positive offset confirms everything below it."""
        if offset < 0:
            self._confirm(sorted(self._waiting)[:offset])
        elif offset > 0:
            self._confirm([number for number in self._waiting if number < offset])
        return [self._waiting[number] for number in sorted(self._waiting)[:limit]]

    def _confirm(self, numbers: list[int]) -> None:
        for number in numbers:
            del self._waiting[number]
        if numbers:
            self._store.write("DELETE FROM updates WHERE update_id <= ?", (max(numbers),))
            self._store.commit()

    def _take_id(self) -> int:
        update_id, self.next_id = self.next_id, self.next_id + 1
        return update_id

    def _put(self, update_id: int, body: dict[str, Any]) -> None:
        self._waiting[update_id] = json.dumps(body, ensure_ascii=False)
        self._store.write(
            "INSERT OR REPLACE INTO updates VALUES (?, ?)", (update_id, self._waiting[update_id])
        )
        # The number outlives a confirmed queue, so it is kept apart from the rows.
        self._store.write(
            "INSERT OR REPLACE INTO settings VALUES ('next_update_id', ?)", (str(self.next_id),)
        )
        self._store.commit()
        self.arrived.set()
