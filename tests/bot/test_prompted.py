"""Whose a typed text is: the question that was put last gets it."""

from __future__ import annotations

from datetime import timedelta

from bot.admin import topics as admin_topics
from bot.callbacks import TopicAct
from bot.handlers.prompted import newest
from core.db import Database
from core.mailing.models import Campaign
from core.people import prompts, topics
from tests.admin.windows import Window
from tests.quizzes.people import Person, library_of

TYPED = """
id: typed
title: T
questions:
  - {id: role, kind: text, text: Role?}
  - {id: city, kind: text, text: City?}
results: [{id: r, text: Bye}]
"""


def whose(person: Person) -> str | None:
    asked = person.db.read_now(newest, 1, person.now)
    return asked.what if asked is not None else None


async def test_the_newer_of_a_quiz_and_a_prompt_takes_the_text(db: Database) -> None:
    anna = Person(db, library_of(TYPED))
    assert whose(anna) is None
    anna.begin("typed")
    db.write_now(prompts.ask, anna.row.id, "city", 7, anna.later())
    assert whose(anna) == "city"
    anna.write("Owner")  # he has gone on with the quiz since
    assert whose(anna) is None
    db.write_now(prompts.ask, anna.row.id, "quiet", 8, anna.later())
    assert whose(anna) == "quiet"
    anna.now += prompts.FRESH + timedelta(seconds=1)
    assert whose(anna) is None


async def test_a_quiz_that_is_finished_asks_nothing(db: Database) -> None:
    anna = Person(db, library_of(TYPED))
    anna.begin("typed")
    db.write_now(prompts.ask, anna.row.id, "city", 7, anna.later())
    anna.write("Owner")
    anna.write("Tula")
    assert whose(anna) == "city"


async def test_the_owner_types_the_name_of_a_topic_without_replying(db: Database) -> None:
    window = Window(db)
    window.dispatcher.include_routers(admin_topics.router(), admin_topics.late_router())
    await window.taps(TopicAct(action="add").pack())
    await window.writes("Новинки | New arrivals")
    assert [one.title_ru for one in db.read_now(topics.everything)] == ["Новинки"]
    await window.taps(TopicAct(action="add").pack())
    await window.writes("/help")  # a command is no name
    assert len(db.read_now(topics.everything)) == 1


async def test_a_letter_begun_after_the_question_gets_the_text(db: Database) -> None:
    owner = Person(db, library_of(TYPED), telegram_id=7001)
    db.write_now(prompts.ask, owner.row.id, "topic_add", 7, owner.now)
    assert db.read_now(newest, 7001, owner.later()) is not None
    db.write_now(begun_letter, owner)
    assert db.read_now(newest, 7001, owner.later()) is None


def begun_letter(session, owner: Person) -> None:  # type: ignore[no-untyped-def]
    letter = {"name": "Весна", "audience": "all", "key": "letter", "created_by": 7001}
    session.add(Campaign(state="draft", created_at=owner.now, **letter))
    session.flush()
