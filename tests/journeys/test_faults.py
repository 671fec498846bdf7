"""Telegram and the network on a bad day: replies go on, nobody is flooded, the process lives."""

from __future__ import annotations

import time
from collections import Counter

from sqlalchemy import select

from core.mailing.models import Delivery
from core.people.models import Inbox, Profile, Subscriber
from tests.telegram import World, consented, quizzed, wait_for


def faults(world: World, *rules: dict[str, object]) -> None:
    world.post("/sandbox/faults", list(rules))


def test_an_alert_that_cannot_be_delivered_silences_nobody(world: World) -> None:
    world.start_bot()
    anna = world.person("Анна")
    faults(world, {"method": "sendMessage", "chat_id": world.owner.id, "kind": "http502_html"})
    broken = {"message_id": "?", "from": {"id": anna.id, "is_bot": False, "first_name": "A"}, "date": "?"}
    world.post("/sandbox/updates", {"message": broken})
    anna.says("/help").sees("Что я умею")


def test_a_proxys_error_page_at_start_is_only_waited_out(world: World) -> None:
    faults(
        world,
        {"method": "getMe", "kind": "http502_html", "count": 1},
        {"method": "setMyCommands", "kind": "http502_html", "count": 2},
    )
    world.start_bot()
    world.person("Анна").says("/start").sees("Здравствуйте, Анна")


def test_an_owner_who_never_opened_the_bot_breaks_nobodys_message(world: World) -> None:
    world.settings["ADMIN_IDS"] = "888,777"
    world.start_bot()
    world.owner.says("/start").sees("Согласие")
    anna = quizzed(consented(world.person("Анна")), "Руковожу", "Больше новых")
    anna.sees("Спасибо, Анна")
    anna.says("Когда открытие?").sees("Передал ваше сообщение")
    world.owner.sees("Когда открытие")
    assert not world.ask_database(lambda s: list(s.scalars(select(Inbox).where(Inbox.error.is_not(None)))))


def test_a_reply_that_may_have_arrived_is_repeated_once_and_not_for_ever(shared: World) -> None:
    anna = shared.person("Анна")
    faults(shared, {"method": "sendMessage", "chat_id": anna.id, "kind": "drop_after_accept"})
    anna.says("/help")
    wait_for(lambda: len(anna.received()) == 2, "the one repeat")
    faults(shared)
    anna.says("/start").sees("Здравствуйте, Анна")
    assert len([text for text in anna.received() if "Что я умею" in text]) == 2


def test_every_kind_of_bad_answer_ends_in_a_shown_screen(shared: World) -> None:
    for kind in ("http500_no_description", "http500", "refuse_429_no_parameters", "garbage_200"):
        person = shared.person(kind)
        faults(shared, {"method": "sendMessage", "chat_id": person.id, "kind": kind, "count": 1})
        person.says("/help").sees("Что я умею")
        bad = select(Inbox).where(Inbox.error.is_not(None), Inbox.person == person.id)
        assert not shared.ask_database(lambda s, bad=bad: list(s.scalars(bad)))


def test_a_refusal_that_stops_sending_does_not_stop_the_replies(world: World) -> None:
    world.start_bot()
    anna, boris = consented(world.person("Анна")), consented(world.person("Борис"))
    for person in (anna, boris):
        person.sees("Кто вы сейчас")
    faults(world, {"method": "sendMessage", "chat_id": anna.id, "kind": "status", "code": 409,
                   "description": "Conflict: something else", "count": 3})  # fmt: skip
    owner = world.owner
    owner.says("/segments")
    owner.taps("^Покупки")
    owner.taps("Активны, но не покупали")
    owner.taps("Написать")
    owner.says("Письмо всем")
    owner.taps("Отправить")
    wait_for(lambda: "sending_rests" in world.log.read_text(), "the sender to rest")
    boris.says("/help").sees("Что я умею")
    states = world.ask_database(lambda s: Counter(s.scalars(select(Delivery.state))))
    assert states["sent"] + states["planned"] + states["unknown"] + states["suppressed"] == sum(
        states.values()
    )


def test_what_is_said_in_a_group_is_nobodys_business(shared: World) -> None:
    group = {"id": -100123, "type": "supergroup", "title": "Чат"}
    user = {"id": 4242, "is_bot": False, "first_name": "Сосед"}
    for number, text in enumerate(("/start", "привет")):
        message = {"message_id": number, "date": 1767225600, "chat": group, "from": user, "text": text}
        shared.post("/sandbox/updates", {"message": message})
    shared.person("Анна").says("/start").sees("Здравствуйте, Анна")
    assert (
        shared.ask_database(lambda s: s.scalar(select(Subscriber).where(Subscriber.telegram_id == 4242)))
        is None
    )


def test_a_reaction_is_a_sign_of_life(shared: World) -> None:
    anna = consented(shared.person("Анна"))
    screen = anna.sees("Кто вы сейчас")
    mine = select(Profile.last_seen_at).join(Subscriber).where(Subscriber.telegram_id == anna.id)
    before = shared.ask_database(lambda s: s.scalar(mine))
    time.sleep(0.05)
    reaction = {
        "chat": {"id": anna.id, "type": "private", "first_name": "Анна"},
        "user": {"id": anna.id, "is_bot": False, "first_name": "Анна"},
        "message_id": screen["message_id"],
        "date": int(time.time()),
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": "👍"}],
    }
    shared.post("/sandbox/updates", {"message_reaction": reaction})
    wait_for(
        lambda: shared.ask_database(lambda s: s.scalar(mine)) > before,
        "life to be noticed",
    )
