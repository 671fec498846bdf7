"""Questions by letter: what a person writes back is the answer, once, and tags him."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.db import Database
from core.mailing import questions
from core.mailing.campaigns import Variant
from core.mailing.letters import Words
from core.mailing.messenger import Poll, Sent
from core.mailing.models import Campaign, Delivery
from core.people.models import Event, Tag
from core.quizzes.loader import Library
from core.reports.letter_answers import answers_of, is_asking
from tests.mailing.people import Mailbox, add_people, launch_all, planned_campaign
from tests.mailing.test_sender import sending
from tests.quizzes.people import QUIZZES


async def asked(
    db: Database, now: datetime, name: str = "Чего не хватает?", *, is_question: bool = True
) -> int:
    """A letter that both people have got; returns the campaign."""
    campaign_id = db.write_now(planned_campaign, now, name, name=name)
    db.write_now(lambda s: s.execute(update(Campaign).values(is_question=is_question)))
    launch_all(db, now)
    async with sending(db, Mailbox(), now) as sender:
        await sender.drain()
    return campaign_id


def facts(db: Database) -> list[str]:
    texts = select(Event.detail).where(Event.kind == questions.FACT).order_by(Event.id)
    return [detail["text"] for detail in db.read_now(lambda s: s.scalars(texts).all()) if detail]


async def test_a_vote_in_a_poll_is_its_answer_and_one_taken_back_is_none(db: Database, now: datetime) -> None:
    db.write_now(add_people, 2, now)
    poll = Words("Что выбрать?", "poll", poll=Poll(("Чай", "Кофе", "Мёд"), takes_many=True))
    content = [Variant({"ru": poll})]
    campaign_id = db.write_now(planned_campaign, now, "p", name="Что выбрать?", variants=content)
    launch_all(db, now)
    polls = Mailbox(lambda letter, number: Sent(number, poll_id=f"poll{letter.chat_id}"))
    async with sending(db, polls, now) as sender:
        await sender.drain()

    assert polls.delivered[0].poll == Poll(("Чай", "Кофе", "Мёд"), takes_many=True)
    later = now + timedelta(hours=1)
    assert db.write_now(questions.voted, 2, "poll1001", [0], later, "u0") is None, "another person's poll"
    assert db.write_now(questions.voted, 1, "poll1001", [0, 2], later, "u1") == campaign_id
    assert db.write_now(questions.voted, 1, "poll1001", [0, 2], later, "u1") == campaign_id, "the same update"
    assert db.write_now(questions.voted, 2, "poll1002", [], later, "u2") == campaign_id
    assert facts(db) == ["Чай, Мёд"]
    assert db.read_now(lambda s: s.scalars(select(Tag.subscriber_id)).all()) == [1]
    assert db.read_now(lambda s: set(s.scalars(select(Delivery.answered_at)))) == {later}
    assert db.read_now(is_asking, campaign_id)
    found = db.read_now(answers_of, Library(QUIZZES), campaign_id, "entry")
    assert [(one.name, one.text) for one in found] == [("Имя1", "Чай, Мёд")]


async def test_the_next_text_is_the_answer_once_and_tags_the_person(db: Database, now: datetime) -> None:
    db.write_now(add_people, 2, now)
    campaign_id = await asked(db, now)
    later = now + timedelta(hours=1)
    assert db.write_now(questions.answer, 1, None, "Чёрного цвета", later, "u1") == campaign_id
    assert db.write_now(questions.answer, 1, None, "Чёрного цвета", later, "u1") == campaign_id, (
        "the same update"
    )
    assert db.write_now(questions.answer, 1, None, "И ещё кое-что", later, "u2") is None
    assert facts(db) == ["Чёрного цвета"]
    tags = db.read_now(lambda s: s.execute(select(Tag.subscriber_id, Tag.tag)).all())
    assert [tuple(one) for one in tags] == [(1, "answered:чего-не-хватает")]
    answered = select(Delivery.answered_at).where(Delivery.subscriber_id == 1)
    assert db.read_now(lambda s: s.scalars(answered).one()) == later

    found = db.read_now(answers_of, Library(QUIZZES), campaign_id, "entry")
    assert [(one.name, one.text, one.quiz) for one in found] == [("Имя1", "Чёрного цвета", "")]
    assert db.read_now(is_asking, campaign_id)


async def test_a_reply_belongs_to_the_letter_it_replies_to(db: Database, now: datetime) -> None:
    db.write_now(add_people, 1, now)
    first = await asked(db, now, "Первый")
    second = await asked(db, now + timedelta(hours=1), "Второй")
    place = select(Delivery.message_id).where(Delivery.campaign_id == first)
    message_id = db.read_now(lambda s: s.scalars(place).one())
    db.write_now(
        lambda s: s.execute(update(Delivery).where(Delivery.campaign_id == second).values(message_id=777))
    )
    later = now + timedelta(days=9)
    assert db.write_now(questions.answer, 1, message_id, "Отвечаю на первый", later, "u1") == first
    assert db.write_now(questions.answer, 1, message_id, "И ещё раз", later, "u2") == first
    assert db.write_now(questions.answer, 1, 777, "А это второй", later, "u3") == second
    assert len(facts(db)) == 3


@pytest.mark.parametrize(("is_question", "days"), [(False, 0), (True, 4)])
async def test_a_plain_letter_and_an_old_question_wait_for_nothing(
    db: Database, now: datetime, is_question: bool, days: int
) -> None:
    db.write_now(add_people, 1, now)
    await asked(db, now, is_question=is_question)
    assert (
        db.write_now(questions.answer, 1, None, "Привет", now + timedelta(days=days, hours=1), "u1") is None
    )
    assert facts(db) == []
