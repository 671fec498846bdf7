"""Points, scales, right answers, order, early finish, refusals, alerts, pipes: what an answer leads to."""

from __future__ import annotations

from typing import Any

import pytest

from core.db import Database
from core.people.bots import claim
from core.quizzes import flow, runs
from core.quizzes.definition import Quiz
from core.quizzes.loader import load_text
from core.quizzes.order import ordered, places
from core.quizzes.questions import Choice
from core.quizzes.values import LATE, REFUSED
from tests.conftest import NOW
from tests.quizzes.people import QUIZZES, Person, library_of
from tests.quizzes.whole import WHOLE


def read(text: str) -> Quiz:
    return load_text(text, "a.yaml", QUIZZES).quiz


POINTS = read(
    """
id: a
title: T
questions:
  - id: one
    kind: choice
    text: '?'
    optional: true
    refusable: true
    score: 1
    tags: [any]
    options:
      - {id: add, text: A, score: 5, scores: {x: 2, y: 1}}
      - {id: set, text: S, set_score: 50, tags: [set]}
      - {id: less, text: L, score: -7, scores: {y: 3}}
  - {id: two, kind: scale, text: '?', scored: true, optional: true}
  - {id: three, kind: stars, text: '?', scores_as: x, optional: true}
  - {id: four, kind: text, text: '?', set_score: 7, scores: {y: 1}, optional: true}
results: [{id: r, text: R}]
"""
)


@pytest.mark.parametrize(
    ("answers", "score", "scores", "tags"),
    [
        ({}, 0, {"x": 0, "y": 0}, set()),
        ({"one": "add"}, 6, {"x": 2, "y": 1}, {"any"}),
        ({"one": "set"}, 50, {"x": 0, "y": 0}, {"any", "set"}),
        ({"one": "less"}, -6, {"x": 0, "y": 3}, {"any"}),
        ({"one": None}, 0, {"x": 0, "y": 0}, set()),
        ({"one": REFUSED}, 0, {"x": 0, "y": 0}, set()),
        ({"one": LATE}, 0, {"x": 0, "y": 0}, set()),
        ({"one": "set", "two": 7}, 57, {"x": 0, "y": 0}, {"any", "set"}),
        ({"one": "add", "two": 10, "three": 4}, 16, {"x": 6, "y": 1}, {"any"}),
        ({"one": "add", "two": 10, "three": None, "four": "x"}, 7, {"x": 2, "y": 2}, {"any"}),
        ({"two": 10}, 0, {"x": 0, "y": 0}, set()),  # not asked yet
    ],
)
def test_points_add_or_set_in_the_order_of_the_path(
    answers: dict[str, Any], score: int, scores: dict[str, int], tags: set[str]
) -> None:
    done = flow.walk(POINTS, answers)
    assert (done.score, done.scores, done.tags) == (score, scores, tags)


RIGHT = read(
    """
id: a
title: T
questions:
  - {id: c, kind: choice, text: '?', optional: true,
     options: [{id: a, text: A, right: true}, {id: b, text: B}, {id: d, text: D, right: true}]}
  - {id: s, kind: several, text: '?', optional: true, other: Ещё,
     options: [{id: a, text: A, right: true}, {id: b, text: B}, {id: d, text: D, right: true}]}
  - {id: y, kind: yes_no, text: '?', no: {right: true}, optional: true}
  - {id: n, kind: number, text: '?', right: [4, 4.5], optional: true}
  - {id: t, kind: text, text: '?', right: Ёлка, optional: true}
  - {id: d, kind: date, text: '?', right: 1961-04-12, optional: true}
  - {id: free, kind: text, text: '?', optional: true}
results: [{id: r, text: R}]
"""
)


@pytest.mark.parametrize(
    ("question", "value", "is_right"),
    [
        ("c", "a", True),
        ("c", "d", True),
        ("c", "b", False),
        ("c", None, False),
        ("s", ["a", "d"], True),
        ("s", ["a"], False),
        ("s", ["a", "b", "d"], False),
        ("s", ["a", "d", {"other": "x"}], False),
        ("y", False, True),
        ("y", True, False),
        ("n", 4, True),
        ("n", 4.5, True),
        ("n", 5, False),
        ("t", " ЕЛКА ", True),
        ("t", "палка", False),
        ("d", "1961-04-12", True),
        ("d", "1961-04-13", False),
        ("d", LATE, False),
    ],
)
def test_right_answers(question: str, value: Any, is_right: bool) -> None:
    answers = dict.fromkeys(RIGHT.by_id) | {question: value}
    done = flow.walk(RIGHT, answers)
    assert (done.right, done.asked) == (is_right, 6)


TIED = """
id: a
title: T
questions:
  - {id: q, kind: several, text: '?', options: [
      {id: a, text: A, scores: {calm: 1}}, {id: b, text: B, scores: {brave: 1}}, {id: c, text: C}]}
  - {id: d, kind: date, text: '?', optional: true}
results:
  - {id: born, when: {question: d, at_least: '1990-01-01', at_most: '1990-12-31'}, text: R}
  - {id: brave, when: {top_score: brave}, text: R}
  - {id: calm, when: {top_score: calm}, text: R}
  - {id: none, text: R}
"""


@pytest.mark.parametrize(
    ("chosen", "day", "expected"),
    [
        (["b"], None, "brave"),
        (["a"], None, "calm"),
        (["a", "b"], None, "calm"),  # as many points: the first in the file
        (["b"], "1990-12-31", "born"),
        (["b"], "1991-01-01", "brave"),
    ],
)
def test_results_by_the_highest_scale_and_by_dates(chosen: list[str], day: str | None, expected: str) -> None:
    text = TIED.replace("  - {id: none, text: R}\n", "").replace(
        "{id: calm, when: {top_score: calm}, text: R}", "{id: calm, text: R}"
    )
    quiz = read(text)
    found = flow.result(quiz, flow.walk(quiz, {"q": chosen, "d": day}))
    assert found is not None
    assert found.id == expected


FINISH = """
id: a
title: T
questions:
  - {id: adult, kind: yes_no, text: 18?, finish_when: {question: adult, is: no}}
  - {id: b, kind: text, text: Б?, tags: [wrote], saves: b}
results:
  - {id: child, when: {question: adult, is: no}, text: Рано}
  - {id: r, text: R}
"""


def test_a_quiz_may_end_early_and_what_was_answered_behind_is_dropped(db: Database) -> None:
    person = Person(db, library_of(FINISH.replace("title: T", "title: T\nconfirm: true")))
    person.begin("a")
    person.press("Да")
    person.write("слово")
    assert person.on_screen.kind == "confirm"
    person.press("✎ 1")
    assert person.press("Нет").kind == "confirm"
    assert person.answers(person.on_screen.run_id) == {"adult": False}
    assert (person.tags(), person.attributes(), person.latest()) == (set(), {}, {"adult": ["no"]})
    assert person.press("Всё верно").text == "Рано"


SHUFFLED = (
    """
id: a
title: T
groups: {facts: {shuffle: true, pick: 4}, rest: {pick: 1}}
questions:
  - {id: first, kind: yes_no, text: '?'}
"""
    + "".join(
        f"  - {{id: q{n}, kind: choice, text: 'Q{n}', group: facts, shuffle: true, "
        "options: [{id: a, text: A}, {id: b, text: B}, {id: c, text: C}, {id: d, text: D}]}\n"
        for n in range(8)
    )
    + """
  - {id: r1, kind: yes_no, text: '?', group: rest}
  - {id: r2, kind: yes_no, text: '?', group: rest}
  - {id: last, kind: yes_no, text: '?'}
results: [{id: r, text: R}]
"""
)


def test_the_order_of_a_seed_is_always_the_same_and_seeds_differ() -> None:
    quiz = read(SHUFFLED)
    orders = {seed: [question.id for question in ordered(quiz, seed)] for seed in range(200)}
    assert orders[0] == ["first", "q0", "q1", "q2", "q3", "r1", "last"], "without a seed: as in the file"
    assert orders[7] == [question.id for question in ordered(read(SHUFFLED), 7)]
    assert all(order[0] == "first" and order[-1] == "last" and len(order) == 7 for order in orders.values())
    assert len({tuple(order) for order in orders.values()}) > 150
    drawn = [order[1] for seed, order in orders.items() if seed]
    assert {name: drawn.count(name) > 8 for name in quiz.by_id if name[0] == "q"} == {
        f"q{n}": True for n in range(8)
    }, "every question has its chance to be the first"
    question = quiz.by_id["q0"]
    assert isinstance(question, Choice)
    assert places(question, 0) == [0, 1, 2, 3]
    assert len({tuple(places(question, seed)) for seed in range(1, 100)}) > 15


def test_the_order_is_kept_in_a_run_and_another_in_the_next(db: Database) -> None:
    person = Person(db, library_of(SHUFFLED))
    seen: list[list[str]] = []
    for _ in range(4):
        person.restart("a")
        shown = [person.on_screen.text]
        while person.on_screen.kind == "question":
            person.new_bot()
            assert person.look() == person.on_screen
            screen = person.send(person.on_screen.buttons[0][0].payload)
            shown.append(screen.text + str(person.labels()))
        assert len(shown) == 8
        seen.append(shown)
    assert len({tuple(shown) for shown in seen}) > 1


def test_a_button_carries_the_place_in_the_file_whatever_is_shown(db: Database) -> None:
    person = Person(db, library_of(SHUFFLED))
    person.begin("a")
    screen = person.press("Да")
    quiz = person.library.quiz("a").quiz
    for row in screen.buttons[:4]:
        place, action = row[0].payload.split(":")[1:]
        question = quiz.questions[int(place)]
        assert question.text.of("ru") in screen.text
        assert isinstance(question, Choice)
        assert question.options[int(action[1:])].text.of("ru") == row[0].label


TOLD = """
id: a
title: T
questions:
  - id: q
    kind: several
    text: '?'
    feedback: {right: Верно!, wrong: "Увы, {{ first_name }}"}
    options: [{id: a, text: A, right: true}, {id: b, text: B, feedback: Нет же}]
  - {id: free, kind: text, text: Дальше?}
results: [{id: r, text: "{{ right }} из {{ asked }}"}]
"""


def test_what_is_said_to_an_answer_stands_above_the_next_question_for_ever(db: Database) -> None:
    person = Person(db, library_of(TOLD))
    person.begin("a")
    person.press("A")
    person.press("B")
    screen = person.press("Готово")
    assert screen.text == "Нет же\n\nУвы, Анна\n\n<i>Вопрос 2 из 2</i>\n\nДальше?"
    person.new_bot()
    assert person.look() == screen
    assert screen.buttons == (), "who was told the right answer cannot go back and give it"
    end = person.write("x")
    assert end is not None
    assert end.text == "0 из 1"


def test_what_is_said_to_the_last_answer_stands_above_the_result(db: Database) -> None:
    person = Person(db, library_of(TOLD.replace("  - {id: free, kind: text, text: Дальше?}\n", "")))
    person.begin("a")
    person.press("A")
    assert person.press("Готово").text == "Верно!\n\n1 из 1"


REFUSE = """
id: a
title: T
confirm: true
questions:
  - {id: role, kind: yes_no, text: Работаете?}
  - {id: income, kind: number, text: Доход?, refusable: true, saves: income, when: {question: role, is: yes}}
  - {id: city, kind: text, text: Город?}
results:
  - {id: shy, when: {question: income, is: rather_not_say}, text: Понимаем}
  - {id: r, text: R}
"""


def test_what_was_refused_once_is_never_asked_again_and_may_be_told_in_the_preview(db: Database) -> None:
    person = Person(db, library_of(REFUSE))
    person.begin("a")
    person.press("Да")
    assert "Город?" in person.press("Не хочу").text
    person.write("Казань")
    assert "— <b>не хочу отвечать</b>" in person.on_screen.text
    assert person.press("Всё верно").text == "Понимаем"
    assert person.latest()["income"] == ["rather_not_say"]

    person.begin("a")
    assert person.on_screen.progress == (1, 2)
    assert "Город?" in person.press("Да").text, "not asked again"
    assert person.on_screen.progress == (2, 2)
    assert "Работаете?" in person.press("Назад").text, "nor on the way back"
    assert "Город?" in person.press("Нет").text, "a branch without the question"
    person.write("Казань")
    assert person.press("Всё верно").text == "R"
    assert person.latest()["income"] == ["rather_not_say"], "the refusal outlives a branch that hides it"

    person.begin("a")
    person.press("Да")
    person.write("Казань")
    assert "Доход?" in person.press("✎ 2").text
    person.write("100")
    assert person.press("Всё верно").text == "R"
    assert (person.latest()["income"], person.attributes()) == (["100"], {"income": "100"})

    person.begin("a")
    assert "Доход?" in person.press("Да").text, "what was told is asked again like any other"


def test_a_refusal_in_a_run_that_was_left_holds_too_and_in_the_same_run_one_may_change_it(
    db: Database,
) -> None:
    person = Person(db, library_of(REFUSE))
    person.begin("a")
    person.press("Да")
    person.press("Не хочу")
    assert "✓ Не хочу отвечать" in (person.press("Назад"), person.labels())[1]
    person.press("Оставить")
    person.restart("a")
    assert "Город?" in person.press("Да").text


def test_a_quiz_of_refused_questions_asks_nothing(db: Database) -> None:
    text = "id: a\ntitle: T\nquestions: [{id: q, kind: stars, text: '?', refusable: true}]\n"
    person = Person(db, library_of(text + "results: [{id: r, text: R}]"))
    person.begin("a")
    person.press("Не хочу")
    again = person.begin("a", key="again")
    assert (again.kind, again.text) == ("result", "R")
    assert person.begin("a", key="again") == again
    assert person.events("quiz_finished") == 2


ALERTED = """
id: a
title: T
alerts:
  - {when: {question: q9, at_least: 1}, text: "{{ first_name }} — «{{ q9 }}»"}
  - {when: {score: {at_least: 4}}, text: "Сумма {{ score }}"}
  - {when: {not: {question: end, is: yes}}, text: Нет}
questions:
  - {id: q9, kind: scale, text: '?', max: 3, scored: true}
  - {id: q10, kind: scale, text: '?', max: 3, scored: true}
  - {id: end, kind: yes_no, text: '?'}
results: [{id: r, text: R}]
"""


def test_owners_are_alerted_once_a_run_as_soon_as_it_is_sure(db: Database) -> None:
    person = Person(db, library_of(ALERTED))
    person.begin("a")
    assert person.press("2").alerts == ("Анна — «2»",)
    assert person.press("2").alerts == (), "points may still be set back"
    person.press("Назад")
    person.press("3")
    assert person.press("Нет").alerts == ("Сумма 5", "Нет")
    assert person.events("quiz_alert") == 3
    person.begin("a")
    assert person.press("1").alerts == ("Анна — «1»",), "another run"


CARD = """
id: card
title: T
alerts:
  - when: {question: end, is: yes}
    text: '{{ mail }} · {{ phone }} · {{ place }} · {{ tel | default: "нет" }}'
questions:
  - {id: mail, kind: text, check: email, text: Почта}
  - {id: phone, kind: contact, text: Телефон}
  - {id: place, kind: location, text: Где}
  - {id: tel, kind: text, check: phone, text: Второй, optional: true}
  - {id: end, kind: yes_no, text: Ждёте?}
results: [{id: r, text: '{{ mail | default: "—" }}'}]
"""


def test_an_alert_shows_the_owner_what_stands_on_the_card(db: Database) -> None:
    person = Person(db, library_of(CARD))
    person.begin("card")
    person.write("anna@example.com")
    person.share("79121234567")
    person.stand_at(55.8, 49.1)
    person.press("Пропустить")
    end = person.press("Да")
    assert end.alerts == ("anna@example.com · +79121234567 · 55.8, 49.1 · нет",)
    assert end.text == "—", "nobody else reads it"


def test_with_a_preview_nothing_is_sure_before_it_is_sent(db: Database) -> None:
    person = Person(db, library_of(ALERTED.replace("title: T", "title: T\nconfirm: true")))
    person.begin("a")
    for label in ("2", "3", "Нет"):
        assert person.press(label).alerts == ()
    assert person.on_screen.kind == "confirm"
    person.press("✎ 1")
    assert person.press("0").alerts == (), "he thinks better of it"
    assert person.press("Всё верно").alerts == ("Нет",)
    assert person.events("quiz_alert") == 1


def test_an_update_that_is_handled_again_alerts_again(db: Database) -> None:
    person = Person(db, library_of(ALERTED))
    run_id = person.begin("a").run_id
    place = (run_id, 0, "v3", person.now)
    first, again = (db.write_now(runs.tap, person.library, person.row, *place, key="u") for _ in range(2))
    assert first == again
    assert first.alerts == ("Анна — «3»",)
    assert person.events("quiz_alert") == 1


SHARED = """
id: a
title: T
questions: [{id: q, kind: yes_no, text: '?'}]
results: [{id: r, text: "{{ share_link }}", share: Позвать, share_text: "Я — {{ first_name }} & Ко", next: b}]
"""


def test_a_result_is_shared_by_the_person_s_own_link_and_leads_to_the_next_quiz(db: Database) -> None:
    db.write_now(claim, 42, "kvizor_bot", NOW)
    person = Person(db, library_of(SHARED))
    person.begin("a")
    end = person.press("Да")
    assert end.text.startswith("https://t.me/kvizor_bot?start=ref_")
    (button,) = end.buttons[0]
    assert button.label == "Позвать"
    assert button.url.startswith("https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fkvizor_bot%3Fstart%3Dref_")
    assert button.url.endswith("&text=%D0%AF%20%E2%80%94%20%D0%90%D0%BD%D0%BD%D0%B0%20%26%20%D0%9A%D0%BE")
    assert end.next_quiz == "b"


def test_rules_may_ask_for_points_scales_and_right_answers(db: Database) -> None:
    person = Person(
        db, library_of(TOLD.replace("text: A, right: true", "text: A, right: true, scores: {x: 3}"))
    )
    person.begin("a")
    person.press("A")
    person.press("Готово")
    person.write("x")
    found = person.latest()
    assert (found["score"], found["scores_x"], found["right"]) == (["0"], ["3"], ["1"])


def test_a_preview_lists_all_answers_and_lets_any_be_changed(db: Database) -> None:
    person = Person(db, library_of(WHOLE))
    quiz = person.library.quiz("whole").quiz
    assert quiz.confirm
    person.begin("whole")
    person.press("Поехали")
    person.press("Чай")
    person.press("Молоко")
    person.press("Готово")
    person.send(f"{person.on_screen.run_id}:4:v7")
    person.press("Пропустить")
    while "Онлайн?" not in person.on_screen.text:
        if person.on_screen.wants == "text":
            person.write("4")
        else:
            person.send(person.on_screen.buttons[0][0].payload)
            person.press("Готово")
    person.press("Да")
    person.write("12.03.1990")
    person.press("Не хочу")
    person.write("пропустить")
    person.press("Согласия не даю")
    screen = person.press("Пропустить")
    assert screen.kind == "confirm"
    assert "1. Что пьёте?\n— <b>Чай</b>" in screen.text
    assert "3. Настроение?\n— <b>7</b>" in screen.text
    assert "Звёзды?\n— <b>пропущено</b>" in screen.text
    assert person.look() == screen
    assert person.write("текст") is not None
    assert person.on_screen.problem == "Нажмите одну из кнопок под вопросом."
    old = person.press("✎ 1")
    assert "Что пьёте?" in old.text
    back = person.press("Кофе")
    assert back.kind == "question", "coffee makes the lively scale the highest: the place is asked now"
    assert back.wants == "location"
    person.write("пропустить")
    end = person.press("Всё верно")
    assert end.kind == "result"
    assert "phone" not in person.answers(end.run_id)
    assert person.send(old.buttons[0][0].payload).stale is True
