"""What an owner sends of himself reaches people as it is, and what they do with it comes back to him."""

from __future__ import annotations

import re

from bot.sandbox.files import sample_picture
from tests.telegram import Person, World, consented


def begins(owner: Person) -> Person:
    """The owner begins a letter to everybody who is active."""
    owner.says("/segments")
    owner.taps("^Покупки")
    owner.taps("Активны, но не покупали")
    owner.taps("Написать")
    owner.sees("Пишем сегменту")
    return owner


def test_a_video_and_a_poll_reach_people_and_the_votes_come_back(running: World) -> None:
    anna, owner = consented(running.person("Анна")), running.owner
    anna.sees("Кто вы сейчас")
    picture = {"file": ("clip.mp4", sample_picture(), "video/mp4")}
    begins(owner)
    caption = {"caption": "Смотрите, {{ first_name }}"}
    running.http.post(f"/sandbox/people/{owner.id}/video", files=picture, data=caption).raise_for_status()
    owner.taps("Отправить")
    assert anna.sees("Смотрите, Анна")["media"]["kind"] == "video"
    owner.sees("(?i)заверш|отправлено")

    begins(owner).does("poll", {"question": "Что привезти?", "options": ["Чай", "Мёд"]})
    owner.taps("Отправить")
    poll = anna.sees("Что привезти")
    assert (poll["media"]["kind"], poll["media"]["is_anonymous"]) == ("poll", False)
    anna.vote("Что привезти", 1)
    owner.taps("Ответы")
    assert re.search("Анна.*: Мёд", owner.sees("Анна.*Мёд")["caption"])
