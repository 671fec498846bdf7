"""One running bot a database: a second one started by mistake is told so and stops."""

from __future__ import annotations

import contextlib
import fcntl
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.db import Database


@contextlib.contextmanager
def only_one(db: Database) -> Iterator[None]:
    """Hold the lock of a SQLite database's bot; the kernel frees it whatever way the process ends.

    On PostgreSQL several processes are allowed: the sender's lease and Telegram's 409 keep them apart.
    Raises DatabaseError when another bot runs on this file.
    """
    if not db.is_sqlite:
        yield
        return
    path = Path(f"{db.url.database}.lock")
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseError(
                f"Another Kvizor is running on {db.url.database}; "
                "stop it first, or give this one its own DATABASE_URL."
            ) from None
        yield


def runs_now(db: Database) -> bool:
    """Say whether a bot runs on this database: by its lock, on PostgreSQL by the lease of its sender."""
    if not db.is_sqlite:
        from core.mailing import lease
        from core.mailing.ledger import LEASE

        seen = db.read_now(lease.look, LEASE)
        return seen is not None and seen.holder != lease.FREE
    try:
        with only_one(db):
            return False
    except DatabaseError:
        return True
