"""Two quizzes open at once: the one a person has touched last takes what he writes or shares."""

from __future__ import annotations

import pytest

from core.db import Database
from core.quizzes import runs
from tests.quizzes.people import Person, library_of

ASK = """
id: {id}
title: T
questions:
  - id: way
    kind: choice
    text: Как?
    options: [{{id: a, text: Первый}}, {{id: b, text: Второй}}]
    other: Иначе
  - {{id: word, kind: text, text: Слово}}
  - {{id: phone, kind: contact, text: Телефон}}
results: [{{id: r, text: Конец}}]
"""
TIMED = """
id: timed
title: T
questions:
  - {id: quick, kind: text, text: Быстро, time_limit_seconds: 30}
  - {id: slow, kind: text, text: Медленно}
results: [{id: r, text: Конец}]
"""


@pytest.fixture
def anna(db: Database) -> Person:
    """Both quizzes are open; the messages stand in the order they were begun in."""
    person = Person(db, library_of(ASK.format(id="one"), ASK.format(id="two"), TIMED))
    for number, quiz in enumerate(("one", "two")):
        db.write_now(runs.remember_message, person.begin(quiz).run_id, 100 + number)
    return person


def quiz_of(person: Person, text: str) -> str:
    screen = person.write(text)
    assert screen is not None
    return screen.quiz


def tap(person: Person, quiz: str, action: str, question: int = 0) -> None:
    person.send(f"{1 if quiz == 'one' else 2}:{question}:{action}")


def test_the_quiz_begun_last_takes_the_text(anna: Person) -> None:
    tap(anna, "one", "o0")
    anna.begin("timed")
    assert quiz_of(anna, "слово") == "timed"


def test_a_tap_in_the_upper_message_turns_the_text_there(anna: Person) -> None:
    tap(anna, "two", "o0")
    tap(anna, "one", "o0")
    assert quiz_of(anna, "слово") == "one"
    assert anna.answers(1) == {"way": "a", "word": "слово"}
    assert anna.answers(2) == {"way": "a"}


def test_going_back_and_asking_to_write_in_own_words_count_as_touched(anna: Person) -> None:
    tap(anna, "one", "o0")
    tap(anna, "two", "w")
    assert quiz_of(anna, "по-своему") == "two"
    tap(anna, "one", "b", 1)
    assert quiz_of(anna, "моё") == "one"


def test_going_on_with_an_open_quiz_counts_as_touched(anna: Person) -> None:
    tap(anna, "one", "o0")
    tap(anna, "two", "o0")
    anna.begin("one")
    assert quiz_of(anna, "слово") == "one"


def test_a_shared_phone_goes_the_same_way(anna: Person) -> None:
    for quiz in ("two", "one"):
        tap(anna, quiz, "o0")
        anna.write("слово")
    tap(anna, "two", "b", 2)
    anna.write("другое слово")
    end = anna.share("79121234567")
    assert end is not None
    assert (end.kind, end.quiz) == ("result", "two")


def test_of_two_touched_at_the_same_moment_the_younger_is_taken(anna: Person) -> None:
    for quiz in ("two", "one"):
        run_id = 1 if quiz == "one" else 2
        anna.db.write_now(runs.tap, anna.library, anna.row, run_id, 0, "o0", anna.now)
    assert quiz_of(anna, "слово") == "two"


def test_a_timer_is_no_touch_of_the_person(anna: Person) -> None:
    timed = anna.begin("timed").run_id
    tap(anna, "one", "o0")
    anna.db.write_now(runs.expire, anna.library, anna.row, timed, anna.run(timed).started_at.replace(hour=23))
    assert "quick" in anna.answers(timed), "the time was up"
    assert quiz_of(anna, "слово") == "one"
