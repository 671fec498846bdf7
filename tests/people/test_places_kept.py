"""Places kept with people: what rules see of a typed city, whose word stands, what a pass derives anew."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.db import Database
from core.people import places, places_kept, places_pass, preferences, subscribers
from core.people.attributes import set_attribute
from core.people.models import Attribute, Profile, Subscriber
from core.people.places_pass import Recomputed, Spelling
from core.people.subscribers import Sender
from core.segments import audience

KAZAN = {
    "city": "Казань", "region": "Татарстан", "country": "RU", "timezone": "Europe/Moscow",
    "climate": "temperate", "city_size": "million",
}  # fmt: skip


@pytest.fixture
def anna(db: Database, now: datetime) -> int:
    return int(db.write_now(subscribers.meet, Sender(11, "Анна", language_code="ru"), now).id)


def told(db: Database, who: int) -> dict[str, str]:
    def read(session: Session) -> dict[str, str]:
        query = select(Attribute.key, Attribute.text).where(Attribute.subscriber_id == who)
        return {key: text for key, text in session.execute(query) if key not in ("gender",)}

    return db.read_now(read)


def origin(db: Database, who: int, key: str) -> str:
    return db.read_now(lambda session: session.get_one(Attribute, (who, key)).origin)


def members(db: Database, rule: str, now: datetime) -> list[int]:
    return sorted(db.read_now(lambda session: list(session.scalars(audience.people_of(session, rule, now)))))


def zone(db: Database, who: int) -> str:
    return db.read_now(preferences.of, who).time_zone


def test_a_typed_city_tells_rules_region_country_clock_climate_and_size(
    db: Database, now: datetime, anna: int
) -> None:
    found = db.write_now(places_kept.said, anna, "г. казань", now, source="quiz:entry")
    assert found is not None
    assert told(db, anna) == {**KAZAN, "city_typed": "г. казань"}
    assert origin(db, anna, "region") == origin(db, anna, "city") == "place:quiz:entry"
    assert zone(db, anna) == "Europe/Moscow"
    assert members(db, 'city = "Казань" and climate = temperate and region = Татарстан', now) == [anna]


def test_a_city_nobody_knows_stays_as_typed_and_is_listed(db: Database, now: datetime, anna: int) -> None:
    boris = db.write_now(subscribers.meet, Sender(12, "Борис"), now).id
    db.write_now(places_kept.said, anna, "Казань", now, source="quiz:entry")
    db.write_now(places_kept.said, anna, "Нарния", now, source="quiz:entry")
    db.write_now(places_kept.said, boris, "нарния ", now, source="quiz:entry")
    assert told(db, anna) == {"city": "Нарния"}
    assert origin(db, anna, "city") == "quiz:entry"
    assert db.read_now(places_pass.unknown_spellings) == [Spelling("Нарния", 2)]
    assert db.read_now(places_pass.count_unknown) == (1, 2)


def test_a_village_is_told_by_the_word_before_its_name(db: Database, now: datetime, anna: int) -> None:
    db.write_now(places_kept.said, anna, "село Ивановка", now, source="quiz:entry")
    assert told(db, anna) == {"city": "село Ивановка", "city_size": "village"}


def test_the_own_answer_about_a_region_stands_against_the_city(
    db: Database, now: datetime, anna: int
) -> None:
    db.write_now(set_attribute, anna, "region", "Поволжье", now, origin="quiz:about")
    db.write_now(places_kept.said, anna, "Казань", now, source="quiz:entry")
    assert told(db, anna)["region"] == "Поволжье"
    assert told(db, anna)["country"] == "RU"


def test_an_answer_taken_back_takes_its_place_back(db: Database, now: datetime, anna: int) -> None:
    db.write_now(places_kept.said, anna, "Казань", now, source="quiz:entry")
    db.write_now(places_kept.withdraw, anna, "quiz:other")
    assert told(db, anna) == KAZAN
    db.write_now(places_kept.withdraw, anna, "quiz:entry")
    assert told(db, anna) == {}


def test_the_own_choice_of_a_clock_stands_against_a_city_said_in_passing(
    db: Database, now: datetime, anna: int
) -> None:
    city = places.known("екб")[0]
    db.write_now(places_kept.lives_in, anna, city, now, source=preferences.OWN_CHOICE)
    db.write_now(places_kept.said, anna, "Владивосток", now, source="quiz:entry")
    assert told(db, anna)["timezone"] == "Asia/Vladivostok"
    assert zone(db, anna) == "Asia/Yekaterinburg"
    db.write_now(places_kept.lives_in, anna, places.known("Омск")[0], now, source=preferences.OWN_CHOICE)
    assert zone(db, anna) == "Asia/Omsk"


def test_a_location_names_its_city_or_only_its_clock(db: Database, now: datetime, anna: int) -> None:
    assert db.write_now(places_kept.located, anna, 55.79, 49.12, now, source="quiz:entry") is not None
    assert told(db, anna) == KAZAN
    assert db.write_now(places_kept.located, anna, 66.0, 78.0, now, source="settings") is None
    far = told(db, anna)
    assert far == {"country": "RU", "timezone": "Asia/Yekaterinburg", "climate": "subarctic"}
    assert zone(db, anna) == "Asia/Yekaterinburg"
    assert db.write_now(places_kept.located, anna, -60, -120, now, source="settings") is None
    assert told(db, anna) == far


def fill(session: Session, now: datetime, cities: list[tuple[str, str]]) -> None:
    rows = [{"first_name": "", "status": "known", "created_at": now} for _ in cities]
    session.execute(insert(Subscriber), rows)
    for who, (text, country) in zip(session.scalars(select(Subscriber.id)).all(), cities, strict=True):
        session.add(Profile(subscriber_id=who, touched_at=now))
        session.flush()
        set_attribute(session, who, "city", text, now, origin="import")
        set_attribute(session, who, "country", country, now, origin="import")


def test_a_pass_derives_a_base_that_was_filled_before_and_then_has_nothing_to_do(
    db: Database, now: datetime
) -> None:
    cities = [
        ("спб", "Россия"),
        ("Лондон", "Canada"),
        ("London", "UK"),
        ("Нарния", "Russia"),
        ("Минск", "Фоо"),
    ]
    db.write_now(fill, now, cities)
    assert places_pass.recompute(db, now) == Recomputed(known=3, unknown=2, changed=3)
    assert [told(db, who).get("city") for who in range(1, 6)] == [
        "Санкт-Петербург", "Лондон", "Лондон", "Нарния", "Минск",
    ]  # fmt: skip
    assert [told(db, who)["country"] for who in range(1, 6)] == ["RU", "CA", "GB", "RU", "BY"]
    assert [told(db, who).get("timezone") for who in (1, 2)] == ["Europe/Moscow", None]
    assert places_pass.recompute(db, now) == Recomputed(known=0, unknown=2, changed=0)
    before = [told(db, who) for who in range(1, 6)]
    assert places_pass.recompute(db, now, everyone=True) == Recomputed(known=3, unknown=2, changed=5)
    assert [told(db, who) for who in range(1, 6)] == before


def test_a_pass_leaves_alone_what_changed_meanwhile(db: Database, now: datetime) -> None:
    db.write_now(fill, now, [("спб", "Россия")])
    found = db.read_now(places_pass._next, 0, False, None)
    homes = [(one, places_kept.home(one.who, one.text, one.source)) for one in found]
    db.write_now(places_kept.said, 1, "Казань", now, source="quiz:entry")
    db.write_now(places_pass._keep_unchanged, homes, now)
    assert told(db, 1)["city"] == "Казань"


def test_names_are_kept_in_the_language_of_the_business(
    db: Database, now: datetime, anna: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places_kept, "_language", "en")
    db.write_now(places_kept.said, anna, "спб", now, source="quiz:entry")
    assert (told(db, anna)["city"], told(db, anna)["region"]) == ("Saint Petersburg", "Saint Petersburg")
