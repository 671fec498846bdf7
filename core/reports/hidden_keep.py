"""Keeping a hidden group: it becomes a real segment, by its rule or, where no rule fits, by a dated tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import local_day
from core.db import note_touched, table
from core.people import activity
from core.people.models import Tag
from core.people.subscribers import living
from core.reports import clusters
from core.reports.chunks import counted
from core.reports.hidden import read
from core.segments.models import Segment
from core.segments.rules import define, info

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.reports.hidden import Group, Hidden
    from core.segments.rules import SegmentInfo

AT_ONCE = 250  # people tagged in one write: their segments follow in it, and the writer stays free
_TAGS = table(Tag)
_TITLE = 120


def keep(db: Database, found: Hidden, group: Group, now: datetime) -> SegmentInfo:
    """Make a group a segment of the owner's; kept twice on one day, it is one. Call it in a thread.

    Its mark is in the name, so a group of another search of that day is another segment. Members follow with
    the next refresh. A tag holds the people of today, a rule goes on finding new ones.
    """
    day = local_day(found.counted_at, activity.zone())
    name = f"hidden_{day:%Y_%m_%d}_{group.mark}"
    there = db.read_now(_there, name)
    if there is not None:
        return there
    if group.has_rule and group.rule is not None:
        rule = group.rule.rule
    else:
        tag = f"hidden:{day:%Y-%m-%d}-{group.mark}"
        _tag_all(db, found, group, tag, now)
        rule = f'tag "{tag}"'
    titles = (group.title("ru")[:_TITLE], group.title("en")[:_TITLE])
    return db.write_now(define, name, rule, titles, now)


def _there(session: Session, name: str) -> SegmentInfo | None:
    segment = session.scalar(select(Segment).where(Segment.name == name))
    return info(segment) if segment is not None else None


def _tag_all(db: Database, found: Hidden, group: Group, tag: str, now: datetime) -> None:
    for who in db.read_now(_members, found, group, now):
        db.write_now(_tag, who, tag, now)


def _members(session: Session, found: Hidden, group: Group, now: datetime) -> list[list[int]]:
    """Return the ids of the group, in parts: a million ids are 8 MB."""
    if found.clusters is None or found.scale is None:
        return []
    parts = [np.empty(0, np.int64)]
    for ids, raw in read(session, list(found.features), counted(session, None, now)):
        labels = clusters.nearest(found.scale.points(raw), found.clusters.centres)
        parts.append(ids[labels == group.centre])
    everybody = np.concatenate(parts)
    return [everybody[low : low + AT_ONCE].tolist() for low in range(0, len(everybody), AT_ONCE)]


def _tag(session: Session, who: list[int], tag: str, now: datetime) -> None:
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    there = sorted(living(session, who))  # who was erased since the groups were read stays without
    rows = [{"subscriber_id": one, "tag": tag, "origin": "hidden", "added_at": now} for one in there]
    if rows:
        session.execute(dialect.insert(_TAGS).on_conflict_do_nothing(), rows)
    note_touched(session, there, now)
