"""What the last computation of scores left: what it found out, by which points, of which file of the owner.

It imports nothing heavy: the tick asks it every minute, the cards of people at each tap.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.segments.scores.lead import EventPoints, Points
from core.segments.scores.models import ScoreRun
from core.segments.scores.scheme import SHIPPED, Scheme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

FILE = "file"  # of the findings: the mark of the owner's file


def last_findings(session: Session) -> dict[str, Any]:
    """Return what the last run found out; nothing before the first."""
    query = select(ScoreRun.findings).order_by(ScoreRun.id.desc()).limit(1)
    return session.scalar(query) or {}


def told_scheme(found: Mapping[str, Any]) -> Scheme:
    """Return what a score is made of as a run told it: the weights of health, the caps of readiness."""
    if "health" not in found:
        return SHIPPED
    points = found["lead"]["points"]
    acts = {kind: EventPoints(*one) for kind, one in points["events"].items()}
    lead = Points(points["answers"], acts, points["fit_cap"], points["engagement_cap"])
    return Scheme(lead, found["health"]["weights"])


def mark_of(file: str) -> str:
    """Return a mark of what the owner's file says now; empty without a file."""
    if not file:
        return ""
    try:
        return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16]
    except OSError:
        return "unreadable"


def is_read(session: Session, mark: str) -> bool:
    """Say whether the last run, one that could not use the file too, read it as it is now."""
    query = select(ScoreRun.findings[FILE].as_string()).order_by(ScoreRun.id.desc()).limit(1)
    row = session.execute(query).first()
    return row is None or (row[0] or "") == mark
