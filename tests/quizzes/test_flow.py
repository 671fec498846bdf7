"""The pure engine: conditions, ways, what a pattern may cost."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.db import Database
from core.quizzes import flow
from core.quizzes.answers import Answered, Misfit, normal_city, typed
from core.quizzes.conditions import Known
from core.quizzes.definition import Quiz
from core.quizzes.loader import load_text
from core.quizzes.patterns import fits, pattern_fault
from core.quizzes.questions import Number, Written
from core.quizzes.screens import read_payload
from core.quizzes.texts import Text, filled, markup_fault
from tests.quizzes.people import Person, library_of


def quiz_of(questions: str) -> Quiz:
    text = f"id: a\ntitle: T\nquestions:\n{questions}results:\n  - {{id: r, text: R}}\n"
    return load_text(text, "a.yaml", Path()).quiz


ROLE = (
    "  - {id: role, kind: choice, text: '?', optional: true, "
    "options: [{id: a, text: A}, {id: b, text: B}, {id: c, text: C}]}\n"
)


@pytest.mark.parametrize(
    ("condition", "answers", "expected"),
    [
        ("{question: role, is: a}", {"role": "a"}, True),
        ("{question: role, is: a}", {"role": None}, False),
        ("{question: role, in: [b, c]}", {"role": "a"}, False),
        ("{question: role, answered: true}", {"role": None}, False),
        ("{question: role, answered: false}", {}, True),
        ("{not: {question: role, is: a}}", {"role": None}, True),
        ("{question: many, is: a}", {"many": ["b", "a"]}, True),
        ("{question: many, at_least: 2}", {"many": ["b", "a"]}, True),
        ("{question: many, at_most: 1}", {"many": ["b", "a"]}, False),
        ("{question: size, at_least: 2, at_most: 3}", {"size": 3}, True),
        ("{question: size, at_least: 2.5}", {"size": 2}, False),
        ("{question: size, is: 3}", {"size": 3}, True),
        ("{question: open, is: yes}", {"open": True}, True),
        ("{question: open, is: false}", {"open": False}, True),
        ("{question: word, is: ёлка}", {"word": " ЕЛКА "}, True),
        ("{any: [{question: role, is: a}, {question: open, is: yes}]}", {"role": "b", "open": True}, True),
        ("{all: [{question: role, is: b}, {question: open, is: yes}]}", {"role": "b", "open": False}, False),
    ],
)
def test_conditions_read_answers_as_people_mean_them(
    condition: str, answers: dict[str, Any], expected: bool
) -> None:
    quiz = quiz_of(
        ROLE
        + "  - {id: many, kind: several, text: '?', options: [{id: a, text: A}, {id: b, text: B}]}\n"
        + "  - {id: size, kind: number, text: '?'}\n"
        + "  - {id: open, kind: yes_no, text: '?'}\n"
        + "  - {id: word, kind: text, text: '?'}\n"
        + "  - {id: last, kind: text, text: '?', optional: true, when: "
        + condition
        + "}\n"
    )
    when = quiz.by_id["last"].when
    assert when is not None
    assert when.holds(Known(answers)) is expected


def test_branches_that_exclude_each_other_are_not_added_up() -> None:
    branches = "".join(
        f"  - {{id: q{x}, kind: text, text: '?', when: {{question: role, is: {x}}}}}\n" for x in "abc"
    )
    quiz = quiz_of(ROLE + branches + "  - {id: end, kind: text, text: '?'}\n")
    assert [flow.length(quiz, flow.walk(quiz, answers)) for answers in ({}, {"role": "b"})] == [3, 3]


def test_the_way_counts_what_is_not_decided_and_only_shrinks() -> None:
    quiz = quiz_of(
        "  - {id: name, kind: text, text: '?'}\n"
        + ROLE
        + "  - {id: more, kind: text, text: '?', when: {question: role, is: a}}\n"
    )
    steps: list[dict[str, Any]] = [{}, {"name": "x"}, {"name": "x", "role": "b"}]
    assert [flow.length(quiz, flow.walk(quiz, answers)) for answers in steps] == [3, 3, 2]


@pytest.mark.parametrize(
    ("town", "expected"),
    [
        ("казань", "Казань"),
        (" г. Нижний  Новгород. ", "Нижний Новгород"),
        ("Ростов-на-Дону", "Ростов-на-Дону"),
        ("St. John's", "St. John's"),
        ("Х", None),
        ("12345", None),
        ("https://t.me/x", None),
        ("а" * 61, None),
    ],
)
def test_a_city_is_a_name_not_anything(town: str, expected: str | None) -> None:
    assert normal_city(town) == expected


NUMBER = Number(id="n", kind="number", text=Text("?"), min=0, max=1000)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("1 000", 1000),
        ("2,5", 2.5),
        ("+7", 7),
        ("٣", None),
        ("1e2", None),
        ("", None),
        ("nan", None),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: float | None) -> None:
    found = typed(NUMBER, text)
    assert (found.value if isinstance(found, Answered) else None) == value


@pytest.mark.parametrize(
    ("check", "text", "kept"),
    [
        ("email", " Anna@Example.com ", "anna@example.com"),
        ("email", "anna@", None),
        ("phone", "8 (912) 345-67-89", "+79123456789"),
        ("phone", "нет", None),
    ],
)
def test_a_personal_text_is_kept_apart_from_the_answer(check: Any, text: str, kept: str | None) -> None:
    found = typed(Written(id="w", kind="text", text=Text("?"), check=check), text)
    if kept is None:
        assert isinstance(found, Misfit)
    else:
        assert found == Answered("shared", kept)


def test_five_thousand_characters_are_refused_with_the_numbers() -> None:
    found = typed(Written(id="w", kind="text", text=Text("?")), "а" * 5000)
    assert isinstance(found, Misfit)
    assert found.sentence("ru") == "Слишком длинно: 5000 знаков, а поместится 200. Напишите короче."


@settings(max_examples=200, deadline=None)
@given(
    pattern=st.text(alphabet="ab(|)*+?{2,}[]", min_size=1, max_size=14),
    tail=st.sampled_from(["", "c", "b"]),
)
def test_every_admitted_pattern_is_fast_on_a_hostile_text(pattern: str, tail: str) -> None:
    if pattern_fault(pattern) is not None:
        return
    started = time.process_time()
    fits(pattern, "a" * (100 - len(tail)) + tail)
    assert time.process_time() - started < 1


@settings(max_examples=200, deadline=None)
@given(name=st.text(max_size=40))
def test_no_name_can_break_the_markup(name: str) -> None:
    shown = filled("<b>{{ first_name }}</b>", {"first_name": name})
    assert markup_fault(shown.replace("{{", "").replace("}}", "")) is None


@settings(max_examples=200, deadline=None)
@given(payload=st.text(max_size=70))
def test_no_payload_breaks_the_reader(payload: str) -> None:
    parsed = read_payload(payload)
    assert parsed is None or len(f"q:{payload}".encode()) <= 64


@pytest.mark.parametrize(
    ("languages", "shown", "now", "problem"),
    [
        ("ru", "50,5 м²", "Сейчас: 50,5", "Нужно число не меньше 0,5."),
        ("en", "50.5 м²", "Now: 50.5", "The number should be at least 0.5."),
    ],
)
def test_a_number_is_written_as_its_reader_writes_it(
    db: Database, languages: str, shown: str, now: str, problem: str
) -> None:
    person = Person(
        db,
        library_of(
            f"id: a\ntitle: T\nlanguages: [{languages}]\nquestions:\n"
            "  - {id: size, kind: number, text: t, min: 0.5}\n"
            "  - {id: sure, kind: yes_no, text: '{{ size }} м²'}\nresults: [{id: r, text: R}]\n"
        ),
    )
    person.begin("a")
    refused = person.write("0,2")
    assert refused is not None
    assert refused.problem == problem
    asked = person.write("50,5")
    assert asked is not None
    assert shown in asked.text
    back = person.send(f"{asked.run_id}:1:b")
    assert now in back.text
