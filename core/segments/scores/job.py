"""Scores of the whole base in one job: facts are read once, only what changed is written, in chunks.

Segments follow at the refresh after it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import delete, select

from core.clock import local_day
from core.db import CHUNK, Moment, table
from core.people import activity
from core.people.subscribers import living
from core.segments.scores import facts, runs
from core.segments.scores.columns import COLUMNS, NAMES, NONE, Table, encoded
from core.segments.scores.computed import computed
from core.segments.scores.findings import findings
from core.segments.scores.models import Score, ScoreRun
from core.segments.scores.orders import day_number
from core.segments.scores.runs import last_findings as last_findings
from core.segments.scores.scheme import SHIPPED
from core.segments.scores.scheme_file import SchemeError, read_scheme

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Dialect
    from sqlalchemy.orm import Session

    from core.db import Database
    from core.segments.scores.orders import Ints
    from core.segments.scores.scheme import Scheme

_SCORES = table(Score)
_WRITTEN = CHUNK // 2  # rows of twenty columns: half a chunk holds the writer as long as a narrow whole one


@dataclass(frozen=True, slots=True)
class Done:
    """What one run did: people with scores, rows written and dropped, seconds taken."""

    people: int
    written: int
    dropped: int
    seconds: float


def compute(db: Database, now: datetime, scheme: Scheme = SHIPPED, mark: str = "") -> Done:
    """Bring all stored scores up to date as of the local day of `now`; `mark` is of the owner's file."""
    started = time.perf_counter()
    whole = db.read_now(computed, now, scheme)
    made, kept = whole.table, db.read_now(stored)
    db.read_now(living, ())  # a fresh process makes its first statement ready here, not with the writer held
    written = _write(db, made.at(made.unlike(kept)), now)
    gone = np.setdiff1d(kept.ids, made.ids, assume_unique=True)
    for start in range(0, len(gone), CHUNK):
        db.write_now(_delete, gone[start : start + CHUNK].tolist())
    found = {**findings(whole, scheme, db.read_now(last_findings)), runs.FILE: mark}
    done = Done(len(made.ids), written, len(gone), time.perf_counter() - started)
    db.write_now(_note, done, now, found)
    return done


def compute_by_file(db: Database, now: datetime, file: str) -> None:
    """Compute by the owner's file of scores; where it cannot be used, the last scores stay and he is told."""
    mark = runs.mark_of(file)
    try:
        scheme = read_scheme(file)
    except SchemeError as error:
        found = {**db.read_now(last_findings), "problem": str(error), runs.FILE: mark}
        db.write_now(_note, Done(0, 0, 0, 0.0), now, found)
        return
    compute(db, now, scheme, mark)


def stored(session: Session) -> Table:
    """Return all stored scores."""
    parts: list[list[Ints]] = [[] for _ in range(1 + len(COLUMNS))]
    days = _Days(session.get_bind().dialect)
    query = select(_SCORES.c.subscriber_id, *(_SCORES.c[name] for name in NAMES))
    for ids, *cells in facts.streamed(session, query.order_by(_SCORES.c.subscriber_id)):
        parts[0].append(np.array(ids, np.int64))
        for column, part, values in zip(COLUMNS, parts[1:], cells, strict=True):
            part.append(encoded(column, values, days))
    ids_, *columns = (np.concatenate(part) if part else np.empty(0, np.int64) for part in parts)
    return Table(ids_, dict(zip(NAMES, columns, strict=True)))


class _Days(dict[Any, int]):
    """The number of the local day of a moment as the driver gives it: there are few different ones."""

    def __init__(self, dialect: Dialect) -> None:
        self._zone = activity.zone()
        self._moment: Any = Moment().dialect_impl(dialect).result_processor(dialect, None) or _same

    def __missing__(self, at: Any) -> int:
        self[at] = NONE if at is None else day_number(local_day(self._moment(at), self._zone))
        return self[at]


def _write(db: Database, changed: Table, now: datetime) -> int:
    """Write rows chunk by chunk; they are made as the driver takes them before the writer is asked for."""
    dialect = db.engine.dialect
    bound = Moment().dialect_impl(dialect).bind_processor(dialect) or _same
    statement, at, written = _upsert("?" if db.is_sqlite else "%s"), bound(now), 0
    for start in range(0, len(changed.ids), _WRITTEN):
        part = changed.at(np.arange(start, min(start + _WRITTEN, len(changed.ids))))
        rows = [(*row, at) for row in part.rows(activity.zone(), bound)]
        written += db.write_now(_put, statement, rows)
    return written


def _upsert(mark: str) -> str:
    """Return the statement that writes one row: the drivers run it for many faster than one of many rows."""
    names = ("subscriber_id", *NAMES, "computed_at")
    marks = ", ".join([mark] * len(names))
    sets = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    columns = ", ".join(names)
    return (
        f"INSERT INTO scores ({columns}) VALUES ({marks})"  # noqa: S608 - names of our own columns
        f" ON CONFLICT (subscriber_id) DO UPDATE SET {sets}"
    )


def _put(session: Session, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
    """Write a chunk; who was erased since the facts were read is passed over."""
    ids = [row[0] for row in rows]
    there = living(session, ids)
    kept = [row for row in rows if row[0] in there]
    if kept:
        session.connection().exec_driver_sql(statement, kept)
    return len(kept)


def _same(moment: datetime) -> datetime:
    return moment


def _delete(session: Session, ids: Sequence[int]) -> None:
    session.execute(delete(_SCORES).where(_SCORES.c.subscriber_id.in_(ids)))


def _note(session: Session, done: Done, now: datetime, found: dict[str, Any]) -> None:
    session.add(
        ScoreRun(
            started_at=now,
            seconds=done.seconds,
            people=done.people,
            written=done.written,
            dropped=done.dropped,
            findings=found,
        )
    )
