"""A rule before it is applied: who would enter, who would leave, who depends on it.

What a proposal says is what the next refresh of everyone does, provided that nothing happens between. Rules
of segments that the proposed rule refers to stand inside it as they will be after that refresh, in which
they come first; a refresh itself never puts one rule into another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, literal_column, select

from core.db import table
from core.people import activity
from core.segments import catalogue, ruleset
from core.segments.audience import PEOPLE, Sampled, sampled
from core.segments.binds import Binds
from core.segments.blocks import bit_of, block_of
from core.segments.completeness import scarce
from core.segments.conditions import All, Condition, InSegment, Not, WasInSegment, leaves
from core.segments.conditions import Any as AnyOf
from core.segments.errors import RuleError, SegmentError
from core.segments.fields import SUBSCRIBERS
from core.segments.language import parse
from core.segments.models import Segment, SegmentMask
from core.segments.preview import lacking
from core.segments.rules import SegmentInfo, check_chain, check_name, define, dependents, info
from core.segments.versions import present

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.segments.completeness import Lack
    from core.segments.ruleset import RuleSet
    from core.segments.words import Language

SAMPLE = 5
_MOST_INSIDE = 600  # conditions: SQLite reads expressions a thousand deep
_MASKS = table(SegmentMask)
_WAS, _WILL = 1, 2  # is a member now; would be one


class SegmentChangedError(SegmentError):
    """Somebody changed the rule after the proposal was made: it has to be looked at again."""


@dataclass(frozen=True, slots=True)
class Moved:
    """People who would move: how many, and a few of them, the newest in the base first."""

    count: int
    sample: tuple[Sampled, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule for a segment, new or there already, against the `version` of its rule that is in force."""

    name: str
    condition: Condition
    old: Condition | None  # None: a new segment, or one whose rule cannot be read any more
    version: int  # 0: there is no such segment yet
    entering: Moved
    leaving: Moved
    staying: int
    lacking: tuple[str, ...]
    scarce: tuple[Lack, ...]
    dependents: tuple[SegmentInfo, ...]

    @property
    def rule(self) -> str:
        """The rule in its canonical spelling."""
        return self.condition.text()

    @property
    def size_now(self) -> int:
        """How many are in the segment."""
        return self.staying + self.leaving.count

    @property
    def size_then(self) -> int:
        """How many would be."""
        return self.staying + self.entering.count

    @property
    def is_same(self) -> bool:
        """Whether this is the rule already in force."""
        return self.old is not None and self.old.text() == self.rule


def propose(session: Session, name: str, rule: str, now: datetime, language: Language = "ru") -> Proposal:
    """Return what giving this rule to a segment would do; `name` may be one that is not there yet.

    Raises RuleError for a rule that cannot be read, refers in a circle or in too long a chain, SegmentError
    for a segment that is switched off and for a name that cannot stand in a rule.
    """
    check_name(name)
    condition = parse(rule, catalogue.known(session))
    check_chain(session, name, condition)
    segment = session.scalar(select(Segment).where(Segment.name == name))
    if segment is not None and not segment.enabled:
        raise SegmentError(f"`{name}` is switched off; switch it on before you change its rule.")
    moves = _Moves(session, condition, segment.id if segment is not None else None, now)
    entering, leaving, staying = moves.counts()
    return Proposal(
        name,
        condition,
        _readable(segment),
        present(session, name),
        Moved(entering, moves.sample(_WILL) if entering else ()),
        Moved(leaving, moves.sample(_WAS) if leaving else ()),
        staying,
        tuple(dict.fromkeys(lacking(session, condition, language))),
        scarce(session, condition, now),
        dependents(session, name),
    )


def accept(
    session: Session,
    name: str,
    rule: str,
    version: int,
    titles: tuple[str, str] | None,
    author: str,
    now: datetime,
    *,
    greet: bool = False,
) -> SegmentInfo:
    """Apply what was proposed against this version; titles (ru, en) are those of a new segment.

    Applied twice it does nothing the second time. Raises SegmentChangedError if another rule is in force by
    now, SegmentError and RuleError as `propose` does. With `greet` who enters is met by series.
    """
    if session.get_bind().dialect.name != "sqlite":  # two owners at once: one after the other
        session.connection().exec_driver_sql("LOCK TABLE segments IN SHARE ROW EXCLUSIVE MODE")
    segment = session.scalar(select(Segment).where(Segment.name == name))
    wanted = parse(rule, catalogue.known(session)).text()
    if segment is not None and segment.rule == wanted:
        return info(segment)
    if present(session, name) != version:
        raise SegmentChangedError(
            f"The rule of `{name}` was changed meanwhile; look at the change once more."
        )
    if segment is None:
        return define(session, name, wanted, titles or (name, name), now, author=author, greet=greet)
    if not segment.enabled:
        raise SegmentError(f"`{name}` is switched off; switch it on before you change its rule.")
    kept = (segment.title_ru, segment.title_en)
    return define(session, name, wanted, kept, now, family=segment.family, author=author, greet=greet)


def _readable(segment: Segment | None) -> Condition | None:
    try:
        return parse(segment.rule) if segment is not None else None
    except RuleError:
        return None


class _Moves:
    """Everyone as of one moment: in the segment now, in it by the proposed rule."""

    def __init__(self, session: Session, condition: Condition, number: int | None, now: datetime) -> None:
        self._session = session
        rules = ruleset.current(session)
        binds = Binds(rules.numbers, (now, activity.zone()))
        self._will = _foreseen(condition, rules).sql(binds)
        self._people: Any = PEOPLE
        self._was: ColumnElement[bool] = literal_column("1") == literal_column("0")
        if number is not None:
            own = and_(_MASKS.c.subscriber_id == SUBSCRIBERS.c.id, _MASKS.c.block == block_of(number))
            self._people = PEOPLE.outerjoin(_MASKS, own)
            zero: ColumnElement[int] = literal_column("0")
            mask = func.coalesce(_MASKS.c.mask, zero)
            self._was = mask.bitwise_and(literal_column(str(bit_of(number)))) != zero

    def counts(self) -> tuple[int, int, int]:
        """Count who enters, leaves and stays, in one scan: OFFSET keeps each row's conditions asked once."""
        what = case((self._will, _WILL), else_=0) + case((self._was, _WAS), else_=0)
        rows = select(what.label("what")).select_from(self._people).offset(0).subquery()
        kinds = (_WILL, _WAS, _WILL + _WAS)
        sums = [func.coalesce(func.sum(case((rows.c.what == kind, 1), else_=0)), 0) for kind in kinds]
        entering, leaving, staying = self._session.execute(select(*sums)).one()
        return int(entering), int(leaving), int(staying)

    def sample(self, kind: int) -> tuple[Sampled, ...]:
        """Return a few of those who move; the newest come first, so that the scan may end early."""
        moved = and_(self._will, ~self._was) if kind == _WILL else and_(self._was, ~self._will)
        who = SUBSCRIBERS.c
        query = select(who.id).select_from(self._people).where(moved).order_by(who.id.desc()).limit(SAMPLE)
        return sampled(self._session, query)


def _foreseen(condition: Condition, rules: RuleSet) -> Condition:
    """Return the condition with the rules of the segments it refers to in their place.

    Where that would be too long, and where a rule cannot be computed, their present members count.
    """
    known = {rule.name: rule.condition for rule in rules.rules if rule.number not in rules.failed}
    sizes: dict[str, int] = {}

    def size(part: Condition) -> int:
        total = 0
        for leaf in leaves(part):
            if isinstance(leaf, InSegment) and leaf.name in known:
                if leaf.name not in sizes:
                    sizes[leaf.name] = size(known[leaf.name])
                total += sizes[leaf.name]
            total += 1
        return total

    def inside(part: Condition) -> Condition:
        if isinstance(part, Not):
            return Not(inside(part.part))
        if isinstance(part, All | AnyOf):
            return replace(part, parts=_each(inside, part.parts))
        if not isinstance(part, InSegment) or part.name not in known:
            return part
        there = inside(known[part.name])
        if isinstance(part, WasInSegment):
            return AnyOf((part, there))
        return All((part, there)) if part.span is not None else there

    return inside(condition) if size(condition) <= _MOST_INSIDE else condition


def _each(change: Any, parts: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(change(part) for part in parts)
