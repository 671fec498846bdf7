"""Places: cities as people write them, and the clock each of them means."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from sqlalchemy import select

from core.db import Database
from core.people import places, preferences, subscribers
from core.people.models import Attribute
from core.people.places import Candidates, City
from core.people.subscribers import Sender

ANNA = Sender(11, "Анна", language_code="ru")


@pytest.mark.parametrize(
    ("written", "city", "zone"),
    [
        ("Питер", "Санкт-Петербург", "Europe/Moscow"),
        ("СПб", "Санкт-Петербург", "Europe/Moscow"),
        ("спб.", "Санкт-Петербург", "Europe/Moscow"),
        ("Мск", "Москва", "Europe/Moscow"),
        ("екб", "Екатеринбург", "Asia/Yekaterinburg"),
        ("  г. казань ", "Казань", "Europe/Moscow"),
        ("KAZAN", "Казань", "Europe/Moscow"),
        ("ростов на дону", "Ростов-на-Дону", "Europe/Moscow"),
        ("орел", "Орёл", "Europe/Moscow"),
        ("Алма-Ата", "Алматы", "Asia/Almaty"),
        ("Нью-Йорк", "Нью-Йорк", "America/New_York"),
        ("Железногорск, Красноярский край", "Железногорск", "Asia/Krasnoyarsk"),
        ("Владик", "Владивосток", "Asia/Vladivostok"),
        ("London", "Лондон", "Europe/London"),
    ],
)
def test_a_city_is_known_however_it_is_written(written: str, city: str, zone: str) -> None:
    found = places.find_city(written)
    assert isinstance(found, City), found
    assert (found.ru, found.zone) == (city, zone)


@pytest.mark.parametrize(
    ("written", "among"),
    [
        ("Казнь", "Казань"),
        ("Екатиринбург", "Екатеринбург"),
        ("Новосиб ирск", "Новосибирск"),
        ("Железногорск", "Железногорск"),
    ],
)
def test_a_slip_of_the_pen_or_a_name_of_two_cities_is_asked_back(written: str, among: str) -> None:
    found = places.find_city(written)
    assert isinstance(found, Candidates)
    assert among in {city.ru for city in found.cities}
    assert len(found.cities) <= places.SUGGESTIONS


@pytest.mark.parametrize("written", ["", " ", "zzzzzz", "...", "🙂", "\u202e\u200b", "г.", "ы" * 5000])
def test_what_is_no_city_is_none(written: str) -> None:
    assert places.find_city(written) is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "city"),
    [
        (55.79, 49.12, "Казань"),
        (55.70, 37.50, "Москва"),
        (43.12, 131.9, "Владивосток"),
        (0.0, -30.0, None),
        (91.0, 0.0, None),
        (float("nan"), 0.0, None),
    ],
)
def test_a_location_names_its_city(latitude: float, longitude: float, city: str | None) -> None:
    found = places.nearest(latitude, longitude)
    assert (found.ru if found else None) == city


def test_every_shipped_city_has_a_name_in_both_languages_and_a_zone_there_is() -> None:
    assert places.zones() <= available_timezones()
    cities = [places.by_id(number) for number in places._index().by_id]
    assert len(cities) > 1500
    assert all(city and city.ru and city.en and city.population for city in cities)


async def test_a_city_said_in_passing_sets_the_clock_but_not_against_his_own_choice(
    db: Database, now: datetime
) -> None:
    person = await db.write(subscribers.meet, ANNA, now)
    await db.write(places.remember, person.id, "екб", now, origin="quiz:entry")
    found = await db.read(preferences.of, person.id)
    assert (found.time_zone, found.zone_origin) == ("Asia/Yekaterinburg", "quiz:entry")
    await db.write(preferences.set_zone, person.id, "Asia/Omsk", now, origin=preferences.OWN_CHOICE)
    assert await db.write(places.remember, person.id, "Владивосток", now, origin="quiz:entry") is not None
    assert (await db.read(preferences.of, person.id)).time_zone == "Asia/Omsk"
    assert await db.write(places.remember, person.id, "Нарния", now, origin="quiz:entry") is None
    assert await db.write(places.remember, person.id, "Железногорск", now, origin="quiz:entry") is None
    assert ZoneInfo((await db.read(preferences.of, person.id)).time_zone)


async def test_settling_in_a_city_tells_rules_the_region_the_country_and_the_zone(
    db: Database, now: datetime
) -> None:
    person = await db.write(subscribers.meet, ANNA, now)
    city = places.known("спб")[0]
    await db.write(places.settle, person.id, city, now, origin=preferences.OWN_CHOICE)
    rows = await db.read(lambda s: dict(s.execute(select(Attribute.key, Attribute.text)).all()))
    assert (
        rows.items()
        >= {
            "city": "Санкт-Петербург",
            "region": "Санкт-Петербург",
            "country": "RU",
            "time_zone": "Europe/Moscow",
        }.items()
    )
