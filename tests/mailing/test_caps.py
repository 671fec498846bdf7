"""Frequency caps: asked by the statement that starts an attempt, counted from the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing import campaigns, caps, dry_run, lease
from core.mailing.attempts import start_attempts
from core.mailing.caps import Caps
from core.mailing.ledger import LEASE
from core.mailing.models import Delivery
from core.people import topics
from tests.mailing.people import add_people, change, launch_all, planned_campaign, reasons, states
from tests.mailing.test_quiet import EVENING, keep_quiet

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_caps_afterwards() -> Iterator[None]:
    yield
    caps.use(Caps())


def start(session: Session, campaign_id: int, now: datetime) -> set[int]:
    ids = list(session.scalars(select(Delivery.id).where(Delivery.campaign_id == campaign_id)))
    started = start_attempts(session, ids, 1, now)
    rows = select(Delivery.subscriber_id).where(Delivery.id.in_(started))
    return set(session.scalars(rows))


def advertise(db: Database, now: datetime, key: str, **fields: object) -> tuple[int, set[int]]:
    """Send to everybody who may be written to; returns the campaign and who got it."""
    campaign_id = db.write_now(planned_campaign, now, key, **{"purpose": "advertising", **fields})
    launch_all(db, now)
    return campaign_id, db.write_now(start, campaign_id, now)


@pytest.fixture
def base(db: Database, now: datetime) -> Database:
    db.write_now(add_people, 3, now - DAY)
    db.write_now(lease.take, LEASE, "me", None)
    return db


async def test_who_has_had_his_letters_of_the_day_gets_no_more_of_them(base: Database, now: datetime) -> None:
    caps.use(Caps(day=1))
    advertise(base, now, "a")
    later, got = advertise(base, now + 23 * HOUR, "b")
    assert got == set()
    assert base.read_now(reasons, later) == dict.fromkeys((1, 2, 3), ("suppressed", "frequency_cap"))
    assert advertise(base, now + DAY + timedelta(seconds=1), "c")[1] == {1, 2, 3}


async def test_a_week_and_a_topic_are_capped_by_themselves(base: Database, now: datetime) -> None:
    caps.use(Caps(week=3, topic=1))
    base.write_now(topics.add, "Скидки | Sales", "s", now)
    base.write_now(topics.add, "Новости | News", "n", now)
    assert advertise(base, now, "a", topic="Скидки")[1] == {1, 2, 3}
    assert advertise(base, now + HOUR, "b", topic="Скидки")[1] == set()
    assert advertise(base, now + 2 * HOUR, "c", topic="Новости")[1] == {1, 2, 3}
    assert advertise(base, now + 3 * HOUR, "d")[1] == {1, 2, 3}
    assert advertise(base, now + 4 * HOUR, "e")[1] == set()
    assert advertise(base, now + 7 * DAY + HOUR, "f", topic="Скидки")[1] == {1, 2, 3}


async def test_service_letters_are_neither_held_nor_counted(base: Database, now: datetime) -> None:
    caps.use(Caps(day=1))
    assert advertise(base, now, "a", purpose="service")[1] == {1, 2, 3}
    assert advertise(base, now + HOUR, "b")[1] == {1, 2, 3}
    assert advertise(base, now + 2 * HOUR, "c", purpose="service")[1] == {1, 2, 3}


async def test_a_campaign_may_have_caps_of_its_own_or_none(base: Database, now: datetime) -> None:
    caps.use(Caps(day=1))
    advertise(base, now, "a")
    assert advertise(base, now, "b", caps={"day": 0})[1] == {1, 2, 3}
    assert advertise(base, now, "c", caps={"day": 0, "week": 2})[1] == set()
    assert advertise(base, now, "d", caps={"day": 3})[1] == {1, 2, 3}


async def test_the_dry_run_counts_who_is_held_back_now(base: Database, now: datetime) -> None:
    caps.use(Caps(day=1))
    advertise(base, now, "a", audience="status = active and letters < 100")
    base.write_now(add_people, 2, now, first=10)
    base.write_now(change, 1, status="stopped")
    draft = base.write_now(planned_campaign, now, "b", purpose="advertising", audience="letters >= 0")
    seen = base.read_now(dry_run.preview, draft, now)
    assert (seen.audience, seen.will_get) == (5, 2)
    assert seen.reasons == {"opted_out": 1, "frequency_cap": 2}
    launch_all(base, now)
    assert base.write_now(start, draft, now) == {10, 11}
    assert base.read_now(campaigns.status, draft).totals.reasons == seen.reasons


async def test_at_night_nobody_is_refused_who_may_be_written_to_in_the_morning(db: Database) -> None:
    db.write_now(add_people, 1, EVENING - 2 * DAY)
    db.write_now(lease.take, LEASE, "me", None)
    caps.use(Caps(day=1))
    assert advertise(db, EVENING - 20 * HOUR, "a")[1] == {1}
    db.write_now(keep_quiet, 1, EVENING)
    waiting, got = advertise(db, EVENING, "b")
    assert got == set()
    assert db.read_now(states, waiting) == {"planned": 1}
    assert db.write_now(start, waiting, EVENING + 12 * HOUR) == {1}


async def test_counting_reads_a_persons_own_letters_by_an_index(base: Database, now: datetime) -> None:
    campaign_id, _ = advertise(base, now, "a")
    rows = [
        {
            "campaign_id": campaign_id, "subscriber_id": 1 + i % 3, "occasion": str(i), "lane": 3,
            "state": "sent", "due_at": now, "started_at": now - timedelta(minutes=i),
        }
        for i in range(3000)
    ]  # fmt: skip
    base.write_now(lambda session: session.execute(insert(Delivery), rows) and None)

    def plan(session: Session) -> str:
        statement = (
            "SELECT count(*) FROM deliveries d WHERE d.subscriber_id = 1 "
            "AND d.started_at > '2026-03-02 08:50' AND d.state IN ('started', 'sent', 'unknown')"
        )
        session.execute(text("ANALYZE"))
        explain = "EXPLAIN QUERY PLAN " if base.is_sqlite else "EXPLAIN "
        return "\n".join(str(row) for row in session.execute(text(explain + statement)))

    assert "ix_deliveries_tried" in base.write_now(plan)
