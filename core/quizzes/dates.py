"""Dates as people type them, and the bounds a quiz file sets for them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import PlainValidator

_LIMIT = re.compile(r"(today|[0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s*([+-])\s*([0-9]{1,5})\s*(day|year)s?)?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DOTTED = re.compile(r"([0-9]{1,2})\s*[./-]\s*([0-9]{1,2})\s*[./-]\s*([0-9]{2,4})(?:\s*(?:г|год)\.?)?")
_WORDED = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?\.?\s+([^\W\d_]+)\.?,?\s+([0-9]{2,4})(?:\s*(?:г|год|года)\.?)?"
)
_AMERICAN = re.compile(r"([^\W\d_]+)\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{2,4})")
_STEMS = (
    ("янв", "jan"), ("фев", "feb"), ("мар", "mar"), ("апр", "apr"), ("ма", "may"), ("июн", "jun"),
    ("июл", "jul"), ("авг", "aug"), ("сен", "sep"), ("окт", "oct"), ("ноя", "nov"), ("дек", "dec"),
)  # fmt: skip
_MONTHS = {
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound of a date: a day of the calendar or today, moved by days or years."""

    base: date | None  # None = today
    days: int = 0
    years: int = 0

    def day(self, today: date) -> date:
        """Return the bound as it is today; 29 February counts as 28 where the year has none."""
        base = self.base or today
        year = min(max(base.year + self.years, 1), 9999)
        try:
            moved = base.replace(year=year)
        except ValueError:
            moved = base.replace(year=year, day=28)
        try:
            return moved + timedelta(days=self.days)
        except OverflowError:
            return date.max if self.days > 0 else date.min


def _limit(value: Any) -> Limit:
    if isinstance(value, Limit):
        return value
    match = _LIMIT.fullmatch(value.strip()) if isinstance(value, str) else None
    day = iso_day(match[1]) if match and match[1] != "today" else None
    if match is None or (day is None and match[1] != "today"):
        raise ValueError(f"`{value}` is no date; write e.g. 1990-12-31, today, or today - 18 years")
    number = int(f"{match[2] or '+'}{match[3] or 0}")
    base = date.fromisoformat(day) if day is not None else None
    return Limit(base, years=number) if match[4] == "year" else Limit(base, days=number)


DateLimit = Annotated[Limit, PlainValidator(_limit)]


def iso_day(text: str) -> str | None:
    """Return a date written as 1990-12-31, or None where it is not one.

    >>> iso_day("1990-12-31"), iso_day("1990-02-30"), iso_day("12.03.1990")
    ('1990-12-31', None, None)
    """
    match = _ISO.fullmatch(text.strip())
    day = _day(int(match[1]), int(match[2]), int(match[3])) if match else None
    return day.isoformat() if day is not None else None


def read_date(text: str) -> date | str:
    """Read a date as people type it, day before month; what is wrong with it comes back as a phrase's name.

    >>> read_date("12 марта 1990 г."), read_date("March 12, 1990")
    (datetime.date(1990, 3, 12), datetime.date(1990, 3, 12))
    >>> read_date("12.03.90"), read_date("30.02.2001"), read_date("завтра")
    ('short_year', 'no_such_date', 'not_a_date')
    """
    plain = " ".join(text.split()).casefold()
    if match := _ISO.fullmatch(plain):
        year, month, day = match[1], int(match[2]), int(match[3])
    elif match := _DOTTED.fullmatch(plain):
        day, month, year = int(match[1]), int(match[2]), match[3]
    elif match := _WORDED.fullmatch(plain):
        day, month, year = int(match[1]), _month(match[2]), match[3]
    elif match := _AMERICAN.fullmatch(plain):
        day, month, year = int(match[2]), _month(match[1]), match[3]
    else:
        return "not_a_date"
    if len(year) != 4:
        return "short_year"
    if month == 0:
        return "not_a_date"
    return _day(int(year), month, day) or "no_such_date"


def spoken(day: date, language: str) -> str:
    """Return a date in words.

    >>> spoken(date(1990, 3, 12), "ru"), spoken(date(1990, 3, 12), "en"), spoken(date(1990, 3, 12), "de")
    ('12 марта 1990', '12 March 1990', '12.03.1990')
    """
    if language not in _MONTHS:
        return f"{day:%d.%m}.{day.year:04}"
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def _month(word: str) -> int:
    """Return the number of a month by its name or a beginning of it; 0 where it is none."""
    for number, (russian, english) in enumerate(_STEMS, 1):
        full = (_MONTHS["en"][number - 1].lower(), *_russian(number))
        if word.startswith((russian, english)) and any(one.startswith(word) for one in full):
            return number
    return 0


def _russian(number: int) -> tuple[str, str]:
    genitive = _MONTHS["ru"][number - 1]
    ending = {"марта": "март", "августа": "август", "мая": "май"}
    return genitive, ending.get(genitive, genitive[:-1] + "ь")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
