"""Refreshes that meet: people touched in the middle of a scan, two refreshes at once, a crash, a switch."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.db import Database
from core.doctor.rebuild import rebuild
from core.people import subscribers
from core.segments import refresh, rules
from core.segments.refresh import refresh_all
from core.segments.statement import Statement
from core.tick import touched
from tests.segments.people import NOW
from tests.segments.test_refresh import DAY, define, person, segments_of


def wrong_members(db: Database, now: Any) -> list[str]:
    """What the doctor says of masks, members, stays and sizes; these people have no other facts."""
    named = ("masks", "members", "sizes of segments", "days of segments", "stays", "facts of stays")
    return [words for one in rebuild(db, now).tables if one.name in named for words in one.examples]


def test_people_touched_while_the_scan_reads_keep_what_their_touch_gave_them(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scan has read the first and not yet the last when both come back to life."""
    define(db, silent="last_seen more than 14 days ago", awake="last_seen within 1 day")
    people = [person(db, last_seen_at=NOW - 13 * DAY) for _ in range(8)]
    later, scan = NOW + 2 * DAY, Statement.scan

    def scan_and_touch(self: Statement, *given: Any) -> Iterator[Any]:
        rows = [row for part in scan(self, *given) for row in part]
        yield rows[:1]
        for who in (people[0], people[-1]):
            db.write_now(subscribers.alive, who, later + timedelta(seconds=1))
        yield rows[1:]

    monkeypatch.setattr(Statement, "scan", scan_and_touch)
    refresh_all(db, later)
    assert [segments_of(db, who) for who in (people[0], people[-1])] == [{"awake"}] * 2
    assert all(segments_of(db, who) == {"silent"} for who in people[1:-1])
    monkeypatch.undo()
    assert not wrong_members(db, later + timedelta(seconds=1))


def test_a_segment_switched_off_in_mid_refresh_keeps_nobody(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(db, tired="unanswered >= 3", calm="unanswered = 0")
    who = person(db, unanswered=4)
    scan, switched = refresh._scan, []

    def scan_and_switch(session: Session, *given: Any) -> Any:
        found = scan(session, *given)
        if not switched:
            switched.append(db.write_now(rules.switch, "tired", False, NOW))
        return found

    monkeypatch.setattr(refresh, "_scan", scan_and_switch)
    refresh_all(db, NOW + DAY)
    assert segments_of(db, who) == set()
    assert not wrong_members(db, NOW + DAY)


def test_a_refresh_that_dies_in_the_middle_is_finished_by_the_next(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.on_touched = None
    people = [person(db, unanswered=n) for n in range(12)]
    define(db, **{f"s{n}": f"unanswered >= {n}" for n in range(1, 11)})
    monkeypatch.setattr(refresh, "CHUNK", 25)
    apply_chunk, done = refresh._apply_chunk, []

    def dying(session: Session, *given: Any) -> Any:
        moves = apply_chunk(session, *given)
        done.append(1)
        if len(done) >= 2:
            raise OSError("no room on the disk")  # after its writes, before their commit
        return moves

    monkeypatch.setattr(refresh, "_apply_chunk", dying)
    with pytest.raises(OSError, match="no room"):
        refresh_all(db, NOW)
    monkeypatch.undo()
    assert any(segments_of(db, who) for who in people), "the first chunk stays"
    refresh_all(db, NOW)
    assert [len(segments_of(db, who)) for who in people] == [*range(11), 10]
    assert not wrong_members(db, NOW)


def test_whoever_asks_while_a_refresh_is_under_way_waits_for_its_end(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(db, tired="unanswered >= 3")
    db.on_touched = None
    person(db, unanswered=4)
    scan, finish, seen = refresh._scan, refresh._finish, list[str]()
    second: list[Future[Any]] = []

    def scan_and_ask(session: Session, *given: Any) -> Any:
        seen.append("scan")
        if not second:
            second.append(pool.submit(refresh_all, db, NOW))
            time.sleep(0.05)  # long enough for a refresh that does not wait
        return scan(session, *given)

    def note_end(session: Session, *given: Any) -> Any:
        seen.append("end")
        return finish(session, *given)

    monkeypatch.setattr(refresh, "_scan", scan_and_ask)
    monkeypatch.setattr(refresh, "_finish", note_end)
    with ThreadPoolExecutor(1) as pool:
        assert refresh_all(db, NOW).entered == 1
        assert second[0].result(timeout=60).entered == 0
    assert seen == ["scan", "end", "scan", "end"]


def test_a_size_that_moved_since_it_was_compared_is_not_mended(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(db, tired="unanswered >= 3")
    for _ in range(3):
        person(db, unanswered=4)
    refresh_all(db, NOW)
    db.write_now(lambda session: session.execute(text("UPDATE segments SET size = 5")))
    drift = refresh._drift

    def mended_by_another(session: Session, *given: Any) -> Any:
        found = drift(session, *given)
        db.write_now(lambda other: other.execute(text("UPDATE segments SET size = 3")))
        return found

    monkeypatch.setattr(refresh, "_drift", mended_by_another)
    refresh_all(db, NOW + DAY)
    assert db.read_now(rules.find, "tired").size == 3


def test_two_refreshes_and_touches_at_once_end_as_one_would(db: Database) -> None:
    """Two processes: two databases objects with writers of their own on the same base."""
    define(
        db, silent="last_seen more than 14 days ago", awake="last_seen within 1 day", old="unanswered >= 0"
    )
    people = [person(db, last_seen_at=NOW - 20 * DAY) for _ in range(40)]
    other = Database(db.url.render_as_string(hide_password=False), on_touched=touched)
    later = NOW + DAY

    def come_back() -> None:
        for place, who in enumerate(people[::2]):
            (db if place % 2 else other).write_now(subscribers.alive, who, later + timedelta(seconds=place))

    try:
        with ThreadPoolExecutor(3) as pool:
            work = [pool.submit(refresh_all, one, later) for one in (db, other)] + [pool.submit(come_back)]
            for each in work:
                each.result(timeout=60)
    finally:
        other.close_now()
    assert all(segments_of(db, who) == {"awake", "old"} for who in people[::2])
    assert all(segments_of(db, who) == {"silent", "old"} for who in people[1::2])
    refresh_all(db, later + timedelta(minutes=5))
    assert not wrong_members(db, later + timedelta(minutes=5))
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM memberships WHERE left_at IS NULL")) == 80
