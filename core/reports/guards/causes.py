"""What happened on a day that may have moved a segment: imports, changes of its rule, quizzes switched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core import clock
from core.people import activity
from core.quizzes.models import QuizSource, QuizVersion
from core.sales.models import Import
from core.segments.models import Segment, SegmentRule
from core.segments.rules import asked_for

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cause:
    """A fact of that day. `kind`: rule, import or quiz; `name`: the segment's, the file's or the quiz's."""

    kind: str
    name: str
    at: datetime
    count: int = 0  # rows of a file

    @property
    def key(self) -> str:
        """What tells one cause from another."""
        return f"{self.kind}:{self.name[:24]}:{self.at:%H%M%S}"

    def plain(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        return {"kind": self.kind, "name": self.name, "at": self.at.isoformat(), "count": self.count}

    @classmethod
    def of(cls, plain: dict[str, Any]) -> Cause:
        """Return what `plain` gave."""
        return cls(plain["kind"], plain["name"], datetime.fromisoformat(plain["at"]), plain["count"])


def causes_of(session: Session, segment: str, rule: str, day: date, seen_at: datetime) -> list[Cause]:
    """Return what may have moved a segment on a day, the likeliest first: its rule, an import, a quiz.

    `seen_at`: when the jump was first seen; what was done after it is none.
    """
    zone = activity.zone()
    start, end = clock.day_start(day, zone), clock.day_start(day + timedelta(days=1), zone)
    end = min(end, seen_at + _MOMENT)
    return [
        *_rules(session, {segment, *asked_for(rule)}, start, end),
        *_imports(session, start, end),
        *_quizzes(session, rule, start, end),
    ]


def _rules(session: Session, names: set[str], start: datetime, end: datetime) -> list[Cause]:
    """New versions of its rule, and of the segments it asks for; the first version is no change."""
    first = (
        select(func.min(SegmentRule.id)).where(SegmentRule.segment_id == Segment.id).correlate(Segment)
    ).scalar_subquery()
    query = (
        select(Segment.name, SegmentRule.since)
        .join(SegmentRule, SegmentRule.segment_id == Segment.id)
        .where(Segment.name.in_(sorted(names)), SegmentRule.since >= start, SegmentRule.since < end)
        .where(SegmentRule.id > first)
        .order_by(SegmentRule.id.desc())
        .limit(1)
    )
    return [Cause("rule", name, since) for name, since in session.execute(query)]


def _imports(session: Session, start: datetime, end: datetime) -> list[Cause]:
    query = (
        select(Import.file_name, Import.started_at, Import.counts)
        .where(Import.started_at >= start, Import.started_at < end)
        .order_by(Import.id.desc())
    )
    found = [
        Cause("import", name, at, sum(n for n in counts.values() if isinstance(n, int)))
        for name, at, counts in session.execute(query)
    ]
    return sorted(found, key=lambda cause: -cause.count)[:2]


def _quizzes(session: Session, rule: str, start: datetime, end: datetime) -> list[Cause]:
    """A quiz of its rule switched or changed; of a rule that asks for none, any quiz."""
    switched = select(QuizSource.quiz, QuizSource.at).where(
        QuizSource.state.in_(("on", "off")), QuizSource.at >= start, QuizSource.at < end
    )
    changed = select(QuizVersion.quiz, QuizVersion.first_used_at).where(
        QuizVersion.first_used_at >= start, QuizVersion.first_used_at < end
    )
    found = [Cause("quiz", quiz, at) for quiz, at in session.execute(switched)]
    found += [Cause("quiz", quiz, at) for quiz, at in session.execute(changed)]
    own = [cause for cause in found if f"quiz {cause.name}" in rule]
    return (own or ([] if "quiz " in rule else found))[:1]
