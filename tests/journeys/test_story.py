"""The main job, told once from the link to the owner's chart."""

from __future__ import annotations

import re

from sqlalchemy import select

from core.mailing import ledger
from core.people.models import Consent, Subscriber, Touch
from core.quizzes.models import Answer
from tests.segments.members import segments_of
from tests.telegram import World, consented, quizzed, wait_for


def test_from_an_adverts_link_to_a_letter_for_silent_freelancers_and_the_owners_chart(world: World) -> None:
    world.start_bot()
    anna = consented(world.person("Анна"), payload="vk_ads")
    quizzed(anna, "Работаю на себя", "Больше новых", city="Казань")
    guide = anna.sees("Спасибо, Анна")
    wait_for(lambda: [m for m in anna.messages() if (m["media"] or {}).get("kind") == "document"], "the file")
    assert guide["from_bot"]

    person = world.ask_database(
        lambda s: s.scalar(select(Subscriber).where(Subscriber.telegram_id == anna.id))
    )
    assert person.source == "vk_ads"
    consents = world.ask_database(
        lambda s: [c.purpose for c in s.scalars(select(Consent).order_by(Consent.id))]
    )
    assert consents == ["data", "advertising"]
    answers = world.ask_database(lambda s: {a.question: a.folded for a in s.scalars(select(Answer))})
    assert answers["role"] == "freelancer"
    assert answers["city"] == "казань"
    assert "freelancers" in world.ask_database(segments_of, person.id)

    world.kvizor("playbook", "on", "reengagement")
    world.forward(days=13)
    assert not world.delivered("как проекты")
    world.forward(days=3)
    letter = anna.sees("как проекты")
    assert world.delivered("как проекты") == [anna.id]
    assert any("Больше не присылать" in b["text"] for row in letter["buttons"] for b in row)
    world.forward(days=3)
    assert world.delivered("как проекты") == [anna.id], "one letter per silence"

    anna.taps("👍 Пишите")
    wait_for(
        lambda: world.ask_database(profile_of, person.id).unanswered == 0, "the tap to answer the letter"
    )

    world.owner.says("/segments")
    wait_for(
        lambda: [m for m in world.owner.messages() if (m["media"] or {}).get("kind") == "photo"], "the chart"
    )
    world.owner.sees(r"Кто они.*Фрилансеры 1")


def profile_of(session, subscriber_id: int):  # type: ignore[no-untyped-def]
    from core.people.models import Profile

    return session.get_one(Profile, subscriber_id)


def test_a_letter_left_alone_counts_as_unanswered_after_a_day(world: World) -> None:
    world.start_bot()
    oleg = consented(world.person("Олег"))
    quizzed(oleg, "Владею бизнесом", "Больше новых")
    oleg.sees("Спасибо, Олег")
    world.kvizor("playbook", "on", "reengagement")
    world.forward(days=17)
    oleg.sees("проверим одно число")
    world.forward(days=2)
    person = world.ask_database(
        lambda s: s.scalar(select(Subscriber.id).where(Subscriber.telegram_id == oleg.id))
    )
    assert world.ask_database(profile_of, person).unanswered == 1
    oleg.says("Привет!")
    wait_for(lambda: world.ask_database(profile_of, person).unanswered == 0, "a message to answer everything")


def test_the_bot_works_without_advertising_consent_and_sends_no_advertising(world: World) -> None:
    world.start_bot()
    vera = consented(world.person("Вера"), advertising=False)
    quizzed(vera, "Руковожу", "Больше новых")
    vera.sees("Спасибо, Вера")
    world.kvizor("playbook", "on", "reengagement")
    world.forward(days=17)
    assert not [text for text in vera.received() if "не видно" in text or "Больше не присылать" in text]
    sums = world.ask_database(ledger.totals, 1)
    assert sums.sent == 0
    assert sums.audience == sums.suppressed
    assert "no_advertising_consent" in sums.reasons or any("advertising" in reason for reason in sums.reasons)


def test_an_english_speaker_is_spoken_to_in_english(shared: World) -> None:
    john = consented(shared.person("John", "en"))
    quizzed(john, "I work for myself", "More new customers", city="London")
    john.sees("Thank you, John")
    assert not any(re.search("[а-яё]", text) for text in john.received())


def test_hostile_links_are_harmless_and_every_touch_is_kept(shared: World) -> None:
    eve = shared.person("<b>Eve</b> & 'Co\"", "en")
    for payload in (
        "'; DROP TABLE subscribers;--",
        "a" * 200,
        "../../etc/passwd",
        "ok_source",
        "second_source",
    ):
        eve.says(f"/start {payload}")
    wait_for(lambda: len([t for t in eve.received() if "Hello" in t]) == 5, "five greetings", 40)
    assert "<b>Eve</b> & 'Co\"" in eve.received()[0]
    hers = Subscriber.telegram_id == eve.id
    touches = select(Touch.source).join(Subscriber).where(hers).order_by(Touch.id)
    assert shared.ask_database(lambda s: list(s.scalars(touches))) == ["ok_source", "second_source"]
    assert shared.ask_database(lambda s: s.scalar(select(Subscriber.source).where(hers))) == "ok_source"
