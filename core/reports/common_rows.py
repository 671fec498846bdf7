"""How many people have each value of every facet, in a segment and in all: what `common` compares.

Facets of the person's own rows are counted out of one pass over a chunk of people; those of child tables out
of the child table, which is as long as what people have said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, literal, select, union_all

from core.reports.chunks import chunks, counted, span
from core.reports.crosstab_rows import MOST_DIFFERENT
from core.segments.audience import PEOPLE
from core.segments.fields import SUBSCRIBERS
from core.segments.scores.fields import SCORES, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from core.reports.facets import Facet

AT_ONCE = 1000  # rows fetched together


@dataclass(slots=True)
class Spread:
    """People by value of one facet, and those with any value; `mine` of the segment, `all` of everybody."""

    mine: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    known: tuple[int, int] = (0, 0)  # mine, all

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take in rows of value, people, people of the segment; the rarest of very many are forgotten."""
        for value, people, mine in rows:
            self.all[value] += people
            if mine:
                self.mine[value] += int(mine)
            if len(self.all) > 2 * MOST_DIFFERENT:
                self.all = Counter(dict(self.all.most_common(MOST_DIFFERENT)))
                self.mine = Counter({one: self.mine[one] for one in self.all if self.mine[one]})

    def commonest(self, most: int) -> list[str]:
        """Return the values most people have."""
        return sorted(self.all, key=lambda value: (-self.all[value], value))[:most]


def spreads(session: Session, facets: Sequence[Facet], inside: Facet, now: datetime) -> list[Spread]:
    """Return the spread of every facet. `inside` is the facet "in the segment or not"."""
    found = {facet: Spread() for facet in facets}
    own = [facet for facet in facets if facet.join is None]
    if own:
        for low, high in chunks(session):
            _of_people(session, own, inside, (*span(low, high), *counted(session, None, now)), found)
    for facet in facets:
        if facet.join is None:
            found[facet].known = (sum(found[facet].mine.values()), sum(found[facet].all.values()))
        else:
            _of_rows(session, facet, inside, now, found[facet])
    return [found[facet] for facet in facets]


def size(session: Session, inside: Facet, now: datetime) -> tuple[int, int]:
    """Return how many people are in the segment, and how many there are."""
    query = select(func.coalesce(func.sum(_is_mine(inside)), 0), func.count())
    people = PEOPLE.outerjoin(*_stays(inside))
    row = session.execute(query.select_from(people).where(*counted(session, None, now))).one()
    return int(row[0]), int(row[1])


def _stays(inside: Facet) -> Any:
    return inside.join


def _is_mine(inside: Facet) -> ColumnElement[int]:
    return case((inside.raw == "yes", 1), else_=0)


def _of_people(
    session: Session, own: Sequence[Facet], inside: Facet, who: Any, found: dict[Facet, Spread]
) -> None:
    """Count all facets of one chunk of people: every value is read once, then grouped facet by facet."""
    columns = [joined(facet.raw).label(f"f{place}") for place, facet in enumerate(own)]
    people = PEOPLE.outerjoin(SCORES, SCORES.c.subscriber_id == SUBSCRIBERS.c.id).outerjoin(*_stays(inside))
    read = select(_is_mine(inside).label("mine"), *columns).select_from(people).where(*who)
    raw = read.cte("raw").prefix_with("MATERIALIZED")
    arms = [_grouped(place, facet, raw) for place, facet in enumerate(own)]
    taken: dict[int, list[Sequence[Any]]] = {}
    for place, *row in session.execute(union_all(*arms)):
        taken.setdefault(place, []).append(row)
    for place, rows in taken.items():
        found[own[place]].add(rows)


def _grouped(place: int, facet: Facet, raw: Any) -> Select[Any]:
    value = facet.told(raw.c[f"f{place}"])
    told = select(value.label("value"), raw.c.mine).subquery()
    query = select(literal(place), told.c.value, func.count(), func.sum(told.c.mine))
    return query.where(told.c.value.is_not(None), told.c.value != "").group_by(told.c.value)


def _of_rows(session: Session, facet: Facet, inside: Facet, now: datetime, found: Spread) -> None:
    """Count a facet of a child table."""
    if facet.join is None:
        return
    rows, own = facet.join
    people = rows.join(SUBSCRIBERS, own).outerjoin(*_stays(inside))
    value, who = facet.told(facet.raw).label("value"), SUBSCRIBERS.c.id.label("who")
    read = select(value, _is_mine(inside).label("mine"), who).select_from(people)
    told = read.where(*counted(session, None, now)).subquery()
    is_known = (told.c.value.is_not(None), told.c.value != "")
    query = select(told.c.value, func.count(), func.sum(told.c.mine)).where(*is_known)
    grouped = query.group_by(told.c.value)
    for part in session.execute(grouped, execution_options={"yield_per": AT_ONCE}).partitions():
        found.add(part)
    if not facet.is_several:
        found.known = (sum(found.mine.values()), sum(found.all.values()))
        return
    one = select(func.max(told.c.mine).label("mine")).where(*is_known).group_by(told.c.who).subquery()
    people_known = select(func.coalesce(func.sum(one.c.mine), 0), func.count()).select_from(one)
    mine, everybody = session.execute(people_known).one()
    found.known = (int(mine), int(everybody))
