"""The sandbox's SQLite file: one table a noun, written through so that a restart finds everything again."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
  id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT, username TEXT, language_code TEXT,
  is_premium INTEGER NOT NULL, owner INTEGER NOT NULL, started INTEGER NOT NULL, blocked INTEGER NOT NULL,
  deactivated INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
  message_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, from_bot INTEGER NOT NULL,
  body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS messages_by_chat ON messages (chat_id, message_id);
CREATE TABLE IF NOT EXISTS toasts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, message_id INTEGER, text TEXT NOT NULL,
  alert INTEGER NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS updates (update_id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS callbacks (
  id TEXT PRIMARY KEY, chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, data TEXT, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS journal (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, arrived_monotonic REAL NOT NULL, arrived_at REAL NOT NULL,
  token TEXT NOT NULL, method TEXT NOT NULL, chat_id INTEGER, outcome TEXT NOT NULL, status INTEGER NOT NULL,
  description TEXT, message_id INTEGER, text TEXT, digest INTEGER, parameters TEXT);
CREATE TABLE IF NOT EXISTS files (
  file_id TEXT PRIMARY KEY, unique_id TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  mime TEXT NOT NULL,  width INTEGER, height INTEGER, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS reactions (
  chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, by_bot INTEGER NOT NULL, emoji TEXT NOT NULL,
  PRIMARY KEY (chat_id, message_id, by_bot));
CREATE TABLE IF NOT EXISTS votes (message_id INTEGER PRIMARY KEY, chosen TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS channels (
  id INTEGER PRIMARY KEY, username TEXT NOT NULL, title TEXT NOT NULL, bot_is_admin INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS members (
  channel_id INTEGER NOT NULL, person_id INTEGER NOT NULL, PRIMARY KEY (channel_id, person_id));
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
# json.dumps makes an encoder anew for every call that wants other than its defaults
as_text = json.JSONEncoder(ensure_ascii=False).encode
TABLES = ("people", "messages", "toasts", "updates", "callbacks", "journal", "files", "settings",
          "reactions", "votes", "channels", "members")  # fmt: skip


class Store:
    """One connection, one open transaction at most; whoever answers a call commits first."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # The sandbox itself is never killed in a rehearsal, only the bot is: OFF is enough and much cheaper.
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "temp_store=MEMORY", "cache_size=-32000"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.executescript(SCHEMA)
        known = {row[1] for row in self.connection.execute("PRAGMA table_info(journal)")}
        if "parameters" not in known:  # a file from before the log kept them
            self.connection.execute("ALTER TABLE journal ADD COLUMN parameters TEXT")
        self.execute = self.connection.execute
        self.executemany = self.connection.executemany

    def write(self, sql: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> sqlite3.Cursor:
        """Write inside the open transaction; opens one if there is none."""
        if not self.connection.in_transaction:
            self.execute("BEGIN")
        return self.execute(sql, values)

    def commit(self) -> None:
        """Keep what was written since the last commit."""
        if self.connection.in_transaction:
            self.execute("COMMIT")

    def setting(self, key: str, default: Any) -> Any:
        """A value that survives a restart."""
        row = self.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else default

    def keep(self, key: str, value: Any) -> None:
        """Store a value that survives a restart."""
        self.write("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, json.dumps(value)))
        self.commit()

    def empty(self) -> None:
        """Forget everything, message numbers included."""
        self.commit()
        for table in TABLES:
            self.execute(f"DELETE FROM {table}")  # noqa: S608, the names are ours
        self.execute("DELETE FROM sqlite_sequence")

    def close(self) -> None:
        """Commit and let go of the file."""
        self.commit()
        self.connection.close()
