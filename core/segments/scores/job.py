"""Scores of the whole base in one job: purchases are read once, only what changed is written, in chunks.

A person without a purchase has no row: half a base of prospects would be a million rows that say nothing.
Segments follow at their next refresh by the clock.
"""

from __future__ import annotations

import time
from array import array
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import local_day
from core.db import CHUNK, table
from core.people import activity
from core.people.models import Profile
from core.sales.models import Purchase
from core.segments.scores import health, lifecycle, rfm
from core.segments.scores.models import Score, ScoreRun
from core.segments.scores.orders import Ints, Orders, day_number, history, of_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database

_PURCHASES, _PROFILES, _SCORES = table(Purchase), table(Profile), table(Score)
_STREAMED = 5000

Inputs = dict[str, float]
Stored = tuple[Ints, Ints, Ints]  # person, value, label


@dataclass(frozen=True, slots=True)
class Computed:
    """What one run did: buyers scored, rows written and dropped, seconds taken."""

    people: int
    written: int
    dropped: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Column:
    """One score of all buyers; `label` points into `words`, `inputs` tells of one buyer what it came from."""

    score: str
    value: Ints
    label: Ints
    words: Sequence[str]
    inputs: Callable[[int], Inputs]


def compute(db: Database, now: datetime) -> Computed:
    """Bring all stored scores up to date as of the local day of `now`."""
    started = time.perf_counter()
    person, day, amount = db.read_now(_read, now)
    ids, place = np.unique(person, return_inverse=True)
    orders = of_columns(ids.tolist(), place, day, amount)
    written = dropped = 0
    for column in _columns(orders, day_number(local_day(now, activity.zone()))):
        known = db.read_now(_stored, column.score, column.words)
        written += _write(db, column, ids, known, now)
        dropped += _drop(db, column.score, np.setdiff1d(known[0], ids).tolist())
    done = Computed(len(ids), written, dropped, time.perf_counter() - started)
    db.write_now(_note, done, now)
    return done


def _note(session: Session, done: Computed, now: datetime) -> None:
    session.add(ScoreRun(started_at=now, **asdict(done)))


def _read(session: Session, now: datetime) -> tuple[Ints, Ints, np.ndarray[Any, np.dtype[np.float64]]]:
    """Return person, local day and base amount of every purchase until now; one without a rate is of zero."""
    zone = activity.zone()
    person, day, amount = array("q"), array("q"), array("d")
    query = select(_PURCHASES.c.subscriber_id, _PURCHASES.c.at, _PURCHASES.c.base_amount)
    found = session.connection(execution_options={"yield_per": _STREAMED}).execute(
        query.where(_PURCHASES.c.at <= now)
    )
    for who, at, base_amount in found:
        person.append(who)
        day.append(day_number(local_day(at, zone)))
        amount.append(base_amount or 0)
    return np.array(person, np.int64), np.array(day, np.int64), np.array(amount, np.float64)


def _columns(orders: Orders, as_of: int) -> Iterator[_Column]:
    past = history(orders)
    scored = rfm.rfm(orders, as_of)
    cells = np.array([rfm.SEGMENTS.index(name) for name in scored.segments], np.int64)

    def of_rfm(place: int) -> Inputs:
        return {
            "days": int(scored.days[place]),
            "count": int(scored.count[place]),
            "money": int(scored.money[place]),
            "R": int(scored.recency[place]),
            "F": int(scored.frequency[place]),
            "M": int(scored.monetary[place]),
        }

    yield _Column("rfm", scored.total, cells, rfm.SEGMENTS, of_rfm)

    life = lifecycle.lifecycle(orders, as_of)
    edges = life.thresholds

    def of_life(place: int) -> Inputs:
        return {
            "days": int(as_of - past.last[place]),
            "at_risk_days": edges.at_risk_days,
            "lapsed_days": edges.lapsed_days,
        }

    yield _Column("lifecycle", _whole(life.score), life.state, lifecycle.STATES, of_life)

    sound = health.of_orders(orders, as_of)
    outcome = sound.measures["outcome"]
    yield _Column(
        "health",
        _whole(sound.score),
        sound.group,
        health.GROUPS,
        lambda place: {"outcome": round(float(outcome[place]), 1)},
    )


def _whole(score: np.ndarray[Any, np.dtype[np.float64]]) -> Ints:
    return np.floor(score + 0.5).astype(np.int64)


def _write(db: Database, column: _Column, ids: Ints, stored: Stored, now: datetime) -> int:
    known, value, label = stored
    places = np.searchsorted(known, ids)
    inside = np.minimum(places, max(len(known) - 1, 0))
    same = np.zeros(len(ids), bool)
    if len(known):
        same = (known[inside] == ids) & (value[inside] == column.value) & (label[inside] == column.label)
    changed = np.flatnonzero(~same)
    written = 0
    for start in range(0, len(changed), CHUNK):
        rows = [_row(column, int(place), int(ids[place])) for place in changed[start : start + CHUNK]]
        written += db.write_now(_upsert, rows, now)
    return written


def _row(column: _Column, place: int, subscriber_id: int) -> dict[str, Any]:
    return {
        "subscriber_id": subscriber_id,
        "score": column.score,
        "value": int(column.value[place]),
        "label": column.words[int(column.label[place])],
        "inputs": column.inputs(place),
    }


def _stored(session: Session, score: str, words: Sequence[str]) -> Stored:
    """Return person, value and label of the stored rows, by person; a word no longer known is -1."""
    number = {word: place for place, word in enumerate(words)}
    person, value, label = array("q"), array("q"), array("q")
    query = select(_SCORES.c.subscriber_id, _SCORES.c.value, _SCORES.c.label)
    found = session.connection(execution_options={"yield_per": _STREAMED}).execute(
        query.where(_SCORES.c.score == score).order_by(_SCORES.c.subscriber_id)
    )
    for who, points, word in found:
        person.append(who)
        value.append(points)
        label.append(number.get(word, -1))
    return np.array(person, np.int64), np.array(value, np.int64), np.array(label, np.int64)


def _upsert(session: Session, rows: list[dict[str, Any]], now: datetime) -> int:
    """Write a chunk; who was erased since the purchases were read is passed over."""
    ids = [row["subscriber_id"] for row in rows]
    there = set(session.scalars(select(_PROFILES.c.subscriber_id).where(_PROFILES.c.subscriber_id.in_(ids))))
    rows = [{**row, "computed_at": now} for row in rows if row["subscriber_id"] in there]
    if not rows:
        return 0
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(_SCORES)
    changed = {name: statement.excluded[name] for name in ("value", "label", "computed_at", "inputs")}
    statement = statement.on_conflict_do_update(index_elements=["subscriber_id", "score"], set_=changed)
    session.connection().execute(statement, rows)
    return len(rows)


def _drop(db: Database, score: str, gone: list[int]) -> int:
    """Delete the rows of those who have no purchase any more."""
    for start in range(0, len(gone), CHUNK):
        db.write_now(_delete, score, gone[start : start + CHUNK])
    return len(gone)


def _delete(session: Session, score: str, ids: Sequence[int]) -> None:
    session.execute(delete(_SCORES).where(_SCORES.c.score == score, _SCORES.c.subscriber_id.in_(ids)))
