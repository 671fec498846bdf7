"""Who moved: masks, stays, sizes, days and facts written for the differences a refresh found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import BigInteger, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core import clock
from core.db import table
from core.people import activity
from core.segments.blocks import numbers_in
from core.segments.models import Membership, Segment, SegmentDay, SegmentMask
from core.segments.prepared import Prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import BindParameter, Insert, Update
    from sqlalchemy.orm import Session

_MASKS = table(SegmentMask)
_STAYS = table(Membership)
_SEGMENTS = table(Segment)
_DAYS = table(SegmentDay)

Move = tuple[int, int]  # person, segment


@dataclass(frozen=True, slots=True)
class Moves:
    """Who entered and who left which segment, as (person, number of the segment)."""

    entered: tuple[Move, ...] = ()
    left: tuple[Move, ...] = ()

    def __add__(self, other: Moves) -> Moves:
        return Moves(self.entered + other.entered, self.left + other.left)

    def __len__(self) -> int:
        return len(self.entered) + len(self.left)


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
    entered, left = [], []
    for person, (stored, wanted) in sorted(changes.items()):
        entered += [(person, number) for number in numbers_in(wanted & ~stored, block)]
        left += [(person, number) for number in numbers_in(stored & ~wanted, block)]
    moves = Moves(tuple(entered), tuple(left))
    if not len(moves):
        return moves
    _write_masks(session, block, changes)
    _write_stays(session, moves, now)
    _write_sizes(session, moves, now)
    _record(session, moves, now, names, quiet)
    return moves


def _write_masks(session: Session, block: int, changes: Mapping[int, tuple[int, int]]) -> None:
    rows = [{"person": person, "mask": wanted} for person, (_, wanted) in sorted(changes.items())]
    _prepared(session, _mask_upsert).run_many(session.connection(), {"block": block}, rows)


def _write_stays(session: Session, moves: Moves, now: datetime) -> None:
    for make, moved in ((_stay_opening, moves.entered), (_stay_closing, moves.left)):
        if moved:
            rows = [{"person": person, "number": number} for person, number in moved]
            _prepared(session, make).run_many(session.connection(), {"moment": now}, rows)


def _write_sizes(session: Session, moves: Moves, now: datetime) -> None:
    """Sizes follow in the same transaction; in the order of numbers, so that writers never wait in a ring."""
    entered = Counter(number for _, number in moves.entered)
    left = Counter(number for _, number in moves.left)
    numbers = sorted(entered | left)
    rows = [{"number": number, "more": entered[number] - left[number]} for number in numbers]
    _prepared(session, _resizing).run_many(session.connection(), {}, rows)
    write_days(session, numbers, now, entered, left)


def write_days(
    session: Session,
    numbers: Iterable[int],
    now: datetime,
    entered: Mapping[int, int],
    left: Mapping[int, int],
) -> None:
    """Keep today's row of each segment: its size so far, who came and who went."""
    rows = [
        {"number": number, "came": entered.get(number, 0), "went": left.get(number, 0)}
        for number in sorted(numbers)
    ]
    if rows:
        day = clock.local_day(now, activity.zone())
        _prepared(session, _day_upsert).run_many(session.connection(), {"day": day}, rows)


# -- statements, compiled once a dialect -------------------------------------------------------------


def _mask_upsert(dialect: str) -> sqlite.Insert:
    statement = _upsert(dialect, _MASKS).values(
        subscriber_id=_number("person"), block=_number("block"), mask=_number("mask")
    )
    return statement.on_conflict_do_update(
        index_elements=["subscriber_id", "block"], set_={"mask": statement.excluded.mask}
    )


def _stay_opening(_dialect: str) -> Insert:
    moment = bindparam("moment", value=None, type_=_STAYS.c.entered_at.type)
    return insert(_STAYS).values(
        subscriber_id=_number("person"), segment_id=_number("number"), entered_at=moment
    )


def _stay_closing(_dialect: str) -> Update:
    return (
        update(_STAYS)
        .where(
            _STAYS.c.subscriber_id == _number("person"),
            _STAYS.c.segment_id == _number("number"),
            _STAYS.c.left_at.is_(None),
        )
        .values(left_at=bindparam("moment", value=None, type_=_STAYS.c.left_at.type))
    )


def _resizing(_dialect: str) -> Update:
    size = _SEGMENTS.c.size + _number("more")
    return update(_SEGMENTS).where(_SEGMENTS.c.id == _number("number")).values(size=size)


def _day_upsert(dialect: str) -> sqlite.Insert:
    """Today's row takes the segment's present size, and adds to who came and went."""
    day = bindparam("day", value=None, type_=_DAYS.c.day.type)
    present = select(_SEGMENTS.c.id, day, _SEGMENTS.c.size, _number("came"), _number("went")).where(
        _SEGMENTS.c.id == _number("number")
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


def _number(name: str) -> BindParameter[int]:
    return bindparam(name, value=0, type_=BigInteger())


def _upsert(dialect: str, table: Table) -> sqlite.Insert:
    """Return the dialect's INSERT … ON CONFLICT; both speak the same words."""
    return sqlite.insert(table) if dialect == "sqlite" else cast("sqlite.Insert", postgresql.insert(table))


_kept: dict[tuple[str, str], Prepared] = {}


def _prepared(session: Session, make: Callable[[str], Any]) -> Prepared:
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
