"""Who was forgotten is nobody to segments: in none of them, in no count, in no file."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock, privacy
from core.db import Database
from core.doctor.differing import between
from core.doctor.members import comparable
from core.people import activity
from core.people.models import Event, Subscriber
from core.reports.movement import movement
from core.reports.overview import overview
from core.reports.tables import export_segment
from core.segments import audience
from core.segments.models import Membership, Segment, SegmentDay, SegmentMask
from core.segments.preview import preview
from core.segments.proposal import propose
from core.segments.refresh import refresh_all, refresh_touched
from core.segments.rules import define, find
from tests.oracle import Person
from tests.segments.people import NOW, store

EVERYONE = "unanswered >= 0"
LATER = NOW + timedelta(days=1)


def a_base(db: Database) -> list[int]:
    """Ten people in four segments: everyone, women, whose gender is unknown, and one nobody can compute."""
    db.on_touched = refresh_touched

    def fill(session: Session) -> list[int]:
        for name, rule in (
            ("everyone", EVERYONE),
            ("women", "attr.gender = female"),
            ("unknown_gender", "attr.gender is unknown"),
            ("broken", "purchases = 0"),
        ):
            define(session, name, rule, (name, name), NOW)
        return [store(session, Person(joined_at=NOW, attributes={"gender": "female"})) for _ in range(10)]

    ids = db.write_now(fill)
    refresh_all(db, NOW)
    spoilt = update(Segment).where(Segment.name == "broken").values(rule="no such", fingerprint=1)
    db.write_now(lambda s: s.execute(spoilt))
    return ids


def forget(db: Database, who: int, now: datetime) -> None:
    assert db.write_now(privacy.forget, who, now)
    privacy.erase(db, who)


def sizes(session: Session) -> dict[str, int]:
    return dict(session.execute(select(Segment.name, Segment.size)).all())


async def test_who_is_forgotten_leaves_every_segment_at_once_and_enters_none(db: Database) -> None:
    ids = a_base(db)
    assert db.read_now(sizes) == {"everyone": 10, "women": 10, "unknown_gender": 0, "broken": 10}
    for who in ids[:3]:
        forget(db, who, LATER)

    def check(session: Session) -> None:
        gone = Membership.subscriber_id.in_(ids[:3])
        assert sizes(session) == {"everyone": 7, "women": 7, "unknown_gender": 0, "broken": 7}
        assert list(session.scalars(select(Membership.id).where(gone, Membership.left_at.is_(None)))) == []
        assert set(session.scalars(select(Membership.left_at).where(gone))) == {LATER}
        masks = select(SegmentMask.mask).where(SegmentMask.subscriber_id.in_(ids[:3]))
        assert set(session.scalars(masks)) <= {0}
        today = clock.local_day(LATER, activity.zone())
        days = select(SegmentDay.size, SegmentDay.left).join(Segment, Segment.id == SegmentDay.segment_id)
        assert session.execute(days.where(SegmentDay.day == today, Segment.name == "women")).one() == (7, 3)
        since = (Event.subscriber_id.in_(ids[:3]), Event.at >= LATER, Event.kind == "segment_entered")
        assert list(session.scalars(select(Event.id).where(*since))) == []

    db.read_now(check)
    report = refresh_all(db, LATER + timedelta(days=1))
    assert {one.name: (one.size, one.entered, one.left) for one in report.segments} == {
        "everyone": (7, 0, 0),
        "women": (7, 0, 0),
        "unknown_gender": (0, 0, 0),
        "broken": (7, 0, 0),
    }
    db.read_now(check)
    found = db.read_now(comparable)
    assert db.read_now(found.wrong, between(1, 1000)) == []


async def test_a_refresh_takes_out_who_was_forgotten_without_it_and_the_doctor_sees_him(db: Database) -> None:
    ids = a_base(db)
    db.on_touched = None
    erased = update(Subscriber).where(Subscriber.id == ids[0]).values(erased_at=NOW, status="erased")
    db.write_now(lambda s: s.execute(erased))
    found = db.read_now(comparable)
    assert {words for _, words in db.read_now(found.wrong, between(1, 1000))} == {
        f"person {ids[0]}, segment {name}: is in it, the rule does not find him"
        for name in ("everyone", "women")
    }
    refresh_all(db, LATER)
    assert db.read_now(sizes) == {"everyone": 9, "women": 9, "unknown_gender": 0, "broken": 10}


async def test_he_is_in_no_count_of_the_owner(db: Database, tmp_path: Path) -> None:
    ids = a_base(db)
    for who in ids[:3]:
        forget(db, who, LATER)
    after = LATER + timedelta(days=1)
    refresh_all(db, after)

    def counted(session: Session) -> set[int]:
        proposed = propose(session, "all", EVERYONE, after)
        days = (clock.local_day(moment, activity.zone()) for moment in (LATER, after))
        return {
            audience.count(session, EVERYONE, after),
            len(set(session.scalars(audience.people_of(session, EVERYONE, after)))),
            len(audience.sample(session, EVERYONE, after, 100)),
            preview(session, EVERYONE, after, "ru").size,
            proposed.size_then,
            propose(session, "everyone", "unanswered = 0", after).staying,
            find(session, "everyone").size,
            overview(session, after).totals.base,
            movement(session, ["everyone"], *days, after).people(),
        }

    assert db.read_now(counted) == {7}
    assert export_segment(db, "everyone", tmp_path / "everyone.csv") == 7


async def test_movement_says_who_was_there_and_is_no_more(db: Database) -> None:
    """The row of a day sums to what the segment was then, the column to what it is."""
    ids = a_base(db)
    forget(db, ids[0], LATER)
    days = (clock.local_day(moment, activity.zone()) for moment in (NOW, LATER))
    found = db.read_now(movement, ["everyone"], *days, LATER)
    number = db.read_now(lambda s: find(s, "everyone").number)
    assert found.people(source=number) == 10
    assert found.people(target=number) == 9
    assert [(c.source, c.target, c.people) for c in found.cells] == [(number, -1, 1), (number, number, 9)]
