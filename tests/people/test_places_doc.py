"""docs/places.md: every spelling of its table is what it says, every climate and size it names exists."""

from __future__ import annotations

import re
from pathlib import Path

from core.people import climates, places

TEXT = Path("docs/places.md").read_text(encoding="utf-8")


def test_every_spelling_of_the_page_means_the_city_beside_it() -> None:
    table = TEXT.split("| written | city | sure |")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    assert len(rows) > 15
    for written, city, confidence in rows:
        found = places.sure(written)
        told = ("—", "") if found is None else (found.city.ru, str(float(found.confidence)))
        assert told == (city, confidence), written


def test_the_page_names_every_climate_and_every_size() -> None:
    named = set(re.findall(r"`(\w+)`", TEXT))
    assert {word for word, *_ in climates.CLIMATES} <= named
    assert {word for word, *_ in places.SIZES} <= named
    assert f"{len(places._index().by_id):,} places" in TEXT


def test_the_distances_of_the_page_are_those_of_the_code() -> None:
    said = re.findall(r"(\d+) km", TEXT)
    assert [float(km) for km in said] == [places.LIVES_KM, places.NEAR_KM, places.FARTHEST_KM]
    assert "four times" in TEXT
    assert places.CLEARLY == 4
    assert "seven letters" in TEXT
    assert places.LONG_NAME == 7
