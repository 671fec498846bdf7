"""Rebuild and compare: every kept table beside what the facts amount to, and its repair.

A long job on a snapshot, in parts of the people, so that memory does not grow with the base; a repair writes
in chunks beside a running bot, and computes each chunk anew inside the write.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, select

from core.db import CHUNK, note_touched, table
from core.doctor import sizes, stays
from core.doctor.answers import Answers
from core.doctor.days import DailyCounts
from core.doctor.differing import Check, among, between
from core.doctor.members import comparable
from core.doctor.people import People, Profiles, Topics
from core.people import activity
from core.people.models import Subscriber

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.doctor.differing import Who
    from core.doctor.members import Members

PART = 5000  # people looked at in one read
STEP = 50  # people mended in one write: with their segments that stays far below 50 ms
EXAMPLES = 5
_PEOPLE = table(Subscriber)
R = TypeVar("R")


@dataclass(slots=True)
class Table:
    """What was compared of one table: rows, how many differ, some of them in words."""

    name: str
    rows: int = 0
    differences: int = 0
    examples: list[str] = field(default_factory=list)
    mended: int = 0

    def add(self, words: str) -> None:
        """Count a difference and keep it if it is among the first."""
        self.differences += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(words)


@dataclass(frozen=True, slots=True)
class Report:
    """What a rebuild found; `passed` says what could not be compared, and why."""

    tables: tuple[Table, ...]
    passed: tuple[str, ...]
    seconds: float

    @property
    def differences(self) -> int:
        """How many rows differ, in all tables."""
        return sum(one.differences for one in self.tables)


def rebuild(db: Database, now: datetime, *, repair: bool = False, scores_file: str = "") -> Report:
    """Compare everything that is kept with the facts; with `repair` write what they amount to.

    `scores_file` is the owner's file of scores, as the settings name it.
    What people did is never changed: stays that overlap and facts without a stay are only told.
    """
    began = time.perf_counter()
    parts = db.read_now(_parts)
    passed: list[str] = []
    tables = [*_of_stays(db, parts, now, repair)]
    checks = db.read_now(_checks, now)
    tables += [_compare(db, name, check, parts, now, repair) for name, check in checks.items()]
    answers = checks["answers"]
    if isinstance(answers, Answers):
        passed += [f"answers of the quiz version {one[:12]}: it cannot be read" for one in answers.unread]
    tables.append(_compare_scores(db, scores_file, now, repair, passed))
    members = db.read_now(comparable)
    tables.append(_compare_members(db, members, parts, now, repair))
    passed += members.passed
    if members.people_passed:
        passed.append(f"members: {members.people_passed} people touched since the last full refresh")
    for name, look in (("stays", stays.misshapen), ("facts of stays", stays.told_otherwise)):
        tables.append(_told(db, name, look, parts))
    return Report(tuple(tables), tuple(passed), time.perf_counter() - began)


def _checks(session: Session, now: datetime) -> dict[str, Check]:
    return {
        "people": People(),
        "profiles": Profiles(now),
        "daily counters": DailyCounts.since_the_oldest_event(session, now, activity.zone()),
        "topics": Topics(),
        "answers": Answers(),
    }


def _parts(session: Session) -> list[Who]:
    """Cut the people into ranges of ids."""
    first, last = session.execute(select(func.min(_PEOPLE.c.id), func.max(_PEOPLE.c.id))).one()
    if first is None:
        return []
    return [between(start, start + PART - 1) for start in range(first, last + 1, PART)]


# -- rows of people -------------------------------------------------------------------------------------


def _compare(
    db: Database, name: str, check: Check, parts: Sequence[Who], now: datetime, repair: bool
) -> Table:
    found = Table(name)
    for who in parts:
        rows, wrongs = db.read_now(_look, check.count, check.wrong, who)
        found.rows += rows
        for wrong in wrongs:
            found.add(check.target.words(wrong))
        if repair:
            people = sorted({wrong.person for wrong in wrongs})
            for start in range(0, len(people), STEP):
                found.mended += _mend(db, check, people[start : start + STEP], now)
    return found


def _look(
    session: Session, count: Callable[[Session, Who], int], wrong: Callable[[Session, Who], R], who: Who
) -> tuple[int, R]:
    """Count and compare a part of the people, as of one moment."""
    return count(session, who), wrong(session, who)


def _mend(db: Database, check: Check, people: Sequence[int], now: datetime) -> int:
    mended = 0
    while written := db.write_now(_write, check, people, now):
        mended += written
        if written < CHUNK:
            break
    return mended


def _write(session: Session, check: Check, people: Sequence[int], now: datetime) -> int:
    """Compute these people's rows anew and write those that differ; their segments follow by the commit."""
    wrongs = check.wrong(session, among(people))[:CHUNK]
    check.target.write(session, wrongs)
    note_touched(session, {wrong.person for wrong in wrongs}, now)
    return len(wrongs)


def _compare_scores(db: Database, file: str, now: datetime, repair: bool, passed: list[str]) -> Table:
    from core.doctor import scores  # numpy: the look at health need not carry it

    known = db.read_now(scores.comparable, file)
    passed += known.passed
    found = Table("scores", known.rows, len(known.wrong))
    first = db.read_now(known.wrongs, known.wrong[:EXAMPLES])
    found.examples = [scores.TARGET.words(wrong) for wrong in first]
    for start in range(0, len(known.wrong) if repair else 0, STEP):
        found.mended += db.write_now(known.mend, known.wrong[start : start + STEP], now)
    return found


# -- segments -------------------------------------------------------------------------------------------


def _of_stays(db: Database, parts: Sequence[Who], now: datetime, repair: bool) -> list[Table]:
    """Masks, sizes and days follow from the stays; they are mended first, a refresh builds on them."""
    masks = _compare(db, "masks", stays.Masks(), parts, now, repair)
    sized, by_day = Table("sizes of segments"), Table("days of segments")
    sized.rows, wrong_sizes = db.read_now(sizes.sizes)
    by_day.rows, wrong_days = db.read_now(sizes.days, now, activity.zone())
    for one in wrong_sizes:
        sized.add(one.words)
    for day in wrong_days:
        by_day.add(day.words)
    if repair and wrong_sizes:
        db.write_now(sizes.mend_sizes, wrong_sizes)
        sized.mended = len(wrong_sizes)
    for start in range(0, len(wrong_days) if repair else 0, CHUNK):
        db.write_now(sizes.mend_days, wrong_days[start : start + CHUNK])
        by_day.mended += len(wrong_days[start : start + CHUNK])
    return [masks, sized, by_day]


def _compare_members(
    db: Database, members: Members, parts: Sequence[Who], now: datetime, repair: bool
) -> Table:
    """Whoever stands in the wrong segment is computed anew by the ordinary refresh: he moves as of now."""
    found = Table("members")
    for who in parts:
        rows, wrongs = db.read_now(_look, members.count, members.wrong, who)
        found.rows += rows
        for _, words in wrongs:
            found.add(words)
        people = sorted({person for person, _ in wrongs})
        for start in range(0, len(people) if repair else 0, STEP):
            db.write_now(note_touched, people[start : start + STEP], now)
        found.mended += len(wrongs) if repair else 0
    return found


def _told(
    db: Database,
    name: str,
    look: Callable[[Session, Who], list[tuple[int, str]]],
    parts: Sequence[Who],
) -> Table:
    found = Table(name)
    for who in parts:
        for _, words in db.read_now(look, who):
            found.add(words)
    return found
