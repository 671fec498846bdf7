"""Links by which people invite each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.db import Database
from core.people import bots, referrals, subscribers
from core.people.models import Event, Subscriber
from core.people.subscribers import Sender


def met(session: Session, telegram_id: int, now: datetime) -> Subscriber:
    return subscribers.meet(session, Sender(telegram_id, "Анна"), now)


def referred(session: Session, who: int) -> int:
    count = select(func.count()).where(Event.subscriber_id == who, Event.kind == "referred")
    return session.scalar(count) or 0


async def test_a_link_names_the_bot_and_leads_back_to_its_owner(db: Database, now: datetime) -> None:
    db.write_now(bots.claim, 1000, "kvizor_bot", now)
    anna = db.write_now(lambda s: met(s, 5, now).id)
    link = db.read_now(referrals.link, anna)
    head, _, code = link.partition("ref_")
    assert head == "https://t.me/kvizor_bot?start="
    assert len(code) == 8
    assert db.read_now(referrals.owner_of, code) == anna
    assert db.read_now(referrals.link, anna) == link, "the link stays the same"
    assert db.read_now(referrals.owner_of, "aaaaaaaa") is None
    assert db.read_now(referrals.owner_of, "'; drop") is None


async def test_a_database_without_a_bot_has_no_link(db: Database, now: datetime) -> None:
    assert db.read_now(referrals.link, 1) == ""
    assert db.read_now(referrals.owner_of, "aaaaaaaa") is None


async def test_a_newcomer_is_counted_once_for_the_one_who_invited_him(db: Database, now: datetime) -> None:
    db.write_now(bots.claim, 1000, "kvizor_bot", now)
    anna = db.write_now(lambda s: met(s, 5, now).id)
    payload = "ref_" + db.read_now(referrals.code_of, anna)
    later = now + timedelta(hours=1)

    assert db.write_now(lambda s: referrals.note(s, met(s, 6, later), payload, later))
    assert not db.write_now(lambda s: referrals.note(s, met(s, 6, later), payload, later)), "the same update"
    after = later + timedelta(hours=1)
    assert not db.write_now(lambda s: referrals.note(s, met(s, 6, after), payload, after)), "no newcomer now"
    assert db.read_now(referred, anna) == 1


async def test_nobody_invites_himself_and_a_strange_code_counts_for_nobody(
    db: Database, now: datetime
) -> None:
    db.write_now(bots.claim, 1000, "kvizor_bot", now)
    anna = db.write_now(lambda s: met(s, 5, now).id)
    own = "ref_" + db.read_now(referrals.code_of, anna)
    for payload in (own, "ref_", "ref_zzzzzzzz", "ref_ABCDEFGH", "vk"):
        assert not db.write_now(lambda s, word=payload: referrals.note(s, met(s, 5, now), word, now))
    assert db.read_now(referred, anna) == 0


async def test_codes_are_different_and_found_back_for_any_number_of_people(
    db: Database, now: datetime
) -> None:
    db.write_now(bots.claim, 1000, "kvizor_bot", now)
    bot_key = db.read_now(lambda s: referrals._key(s.get_one(referrals.Bot, 1)))

    @settings(max_examples=200, deadline=None)
    @given(number=st.integers(1, 2**40 - 1))
    def back(number: int) -> None:
        rounds = range(referrals._ROUNDS)
        code = referrals._shuffled(number, bot_key, rounds)
        assert 0 <= code < 2**40
        undone = referrals._shuffled(referrals._swapped(code), bot_key, reversed(rounds))
        assert referrals._swapped(undone) == number

    back()
