"""Words of rules: values as they are written in a rule, spans of time, and how both are read aloud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from core.words import Language as Language
from core.words import grouped

Value = str | Decimal | date

_PLAIN = re.compile(r"[^\W\d][\w-]*")
_RESERVED = """
    and or not in is known unknown more less than ago within at least times time for segment tag event
    purchased spent quiz attr on next today anniversary finished series clicked answered campaign started with
    was topic hour hours day days week weeks
"""
KEYWORDS = frozenset(_RESERVED.split())
_UNITS: dict[str, tuple[timedelta, tuple[str, str, str]]] = {
    "hour": (timedelta(hours=1), ("час", "часа", "часов")),
    "day": (timedelta(days=1), ("день", "дня", "дней")),
    "week": (timedelta(weeks=1), ("неделя", "недели", "недель")),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as an owner writes it: `14 days`."""

    count: int
    unit: Literal["hour", "day", "week"]

    @property
    def delta(self) -> timedelta:
        """The length; a day is 24 hours."""
        return self.count * _UNITS[self.unit][0]

    @property
    def days(self) -> int:
        """Whole days in it."""
        return self.delta.days

    def text(self) -> str:
        """Return it as a rule says it.

        >>> Span(1, "day").text(), Span(2, "week").text()
        ('1 day', '2 weeks')
        """
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    def longer_than(self, language: Language) -> str:
        """Return it in the case that follows "больше": 1 дня, 2 дней, 21 дня.

        >>> Span(21, "day").longer_than("ru"), Span(2, "day").longer_than("ru")
        ('21 дня', '2 дней')
        """
        if language == "en":
            return self.text()
        forms = _UNITS[self.unit][1]
        return f"{self.count} {forms[1] if _ends_in_one(self.count) else forms[2]}"

    def last(self, language: Language) -> str:
        """Return "the last 14 days": за последние 14 дней.

        >>> Span(21, "day").last("ru"), Span(3, "week").last("ru"), Span(1, "week").last("ru")
        ('последние 21 день', 'последние 3 недели', 'последнюю неделю')
        """
        if language == "en":
            return f"the last {self.text()}"
        one, few, many = _UNITS[self.unit][1]
        accusative = "неделю" if self.unit == "week" else one
        if self.count == 1:
            return f"{'последнюю' if self.unit == 'week' else 'последний'} {accusative}"
        return f"последние {self.count} {plural(self.count, accusative, few, many)}"

    def next(self, language: Language) -> str:
        """Return "within the next 7 days, today included": в ближайшие 7 дней, считая сегодня.

        >>> Span(1, "day").next("ru"), Span(21, "day").next("ru"), Span(1, "week").next("ru")
        ('сегодня или завтра', 'в ближайшие 21 день, считая сегодня', 'в ближайшую неделю, считая сегодня')
        """
        if self.days == 1:
            return "сегодня или завтра" if language == "ru" else "today or tomorrow"
        if language == "en":
            return f"within the next {self.text()}, today included"
        length = (
            f"ближайшие {self.last('ru').removeprefix('последние ')}"
            if self.count > 1
            else "ближайшую неделю"
        )
        return f"в {length}, считая сегодня"


def _ends_in_one(count: int) -> bool:
    return count % 10 == 1 and count % 100 != 11


def plural(count: int, one: str, few: str, many: str) -> str:
    """Return the Russian form that goes with a count.

    >>> [plural(n, "раз", "раза", "раз") for n in (1, 2, 5, 11, 22)]
    ['раз', 'раза', 'раз', 'раз', 'раза']
    """
    if _ends_in_one(count):
        return one
    return few if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else many


def years(count: int) -> str:
    """Return an age: 21 год, 22 года, 25 лет.

    >>> years(21), years(22), years(25)
    ('21 год', '22 года', '25 лет')
    """
    return f"{count} {plural(count, 'год', 'года', 'лет')}"


def of_years(count: int) -> str:
    """Return an age in the case that follows "больше": 21 года, 25 лет.

    >>> of_years(21), of_years(22)
    ('21 года', '22 лет')
    """
    return f"{count} {'года' if _ends_in_one(count) else 'лет'}"


def write(value: Value) -> str:
    r"""Return a value as a rule says it: bare where that is plain, in quotes otherwise.

    >>> write("owner"), write("Нижний Новгород"), write("not"), write('a"b'), write(Decimal("2.50"))
    ('owner', '"Нижний Новгород"', '"not"', '"a\\"b"', '2.5')
    """
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, date):
        return value.isoformat()
    if _PLAIN.fullmatch(value) and value.casefold() not in KEYWORDS:
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def number(value: Decimal) -> str:
    """Return a number without a useless fraction."""
    return format(value.normalize(), "f") if value else "0"


def aloud(value: Value, language: Language) -> str:
    """Return a value as it is read aloud: «Казань», 10 000, 01.03.2026."""
    if isinstance(value, Decimal):
        return grouped(value, language)
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y") if language == "ru" else value.isoformat()
    return f"«{value}»" if language == "ru" else f"“{value}”"


def joined(parts: list[str], language: Language, last: tuple[str, str] = ("или", "or")) -> str:
    """Return "a, b or c"."""
    word = last[0] if language == "ru" else last[1]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"
