"""Every kept column that is corrupted by hand is found, named and mended: the check can fail."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, Update, delete, insert, null, select, update

from core.db import Base, Database
from core.doctor.rebuild import rebuild
from core.people.choices import TopicOff
from core.people.models import DailyCount, Event, Profile, Subscriber
from core.quizzes.models import Answer
from core.segments.models import Membership, Segment, SegmentDay, SegmentMask
from tests.conftest import NOW
from tests.doctor.history import History
from tests.doctor.test_rebuild import told

STORY = [
    *(("come", person, 0) for person in range(3)), ("agree", 0, 0), ("agree", 0, 1), ("leave", 0, 2),
    ("begin", 0, 1), ("press", 0, 0), ("write", 0, 0), ("press", 0, 0), ("press", 0, 2), ("press", 0, 0),
    ("press", 0, 0), ("press", 0, 0), ("buy", 0, 3), ("tag", 0, 0), ("letter", 1, 1), ("letter", 1, 0),
    ("wait", 0, 2), ("tick", 0, 0), ("refresh", 0, 0), ("letter", 0, 1), ("answer", 0, 0), ("wait", 0, 3),
    ("refresh", 0, 0),
]  # fmt: skip
LATER = NOW + timedelta(days=1000)


@pytest.fixture
def history(db: Database, tmp_path: Path) -> History:
    lived = History(db, tmp_path)
    for act, person, number in STORY:
        lived.live(act, person, number)
    assert not told(rebuild(db, lived.now))
    return lived


CORRUPTED: dict[str, tuple[type[Base], tuple[str, ...]]] = {
    "profiles": (
        Profile,
        (
            "last_seen_at", "unanswered", "letters_received", "matured_until",
            "purchases_count", "purchases_total", "first_purchase_at", "last_purchase_at",
        ),
    ),
    "people": (Subscriber, ("data_consent_at", "advertising_consent_at", "status")),
    "daily counters": (DailyCount, ("count",)),
    "answers": (Answer, ("text", "number", "answered_at")),
    "masks": (SegmentMask, ("mask",)),
    "sizes of segments": (Segment, ("size",)),
    "days of segments": (SegmentDay, ("size", "entered", "left")),
}  # fmt: skip
EMPTY_ANSWER: dict[str, object] = {"subscriber_id": 1, "quiz": "shop", "text": "", "answered_at": NOW}
VANISHING: dict[str, type[Base]] = {
    "masks": SegmentMask,
    "topics": TopicOff,
    "answers": Answer,
    "daily counters": DailyCount,
    "days of segments": SegmentDay,
}


async def test_what_is_spoilt_lost_or_made_up_is_found_named_and_mended(history: History) -> None:
    db = history.db
    for model, columns in CORRUPTED.values():
        for column in columns:
            table: Table = model.__table__  # type: ignore[assignment]
            db.write_now(lambda s, t=table, c=column: s.connection().execute(corruption(t, c)))
    found = {one.name: one for one in rebuild(db, history.now, repair=True).tables if one.differences}
    for name, (_, columns) in CORRUPTED.items():
        for column in columns:
            assert any(f"{column} is" in words for words in found[name].examples), (name, column)
    assert not told(rebuild(db, history.now))

    for model in VANISHING.values():
        db.write_now(lambda s, m=model: s.execute(delete(m)))
    report = rebuild(db, history.now, repair=True)
    found = {one.name: one for one in report.tables if one.differences}
    assert found.keys() >= VANISHING.keys()
    assert all(found[name].mended == found[name].differences for name in VANISHING)
    assert not told(rebuild(db, history.now))

    made_up: list[tuple[type[Base], dict[str, object]]] = [
        (DailyCount, {"subscriber_id": 1, "kind": "bought", "day": NOW.date(), "count": 1}),
        (TopicOff, {"subscriber_id": 2, "topic_id": history.topic}),
        (SegmentMask, {"subscriber_id": 1, "block": 3, "mask": 5}),
        (Answer, {**EMPTY_ANSWER, "question": "x", "folded": "y"}),
    ]
    for model, row in made_up:
        db.write_now(lambda s, m=model, r=row: s.execute(insert(m).values(**r)))
    wrong = {
        one.name: one.examples for one in rebuild(db, history.now, repair=True).tables if one.differences
    }
    assert {"daily counters", "topics", "masks", "answers"} <= wrong.keys()
    assert "kept without any fact" in wrong["daily counters"][0]
    assert not told(rebuild(db, history.now))


async def test_who_stands_in_the_wrong_segment_is_named_and_moved_by_the_refresh(history: History) -> None:
    """Mask and stay agree with each other, and both are wrong: only the rule itself can tell."""
    db = history.db
    number = db.read_now(lambda s: s.scalar(select(Segment.id).where(Segment.name == "vip"))) or 0
    stay = {"segment_id": number, "subscriber_id": 3, "entered_at": history.now}
    db.write_now(lambda s: s.execute(insert(Membership).values(**stay)))
    rebuild(db, history.now, repair=True)  # the mask follows the stay; the rule then throws him out
    assert not told(rebuild(db, history.now))

    db.write_now(lambda s: s.execute(insert(Membership).values(**stay)))
    words = told(rebuild(db, history.now))
    assert "members: person 3, segment vip: is in it, the rule does not find him" in words
    rebuild(db, history.now, repair=True)

    closed = {"segment_id": number, "subscriber_id": 2, "entered_at": NOW, "left_at": NOW - timedelta(days=1)}
    db.write_now(lambda s: s.execute(insert(Membership).values(**closed)))
    rebuild(db, history.now, repair=True)
    words = [one for one in told(rebuild(db, history.now)) if not one.startswith("days")]
    assert words == ["stays: person 2, segment vip: a stay ends before it begins"], "a fact is not rewritten"


async def test_days_before_the_oldest_event_are_facts(history: History) -> None:
    """Events are dropped one day; what was counted of them stays true."""
    db = history.db
    edge = history.now - timedelta(days=2)
    db.write_now(lambda s: s.execute(delete(Event).where(Event.at < edge)))
    assert "daily counters" not in {one.name for one in rebuild(db, history.now).tables if one.differences}


def corruption(table: Table, column: str) -> Update:
    """Spoil this column in one row that has something in it."""
    target = table.c[column]
    keys = list(table.primary_key.columns)
    query = select(*keys) if column == "number" else select(*keys).where(target.is_not(None))
    row = query.order_by(*keys).limit(1).subquery()
    here = [key == select(row.c[key.name]).scalar_subquery() for key in keys]
    value: object = {"status": "blocked", "text": "не то", "number": 77}.get(column)
    if (value is None and column.endswith("_at")) or column == "matured_until":
        value = null() if target.nullable else LATER
    return update(table).where(*here).values({column: target + 1 if value is None else value})
