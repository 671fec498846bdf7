"""Ratings: thumbs under a letter, by button or reaction; the last one of a person counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.handlers import letters as handler
from core.db import Database
from core.mailing import ratings
from core.mailing.campaigns import Variant
from core.mailing.letters import Words
from core.mailing.models import Delivery
from core.mailing.ratings import Ratings
from core.people.models import Event
from core.people.subscribers import Sender
from tests.mailing.people import Mailbox, add_people, launch_all, planned_campaign
from tests.mailing.test_sender import sending

ANNA, BORIS = Sender(1001, "Имя1"), Sender(1002, "Имя2")


async def test_the_last_thumb_of_each_person_counts(db: Database, now: datetime) -> None:
    db.write_now(add_people, 3, now)
    content = [Variant({"ru": Words("Как вам?", buttons=[ratings.BUTTONS])})]
    campaign_id = db.write_now(planned_campaign, now, variants=content)
    plain = db.write_now(planned_campaign, now, "plain")
    launch_all(db, now)
    async with sending(db, Mailbox(), now) as sender:
        await sender.drain()
    assert db.read_now(ratings.of_campaign, campaign_id) == Ratings(0, 0)
    assert db.read_now(ratings.of_campaign, plain) is None
    rows = select(Delivery.subscriber_id, Delivery.id, Delivery.message_id)
    rows = rows.where(Delivery.campaign_id == campaign_id)
    mine = {row[0]: row[1:] for row in db.read_now(lambda s: s.execute(rows).all())}
    later = now + timedelta(hours=1)

    assert not db.write_now(handler.answer, BORIS, mine[1][0], "like", later, "ru"), "not his letter"
    for code in ("like", "dislike", "dislike", "like"):
        assert db.write_now(handler.answer, ANNA, mine[1][0], code, later, "ru")
    db.write_now(handler.react, BORIS, mine[2][1], ["🔥"], later, "ru")
    assert db.read_now(ratings.of_campaign, campaign_id) == Ratings(1, 0), "a fire is no thumb"
    db.write_now(handler.react, BORIS, mine[2][1], ["👎"], later, "ru")
    assert db.read_now(ratings.of_campaign, campaign_id) == Ratings(1, 1)
    facts = db.read_now(
        lambda s: s.scalars(select(Event.detail).where(Event.kind == ratings.FACT).order_by(Event.id)).all()
    )
    assert [(fact["delivery"], fact["rating"]) for fact in facts if fact] == [
        (mine[1][0], 1), (mine[1][0], -1), (mine[2][0], -1),
    ]  # fmt: skip
