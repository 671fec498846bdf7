"""What scores are computed from, as columns: each table of the base is read once, or summed by it once.

The counters of a million people are twenty million rows: the database adds them up, and only one row a person
comes over. All of it is in whole numbers, so that both databases, and whoever adds up by hand, find the same.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    String,
    and_,
    case,
    cast,
    column,
    distinct,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
    values,
)
from sqlalchemy.ext.compiler import compiles

from core.clock import local_day
from core.db import table
from core.people import activity
from core.people.models import DailyCount, Profile, Subscriber
from core.people.text import fold
from core.quizzes.models import Answer
from core.sales.models import IS_PURCHASE, Purchase
from core.segments.fields import MINOR
from core.segments.scores.lead import WHOLE, EventPoints, Points, thousandths
from core.segments.scores.orders import Flags, Ints, Orders, day_number, day_of, of_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from core.segments.scores.scheme import Scheme

_PURCHASES, _PROFILES, _PEOPLE = table(Purchase), table(Profile), table(Subscriber)
_DAILY, _ANSWERS = table(DailyCount), table(Answer)
_STREAMED = 10_000
_WORTHS = 2_000  # rows of worths handed over at once: SQLite takes 32,766 values in a statement
_QUARTER = 15 * 60  # seconds: clocks are moved on quarters of an hour


@dataclass(frozen=True, slots=True)
class Facts:
    """Everyone who is not erased, by ascending id, and what is known of them at the end of a day."""

    as_of: int
    ids: Ints
    in_bot: Flags  # has opened it, so what he does there is known
    letters: Ints
    unanswered: Ints
    orders: Orders  # its `people` are `ids`
    groups: tuple[str, ...]  # of acts
    acts: Ints  # thousandths of points, one row a group
    fit: Ints  # thousandths of points
    milestones: Ints | None  # how many of those configured; None: none is


def read(session: Session, now: datetime, scheme: Scheme) -> Facts:
    """Read the base as it was recorded until `now`."""
    zone = activity.zone()
    as_of = day_number(local_day(now, zone))
    ids, in_bot, letters, unanswered = _people(session)
    groups, acts = _acts(session, ids, scheme.lead, as_of)
    return Facts(
        as_of=as_of,
        ids=ids,
        in_bot=in_bot.astype(bool),
        letters=letters,
        unanswered=unanswered,
        orders=_orders(session, ids, now, zone),
        groups=groups,
        acts=acts,
        fit=_fit(session, ids, scheme.lead),
        milestones=_milestones(session, ids, scheme.milestones, as_of),
    )


def streamed(session: Session, query: Select[Any]) -> Iterator[tuple[Sequence[Any], ...]]:
    """Stream a query as columns of some thousands of rows, on SQLite with values as its driver gives them.

    A row object and a type for every value cost more there than the database itself.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        # All rows are fetched: told nothing, PostgreSQL plans for the first tenth of a cursor, by an index.
        connection.exec_driver_sql("SET LOCAL cursor_tuple_fraction = 1")
        for rows in connection.execute(query.execution_options(yield_per=_STREAMED)).partitions():
            yield tuple(zip(*rows, strict=True))
        return
    found = connection.execute(query)
    while found.cursor is not None and (rows := found.cursor.fetchmany(_STREAMED)):
        yield tuple(zip(*rows, strict=True))
    found.close()


def _numbers(session: Session, query: Select[Any], width: int) -> list[Ints]:
    """Return a query of whole numbers as columns."""
    found = [array("q") for _ in range(width)]
    for columns in streamed(session, query):
        for known, more in zip(found, columns, strict=True):
            known.extend(more)
    return [np.frombuffer(known, np.int64) if known else np.empty(0, np.int64) for known in found]


def _people(session: Session) -> list[Ints]:
    query = (
        select(
            _PEOPLE.c.id,
            _PEOPLE.c.joined_at.is_not(None),
            _PROFILES.c.letters_received,
            _PROFILES.c.unanswered,
        )
        .select_from(_PEOPLE.join(_PROFILES, _PROFILES.c.subscriber_id == _PEOPLE.c.id))
        .where(_PEOPLE.c.erased_at.is_(None))
        .order_by(_PEOPLE.c.id)
    )
    return _numbers(session, query, 4)


def _orders(session: Session, ids: Ints, now: datetime, zone: ZoneInfo) -> Orders:
    """Return the purchases until now in whole units; one without a rate is of zero, such a refund is none."""
    person, minor, second = array("q"), array("q"), array("q")
    amount = func.coalesce(_PURCHASES.c.base_amount, 0)
    query = select(_PURCHASES.c.subscriber_id, amount, type_coerce(_PURCHASES.c.at, String))
    told = or_(IS_PURCHASE, _PURCHASES.c.base_amount.is_not(None))
    for who, sums, moments in streamed(session, query.where(_PURCHASES.c.at <= now, told)):
        person.extend(who)
        minor.extend(sums)
        second.extend(_seconds(moments).tolist())
    place, known = _places(ids, np.array(person, np.int64))
    day = local_days(np.array(second, np.int64), zone)
    money = np.array(minor, np.float64) / MINOR
    return of_columns(ids, place[known], day[known], money[known])


def _seconds(moments: Sequence[Any]) -> Ints:
    """Return moments as the driver gives them (UTC text or aware) as seconds since 1970."""
    if isinstance(moments[0], str):
        return np.array(moments, "datetime64[us]").astype(np.int64) // 1_000_000
    return np.fromiter((at.timestamp() // 1 for at in moments), np.int64, len(moments))


def local_days(seconds: Ints, zone: ZoneInfo) -> Ints:
    """Return the number of the local day of each moment."""
    quarters, place = np.unique(seconds // _QUARTER, return_inverse=True)
    starts = (datetime.fromtimestamp(quarter * _QUARTER, UTC) for quarter in quarters.tolist())
    shifts = (at.astimezone(zone).utcoffset() or timedelta() for at in starts)
    offsets = np.fromiter((shift.total_seconds() for shift in shifts), np.int64, len(quarters))
    return np.asarray((seconds + offsets[place]) // 86_400, np.int64)


def _places(ids: Ints, who: Ints) -> tuple[Ints, Flags]:
    """Return where each person stands among ids, and whether he does."""
    if not len(ids):
        return np.zeros(len(who), np.int64), np.zeros(len(who), bool)
    place = np.minimum(np.searchsorted(ids, who), len(ids) - 1)
    return place, ids[place] == who


def _acts(session: Session, ids: Ints, points: Points, as_of: int) -> tuple[tuple[str, ...], Ints]:
    groups = points.groups
    total = np.zeros((len(groups), len(ids)), np.int64)
    if groups:
        place, known, sums = _by_person(session, ids, _sum_of_acts(points, as_of), len(groups))
        for row, found in zip(total, sums, strict=True):
            row[place[known]] = found[known]
    return groups, total


class _DayNumber(ColumnElement[int]):
    """SQL: the number of a day, as day_number counts it."""

    inherit_cache = True
    type = Integer()

    def __init__(self, day: ColumnElement[date]) -> None:
        self.day = day


@compiles(_DayNumber, "sqlite")
def _of_sqlite(element: _DayNumber, compiler: Any, **options: Any) -> str:
    return f"CAST(julianday({compiler.process(element.day, **options)}) - 2440587.5 AS INTEGER)"


@compiles(_DayNumber, "postgresql")
def _of_postgresql(element: _DayNumber, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.day, **options)} - DATE '1970-01-01')"


def _sum_of_acts(points: Points, as_of: int) -> Select[Any]:
    """SQL: a row a person with the sum of every group; divided act by act, as EventPoints.left is."""
    longest = max(one.days for one in points.events.values())
    sums = (
        cast(func.coalesce(_sum_of_group(points, group, as_of), 0), BigInteger) for group in points.groups
    )
    return (
        select(_DAILY.c.subscriber_id, *sums)
        .where(
            _DAILY.c.day > day_of(as_of - longest),
            _DAILY.c.day <= day_of(as_of),
            _DAILY.c.kind.in_(list(points.events)),
        )
        .group_by(_DAILY.c.subscriber_id)
    )


def _sum_of_group(points: Points, group: str, as_of: int) -> ColumnElement[int]:
    arms = [
        (
            and_(_DAILY.c.kind == kind, _DAILY.c.day > day_of(as_of - one.days)),
            _DAILY.c.count * _left(one, as_of),
        )
        for kind, one in points.events.items()
        if (one.group or kind) == group
    ]
    return func.sum(case(*arms))


def _left(one: EventPoints, as_of: int) -> ColumnElement[int]:
    """SQL: EventPoints.left; whole numbers stand in the text, so that both databases divide them as such."""
    worth, days, offset = (
        literal_column(str(number), BigInteger)
        for number in (thousandths(one.points), one.days, one.days - as_of)
    )
    left = cast(worth, BigInteger) * (offset + _DayNumber(_DAILY.c.day))
    return left.op("/", return_type=BigInteger())(days)


def _by_person(session: Session, ids: Ints, query: Select[Any], width: int) -> tuple[Ints, Flags, list[Ints]]:
    """Return a query of sums a person as places among ids, whether known there, and the sums."""
    who, *sums = _numbers(session, query, width + 1)
    return *_places(ids, who), sums


def _fit(session: Session, ids: Ints, points: Points) -> Ints:
    total = np.zeros(len(ids), np.int64)
    worths = [
        (quiz, question, fold(answer), thousandths(worth))
        for (quiz, _, question), each in (
            (name.partition("."), each) for name, each in points.answers.items()
        )
        for answer, worth in each.items()
    ]
    for start in range(0, len(worths), _WORTHS):
        query = _sum_of_answers(worths[start : start + _WORTHS])
        place, known, (more,) = _by_person(session, ids, query, 1)
        total[place[known]] += more[known]
    return total


def _sum_of_answers(worths: Sequence[tuple[str, str, str, int]]) -> Select[Any]:
    names = (column("quiz", String), column("question", String), column("folded", String))
    worth = values(*names, column("points", BigInteger)).data(worths).cte("worth")
    on = and_(*(worth.c[one.name] == _ANSWERS.c[one.name] for one in names))
    total = cast(func.sum(worth.c.points), BigInteger)
    return select(_ANSWERS.c.subscriber_id, total).join(worth, on).group_by(_ANSWERS.c.subscriber_id)


def _milestones(session: Session, ids: Ints, kinds: Sequence[str], as_of: int) -> Ints | None:
    if not kinds:
        return None
    reached = func.count(distinct(_DAILY.c.kind))
    query = select(_DAILY.c.subscriber_id, reached).group_by(_DAILY.c.subscriber_id)
    place, known, (count,) = _by_person(
        session, ids, query.where(_DAILY.c.kind.in_(kinds), _DAILY.c.day <= day_of(as_of)), 1
    )
    total = np.zeros(len(ids), np.int64)
    total[place[known]] = count[known]
    return total


def engagement(facts: Facts, points: Points) -> Ints:
    """Return the thousandths of points everyone's acts are worth, capped by group and in all."""
    total = np.zeros(len(facts.ids), np.int64)
    for group, sums in zip(facts.groups, facts.acts, strict=True):
        total += np.minimum(sums, thousandths(points.group_cap(group)))
    return np.clip(total, 0, int(points.engagement_cap * WHOLE))
