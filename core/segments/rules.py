"""Segments as owners handle them: define, switch on and off, find."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core.people.models import Subscriber
from core.segments import catalogue
from core.segments.errors import RuleError, SegmentError, suggestion
from core.segments.language import parse
from core.segments.models import Segment, SegmentRule
from core.segments.ruleset import ranks, references

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.segments.conditions import Condition
    from core.segments.words import Language

_NAME = re.compile(r"[^\W\d][\w-]{0,63}")
_TITLE = 128
GENERATED = "unsegmented"  # the shipped segment whose rule follows the others


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """A segment as a list shows it; `error` says why its members are those of an earlier refresh."""

    number: int
    name: str
    title_ru: str
    title_en: str
    family: str
    rule: str
    enabled: bool
    is_preset: bool
    size: int
    refreshed_at: datetime | None
    error: str | None

    def title(self, language: Language) -> str:
        """Return its title in a language."""
        return self.title_en if language == "en" else self.title_ru

    def sentence(self, language: Language) -> str:
        """Return its rule as one says it."""
        try:
            return parse(self.rule).sentence(language)
        except RuleError:
            return self.rule


def define(
    session: Session,
    name: str,
    rule: str,
    titles: tuple[str, str],
    now: datetime,
    *,
    family: str = "own",
    is_preset: bool = False,
    known: catalogue.Known | None = None,
    author: str = "",
    greet: bool = False,
) -> SegmentInfo:
    """Make a segment or give it another rule or titles (ru, en); its versions are kept with their `author`.

    Its members follow with the next refresh, quietly: who comes or goes only because the rule is another one
    did nothing himself, so no `segment_entered` is recorded and no series meets him, unless `greet`; of
    several changes before that refresh the last one decides.

    Raises SegmentError for a name that cannot stand in a rule and RuleError for a rule that cannot be read,
    refers in a circle or in a chain longer than five.
    """
    check_name(name)
    condition = parse(rule, known or catalogue.known(session))
    segment = session.scalar(select(Segment).where(Segment.name == name))
    levels = _ranks_with(session, name, condition)
    if segment is None:
        segment = _added(session, name, now, greet=greet)
    segment.title_ru, segment.title_en = (title[:_TITLE] for title in titles)
    segment.family, segment.is_preset = family, is_preset
    if segment.rule != condition.text():
        give(session, segment, condition.text(), now, author or ("shipped" if is_preset else ""), greet=greet)
    _settle(session, segment, levels)
    return info(segment)


def give(
    session: Session, segment: Segment, rule: str, now: datetime, author: str, *, greet: bool = False
) -> None:
    """Give a segment another rule, spelled canonically, kept as a version; `settle` stores ranks."""
    if segment.rule:
        segment.error = None
        segment.refreshed_at = (segment.refreshed_at or now) if greet else None
    segment.rule = rule
    session.flush()
    session.add(SegmentRule(segment_id=segment.id, rule=rule, since=now, author=author))


def _added(session: Session, name: str, now: datetime, *, greet: bool) -> Segment:
    number = (session.scalar(select(func.max(Segment.id))) or 0) + 1  # without gaps: few blocks of masks
    segment = Segment(id=number, name=name, created_at=now, enabled=True, size=0, fingerprint=0, rule="")
    has_people = session.scalar(select(Subscriber.id).limit(1)) is not None
    segment.refreshed_at = None if has_people and not greet else now
    session.add(segment)
    return segment


def check_name(name: str) -> None:
    """Raise SegmentError for a name that cannot stand in a rule."""
    if not _NAME.fullmatch(name):
        shown = name[:64].encode(errors="backslashreplace").decode()
        raise SegmentError(
            f"`{shown}`: a segment's name is a letter, then letters, digits, - or _, at most 64"
        )


def check_chain(session: Session, name: str, condition: Condition) -> None:
    """Raise RuleError if a segment with this rule would refer in a circle or in a chain longer than five."""
    _ranks_with(session, name, condition)


def dependents(session: Session, name: str) -> tuple[SegmentInfo, ...]:
    """Return the segments that are on and whose own rules ask for this one.

    The one whose rule is made of those in force holds none of them back.
    """
    found = select(Segment).where(Segment.enabled.is_(True), Segment.name != name).order_by(Segment.id)
    found = found.where(Segment.preset.is_distinct_from(GENERATED))
    return tuple(info(other) for other in session.scalars(found) if name in asked_for(other.rule))


def switch(session: Session, name: str, enabled: bool, now: datetime) -> SegmentInfo:
    """Switch a segment on or off; off, its members leave with the next refresh and the stays remain history.

    Raises SegmentError if there is no such segment or another one that is on refers to it.
    """
    segment = _segment(session, name)
    if not enabled:
        users = dependents(session, name)
        if users:
            used = f"`{name}` is used by `{users[0].name}`"
            raise SegmentError(f"{used}; switch that off first or change its rule.")
    if enabled != segment.enabled:  # off or on: its members are to be computed for everyone
        segment.refreshed_at = None
    segment.enabled = enabled
    _settle(session, segment, None)
    return info(segment)


def find(session: Session, name: str) -> SegmentInfo:
    """Return one segment; raises SegmentError naming the nearest one."""
    return info(_segment(session, name))


def by_number(session: Session, number: int) -> SegmentInfo:
    """Return one segment by its number; raises SegmentError if there is none."""
    segment = session.get(Segment, number, populate_existing=True) if number < 2**31 else None
    if segment is None or segment.deleted_at is not None:
        raise SegmentError(f"There is no segment {number}; open /segments again.")
    return info(segment)


def all_segments(session: Session, *, disabled: bool = False) -> tuple[SegmentInfo, ...]:
    """Return the segments in the order of their numbers, those switched off only on request."""
    query = select(Segment).where(Segment.deleted_at.is_(None)).order_by(Segment.id)
    if not disabled:
        query = query.where(Segment.enabled.is_(True))
    return tuple(info(segment) for segment in session.scalars(query))


def info(segment: Segment) -> SegmentInfo:
    """Return the plain value of a row."""
    return SegmentInfo(
        segment.id,
        segment.name,
        segment.title_ru,
        segment.title_en,
        segment.family,
        segment.rule,
        segment.enabled,
        segment.is_preset,
        segment.size,
        segment.refreshed_at,
        segment.error,
    )


def _segment(session: Session, name: str) -> Segment:
    segment = session.scalar(select(Segment).where(Segment.name == name))
    if segment is None:
        hint = suggestion(name, session.scalars(select(Segment.name).where(Segment.deleted_at.is_(None))))
        raise SegmentError(f"there is no segment `{name[:64]}`{hint}")
    return segment


def _ranks_with(session: Session, name: str, condition: Condition) -> dict[str, int]:
    referred = {other.name: asked_for(other.rule) for other in session.scalars(select(Segment))}
    referred[name] = references(condition)
    return ranks(referred)


@lru_cache(maxsize=2048)  # every definition looks at all rules, and the first start defines dozens
def asked_for(rule: str) -> frozenset[str]:
    """Return the names of the segments a rule asks for; a rule that cannot be read asks for none."""
    try:
        return references(parse(rule))
    except RuleError:  # a rule of another version: it is shown stale and refers to nothing
        return frozenset()


def _settle(session: Session, segment: Segment, levels: Mapping[str, int] | None) -> None:
    """Store ranks and the fingerprint by which every process sees that the rules changed."""
    for other in session.scalars(select(Segment)) if levels else ():
        other.rank = levels[other.name] if levels else other.rank
    for other in session.scalars(select(Segment)) if levels else [segment]:
        other.fingerprint = fingerprint(other)
    session.flush()


def settle(session: Session) -> None:
    """Store ranks and fingerprints of segments that were written together. Raises RuleError for a circle."""
    rows = session.scalars(select(Segment)).all()
    levels = ranks({one.name: asked_for(one.rule) for one in rows})
    for one in rows:
        one.rank = levels[one.name]
        one.fingerprint = fingerprint(one)
    session.flush()


def fingerprint(segment: Segment) -> int:
    """Return what changes with what is in force."""
    content = f"{segment.id}|{segment.enabled}|{segment.rank}|{segment.rule}"
    return int.from_bytes(hashlib.sha256(content.encode()).digest()[:6], "big")
