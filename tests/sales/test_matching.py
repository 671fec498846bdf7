"""People known from files become one with those who open the bot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from core.db import Database
from core.people import activity, attributes, subscribers
from core.people.matching import Identity, find, find_or_add
from core.people.models import Attribute, DailyCount, Event, Profile, Subscriber, Tag
from core.sales.matching import join_known
from core.sales.models import Purchase
from core.segments.models import Membership, Segment, SegmentDay, SegmentMask

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BOUGHT = NOW - timedelta(days=40)


def known(session: Session, identity: Identity, *amounts: int) -> int:
    """A customer from a file, with one purchase an amount."""
    (who,), _ = find_or_add(session, [identity], BOUGHT)
    for number, amount in enumerate(amounts):
        session.add(
            Purchase(
                order_id=f"{who}-{number}",
                subscriber_id=who,
                at=BOUGHT + timedelta(days=number),
                amount=amount,
                currency="RUB",
                base_amount=amount,
            )
        )
    session.flush()
    return who


def met(session: Session, telegram_id: int) -> int:
    return subscribers.meet(session, subscribers.Sender(telegram_id, "Анна"), NOW).id


def profile(session: Session, who: int) -> tuple[Any, ...]:
    row = session.get_one(Profile, who)
    session.refresh(row)
    return row.purchases_count, row.purchases_total, row.first_purchase_at, row.last_purchase_at


async def test_a_customer_who_opens_the_bot_keeps_his_purchases(db: Database) -> None:
    def story(session: Session) -> None:
        twin = known(session, Identity(external_id="500100"), 1000, 2500)
        me = met(session, 500100)
        assert join_known(session, me, NOW) == 1
        assert profile(session, me) == (2, 3500, BOUGHT, BOUGHT + timedelta(days=1))
        assert session.get(Subscriber, twin) is None
        assert session.get_one(Subscriber, me).external_id == "500100"
        assert session.get_one(Subscriber, me).status == "active"

    await db.write(story)


async def test_joining_again_changes_nothing(db: Database) -> None:
    def story(session: Session) -> None:
        known(session, Identity(telegram_id=500100), 1000)
        me = met(session, 500100)
        join_known(session, me, NOW)
        before = profile(session, me)
        assert join_known(session, me, NOW) == 0
        assert profile(session, me) == before

    await db.write(story)


async def test_two_known_rows_join_one_person_by_phone_and_mail(db: Database) -> None:
    def story(session: Session) -> None:
        known(session, Identity(external_id="A-1", phone="+79121234567"), 100)
        known(session, Identity(external_id="B-2", email="anna@shop.ru"), 200, 300)
        me = met(session, 7)
        assert join_known(session, me, NOW) == 0
        assert join_known(session, me, NOW, phone="+79121234567", email="anna@shop.ru") == 2
        assert profile(session, me)[:2] == (3, 600)
        person = session.get_one(Subscriber, me)
        assert (person.external_id, person.phone, person.email) == ("A-1", "+79121234567", "anna@shop.ru")
        assert session.scalar(select(func.count()).select_from(Subscriber)) == 1

    await db.write(story)


async def test_another_person_with_a_chat_is_never_swallowed(db: Database) -> None:
    def story(session: Session) -> None:
        other = met(session, 8)
        session.get_one(Subscriber, other).phone = "+79121234567"
        me = met(session, 7)
        assert join_known(session, me, NOW, phone="+79121234567") == 0
        assert session.get(Subscriber, other) is not None

    await db.write(story)


async def test_his_own_words_win_and_counts_add_up(db: Database) -> None:
    def story(session: Session) -> None:
        twin = known(session, Identity(external_id="7"), 100)
        me = met(session, 7)
        for who, city in ((twin, "Казань"), (me, "Пермь")):
            attributes.set_attribute(session, who, "city", city, NOW, origin="test")
            attributes.add_tag(session, who, "vip", NOW, origin="test")
            activity.record(session, who, "price_viewed", NOW)
        attributes.set_attribute(session, twin, "country", "Россия", NOW, origin="import")
        join_known(session, me, NOW)
        rows = session.execute(select(Attribute.subscriber_id, Attribute.key, Attribute.text)).all()
        told = sorted(tuple(row) for row in rows if row.key != "gender")  # that one his name tells
        assert told == [(me, "city", "Пермь"), (me, "country", "Россия")]
        assert [tuple(row) for row in session.execute(select(Tag.subscriber_id, Tag.tag))] == [(me, "vip")]
        viewed = select(func.count()).where(Event.subscriber_id == me, Event.kind == "price_viewed")
        assert session.scalar(viewed) == 2
        assert session.scalar(select(DailyCount.count).where(DailyCount.kind == "price_viewed")) == 2

    await db.write(story)


async def test_the_vanished_row_leaves_the_sizes_of_its_segments(db: Database) -> None:
    def story(session: Session) -> None:
        twin = known(session, Identity(external_id="7"), 100)
        me = met(session, 7)
        session.execute(
            insert(Segment),
            [
                {
                    "id": n,
                    "name": f"s{n}",
                    "title_ru": "",
                    "title_en": "",
                    "rule": "",
                    "created_at": NOW,
                    "size": 2,
                }
                for n in (1, 2)
            ],
        )
        yesterday = NOW.date() - timedelta(days=1)
        session.execute(
            insert(SegmentDay),
            [
                {"segment_id": 1, "day": NOW.date(), "size": 2},
                {"segment_id": 2, "day": yesterday, "size": 2},
                {"segment_id": 2, "day": BOUGHT.date(), "size": 2, "entered": 2},
            ],
        )
        for who in (twin, me):
            session.execute(insert(SegmentMask), [{"subscriber_id": who, "block": 0, "mask": 3}])
            for number in (1, 2):
                session.add(Membership(segment_id=number, subscriber_id=who, entered_at=BOUGHT))
        activity.record(session, twin, "segment_entered", BOUGHT, detail={"segment": "s1"})
        join_known(session, me, NOW)
        assert list(session.scalars(select(Segment.size).order_by(Segment.id))) == [1, 1]
        days = session.execute(
            select(
                SegmentDay.segment_id, SegmentDay.day, SegmentDay.size, SegmentDay.entered, SegmentDay.left
            )
        )
        assert sorted(map(tuple, days)) == [
            (1, NOW.date(), 1, 0, 0),
            (2, BOUGHT.date(), 1, 1, 0),
            (2, yesterday, 1, 0, 0),
        ], "as if the row had never been apart"
        assert list(session.scalars(select(Membership.subscriber_id))) == [me, me]
        assert list(session.scalars(select(SegmentMask.subscriber_id))) == [me]
        assert session.scalar(select(func.count()).where(Event.kind == "segment_entered")) == 0
        session.info.clear()  # the rules of these segments are empty: the refresh must not read them

    await db.write(story)


async def test_two_customer_numbers_are_two_people_even_with_one_phone(db: Database) -> None:
    def story(session: Session) -> None:
        family = [
            Identity(external_id="1", phone="+79121234567"),
            Identity(external_id="2", phone="+79121234567"),
        ]
        ids, added = find_or_add(session, family, NOW)
        assert added == 2
        assert find(session, family) == ids
        assert find(session, [Identity(phone="+79121234567")]) == [min(ids)]

    await db.write(story)


async def test_a_file_fills_blanks_and_changes_nothing_else(db: Database) -> None:
    def story(session: Session) -> None:
        me = met(session, 7)
        session.get_one(Subscriber, me).email = "own@mail.ru"
        session.flush()
        ids, added = find_or_add(
            session, [Identity(telegram_id=7, phone="+79121234567", email="file@mail.ru", name="Другая")], NOW
        )
        session.expire_all()
        person = session.get_one(Subscriber, me)
        assert (ids, added) == ([me], 0)
        assert (person.phone, person.email, person.first_name) == ("+79121234567", "own@mail.ru", "Анна")

    await db.write(story)
