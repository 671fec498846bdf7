"""Time: a question's limit, the whole quiz's, acts that come too late, the bot's timer, a restart between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.db import Database
from core.quizzes import runs
from tests.quizzes.people import Person, library_of

FAST = """
id: fast
title: T
questions:
  - {id: one, kind: yes_no, text: Раз?, yes: {score: 1}}
  - {id: two, kind: yes_no, text: Два?, time_limit_seconds: 30, yes: {score: 10}}
  - {id: three, kind: text, text: Три?, time_limit_seconds: 60, score: 100}
results: [{id: r, text: "Итого {{ score }}"}]
"""
WHOLE = """
id: whole
title: T
time_limit_seconds: 100
confirm: true
questions:
  - {id: one, kind: yes_no, text: Раз?, yes: {score: 1}}
  - {id: two, kind: yes_no, text: Два?, yes: {score: 10}}
results:
  - {id: both, when: {question: two, answered: true}, text: Успели}
  - {id: r, text: "Итого {{ score }}"}
"""


@pytest.fixture
def anna(db: Database) -> Person:
    person = Person(db, library_of(FAST, WHOLE))
    person.begin("fast")
    person.press("Да")
    return person


def test_a_question_says_how_long_there_is_and_when_the_time_is_up(anna: Person) -> None:
    assert "⏱ На ответ — 30 с" in anna.on_screen.text
    assert anna.on_screen.due_at == anna.now + timedelta(seconds=30)
    assert anna.on_screen.seconds_left(anna.now + timedelta(seconds=12)) == 18
    assert anna.on_screen.seconds_left(anna.now + timedelta(seconds=31)) == 0


def test_an_answer_in_time_counts(anna: Person) -> None:
    anna.now += timedelta(seconds=15)
    assert "Три?" in anna.press("Да").text
    assert anna.run(anna.on_screen.run_id).score == 11


def test_an_answer_that_comes_too_late_is_kept_as_late_and_the_next_question_is_shown(anna: Person) -> None:
    anna.now += timedelta(seconds=20)  # and ten more for the act
    screen = anna.press("Да")
    assert screen.text.startswith("⏱ Время на прошлый вопрос вышло.\n\n")
    assert "Три?" in screen.text
    assert anna.answers(screen.run_id) == {"one": True, "two": {"late": True}}
    assert anna.run(screen.run_id).score == 1
    assert anna.latest() == {"one": ["yes"]}
    assert (anna.events("quiz_late"), anna.events("quiz_answered")) == (1, 1)
    assert screen.due_at == anna.now + timedelta(seconds=60), "the next question has its full time"


def test_the_timer_shows_the_next_question_and_only_when_it_is_due(anna: Person) -> None:
    assert anna.wait(29) is None
    screen = anna.wait(1)
    assert screen is not None
    assert "Три?" in screen.text
    assert anna.wait(0) is None
    assert anna.events("quiz_late") == 1


def test_a_written_answer_that_comes_too_late_ends_the_quiz(anna: Person) -> None:
    anna.press("Нет")
    anna.now += timedelta(seconds=60)
    end = anna.write("поздно")
    assert end is not None
    assert (end.kind, end.text) == ("result", "⏱ Время на прошлый вопрос вышло.\n\nИтого 1")
    assert anna.answers(end.run_id)["three"] == {"late": True}


def test_going_back_neither_gives_more_time_nor_a_second_chance(anna: Person) -> None:
    due_at = anna.on_screen.due_at
    anna.press("Назад")
    assert anna.press("Оставить").due_at == due_at
    anna.wait(30)
    assert anna.press("Назад").text.endswith("Раз?"), "what was late cannot be changed"
    anna.press("Нет")
    assert anna.answers(anna.on_screen.run_id) == {"one": False, "two": {"late": True}}


def test_an_answer_that_was_late_takes_nothing_away_that_was_known(db: Database) -> None:
    ask = (
        "id: a\ntitle: T\nquestions: [{id: q, kind: text, text: '?', saves: city, time_limit_seconds: 30}]\n"
    )
    person = Person(db, library_of(ask + "results: [{id: r, text: R}]"))
    person.begin("a")
    person.write("Казань")
    person.begin("a")
    assert person.wait(30) is not None
    assert (person.attributes(), person.latest().get("q")) == ({"city": "Казань"}, None)


def test_a_restart_does_not_stop_the_clock(anna: Person) -> None:
    before = anna.look()
    anna.new_bot()
    assert anna.look() == before
    anna.now += timedelta(days=3)
    again = anna.begin("fast")
    assert "Три?" in again.text
    assert anna.answers(again.run_id)["two"] == {"late": True}


def test_the_time_of_the_whole_quiz_ends_it_with_what_there_is(anna: Person) -> None:
    first = anna.begin("whole")
    assert "⏱ На весь опрос — 2 мин" in first.text
    started = anna.now
    anna.press("Да")
    assert anna.on_screen.due_at == started + timedelta(seconds=100)
    end = anna.wait(100)
    assert end is not None
    assert (end.kind, end.text) == ("result", "⏱ Время опроса вышло.\n\nИтого 1")
    run = anna.run(end.run_id)
    assert (run.is_cut, run.result, run.shown) == (True, "r", None)
    anna.new_bot()
    assert anna.send(first.buttons[0][0].payload).text == end.text
    assert anna.wait(1000) is None


def test_the_time_ends_a_quiz_whose_answers_wait_to_be_looked_through(anna: Person) -> None:
    anna.begin("whole")
    anna.press("Да")
    assert anna.press("Да").kind == "confirm"
    anna.now += timedelta(seconds=100)
    end = anna.press("Всё верно")
    assert (end.kind, end.result.id if end.result else None) == ("result", "both")


def test_a_late_act_that_is_handled_again_shows_the_same(anna: Person) -> None:
    anna.now += timedelta(seconds=60)
    place = (anna.on_screen.run_id, 1, "y", anna.now)
    first, again = (anna.db.write_now(runs.tap, anna.library, anna.row, *place, key="late") for _ in range(2))
    assert first == again
    assert anna.answers(first.run_id)["two"] == {"late": True}
