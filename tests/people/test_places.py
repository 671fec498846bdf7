"""Places: cities as people write them, and the clock each of them means."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people import climates, places
from core.people.places import Candidates, City


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


@pytest.mark.parametrize(
    ("written", "city", "confidence"),
    [
        ("Питер", "Санкт-Петербург", 1), ("СПб", "Санкт-Петербург", 1), ("спб.", "Санкт-Петербург", 1),
        ("С-Петербург", "Санкт-Петербург", 1), ("Санкт Петербург", "Санкт-Петербург", 1),
        ("Ленинград", "Санкт-Петербург", 1), ("St. Petersburg", "Санкт-Петербург", 1),
        ("Нск", "Новосибирск", 1), ("Екб", "Екатеринбург", 1), ("Н.Новгород", "Нижний Новгород", 1),
        ("Нижний", "Нижний Новгород", 1), ("Nizhny Novgorod", "Нижний Новгород", 1),
        ("Ростов", "Ростов-на-Дону", 0.973), ("г. Казань", "Казань", 1), ("kazan", "Казань", 1),
        ("Казань 🙂", "Казань", 1), ("Казань, Россия", "Казань", 1), ("Россия, Казань", "Казань", 1),
        ("Алма-Ата", "Алматы", 1), ("Алматы", "Алматы", 1), ("Киев", "Киев", 1), ("Київ", "Киев", 1),
        ("Мiнск", "Минск", 1), ("Mocквa", "Москва", 1), ("город Москва", "Москва", 1),
        ("Железногорск, Курская обл", "Железногорск", 1), ("Уфа!", "Уфа", 1), ("йошкар ола", "Йошкар-Ола", 1),
        ("Новосебирск", "Новосибирск", 0.9), ("Екатеренбург", "Екатеринбург", 0.9),
        ("Сант-Петербург", "Санкт-Петербург", 0.9), ("Краснодра", "Краснодар", 0.9),
        ("Владивостокк", "Владивосток", 0.9),
    ],
)  # fmt: skip
def test_a_city_said_in_passing_is_known_for_sure(written: str, city: str, confidence: float) -> None:
    found = places.sure(written)
    assert found is not None
    assert (found.city.ru, found.confidence) == (city, confidence)


@pytest.mark.parametrize(
    "written",
    [
        "Железногорск", "Кирв", "Тверъ", "Казнь", "Московская область", "село Ивановка", "с. Казань",
        "д. Москва", "ст. Ленинградская", "Москва и Питер", "Лондон, Канада", "Париж, США", "Нарния",
        "🙂", "", "   ", "123", "дома", "Россия", "ехал грека через реку", "Новосисибирск",
    ],
)  # fmt: skip
def test_what_may_mean_two_cities_or_none_stays_open(written: str) -> None:
    assert places.sure(written) is None


def test_every_country_of_the_cities_has_its_names_and_its_climate() -> None:
    words = {word for word, _, _ in climates.CLIMATES}
    for city in places._index().by_id.values():
        country = climates.countries()[city.country]
        assert climates.country_code(country.ru) == climates.country_code(country.en) == city.country
        assert city.climate in words, city
        assert city.size in {word for word, *_ in places.SIZES}
    assert {word for splits in climates._splits().values() for _, word in splits} <= words


@pytest.mark.parametrize(
    ("city", "climate", "size"),
    [
        ("Норильск", "arctic", "medium"), ("Красноярск", "sharply_continental", "million"),
        ("Мурманск", "subarctic", "large"), ("Якутск", "sharply_continental", "medium"),
        ("Владивосток", "monsoon", "large"), ("Сочи", "subtropical", "large"),
        ("Ростов-на-Дону", "steppe", "million"), ("Москва", "temperate", "million"),
        ("Астана", "sharply_continental", "million"), ("Дубай", "desert", "million"),
        ("Лондон", "maritime", "million"), ("Муром", "temperate", "medium"),
    ],
)  # fmt: skip
def test_a_city_has_a_coarse_climate_and_a_size(city: str, climate: str, size: str) -> None:
    found = places.sure(city)
    assert found is not None
    assert (found.city.climate, found.city.size) == (climate, size)


def test_a_location_far_from_any_city_still_has_a_clock() -> None:
    found = places.around(66.0, 78.0)
    assert found is not None
    assert places.LIVES_KM < found[1] <= places.FARTHEST_KM
    assert places.nearest(66.0, 78.0) is None
    assert found[0].country == "RU"


@given(st.text(max_size=200))
def test_any_text_is_a_city_or_none_and_never_a_crash(text: str) -> None:
    found = places.sure(text)
    assert found is None or 0 < found.confidence <= 1
