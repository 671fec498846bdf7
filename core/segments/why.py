"""Why a person is in a segment, or not: each condition with the value found behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.people import activity
from core.segments.audience import PEOPLE
from core.segments.binds import Binds
from core.segments.change import Case, change
from core.segments.conditions import Any as AnyOf
from core.segments.conditions import Compare, Condition, Found, Not, OneOf
from core.segments.conditions.condition import Look
from core.segments.fields import SUBSCRIBERS
from core.segments.inputs import inputs
from core.segments.language import parse
from core.segments.models import Segment
from core.segments.rules import find
from core.segments.scores import runs
from core.segments.scores.fields import SCORES, ScoreField
from core.segments.scores.scheme import SHIPPED
from core.segments.ways import way, way_out
from core.words import grouped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from core.segments.scores.scheme import Scheme
    from core.segments.words import Language

_NOTHING = ("нет данных", "unknown")
_YES_NO = {True: ("да", "yes"), False: ("нет", "no")}


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition of a rule, the person's value behind it, whether it holds and since when."""

    condition: Condition
    value: object
    holds: bool
    since: datetime | None
    case: Case
    scores: Mapping[str, Any] = field(default_factory=dict)  # the person's, where the condition asks one
    scheme: Scheme = SHIPPED  # what they were made by

    def change(self, language: Language) -> str:
        """Return what would turn it into its opposite, as one says it."""
        return (
            way(self.case, self.scores, language)
            or way_out(self.case, self.scores, language)
            or change(self.case, language)
        )

    def made_of(self, language: Language) -> str:
        """Return what the score behind it was computed from, empty for anything else."""
        asked = getattr(self.case.condition, "field", None)
        if not isinstance(asked, ScoreField):
            return ""
        return inputs(asked.text(), self.scores, language, self.scheme)

    def sentence(self, language: Language) -> str:
        """Return the condition as one says it."""
        return self.condition.sentence(language)

    def found(self, language: Language, zone: ZoneInfo | None = None) -> str:
        """Return the value as one says it."""
        if isinstance(self.condition, Compare | OneOf):
            for word, ru, en in self.condition.field.choices:
                if word == self.value:
                    return en if language == "en" else ru
        return _said(self.value, language, zone or activity.zone())


def why(session: Session, subscriber_id: int, segment_name: str, now: datetime) -> tuple[Finding, ...]:
    """Return a finding a condition, from left to right, evaluated now on this one person.

    Raises SegmentError for an unknown segment, RuleError if its rule cannot be read; nothing is returned
    for a person who does not exist.
    """
    rule = parse(find(session, segment_name).rule)
    steps = list(_steps(rule))
    numbers = dict(session.execute(select(Segment.name, Segment.id)).all())
    zone = activity.zone()
    binds = Binds(numbers, (now, zone))
    query = (
        select(*(step.sql(binds).label(f"holds_{place}") for place, step in enumerate(steps)))
        .select_from(PEOPLE)
        .where(SUBSCRIBERS.c.id == subscriber_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return ()
    look = Look(session, subscriber_id, now, zone)
    scores, scheme = _scores(session, subscriber_id) if "scores" in rule.reads else ({}, SHIPPED)
    return tuple(
        _finding(step, step.found(look), bool(holds), look, scores, scheme)
        for step, holds in zip(steps, row, strict=True)
    )


def needed(rule: str) -> str:
    """Return how many of a rule's conditions have to hold: all, any, or `mixed` of both.

    Raises RuleError if the rule cannot be read.
    """
    parsed = parse(rule)
    parts = parsed.part.children if isinstance(parsed, Not) else parsed.children
    if (isinstance(parsed, Not) and parts) or any(_several(part) for part in parts):
        return "mixed"
    return "any" if isinstance(parsed, AnyOf) else "all"


def _several(part: Condition) -> bool:
    return bool(part.children) and not (isinstance(part, Not) and not part.part.children)


def _scores(session: Session, subscriber_id: int) -> tuple[Mapping[str, Any], Scheme]:
    row = session.execute(select(SCORES).where(SCORES.c.subscriber_id == subscriber_id)).one_or_none()
    return dict(row._mapping) if row is not None else {}, runs.told_scheme(runs.last_findings(session))


def _steps(condition: Condition) -> Iterator[Condition]:
    """Walk to the conditions a person can check: leaves, with their `not` if they have one."""
    if not condition.children or (isinstance(condition, Not) and not condition.part.children):
        yield condition
        return
    for child in condition.children:
        yield from _steps(child)


def _finding(
    step: Condition, found: Found, holds: bool, look: Look, scores: Mapping[str, Any], scheme: Scheme
) -> Finding:
    since = found.since if holds and not isinstance(step, Not) else None
    leaf, leaf_holds = step, holds
    while isinstance(leaf, Not):
        leaf, leaf_holds = leaf.part, not leaf_holds
    case = Case(leaf, found.value, leaf_holds, found.since, look.now, look.zone)
    return Finding(step, found.value, holds, since, case, scores, scheme)


def _said(value: object, language: Language, zone: ZoneInfo) -> str:
    english = language == "en"
    if value is None:
        return _NOTHING[english]
    if isinstance(value, bool):
        return _YES_NO[value][english]
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M" if english else "%d.%m.%Y %H:%M")
    if isinstance(value, int | float):
        return grouped(Decimal(str(value)), language)
    return str(value)
