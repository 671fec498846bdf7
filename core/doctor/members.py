"""Current members, found anew: each rule by its own plain SELECT, as of when it was last computed.

Whoever was not touched since the last full refresh was computed at its moment, whoever was touched at that of
his touch. What cannot be known is not compared, and is said: rules changed since, scores computed since,
letters counted since (they touch nobody), and people touched at too many different moments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, false, func, select

from core.db import table
from core.mailing.ledger import Lane
from core.mailing.models import Delivery
from core.people import activity
from core.segments.binds import Binds
from core.segments.conditions import leaves
from core.segments.errors import RuleError
from core.segments.fields import PROFILES, SUBSCRIBERS
from core.segments.language import parse
from core.segments.models import Membership, Segment, SegmentRefresh, SegmentRule
from core.segments.scores.models import ScoreRun

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.doctor.differing import Who
    from core.segments.conditions import Condition

_STAYS, _LETTERS = table(Membership), table(Delivery)
MOST_MOMENTS = 200  # at which people of one part were touched since the refresh


@dataclass(frozen=True, slots=True)
class _Rule:
    number: int
    name: str
    condition: Condition | None  # None: switched off
    counts_letters: bool


@dataclass
class Members:
    """The rules that can be compared, as of `moment`; `passed` says in words what is not compared and why."""

    moment: datetime | None
    rules: list[_Rule]
    numbers: dict[str, int]
    passed: list[str] = field(default_factory=list)
    people_passed: int = 0

    def count(self, session: Session, who: Who) -> int:
        """Return how many open stays are compared."""
        numbers = [rule.number for rule in self.rules]
        c = _STAYS.c
        own = (c.left_at.is_(None), c.segment_id.in_(numbers), who(c.subscriber_id))
        return session.scalar(select(func.count()).select_from(_STAYS).where(*own)) or 0

    def wrong(self, session: Session, who: Who) -> list[tuple[int, str]]:
        """Return who is in a segment whose rule does not find him, or the reverse, in words."""
        if self.moment is None:
            return []
        touched = PROFILES.c.touched_at
        since = select(touched).distinct().where(who(PROFILES.c.subscriber_id), touched > self.moment)
        moments = list(session.scalars(since.limit(MOST_MOMENTS + 1)))
        if len(moments) > MOST_MOMENTS:
            later = (who(PROFILES.c.subscriber_id), touched > self.moment)
            self.people_passed += (
                session.scalar(select(func.count()).select_from(PROFILES).where(*later)) or 0
            )
            moments = []
        found = self._differing(session, self.moment, and_(who(SUBSCRIBERS.c.id), touched <= self.moment))
        for moment in moments:
            found += self._differing(session, moment, and_(who(SUBSCRIBERS.c.id), touched == moment))
        return sorted(found)

    def _differing(
        self, session: Session, moment: datetime, here: ColumnElement[bool]
    ) -> list[tuple[int, str]]:
        people = SUBSCRIBERS.join(PROFILES, PROFILES.c.subscriber_id == SUBSCRIBERS.c.id)
        found: list[tuple[int, str]] = []
        for rule in self.rules:
            condition: ColumnElement[bool] = false()
            if rule.condition is not None:
                found_by = rule.condition.sql(Binds(self.numbers, (moment, activity.zone())))
                condition = and_(SUBSCRIBERS.c.erased_at.is_(None), found_by)
            kept = _open_stay(rule.number)
            query = select(SUBSCRIBERS.c.id, kept.label("kept")).select_from(people)
            query = query.where(here, condition != kept)
            if rule.counts_letters:
                query = query.where(~_letter_since(moment))
            for person, is_in in session.execute(query):
                says = "is in it, the rule does not find him" if is_in else "is not in it, the rule finds him"
                found.append((person, f"person {person}, segment {rule.name}: {says}"))
        return found


def comparable(session: Session) -> Members:
    """Read which rules can be compared, as of the last full refresh."""
    moment = session.scalar(select(func.max(SegmentRefresh.started_at)))
    scored = session.scalar(select(func.max(ScoreRun.started_at)))
    segments = list(session.scalars(select(Segment).order_by(Segment.id)))
    newest = select(SegmentRule.segment_id, func.max(SegmentRule.since)).group_by(SegmentRule.segment_id)
    since = dict(session.execute(newest).all())
    found = Members(moment, [], {one.name: one.id for one in segments})
    if moment is None:
        found.passed.append("segments were never computed for everyone")
        return found
    for one in segments:
        why = None
        if one.error is not None:
            why = "it could not be computed and keeps its last members"
        elif one.refreshed_at != moment or since.get(one.id, moment) > moment:
            why = "its rule is newer than the last full refresh"
        rule = None if why else _rule(one)
        if rule is None and why is None:
            why = "its rule cannot be read"
        elif rule is not None and scored is not None and scored > moment and _reads_scores(rule):
            why = "scores were computed since the last full refresh"
        if why is None and rule is not None:
            found.rules.append(rule)
        else:
            found.passed.append(f"segment {one.name}: {why}")
    return found


def _rule(segment: Segment) -> _Rule | None:
    if not segment.enabled:
        return _Rule(segment.id, segment.name, None, False)
    try:
        condition = parse(segment.rule)
    except RuleError:
        return None
    columns = [getattr(getattr(leaf, "field", None), "column", None) for leaf in leaves(condition)]
    counts_letters = any(column is PROFILES.c.letters_received for column in columns)
    return _Rule(segment.id, segment.name, condition, counts_letters)


def _reads_scores(rule: _Rule) -> bool:
    return rule.condition is not None and "scores" in rule.condition.reads


def _open_stay(number: int) -> ColumnElement[Any]:
    c = _STAYS.c
    own = (c.subscriber_id == SUBSCRIBERS.c.id, c.segment_id == number, c.left_at.is_(None))
    return select(c.id).where(*own).correlate(SUBSCRIBERS).exists()


def _letter_since(moment: datetime) -> ColumnElement[bool]:
    c = _LETTERS.c
    own = (
        c.subscriber_id == SUBSCRIBERS.c.id,
        c.state == "sent",
        c.lane != Lane.COPIES,
        c.finished_at > moment,
    )
    return select(c.id).where(*own).correlate(SUBSCRIBERS).exists()
