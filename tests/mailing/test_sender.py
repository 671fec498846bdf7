"""The sender over a real database: every letter once, whatever is paused, refused, in doubt or crashed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.db import Database
from core.mailing import campaigns, ledger
from core.mailing.campaigns import Variant
from core.mailing.ledger import Lane
from core.mailing.letters import Words
from core.mailing.messenger import (
    Ambiguous,
    ContentFault,
    Fatal,
    Letter,
    Messenger,
    NotSent,
    Outcome,
    Refused,
    Sent,
)
from core.mailing.models import Content, Delivery
from core.mailing.sender import Sender
from core.mailing.throttle import Throttle
from core.people.models import Attribute, Profile, Subscriber
from tests.mailing.people import Mailbox, add_people, change, launch_all, planned_campaign, reasons, states

EARLIER = timedelta(days=1)


@asynccontextmanager
async def sending(
    db: Database, messenger: Messenger, now: datetime, *, limit: int = 1000, **options: object
) -> AsyncIterator[Sender]:
    sender = Sender(db, messenger, Throttle(limit, 0), now=lambda: now, **options)  # type: ignore[arg-type]
    task = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        await sender.stop()
        await task


def campaign(db: Database, now: datetime, people: int, **fields: object) -> int:
    db.write_now(add_people, people, now - EARLIER)
    campaign_id = db.write_now(planned_campaign, now, **fields)
    launch_all(db, now)
    return campaign_id


async def test_everybody_gets_his_own_letter_once_and_the_campaign_is_finished(
    db: Database, now: datetime
) -> None:
    mailbox = Mailbox()
    campaign_id = campaign(db, now, 300)
    async with sending(db, mailbox, now) as sender:
        await sender.drain()

    assert mailbox.chats() == Counter(range(1001, 1301))
    assert {letter.text for letter in mailbox.delivered} == {f"Здравствуйте, Имя{i}!" for i in range(1, 301)}
    status = db.read_now(campaigns.status, campaign_id)
    assert (status.state, status.totals.sent, status.totals.audience) == ("finished", 300, 300)
    kept = db.read_now(lambda s: set(s.scalars(select(Delivery.message_id))))
    assert kept == set(range(1, 301)), "every message id returned to the ledger"
    assert db.read_now(lambda s: set(s.scalars(select(Profile.letters_received)))) == {1}


async def test_an_advertising_letter_carries_the_opt_out_button_in_the_persons_language(
    db: Database, now: datetime
) -> None:
    mailbox = Mailbox()
    db.write_now(add_people, 1, now - EARLIER, first=50, language="en")
    campaign(db, now, 1, purpose="advertising")
    async with sending(db, mailbox, now) as sender:
        await sender.drain()

    assert {letter.chat_id: letter.stop for letter in mailbox.delivered} == {
        1001: "Больше не присылать",
        1050: "Stop these messages",
    }


async def test_attributes_stand_in_the_text(db: Database, now: datetime) -> None:
    mailbox = Mailbox()
    words = Words('{{ first_name }} из {{ attributes.city | default: "города" }}')
    campaign_id = campaign(db, now, 2, variants=[Variant({"ru": words})])
    row = {"subscriber_id": 2, "key": "city", "text": "Казань <3", "updated_at": now}
    db.write_now(lambda s: s.add(Attribute(**row)))
    async with sending(db, mailbox, now) as sender:
        await sender.drain()

    assert sorted(letter.text for letter in mailbox.delivered) == ["Имя1 из города", "Имя2 из Казань &lt;3"]
    assert db.read_now(states, campaign_id) == {"sent": 2}


async def test_a_stop_between_planning_and_sending_wins(db: Database, now: datetime) -> None:
    stopped = asyncio.Event()

    def leave_at_the_tenth(letter: Letter, number: int) -> Outcome:
        if number == 10:
            stopped.set()
        return Sent(number)

    mailbox = Mailbox(leave_at_the_tenth)
    campaign_id = campaign(db, now, 100, purpose="advertising")
    async with sending(db, mailbox, now, limit=100) as sender:
        await stopped.wait()
        await db.write(change, 99, status="stopped", opted_out_at=now)
        await db.write(change, 100, advertising_consent_at=None)
        await sender.drain()

    assert 1099 not in mailbox.chats()
    assert 1100 not in mailbox.chats()
    ends = db.read_now(reasons, campaign_id)
    assert ends[99] == ("suppressed", "opted_out")
    assert ends[100] == ("suppressed", "no_advertising_consent")
    assert db.read_now(states, campaign_id) == {"sent": 98, "suppressed": 2}


async def test_a_paused_campaign_sends_nothing_more_until_it_is_resumed(db: Database, now: datetime) -> None:
    begun = asyncio.Event()
    mailbox = Mailbox(lambda letter, number: begun.set() or Sent(number))
    campaign_id = campaign(db, now, 120)
    async with sending(db, mailbox, now, limit=100) as sender:
        await begun.wait()
        await db.write(campaigns.pause, campaign_id)
        await sender.drain()
        at_pause = len(mailbox.delivered)
        await asyncio.sleep(0.3)
        assert len(mailbox.delivered) == at_pause < 120
        assert (await db.read(states, campaign_id))["planned"] == 120 - at_pause

        await db.write(campaigns.resume, campaign_id)
        await sender.drain()

    assert mailbox.chats() == Counter(range(1001, 1121))


async def test_refused_doubtful_and_lost_letters_end_where_they_belong(db: Database, now: datetime) -> None:
    def answer(letter: Letter, number: int) -> Outcome:
        return {0: Refused("blocked"), 1: Ambiguous("TimeoutError")}.get(
            letter.chat_id % 10, Sent(letter.chat_id)
        )

    mailbox = Mailbox(answer)
    campaign_id = campaign(db, now, 100)
    async with sending(db, mailbox, now) as sender:
        await sender.drain()

    totals = db.read_now(ledger.totals, campaign_id)
    assert (totals.sent, totals.failed, totals.unknown, totals.audience) == (80, 10, 10, 100)
    assert totals.reasons == {"blocked": 10}
    assert db.read_now(campaigns.status, campaign_id).state == "finished"
    blocked = select(Subscriber.id).where(Subscriber.status == "blocked")
    assert len(db.read_now(lambda s: s.scalars(blocked).all())) == 10


async def test_a_letter_that_surely_did_not_leave_is_tried_again(db: Database, now: datetime) -> None:
    tries: Counter[int] = Counter()

    def answer(letter: Letter, number: int) -> Outcome:
        tries[letter.chat_id] += 1
        if letter.chat_id == 1003 and tries[1003] == 1:
            return NotSent(0.2, "chat")
        return Sent(number)

    mailbox = Mailbox(answer)
    campaign_id = campaign(db, now, 20)
    async with sending(db, mailbox, now) as sender:
        await sender.drain()

    assert tries[1003] == 2
    assert mailbox.chats() == Counter(range(1001, 1021))
    assert db.read_now(states, campaign_id) == {"sent": 20}


async def test_without_a_network_all_wait_and_nothing_is_lost(db: Database, now: datetime) -> None:
    down = 5

    def answer(letter: Letter, number: int) -> Outcome:
        nonlocal down
        down -= 1
        return NotSent(None, "network") if down >= 0 else Sent(number)

    mailbox = Mailbox(answer)
    campaign_id = campaign(db, now, 50)
    async with sending(db, mailbox, now) as sender:
        await sender.drain()

    assert mailbox.chats() == Counter(range(1001, 1051))
    assert db.read_now(states, campaign_id) == {"sent": 50}


async def test_a_storm_of_429_loses_nobody_and_slows_the_pace(db: Database, now: datetime) -> None:
    accepted: list[float] = []
    refused = 0
    loop = asyncio.get_running_loop()

    def strict(letter: Letter, number: int) -> Outcome:
        """Forty a second, whatever we were told."""
        nonlocal refused
        moment = loop.time()
        if sum(moment - at < 1.0 for at in accepted[-40:]) >= 40:
            refused += 1
            return NotSent(0.5, "chat")
        accepted.append(moment)
        return Sent(number)

    mailbox = Mailbox(strict)
    campaign_id = campaign(db, now, 150)
    async with sending(db, mailbox, now, limit=100) as sender:
        await sender.drain()
        assert sender._throttle.bulk_rate < 100

    assert mailbox.chats() == Counter(range(1001, 1151))
    assert db.read_now(states, campaign_id) == {"sent": 150}
    assert refused < 60


async def test_a_content_fault_stops_the_campaign_after_a_few_and_calls_the_owner(
    db: Database, now: datetime
) -> None:
    alerts: list[str] = []

    async def alert(text: str) -> None:
        alerts.append(text)

    mailbox = Mailbox(lambda letter, number: ContentFault("can't parse entities: bad tag"), seconds=0.05)
    campaign_id = campaign(db, now, 200)
    async with sending(db, mailbox, now, limit=50, on_alert=alert) as sender:
        await sender.drain()

    ended = db.read_now(states, campaign_id)
    assert 3 <= ended["failed"] <= 15
    assert ended["planned"] == 200 - ended["failed"]
    status = db.read_now(campaigns.status, campaign_id)
    assert (status.state, status.error) == ("paused", "can't parse entities: bad tag")
    assert alerts == [f"Campaign {campaign_id} is paused: can't parse entities: bad tag"]


async def test_a_revoked_token_stops_all_and_keeps_the_letters(db: Database, now: datetime) -> None:
    alerts: list[str] = []

    async def alert(text: str) -> None:
        alerts.append(text)

    mailbox = Mailbox(lambda letter, number: Sent(number) if number < 5 else Fatal("401 Unauthorized"))
    campaign_id = campaign(db, now, 60)
    sender = Sender(db, mailbox, Throttle(50, 0), now=lambda: now, on_alert=alert)
    await asyncio.wait_for(sender.run(), 10)

    assert sender.fatal == "401 Unauthorized"
    assert db.read_now(states, campaign_id) == {"sent": 4, "planned": 56}
    assert alerts
    assert "401" in alerts[0]


async def test_a_failing_messenger_leaves_unknown_letters_not_lost_ones(db: Database, now: datetime) -> None:
    def crash(letter: Letter, number: int) -> Outcome:
        if letter.chat_id % 2:
            raise RuntimeError("a bug of ours")
        return Sent(number)

    campaign_id = campaign(db, now, 10)
    async with sending(db, Mailbox(crash), now) as sender:
        await sender.drain()

    assert db.read_now(states, campaign_id) == {"sent": 5, "unknown": 5}


async def test_a_promised_letter_in_doubt_is_sent_once_more_and_marked(db: Database, now: datetime) -> None:
    mailbox = Mailbox(lambda letter, number: Ambiguous("reset"))
    campaign_id = campaign(db, now, 3, lane=Lane.TRANSACTIONAL)
    async with sending(db, mailbox, now) as sender:
        await sender.drain()

    totals = db.read_now(ledger.totals, campaign_id)
    assert (totals.audience, totals.unknown, totals.resent) == (3, 3, 3)
    rows = db.read_now(lambda s: s.execute(select(Delivery.state, Delivery.parent_id)).all())
    assert Counter((row.state, row.parent_id is not None) for row in rows) == {
        ("unknown", False): 3,
        ("unknown", True): 3,
    }


async def test_lanes_go_first_by_rank(db: Database, now: datetime) -> None:
    mailbox = Mailbox()
    broadcast = campaign(db, now, 30)
    receipt = db.write_now(
        planned_campaign, now, key="receipt", lane=Lane.TRANSACTIONAL, audience="purchases = 0"
    )
    launch_all(db, now)
    async with sending(db, mailbox, now, limit=100) as sender:
        await sender.drain()

    query = select(Delivery.campaign_id).where(Delivery.state == "sent").order_by(Delivery.message_id)
    order = db.read_now(lambda s: list(s.scalars(query)))
    assert order == [receipt] * 30 + [broadcast] * 30


async def test_two_letters_to_one_person_keep_a_second_between_them(db: Database, now: datetime) -> None:
    moments: dict[int, list[float]] = {}
    loop = asyncio.get_running_loop()

    def note(letter: Letter, number: int) -> Outcome:
        moments.setdefault(letter.chat_id, []).append(loop.time())
        return Sent(number)

    campaign(db, now, 5)
    db.write_now(planned_campaign, now, key="second")
    launch_all(db, now)
    async with sending(db, Mailbox(note), now) as sender:
        await sender.drain()

    assert all(second - first >= 0.999 for first, second in moments.values())


async def test_a_file_is_uploaded_once_and_then_named(db: Database, now: datetime) -> None:
    uploads: list[Letter] = []

    def answer(letter: Letter, number: int) -> Outcome:
        if letter.file_id is None:
            uploads.append(letter)
            return Refused("blocked") if len(uploads) == 1 else Sent(number, "FILE")
        return Sent(number, letter.file_id)

    words = Words("План", "document", file_path="quizzes/files/plan.txt")
    campaign_id = campaign(db, now, 20, variants=[Variant({"ru": words})])
    mailbox = Mailbox(answer, seconds=0.02)
    async with sending(db, mailbox, now) as sender:
        await sender.drain()

    assert len(uploads) == 2, "the first one was refused for its person, the second one named the file"
    assert db.read_now(lambda s: s.scalar(select(Content.file_id))) == "FILE"
    assert db.read_now(states, campaign_id) == {"sent": 19, "failed": 1}


async def test_progress_is_told_now_and_then_and_after_the_end(db: Database, now: datetime) -> None:
    told: list[tuple[str, int]] = []

    async def show(campaign_id: int) -> None:
        status = await db.read(campaigns.status, campaign_id)
        told.append((status.state, status.totals.sent))

    campaign(db, now, 100)
    async with sending(db, Mailbox(), now, limit=100, on_progress=show) as sender:
        await sender.drain()

    assert told[-1] == ("finished", 100)
    assert len(told) <= 4


async def test_a_failing_progress_message_stops_nothing(db: Database, now: datetime) -> None:
    async def fail(campaign_id: int) -> None:
        raise ConnectionError("no message today")

    campaign_id = campaign(db, now, 10)
    async with sending(db, Mailbox(), now, on_progress=fail) as sender:
        await sender.drain()

    assert db.read_now(states, campaign_id) == {"sent": 10}


async def test_an_empty_audience_is_finished_too(db: Database, now: datetime) -> None:
    campaign_id = campaign(db, now, 3, audience="purchases >= 5")
    async with sending(db, Mailbox(), now) as sender:
        await sender.drain()

    assert db.read_now(campaigns.status, campaign_id).state == "finished"


async def test_a_repeating_campaign_waits_for_its_next_run(db: Database, now: datetime) -> None:
    campaign_id = campaign(db, now, 3, repeat="daily", occasion="run")
    async with sending(db, Mailbox(), now) as sender:
        await sender.drain()

    status = db.read_now(campaigns.status, campaign_id)
    assert (status.state, status.due_at) == ("scheduled", now + timedelta(days=1))


@pytest.mark.parametrize("after", [1, 7, 40, 99])
async def test_a_sender_that_dies_at_any_moment_repeats_nothing_and_loses_nothing(
    db: Database, now: datetime, after: int
) -> None:
    """The first sender vanishes with calls under way; the second waits for its lease and goes on."""
    reached = asyncio.Event()

    def count(letter: Letter, number: int) -> Outcome:
        if number >= after:
            reached.set()
        return Sent(number)

    mailbox = Mailbox(count, seconds=0.03)
    campaign_id = campaign(db, now, 100)
    first = asyncio.create_task(Sender(db, mailbox, Throttle(300, 0), now=lambda: now, holder="first").run())
    await reached.wait()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    async with sending(db, mailbox, now, limit=300, holder="second", lease_seconds=0.4) as sender:
        await sender.drain()

    assert max(mailbox.chats().values()) == 1
    told = db.read_now(reasons, campaign_id)
    sent = {1000 + who for who, (state, _) in told.items() if state == "sent"}
    unknown = {1000 + who for who, (state, _) in told.items() if state == "unknown"}
    assert sent <= mailbox.chats().keys()
    assert mailbox.chats().keys() - sent <= unknown
    assert len(sent) + len(unknown) == 100
    assert len(unknown) <= 300 * (0.03 + 0.05) + 5
    assert db.read_now(campaigns.status, campaign_id).state == "finished"


async def test_of_two_senders_at_once_only_one_sends(db: Database, now: datetime) -> None:
    mailbox = Mailbox(seconds=0.01)
    campaign_id = campaign(db, now, 100)
    async with (
        sending(db, mailbox, now, limit=200, holder="a") as one,
        sending(db, mailbox, now, limit=200, holder="b") as other,
    ):
        drains = {asyncio.create_task(sender.drain()) for sender in (one, other)}
        await asyncio.wait(drains, return_when=asyncio.FIRST_COMPLETED)  # whichever got the lease

    assert mailbox.chats() == Counter(range(1001, 1101))
    assert db.read_now(states, campaign_id) == {"sent": 100}


async def test_a_robbed_holder_starts_nothing_more(db: Database, now: datetime) -> None:
    """Its process slept so long that another took the lease: each letter still leaves once."""
    mailbox = Mailbox(seconds=0.01)
    campaign_id = campaign(db, now, 200)
    slow = Sender(db, mailbox, Throttle(200, 0), now=lambda: now, holder="slow", lease_seconds=60.0)
    running = asyncio.create_task(slow.run())
    while len(mailbox.delivered) < 20:
        await asyncio.sleep(0.01)
    async with sending(db, mailbox, now, limit=200, holder="fast", lease_seconds=0.4) as fast:
        await fast.drain()
    await slow.stop()
    await running

    assert max(mailbox.chats().values()) == 1
    ends = db.read_now(states, campaign_id)
    assert ends["sent"] + ends["unknown"] == 200
    assert ends["unknown"] <= 200 * 0.06 + 5


async def test_a_stop_ends_what_is_under_way_and_gives_the_lease_back(db: Database, now: datetime) -> None:
    begun = asyncio.Event()
    mailbox = Mailbox(lambda letter, number: begun.set() or Sent(number), seconds=0.2)
    campaign_id = campaign(db, now, 100)
    async with sending(db, mailbox, now, limit=50):
        await begun.wait()

    ends = db.read_now(states, campaign_id)
    assert ends["sent"] == len(mailbox.delivered) > 0
    assert ends["planned"] == 100 - ends["sent"]
    async with sending(db, mailbox, now) as sender:  # at once: no twenty seconds of waiting
        await asyncio.wait_for(sender.drain(), 5)
    assert mailbox.chats() == Counter(range(1001, 1101))


async def test_a_letter_due_later_is_sent_when_the_clock_has_moved(db: Database, now: datetime) -> None:
    moment = [now]
    mailbox = Mailbox()
    campaign_id = campaign(db, now, 4)
    later = update(Delivery).where(Delivery.subscriber_id == 4).values(due_at=now + timedelta(hours=3))
    db.write_now(lambda session: session.execute(later) and None)
    sender = Sender(db, mailbox, Throttle(1000, 0), now=lambda: moment[0])
    task = asyncio.create_task(sender.run())
    await sender.drain()
    assert (len(mailbox.delivered), db.read_now(campaigns.status_of, campaign_id)) == (3, "running")

    moment[0] = now + timedelta(hours=3)
    await sender.drain()
    assert (len(mailbox.delivered), db.read_now(campaigns.status_of, campaign_id)) == (4, "finished")
    await sender.stop()
    await task


async def test_memory_holds_a_window_of_a_long_ledger(db: Database, now: datetime) -> None:
    seen: list[int] = []
    box: list[Sender] = []

    def look(letter: Letter, number: int) -> Outcome:
        seen.append(len(box[0]._buffer._known))
        return Sent(number)

    campaign(db, now, 1500)
    async with sending(db, Mailbox(look), now, limit=50) as sender:
        box.append(sender)
        while len(seen) < 20:
            await asyncio.sleep(0.05)

    assert max(seen) <= 50 * 4 + 64
