"""Movement between segments: where the people of each were one day, and where they are another.

Read from stays alone, so any two past days can be compared. In a family whose segments exclude each other a
row sums to the size of its segment on the first day and a column to that on the second; of several segments
at once a person counts in the smallest of them (of silent for 14, 30 and 90 days: in the longest silence).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, literal, or_, select, union_all

from core import clock
from core.errors import KvizorError
from core.people import activity
from core.people.models import Subscriber
from core.sales.models import Purchase
from core.segments.models import Membership, Segment
from core.segments.past import check_day, day_end
from core.segments.rules import find

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Subquery
    from sqlalchemy.orm import Session

MOST_MONTHS = 24
MOST_SEGMENTS = 40
NONE, ABSENT = 0, -1  # in none of these segments; not in the base: not yet, or forgotten since


class MovementError(KvizorError):
    """Nothing can be compared like this; the message says what can."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody can be: a segment by its number, NONE or ABSENT."""

    number: int
    name: str
    title_ru: str
    title_en: str

    def title(self, language: str) -> str:
        """Return the title in a language."""
        return self.title_ru if language == "ru" else self.title_en


@dataclass(frozen=True, slots=True)
class Cell:
    """Those who were in one place on the first day and in another (or the same) on the second.

    Money in minor units of the base currency: `before` paid in as many days up to the first day as lie
    between the two, `after` between them.
    """

    source: int
    target: int
    people: int
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Movement:
    """A matrix of people between two days; `overlap`: how many were in several of these segments at once."""

    first: date
    last: date
    places: tuple[Place, ...]  # segments in their order, then NONE and ABSENT
    cells: tuple[Cell, ...]  # without empty ones
    overlap: int

    def people(self, source: int | None = None, target: int | None = None) -> int:
        """Return how many went from one place to another; None stands for any."""
        return sum(
            cell.people
            for cell in self.cells
            if source in (None, cell.source) and target in (None, cell.target)
        )

    @property
    def moves(self) -> tuple[Cell, ...]:
        """Those who changed places, most people first; coming into the base is no move."""
        inside = [cell for cell in self.cells if cell.source != cell.target and cell.source != ABSENT]
        return tuple(sorted(inside, key=lambda cell: (-cell.people, cell.source, cell.target)))

    @property
    def moved(self) -> int:
        """How many of those who stood in a segment went elsewhere."""
        return sum(cell.people for cell in self.moves if cell.source > 0)

    @property
    def stood(self) -> int:
        """How many were in one of the segments on the first day."""
        return sum(cell.people for cell in self.cells if cell.source > 0)

    def place(self, number: int) -> Place:
        """Return a place by its number."""
        return next(place for place in self.places if place.number == number)


_NONE = Place(NONE, "none", "ни в одном из них", "in none of these")
_ABSENT = Place(ABSENT, "absent", "не в базе", "not in the base")


def movement(
    session: Session, names: Sequence[str], first: date, last: date, now: datetime, *, money: bool = False
) -> Movement:
    """Compare two local days, each as it ended (today: so far).

    Raises SegmentError for an unknown segment, DayError for a day still to come, MovementError for too many
    segments or a first day that is not before the last.
    """
    places = _places(session, names)
    check_day(last, now)
    if first >= last:
        raise MovementError(f"{first} is not before {last}; give the earlier day first.")
    ends = day_end(first), day_end(last)
    counted = _counted(session, [place.number for place in places], ends)
    rows, overlap = _cells(session, counted, ends, money=money)
    cells = [*rows, *_outside(session, rows, ends, money=money)]
    there = (*places, _NONE, _ABSENT)
    return Movement(first, last, there, tuple(cell for cell in cells if cell.people), overlap)


def by_month(session: Session, names: Sequence[str], months: int, now: datetime) -> tuple[Movement, ...]:
    """Compare the ends of the last `months` calendar months, the latest first; this month is so far."""
    if not 1 <= months <= MOST_MONTHS:
        raise MovementError(f"{months} months: between 1 and {MOST_MONTHS} can be compared.")
    today = clock.local_day(now, activity.zone())
    found = []
    last = today
    for _ in range(months):
        first = last.replace(day=1) - timedelta(days=1)
        found.append(movement(session, names, first, last, now))
        last = first
    return tuple(found)


def _places(session: Session, names: Sequence[str]) -> list[Place]:
    if not 1 <= len(names) <= MOST_SEGMENTS:
        raise MovementError(f"{len(names)} segments: between 1 and {MOST_SEGMENTS} can be compared.")
    found = [find(session, name) for name in dict.fromkeys(names)]
    return [Place(one.number, one.name, one.title_ru, one.title_en) for one in found]


def _counted(session: Session, numbers: Sequence[int], ends: tuple[datetime, datetime]) -> Subquery:
    """Everyone with a stay on either day: his places on both, and whether he had several at once.

    Like past.stays_at in two halves, each a range of (segment_id, left_at): what was over before the first
    day is never looked at.
    """
    start, end = ends
    columns = select(
        Membership.subscriber_id, Membership.segment_id, Membership.entered_at, Membership.left_at
    )
    own = (Membership.segment_id.in_(numbers), Membership.entered_at < end)
    stays = union_all(
        columns.where(*own, Membership.left_at.is_(None)), columns.where(*own, Membership.left_at >= start)
    ).subquery()
    order = _smallest_first(session, numbers)
    place = case({number: rank for rank, number in enumerate(order)}, value=stays.c.segment_id)

    def on(moment: datetime) -> ColumnElement[bool]:
        return (stays.c.entered_at < moment) & or_(stays.c.left_at.is_(None), stays.c.left_at >= moment)

    number = dict(enumerate(order))
    was, is_now = (func.min(case((on(moment), place))) for moment in ends)
    several = or_(*(func.sum(case((on(moment), 1), else_=0)) > 1 for moment in ends))
    return (
        select(
            stays.c.subscriber_id,
            func.coalesce(case(number, value=was), literal(NONE)).label("source"),
            func.coalesce(case(number, value=is_now), literal(NONE)).label("target"),
            case((several, 1), else_=0).label("overlap"),
        )
        .group_by(stays.c.subscriber_id)
        .having(or_(was.is_not(None), is_now.is_not(None)))
        .subquery()
    )


def _smallest_first(session: Session, numbers: Sequence[int]) -> list[int]:
    query = select(Segment.id).where(Segment.id.in_(numbers)).order_by(Segment.size, Segment.id)
    return list(session.scalars(query))


def _cells(
    session: Session, counted: Subquery, ends: tuple[datetime, datetime], *, money: bool
) -> tuple[list[Cell], int]:
    """Group those with a stay on either day: newcomers since come from ABSENT, who was forgotten went there.

    Returns the cells, and how many people were in several segments at once.
    """
    came = (counted.c.source == NONE) & (Subscriber.created_at >= ends[0])
    went = (counted.c.target == NONE) & (Subscriber.erased_at < ends[1])
    origin = case((came, ABSENT), else_=counted.c.source).label("origin")
    end = case((went, ABSENT), else_=counted.c.target).label("end")
    query = select(origin, end, func.sum(counted.c.overlap), func.count()).join(
        Subscriber, Subscriber.id == counted.c.subscriber_id
    )
    if money:
        paid = _paid(ends)
        sums = (func.coalesce(func.sum(column), 0) for column in (paid.c.before, paid.c.after))
        query = query.outerjoin(paid, paid.c.subscriber_id == counted.c.subscriber_id).add_columns(*sums)
    rows = session.execute(query.group_by("origin", "end")).all()
    cells = [Cell(source, target, *(int(value) for value in rest)) for source, target, _, *rest in rows]
    return cells, sum(int(row[2]) for row in rows)


def _paid(ends: tuple[datetime, datetime]) -> Subquery:
    """What each buyer paid in the span before the first day's end, and in the span after it."""
    start = ends[0] - (ends[1] - ends[0])
    sums = _sums(ends)
    query = (
        select(Purchase.subscriber_id, sums[0].label("before"), sums[1].label("after"))
        .where(Purchase.at >= start, Purchase.at < ends[1])
        .group_by(Purchase.subscriber_id)
    )
    return query.subquery()


def _sums(ends: tuple[datetime, datetime]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    # a purchase without a rate is in no sum
    amount = func.coalesce(Purchase.base_amount, 0)
    before = func.sum(case((Purchase.at < ends[0], amount), else_=0))
    return before, func.sum(case((Purchase.at >= ends[0], amount), else_=0))


def _outside(
    session: Session, rows: Sequence[Cell], ends: tuple[datetime, datetime], *, money: bool
) -> list[Cell]:
    """Those with no stay on either day are the rest of the base: counted, not looked up one by one."""
    born, gone = Subscriber.created_at, Subscriber.erased_at
    old, new = born < ends[0], (born >= ends[0]) & (born < ends[1])
    was_there = old & (gone.is_(None) | (gone >= ends[0]))
    is_there = gone.is_(None) | (gone >= ends[1])
    sums = (was_there & is_there, was_there & ~is_there, new & is_there)
    query = select(*(func.coalesce(func.sum(case((which, 1), else_=0)), 0) for which in sums))
    stayed, went, came = (int(count) for count in session.execute(query).one())

    def inside(*, source: bool, target: bool) -> int:
        kind = (source, target)
        return sum(one.people for one in rows if (one.source != ABSENT, one.target != ABSENT) == kind)

    return [
        Cell(NONE, NONE, stayed - inside(source=True, target=True), *_rest(session, rows, ends, money=money)),
        Cell(NONE, ABSENT, went - inside(source=True, target=False)),
        Cell(ABSENT, NONE, came - inside(source=False, target=True)),
    ]


def _rest(
    session: Session, rows: Sequence[Cell], ends: tuple[datetime, datetime], *, money: bool
) -> tuple[int, int]:
    """The money of all others: of newcomers too, who are few and have mostly not bought yet."""
    if not money:
        return 0, 0
    start = ends[0] - (ends[1] - ends[0])
    query = select(*_sums(ends)).where(Purchase.at >= start, Purchase.at < ends[1])
    before, after = session.execute(query).one()
    return (
        int(before or 0) - sum(cell.before for cell in rows),
        int(after or 0) - sum(cell.after for cell in rows),
    )
