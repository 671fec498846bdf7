"""kill -9 in the middle of things: nothing lost, nothing twice, nobody counted twice."""

from __future__ import annotations

import random
import time
from collections import Counter

from sqlalchemy import func, select

from core.mailing import ledger
from core.mailing.models import Campaign, Delivery
from core.people.models import Inbox, Subscriber
from core.quizzes.models import QuizRun, RunAnswer
from tests.telegram import World, consented, quizzed, wait_for


def test_kill_9_in_a_quiz_costs_at_most_a_repeated_screen(world: World) -> None:
    world.start_bot()
    people = [consented(world.person(f"Гость {number}")) for number in range(6)]
    for person in people:
        person.taps("Работаю на себя")
    time.sleep(random.random() * 0.2)
    world.kill_bot()
    for person in people:
        if any("важнее" in text for text in person.received()):
            person.taps("Больше новых")
    world.start_bot()
    for person in people:
        person.sees("важнее всего|вы города")
        if not any("вы города" in text for text in person.received()):
            person.taps("Больше новых")
        person.sees("вы города")
        person.says("Казань")
        person.sees("по желанию")
        person.says("Пропустить")
        person.sees("Спасибо, Гость")
    runs = world.ask_database(lambda s: list(s.scalars(select(QuizRun))))
    assert len(runs) == 6
    assert all(run.finished_at and run.score == 8 for run in runs)
    assert world.ask_database(lambda s: s.scalar(select(func.count()).select_from(RunAnswer))) == 24
    wait_for(lambda: not world.ask_database(unfinished), "the inbox to be empty")


def unfinished(session) -> int:  # type: ignore[no-untyped-def]
    return session.scalar(select(func.count()).select_from(Inbox).where(Inbox.done_at.is_(None))) or 0


def test_kill_9_in_a_broadcast_sends_nothing_twice_and_loses_nothing_silently(world: World) -> None:
    world.start_bot()
    everyone = [consented(world.person(f"Гость {number}")) for number in range(40)]
    for person in everyone:
        person.sees("Кто вы сейчас")
    write_to(world, "Активны, но не покупали", "Завтра у нас распродажа")
    wait_for(lambda: len(world.delivered("распродажа")) >= 12, "the broadcast to begin")
    world.kill_bot()
    before = world.delivered("распродажа")
    assert len(before) < 40, "it was killed in the middle"
    world.start_bot()
    wait_for(lambda: world.ask_database(campaign_state) == "finished", "the broadcast to finish", 60)

    copies = Counter(world.delivered("распродажа"))
    copies.pop(world.owner.id, None)
    assert max(copies.values()) == 1
    sums = world.ask_database(ledger.totals, 1)
    assert sums.pending == 0
    assert sums.audience == sums.sent + sums.failed + sums.suppressed + sums.expired + sums.unknown
    states = world.ask_database(delivery_states)
    told = {chat for chat, state in states.items() if state == "sent"}
    assert told <= set(copies)
    assert set(copies) - told <= {chat for chat, state in states.items() if state == "unknown"}
    assert sums.unknown <= 5


def write_to(world: World, segment: str, text: str) -> None:
    """The owner's own way: /segments, the segment, write, confirm."""
    owner = world.owner
    owner.says("/segments")
    owner.taps("^Покупки")
    owner.taps(segment)
    owner.taps("Написать")
    owner.sees("[Нн]апишите|[Пп]ришлите|текст")
    owner.says(text)
    owner.taps("^(✅ |📨 |🚀 )?(Отправить|Разослать)")


def campaign_state(session) -> str | None:  # type: ignore[no-untyped-def]
    return session.scalar(select(Campaign.state).order_by(Campaign.id).limit(1))


def delivery_states(session) -> dict[int, str]:  # type: ignore[no-untyped-def]
    from core.people.models import Subscriber

    rows = select(Subscriber.telegram_id, Delivery.state).join(
        Subscriber, Subscriber.id == Delivery.subscriber_id
    )
    return dict(session.execute(rows).all())


def test_an_opt_out_between_planning_and_sending_wins(world: World) -> None:
    world.settings["RATE_LIMIT"] = "6"  # one letter a second: time to change one's mind
    world.start_bot()
    everyone = [consented(world.person(f"Гость {number}")) for number in range(12)]
    for person in everyone:
        person.sees("Кто вы сейчас")
    write_to(world, "Активны, но не покупали", "Новая коллекция")
    wait_for(lambda: len(world.delivered("коллекция")) >= 3, "the first letters")
    last = everyone[-1]
    assert last.id not in world.delivered("коллекция")
    last.says("/stop")
    last.sees("писем больше не будет")
    wait_for(lambda: world.ask_database(campaign_state) == "finished", "the broadcast to finish", 60)
    assert last.id not in world.delivered("коллекция")
    sums = world.ask_database(ledger.totals, 1)
    assert any("opted_out" in reason for reason in sums.reasons), sums


def test_people_who_blocked_the_bot_are_noticed_and_left_alone(world: World) -> None:
    world.start_bot()
    noticed, silent, faithful = (consented(world.person(name)) for name in ("Борис", "Глеб", "Вера"))
    for person in (noticed, silent, faithful):
        person.sees("Кто вы сейчас")
    noticed.does("block")
    wait_for(lambda: "blocked" in world.ask_database(statuses).values(), "the block to be noticed")
    world.post("/sandbox/faults", [{"kind": "status", "chat_id": silent.id, "code": 403,
               "description": "Forbidden: bot was blocked by the user"}])  # fmt: skip
    write_to(world, "Активны, но не покупали", "Привет всем")
    wait_for(lambda: world.ask_database(campaign_state) == "finished", "the broadcast to finish", 40)
    found = world.ask_database(statuses)
    assert found[noticed.id] == found[silent.id] == "blocked"
    assert found[faithful.id] == "active"
    assert faithful.id in world.delivered("Привет всем")
    world.post("/sandbox/faults", [])
    noticed.does("unblock")
    wait_for(lambda: world.ask_database(statuses)[noticed.id] == "active", "the return to be noticed")


def statuses(session) -> dict[int, str]:  # type: ignore[no-untyped-def]
    from core.people.models import Subscriber

    return dict(session.execute(select(Subscriber.telegram_id, Subscriber.status)).all())


def test_an_update_aiogram_cannot_parse_is_set_apart_and_the_rest_flows(world: World) -> None:
    world.start_bot()
    world.owner.says("/start").sees("Согласие")
    world.post(
        "/sandbox/updates", {"message": {"message_id": "not a number", "from": {"id": 5}, "date": "?"}}
    )
    world.post("/sandbox/updates", {"brand_new_kind": {"user": {"id": 6}, "anything": [1, 2]}})
    world.person("Анна").says("/start").sees("Здравствуйте, Анна")
    world.owner.sees("не (смог|удалось)|не поня")
    rows = world.ask_database(lambda s: list(s.scalars(select(Inbox.error).where(Inbox.error.is_not(None)))))
    assert len(rows) == 1
    assert rows[0].startswith("unparseable")


def test_a_double_tap_is_one_answer(shared: World) -> None:
    anna = consented(shared.person("Анна"))
    message, data = anna.button("Работаю на себя")
    for resend in (False, True, True):
        tap = {"message_id": message["message_id"], "data": data, "resend": resend}
        shared.post(f"/sandbox/people/{anna.id}/tap", tap)
    anna.sees("важнее всего")
    wait_for(lambda: not shared.ask_database(unfinished), "all taps to be handled")
    hers = select(RunAnswer).join(QuizRun).join(Subscriber).where(Subscriber.telegram_id == anna.id)
    answered = shared.ask_database(lambda s: [(a.question, a.value) for a in s.scalars(hers)])
    assert answered == [("role", "freelancer")]
    quizzed_rest(anna)


def quizzed_rest(person) -> None:  # type: ignore[no-untyped-def]
    person.taps("Больше новых")
    person.sees("вы города")
    person.says("Тверь")
    person.sees("по желанию")
    person.says("Пропустить")
    person.sees("Спасибо")


def test_a_stranger_finds_no_owners_command_and_no_owners_button(shared: World) -> None:
    consented(shared.owner)
    shared.owner.says("/segments")
    shared.owner.taps("Кто они")
    _, data = shared.owner.button("Фрилансеры")
    eve = consented(shared.person("Eve", "en"))
    eve.sees("Who are you")
    for command in ("/segments", "/admin", "/export"):
        eve.says(command)
    wait_for(
        lambda: len([t for t in eve.received() if "do not know this command" in t]) == 3, "three refusals"
    )
    mine = eve.sees("Who are you")
    shared.post(f"/sandbox/people/{eve.id}/tap", {"message_id": mine["message_id"], "data": data})
    wait_for(lambda: not shared.ask_database(unfinished), "the forged tap to be handled")
    assert not any("Freelancers" in text or "Фрилансеры" in text for text in eve.received())
    quizzed(eve, "I work for myself", "More new customers").sees("Thank you")
