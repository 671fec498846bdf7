"""Every kind of question: what its buttons and texts store, what does not fit, what a person sees."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.db import Database
from core.people.models import Attribute, Consent, ConsentText, Subscriber
from tests.quizzes.people import Person, library_of

END = "results:\n  - {id: r, text: Конец}\n"
COFFEE = "options: [{id: tea, text: Чай}, {id: milk, text: Молоко}]"


def asking(question: str, more: str = "") -> str:
    return f"id: a\ntitle: T\nquestions:\n  - {{id: q, {question}}}\n{more}{END}"


def one(db: Database, question: str, more: str = "") -> Person:
    person = Person(db, library_of(asking(question, more)))
    person.begin("a")
    return person


def stored(person: Person) -> Any:
    return person.answers(person.on_screen.run_id).get("q", "nothing")


TAPS: dict[str, tuple[str, list[str], Any]] = {
    "a choice": (f"kind: choice, text: '?', {COFFEE}", ["Чай"], "tea"),
    "several": (f"kind: several, text: '?', {COFFEE}", ["Чай", "Молоко", "Готово"], ["tea", "milk"]),
    "several, unticked": (
        f"kind: several, text: '?', {COFFEE}",
        ["Чай", "Молоко", "Чай", "Готово"],
        ["milk"],
    ),
    "yes": ("kind: yes_no, text: '?'", ["Да"], True),
    "no": ("kind: yes_no, text: '?'", ["Нет"], False),
    "a scale from nothing": ("kind: scale, text: '?'", ["0"], 0),
    "a short scale": ("kind: scale, text: '?', min: 1, max: 5", ["4"], 4),
    "stars": ("kind: stars, text: '?'", ["3 ⭐"], 3),
    "a statement": ("kind: statement, text: '!'", ["Дальше"], True),
    "a consent": ("kind: consent, purpose: club, text: '?'", ["Согласие даю"], True),
    "no consent": ("kind: consent, purpose: club, text: '?'", ["Согласия не даю"], False),
    "skipped": ("kind: stars, text: '?', optional: true", ["Пропустить"], None),
    "refused": ("kind: stars, text: '?', refusable: true", ["Не хочу отвечать"], {"refused": True}),
}


@pytest.mark.parametrize("name", TAPS)
def test_buttons_store_what_they_say(db: Database, name: str) -> None:
    question, labels, value = TAPS[name]
    person = one(db, question)
    for label in labels:
        exact = [button for row in person.on_screen.buttons for button in row if button.label == label]
        screen = person.send(exact[0].payload) if exact else person.press(label)
    assert stored(person) == value
    assert screen.kind == "result"


def test_rules_see_what_was_not_given_as_unknown_and_a_refusal_as_such(db: Database) -> None:
    skipped = one(db, "kind: stars, text: '?', optional: true, refusable: true")
    skipped.press("Пропустить")
    assert "q" not in skipped.latest()
    refused = Person(db, skipped.library, 2)
    refused.begin("a")
    refused.press("Не хочу отвечать")
    assert refused.latest()["q"] == ["rather_not_say"]


def test_the_words_of_a_refusal_typed_as_a_text_are_no_refusal(db: Database) -> None:
    person = one(db, "kind: text, text: '?'")
    person.write("Rather_not_say")
    assert person.latest()["q"] == ["rather not say"]
    person.begin("a")
    assert person.on_screen.kind == "question", "it is asked again"


TEXTS: dict[str, tuple[str, str, Any]] = {
    "own words": (f"kind: choice, text: '?', other: Своё, {COFFEE}", " какао\u200b ", {"other": "какао"}),
    "a date": ("kind: date, text: '?'", "12 марта 1990", "1990-03-12"),
    "a number": ("kind: number, text: '?'", "1 000,5", 1000.5),
    "a text": ("kind: text, text: '?'", "\u202eпривет\u202c", "привет"),
    "an emoji": ("kind: text, text: '?'", "👍", "👍"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_store_what_was_meant(db: Database, name: str) -> None:
    question, text, value = TEXTS[name]
    person = one(db, question)
    assert person.write(text) is not None
    assert stored(person) == value


NOTHING = ["\u200b", "\u202e\u202c", "\u2060\u3164", " \n ", "\ufeff", "\u00ad"]


@pytest.mark.parametrize("text", NOTHING)
@pytest.mark.parametrize(
    "question", ["kind: text, text: '?'", f"kind: choice, text: '?', other: Своё, {COFFEE}"]
)
def test_a_text_in_which_nothing_can_be_seen_is_no_answer(db: Database, question: str, text: str) -> None:
    person = one(db, question)
    screen = person.write(text)
    assert screen is not None
    assert screen.problem == "Напишите ответ словами."
    assert stored(person) == "nothing"


def test_own_words_are_seen_by_conditions_and_rules_as_other_and_kept_whole(db: Database) -> None:
    more = "  - {id: why, kind: text, text: 'Почему {{ q }}?', when: {question: q, is: other}}\n"
    person = one(db, f"kind: choice, text: '?', other: Своё, saves: drink, {COFFEE}", more)
    assert person.on_screen.wants == "choice_or_text"
    assert person.labels() == ["Чай", "Молоко", "Своё"]
    asked = person.press("Своё")
    assert (asked.notice, asked.stale) == ("Напишите свой вариант сообщением.", False)
    assert stored(person) == "nothing"
    screen = person.write("Какао <b>")
    assert screen is not None
    assert screen.text.endswith("Почему Какао &lt;b&gt;?")
    assert person.latest() == {"q": ["other"]}
    assert person.attributes() == {"drink": "Какао <b>"}
    assert person.press("Назад").buttons[-2][0].label == "✓ Какао <b>"


def test_own_words_count_among_several_and_can_be_taken_back(db: Database) -> None:
    person = one(db, f"kind: several, text: '?', other: Своё, max: 2, min: 2, {COFFEE}")
    person.write("какао")
    assert person.labels() == ["◻️ Чай", "◻️ Молоко", "✅ какао", "Готово (1)"]
    assert person.press("Готово").problem == "Отметьте хотя бы 2 и нажмите «Готово»."
    person.press("Чай")
    assert person.press("Молоко").problem == "Больше 2 выбрать нельзя: сначала снимите одну из отметок."
    off = next(button for row in person.on_screen.buttons for button in row if "какао" in button.label)
    person.send(off.payload)
    assert person.send(off.payload).stale is True, "a tap that arrives twice does not undo itself"
    assert person.labels() == ["✅ Чай", "◻️ Молоко", "◻️ Своё", "Готово (1)"]
    person.write("сок")
    person.write("морс")
    person.press("Готово")
    assert stored(person) == ["tea", {"other": "морс"}]
    assert person.latest()["q"] == ["other", "tea"]


def test_a_scale_stands_in_rows_of_six_with_words_for_its_ends(db: Database) -> None:
    person = one(db, "kind: scale, text: '?', low: плохо, high: отлично")
    assert [len(row) for row in person.on_screen.buttons] == [6, 5]
    assert "<i>0 — плохо · 10 — отлично</i>" in person.on_screen.text


@pytest.mark.parametrize(
    "action", ["v11", "v99", "o0", "y", "g", "c", "e0", "j", "w", "d", "k", "r", "s", "b"]
)
def test_a_scale_takes_nothing_but_its_values(db: Database, action: str) -> None:
    person = one(db, "kind: scale, text: '?'")
    assert person.send(f"{person.on_screen.run_id}:0:{action}").stale is True
    assert stored(person) == "nothing"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("12.03.90", "Напишите год четырьмя цифрами, например 12.03.1990."),
        ("30.02.2001", "Такого дня в календаре нет. Проверьте число и месяц."),
        ("29 февраля 2001", "Такого дня в календаре нет. Проверьте число и месяц."),
        ("завтра", "Нужна дата, например 12.03.1990 или 12 марта 1990."),
        ("31.12.1899", "Нужна дата не раньше 1 января 1900."),
        ("01.01.2999", "Нужна дата не позже"),
    ],
)
def test_a_date_that_does_not_fit_is_explained(db: Database, text: str, problem: str) -> None:
    person = one(db, "kind: date, text: '?', min: 1900-01-01, max: today - 18 years, saves: birthday")
    screen = person.write(text)
    assert screen is not None
    assert screen.problem is not None
    assert screen.problem.startswith(problem)
    assert stored(person) == "nothing"


def test_a_date_is_saved_as_the_day_it_is_here(db: Database) -> None:
    more = "  - {id: b, kind: yes_no, text: 'Точно {{ q }}?'}\n"
    person = one(db, "kind: date, text: '?', saves: birthday", more)
    screen = person.write("12/03/1990")
    assert screen is not None
    assert screen.text.endswith("Точно 12 марта 1990?")
    row = db.read_now(lambda s: s.get_one(Attribute, (person.row.id, "birthday")))
    assert (row.text, str(row.moment)) == ("1990-03-12", "1990-03-11 21:00:00+00:00")
    assert person.latest() == {"q": ["1990-03-12"]}


def test_a_place_and_its_city_stand_on_the_card_only_and_go_with_their_answer(db: Database) -> None:
    way = (
        "id: a\ntitle: T\nquestions:\n  - {id: ask, kind: yes_no, text: Спросить?}\n"
        "  - {id: q, kind: location, text: Где?, optional: true, when: {question: ask, is: yes}}\n"
        "  - {id: end, kind: text, text: 'Дальше?', optional: true}\n"
    )
    person = Person(db, library_of(way + END))
    person.begin("a")
    assert person.press("Да").wants == "location"
    assert person.on_screen.share_label == "📍 Отправить, где я"
    wrong = person.write("в Казани")
    assert wrong is not None
    assert wrong.problem == "Нажмите кнопку «Отправить, где я» под полем ввода."
    refused = person.stand_at(float("nan"), 10)
    assert refused is not None
    assert refused.problem is not None
    after = person.stand_at(55.79, 49.12)
    assert after is not None
    assert after.text.endswith("Дальше?")
    assert (stored(person), person.latest()["q"]) == ("shared", ["shared"])
    assert person.attributes() == {"latitude": "55.79", "longitude": "49.12", "city": "Казань"}
    person.press("Назад")
    person.write("назад")
    person.press("Нет")
    assert person.attributes() == {}
    assert stored(person) == "nothing"


def test_a_consent_is_proved_by_its_wording_in_which_nobody_is_named(db: Database) -> None:
    person = one(db, "kind: consent, purpose: advertising, text: 'Письма, {{ first_name }}?'")
    person.press("Согласие даю")
    act = db.read_now(lambda s: s.scalars(select(Consent)).one())
    text = db.read_now(lambda s: s.scalars(select(ConsentText)).one())
    assert (act.purpose, act.given, act.path, act.subscriber_id) == (
        "advertising",
        True,
        "quiz:a.q",
        person.row.id,
    )
    assert (text.text, text.language) == ("Письма, {{ first_name }}?", "ru")
    row = db.read_now(lambda s: s.get_one(Subscriber, person.row.id))
    assert row.advertising_consent_at == person.now


def test_a_consent_to_another_purpose_does_not_move_the_person(db: Database) -> None:
    person = one(db, "kind: consent, purpose: partners, text: '?'")
    person.press("Согласие даю")
    row = db.read_now(lambda s: s.get_one(Subscriber, person.row.id))
    assert (row.advertising_consent_at, row.data_consent_at) == (None, None)


def test_only_a_member_of_the_channel_goes_on(db: Database) -> None:
    person = one(db, "kind: join, text: '!', channel: '@kvizor'")
    links = [(button.label, button.url) for row in person.on_screen.buttons for button in row]
    assert links == [("Подписаться", "https://t.me/kvizor"), ("Проверить", "")]
    assert person.on_screen.channel == "@kvizor"
    assert person.press("Проверить").stale is True, "only Telegram's word counts"
    assert (
        person.join(is_member=False).problem == "Подписки пока не видно. Подпишитесь и нажмите «Проверить»."
    )
    assert person.join(is_member=True).kind == "result"
    assert stored(person) is True


def test_a_statement_is_no_question_of_the_count(db: Database) -> None:
    person = one(db, "kind: statement, text: Начнём", "  - {id: b, kind: yes_no, text: '?'}\n")
    assert person.on_screen.text == "Начнём"
    screen = person.press("Дальше")
    assert screen.progress == (1, 1)


def test_pictures_are_found_beside_the_quiz(db: Database, tmp_path: Any) -> None:
    (tmp_path / "files").mkdir()
    for name in ("one.png", "two.png", "cover.png"):
        (tmp_path / "files" / name).write_bytes(b"x")
    text = asking(
        "kind: choice, text: '?', picture: cover.png, options: "
        "[{id: a, text: А, picture: one.png}, {id: b, text: Б}, {id: c, text: В, picture: two.png}]"
    )
    person = Person(db, library_of(text, folder=tmp_path))
    screen = person.begin("a")
    assert screen.picture == tmp_path / "files" / "cover.png"
    assert [(number, path.name) for number, path in screen.sheet] == [(1, "one.png"), (3, "two.png")]
    assert person.labels() == ["1. А", "2. Б", "3. В"]
    (tmp_path / "files" / "one.png").unlink()
    seen = person.look()
    assert seen is not None
    assert [number for number, _ in seen.sheet] == [3], "a file that has gone is no reason to stop"


SPOKEN = """
id: a
title: {en: A}
languages: [en, ru, de]
questions:
  - {id: q, kind: yes_no, text: {ru: Да?, en: Yes?, de: Ja?}}
  - {id: b, kind: yes_no, text: {ru: Ещё?, en: More?}, when: {language: de}}
results: [{id: r, text: {en: End, ru: Конец}}]
"""


@pytest.mark.parametrize(
    ("code", "interface", "asked"),
    [
        ("de-AT", "en", "Ja?"),
        ("uk", "ru", "Да?"),
        ("fr", "en", "Yes?"),
        ("", "ru", "Да?"),
        ("DE", "en", "Ja?"),
    ],
)
def test_a_run_speaks_the_person_s_language_or_the_nearest(
    db: Database, code: str, interface: str, asked: str
) -> None:
    person = Person(db, library_of(SPOKEN), language_code=code)
    assert person.begin("a").text.endswith(asked)
    assert person.row.language == interface


def test_a_run_keeps_its_language_and_misses_none_of_its_first(db: Database) -> None:
    person = Person(db, library_of(SPOKEN), language_code="de")
    person.begin("a")
    person.row.language_code = "en"
    assert person.press("Yes").text.endswith("More?"), "no German wording: the quiz's first language"
    assert person.run(person.on_screen.run_id).language == "de"
