"""Versions of a segment's rule: every one that ever was in force, since when and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.segments.errors import RuleError, SegmentError
from core.segments.language import parse
from core.segments.models import Segment, SegmentRule
from core.segments.rules import find

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from core.segments.words import Language

SHIPPED, CLI = "shipped", "cli"


@dataclass(frozen=True, slots=True)
class Version:
    """A rule that was in force from `since` until `until`, or still is; numbered from 1 in its segment."""

    id: int
    number: int
    rule: str
    since: datetime
    until: datetime | None
    author: str  # a Telegram id, "cli", "shipped"; empty where nobody noted it

    def sentence(self, language: Language) -> str:
        """Return the rule as one says it; a rule that this program cannot read any more as it was written."""
        try:
            return parse(self.rule).sentence(language)
        except RuleError:
            return self.rule


def renewed(start: datetime, end: datetime) -> Select[int]:
    """SQL: segments that were given a rule between two moments: who moved then was moved by the rule."""
    return select(SegmentRule.segment_id).where(SegmentRule.since >= start, SegmentRule.since < end)


def versions(session: Session, name: str) -> tuple[Version, ...]:
    """Return all versions of a rule, the newest first. Raises SegmentError for an unknown segment."""
    number = find(session, name).number
    rows = list(
        session.scalars(select(SegmentRule).where(SegmentRule.segment_id == number).order_by(SegmentRule.id))
    )
    ends = [*(row.since for row in rows[1:]), None]
    found = [
        Version(row.id, place, row.rule, row.since, end, row.author)
        for place, (row, end) in enumerate(zip(rows, ends, strict=True), 1)
    ]
    return tuple(reversed(found))


def version(session: Session, name: str, number: int) -> Version:
    """Return one version by its number. Raises SegmentError naming how many there are."""
    found = versions(session, name)
    for one in found:
        if one.number == number:
            return one
    raise SegmentError(f"`{name}` has no version {number}; it has versions 1 to {len(found)}.")


def in_force(session: Session, name: str, moment: datetime) -> Version | None:
    """Return the version in force at a moment, None before the first: past stays were stays under it."""
    return next((one for one in versions(session, name) if one.since <= moment), None)


def present(session: Session, name: str) -> int:
    """Return the id of the present version, 0 for a segment that does not exist yet."""
    query = (
        select(SegmentRule.id)
        .join(Segment, Segment.id == SegmentRule.segment_id)
        .where(Segment.name == name)
        .order_by(SegmentRule.id.desc())
        .limit(1)
    )
    return session.scalar(query) or 0
