"""Quiet hours postpone, topics suppress: both asked by the statement that starts an attempt."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing import audiences, campaigns, dry_run, lease, quiet
from core.mailing.attempts import start_attempts
from core.mailing.ledger import LEASE, Lane
from core.mailing.letters import Words
from core.mailing.models import Delivery
from core.mailing.sender import Sender
from core.mailing.throttle import Throttle
from core.people import preferences, topics
from core.people.preferences import OWN_CHOICE, Quiet
from core.people.topics import Place
from tests.mailing.people import Mailbox, add_people, change, launch_all, planned_campaign, reasons, states

NIGHT = Quiet(22 * 60, 8 * 60)
EVENING = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)  # 22:30 in Moscow
MORNING = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)  # 8:00 there


def keep_quiet(session: Session, who: int, now: datetime, zone: str = "Europe/Moscow") -> None:
    preferences.set_zone(session, who, zone, now, origin=OWN_CHOICE)
    preferences.set_quiet(session, who, NIGHT, now)


def start(session: Session, campaign_id: int, now: datetime) -> set[int]:
    ids = list(session.scalars(select(Delivery.id).where(Delivery.campaign_id == campaign_id)))
    return start_attempts(session, ids, 1, now)


def due(session: Session, campaign_id: int) -> dict[int, tuple[datetime, datetime | None]]:
    rows = session.execute(
        select(Delivery.subscriber_id, Delivery.due_at, Delivery.first_due_at).where(
            Delivery.campaign_id == campaign_id
        )
    )
    return {who: (at, first) for who, at, first in rows}


def running(db: Database, now: datetime, **fields: object) -> int:
    db.write_now(add_people, 3, now - timedelta(days=1))
    campaign_id = db.write_now(planned_campaign, now, **fields)
    launch_all(db, now)
    db.write_now(lease.take, LEASE, "me", None)
    return campaign_id


async def test_a_letter_at_night_waits_for_his_morning_and_nobody_elses(db: Database) -> None:
    campaign_id = running(db, EVENING)
    db.write_now(keep_quiet, 1, EVENING)
    db.write_now(keep_quiet, 2, EVENING, "America/New_York")  # it is half past two in the afternoon there

    assert len(db.write_now(start, campaign_id, EVENING)) == 2
    assert db.read_now(states, campaign_id) == {"started": 2, "planned": 1}
    assert db.read_now(due, campaign_id)[1] == (MORNING, EVENING)

    assert db.write_now(start, campaign_id, MORNING - timedelta(seconds=1)) == set()
    assert len(db.write_now(start, campaign_id, MORNING)) == 1


async def test_what_was_promised_comes_at_night_too(db: Database) -> None:
    campaign_id = running(db, EVENING, lane=Lane.TRANSACTIONAL)
    db.write_now(keep_quiet, 1, EVENING)

    assert len(db.write_now(start, campaign_id, EVENING)) == 3


async def test_an_opt_out_in_the_night_wins_over_the_morning(db: Database) -> None:
    campaign_id = running(db, EVENING)
    db.write_now(keep_quiet, 1, EVENING)
    db.write_now(start, campaign_id, EVENING)
    db.write_now(change, 1, status="stopped")

    assert db.write_now(start, campaign_id, MORNING) == set()
    assert db.read_now(reasons, campaign_id)[1] == ("suppressed", "opted_out")


@pytest.mark.parametrize(("hours", "end"), [(6, "expired"), (10, "started")])
async def test_quiet_hours_extend_no_expiry(db: Database, hours: int, end: str) -> None:
    """Half past ten in the evening to eight is nine hours and a half."""
    campaign_id = running(db, EVENING, expires_hours=hours)
    db.write_now(keep_quiet, 1, EVENING)
    db.write_now(start, campaign_id, EVENING)

    db.write_now(start, campaign_id, MORNING)
    assert db.read_now(reasons, campaign_id)[1][0] == end


async def test_the_tick_ends_a_postponed_letter_that_came_too_late(db: Database) -> None:
    campaign_id = running(db, EVENING, expires_hours=6)
    db.write_now(keep_quiet, 1, EVENING)
    db.write_now(start, campaign_id, EVENING)

    audiences.due(db, EVENING + timedelta(hours=5, minutes=59))
    assert db.read_now(reasons, campaign_id)[1][0] == "planned"
    audiences.due(db, EVENING + timedelta(hours=6))
    assert db.read_now(reasons, campaign_id)[1] == ("expired", None)


async def test_the_night_shortened_by_summer_time_ends_an_hour_earlier(db: Database) -> None:
    now = datetime(2026, 3, 8, 4, 0, tzinfo=UTC)  # 23:00 in New York, clocks go forward at 2:00
    campaign_id = running(db, now)
    db.write_now(keep_quiet, 1, now, "America/New_York")

    db.write_now(start, campaign_id, now)
    assert db.read_now(due, campaign_id)[1] == (now + timedelta(hours=8), now)
    assert len(db.write_now(start, campaign_id, now + timedelta(hours=8))) == 1


async def test_who_left_the_topic_is_left_out_of_the_count_the_plan_and_the_attempt(
    db: Database, now: datetime
) -> None:
    db.write_now(add_people, 4, now - timedelta(days=1))
    sales = db.write_now(topics.add, "Скидки | Sales", "u1", now)
    other = db.write_now(topics.add, "Новинки", "u2", now)

    def leave(session: Session, who: int, topic: int) -> None:
        topics.choose(session, who, topic, False, Place("topics", f"{who}:{topic}"), now)

    db.write_now(leave, 1, sales)
    db.write_now(leave, 2, other)
    db.write_now(change, 4, advertising_consent_at=None)
    db.write_now(leave, 4, sales)
    draft = {"topic": "sales", "purpose": "advertising"}
    campaign_id = db.write_now(planned_campaign, now, **draft)

    counted = db.read_now(dry_run.preview, campaign_id, now)
    assert (counted.will_get, counted.reasons) == (2, {"topic_off": 1, "no_advertising_consent": 1})

    launch_all(db, now)
    db.write_now(lease.take, LEASE, "me", None)
    db.write_now(leave, 3, sales)  # between planning and the attempt
    assert len(db.write_now(start, campaign_id, now)) == 1
    assert db.read_now(reasons, campaign_id) == {
        1: ("suppressed", "topic_off"),
        2: ("started", None),
        3: ("suppressed", "topic_off"),
        4: ("suppressed", "no_advertising_consent"),
    }


async def test_a_topic_nobody_made_is_refused_with_those_there_are(db: Database, now: datetime) -> None:
    db.write_now(topics.add, "Скидки | Sales", "u1", now)
    with pytest.raises(topics.TopicError, match=r"'Погода'.*'Скидки'"):
        db.write_now(planned_campaign, now, topic="Погода")
    campaign_id = db.write_now(planned_campaign, now, key="plain")
    with pytest.raises(campaigns.CampaignError):  # it is no draft any more
        db.write_now(campaigns.set_topic, campaign_id, None)


async def test_the_sender_writes_in_the_morning_and_names_the_topic_on_a_button(db: Database) -> None:
    moment = EVENING
    db.write_now(add_people, 2, EVENING)
    db.write_now(change, 2, language="en")
    db.write_now(topics.add, "Скидки | Sales", "u1", EVENING)
    db.write_now(keep_quiet, 1, EVENING)
    variants = [campaigns.Variant({"ru": Words("Привет")})]
    campaign_id = db.write_now(planned_campaign, EVENING, topic="Скидки", variants=variants)
    launch_all(db, EVENING)
    mailbox = Mailbox()
    sender = Sender(db, mailbox, Throttle(100, 10), now=lambda: moment)
    task = asyncio.ensure_future(sender.run())
    await sender.drain()
    assert [letter.leaving.label for letter in mailbox.delivered if letter.leaving] == [
        "No more about “Sales”"
    ]
    assert await db.read(campaigns.status_of, campaign_id) == "running"
    moment = MORNING
    await sender.drain()
    assert [letter.leaving.label for letter in mailbox.delivered[1:] if letter.leaving] == [
        "Не присылать о «Скидки»"
    ]
    await sender.stop()
    await task
    assert await db.read(campaigns.status_of, campaign_id) == "finished"


async def test_a_campaign_that_does_not_wait_comes_without_a_sound_at_night(db: Database) -> None:
    campaign_id = running(db, EVENING, night=quiet.SILENT)
    db.write_now(keep_quiet, 1, EVENING)
    db.write_now(lease.release, LEASE, 1)
    mailbox = Mailbox()
    sender = Sender(db, mailbox, Throttle(100, 5), now=lambda: EVENING)
    serving = asyncio.create_task(sender.run())
    await sender.drain()
    await sender.stop()
    await serving
    assert db.read_now(states, campaign_id) == {"sent": 3}
    assert {letter.chat_id: letter.silent for letter in mailbox.delivered} == {
        1001: True,
        1002: False,
        1003: False,
    }
