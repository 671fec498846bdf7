"""Drafts of rules: what an owner is working on, every change counted: old buttons change nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from core.segments.models import Segment, SegmentDraft
from core.segments.versions import present

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule under way; `segment` is empty for one that will be new, `version` what it began with."""

    id: int
    owner: int
    number: int | None
    segment: str
    titles: tuple[str, str]
    version: int
    state: str
    step: str
    rule: str
    any_of: bool
    pending: dict[str, Any] = field(default_factory=dict)
    revision: int = 0

    def title(self, language: str) -> str:
        """Return the title of its segment, empty for one that will be new."""
        return self.titles[language == "en"]


def begin(
    session: Session,
    owner: int,
    number: int | None,
    step: str,
    key: str,
    now: datetime,
    rule: str | None = None,
) -> Draft | None:
    """Begin a draft for a new segment, or for the rule of one (or another `rule` for it).

    The same key returns the draft it made before; None if there is no such segment that is on.
    """
    known = session.scalar(select(SegmentDraft.id).where(SegmentDraft.key == key))
    if known is not None:
        return find(session, known, owner)
    segment = session.get(Segment, number) if number is not None else None
    if number is not None and (segment is None or not segment.enabled):
        return None
    row = SegmentDraft(owner=owner, segment_id=number, step=step, key=key, created_at=now, state="open")
    row.rule = rule if rule is not None else segment.rule if segment is not None else ""
    row.version = present(session, segment.name) if segment is not None else 0
    row.any_of, row.pending, row.revision = False, {}, 0
    session.add(row)
    session.flush()
    return find(session, row.id, owner)


def find(session: Session, draft_id: int, owner: int) -> Draft | None:
    """Return a draft of this owner; others have no draft of this number."""
    row = session.get(SegmentDraft, draft_id, populate_existing=True)
    if row is None or row.owner != owner:
        return None
    segment = session.get(Segment, row.segment_id) if row.segment_id is not None else None
    return Draft(
        row.id,
        row.owner,
        row.segment_id,
        segment.name if segment is not None else "",
        (segment.title_ru, segment.title_en) if segment is not None else ("", ""),
        row.version,
        row.state,
        row.step,
        row.rule,
        row.any_of,
        dict(row.pending),
        row.revision,
    )


def store(session: Session, draft: Draft) -> Draft | None:
    """Keep a draft as it is now; None if it was changed since it was read, or is no longer open."""
    kept = session.execute(
        update(SegmentDraft)
        .where(
            SegmentDraft.id == draft.id,
            SegmentDraft.revision == draft.revision,
            SegmentDraft.state == "open",
        )
        .values(
            state=draft.state,
            step=draft.step,
            rule=draft.rule,
            any_of=draft.any_of,
            pending=draft.pending,
            version=draft.version,
            segment_id=draft.number,
            revision=draft.revision + 1,
        )
    )
    return find(session, draft.id, draft.owner) if getattr(kept, "rowcount", 0) else None
