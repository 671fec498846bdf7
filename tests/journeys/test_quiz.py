"""A quiz with every kind of question, walked on a phone: one running bot for the whole file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.people.models import Attribute, Consent, Event, Subscriber, Tag, Touch
from core.quizzes.models import QuizRun, RunAnswer
from tests.conftest import fresh_database
from tests.telegram import Person, World, consented, text_of, wait_for

LIBRARY = Path(__file__).parents[1] / "quizzes" / "library"
CHANNEL = "@kvizor_channel"


@pytest.fixture(scope="module")
def quiz_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("quiz")
    with fresh_database(folder) as url:
        made = World(folder, url, QUIZZES_DIR=str(LIBRARY), ENTRY_QUIZ="every_kind")
        made.channel(CHANNEL)
        made.start_bot()
        consented(made.owner)  # alerts reach only an owner who has opened the bot
        yield made
        made.close()


def newest(person: Person) -> dict[str, Any]:
    return [message for message in person.messages() if message["from_bot"]][-1]


def labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message.get("buttons") or [] for button in row]


def facts(world: World, person: Person, kind: str) -> list[dict[str, Any]]:
    found = (
        select(Event.detail)
        .join(Subscriber, Subscriber.id == Event.subscriber_id)
        .where(Subscriber.telegram_id == person.id, Event.kind == kind)
        .order_by(Event.id)
    )
    return [detail or {} for detail in world.ask_database(lambda s: s.scalars(found).all())]


def attributes(world: World, person: Person) -> dict[str, str]:
    found = (
        select(Attribute.key, Attribute.text)
        .join(Subscriber, Subscriber.id == Attribute.subscriber_id)
        .where(Subscriber.telegram_id == person.id)
    )
    return dict(world.ask_database(lambda s: [tuple(row) for row in s.execute(found)]))


def to_the_race(person: Person, *, colour: str = "Красный") -> Person:
    """From the first screen to the question with a time limit."""
    person.taps("Поехали")
    person.sees("Какой цвет")
    person.taps(colour)
    person.sees("Нравится вид")
    person.taps("^Да")
    person.sees("Чем занимаетесь")
    person.taps("Музыка")
    wait_for(lambda: any(label.startswith("✅") for label in labels(newest(person))), "a tick")
    person.taps("Готово")
    person.sees("Оцените от 0")
    person.taps("^7$")
    person.sees("Сколько звёзд")
    person.taps("^4 ⭐")
    person.sees("Сколько вас")
    person.says("3")
    person.sees("Ваш доход")
    person.taps("Не хочу отвечать")
    person.sees("Ваша почта")
    person.taps("Пропустить")
    person.sees("Когда родились")
    person.says("12.03.1990")
    person.sees("Ваш телефон")
    person.says("Пропустить")
    person.sees("Где вы")
    person.says("Пропустить")
    person.sees("дважды два")
    return person


def test_a_person_answers_every_kind_of_question(quiz_world: World) -> None:
    anna = consented(quiz_world.person("Анна"))
    start = anna.sees("начнём!")
    assert "Сейчас спросим обо всём" in text_of(start)
    anna.taps("Поехали")

    # options with pictures: one numbered sheet, the old message keeps no buttons
    colour = anna.sees("Какой цвет")
    assert "photo" in str(colour.get("file") or colour), colour
    assert labels(colour)[:2] == ["1. Красный", "2. Синий"]
    anna.taps("Свой вариант")
    anna.sees("напишите|Напишите|своими словами")
    anna.says("Зелёный")

    # a picture under a question; ticks edit it in place
    view = anna.sees("Нравится вид")
    anna.taps("^Да")
    hobbies = anna.sees("Нам тоже![^а]*Чем занимаетесь")
    assert hobbies["message_id"] == view["message_id"], "one photo became the other in its place"
    anna.taps("Музыка")
    wait_for(lambda: "✅ Музыка" in labels(newest(anna)), "a tick")
    anna.taps("Спорт")
    wait_for(lambda: "✅ Спорт" in labels(newest(anna)), "a second tick")
    anna.taps("Книги")  # more than two
    wait_for(lambda: any("2" in toast for toast in anna.toasts()), "a toast about the limit")
    anna.taps("Готово")

    mark = anna.sees("Оцените от 0")
    assert len(mark["buttons"][0]) <= 6
    anna.taps("^9$")
    anna.sees("Сколько звёзд")
    anna.taps("^5 ⭐")
    anna.sees("Сколько вас")
    anna.says("много")
    anna.sees("⚠️.*")
    anna.says("4")
    anna.sees("Ваш доход")
    anna.taps("Не хочу отвечать")
    anna.sees("Ваша почта")
    anna.says("anna@example.com")
    anna.sees("Когда родились")
    anna.says("31.02.1990")
    anna.sees("⚠️")
    anna.says("12 марта 1990")

    anna.sees("Ваш телефон")
    anna.share_contact("+79120000000", of=quiz_world.owner)
    anna.sees("карточка другого человека")
    anna.share_contact("+79121234567")
    anna.sees("номер получен")
    anna.sees("Где вы")
    anna.share_location(55.79, 49.12)
    anna.sees("место получено")

    anna.sees("дважды два")
    anna.taps("Четыре")
    anna.sees("Верно!")
    anna.taps("Согласие даю")
    anna.sees("Подпишитесь на канал")
    anna.taps("Проверить")
    anna.sees("⚠️ Подписки пока не видно")
    anna.join_channel(CHANNEL)
    anna.taps("Проверить")

    # all answers before the end; one is changed
    preview = anna.sees("Зелёный")
    assert "12 марта 1990" in text_of(preview)
    number = next(
        line.split(".")[0] for line in text_of(preview).splitlines() if re.search("Какой цвет", line)
    )
    anna.taps(f"✎ {number}$")
    anna.sees("Какой цвет")
    anna.taps("Синий")
    anna.sees("Какой цвет[^$]*Синий")
    anna.taps("Всё верно")
    done = anna.sees("Анна, спасибо! Цвет: Синий")
    assert "баллов: 17" in text_of(done), "colour 2, view 1, mark 9, stars 5"


def test_what_she_said_is_stored_where_rules_read_it(quiz_world: World) -> None:
    anna = Person(quiz_world, next(p for p in people_named(quiz_world, "Анна")))
    stored = attributes(quiz_world, anna)
    assert stored["people_count"] == "4"
    assert stored["email"] == "anna@example.com"
    assert stored["birthday"].startswith("1990-03-12")
    assert float(stored["latitude"]) == pytest.approx(55.79)
    row = select(Subscriber.phone).where(Subscriber.telegram_id == anna.id)
    assert quiz_world.ask_database(lambda s: s.scalars(row).one()) == "+79121234567"
    purposes = select(Consent.purpose, Consent.given, Consent.path).where(Consent.purpose == "news")
    found = quiz_world.ask_database(lambda s: [tuple(one) for one in s.execute(purposes)])
    assert found == [("news", True, "quiz:every_kind.news")]
    assert [one["result"] for one in facts(quiz_world, anna, "quiz_finished")] == ["done"]
    assert facts(quiz_world, anna, "file_taken") == [{"quiz": "every_kind", "file": "gift.txt"}]
    tags = select(Tag.tag).join(Subscriber, Subscriber.id == Tag.subscriber_id)
    mine = quiz_world.ask_database(lambda s: set(s.scalars(tags.where(Subscriber.telegram_id == anna.id))))
    assert {"синий", "прошел все"} <= mine


def people_named(world: World, name: str) -> list[int]:
    found = select(Subscriber.telegram_id).where(Subscriber.first_name == name)
    return [int(one) for one in world.ask_database(lambda s: s.scalars(found).all()) if one]


def test_the_next_quiz_begins_by_itself_and_ends(quiz_world: World) -> None:
    anna = Person(quiz_world, people_named(quiz_world, "Анна")[0])
    anna.sees("Что вам ближе")
    anna.taps("Чай")
    for number in (2, 3):
        anna.sees(f"Вопрос {number} из 3")
        anna.taps("^Да$")
    anna.sees("Всё! ")
    runs = select(QuizRun.quiz, QuizRun.finished_at).order_by(QuizRun.id)
    done = quiz_world.ask_database(lambda s: [tuple(row) for row in s.execute(runs)])
    assert [quiz for quiz, finished in done if finished] == ["every_kind", "after_all"]


def test_her_link_brings_a_friend_who_is_counted_once(quiz_world: World) -> None:
    anna = Person(quiz_world, people_named(quiz_world, "Анна")[0])
    result = anna.sees("Анна, спасибо")
    link = re.search(r"\?start=(ref_[a-z2-7]{8})", text_of(result))
    assert link is not None
    urls = [one.get("url") or "" for row in result["buttons"] for one in row]
    assert any("t.me/share/url" in url and link[1] in url for url in urls)

    anna.says(f"/start {link[1]}")
    friend = quiz_world.person("Борис")
    for _ in range(2):
        friend.says(f"/start {link[1]}")
    friend.sees("Согласие|согласи")
    wait_for(lambda: facts(quiz_world, anna, "referred"), "the fact")
    assert len(facts(quiz_world, anna, "referred")) == 1
    touches = select(Touch.source).join(Subscriber, Subscriber.id == Touch.subscriber_id)
    his = touches.where(Subscriber.telegram_id == friend.id)
    assert set(quiz_world.ask_database(lambda s: s.scalars(his).all())) == {link[1]}


def test_a_question_runs_out_by_itself_and_a_late_tap_changes_nothing(quiz_world: World) -> None:
    late = to_the_race(consented(quiz_world.person("Вера")))
    message, data = late.button("Четыре")
    late.sees("[Вв]ремя|не успели", patience=15)
    late.sees("Можно присылать новости")
    quiz_world.post(
        f"/sandbox/people/{late.id}/tap", {"message_id": message["message_id"], "data": data, "resend": False}
    )
    wait_for(lambda: any("пройден" in toast for toast in late.toasts()), "a word that it is behind")
    value = (
        select(RunAnswer.value)
        .join(QuizRun, QuizRun.id == RunAnswer.run_id)
        .join(Subscriber, Subscriber.id == QuizRun.subscriber_id)
        .where(Subscriber.telegram_id == late.id, RunAnswer.question == "quick")
    )
    assert quiz_world.ask_database(lambda s: s.scalars(value).all()) == [{"late": True}]


def test_a_channel_where_the_bot_is_a_stranger_is_told_to_the_owner_once(quiz_world: World) -> None:
    quiz_world.channel(CHANNEL, bot_is_admin=False)
    late = Person(quiz_world, people_named(quiz_world, "Вера")[0])
    late.taps("Согласия не даю")
    late.sees("Подпишитесь на канал")
    for _ in range(2):
        late.taps("Проверить")
        wait_for(lambda: any("проверить подписку" in one for one in late.toasts()), "a calm sentence")
    quiz_world.owner.sees("Не могу проверить подписку на @kvizor_channel")
    told = [text for text in quiz_world.owner.received() if "Не могу проверить подписку" in text]
    assert len(told) == 1, "once an hour"
    late.taps("Пропустить")
    late.sees("Красный")
    late.taps("Всё верно")
    late.sees("Вера, спасибо")
    quiz_world.channel(CHANNEL, bot_is_admin=True)


def test_lessons_come_at_their_hours_and_stop_after_a_stop(quiz_world: World) -> None:
    anna = Person(quiz_world, people_named(quiz_world, "Анна")[0])
    vera = Person(quiz_world, people_named(quiz_world, "Вера")[0])
    assert not any("Урок" in text for text in anna.received())
    quiz_world.forward(hours=2)
    anna.sees("Урок первый, Анна")
    vera.sees("Урок первый, Вера")
    vera.says("/stop")
    vera.sees("писем больше не будет")
    quiz_world.forward(hours=26)
    anna.sees("Урок второй: ваш цвет Синий")
    quiz_world.forward(hours=26)
    anna.sees("Урок третий")
    assert sum("Урок" in text for text in anna.received()) == 3
    assert sum("Урок" in text for text in vera.received()) == 1


def test_a_link_opens_its_quiz_and_the_list_names_all(quiz_world: World) -> None:
    guest = quiz_world.person("Гость")
    consented(guest, payload="quiz_satisfaction")
    guest.sees("Насколько вероятно")
    guest.taps("^2$")
    guest.sees("Что нам исправить")
    guest.says("Долго ждать")
    guest.sees("Спасибо за честность: Долго ждать")
    alert = quiz_world.owner.sees("Оценка 2: без слов")  # told at once, before the reason is known
    assert f"tg://user?id={guest.id}" in str(alert)
    guest.says("/quiz")
    menu = guest.sees("Какой опрос")
    assert labels(menu)[0] == "Всё сразу"
    assert "✓ Оценка" in labels(menu)
    guest.taps("Знаете ли вы небо")
    guest.sees("Какая звезда ближе")
    assert labels(next(m for m in guest.messages() if m["message_id"] == menu["message_id"])) == []
