"""Parameters of shipped segments: bounds, units, and how a value stands in a rule and in a title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.people.climates import CLIMATES
from core.people.text import clean
from core.segments.errors import SegmentError, suggestion
from core.segments.words import plural, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.segments.words import Language

Value = int | str
Values = dict[str, Value]
LONGEST = 64  # characters of a word: a tag, a source, a city
_PLACE = re.compile(r"\{(\w+)(?:\|([^{}]*))?\}")
_ONE_DAY = re.compile(r"\b1 days\b")
_UNITS = {  # unit → one, few, many; one, many
    "days": (("день", "дня", "дней"), ("day", "days")),
    "letters": (("письмо", "письма", "писем"), ("letter", "letters")),
    "times": (("раз", "раза", "раз"), ("time", "times")),
    "years": (("год", "года", "лет"), ("year", "years")),
    "people": (("человек", "человека", "человек"), ("person", "people")),
}
_NAMES = {
    "days": ("дни", "days"),
    "letters": ("письма", "letters"),
    "times": ("разы", "times"),
    "people": ("люди", "people"),
    "from": ("от", "from"),
    "to": ("до", "to"),
    "series": ("серия", "series"),
    "event": ("шаг", "step"),
    "source": ("источник", "source"),
    "industry": ("отрасль", "industry"),
    "size": ("размер", "size"),
    "region": ("регион", "region"),
    "city": ("город", "city"),
    "climate": ("климат", "climate"),
    "interest": ("интерес", "interest"),
    "tag": ("метка", "tag"),
    "topic": ("тема", "topic"),
    "platform": ("устройство", "device"),
}
_WORDS = {  # words of a parameter's values for people
    "size": {
        "solo": ("работают в одиночку", "working alone"),
        "micro": ("до 10 человек", "up to 10 people"),
        "small": ("11–50 человек", "11 to 50 people"),
        "medium": ("51–250 человек", "51 to 250 people"),
        "large": ("больше 250 человек", "more than 250 people"),
    },
    "industry": {
        "retail": ("Торговля", "Retail"),
        "services": ("Услуги", "Services"),
        "food": ("Кафе и рестораны", "Food and drink"),
        "production": ("Производство", "Production"),
        "building": ("Стройка и ремонт", "Building"),
        "education": ("Обучение", "Education"),
        "health": ("Здоровье и красота", "Health and beauty"),
        "it": ("ИТ", "IT"),
        "logistics": ("Перевозки", "Logistics"),
    },
    "platform": {
        "ios": ("iPhone", "iPhone"),
        "android": ("Android", "Android"),
        "desktop": ("компьютера", "a computer"),
        "web": ("браузера", "a browser"),
    },
    "event": {
        "quiz_finished": ("квиз пройден", "quiz finished"),
        "quiz_started": ("квиз начат", "quiz started"),
        "purchased": ("покупка", "purchase"),
    },
    "climate": {word: (ru, en) for word, ru, en in CLIMATES},
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of a rule the owner may choose: a number between bounds, or a word out of the data."""

    name: str
    default: Value | None = None
    least: int = 0
    most: int = 0
    step: int = 1
    unit: str = ""  # of a number; a word has none
    source: str = ""  # of a word: which data its choices come from
    example: Value = ""

    @classmethod
    def read(cls, name: str, given: dict[str, Any]) -> Parameter:
        """Read one out of the file."""
        return cls(
            name,
            given.get("default"),
            given.get("min", 0),
            given.get("max", 0),
            given.get("step", 1),
            given.get("unit", ""),
            given.get("from", ""),
            given.get("example", ""),
        )

    @property
    def is_number(self) -> bool:
        """Whether it is a number; otherwise a word."""
        return bool(self.unit)

    def title(self, language: str) -> str:
        """Return what it is called."""
        return _NAMES[self.name][language == "en"]

    def said(self, value: Value, language: str) -> str:
        """Return a value for people: a number with its noun, a word in words."""
        if isinstance(value, int):
            ru, en = _UNITS[self.unit]
            return f"{value} {plural(value, *ru) if language == 'ru' else en[value != 1]}"
        words = _WORDS.get(self.name, {}).get(value)
        return words[language == "en"] if words else value

    def bounded(self, value: Value) -> Value | None:
        """Return a stored value as this version takes it, None if it cannot."""
        if self.is_number:
            return min(max(value, self.least), self.most) if isinstance(value, int) else None
        return value if isinstance(value, str) else None

    def checked(self, value: object, of: str) -> Value:
        """Return a value as given, of the right type and within bounds. Raises SegmentError."""
        if self.is_number:
            return self._number(str(value).strip(), of)
        word = clean(str(value), LONGEST + 1)
        if not word or len(word) > LONGEST:
            raise SegmentError(f"`{of}`, {self.name}: give a word of 1 to {LONGEST} characters.")
        return word

    def _number(self, text: str, of: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise SegmentError(
                f"`{of}`, {self.name}: `{text[:32]}` is no whole number; "
                f"give {self.least} to {self.most}, e.g. {self.name}={self.default or self.least}."
            )
        if not self.least <= int(text) <= self.most:
            raise SegmentError(f"`{of}`, {self.name}: {text} is outside {self.least} to {self.most}.")
        return int(text)


def checked(parameters: Sequence[Parameter], given: Mapping[str, object], of: str) -> Values:
    """Return values as the owner gives them, checked one by one. Raises SegmentError naming what is wrong."""
    known = {one.name: one for one in parameters}
    for name in given:
        if name not in known:
            there = ", ".join(known) if known else "it has none"
            raise SegmentError(
                f"`{of}` has no parameter `{name[:64]}`{suggestion(name, known)}; its parameters: {there}."
            )
    values = {name: known[name].checked(value, of) for name, value in given.items()}
    if {"from", "to"} <= values.keys() and int(values["from"]) > int(values["to"]):
        raise SegmentError(f"`{of}`: from={values['from']} is more than to={values['to']}; swap them.")
    return values


def in_rule(pattern: str, values: Mapping[str, Value]) -> str:
    """Return a rule with its values as the language writes them; `{name|prefix}` is a word with a prefix.

    >>> in_rule("city = {city} or tag {city|from:}", {"city": "Нижний Новгород"})
    'city = "Нижний Новгород" or tag "from:Нижний Новгород"'
    """

    def written(place: re.Match[str]) -> str:
        value = values[place[1]]
        return str(value) if isinstance(value, int) else write(f"{place[2] or ''}{value}")

    return _ONE_DAY.sub("1 day", _PLACE.sub(written, pattern))


def in_title(
    text: str, parameters: Sequence[Parameter], values: Mapping[str, Value], language: Language
) -> str:
    """Return a title with its values; `{days|день|дня|дней}` is a number with its noun.

    >>> days = Parameter("days", 14, 1, 60, 7, "days")
    >>> in_title("Молчат больше {days|дня|дней|дней}", [days], {"days": 21}, "ru")
    'Молчат больше 21 дня'
    """
    known = {one.name: one for one in parameters}

    def told(place: re.Match[str]) -> str:
        value = values.get(place[1])
        if value is None:
            return "…"
        if isinstance(value, str):
            return known[place[1]].said(value, language)
        forms = (place[2] or "").split("|")
        if len(forms) < 2:
            return str(value)
        noun = plural(value, forms[0], forms[1], forms[2]) if language == "ru" else forms[value != 1]
        return f"{value} {noun}"

    return _PLACE.sub(told, text)
