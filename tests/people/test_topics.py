"""Topics: made by the owner, left one by one by people; proofs that cannot be changed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from core.db import Database
from core.people import consents, matching, subscribers, suppression, topics
from core.people.choices import TopicChoice
from core.people.consents import Proof
from core.people.matching import Identity
from core.people.models import Consent, ConsentText, Subscriber
from core.people.subscribers import Sender, Status
from core.people.topics import Place, TopicError

ANNA = Sender(11, "Анна", language_code="ru")


async def test_topics_are_on_until_left_and_each_choice_is_kept(db: Database, now: datetime) -> None:
    person = await db.write(subscribers.meet, ANNA, now)
    news = await db.write(topics.add, "Новинки | New arrivals", "u1", now)
    sales = await db.write(topics.add, "Скидки", "u2", now)
    assert await db.write(topics.add, "Скидки", "u2", now) == sales  # the same update makes one topic
    assert await db.write(topics.choose, person.id, sales, False, Place("topics", "u3", 7), now) is True
    assert await db.write(topics.choose, person.id, sales, False, Place("topics", "u4", 7), now) is False
    chosen = await db.read(topics.of, person.id, "en")
    assert [(one.title, one.is_on) for one in chosen] == [("New arrivals", True), ("Скидки", False)]
    assert await db.write(topics.choose, person.id, sales, True, Place("letter", "u5"), now) is True
    facts = await db.read(lambda s: list(s.execute(select(TopicChoice.is_on, TopicChoice.path))))
    assert [tuple(row) for row in facts] == [(False, "topics"), (True, "letter")]
    await db.write(topics.show, news, False)
    assert [one.title for one in await db.read(topics.of, person.id, "ru")] == ["Скидки"]
    assert [one.is_active for one in await db.read(topics.everything)] == [False, True]


@pytest.mark.parametrize(
    "text", ["", " | ", "a|b|c", "x" * 33, "Скидки", "скидки | Other", "| Sales", "\u200b"]
)
async def test_a_topic_needs_a_new_short_name(db: Database, now: datetime, text: str) -> None:
    await db.write(topics.add, "Скидки | Sales", "u1", now)
    with pytest.raises(TopicError):
        await db.write(topics.add, text, "u2", now)


async def test_a_renamed_topic_keeps_those_who_left_it(db: Database, now: datetime) -> None:
    person = await db.write(subscribers.meet, ANNA, now)
    sales = await db.write(topics.add, "Скидки", "u1", now)
    await db.write(topics.choose, person.id, sales, False, Place("topics", "u3"), now)
    await db.write(topics.rename, sales, "Акции | Offers")
    (one,) = await db.read(topics.everything)
    assert (one.title_ru, one.title_en, one.left_count) == ("Акции", "Offers", 1)
    assert await db.read(topics.names) == {"скидки", "акции", "offers"}
    with pytest.raises(TopicError):
        await db.write(topics.choose, person.id, 999, False, Place("topics", "u9"), now)


@pytest.mark.parametrize(
    "act",
    [
        update(Consent).values(given=False),
        delete(Consent),
        update(ConsentText).values(text="Другой"),
        delete(ConsentText),
        update(TopicChoice).values(is_on=True),
        delete(TopicChoice),
    ],
    ids=lambda act: f"{act.__visit_name__}-{act.table.name}",
)
async def test_proofs_can_neither_be_changed_nor_deleted(db: Database, now: datetime, act) -> None:  # type: ignore[no-untyped-def]
    def prove(session) -> None:  # type: ignore[no-untyped-def]
        person = subscribers.meet(session, ANNA, now)
        consents.give(session, person, "data", Proof("Текст", "ru", "start", "u1", 5), now)
        topic = topics.add(session, "Скидки", "u2", now)
        topics.choose(session, person.id, topic, False, Place("topics", "u3"), now)

    await db.write(prove)
    with pytest.raises(DBAPIError, match="rows are only added"):
        await db.write(lambda session: session.execute(act) and None)
    assert len(await db.read(lambda s: consents.acts(s, s.scalars(select(Subscriber.id)).one()))) == 1


async def test_who_was_erased_comes_back_as_a_newcomer_without_letters(db: Database, now: datetime) -> None:
    def erase(session) -> int:  # type: ignore[no-untyped-def]
        gone = Subscriber(status=Status.ERASED, created_at=now, erased_at=now, language_code="")
        session.add(gone)
        session.flush()
        keys = [("telegram_id", "11"), ("phone", "+79161234567")]
        suppression.suppress(session, gone.id, keys, now)
        return int(gone.id)

    gone = await db.write(erase)
    came = await db.write(subscribers.meet, ANNA, now)
    assert (came.status, came.id != gone) == (Status.STOPPED, True)

    def agree(session) -> str:  # type: ignore[no-untyped-def]
        person = subscribers.meet(session, ANNA, now)
        consents.give(session, person, "data", Proof("Текст", "ru", "start", "u1", 5), now)
        return person.status

    assert await db.write(agree) == Status.ACTIVE
    assert (await db.write(subscribers.meet, Sender(12), now)).status == Status.ACTIVE

    # a file that names him again finds the empty row and fills nothing in
    named = [Identity(phone="+79161234567", name="Анна", email="a@b.ru"), Identity(phone="+79160000000")]
    places, added = await db.write(matching.find_or_add, named, now + timedelta(days=1))
    assert (places[0], added) == (gone, 1)
    row = await db.read(lambda s: s.get_one(Subscriber, gone))
    assert (row.phone, row.email, row.first_name, row.status) == (None, None, "", "erased")
