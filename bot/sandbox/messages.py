"""The messages of every chat, as Telegram's Message objects with one counter for the whole bot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox.store import as_text

if TYPE_CHECKING:
    from bot.sandbox.people import People
    from bot.sandbox.store import Store

Message = dict[str, Any]
FILES = ("photo", "document", "video", "voice", "video_note", "audio", "animation", "sticker")
EDITABLE = ("photo", "document", "video", "audio", "animation")
MEDIA = (*FILES, "contact", "venue", "location", "poll")
SIGNS = {
    "photo": "🖼", "document": "📎", "video": "🎬", "voice": "🎤", "audio": "🎵", "animation": "🎞",
    "video_note": "⏺", "sticker": "🙂", "contact": "👤", "location": "📍",
    "venue": "📍", "poll": "📊",
}  # fmt: skip
LATEST = (
    "SELECT chat_id, body FROM messages"
    " WHERE message_id IN (SELECT max(message_id) FROM messages GROUP BY chat_id)"
)


class Messages:
    """Messages by number; in private chats of one bot the numbers rise over all chats together."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people
        self.load()

    def load(self) -> None:
        """Read the counter and each chat's last words back from the file."""
        row = self._store.execute("SELECT seq FROM sqlite_sequence WHERE name = 'messages'").fetchone()
        self._last_id = row[0] if row else 0
        for chat_id, body in self._store.execute(LATEST):
            self._remember(chat_id, json.loads(body))

    def add(self, chat_id: int, message: Message, from_bot: bool) -> str:
        """Store a message under the next number; gives its JSON text. The caller commits."""
        self._last_id += 1
        message = {"message_id": self._last_id} | message
        body = as_text(message)
        self._store.write(
            "INSERT INTO messages (message_id, chat_id, from_bot, body) VALUES (?, ?, ?, ?)",
            (self._last_id, chat_id, from_bot, body),
        )
        self._remember(chat_id, message)
        person = self._people.by_id.get(chat_id)
        if person is not None:
            person.unread = person.unread + 1 if from_bot else 0
        return body

    @property
    def last_id(self) -> int:
        """The number of the message added last."""
        return self._last_id

    def get(self, chat_id: int, message_id: int) -> tuple[Message, bool] | None:
        """A message and whether it is the bot's."""
        row = self._store.execute(
            "SELECT body, from_bot FROM messages WHERE message_id = ? AND chat_id = ?", (message_id, chat_id)
        ).fetchone()
        return (json.loads(row[0]), bool(row[1])) if row else None

    def replace(self, chat_id: int, message: Message) -> str:
        """Store an edited message; gives its JSON text. The caller commits."""
        body = as_text(message)
        self._store.write("UPDATE messages SET body = ? WHERE message_id = ?", (body, message["message_id"]))
        person = self._people.by_id.get(chat_id)
        if person is not None and person.last_message_id == message["message_id"]:
            self._remember(chat_id, message)
        return body

    def delete(self, chat_id: int, message_id: int) -> None:
        """Take a message out of the chat. The caller commits."""
        self._store.write("DELETE FROM messages WHERE message_id = ? AND chat_id = ?", (message_id, chat_id))

    def in_chat(self, chat_id: int, limit: int, before: int | None = None) -> list[tuple[Message, bool]]:
        """The last messages of a chat, oldest first."""
        rows = self._store.execute(
            "SELECT body, from_bot FROM messages WHERE chat_id = ? AND message_id < ?"
            " ORDER BY message_id DESC LIMIT ?",
            (chat_id, before or 2**62, limit),
        ).fetchall()
        return [(json.loads(body), bool(from_bot)) for body, from_bot in reversed(rows)]

    def react(self, chat_id: int, message_id: int, emoji: str, *, by_bot: bool) -> str:
        """Put a reaction on a message or, with no emoji, take it away; gives the one before."""
        before = self.reactions(chat_id).get(message_id, {}).get("bot" if by_bot else "person", "")
        self._store.write(
            "INSERT OR REPLACE INTO reactions VALUES (?, ?, ?, ?)", (chat_id, message_id, by_bot, emoji)
        )
        return before

    def reactions(self, chat_id: int) -> dict[int, dict[str, str]]:
        """The reactions in a chat: by message, by who."""
        rows = self._store.execute(
            "SELECT message_id, by_bot, emoji FROM reactions WHERE chat_id = ? AND emoji <> ''", (chat_id,)
        )
        found: dict[int, dict[str, str]] = {}
        for message_id, by_bot, emoji in rows:
            found.setdefault(message_id, {})["bot" if by_bot else "person"] = emoji
        return found

    def chosen(self, message_id: int) -> list[int]:
        """The options a person has chosen in a poll."""
        row = self._store.execute("SELECT chosen FROM votes WHERE message_id = ?", (message_id,)).fetchone()
        return list(json.loads(row[0])) if row else []

    def vote(self, message_id: int, chosen: list[int]) -> None:
        """Keep what a person has chosen. The caller commits."""
        self._store.write("INSERT OR REPLACE INTO votes VALUES (?, ?)", (message_id, json.dumps(chosen)))

    def keyboard_of(self, chat_id: int) -> Message | None:
        """The reply keyboard that is up in a chat."""
        found: Message | None = self._store.setting(f"keyboard:{chat_id}", None)
        return found

    def keep_keyboard(self, chat_id: int, markup: Message | None) -> None:
        """A message may put a reply keyboard up or take it away; others leave it alone."""
        if markup is not None and ("keyboard" in markup or markup.get("remove_keyboard")):
            kept = None if markup.get("remove_keyboard") else markup
            self._store.write(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)", (f"keyboard:{chat_id}", json.dumps(kept))
            )

    def toast(self, chat_id: int, message_id: int, text: str, alert: bool, at: float) -> None:
        """The words of an answered tap. The caller commits."""
        self._store.write(
            "INSERT INTO toasts (chat_id, message_id, text, alert, at) VALUES (?, ?, ?, ?, ?)",
            (chat_id, message_id, text, alert, at),
        )

    def toasts(self, chat_id: int, limit: int = 10) -> list[Message]:
        """The last answers to taps, oldest first."""
        rows = self._store.execute(
            "SELECT seq, message_id, text, alert, at FROM toasts WHERE chat_id = ? ORDER BY seq DESC LIMIT ?",
            (chat_id, limit),
        ).fetchall()
        names = ("seq", "message_id", "text", "alert", "at")
        return [dict(zip(names, row, strict=True)) | {"alert": bool(row[3])} for row in reversed(rows)]

    def _remember(self, chat_id: int, message: Message) -> None:
        person = self._people.by_id.get(chat_id)
        if person is not None:
            person.last_text = summary(message)[:80]
            person.last_date = message.get("date", 0)
            person.last_message_id = message["message_id"]


def summary(message: Message) -> str:
    """One line that stands for a message."""
    kind = next((kind for kind in MEDIA if kind in message), None)
    named = message.get("poll", {}).get("question") or message.get("document", {}).get("file_name")
    words = str(message.get("text") or message.get("caption") or named or "")
    return f"{SIGNS[kind]} {words}".strip() if kind else words
