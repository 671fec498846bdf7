"""Time and change: what follows when people were touched, and when an hour has passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def touched(session: Session, ids: set[int], now: datetime) -> None:
    """Refresh the segments of these people, in the write that touched them."""
