"""The delivery log: every call of the bot, written before it is answered: what was really sent."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

from bot.sandbox.store import as_text

if TYPE_CHECKING:
    from bot.sandbox.store import Store

COLUMNS = (
    "seq", "arrived_monotonic", "arrived_at", "token", "method", "chat_id", "outcome", "status",
    "description",    "message_id", "text",
)  # fmt: skip
TEXT_KEPT = 200
PARAMETERS_KEPT = 8_000
# A message number on a send means it reached the person, whatever answer the bot got.
DELIVERED = "message_id IS NOT NULL AND method LIKE 'send%'"
WINDOW_SECONDS = 1.0
INSERT = (
    "INSERT INTO journal (arrived_monotonic, arrived_at, token, method, chat_id, outcome, status,"
    " description, message_id, text, digest, parameters) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class Journal:
    """Rows of the log and the counts over them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.polls = 0

    def add(
        self,
        arrived: tuple[float, float],
        call: tuple[str, str, int | None],
        answer: tuple[str, int, str | None],
        sent: tuple[int | None, str | None],
        parameters: dict[str, Any],
    ) -> None:
        """Write one call and commit it together with what it did."""
        text = sent[1]
        digest = zlib.crc32(text.encode()) if text else None
        kept = text[:TEXT_KEPT] if text else None
        given = as_text(parameters)[:PARAMETERS_KEPT]
        self._store.write(INSERT, (*arrived, *call, *answer, sent[0], kept, digest, given))
        self._store.commit()

    def rows(self, after: int, method: str | None, chat_id: int | None, limit: int) -> list[dict[str, Any]]:
        """Rows with numbers above `after`, of one method or chat if asked."""
        found = self._store.execute(
            f"SELECT {', '.join(COLUMNS)} FROM journal WHERE seq > ? AND (? IS NULL OR method = ?)"  # noqa: S608
            " AND (? IS NULL OR chat_id = ?) ORDER BY seq LIMIT ?",
            (after, method, method, chat_id, chat_id, limit),
        )
        return [dict(zip(COLUMNS, row, strict=True)) for row in found]

    def newest(
        self, before: int | None, method: str | None, chat_id: int | None, wrong: bool, limit: int
    ) -> list[dict[str, Any]]:
        """The last rows, newest first, for whoever looks on; `wrong`: only what was not answered with ok."""
        found = self._store.execute(
            f"SELECT {', '.join(COLUMNS)} FROM journal WHERE seq < ? AND (? IS NULL OR method = ?)"  # noqa: S608
            " AND (? IS NULL OR chat_id = ?) AND (NOT ? OR outcome NOT IN ('delivered', 'done'))"
            " ORDER BY seq DESC LIMIT ?",
            (before or 2**62, method, method, chat_id, chat_id, wrong, limit),
        )
        return [dict(zip(COLUMNS, row, strict=True)) for row in found]

    def row(self, seq: int) -> dict[str, Any] | None:
        """One row with the parameters of its call; those too long to be kept whole are a text."""
        sql = f"SELECT {', '.join(COLUMNS)}, parameters FROM journal WHERE seq = ?"  # noqa: S608
        found = self._store.execute(sql, (seq,)).fetchone()
        if found is None:
            return None
        row = dict(zip((*COLUMNS, "parameters"), found, strict=True))
        try:
            row["parameters"] = json.loads(row["parameters"] or "{}")
        except ValueError:
            row["parameters"] = str(row["parameters"]) + "…"
        return row

    def methods(self) -> list[str]:
        """The methods called so far, by name."""
        return [row[0] for row in self._store.execute("SELECT DISTINCT method FROM journal ORDER BY 1")]

    def stats(self, after: int) -> dict[str, Any]:
        """Counts over the rows above `after`."""
        one = self._store.execute
        moments = f"SELECT arrived_monotonic FROM journal WHERE seq > ? AND {DELIVERED} ORDER BY 1"  # noqa: S608
        ends = f"SELECT count(*), min(arrived_at), max(arrived_at) FROM journal WHERE seq > ? AND {DELIVERED}"  # noqa: S608
        doubles = (
            f"SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM journal WHERE seq > ?"  # noqa: S608
            f" AND {DELIVERED} AND digest IS NOT NULL GROUP BY chat_id, digest HAVING n > 1)"
        )
        delivered, first, last = one(ends, (after,)).fetchone()
        by_status = one("SELECT status, count(*) FROM journal WHERE seq > ? GROUP BY 1", (after,)).fetchall()
        by_outcome = one(
            "SELECT outcome, count(*) FROM journal WHERE seq > ? GROUP BY 1", (after,)
        ).fetchall()
        by_method = one("SELECT method, count(*) FROM journal WHERE seq > ? GROUP BY 1", (after,)).fetchall()
        statuses = {str(status): count for status, count in by_status}
        return {
            "delivered": delivered,
            "by_status": statuses,
            "by_outcome": dict(by_outcome),
            "by_method": dict(by_method),
            "too_many_requests": statuses.get("429", 0),
            "duplicates": one(doubles, (after,)).fetchone()[0],
            "max_sends_in_one_second": _busiest([row[0] for row in one(moments, (after,))]),
            "first_delivered_at": first,
            "last_delivered_at": last,
            "get_updates_calls": self.polls,
            "last_seq": one("SELECT coalesce(max(seq), 0) FROM journal").fetchone()[0],
        }


def _busiest(moments: list[float]) -> int:
    """The most sends that started within any one second; both pointers only move forward."""
    start = most = 0
    for end, moment in enumerate(moments):
        while moment - moments[start] >= WINDOW_SECONDS:
            start += 1
        most = max(most, end - start + 1)
    return most
