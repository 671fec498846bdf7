"""Coverage: who is in no meaningful segment, by a rule made of the meaningful segments in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core.people.models import Subscriber
from core.people.subscribers import Status
from core.segments.language import MAX_CONDITIONS, MAX_LENGTH, parse
from core.segments.models import Segment
from core.segments.presets.file import ACTIVE, meaningful
from core.segments.rules import GENERATED, asked_for
from core.segments.ruleset import MAX_RANK
from core.segments.words import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

_FEWEST_LEFT = 2  # conditions beside the references


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the active people are in no meaningful segment, and of how many segments that speaks."""

    active: int
    uncovered: int
    segments: int

    @property
    def share(self) -> float:
        """The uncovered share of the active people, 0 to 1."""
        return self.uncovered / self.active if self.active else 0.0


def coverage(session: Session) -> Coverage | None:
    """Return the coverage as of the last refresh; None while its segment is off or not computed yet."""
    segment = session.scalar(select(Segment).where(Segment.name == GENERATED, Segment.is_preset))
    if segment is None or not segment.enabled or segment.refreshed_at is None:
        return None
    active = select(func.count()).select_from(Subscriber).where(Subscriber.status == Status.ACTIVE)
    return Coverage(session.scalar(active) or 0, segment.size, len(asked_for(segment.rule)))


def rule(session: Session) -> str:
    """Return its rule, of the meaningful segments now in force, in canonical spelling.

    Segments that stand on it themselves and those at the end of the longest chain are left out.
    """
    rows = session.scalars(select(Segment).where(Segment.enabled).order_by(Segment.id)).all()
    told = meaningful()
    around = _above(rows, GENERATED)
    names = [
        one.name for one in rows if one.family in told and one.rank < MAX_RANK and one.name not in around
    ]
    return _of(names)


def _of(names: Sequence[str]) -> str:
    parts: list[str] = []
    length = len(ACTIVE) + 20
    for one in names[: MAX_CONDITIONS - _FEWEST_LEFT]:
        part = f"in segment {write(one)}"
        length += len(part) + 4
        if length > MAX_LENGTH:
            break
        parts.append(part)
    if not parts:  # nothing meaningful is in force: all are uncovered
        return ACTIVE
    joined = " or ".join(parts)
    return parse(f"{ACTIVE} and not ({joined})").text()


def _above(rows: Iterable[Segment], base: str) -> frozenset[str]:
    """Return the segment and all that ask for it, through others too."""
    found = {base}
    asked = {one.name: asked_for(one.rule) for one in rows}
    while more := {one for one, names in asked.items() if one not in found and names & found}:
        found |= more
    return frozenset(found)
