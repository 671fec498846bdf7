"""Who types what a button says has pressed it; who types anything else is told to press one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.db import Database
from core.people import prompts
from core.quizzes.screens import Screen
from tests.quizzes.people import Person, library_of
from tests.quizzes.shop import SHOP

PRESS = "Нажмите одну из кнопок под вопросом."


def asking(db: Database, question: str) -> Person:
    text = (
        f"id: a\ntitle: T\nquestions:\n  - {{id: first, kind: statement, text: Раз}}\n  - {{{question}}}\n"
        "  - {id: last, kind: yes_no, text: Конец}\nresults: [{id: r, text: R}]\n"
    )
    person = Person(db, library_of(text))
    person.begin("a")
    person.press("Дальше")
    return person


CHOICE = (
    "id: q, kind: choice, text: '?', "
    "options: [{id: x, text: 🍎 Ёлка}, {id: y, text: '< 10'}, {id: z, text: '> 10'}]"
)


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("id: q, kind: yes_no, text: '?'", "да", True),
        ("id: q, kind: yes_no, text: '?', no: {text: Пока нет 🙂}", "пока нет", False),
        ("id: q, kind: consent, purpose: news, text: '?'", "Согласия не даю", False),
        (CHOICE, "елка", "x"),
        (CHOICE, "> 10", "z"),
        (CHOICE[:-1] + "], other: Своё", "ёлка!", "x"),
        (CHOICE[:-1] + "], other: Своё", "сосна", {"other": "сосна"}),
        ("id: q, kind: scale, text: '?', max: 10", " 7 ", 7),
        ("id: q, kind: stars, text: '?'", "5", 5),
        ("id: q, kind: stars, text: '?'", "4 ⭐", 4),
        ("id: q, kind: yes_no, text: '?', optional: true", "Пропустить", None),
        ("id: q, kind: scale, text: '?', max: 5, refusable: true", "не хочу отвечать", {"refused": True}),
    ],
)
def test_a_typed_label_is_a_pressed_button(db: Database, question: str, text: str, value: object) -> None:
    person = asking(db, question)
    screen = person.write(text)
    assert screen is not None
    assert screen.problem is None
    assert "Конец" in screen.text
    assert person.answers(screen.run_id)["q"] == value


def refused(person: Person, text: str) -> Screen:
    before = person.answers(1)
    screen = person.write(text)
    assert screen is not None
    assert screen.problem == PRESS
    assert person.answers(1) == before
    return screen


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("id: q, kind: yes_no, text: '?'", "а сколько стоит?"),
        (CHOICE, "10"),  # two buttons differ in their signs only
        ("id: q, kind: scale, text: '?', max: 5", "6"),
        ("id: q, kind: several, text: '?', options: [{id: x, text: X}, {id: y, text: Y}]", "X"),
        ("id: q, kind: join, channel: '@somewhere', text: '?'", "Подписаться"),
        ("id: q, kind: join, channel: '@somewhere', text: '?'", "Проверить"),
        ("id: q, kind: statement, text: '?'", "🙂"),
    ],
)
def test_anything_else_asks_for_a_button_and_shows_the_question_again(
    db: Database, question: str, text: str
) -> None:
    person = asking(db, question)
    shown = person.on_screen
    again = refused(person, text)
    assert (again.text, again.buttons) == (shown.text, shown.buttons)


def test_a_statement_a_step_back_and_a_finished_choice_may_be_typed(db: Database) -> None:
    person = asking(db, "id: q, kind: several, text: '?', options: [{id: x, text: X}, {id: y, text: Y}]")
    assert "Раз" in (person.write("назад") or person.on_screen).text
    assert "?" in (person.write("ДАЛЬШЕ") or person.on_screen).text
    person.press("X")
    assert "Конец" in (person.write("готово") or person.on_screen).text
    assert person.answers(1)["q"] == ["x"]


def test_the_preview_takes_its_own_word_and_no_other(db: Database) -> None:
    person = Person(db, library_of(SHOP.replace("id: shop", "id: shop\nconfirm: true")))
    person.begin("shop")
    for label in ("Гость", "Покоя", "Готово", "Нет", "Пропустить", "Пропустить"):
        person.press(label)
    assert person.on_screen.kind == "confirm"
    refused(person, "стоп")
    end = person.write("всё верно, отправить")
    assert end is not None
    assert end.kind == "result"


def test_what_the_bot_has_asked_for_beside_the_quiz_is_no_wrong_answer(db: Database) -> None:
    person = asking(db, "id: q, kind: yes_no, text: '?'")
    db.write_now(prompts.ask, person.row.id, "city", 7, person.now)
    assert person.write("Казань") is None
    db.write_now(prompts.answered, person.row.id)
    refused(person, "Казань")


def test_a_quiz_left_a_day_ago_takes_no_letter_to_the_business(db: Database) -> None:
    person = asking(db, "id: q, kind: yes_no, text: '?'")
    person.now += timedelta(hours=25)
    assert person.write("Здравствуйте, вы открыты в субботу?") is None
    screen = person.write("да")
    assert screen is not None
    assert "Конец" in screen.text
