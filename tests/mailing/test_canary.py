"""The canary: a few people first, the others only when it drives no more people away than usual."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bot.admin import canary_alarm
from core.db import Database
from core.mailing import audiences, campaigns, canary, dry_run
from core.mailing.canary import REACTION, Stage, Verdict
from core.mailing.models import Campaign, Delivery
from core.mailing.sender import Sender
from core.mailing.throttle import Throttle
from core.people.models import Subscriber
from tests.admin.windows import OWNER, Window, buttons
from tests.mailing.people import Mailbox, add_people, launch_all, planned_campaign, states

DAY = timedelta(days=1)


async def send(db: Database, mailbox: Mailbox, now: datetime) -> None:
    """Let a sender send all it may send now."""
    sender = Sender(db, mailbox, Throttle(1000, 5), now=lambda: now)
    serving = asyncio.create_task(sender.run())
    await sender.drain()
    await sender.stop()
    await serving


def leave(session: Session, chats: list[int], at: datetime) -> None:
    """Let some block the bot, as my_chat_member tells it."""
    gone = update(Subscriber).where(Subscriber.telegram_id.in_(chats))
    session.execute(gone.values(blocked_at=at, status="blocked"))


def stage(db: Database, campaign_id: int) -> tuple[str, str | None]:
    row = db.read_now(lambda session: session.get_one(Campaign, campaign_id))
    return row.state, row.canary


@pytest.fixture
async def begun(db: Database, now: datetime) -> tuple[int, Mailbox]:
    """A broadcast to 400 people whose first few have it."""
    db.write_now(add_people, 400, now - DAY)
    campaign_id = db.write_now(planned_campaign, now, purpose="advertising")
    launch_all(db, now)
    mailbox = Mailbox()
    await send(db, mailbox, now)
    return campaign_id, mailbox


async def test_a_few_drawn_by_lot_get_it_first_and_the_others_when_nobody_minded(
    db: Database, now: datetime, begun: tuple[int, Mailbox]
) -> None:
    campaign_id, mailbox = begun
    assert len(mailbox.delivered) == 20
    assert max(mailbox.chats()) > 1100, "not the oldest subscribers, but a lot"
    assert stage(db, campaign_id) == ("running", "going")
    db.write_now(leave, list(mailbox.chats())[:2], now + timedelta(minutes=1))

    assert audiences.due(db, now + REACTION - timedelta(seconds=1)) == 0
    await send(db, mailbox, now + REACTION)
    assert len(mailbox.delivered) == 20
    assert db.read_now(campaigns.status, campaign_id).canary_at == now + REACTION
    assert audiences.due(db, now + REACTION) == 1, "two people never stop a campaign"
    await send(db, mailbox, now + REACTION)
    assert set(mailbox.chats().values()) == {1}
    assert len(mailbox.delivered) == 400
    assert stage(db, campaign_id) == ("finished", "passed")


async def test_when_too_many_leave_the_campaign_waits_and_the_owner_is_called(
    db: Database, now: datetime, begun: tuple[int, Mailbox]
) -> None:
    campaign_id, mailbox = begun
    later = now + REACTION
    db.write_now(leave, list(mailbox.chats())[:3], now + timedelta(minutes=1))
    audiences.due(db, later)
    assert stage(db, campaign_id) == ("paused", "stopped")

    window = Window(db)
    await canary_alarm.tell_stopped(window.bot, db, window.settings, window.dispatcher["texts"], later)
    (told,) = window.session.calls
    assert told.chat_id == OWNER  # type: ignore[attr-defined]
    assert "Из 20 человек 3 (15 %)" in told.text  # type: ignore[attr-defined]
    assert "считаем обычным 1 %" in told.text  # type: ignore[attr-defined]
    assert "их 380" in told.text  # type: ignore[attr-defined]
    await canary_alarm.tell_stopped(window.bot, db, window.settings, window.dispatcher["texts"], later)
    assert len(window.session.calls) == 1, "told once"

    await window.taps(buttons(told)["▶️ Продолжить"])
    assert stage(db, campaign_id) == ("running", "passed")
    await send(db, mailbox, later)
    assert len(mailbox.delivered) == 397 + 3


async def test_stopped_for_good_nobody_else_is_written_to(
    db: Database, now: datetime, begun: tuple[int, Mailbox]
) -> None:
    campaign_id, mailbox = begun
    db.write_now(leave, list(mailbox.chats())[:8], now + timedelta(minutes=1))
    audiences.due(db, now + REACTION)
    verdict = db.read_now(canary.stopped, now + REACTION)[0]
    assert (verdict.reached, verdict.left, verdict.waiting) == (20, 8, 380)
    window = Window(db)
    call = canary_alarm._buttons(window.dispatcher["texts"]["en"], campaign_id)
    await window.taps(str(call.inline_keyboard[1][0].callback_data))
    assert db.read_now(states, campaign_id) == {"sent": 20, "suppressed": 380}


async def test_leaving_late_or_before_is_not_the_letters_doing(
    db: Database, now: datetime, begun: tuple[int, Mailbox]
) -> None:
    campaign_id, mailbox = begun
    chats = list(mailbox.chats())
    db.write_now(leave, chats[:5], now - timedelta(minutes=1))
    db.write_now(leave, chats[5:10], now + REACTION + timedelta(minutes=1))
    audiences.due(db, now + 2 * REACTION)
    assert stage(db, campaign_id) == ("running", "passed")


@pytest.mark.parametrize(
    "fields",
    [{"purpose": "service"}, {"goes_first": False, "purpose": "advertising"}, {"audience": "letters > 5"}],
)
async def test_service_letters_small_audiences_and_the_unwilling_have_no_canary(
    db: Database, now: datetime, fields: dict[str, object]
) -> None:
    db.write_now(add_people, 200, now - DAY)
    campaign_id = db.write_now(planned_campaign, now, **fields)
    assert db.read_now(dry_run.preview, campaign_id, now).first == 0
    launch_all(db, now)
    assert stage(db, campaign_id)[1] != "going"


def earlier(session: Session, count: int, left: int, now: datetime) -> None:
    """Letters of another broadcast, after some of which people left."""
    at = now - 9 * DAY
    add_people(session, count, at, first=10_001)
    other = Campaign(name="before", audience="", key="before", purpose="advertising", created_at=at)
    other.state = "finished"
    session.add(other)
    session.flush()
    rows = [
        {
            "campaign_id": other.id, "subscriber_id": 10_001 + i, "occasion": "once", "lane": 3,
            "state": "sent", "due_at": at, "finished_at": at,
        }
        for i in range(count)
    ]  # fmt: skip
    session.execute(insert(Delivery), rows)
    leave(session, [11_001 + i for i in range(left)], at + timedelta(minutes=2))


async def test_the_norm_is_the_upper_bound_of_what_other_broadcasts_met(
    db: Database, now: datetime, begun: tuple[int, Mailbox]
) -> None:
    campaign_id, mailbox = begun
    db.write_now(earlier, 1000, 100, now)
    db.write_now(leave, list(mailbox.chats())[:4], now + timedelta(minutes=1))
    verdict = db.read_now(canary.verdict_of, campaign_id, now + REACTION)
    assert (verdict.known, verdict.reached, verdict.left) == (1000, 20, 4)
    assert verdict.norm == pytest.approx(0.1167, abs=1e-4)  # Wilson 1927, z = 1.645
    audiences.due(db, now + REACTION)
    assert stage(db, campaign_id) == ("running", "passed"), "in a base where a tenth leaves, 4 of 20 may"


@pytest.mark.parametrize(
    ("left", "reached", "norm", "is_bad"),
    [(2, 20, 0.001, False), (3, 20, 0.01, True), (3, 62, 0.01, False), (4, 62, 0.01, True),
     (6, 200, 0.01, False), (7, 200, 0.01, True), (0, 0, 0.01, False)],
)  # fmt: skip
def test_the_verdict_is_the_exact_binomial_tail(left: int, reached: int, norm: float, is_bad: bool) -> None:
    assert Verdict(1, "x", reached, left, norm, 0).is_bad is is_bad


def test_a_good_letter_is_stopped_less_often_than_once_in_a_hundred() -> None:
    for reached in (20, 62, 200):
        fewest = next(left for left in range(reached) if Verdict(1, "x", reached, left, 0.01, 0).is_bad)
        assert canary.tail(fewest, reached, 0.01) < 0.01


async def test_a_new_run_of_a_repeating_campaign_draws_anew(
    db: Database, now: datetime, begun: tuple[int, Mailbox]
) -> None:
    campaign_id, mailbox = begun
    audiences.due(db, now + REACTION)
    await send(db, mailbox, now + REACTION)
    again = update(Campaign).where(Campaign.id == campaign_id)
    again = again.values(state="scheduled", due_at=now + DAY, occasion="run", canary=Stage.PASSED)
    db.write_now(lambda session: session.execute(again) and None)
    launch_all(db, now + DAY)
    drawn = db.read_now(lambda s: s.scalars(select(canary.CANARIES.c.delivery_id)).all())
    assert (stage(db, campaign_id), len(drawn)) == (("running", "going"), 40)
