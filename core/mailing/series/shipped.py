"""Series that ship, whole and ready: each is a YAML file beside the other playbooks."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.mailing.series import shelf, source
from core.mailing.series.models import Series

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.mailing.series.source import Loaded

FOLDER = Path(__file__).parent.parent / "playbooks" / "series"


def names() -> list[str]:
    """Return the names of the series that ship."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@lru_cache(maxsize=64)
def loaded(name: str) -> Loaded:
    """Read a shipped series, once."""
    return source.load_file(FOLDER / f"{name}.yaml")


def keep(session: Session, name: str, now: datetime) -> None:
    """Put a shipped series on the shelf if none of this name is there; any other name changes nothing."""
    is_kept = session.scalar(select(Series.id).where(Series.name == name)) is not None
    if name in names() and not is_kept:
        shelf.add(session, loaded(name), now)
