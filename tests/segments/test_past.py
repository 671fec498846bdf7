"""Who was here on a past day: every day has an answer, and it is found without walking old history."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.clock import day_start
from core.db import Database
from core.people import activity
from core.people.models import Subscriber
from core.reports.past import export_day
from core.segments import past
from core.segments.models import Membership, Segment, SegmentRule
from tests.segments.members import members_at

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
AUTUMN = date(2026, 10, 25)  # 25 hours long in Berlin
SPRING = date(2026, 3, 29)  # 23 hours long


def stay(session: Session, who: int, entered: datetime, left: datetime | None = None) -> None:
    row = {"segment_id": 1, "subscriber_id": who, "entered_at": entered, "left_at": left}
    session.execute(insert(Membership), [row])


def base(session: Session, people: int = 4) -> None:
    activity.use_zone(BERLIN)
    made = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    titles = {"title_ru": "Все", "title_en": "All", "rule": "letters >= 0"}
    session.execute(insert(Segment), [{"id": 1, "name": "all", **titles, "created_at": made}])
    session.add(SegmentRule(segment_id=1, rule="letters >= 0", since=made))
    rows = [
        {"id": who, "status": "active", "first_name": f"=Анна {who}", "created_at": made}
        for who in range(1, people + 1)
    ]
    session.execute(insert(Subscriber), rows)


async def test_a_day_ends_with_its_last_minute_also_where_clocks_change(db: Database) -> None:
    def story(session: Session) -> None:
        base(session)
        minute = timedelta(minutes=1)
        for who, day in ((1, SPRING), (2, AUTUMN)):
            stay(session, who, past.day_end(day) - minute)
        stay(session, 3, past.day_end(AUTUMN))
        stay(session, 4, past.day_end(SPRING), past.day_end(AUTUMN))  # left as the 25 hours were over

    db.write_now(story)
    assert past.day_end(AUTUMN) - day_start(AUTUMN, BERLIN) == timedelta(hours=25)
    assert past.day_end(SPRING) - day_start(SPRING, BERLIN) == timedelta(hours=23)
    day = timedelta(days=1)
    for asked, count in ((SPRING - day, 0), (SPRING, 1), (SPRING + day, 2), (AUTUMN, 3), (AUTUMN + day, 3)):
        found = db.read_now(past.on_day, "all", asked, NOW)
        assert found.count == count, asked
        assert count == len(db.read_now(members_at, "all", past.day_end(asked) - timedelta(microseconds=1)))


async def test_every_day_has_an_answer(db: Database) -> None:
    def story(session: Session) -> None:
        base(session)
        stay(session, 1, NOW - timedelta(hours=1))
        stay(session, 2, NOW - timedelta(days=9), NOW - timedelta(minutes=5))
        session.add(SegmentRule(segment_id=1, rule="letters >= 1", since=NOW - timedelta(days=2)))

    db.write_now(story)
    today = db.read_now(past.on_day, "all", date(2026, 11, 2), NOW)
    assert (today.count, today.is_today, today.rule) == (1, True, "letters >= 1")
    assert [(one.subscriber_id, one.name, one.until) for one in today.sample] == [(1, "=Анна 1", None)]
    earlier = db.read_now(past.on_day, "all", date(2026, 10, 25), NOW)
    assert [(one.subscriber_id, one.until) for one in earlier.sample] == [(2, NOW - timedelta(minutes=5))]
    assert (earlier.count, earlier.still) == (1, 0)
    assert (today.count, today.still) == (1, 1)
    assert (earlier.rule, earlier.is_before) == ("letters >= 0", False)
    before = db.read_now(past.on_day, "all", date(2026, 2, 28), NOW)
    assert (before.count, before.is_before, before.known_since, before.rule) == (
        0,
        True,
        date(2026, 3, 1),
        None,
    )
    with pytest.raises(past.DayError, match="2026-11-03 is still to come"):
        db.read_now(past.on_day, "all", date(2026, 11, 3), NOW)


async def test_the_file_says_who_since_when_and_until_when(db: Database, tmp_path: Path) -> None:
    def story(session: Session) -> None:
        base(session)
        stay(session, 1, NOW - timedelta(days=9), NOW - timedelta(days=1))
        stay(session, 2, NOW - timedelta(days=9))
        stay(session, 3, NOW)

    db.write_now(story)
    file = tmp_path / "day.csv"
    assert export_day(db, "all", date(2026, 10, 31), file, NOW, language="en", separator=",") == 2
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = sorted(csv.DictReader(opened), key=lambda row: row["subscriber_id"])
    assert [(row["subscriber_id"], row["since"], row["until"]) for row in rows] == [
        ("1", "2026-10-24 14:00", "2026-11-01 13:00"),
        ("2", "2026-10-24 14:00", ""),
    ]
    assert rows[0]["first_name"] == "'=Анна 1"
    with pytest.raises(past.DayError):
        export_day(db, "all", date(2027, 1, 1), tmp_path / "no.csv", NOW)
    assert not (tmp_path / "no.csv").exists()


async def test_a_past_day_is_found_in_the_index_whatever_lies_before_it(db: Database) -> None:
    """Stays that were over before the day are not read: both halves are ranges of (segment_id, left_at)."""
    db.write_now(base)
    query = past.stays_at([1], past.day_end(AUTUMN))
    dialect = sqlite.dialect() if db.is_sqlite else postgresql.dialect()
    plain = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))

    def explain(session: Session) -> str:
        if db.is_sqlite:
            return "\n".join(str(row) for row in session.execute(text(f"EXPLAIN QUERY PLAN {plain}")))
        session.execute(text("SET enable_seqscan = off"))  # a handful of rows: a scan would be the cheaper
        return "\n".join(str(row) for row in session.execute(text(f"EXPLAIN {plain}")))

    plan = db.read_now(explain)
    if db.is_sqlite:
        assert plan.count("ix_memberships_segment_id_left_at (segment_id=? AND left_at") == 2, plan
    else:
        assert "Seq Scan" not in plan, plan
        assert "(segment_id = 1) AND (left_at >= " in plan, plan
