"""Series that ship, whole and ready: read, and put on the shelf when they are wanted."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.mailing.series import shelf, source
from core.mailing.series.folder import FOLDER, names
from core.mailing.series.models import Series

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.mailing.series.source import Loaded

__all__ = ["FOLDER", "keep", "loaded", "names"]


@lru_cache(maxsize=64)
def loaded(name: str) -> Loaded:
    """Read a shipped series, once."""
    return source.load_file(FOLDER / f"{name}.yaml")


def keep(session: Session, name: str, now: datetime) -> None:
    """Put a shipped series on the shelf if none of this name is there; any other name changes nothing.

    The series it hands people on to come with it, off, for a series can name only such as are kept.
    """
    is_kept = session.scalar(select(Series.id).where(Series.name == name)) is not None
    if name not in names() or is_kept:
        return
    given = loaded(name)
    for step in given.definition.steps:
        if step.target is not None:
            keep(session, step.target, now)
    shelf.add(session, given, now)
