"""What names an owner by his Telegram number rather than by a foreign key, for /mydata and /forget.

An owner need not be a subscriber when he first does something, so these columns hold Telegram's number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, tuple_, update

from core.db import CHUNK, table
from core.people.models import Attribute, Tag
from core.reports.models import AlarmTelling, Digest, DigestChoice
from core.segments.models import SegmentDraft, SegmentRule

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from core.db import Database

_HIS = tuple(table(model) for model in (AlarmTelling, Digest, DigestChoice, SegmentDraft))
_SIGNED = tuple(table(model) for model in (Attribute, Tag))  # `origin`: who said it of somebody


def collect(session: Session, telegram_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that are his alone and the rules he wrote, by table."""
    asked = {one.name: select(one).where(one.c.owner == telegram_id) for one in _HIS}
    asked["segment_rules"] = select(table(SegmentRule)).where(SegmentRule.author == str(telegram_id))
    return {name: [dict(row) for row in session.execute(query).mappings()] for name, query in asked.items()}


def erase(db: Database, telegram_id: int) -> None:
    """Delete what is his alone; what he wrote of segments and people stays without his number."""
    db.write_now(_delete, telegram_id)
    for place in range(len(_SIGNED)):
        found = db.read_now(_signed, place, telegram_id)
        for start in range(0, len(found), CHUNK):
            db.write_now(_unsign, place, found[start : start + CHUNK], telegram_id)


def _delete(session: Session, telegram_id: int) -> None:
    for one in _HIS:
        session.execute(delete(one).where(one.c.owner == telegram_id))
    rules = update(SegmentRule).where(SegmentRule.author == str(telegram_id))
    session.execute(rules.values(author="owner"))


def _signed(session: Session, place: int, telegram_id: int) -> list[Row[Any]]:
    """Read what he said of people, on a snapshot: no index helps."""
    one = _SIGNED[place]
    query = select(*one.primary_key.columns).where(one.c.origin == f"owner:{telegram_id}")
    return list(session.execute(query))


def _unsign(session: Session, place: int, keys: list[Row[Any]], telegram_id: int) -> None:
    one = _SIGNED[place]
    wanted = tuple_(*one.primary_key.columns).in_([tuple(key) for key in keys])
    session.execute(update(one).where(wanted, one.c.origin == f"owner:{telegram_id}").values(origin="owner"))
