"""What the people of a segment have in common: every value of every facet, inside against the rest.

A share is of the people whose value is known; of tags, which are never unknown, of all. The
difference has Newcombe's interval, and is told only if it is no accident: Fisher's exact test where a cell is
small, the pooled z otherwise, corrected for all values compared by Holm's method at 5 %. Ranked by the end of
the interval nearest to zero: what is surely great comes first. Facets that the segment's own rule asks for,
and those worked out of the same facts, are left out, each with its reason: they would only repeat the rule.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import erfc, sqrt
from typing import TYPE_CHECKING

from core.reports.common_rows import size, spreads
from core.reports.crosstab_rows import word
from core.reports.facet_list import titled as all_titled
from core.reports.facets import facets, membership
from core.reports.kin import asked_by, why
from core.reports.rates import FEW, Share, newcombe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.reports.bins import Words
    from core.reports.common_rows import Spread
    from core.reports.facets import Facet, Terms

ERROR = 0.05
MOST_VALUES = 25  # of one facet; the rest are compared by nobody
SMALL_CELL = 5.0
SAME = 0.95  # a correlation of being inside and having the value from which it is the rule in other words


@dataclass(frozen=True, slots=True)
class Trait:
    """One value: how many of those known have it inside, and in the rest of the base."""

    facet: str
    titles: tuple[str, str]
    value: tuple[str, str]
    inside: Share
    outside: Share
    interval: tuple[float, float]
    p_value: float
    is_sure: bool  # after the correction
    is_same: bool  # as good as the segment itself

    @property
    def difference(self) -> float:
        """The share inside minus the share outside."""
        return (self.inside.rate or 0.0) - (self.outside.rate or 0.0)

    @property
    def lift(self) -> float | None:
        """How many times commoner it is inside; None where nobody outside has it."""
        return (self.inside.rate or 0.0) / self.outside.rate if self.outside.rate else None

    @property
    def size(self) -> float:
        """The least difference that the interval leaves open, 0 to 1."""
        low, high = self.interval
        return 0.0 if low <= 0 <= high else min(abs(low), abs(high))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A facet that is not compared: `because` the rule asks for these (itself, or what it follows from).

    Without any it is known of too few people on one side.
    """

    facet: str
    titles: tuple[str, str]
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Common:
    """What tells a segment from the rest: sure traits first, the surely greatest on top."""

    segment: str
    titles: tuple[str, str]
    size: int
    rest: int
    traits: tuple[Trait, ...]
    left_out: tuple[LeftOut, ...]  # what the rule decides
    too_few_known: tuple[LeftOut, ...]
    counted_at: datetime
    seconds: float

    @property
    def is_too_small(self) -> bool:
        """Whether the segment, or the rest, has too few people to compare."""
        return min(self.size, self.rest) < FEW

    @property
    def sure(self) -> tuple[Trait, ...]:
        """The traits that are no accident."""
        return tuple(trait for trait in self.traits if trait.is_sure and not trait.is_same)


@dataclass(slots=True)
class _Seen:
    """What has been found so far."""

    traits: list[Trait] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    too_few: list[LeftOut] = field(default_factory=list)


def common(db: Database, segment: str, terms: Terms) -> Common:
    """Compare the people of a segment with the rest of the base. Call it in a thread.

    Raises SegmentError if there is no such segment.
    """
    return db.read_now(_common, segment, terms)


def _common(session: Session, segment: str, terms: Terms) -> Common:
    begun = time.monotonic()
    inside = membership(session, segment, terms)
    mine, everybody = size(session, inside, terms.now)
    sides = mine, everybody - mine
    seen = _Seen()
    if min(sides) >= FEW:
        _compare_all(session, segment, inside, sides, terms, seen)
    return Common(
        segment=segment,
        titles=inside.titles,
        size=sides[0],
        rest=sides[1],
        traits=tuple(_ranked(holm(seen.traits))),
        left_out=tuple(seen.left_out),
        too_few_known=tuple(seen.too_few),
        counted_at=terms.now,
        seconds=time.monotonic() - begun,
    )


def _compare_all(
    session: Session, segment: str, inside: Facet, sides: tuple[int, int], terms: Terms, seen: _Seen
) -> None:
    asked = asked_by(session, segment)
    titled = {name: titles for name, *titles in all_titled(session, terms.library, with_segments=False)}
    compared = []
    for name, (ru, en) in titled.items():
        if because := why(name, asked):
            seen.left_out.append(LeftOut(name, (ru, en), because))
        else:
            compared.append(name)
    found = facets(session, compared, terms)
    for one, spread in zip(found, spreads(session, found, inside, terms.now), strict=True):
        _compare(session, one, spread, sides, seen)


def _compare(session: Session, one: Facet, spread: Spread, sides: tuple[int, int], seen: _Seen) -> None:
    mine, everybody = spread.known
    known = sides if one.name.startswith("tags") else (mine, everybody - mine)  # nobody lacks tags
    if min(known) < FEW:
        seen.too_few += [LeftOut(one.name, one.titles)] if sum(known) else []
        return
    for key, ru, en in _words(session, one, spread):
        count = spread.mine[key]
        pair = Share(count, known[0]), Share(spread.all[key] - count, known[1])
        seen.traits += _trait(one, (ru, en), *pair)


def _words(session: Session, one: Facet, spread: Spread) -> list[Words]:
    """Return the values compared: all of an ordered facet, of others the commonest."""
    if one.is_ordered:
        return list(one.words)
    known = {word[0]: word for word in one.words}
    return [known.get(key) or word(session, one, key) for key in spread.commonest(MOST_VALUES)]


def _trait(one: Facet, value: tuple[str, str], inside: Share, outside: Share) -> list[Trait]:
    if not 0 < inside.count + outside.count < inside.of + outside.of:
        return []
    return [
        Trait(
            facet=one.name,
            titles=one.titles,
            value=value,
            inside=inside,
            outside=outside,
            interval=newcombe(inside, outside),
            p_value=p_value(inside, outside),
            is_sure=False,
            is_same=abs(_phi(inside, outside)) >= SAME,
        )
    ]


def p_value(first: Share, second: Share) -> float:
    """Return the two-sided p of equal shares: Fisher's exact where a cell is small, else the pooled z."""
    having, people = first.count + second.count, first.of + second.of
    rarest = min(having, people - having) * min(first.of, second.of) / people
    if rarest < SMALL_CELL:
        from scipy.stats import fisher_exact

        table = [[one.count, one.of - one.count] for one in (first, second)]
        return float(fisher_exact(table).pvalue)
    pooled = having / people
    spread = sqrt(pooled * (1 - pooled) * (1 / first.of + 1 / second.of))
    return erfc(abs(first.count / first.of - second.count / second.of) / spread / sqrt(2))


def _phi(inside: Share, outside: Share) -> float:
    having, people = inside.count + outside.count, inside.of + outside.of
    product = having * (people - having) * inside.of * outside.of
    return (inside.count * (outside.of - outside.count) - outside.count * (inside.of - inside.count)) / sqrt(
        product
    )


def holm(traits: Sequence[Trait], error: float = ERROR) -> list[Trait]:
    """Mark the traits that hold after Holm's correction (1979) for all of them together."""
    from dataclasses import replace

    ordered = sorted(traits, key=lambda trait: trait.p_value)
    marked = []
    holds = True
    for place, trait in enumerate(ordered):
        holds = holds and trait.p_value <= error / (len(ordered) - place)
        marked.append(replace(trait, is_sure=holds))
    return marked


def _ranked(traits: Sequence[Trait]) -> list[Trait]:
    return sorted(traits, key=lambda trait: (not trait.is_sure, -trait.size, -abs(trait.difference)))
