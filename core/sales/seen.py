"""What one file has said so far, kept on disk by a throw-away SQLite base: the size does not matter."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import astuple
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from core.people.matching import Identity
from core.sales import joining
from core.sales.csv import Row
from core.sales.orders import Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.sales.csv import Refused

_LINES = """
    CREATE TABLE lines (
        number TEXT, is_back INT, second INT, customer TEXT, amount INT, goods TEXT, line INT, kept TEXT
    )
"""
_JOINED = """
    SELECT kept FROM (SELECT *, min(line) OVER (PARTITION BY number) AS first FROM lines)
    ORDER BY first, is_back, second, customer, amount, goods, line
"""


class Seen:
    """Remembers buyers, how often an unnamed order occurred in the file, and the lines of orders."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._base = connection
        for table in ("twins", "people"):
            self._base.execute(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, value) WITHOUT ROWID")
        self._base.execute(_LINES)

    def ordinal(self, twin_key: str) -> int:
        """Count this occurrence; the first is 1."""
        statement = """
            INSERT INTO twins VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value
        """
        return int(self._base.execute(statement, (twin_key,)).fetchone()[0])

    def keep(self, lines: Iterable[Order]) -> None:
        """Remember lines of numbered orders until the whole file is read."""
        rows = (
            (line.order_id, *joining.rank(line), line.row.line, json.dumps(_plain(line), ensure_ascii=False))
            for line in lines
        )
        self._base.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def orders(self) -> Iterator[Order | Refused]:
        """Give what the kept lines come to, order by order as the file began them."""
        kept = (_read(json.loads(text)) for (text,) in self._base.execute(_JOINED))
        for _, lines in groupby(kept, lambda line: line.order_id):
            yield from joining.join(lines)

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


def _plain(line: Order) -> list[Any]:
    """Return a line as values JSON knows."""
    told = (line.order_id, line.at.isoformat(), line.amount, line.currency, line.product, line.category)
    return [line.row.line, line.row.text, *told, line.places, astuple(line.identity)]


def _read(kept: list[Any]) -> Order:
    number, text, order_id, at, amount, currency, product, category, places, who = kept
    return Order(
        Row(number, text, {}),
        order_id,
        Identity(*who),
        datetime.fromisoformat(at),
        amount,
        currency,
        product,
        category,
        tuple((key, value) for key, value in places),
    )
