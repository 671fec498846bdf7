"""Topics, settings and data in a person's own hands: over HTTP, in one running world."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

from sqlalchemy import func, select

from core.mailing.models import Delivery
from core.people import consents
from core.people.choices import Erasure, Preference, TopicChoice
from core.people.models import Attribute, Inbox, Subscriber
from core.quizzes.models import Answer, QuizRun, RunAnswer
from tests.telegram import Person, World, consented, quizzed, text_of, wait_for


def number_of(session, telegram_id: int) -> int | None:  # type: ignore[no-untyped-def]
    return session.scalar(select(Subscriber.id).where(Subscriber.telegram_id == telegram_id))


def attributes_of(session, telegram_id: int) -> dict[str, str]:  # type: ignore[no-untyped-def]
    his = Attribute.subscriber_id == number_of(session, telegram_id)
    rows = session.execute(select(Attribute.key, Attribute.text).where(his))
    return {key: text for key, text in rows}  # noqa: C416 - Row is no tuple for dict()


def preference_of(session, telegram_id: int) -> Preference | None:  # type: ignore[no-untyped-def]
    return session.get(Preference, number_of(session, telegram_id))


def replies(person: Person, words: str, text: str) -> Person:
    """Answer the bot's question, its newest message, as a reply to it."""

    def newest() -> dict[str, Any] | None:
        mine = [message for message in person.messages() if message["from_bot"]]
        return mine[-1] if mine and re.search(words, text_of(mine[-1])) else None

    asked = wait_for(newest, f"the question {words!r}")
    return person.does("text", {"text": text, "reply_to": asked["message_id"]})


def labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message.get("buttons") or [] for button in row]


def newcomer(world: World, name: str, **more: Any) -> Person:
    person = consented(world.person(name, **more))
    person.sees("Кто вы сейчас|Who are you|describes you")
    return person


def test_the_owner_makes_topics_and_a_person_leaves_one_of_them(running: World) -> None:
    owner = running.owner.says("/start")
    owner.says("/topics")
    owner.taps("Править темы")
    owner.taps("Новая тема")
    replies(owner, "Как назвать тему", "Скидки | Sales")
    owner.sees("Скидки / Sales — включена у всех")
    owner.taps("Новая тема")
    wait_for(lambda: "Как назвать тему" in owner.received()[-1], "the question")
    owner.says("Скидки")  # no reply: the question was asked last
    owner.sees("Такая тема уже есть")
    asked = next(m for m in reversed(owner.messages()) if "Как назвать тему" in text_of(m))
    owner.does("text", {"text": "Новинки <b> & всё", "reply_to": asked["message_id"]})
    owner.sees("Новинки <b> & всё — включена")

    anna = newcomer(running, "Анна")
    shown = anna.says("/topics").sees("О чём вам писать")
    assert labels(shown) == ["✅ Скидки", "✅ Новинки <b> & всё"]
    anna.taps("✅ Скидки")
    wait_for(lambda: "▫️ Скидки" in labels(anna.sees("О чём вам писать")), "the topic to be off")
    assert any("Больше не пишу о «Скидки»" in toast for toast in anna.toasts())
    anna.taps("✅ Новинки")
    wait_for(lambda: "▫️ Новинки <b> & всё" in labels(anna.sees("О чём вам писать")), "both off")
    anna.taps("▫️ Новинки")
    wait_for(lambda: "✅ Новинки <b> & всё" in labels(anna.sees("О чём вам писать")), "one on again")
    facts = running.ask_database(
        lambda s: [
            (one.is_on, one.path)
            for one in s.scalars(
                select(TopicChoice).where(TopicChoice.subscriber_id == number_of(s, anna.id))
            )
        ]
    )
    assert facts == [(False, "topics"), (False, "topics"), (True, "topics")]
    # to a stranger the owner's buttons do not exist
    running.http.post(
        f"/sandbox/people/{anna.id}/tap", json={"message_id": shown["message_id"], "data": "ato:add:0:0:0"}
    ).raise_for_status()
    anna.says("/help").sees("О чём вам писать|о чём вам писать")
    assert not any("Как назвать тему" in text for text in anna.received())


def test_settings_speak_the_chosen_language_for_ever(running: World) -> None:
    anna = newcomer(running, "Анна")
    anna.says("/settings").sees("Язык: Русский")
    anna.taps("English")
    anna.sees("Language: English")
    anna.says("/help").sees("What I can do")
    running.stop_bot()  # killed, it might repeat its last screen
    running.start_bot()
    anna.says("/help")
    wait_for(
        lambda: len([t for t in anna.received() if "What I can do" in t]) == 2, "English after a restart"
    )


def test_quiet_hours_by_button_and_by_word(running: World) -> None:
    anna = newcomer(running, "Анна")
    anna.says("/settings").sees("Тихие часы: нет")
    anna.taps("^22–8$")
    anna.sees("Тихие часы: 22:00–08:00")
    anna.taps("Свои")
    replies(anna, "В какие часы", "после обеда").sees("Не понял часы")
    asked = anna.sees("В какие часы")
    anna.does("text", {"text": "с 23:30 до 7", "reply_to": asked["message_id"]})
    anna.sees("Тихие часы: 23:30–07:00")
    row = running.ask_database(preference_of, anna.id)
    assert (row.quiet_from, row.quiet_minutes) == (23 * 60 + 30, 7 * 60 + 30)
    anna.taps("^Вечер$")
    wait_for(lambda: running.ask_database(preference_of, anna.id).best_time == "evening", "the best time")
    anna.taps("^Нет$")
    anna.sees("Тихие часы: нет")


def test_a_typed_city_is_not_eaten_by_the_quiz_nor_the_quizs_by_the_settings(running: World) -> None:
    anna = newcomer(running, "Анна")
    anna.taps("Работаю на себя")
    anna.taps("Больше новых")
    anna.sees("вы города")
    anna.says("/settings")
    anna.taps("Город")
    anna.sees("В каком вы городе")
    replies(anna, "В каком вы городе", "Екб").sees("Записал: Екатеринбург")
    assert running.ask_database(attributes_of, anna.id)["timezone"] == "Asia/Yekaterinburg"
    anna.says("Казань").sees("по желанию")  # no reply: it is the quiz that waits
    answered = running.ask_database(
        lambda s: s.scalar(
            select(Answer.text).where(Answer.question == "city").order_by(Answer.answered_at.desc())
        )
    )
    assert answered == "Казань"


def test_a_slip_in_the_city_is_asked_back_and_a_location_finds_it(running: World) -> None:
    boris = quizzed(newcomer(running, "Борис"), "Работаю на себя", "Больше новых", city="Тула")
    boris.sees("Спасибо, Борис")
    boris.says("/settings")
    boris.taps("Город")
    boris.sees("В каком вы городе")
    boris.says("Новосибирсу").sees("Возможно, вы имели в виду")  # no reply, and nothing else waits for a text
    boris.taps("Новосибирск, Новосибирская область")
    boris.sees("Записал: Новосибирск")
    boris.sees(r"UTC\+7")
    boris.taps("Город")
    boris.says("ъъъъъ").sees("Такого города не нашёл")
    boris.taps("Часовой пояс")
    boris.sees("Который час сейчас у вас")
    boris.taps(r"· \+5:45$")
    boris.sees(r"UTC\+5:45")
    boris.taps("По карте")
    boris.sees("Нажмите кнопку внизу")
    boris.does("location", {"latitude": 43.11, "longitude": 131.9}).sees("Записал: Владивосток")
    saved = running.ask_database(attributes_of, boris.id)
    assert (saved["city"], saved["timezone"]) == ("Владивосток", "Asia/Vladivostok")
    boris.does("location", {"latitude": -60.0, "longitude": -120.0}).sees("не знаю ни одного города")


def test_forged_buttons_change_nothing(running: World) -> None:
    eve = newcomer(running, "Ева")
    shown = eve.says("/settings").sees("Настройки")
    before = running.ask_database(preference_of, eve.id)
    forged = [
        "st:language:xx", "st:quiet:0-9999", "st:quiet:99", "st:zone:Mars/Olympus", "st:pick:1", "st:pick:-1",
        "st:best:noon",
        "topic:999999", "topic:x", "topic:", "tp:999999:0", "tp:1", "pv:erase::1", "pv:withdraw::0",
        "pv:withdraw:data:77", "pv:ask::0", "ato:hide:1:0:0", "st:zzz:1", "pv:nothing",
        f"tp:{10**30}:0", f"pv:withdraw:data:{2**63}", f"pv:erase::{10**40}",
    ]  # fmt: skip
    for data in forged:
        eve.does("tap", {"message_id": shown["message_id"], "data": data})
    eve.says("/help").sees("Что я умею")
    assert running.ask_database(preference_of, eve.id) == before is None
    person = running.ask_database(lambda s: s.get_one(Subscriber, number_of(s, eve.id)))
    assert (person.status, person.language, person.data_consent_at is not None) == ("active", "ru", True)
    assert "handler_failed" not in running.log.read_text()


def test_my_data_come_as_a_file_once_a_minute(running: World) -> None:
    anna = quizzed(newcomer(running, "<b>Анна</b>"), "Работаю на себя", "Больше новых")
    anna.says("/mydata")
    found = anna.sees("Всё, что о вас хранится")
    packed = running.http.get(str(found["media"]["url"])).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        data = json.loads(archive.read("my-data.json"))
        page = archive.read("my-data.html").decode()
    assert data["person"]["telegram_id"] == anna.id
    assert {row["question"] for row in data["answers"]} >= {"role", "goal", "city"}
    assert [act["purpose"] for act in data["consents"]] == ["data", "advertising"]
    assert data["updates"]
    assert "&lt;b&gt;Анна&lt;/b&gt;" in page
    assert "<b>Анна</b>" not in page
    assert "Ваши ответы" in page
    anna.says("/mydata").sees("не чаще раза в минуту")


def test_a_consent_is_taken_back_with_its_own_proof(running: World) -> None:
    anna = newcomer(running, "Анна")
    shown = anna.says("/privacy").sees("Ваши данные")
    assert "✅ рекламные сообщения" in text_of(shown)
    assert re.search(r"редакция [0-9a-f]{8}", text_of(shown))
    anna.taps("Отозвать согласие на рекламу")
    anna.sees("Рекламных писем больше не будет")
    anna.taps("Да, отозвать")
    anna.sees("рекламные сообщения — отозвано")
    acts = running.ask_database(lambda s: consents.acts(s, number_of(s, anna.id)))
    assert [(act.purpose, act.given, act.path) for act in acts] == [
        ("data", True, "start"),
        ("advertising", True, "start"),
        ("advertising", False, "privacy"),
    ]
    assert acts[-1].text.startswith("<b>Отозвать согласие на рекламные")
    anna.taps("Отозвать согласие на обработку")
    anna.taps("Да, отозвать")
    anna.sees("Данные сотрутся сами")
    anna.says("Казань").sees("Передал ваше сообщение")  # the quiz waits no more
    anna.taps("Работаю на себя")
    wait_for(lambda: any("Сначала нужно ваше согласие" in one for one in anna.toasts()), "the toast")
    anna.says("/start")
    anna.taps("^Согласен")
    anna.sees("Согласие на рекламные сообщения")  # asked anew
    person = running.ask_database(lambda s: s.get_one(Subscriber, number_of(s, anna.id)))
    assert (person.status, running.ask_database(lambda s: s.get(Erasure, person.id))) == ("active", None)


def test_forgetting_asks_once_erases_all_and_begins_with_a_clean_slate(running: World) -> None:
    anna = quizzed(newcomer(running, "Аннабель"), "Работаю на себя", "Больше новых", city="Кострома")
    anna.sees("Спасибо, Аннабель")
    who = running.ask_database(number_of, anna.id)
    anna.says("/forget").sees("Стереть всё")
    anna.taps("Нет, оставьте")
    anna.sees("ничего не стираю")
    assert running.ask_database(number_of, anna.id) == who
    anna.says("/privacy")
    anna.taps("Стереть всё обо мне")
    old = anna.button("Да, сотрите всё")
    anna.taps("Да, сотрите всё", resend=True)
    anna.sees("Готово: всё стёрто")

    def left(session) -> dict[str, int]:  # type: ignore[no-untyped-def]
        answers = select(func.count()).where(Answer.subscriber_id == who)
        given = select(func.count()).where(RunAnswer.value.is_not(None), RunAnswer.run_id.in_(runs_of(who)))
        raw = select(func.count()).where(Inbox.person == anna.id)
        sent = select(func.count()).where(Delivery.subscriber_id == who)
        asked = {"answers": answers, "given": given, "inbox": raw, "letters": sent}
        return {name: session.scalar(query) for name, query in asked.items()}

    running.forward(hours=1)  # the tick takes the update that asked for it
    wait_for(lambda: running.ask_database(left)["inbox"] == 0, "the inbox to be empty")
    assert running.ask_database(left) == {"answers": 0, "given": 0, "inbox": 0, "letters": 0}
    gone = running.ask_database(lambda s: s.get_one(Subscriber, who))
    assert (gone.status, gone.telegram_id, gone.first_name) == ("erased", None, "")
    assert len(running.ask_database(lambda s: consents.acts(s, who))) == 4
    database = running.ask_database(
        lambda s: [s.scalar(select(func.count()).where(Attribute.text == "Кострома"))]
    )
    assert database == [0]

    anna.says("/start").sees("Сначала — одна формальность")
    wait_for(lambda: running.ask_database(number_of, anna.id), "the newcomer")
    came = running.ask_database(lambda s: s.get_one(Subscriber, number_of(s, anna.id)))
    assert (came.id != who, came.status, came.advertising_consent_at) == (True, "stopped", None)
    message, data = old
    anna.does(
        "tap", {"message_id": message["message_id"], "data": data}
    )  # the old button is not his any more
    anna.taps("^Согласен")
    anna.taps("Нет, без рекламы")
    anna.sees("Кто вы сейчас")
    assert running.ask_database(number_of, anna.id) == came.id


def runs_of(who: int) -> Any:
    return select(QuizRun.id).where(QuizRun.subscriber_id == who)
