"""Channels: just enough of them that the bot can ask who is subscribed and post."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors

if TYPE_CHECKING:
    from bot.sandbox.store import Store

FIRST_ID = -1_001_000_000_001


@dataclass(slots=True)
class Channel:
    """One public channel."""

    id: int
    username: str
    title: str
    bot_is_admin: bool

    def as_chat(self) -> dict[str, Any]:
        """The channel as Telegram's Chat."""
        return {"id": self.id, "type": "channel", "title": self.title, "username": self.username}

    def as_json(self) -> dict[str, Any]:
        """The channel as the control API tells it."""
        return asdict(self)

    def check_reachable(self) -> None:
        """Only an administrator may post."""
        if not self.bot_is_admin:
            raise errors.Refusal(errors.NOT_IN_CHANNEL)


class Channels:
    """Channels by id and by name, and who is in them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.load()

    def load(self) -> None:
        """Read the channels back from the file."""
        rows = self._store.execute("SELECT id, username, title, bot_is_admin FROM channels ORDER BY id DESC")
        self.by_id = {row[0]: Channel(row[0], row[1], row[2], bool(row[3])) for row in rows}

    def find(self, given: str) -> Channel | None:
        """A channel by its @name or its number."""
        if not self.by_id:
            return None
        name = given.removeprefix("@").casefold()
        for channel in self.by_id.values():
            if str(channel.id) == given or channel.username.casefold() == name:
                return channel
        return None

    def put(self, username: str, title: str, bot_is_admin: bool) -> Channel:
        """A new channel; a known name gets the new title and right."""
        username = username.removeprefix("@")
        known = self.find(f"@{username}")
        channel_id = known.id if known else min([FIRST_ID + 1, *self.by_id]) - 1
        channel = self.by_id[channel_id] = Channel(channel_id, username, title or username, bot_is_admin)
        self._store.write(
            "INSERT OR REPLACE INTO channels VALUES (?, ?, ?, ?)",
            (channel.id, channel.username, channel.title, channel.bot_is_admin),
        )
        self._store.commit()
        return channel

    def is_member(self, channel: Channel, person_id: int) -> bool:
        """Whether a person is subscribed."""
        row = self._store.execute(
            "SELECT 1 FROM members WHERE channel_id = ? AND person_id = ?", (channel.id, person_id)
        ).fetchone()
        return row is not None

    def set_member(self, channel: Channel, person_id: int, member: bool) -> None:
        """Subscribe a person or take him out."""
        verb = (
            "INSERT OR IGNORE INTO members VALUES (?, ?)"
            if member
            else "DELETE FROM members WHERE channel_id = ? AND person_id = ?"
        )
        self._store.write(verb, (channel.id, person_id))
        self._store.commit()
