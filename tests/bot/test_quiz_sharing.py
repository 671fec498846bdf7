"""A contact card: whose number is kept, and what is said to it; and buttons after the consent is gone."""

from __future__ import annotations

from bot.handlers import quiz
from core import privacy
from core.db import Database
from core.people import consents
from core.people.consents import Proof
from core.people.models import Subscriber
from core.people.subscribers import Sender
from core.quizzes import trials
from core.quizzes.loader import load_text
from tests.quizzes.people import QUIZZES, Person, library_of

ANNA = Sender(1, "Анна", language_code="ru")
PHONED = """
id: phoned
title: T
questions:
  - {id: phone, kind: contact, text: Phone?}
  - {id: more, kind: yes_no, text: More?}
results: [{id: r, text: Bye}]
"""


def somebody(db: Database, *, agrees: bool = True) -> Person:
    person = Person(db, library_of(PHONED))
    if agrees:
        db.write_now(agree, person)
    return person


def agree(session, person: Person) -> None:  # type: ignore[no-untyped-def]
    row = session.get_one(Subscriber, person.row.id)
    consents.give(session, row, "data", Proof("Да?", "ru", "start", f"u:{row.id}"), person.now)


def shared(person: Person, phone: str, *, is_own: bool = True):  # type: ignore[no-untyped-def]
    person.updates += 1
    key = f"share:{person.updates}"
    return person.db.write_now(quiz.share, person.library, ANNA, phone, is_own, person.later(), key, "ru")


def phone_of(person: Person) -> str | None:
    return person.db.read_now(lambda s: s.get_one(Subscriber, person.row.id)).phone


async def test_a_trial_run_keeps_no_number_on_the_owners_card(db: Database) -> None:
    owner = somebody(db)
    loaded = load_text(PHONED, "t.yaml", QUIZZES)
    db.write_now(trials.begin, owner.library, owner.row, loaded, owner.later(), "k")
    screen, _said = shared(owner, "79161234567")
    assert "More?" in screen.text
    assert phone_of(owner) is None


async def test_a_run_that_counts_keeps_the_number(db: Database) -> None:
    anna = somebody(db)
    anna.begin("phoned")
    shared(anna, "79161234567")
    assert phone_of(anna) == "+79161234567"


def tapped(person: Person, payload: str):  # type: ignore[no-untyped-def]
    person.updates += 1
    return person.db.write_now(
        quiz.tap, person.library, ANNA, payload, person.later(), f"tap:{person.updates}", "ru"
    )


async def test_an_old_button_asks_for_the_consent_that_was_taken_back(db: Database) -> None:
    anna = somebody(db)
    old = anna.begin("phoned").run_id
    proof = Proof("т", "ru", "privacy", "u9")
    assert db.write_now(privacy.withdraw, anna.row.id, "data", 1, proof, anna.now)
    assert tapped(anna, f"{old}:1:y") is None
    assert tapped(anna, "999:1:y") is None


async def test_an_old_button_of_one_who_agrees_says_where_he_stands(db: Database) -> None:
    anna = somebody(db)
    anna.begin("phoned")
    assert tapped(anna, "999:1:y").kind == "gone"


async def test_a_card_outside_any_question_is_thanked_for_only_if_its_number_is_kept(db: Database) -> None:
    anna = somebody(db)
    assert shared(anna, "12") == (None, "quiz-contact-unread")
    assert phone_of(anna) is None
    assert shared(anna, "79990000001", is_own=False) == (None, "quiz-foreign-contact")
    assert phone_of(anna) is None
    assert shared(anna, "79161234567") == (None, "quiz-contact-thanks")
    assert phone_of(anna) == "+79161234567"


async def test_a_card_of_one_who_has_not_agreed_is_not_kept(db: Database) -> None:
    stranger = somebody(db, agrees=False)
    assert shared(stranger, "79161234567") == (None, "need-consent")
    assert phone_of(stranger) is None


async def test_a_number_that_is_none_is_told_by_the_question(db: Database) -> None:
    anna = somebody(db)
    anna.begin("phoned")
    screen, said = shared(anna, "12")
    assert (said, phone_of(anna)) == ("", None)
    assert "не похоже на телефон" in screen.problem
