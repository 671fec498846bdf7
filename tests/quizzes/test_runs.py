"""A person walks through a quiz: buttons, writing, going back, old buttons, other people's runs."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from core.db import Database
from core.people.attributes import add_tag
from core.people.models import Subscriber
from core.quizzes import runs
from core.quizzes.models import QuizRun
from core.quizzes.problems import UnknownQuizError
from core.quizzes.records import store_versions
from tests.quizzes.people import Person, library_of
from tests.quizzes.shop import SHOP


@pytest.fixture
def anna(db: Database) -> Person:
    return Person(db, library_of(SHOP))


def _to_goals(person: Person) -> None:
    person.begin("shop")
    person.press("Владелец")
    person.write("12")


def test_a_person_walks_from_the_first_question_to_the_result(anna: Person) -> None:
    first = anna.begin("shop")
    assert first.text == "Здравствуйте, Анна!\n\n<i>Вопрос 1 из 6</i>\n\nКто вы?"
    assert (first.wants, first.progress, first.message_id) == ("tap", (1, 6), None)
    assert anna.press("Владелец").wants == "text"
    assert anna.write("12").progress == (3, 6)  # type: ignore[union-attr]
    anna.press("Денег")
    anna.press("Славы")
    anna.press("Готово")
    anna.press("Да")
    contact = anna.write("казань")
    assert contact is not None
    assert (contact.wants, contact.share_label) == ("contact", "📱 Отправить мой номер")
    end = anna.share("79121234567")
    assert end is not None
    assert end.result is not None
    assert (end.kind, end.text) == ("result", "Анна, город Казань, вы большие")
    assert (end.result.id, end.result.segment, end.result.score) == ("big", "big_owners", 22)
    assert anna.tags() == end.result.tags == {"свой", "money", "online", "big"}
    assert anna.attributes() == {"team_size": "12", "city": "Казань"}
    assert anna.latest() == {
        "role": ["owner"],
        "team": ["12"],
        "goals": ["fame", "money"],
        "online": ["yes"],
        "city": ["казань"],
        "phone": ["shared"],
        "result": ["big"],
        "score": ["22"],
    }
    assert anna.db.read_now(lambda s: s.scalars(select(Subscriber.phone)).one()) == "+79121234567"
    run = anna.run(end.run_id)
    assert (run.score, run.result, run.shown, run.finished_at) == (22, "big", None, anna.now)
    assert [anna.events(f"quiz_{kind}") for kind in ("started", "answered", "finished")] == [1, 6, 1]


def test_a_branch_hides_questions_and_shortens_the_way(anna: Person) -> None:
    anna.begin("shop")
    screen = anna.press("Гость")
    assert screen.progress == (2, 5)
    assert "Чего хочется?" in screen.text


def test_an_english_reader_gets_english_and_others_the_first_language(db: Database) -> None:
    john = Person(db, library_of(SHOP), 2, first_name="John", language_code="en-GB")
    assert "Who are you?" in john.begin("shop").text
    ask = "id: ru\ntitle: T\nquestions: [{id: q, kind: text, text: Кто?}]\nresults: [{id: r, text: Да}]"
    there = Person(db, library_of(ask), 4, first_name="Jane", language_code="en")
    assert there.begin("ru").text == "<i>Вопрос 1 из 1</i>\n\nКто?"


def test_a_name_is_shown_as_text_never_as_markup(db: Database) -> None:
    eve = Person(db, library_of(SHOP), 3, first_name="<b>Eve & {{ city }}")
    assert eve.begin("shop").text.startswith("Здравствуйте, &lt;b&gt;Eve &amp; {{ city }}!")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("много", "Нужно число, например 12. Напишите его цифрами."),
        ("1,5", "Нужно целое число, без дробной части."),
        ("0", "Нужно число не меньше 1."),
        ("501", "Нужно число не больше 500."),
        ("9" * 5000, "Нужно число, например 12. Напишите его цифрами."),
    ],
)
def test_a_wrong_number_is_explained_and_nothing_is_lost(anna: Person, text: str, problem: str) -> None:
    anna.begin("shop")
    before = anna.press("Владелец")
    screen = anna.write(text)
    assert screen is not None
    assert screen.problem == problem
    assert screen.body == f"⚠️ {problem}\n\n{before.text}"
    assert (screen.text, screen.buttons) == (before.text, before.buttons)
    assert anna.answers(screen.run_id) == {"role": "owner"}


def test_a_number_may_be_written_as_people_write_it(anna: Person) -> None:
    anna.begin("shop")
    anna.press("Владелец")
    screen = anna.write(" 4 0 ")
    assert screen is not None
    assert anna.answers(screen.run_id)["team"] == 40


def test_ticks_are_kept_and_unticked_and_limited(anna: Person) -> None:
    _to_goals(anna)
    early = anna.press("Готово")
    assert early.problem == "Отметьте хотя бы 1 и нажмите «Готово»."
    anna.press("Покоя")
    anna.press("Денег")
    assert anna.press("Славы").problem == "Больше 2 выбрать нельзя: сначала снимите одну из отметок."
    screen = anna.press("Покоя")
    labels = [button.label for row in screen.buttons for button in row]
    assert labels == ["◻️ Покоя", "✅ Денег", "◻️ Славы", "Готово (1)", "‹ Назад"]
    anna.press("Готово")
    assert anna.answers(screen.run_id)["goals"] == ["money"]


def test_a_tick_that_arrives_twice_does_not_undo_itself(anna: Person) -> None:
    _to_goals(anna)
    tick = anna.on_screen.buttons[0][0].payload
    assert anna.send(tick).stale is False
    again = anna.send(tick)
    assert again.stale is True
    assert again.buttons[0][0].label == "✅ Покоя"


def test_an_old_button_shows_the_present_question_and_changes_nothing(anna: Person) -> None:
    old = anna.begin("shop").buttons[0][0].payload
    present = anna.press("Гость")
    stale = anna.send(old)
    assert stale.stale is True
    assert stale.text == present.text
    assert anna.answers(stale.run_id) == {"role": "guest"}
    assert anna.events("quiz_answered") == 1


@pytest.mark.parametrize("action", ["o9", "y", "d", "k", "b", "x0"])
def test_an_action_the_question_does_not_offer_changes_nothing(anna: Person, action: str) -> None:
    screen = anna.begin("shop")
    assert anna.send(f"{screen.run_id}:0:{action}").stale is True
    assert anna.answers(screen.run_id) == {}


def test_nobody_can_press_for_another_person(anna: Person) -> None:
    payload = anna.begin("shop").buttons[0][0].payload
    eve = Person(anna.db, anna.library, 2)
    assert eve.send(payload).kind == "gone"
    assert eve.send("999999999999999999:0:o0").kind == "gone"
    assert anna.answers(anna.on_screen.run_id) == {}


def test_going_back_changes_an_answer_and_takes_its_points_and_tags_away(anna: Person) -> None:
    _to_goals(anna)
    anna.press("Назад")
    first = anna.press("Назад")
    assert [row[0].label for row in first.buttons] == ["✓ Владелец", "Гость", "Оставить как есть"]
    after = anna.press("Гость")
    assert "Чего хочется?" in after.text
    assert anna.answers(after.run_id) == {"role": "guest"}
    assert anna.run(after.run_id).score == 1
    assert (anna.tags(), anna.attributes()) == (set(), {})
    assert anna.latest() == {"role": ["guest"]}
    assert anna.events("quiz_answered") == 2, "a changed answer is not a second one"


def test_going_back_and_keeping_returns_to_where_one_was(anna: Person) -> None:
    _to_goals(anna)
    back = anna.press("Назад")
    assert "Сейчас: 12" in back.text
    assert "Чего хочется?" in anna.press("Оставить").text
    assert anna.answers(back.run_id)["team"] == 12


def test_coming_back_to_several_finds_the_ticks(anna: Person) -> None:
    _to_goals(anna)
    anna.press("Денег")
    anna.press("Готово")
    labels = [row[0].label for row in anna.press("Назад").buttons]
    assert labels[:4] == ["◻️ Покоя", "✅ Денег", "◻️ Славы", "Готово (1)"]


def test_answers_behind_a_reopened_branch_need_not_be_given_twice(anna: Person) -> None:
    anna.begin("shop")
    anna.press("Гость")
    anna.press("Денег")
    anna.press("Готово")
    anna.press("Назад")
    anna.press("Назад")
    assert "Сколько вас?" in anna.press("Владелец").text
    screen = anna.write("3")
    assert screen is not None
    assert "Продаёте в сети?" in screen.text
    assert anna.run(screen.run_id).score == 13
    assert anna.tags() == {"свой", "money"}


def test_a_tag_somebody_else_gave_survives_a_changed_answer(anna: Person) -> None:
    anna.db.write_now(add_tag, anna.row.id, "свой", anna.now, origin="owner")
    anna.begin("shop")
    anna.press("Владелец")
    anna.press("Назад")
    anna.press("Гость")
    assert anna.tags() == {"свой"}


def test_skipping_leaves_the_answer_unknown(anna: Person) -> None:
    _to_goals(anna)
    anna.press("Денег")
    anna.press("Готово")
    anna.press("Нет")
    contact = anna.press("Пропустить")
    assert contact.wants == "contact"
    assert "city" not in anna.latest()
    end = anna.write("пропустить")
    assert end is not None
    assert end.text == "Анна, город N, вы большие"


def test_only_the_own_contact_is_taken(anna: Person) -> None:
    anna.begin("shop")
    assert anna.share("79121234567") is None, "no open run waits for a contact"
    anna.press("Гость")
    anna.press("Покоя")
    anna.press("Готово")
    anna.press("Нет")
    anna.press("Пропустить")
    refused = anna.share("79121234567", own=False)
    assert refused is not None
    assert refused.problem == "Это чужой номер. Отправьте свой кнопкой под полем ввода."
    typed = anna.write("+7 912 123-45-67")
    assert typed is not None
    assert typed.problem == "Нажмите кнопку «Отправить мой номер» под полем ввода."
    assert anna.db.read_now(lambda s: s.scalars(select(Subscriber.phone)).one()) is None


def test_text_is_nobodys_answer_without_an_open_quiz(anna: Person) -> None:
    assert anna.write("привет") is None


def test_the_same_update_begins_once_and_another_goes_on(anna: Person) -> None:
    first = anna.begin("shop", key="u1")
    anna.press("Гость")
    anna.db.write_now(runs.remember_message, first.run_id, 77)
    assert anna.begin("shop", key="u1").message_id == 77
    resumed = anna.begin("shop", key="u2")
    assert (resumed.run_id, resumed.progress, resumed.message_id) == (first.run_id, (2, 5), None)
    assert anna.events("quiz_started") == 1


def test_restart_leaves_the_old_run_and_its_buttons_die(anna: Person) -> None:
    old = anna.begin("shop")
    anna.press("Гость")
    new = anna.restart("shop")
    assert new.run_id != old.run_id
    assert anna.send(old.buttons[0][0].payload).kind == "gone"
    assert anna.look() == new


def test_finishing_again_leaves_nothing_of_the_first_time(anna: Person) -> None:
    _to_goals(anna)
    for label in ("Денег", "Готово", "Да", "Пропустить", "Пропустить"):
        anna.press(label)
    assert anna.tags() == {"свой", "money", "online", "big"}
    anna.begin("shop")
    for label in ("Гость", "Покоя", "Готово", "Нет", "Пропустить", "Пропустить"):
        end = anna.press(label)
    assert end.text == "Спасибо, Анна"
    assert anna.tags() == set()
    assert anna.latest() == {
        "role": ["guest"],
        "goals": ["calm"],
        "online": ["no"],
        "result": ["small"],
        "score": ["3"],
    }


def test_a_finished_run_shows_its_result_to_every_later_tap(anna: Person) -> None:
    _to_goals(anna)
    for label in ("Денег", "Готово", "Да", "Пропустить"):
        anna.press(label)
    last = anna.on_screen.buttons[0][0].payload
    end = anna.press("Пропустить")
    again = anna.send(last)
    assert (again.text, again.stale, again.result) == (end.text, True, end.result)
    assert anna.look() is None
    assert anna.events("quiz_finished") == 1


def test_abandoning_closes_every_open_run(anna: Person) -> None:
    anna.begin("shop")
    anna.db.write_now(runs.abandon, anna.row.id, anna.now)
    assert anna.look() is None


def test_restarting_and_abandoning_touch_nobody_else(anna: Person) -> None:
    anna.begin("shop")
    boris = Person(anna.db, anna.library, 2)
    boris.begin("shop")
    boris.restart("shop")
    boris.db.write_now(runs.abandon, boris.row.id, boris.now)
    assert anna.look() == anna.screen


def test_the_number_of_an_erased_run_is_never_given_again(anna: Person) -> None:
    erased = anna.begin("shop")
    anna.db.write_now(lambda s: s.execute(delete(QuizRun)))
    again = anna.restart("shop")
    assert again.run_id > erased.run_id
    assert anna.send(erased.buttons[0][0].payload).kind == "gone"
    assert anna.answers(again.run_id) == {}


def test_an_unknown_quiz_is_named_with_its_nearest(anna: Person) -> None:
    with pytest.raises(UnknownQuizError, match=r"There is no quiz `shpo`; did you mean `shop`\?"):
        anna.begin("shpo")


def test_text_goes_to_the_quiz_shown_last(db: Database) -> None:
    ask = (
        "id: {0}\ntitle: T\nquestions: [{{id: q, kind: text, text: '?'}}]\nresults: [{{id: r, text: '{0}'}}]"
    )
    person = Person(db, library_of(ask.format("one"), ask.format("two")))
    for number, quiz in enumerate(["one", "two", "one"]):
        screen = person.begin(quiz)
        db.write_now(runs.remember_message, screen.run_id, 100 + number)
    answered = person.write("да")
    assert answered is not None
    assert answered.quiz == "one"


def test_a_person_finishes_the_version_he_began(db: Database) -> None:
    old = Person(db, library_of(SHOP))
    old.begin("shop")
    old.press("Владелец")
    changed = library_of(SHOP.replace("Сколько вас?", "Сколько людей?").replace("max: 500", "max: 11"))
    db.write_now(store_versions, changed, old.now)
    old.library = changed
    seen = old.look()
    assert seen is not None
    assert "Сколько вас?" in seen.text
    assert old.write("12").problem is None  # type: ignore[union-attr]
    new = Person(db, changed, 2)
    new.begin("shop")
    assert "Сколько людей?" in new.press("Владелец").text


def test_a_version_nobody_can_read_any_more_is_begun_anew(db: Database) -> None:
    person = Person(db, library_of(SHOP))
    payload = person.begin("shop").buttons[0][0].payload
    first = person.on_screen.run_id
    changed = library_of(SHOP.replace("Кто вы?", "Кто ты?"))
    changed.versions.update(dict.fromkeys(person.library.versions))
    db.write_now(store_versions, changed, person.now)
    person.library = changed
    assert person.send(payload).kind == "gone"
    assert person.look() is None
    assert person.begin("shop").run_id != first


def test_an_update_that_is_handled_again_answers_only_once(db: Database) -> None:
    ask = "id: two\ntitle: T\nquestions: [{id: a, kind: text, text: А}, {id: b, kind: text, text: Б}]\n"
    person = Person(db, library_of(ask + "results: [{id: r, text: Конец}]"))
    run_id = person.begin("two").run_id
    for _ in range(2):
        screen = db.write_now(runs.write, person.library, person.row, "раз", person.now, key="u7")
        assert screen is not None
        assert "Б" in screen.text
    assert person.answers(run_id) == {"a": "раз"}
    for _ in range(2):
        end = db.write_now(runs.write, person.library, person.row, "два", person.now, key="u8")
        assert end is not None
        assert (end.kind, end.stale) == ("result", False)
    assert person.answers(run_id) == {"a": "раз", "b": "два"}


def test_a_tap_that_is_handled_again_shows_the_result_as_the_first_time(anna: Person) -> None:
    _to_goals(anna)
    for label in ("Денег", "Готово", "Да", "Пропустить"):
        anna.press(label)
    place = (anna.on_screen.run_id, 5, "s")
    first, again = (
        anna.db.write_now(runs.tap, anna.library, anna.row, *place, anna.now, key="u9") for _ in range(2)
    )
    assert first == again
    assert (again.kind, again.stale) == ("result", False)
