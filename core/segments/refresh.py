"""Refresh: touched people in the write that touched them, everyone by the clock.

The scan of everyone only finds whose bits would change. Each chunk of them is computed again inside the
write that applies it, so that what happened between scan and write is never overwritten by what the scan
saw; whoever was touched after the refresh began is left to that later, better refresh.
"""

from __future__ import annotations

import threading
import time
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import CompileError, DBAPIError

from core import clock
from core.db import CHUNK, Database
from core.people import activity
from core.segments import ruleset, touching
from core.segments.evaluate import attempt, changes_of
from core.segments.fields import PROFILES
from core.segments.models import Membership, Segment, SegmentDay, SegmentRefresh
from core.segments.moves import Moves, apply, write_days
from core.segments.statement import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.segments.ruleset import Layer, RuleSet
    from core.segments.statement import Statement

_ROWS_A_MOVE = 3  # a stay, a fact and a daily counter; a quiet move is a stay alone
_RESTARTS = 3  # rules changed under a refresh: it begins again so often

_doors: WeakKeyDictionary[Database, threading.RLock] = WeakKeyDictionary()
_at_the_doors = threading.Lock()


@dataclass(frozen=True, slots=True)
class SegmentReport:
    """What a full refresh did to one segment; with `error` it keeps its last members."""

    name: str
    size: int
    entered: int
    left: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a full refresh did, and how long it took."""

    seconds: float
    people: int
    entered: int
    left: int
    segments: tuple[SegmentReport, ...]

    @property
    def error(self) -> str | None:
        """The reasons of all segments that could not be computed, or None."""
        failed = [f"{segment.name}: {segment.error}" for segment in self.segments if segment.error]
        return "\n".join(failed) or None


def refresh_touched(session: Session, ids: Iterable[int], now: datetime) -> Moves:
    """Bring the segments of these people up to date, in the write that changed their facts."""
    session.flush()
    people = sorted(set(ids))
    touching.mark(session, people, now)
    rules = ruleset.current(session)
    known = len(rules.failed)
    moves = _refresh(session, rules, people, now)
    if len(rules.failed) > known:
        _store_errors(session, rules.failed)
    return moves


def refresh_all(db: Database, now: datetime) -> Report:
    """Bring the segments of everyone up to date as of `now`, holding the writer only for small chunks.

    A process does this once at a time: who asks while another refresh is under way waits for its end, so
    that after his own everything is as of his moment.
    """
    with _door(db):
        started = time.perf_counter()
        run = _Run(now)
        for _ in range(_RESTARTS):
            rules = db.read_now(ruleset.for_everyone)
            if _refresh_layers(db, rules, run):
                break
        drift = db.read_now(_drift, run)
        return db.write_now(_finish, rules, run, drift, started)


def _door(db: Database) -> threading.RLock:
    with _at_the_doors:
        return _doors.setdefault(db, threading.RLock())


@dataclass(slots=True)
class _Run:
    """One full refresh under way."""

    now: datetime
    entered: Counter[int] = field(default_factory=Counter)
    left: Counter[int] = field(default_factory=Counter)

    def add(self, moves: Moves) -> None:
        self.entered.update(moves.came())
        self.left.update(moves.went())


@dataclass(slots=True)
class _Candidates:
    """People whose bits would change, and the rows that takes: in 9 bytes, so a million costs 9 MB."""

    ids: array[int] = field(default_factory=lambda: array("q"))
    rows: array[int] = field(default_factory=lambda: array("B"))

    def chunks(self) -> Iterator[list[int]]:
        """Cut them into writes of at most CHUNK rows."""
        chunk: list[int] = []
        weight = 0
        for person, rows in zip(self.ids, self.rows, strict=True):
            if chunk and weight + rows > CHUNK:
                yield chunk
                chunk, weight = [], 0
            chunk.append(person)
            weight += rows
        if chunk:
            yield chunk


def _refresh_layers(db: Database, rules: RuleSet, run: _Run) -> bool:
    """Refresh rank after rank; returns False if the rules were changed meanwhile."""
    for layer in rules.layers():
        found = db.read_now(_scan, rules, layer.working(rules.failed), run.now)
        for chunk in found.chunks():
            moves = db.write_now(_apply_chunk, rules, chunk, run.now)
            if moves is None:
                return False
            run.add(moves)
    return True


def _scan(session: Session, rules: RuleSet, layer: Layer, now: datetime) -> _Candidates:
    found = _Candidates()
    silent = sum(rule.bit for rule in layer.rules if rule.number in rules.quiet)

    def read(statement: Statement, part: Layer) -> None:
        bits = part.bits
        for rows in statement.scan(session.connection(), now, activity.zone()):
            for person, stored, computed in rows:
                found.ids.append(person)
                moved = stored & bits ^ computed
                loud = (moved & ~silent).bit_count()
                found.rows.append(loud * _ROWS_A_MOVE + (moved & silent).bit_count())

    attempt(session, rules, layer, EVERYONE, read)
    return found


def _apply_chunk(session: Session, rules: RuleSet, ids: Sequence[int], now: datetime) -> Moves | None:
    if not ruleset.in_force(session, rules):
        return None
    return _refresh(session, rules, touching.untouched(session, ids, now), now)


def _refresh(session: Session, rules: RuleSet, people: Sequence[int], now: datetime) -> Moves:
    """Move these people. On PostgreSQL a rule that fails spoils what came before it in the transaction: all
    layers stand in one savepoint, and only where one fails each stands in its own, which costs round trips.
    """
    if not people:
        return Moves()
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        try:
            with connection.begin_nested():
                return _move(session, rules, people, now, hopeful=True)
        except (DBAPIError, CompileError) as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
    return _move(session, rules, people, now, hopeful=False)


def _move(
    session: Session,
    rules: RuleSet,
    people: Sequence[int],
    now: datetime,
    *,
    hopeful: bool,
) -> Moves:
    moves = Moves()
    zone = activity.zone()
    for layer in rules.layers():
        working = layer.working(rules.failed) if rules.failed else layer
        changes = changes_of(session, rules, working, people, now, zone, hopeful=hopeful)
        if changes:
            moves += apply(session, layer.block, changes, now, rules.names, rules.quiet)
    return moves


def _store_errors(session: Session, failed: Mapping[int, str]) -> None:
    for number, reason in sorted(failed.items()):
        session.execute(update(Segment).where(Segment.id == number).values(error=reason))


def _drift(session: Session, run: _Run) -> dict[int, tuple[int, int]]:
    """Compare each size with the open stays, in one snapshot, where something moved or a day begins.

    Returns {segment: (its size, its stays)} where they differ. They are mended later: counting inside the
    write would hold the writer for as long as it takes.
    """
    day = clock.local_day(run.now, activity.zone())
    counted = set(session.scalars(select(SegmentDay.segment_id).where(SegmentDay.day == day)))
    moved = set(run.entered) | set(run.left)
    stays = (
        select(func.count())
        .select_from(Membership)
        .where(Membership.segment_id == Segment.id, Membership.left_at.is_(None))
        .scalar_subquery()
    )
    numbers = [n for n in session.scalars(select(Segment.id)) if n in moved or n not in counted]
    rows = session.execute(select(Segment.id, Segment.size, stays).where(Segment.id.in_(numbers)))
    return {number: (size, there) for number, size, there in rows if size != there}


def _finish(
    session: Session, rules: RuleSet, run: _Run, drift: dict[int, tuple[int, int]], started: float
) -> Report:
    for number, (size, there) in sorted(drift.items()):  # a size that moved since is for the next refresh
        same_size = (Segment.id == number, Segment.size == size)
        session.execute(update(Segment).where(*same_size).values(size=there))
    is_in_force, same = ruleset.in_force(session, rules), set(ruleset.unchanged(session, rules))
    done = same - rules.failed.keys()  # a rule changed since the last layer is for the next refresh
    session.execute(update(Segment).where(Segment.id.in_(done)).values(refreshed_at=run.now, error=None))
    _store_errors(session, {number: why for number, why in rules.failed.items() if number in same})
    if is_in_force:
        ruleset.put_in_force(session, rules)
    write_days(session, [rule.number for rule in rules.rules], run.now, {}, {})
    report = Report(
        seconds=time.perf_counter() - started,
        people=session.scalar(select(func.count()).select_from(PROFILES)) or 0,
        entered=run.entered.total(),
        left=run.left.total(),
        segments=_segment_reports(session, rules, run),
    )
    row = {
        "started_at": run.now,
        "seconds": report.seconds,
        "people": report.people,
        "entered": report.entered,
        "left": report.left,
        "error": report.error,
    }
    session.execute(insert(SegmentRefresh), [row])
    return report


def _segment_reports(session: Session, rules: RuleSet, run: _Run) -> tuple[SegmentReport, ...]:
    sizes = dict(session.execute(select(Segment.id, Segment.size)).all())
    return tuple(
        SegmentReport(
            rule.name,
            sizes[rule.number],
            run.entered[rule.number],
            run.left[rule.number],
            rules.failed.get(rule.number),
        )
        for rule in rules.rules
    )
