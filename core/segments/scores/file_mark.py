"""Whether the owner's file of scores is another one than the last run read: then scores are due at once.

It imports nothing heavy: the tick asks it every minute.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.segments.scores.models import ScoreRun

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KEY = "file"  # of the findings of a run


def mark_of(file: str) -> str:
    """Return a mark of what the file says now; empty without a file."""
    if not file:
        return ""
    try:
        return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16]
    except OSError:
        return "unreadable"


def is_read(session: Session, mark: str) -> bool:
    """Say whether the last run, one that could not use the file too, read it as it is now."""
    query = select(ScoreRun.findings[KEY].as_string()).order_by(ScoreRun.id.desc()).limit(1)
    row = session.execute(query).first()
    return row is None or (row[0] or "") == mark
