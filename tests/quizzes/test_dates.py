"""Dates as people type them, and the bounds a file sets for them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from core.quizzes.answers import Answered, Misfit, typed
from core.quizzes.dates import DateLimit, Limit, iso_day, read_date, spoken
from core.quizzes.questions import Day
from core.quizzes.texts import Text

BORN = date(1990, 3, 12)
TODAY = date(2026, 11, 22)
LIMIT: TypeAdapter[Limit] = TypeAdapter(DateLimit)


@pytest.mark.parametrize(
    "text",
    [
        "12.03.1990",
        "12.3.1990",
        " 12 . 03 . 1990 ",
        "12/03/1990",
        "12-03-1990",
        "1990-03-12",
        "1990-3-12",
        "12.03.1990 г.",
        "12 марта 1990",
        "12 МАРТА 1990 года",
        "12 март 1990",
        "12 мар. 1990",
        "March 12, 1990",
        "march 12 1990",
        "Mar 12, 1990",
        "12 March 1990",
        "12th of March 1990".replace(" of", ""),
        "March 12th, 1990",
    ],
)
def test_a_date_is_read_as_people_write_it(text: str) -> None:
    assert read_date(text) == BORN


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("12.03.90", "short_year"),
        ("12 марта 90", "short_year"),
        ("March 12, 90", "short_year"),
        ("30.02.2001", "no_such_date"),
        ("29.02.2001", "no_such_date"),
        ("31.04.2001", "no_such_date"),
        ("2001-13-01", "no_such_date"),
        ("00.01.2001", "no_such_date"),
        ("32 марта 1990", "no_such_date"),
        ("0000-01-01", "no_such_date"),
        ("13/13/1990", "no_such_date"),
        ("12 мармеладa 1990", "not_a_date"),
        ("12 м 1990", "not_a_date"),
        ("1990", "not_a_date"),
        ("вчера", "not_a_date"),
        ("١٢.٠٣.١٩٩٠", "not_a_date"),
        ("", "not_a_date"),
        ("12.03.1990.05", "not_a_date"),
    ],
)
def test_what_is_no_date_says_why(text: str, wrong: str) -> None:
    assert read_date(text) == wrong


@pytest.mark.parametrize("language", ["ru", "en", "de"])
@given(day=st.dates(min_value=date(1000, 1, 1)))
def test_a_date_in_words_is_read_back(language: str, day: date) -> None:
    assert read_date(spoken(day, language)) == day
    assert read_date(f"{day:%d.%m}.{day.year}") == day
    assert iso_day(day.isoformat()) == day.isoformat()


@given(text=st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert isinstance(read_date(text), date | str)


@pytest.mark.parametrize(
    ("limit", "day"),
    [
        ("today", "2026-11-22"),
        ("today - 18 years", "2008-11-22"),
        ("today+7days", "2026-11-29"),
        ("today - 1 day", "2026-11-21"),
        ("1990-12-31", "1990-12-31"),
        ("2024-02-29 + 1 year", "2025-02-28"),
        ("today - 99999 years", "0001-11-22"),
        ("today + 365 days", "2027-11-22"),
        ("9999-01-01 + 99999 days", "9999-12-31"),
    ],
)
def test_bounds_hang_on_today(limit: str, day: str) -> None:
    assert LIMIT.validate_python(limit).day(TODAY).isoformat() == day


@pytest.mark.parametrize(
    "limit", ["tomorrow", "today - 18", "1990-02-30", "18 years", 1990, None, "today -- 1 day"]
)
def test_a_bound_that_is_none_is_refused(limit: Any) -> None:
    with pytest.raises(ValidationError, match=r"is no date; write e\.g\."):
        LIMIT.validate_python(limit)


def test_bounds_belong_to_the_span_and_wait_for_today() -> None:
    day = Day.model_validate(
        {"id": "d", "kind": "date", "text": Text("?"), "min": "1926-11-22", "max": "today - 18 years"}
    )
    assert typed(day, "22.11.2008", TODAY) == Answered("2008-11-22", date(2008, 11, 22))
    assert typed(day, "23.11.2008", TODAY) == Misfit("too_late", (("n", date(2008, 11, 22)),))
    assert typed(day, "21.11.1926", TODAY) == Misfit("too_early", (("n", date(1926, 11, 22)),))
    assert isinstance(typed(day, "23.11.2008"), Answered), "a replay knows no today"
