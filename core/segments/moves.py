"""Who moved: masks, stays, sizes, days and facts written for the differences a refresh found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core import clock
from core.people import activity
from core.segments.blocks import numbers_in
from core.segments.models import Membership, Segment, SegmentDay, SegmentMask

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

_MASKS = cast("Table", SegmentMask.__table__)
_STAYS = cast("Table", Membership.__table__)
_SEGMENTS = cast("Table", Segment.__table__)
_DAYS = cast("Table", SegmentDay.__table__)

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
    statement = upsert(session, _MASKS)
    statement = statement.on_conflict_do_update(
        index_elements=["subscriber_id", "block"], set_={"mask": statement.excluded.mask}
    )
    rows = [
        {"subscriber_id": person, "block": block, "mask": wanted}
        for person, (_, wanted) in sorted(changes.items())
    ]
    session.connection().execute(statement, rows)


def _write_stays(session: Session, moves: Moves, now: datetime) -> None:
    connection = session.connection()
    if moves.entered:
        rows = [
            {"subscriber_id": person, "segment_id": number, "entered_at": now, "left_at": None}
            for person, number in moves.entered
        ]
        connection.execute(insert(_STAYS), rows)
    if moves.left:
        close = (
            update(_STAYS)
            .where(
                _STAYS.c.subscriber_id == bindparam("person"),
                _STAYS.c.segment_id == bindparam("number"),
                _STAYS.c.left_at.is_(None),
            )
            .values(left_at=bindparam("moment", type_=_STAYS.c.left_at.type))
        )
        connection.execute(
            close, [{"person": person, "number": number, "moment": now} for person, number in moves.left]
        )


def _write_sizes(session: Session, moves: Moves, now: datetime) -> None:
    """Sizes follow in the same transaction; in the order of numbers, so that writers never wait in a ring."""
    entered = Counter(number for _, number in moves.entered)
    left = Counter(number for _, number in moves.left)
    numbers = sorted(entered | left)
    resize = (
        update(_SEGMENTS)
        .where(_SEGMENTS.c.id == bindparam("number"))
        .values(size=_SEGMENTS.c.size + bindparam("more"))
    )
    session.connection().execute(
        resize, [{"number": number, "more": entered[number] - left[number]} for number in numbers]
    )
    write_days(session, numbers, now, entered, left)


def write_days(
    session: Session,
    numbers: Iterable[int],
    now: datetime,
    entered: Mapping[int, int],
    left: Mapping[int, int],
) -> None:
    """Keep today's row of each segment: its size so far, who came and who went."""
    day = clock.local_day(now, activity.zone())
    wanted = sorted(numbers)
    query = select(_SEGMENTS.c.id, _SEGMENTS.c.size).where(_SEGMENTS.c.id.in_(wanted))
    sizes = {number: size for number, size in session.connection().execute(query)}
    statement = upsert(session, _DAYS)
    statement = statement.on_conflict_do_update(
        index_elements=["segment_id", "day"],
        set_={
            "size": statement.excluded.size,
            "entered": _DAYS.c.entered + statement.excluded.entered,
            "left": _DAYS.c.left + statement.excluded.left,
        },
    )
    rows = [
        {
            "segment_id": number,
            "day": day,
            "size": sizes[number],
            "entered": entered.get(number, 0),
            "left": left.get(number, 0),
        }
        for number in wanted
    ]
    if rows:
        session.connection().execute(statement, rows)


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
    kept = {key: session.info[key] for key in ("touched", "touched_now") if key in session.info}
    touched = set(kept.get("touched", ()))
    activity.record_many(session, facts, now)
    session.info.pop("touched", None)
    session.info.pop("touched_now", None)
    session.info.update(kept)
    if kept:
        session.info["touched"] = touched


def upsert(session: Session, table: Table) -> sqlite.Insert:
    """Return the dialect's INSERT … ON CONFLICT; both speak the same words."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return cast("sqlite.Insert", postgresql.insert(table))
