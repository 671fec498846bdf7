"""People: how they come, leave and come back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.db import Database
from core.people import consents, subscribers
from core.people.consents import Proof
from core.people.models import Consent, ConsentText, Event, Profile, Subscriber, Touch
from core.people.subscribers import Sender, Status

ANNA = Sender(11, "Анна", "Котова", "anna", "ru")
DAY = timedelta(days=1)


def anna(session) -> Subscriber:  # type: ignore[no-untyped-def]
    return session.scalar(select(Subscriber).where(Subscriber.telegram_id == 11))


async def test_the_first_touch_names_the_source_and_later_ones_are_only_kept(
    db: Database, now: datetime
) -> None:
    def come(session, payload: str, key: str) -> None:  # type: ignore[no-untyped-def]
        person = subscribers.meet(session, ANNA, now)
        subscribers.came_from(session, person, payload, now, key)

    for number, payload in enumerate(["vk_ads", "tg_channel", "vk_ads"]):
        await db.write(come, payload, f"u{number}")
    await db.write(come, "vk_ads", "u0")  # the same update again
    assert (await db.read(anna)).source == "vk_ads"
    assert await db.read(lambda s: s.scalar(select(func.count()).select_from(Touch))) == 3


@pytest.mark.parametrize(
    "payload",
    ["", "a b", "x" * 65, "'; DROP TABLE subscribers;--", "../../etc", "источник", "\x00", "\u202e"],
)
async def test_a_hostile_payload_is_ignored(db: Database, now: datetime, payload: str) -> None:
    def come(session) -> bool:  # type: ignore[no-untyped-def]
        return subscribers.came_from(session, subscribers.meet(session, ANNA, now), payload, now, "u1")

    assert await db.write(come) is False
    assert (await db.read(anna)).source is None


async def test_block_and_unblock_keep_an_opt_out(db: Database, now: datetime) -> None:
    person = await db.write(subscribers.meet, ANNA, now)
    await db.write(subscribers.opt_out, person.id, now, "u1")
    await db.write(subscribers.mark_blocked, 11, now + DAY, "u2")
    assert (await db.read(anna)).status == Status.BLOCKED
    await db.write(subscribers.mark_unblocked, 11, now + 2 * DAY, "u3")
    assert (await db.read(anna)).status == Status.STOPPED
    kinds = await db.read(lambda s: list(s.scalars(select(Event.kind).order_by(Event.id))))
    assert kinds == ["opted_out", "blocked", "unblocked"]


async def test_any_update_answers_everything_before_it(db: Database, now: datetime) -> None:
    person = await db.write(subscribers.meet, ANNA, now)

    def forget_him(session) -> None:  # type: ignore[no-untyped-def]
        session.get_one(Profile, person.id).unanswered = 4

    await db.write(forget_him)
    await db.write(subscribers.meet, ANNA, now + DAY)
    profile = await db.read(lambda s: s.get_one(Profile, person.id))
    assert (profile.unanswered, profile.last_seen_at) == (0, now + DAY)


async def test_consents_are_separate_acts_with_proof(db: Database, now: datetime) -> None:
    proof = Proof("Полный текст", "ru", "start", "u1", 55)

    def give(session, purpose) -> None:  # type: ignore[no-untyped-def]
        consents.give(session, subscribers.meet(session, ANNA, now), purpose, proof, now)

    await db.write(give, "data")
    await db.write(give, "data")  # the same update again changes nothing
    person = await db.read(anna)
    assert person.data_consent_at == now
    assert person.advertising_consent_at is None
    rows = await db.read(lambda s: list(s.scalars(select(Consent))))
    assert [(row.purpose, row.given, row.message_id, row.path) for row in rows] == [
        ("data", True, 55, "start")
    ]
    text = await db.read(lambda s: s.get_one(ConsentText, rows[0].text_hash).text)
    assert text == "Полный текст"


async def test_a_withdrawn_consent_stays_in_the_ledger(db: Database, now: datetime) -> None:
    def change(session, verb, key: str, moment: datetime) -> None:  # type: ignore[no-untyped-def]
        verb(
            session,
            subscribers.meet(session, ANNA, moment),
            "advertising",
            Proof("t", "ru", "x", key),
            moment,
        )

    await db.write(change, consents.give, "u1", now)
    await db.write(change, consents.withdraw, "u2", now + DAY)
    assert (await db.read(anna)).advertising_consent_at is None
    assert await db.read(lambda s: [c.given for c in s.scalars(select(Consent).order_by(Consent.id))]) == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("code", "language"),
    [("ru", "ru"), ("uk", "ru"), ("en-US", "en"), ("de", "en"), ("", "ru"), ("RU", "ru")],
)
def test_the_language_follows_telegram(code: str, language: str) -> None:
    assert subscribers.language_of(code, "ru") == language


async def test_names_lose_what_would_turn_the_text_around(db: Database, now: datetime) -> None:
    person = await db.write(subscribers.meet, Sender(11, "\u202eevil\u200b", "A" * 500), now)
    assert (person.first_name, len(person.last_name)) == ("evil", 256)
