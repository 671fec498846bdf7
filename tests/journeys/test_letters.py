"""What an owner sends of himself reaches people as it is, and what they do with it comes back to him."""

from __future__ import annotations

import re

from sqlalchemy import select

from bot.sandbox.files import sample_picture
from core.mailing import questions
from core.mailing.models import Delivery
from core.people.models import Event, Subscriber
from tests.telegram import Person, World, consented, wait_for


def begins(owner: Person) -> Person:
    """The owner begins a letter to everybody who is active."""
    owner.says("/segments")
    owner.taps("^Покупки")
    owner.taps("Активны, но не покупали")
    owner.taps("Написать")
    owner.sees("Пишем сегменту")
    return owner


def counted(owner: Person) -> Person:
    """Wait until the last thing the owner sees is whom the letter reaches."""
    wait_for(lambda: "Отправить" in str(owner.messages()[-1]["buttons"]), "the count")
    return owner


def test_a_letter_goes_on_at_a_tap_and_is_rated(running: World) -> None:
    clara, owner = consented(running.person("Клара")), running.owner
    clara.sees("Кто вы сейчас")
    begins(owner).says("Три приёма.\n[Читать дальше]\nПервый, {{ first_name }}: цена.\n[Сайт | https://a.b]")
    owner.sees("^Первый, ")
    counted(owner).taps("👍 👎")
    owner.button("^👎$")
    counted(owner).taps("Отправить")
    clara.sees("^Три приёма.$")
    clara.taps("Читать дальше")
    shown = clara.sees("Три приёма.\n\nПервый, Клара: цена.$")
    assert [one["text"] for row in shown["buttons"] for one in row][:3] == ["Сайт", "👍", "👎"]
    clara.taps("👎")
    owner.sees("(?i)заверш|отправлено")
    owner.taps("Обновить")
    owner.sees("👍 0 · 👎 1")


def test_a_picture_has_the_rest_below_it_once(running: World) -> None:
    olga, owner = consented(running.person("Ольга")), running.owner
    olga.sees("Кто вы сейчас")
    begins(owner)
    picture = {"file": ("sky.png", sample_picture(), "image/png")}
    caption = {"caption": "Вид из окна\n[Подробнее]\nИ " + "ж" * 900}
    running.http.post(f"/sandbox/people/{owner.id}/photo", files=picture, data=caption).raise_for_status()
    counted(owner).taps("Отправить")
    olga.sees("Вид из окна")
    olga.taps("Подробнее")
    olga.sees("^И ж+$")
    wait_for(lambda: "Подробнее" not in str(olga.sees("Вид из окна")["buttons"]), "the button to go")
    assert len([text for text in olga.received() if text.startswith("И ж")]) == 1


def test_a_video_and_a_poll_reach_people_and_the_votes_come_back(running: World) -> None:
    anna, owner = consented(running.person("Анна")), running.owner
    anna.sees("Кто вы сейчас")
    picture = {"file": ("clip.mp4", sample_picture(), "video/mp4")}
    begins(owner)
    caption = {"caption": "Смотрите, {{ first_name }}"}
    running.http.post(f"/sandbox/people/{owner.id}/video", files=picture, data=caption).raise_for_status()
    counted(owner).taps("Отправить")
    assert anna.sees("Смотрите, Анна")["media"]["kind"] == "video"
    owner.sees("(?i)заверш|отправлено")

    begins(owner).does("poll", {"question": "Что привезти?", "options": ["Чай", "Мёд"]})
    counted(owner).taps("Отправить")
    poll = anna.sees("Что привезти")
    assert (poll["media"]["kind"], poll["media"]["is_anonymous"]) == ("poll", False)
    known = select(Delivery.id).join(Subscriber, Subscriber.id == Delivery.subscriber_id)
    known = known.where(Delivery.poll_id.is_not(None), Subscriber.telegram_id == anna.id)
    wait_for(lambda: running.ask_database(lambda session: session.scalar(known)), "the outcome")
    anna.vote("Что привезти", 1)
    kept = select(Event.id).where(Event.kind == questions.FACT)
    wait_for(lambda: running.ask_database(lambda session: session.scalar(kept)), "the vote")
    owner.taps("Ответы")
    assert re.search("Анна.*: Мёд", owner.sees("Анна.*Мёд")["caption"])
