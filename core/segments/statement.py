"""The SELECT of a layer: up to 62 conditions as one mask, beside the mask that is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import BigInteger, and_, bindparam, case, false, func, literal_column, select
from sqlalchemy.sql.visitors import iterate

from core.db import table
from core.segments.binds import Binds
from core.segments.conditions.condition import Condition
from core.segments.fields import PROFILES, SUBSCRIBERS
from core.segments.listed import GIVEN, listed, rows_of
from core.segments.models import SegmentMask
from core.segments.prepared import Prepared
from core.segments.scores.fields import SCORES, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import ColumnElement, Connection, CursorResult, Dialect

_MASKS = table(SegmentMask)
EVERYONE, ONE, MANY = 0, 1, 2  # people of a statement: few shapes, so that each stays compiled
_STREAMED = 5000

Row = tuple[int, int, int]  # person, stored mask, computed mask


class Statement:
    """A compiled SELECT, returning (person, stored mask, bits computed) of those whose bits differ.

    Many people are chosen by `id IN (SELECT …)` from one list: a join on the few ids makes SQLite build a
    Bloom filter by a full scan of subscribers (0.13 s instead of 0.005 s for 43 people of 100,000).
    """

    def __init__(
        self,
        block: int,
        conditions: Sequence[tuple[int, Condition]],
        numbers: Mapping[str, int],
        people: int,
    ) -> None:
        self._binds = Binds(numbers)
        self._people = people
        self._prepared: Prepared | None = None
        self.select = self._select(block, conditions)

    def _select(self, block: int, conditions: Sequence[tuple[int, Condition]]) -> Any:
        zero = literal_column("0", BigInteger)
        is_forgotten = SUBSCRIBERS.c.erased_at.is_not(None)  # a member of nothing, whatever a rule says
        computed = case((is_forgotten, zero), else_=joined(mask_of(conditions, self._binds)))
        stored = func.coalesce(_MASKS.c.mask, zero)
        bits = literal_column(str(sum(bit for bit, _ in conditions)), BigInteger)
        own_mask = and_(
            _MASKS.c.subscriber_id == SUBSCRIBERS.c.id, _MASKS.c.block == literal_column(str(block))
        )
        people = SUBSCRIBERS.join(PROFILES, PROFILES.c.subscriber_id == SUBSCRIBERS.c.id)
        people = people.outerjoin(_MASKS, own_mask)
        if any(getattr(part, "table", None) is SCORES for part in iterate(computed)):
            people = people.outerjoin(SCORES, SCORES.c.subscriber_id == SUBSCRIBERS.c.id)
        query = (
            select(SUBSCRIBERS.c.id, stored.label("stored"), computed.label("computed"))
            .select_from(people)
            .where(stored.bitwise_and(bits) != computed)
        )
        if self._people == ONE:
            query = query.where(SUBSCRIBERS.c.id == bindparam("person", value=0, type_=BigInteger()))
        return query

    def differences(
        self, connection: Connection, ids: Sequence[int], now: datetime, zone: ZoneInfo
    ) -> Sequence[Row]:
        """Return those of the given people (one, if the statement is for one) whose bits differ."""
        people = {"person": ids[0]} if self._people == ONE else {GIVEN: listed(ids)}
        return cast("Sequence[Row]", self._run(connection, people, now, zone).fetchall())

    def scan(self, connection: Connection, now: datetime, zone: ZoneInfo) -> Iterator[Sequence[Row]]:
        """Return everyone whose bits differ, streamed in parts."""
        rows = self._run(connection, {}, now, zone, _STREAMED)
        return cast("Iterator[Sequence[Row]]", rows.partitions(_STREAMED))

    def _run(
        self,
        connection: Connection,
        people: Mapping[str, int | str],
        now: datetime,
        zone: ZoneInfo,
        streamed: int | None = None,
    ) -> CursorResult[Any]:
        prepared = self._prepared or self._prepare(connection.dialect)
        return prepared.run(connection, {**self._binds.values(now, zone), **people}, streamed)

    def _prepare(self, dialect: Dialect) -> Prepared:
        query = self.select
        if self._people == MANY:
            given, (person,) = rows_of(dialect.name, "person")
            query = query.where(SUBSCRIBERS.c.id.in_(select(person).select_from(given)))
        self._prepared = Prepared(query, dialect)
        return self._prepared


def mask_of(conditions: Iterable[tuple[int, Condition]], binds: Binds) -> ColumnElement[int]:
    """SQL: the sum of the bits that hold; bits are literals, bound ones would count as parameters."""
    zero = literal_column("0", BigInteger)
    terms = [
        case((condition.sql(binds), literal_column(str(bit), BigInteger)), else_=zero)
        for bit, condition in conditions
    ]
    total: ColumnElement[int] = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


class _Nobody(Condition):
    """The rule of a segment that is switched off."""

    __slots__ = ()

    @property
    def reads(self) -> frozenset[str]:
        """Nothing."""
        return frozenset()

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """Nobody."""
        return false()


def false_rule() -> Condition:
    """Return the condition that nobody fulfils."""
    return _Nobody()
