"""What one file has said so far, kept on disk by a throw-away SQLite base: the size does not matter."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.people.matching import Identity
    from core.sales.orders import Order


class Seen:
    """Remembers orders, buyers and how often an unnamed order occurred in the file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._base = connection
        for table in ("twins", "orders", "people"):
            self._base.execute(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, value) WITHOUT ROWID")

    def ordinal(self, twin_key: str) -> int:
        """Count this occurrence; the first is 1."""
        statement = """
            INSERT INTO twins VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value
        """
        return int(self._base.execute(statement, (twin_key,)).fetchone()[0])

    def order(self, order: Order) -> str | None:
        """Remember the order; returns the fingerprint of an earlier one with its id, if there is one."""
        found = self._base.execute("SELECT value FROM orders WHERE key = ?", (order.order_id,)).fetchone()
        if found is None:
            self._base.execute("INSERT INTO orders VALUES (?, ?)", (order.order_id, order.fingerprint))
            return None
        return str(found[0])

    def is_new_person(self, identity: Identity) -> bool:
        """Remember the buyer; says whether the file has not named him before by any of his keys."""
        keys = [f"{kind}={value}" for kind, value in identity.named()]
        asked = [f"external_id={identity.external_id}"] if identity.external_id else keys
        marks = ",".join("?" * len(asked))
        query = f"SELECT 1 FROM people WHERE key IN ({marks})"  # noqa: S608 - only question marks
        is_new = self._base.execute(query, asked).fetchone() is None
        self._base.executemany("INSERT OR IGNORE INTO people VALUES (?, NULL)", [(key,) for key in keys])
        return is_new


@contextmanager
def remembering() -> Iterator[Seen]:
    """Give a memory that spills to disk and is gone at the end."""
    connection = sqlite3.connect("", isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN")
        yield Seen(connection)
    finally:
        connection.close()
