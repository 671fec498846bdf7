"""Series and the real sender: their letters stay open, two processes at once double nothing."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import select

from core import tick
from core.db import Database
from core.mailing import buffer, campaigns
from core.mailing.models import Campaign, Delivery
from core.mailing.series import advancing, shelf
from core.mailing.series.models import Enrollment
from tests.mailing.people import Mailbox, add_people
from tests.mailing.series.test_stories import tag
from tests.mailing.series.world import SALES, World, kept, states
from tests.mailing.test_sender import sending


async def test_the_sender_sends_the_letters_of_a_series_and_never_finishes_it(
    db: Database, now: datetime
) -> None:
    db.write_now(add_people, 3, now)
    db.write_now(kept, SALES, now)
    for who in (1, 2, 3):
        db.write_now(tag, who, now)
    assert db.read_now(buffer.running) == []  # nobody waits: the sender does not look at it
    assert advancing.advance(db, now)
    assert len(db.read_now(buffer.running)) == 1
    mailbox = Mailbox()
    async with sending(db, mailbox, now) as sender:
        await sender.drain()
    assert len(mailbox.delivered) == 3
    stand = db.read_now(lambda s: Counter(s.scalars(select(Campaign.state))))
    assert stand == {"running": 3}
    assert not db.write_now(campaigns.finish, 1, now)


def test_two_processes_that_advance_at_once_write_each_letter_once(db: Database, now: datetime) -> None:
    people = 60
    db.write_now(add_people, people, now)
    db.write_now(kept, SALES, now)
    for who in range(1, people + 1):
        db.write_now(tag, who, now)
    world = World(db, now)
    others = [Database(db.url.render_as_string(hide_password=False), on_touched=tick.touched) for _ in "ab"]
    for _ in range(4):
        threads = [threading.Thread(target=advancing.advance, args=(one, world.now)) for one in others]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        world.step()
        world.now += timedelta(days=2)
    for one in others:
        one.close_now()
    letters = db.read_now(
        lambda s: Counter(s.execute(select(Delivery.campaign_id, Delivery.subscriber_id)).all())
    )
    assert len(letters) == 3 * people
    assert set(letters.values()) == {1}
    assert db.read_now(states, "sales") == {"finished": people}


async def test_what_an_owner_sends_again_lets_no_series_go_on_that_is_off(
    db: Database, now: datetime
) -> None:
    db.write_now(add_people, 1, now)
    db.write_now(kept, SALES, now)
    db.write_now(tag, 1, now)
    advancing.advance(db, now)

    def lose(session) -> int:  # type: ignore[no-untyped-def]
        letter = session.scalars(select(Delivery)).one()
        letter.state, letter.finished_at = "unknown", now
        return int(letter.campaign_id)

    letter = db.write_now(lose)
    db.write_now(shelf.switch_off, "sales", now)
    assert db.write_now(campaigns.resend_unknown, letter, now) == 1
    assert db.read_now(campaigns.status_of, letter) == "paused"
    advancing.advance(db, now)
    assert db.read_now(lambda s: s.scalars(select(Enrollment)).one().due_at) == now + timedelta(days=2)


async def test_a_letter_halted_for_its_content_is_told_and_goes_on_when_switched_on_again(
    db: Database, now: datetime
) -> None:
    db.write_now(add_people, 1, now)
    db.write_now(kept, SALES, now)
    db.write_now(tag, 1, now)
    advancing.advance(db, now)
    db.write_now(campaigns.halt, 1, "Bad Request: can't parse entities")
    told = db.read_now(shelf.find, "sales")
    assert told.error == "The letter `first` is held back: Bad Request: can't parse entities"
    assert db.write_now(shelf.switch_on, "sales", now).error is None
    assert db.read_now(campaigns.status_of, 1) == "running"
