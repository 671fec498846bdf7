"""A trial walks like a real run and leaves nothing behind."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from core.db import Base, Database
from core.quizzes import trials
from core.quizzes.counts import count
from core.quizzes.loader import load_text
from core.quizzes.models import QuizRun
from core.quizzes.records import has_finished
from core.quizzes.screens import Screen
from tests.quizzes.people import QUIZZES, Person, library_of
from tests.quizzes.shop import SHOP

WHOLE = """
id: whole
title: T
alerts: [{when: {question: agree, is: yes}, text: Look}]
questions:
  - {id: agree, kind: consent, purpose: events, text: May we?, tags: [asked]}
  - {id: place, kind: location, text: Where?}
  - {id: city, kind: text, check: city, saves: city, text: City?}
results:
  - {id: r, text: Bye, tags: [done], next: shop, lessons: [{after_hours: 1, text: One}]}
"""
COUNTED = ["answers", "attributes", "tags", "events", "consents", "deliveries", "consent_acts"]


def rows(db: Database) -> dict[str, int]:
    tables = [table for name, table in Base.metadata.tables.items() if name in COUNTED]
    return db.read_now(lambda s: {t.name: s.scalar(select(func.count()).select_from(t)) for t in tables})


def try_out(person: Person, text: str, key: str) -> Screen:
    loaded = load_text(text, "t.yaml", QUIZZES)
    person.screen = person.db.write_now(trials.begin, person.library, person.row, loaded, person.later(), key)
    return person.screen


def test_a_trial_of_everything_leaves_its_own_run_and_nothing_else(db: Database) -> None:
    person = Person(db, library_of(SHOP))
    before = rows(db)
    assert len(before) >= 4
    try_out(person, WHOLE, "k")
    person.press("Согласие даю")
    assert person.stand_at(55.8, 49.1) is not None
    assert person.write("казань") is not None
    end = person.on_screen
    assert (end.kind, end.next_quiz, end.alerts) == ("result", None, ())
    assert rows(db) == before
    run = person.run(end.run_id)
    assert (run.is_trial, run.result) == (True, "r")
    assert set(person.answers(end.run_id)) == {"agree", "place", "city"}
    assert not db.read_now(has_finished, person.row.id, "whole")
    quiz = load_text(WHOLE, "t.yaml", QUIZZES).quiz
    counts = db.read_now(count, quiz, person.now + timedelta(days=9))
    assert (counts.started, counts.asked, counts.dropped, counts.gone) == (0, {}, {}, {})


def test_the_same_update_begins_one_trial_and_a_new_one_leaves_the_old(db: Database) -> None:
    person = Person(db, library_of(SHOP))
    first = try_out(person, SHOP, "k")
    assert try_out(person, SHOP, "k").run_id == first.run_id
    second = try_out(person, SHOP, "l")
    assert second.run_id != first.run_id
    assert person.run(first.run_id).abandoned_at is not None


def test_a_real_run_and_a_trial_of_one_quiz_stay_apart(db: Database) -> None:
    person = Person(db, library_of(SHOP))
    trial = try_out(person, SHOP, "k")
    person.press("Гость")
    real = person.begin("shop")
    assert real.run_id != trial.run_id
    assert "Кто вы?" in real.text, "the trial's answer is not the person's"
    assert db.read_now(lambda s: s.scalar(select(func.count()).select_from(QuizRun))) == 2
