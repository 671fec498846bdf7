"""What is derived of people once a day: whatever followed a change at once is only checked here.

Of the sex those are judged again whom anything touched since the last pass, and all who came without a chat;
of places those whose city is not known yet, which a newer list of cities may know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.people import places_pass, search
from core.people.gender import kept
from core.people.models import DailyPass

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database


@dataclass(frozen=True, slots=True)
class Nightly:
    """How many people were judged, and what changed."""

    judged: int
    genders: int
    places: int
    names: int


def run(db: Database, now: datetime, since: datetime | None) -> Nightly:
    """Do it in parts, each a short write; `since` is the last pass, None: everyone is judged."""
    names = search.fill_names(db)
    sexes = kept.recompute(db, now, touched_since=since)
    places = places_pass.recompute(db, now)
    db.write_now(_note, now)
    judged = sexes.female + sexes.male + sexes.unknown
    return Nightly(judged, sexes.changed, places.changed, names)


def _note(session: Session, now: datetime) -> None:
    session.merge(DailyPass(id=1, passed_at=now))
