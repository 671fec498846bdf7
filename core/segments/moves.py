"""Who moved: masks, stays, sizes, days and facts written for the differences a refresh found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import BigInteger, Integer, Table, bindparam, insert, literal_column, select, update
from sqlalchemy import cast as as_type
from sqlalchemy.dialects import postgresql, sqlite

from core import clock
from core.db import table
from core.people import activity
from core.segments.blocks import BITS, bit_of, block_of, numbers_in
from core.segments.listed import GIVEN, listed, packed, rows_of
from core.segments.models import Membership, Segment, SegmentDay, SegmentMask
from core.segments.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Insert, Select, Update
    from sqlalchemy.orm import Session

_MASKS = table(SegmentMask)
_STAYS = table(Membership)
_SEGMENTS = table(Segment)
_DAYS = table(SegmentDay)

Move = tuple[int, int]  # person, segment


@dataclass(frozen=True, slots=True)
class Moves:
    """Who entered and who left which segment, as (person, number of the segment).

    `filled` counts by segment those who were put into a quiet one: nobody asks who they were.
    """

    entered: tuple[Move, ...] = ()
    left: tuple[Move, ...] = ()
    filled: Mapping[int, int] = field(default_factory=dict)

    def __add__(self, other: Moves) -> Moves:
        filled = Counter(self.filled) + Counter(other.filled)
        return Moves(self.entered + other.entered, self.left + other.left, filled)

    def __len__(self) -> int:
        return len(self.entered) + len(self.left) + sum(self.filled.values())

    def came(self) -> Counter[int]:
        """How many entered each segment."""
        return Counter(number for _, number in self.entered) + Counter(self.filled)

    def went(self) -> Counter[int]:
        """How many left each segment."""
        return Counter(number for _, number in self.left)


def apply(
    session: Session,
    block: int,
    changes: Mapping[int, tuple[int, int]],
    now: datetime,
    names: Mapping[int, str],
    quiet: Collection[int] = (),
) -> Moves:
    """Write the new masks of one block, {person: (stored, wanted)}, and all that follows from them.

    Segments in `quiet` get their members without the facts `segment_entered` and `segment_left`.
    """
    entered, left = list[Move](), list[Move]()
    filling = {number: bit_of(number) for number in quiet if block_of(number) == block}
    hushed = sum(filling.values())
    filled: list[tuple[int, int]] = []
    for person, (stored, wanted) in sorted(changes.items()):
        gained = wanted & ~stored
        if gained & hushed:
            filled.append((person, gained & hushed))
        if gained & ~hushed:
            entered += [(person, number) for number in numbers_in(gained & ~hushed, block)]
        if stored & ~wanted:
            left += [(person, number) for number in numbers_in(stored & ~wanted, block)]
    moves = Moves(tuple(entered), tuple(left), _counts(filling, filled))
    if not len(moves):
        return moves
    _write_masks(session, block, changes)
    _write_stays(session, moves, now)
    _fill(session, block, filling.values(), filled, now)
    _write_sizes(session, moves, now)
    _record(session, moves, now, names, quiet)
    return moves


def _counts(filling: Mapping[int, int], filled: Sequence[tuple[int, int]]) -> dict[int, int]:
    counts = {number: sum(1 for _, gained in filled if gained & bit) for number, bit in filling.items()}
    return {number: count for number, count in counts.items() if count}


def _write_masks(session: Session, block: int, changes: Mapping[int, tuple[int, int]]) -> None:
    rows = packed((person, wanted) for person, (_, wanted) in sorted(changes.items()))
    prepared(session, _mask_upsert).run(session.connection(), {"block": block, GIVEN: rows})


def _write_stays(session: Session, moves: Moves, now: datetime) -> None:
    for make, moved in ((_stay_opening, moves.entered), (_stay_closing, moves.left)):
        if moved:
            rows = listed(person << _SHIFT | number for person, number in moved)
            prepared(session, make).run(session.connection(), {"moment": now, GIVEN: rows})


def _fill(
    session: Session, block: int, bits: Iterable[int], filled: Sequence[tuple[int, int]], now: datetime
) -> None:
    """Open the stays of people put into new segments: the database takes the masks apart itself."""
    if filled:
        places = listed(bit.bit_length() - 1 for bit in bits)
        values = {"moment": now, "first": block * BITS + 1, GIVEN: packed(filled), "places": places}
        prepared(session, _stay_filling).run(session.connection(), values)


def _write_sizes(session: Session, moves: Moves, now: datetime) -> None:
    """Sizes follow in the same transaction."""
    entered, left = moves.came(), moves.went()
    numbers = sorted(entered | left)
    connection = session.connection()
    if connection.dialect.name != "sqlite":  # in the order of numbers: two writers never wait in a ring
        prepared(session, _size_locking).run(connection, {GIVEN: listed(numbers)}).fetchall()
    more = packed((number, entered[number] - left[number]) for number in numbers)
    prepared(session, _resizing).run(connection, {GIVEN: more})
    write_days(session, numbers, now, entered, left)


def write_days(
    session: Session,
    numbers: Iterable[int],
    now: datetime,
    entered: Mapping[int, int],
    left: Mapping[int, int],
) -> None:
    """Keep today's row of each segment: its size so far, who came and who went."""
    rows = packed((number, entered.get(number, 0), left.get(number, 0)) for number in sorted(numbers))
    day = clock.local_day(now, activity.zone())
    prepared(session, _day_upsert).run(session.connection(), {"day": day, GIVEN: rows})


# -- statements, compiled once a dialect -------------------------------------------------------------

_SHIFT = 20  # a move is one number: the person, then the segment in its last twenty bits


def _moves(dialect: str) -> Select[int, int]:
    """SQL: the given moves as person and segment; PostgreSQL shifts by a plain integer only."""
    given, (move,) = rows_of(dialect, "move")
    person = move.bitwise_rshift(literal_column(str(_SHIFT)))
    number = move.bitwise_and(literal_column(str((1 << _SHIFT) - 1)))
    return select(person.label("person"), number.label("number")).select_from(given)


def _mask_upsert(dialect: str) -> sqlite.Insert:
    given, (person, mask) = rows_of(dialect, "person", "mask")
    block = bindparam("block", value=0, type_=BigInteger())
    rows = select(person, block, mask).select_from(given).where(_all())
    statement = _upsert(dialect, _MASKS).from_select(["subscriber_id", "block", "mask"], rows)
    return statement.on_conflict_do_update(
        index_elements=["subscriber_id", "block"], set_={"mask": statement.excluded.mask}
    )


def _stay_opening(dialect: str) -> Insert:
    moment = bindparam("moment", value=None, type_=_STAYS.c.entered_at.type)
    rows = _moves(dialect).add_columns(moment)
    return insert(_STAYS).from_select(["subscriber_id", "segment_id", "entered_at"], rows)


def _stay_filling(dialect: str) -> Insert:
    """A stay for each bit of each given mask, the first bit being that of the segment `first`."""
    given, columns = rows_of(dialect, "person", "gained")
    people = select(*columns).select_from(given).subquery()
    bits, (place,) = rows_of(dialect, "place", parameter="places")
    places = select(place).select_from(bits).subquery()
    moment = bindparam("moment", value=None, type_=_STAYS.c.entered_at.type)
    first = bindparam("first", value=1, type_=BigInteger())
    shift = as_type(places.c.place, Integer)  # PostgreSQL shifts by a plain integer only
    one = people.c.gained.bitwise_rshift(shift).bitwise_and(literal_column("1"))
    rows = select(people.c.person, places.c.place + first, moment).where(one == literal_column("1"))
    return insert(_STAYS).from_select(["subscriber_id", "segment_id", "entered_at"], rows)


def _stay_closing(dialect: str) -> Update:
    """The open stays are found by their index from the given rows, never the other way round."""
    wanted = _moves(dialect).subquery()
    return (
        update(_STAYS)
        .where(
            _STAYS.c.subscriber_id == wanted.c.person,
            _STAYS.c.segment_id == wanted.c.number,
            _STAYS.c.left_at.is_(None),
        )
        .values(left_at=bindparam("moment", value=None, type_=_STAYS.c.left_at.type))
    )


def _size_locking(dialect: str) -> Select[int]:
    given, (number,) = rows_of(dialect, "number")
    numbers = select(number).select_from(given)
    ordered = select(_SEGMENTS.c.id).where(_SEGMENTS.c.id.in_(numbers)).order_by(_SEGMENTS.c.id)
    return ordered.with_for_update(key_share=True)  # the stays of other writers hold their segments' keys


def _resizing(dialect: str) -> Update:
    given, columns = rows_of(dialect, "number", "more")
    wanted = select(*columns).select_from(given).subquery()
    size = _SEGMENTS.c.size + wanted.c.more
    return update(_SEGMENTS).where(_SEGMENTS.c.id == wanted.c.number).values(size=size)


def _day_upsert(dialect: str) -> sqlite.Insert:
    """Today's row takes the segment's present size, and adds to who came and went."""
    day = bindparam("day", value=None, type_=_DAYS.c.day.type)
    given, columns = rows_of(dialect, "number", "came", "went")
    wanted = select(*columns).select_from(given).subquery()
    present = (
        select(_SEGMENTS.c.id, day, _SEGMENTS.c.size, wanted.c.came, wanted.c.went)
        .join(wanted, wanted.c.number == _SEGMENTS.c.id)
        .where(_all())
        .order_by(_SEGMENTS.c.id)
    )
    statement = _upsert(dialect, _DAYS).from_select(["segment_id", "day", "size", "entered", "left"], present)
    return statement.on_conflict_do_update(
        index_elements=["segment_id", "day"],
        set_={
            "size": statement.excluded.size,
            "entered": _DAYS.c.entered + statement.excluded.entered,
            "left": _DAYS.c.left + statement.excluded.left,
        },
    )


def _all() -> ColumnElement[bool]:
    """SQLite reads INSERT … SELECT … ON CONFLICT rightly only where the SELECT has a WHERE."""
    return literal_column("1") == literal_column("1")


def _upsert(dialect: str, table: Table) -> sqlite.Insert:
    """Return the dialect's INSERT … ON CONFLICT; both speak the same words."""
    return sqlite.insert(table) if dialect == "sqlite" else cast("sqlite.Insert", postgresql.insert(table))


_kept: dict[tuple[str, str], Prepared] = {}


def prepared(session: Session, make: Callable[[str], Any]) -> Prepared:
    """Return the statement that `make` builds for a dialect, compiled once."""
    dialect = session.connection().dialect
    key = (dialect.name, make.__name__)
    if key not in _kept:
        _kept[key] = Prepared(make(dialect.name), dialect)
    return _kept[key]


# -- facts -------------------------------------------------------------------------------------------


def _record(
    session: Session, moves: Moves, now: datetime, names: Mapping[int, str], quiet: Collection[int]
) -> None:
    """Record the facts; the people are being refreshed already, so they are not noted as touched again."""
    facts = [
        activity.Fact(person, kind, now, {"segment": names[number]})
        for kind, moved in (("segment_entered", moves.entered), ("segment_left", moves.left))
        for person, number in moved
        if number not in quiet
    ]
    if not facts:
        return
    kept = {key: session.info[key] for key in ("touched", "touched_now") if key in session.info}
    touched = set(kept.get("touched", ()))
    activity.record_many(session, facts, now)
    session.info.pop("touched", None)
    session.info.pop("touched_now", None)
    session.info.update(kept)
    if kept:
        session.info["touched"] = touched
