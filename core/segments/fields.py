"""Fields: what a rule may ask about a person, its type, titles and where its value stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, Table, and_, case, exists, false, func, or_, true

from core.db import table
from core.people.climates import CLIMATES
from core.people.models import Attribute, Profile, Subscriber
from core.people.places import SIZES
from core.people.text import fold
from core.quizzes.models import Answer
from core.segments.predicates import compared
from core.segments.well_known import WELL_KNOWN
from core.segments.words import Language, Value, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.segments.binds import Binds

SUBSCRIBERS = table(Subscriber)
PROFILES = table(Profile)
ATTRIBUTES = table(Attribute)
ANSWERS = table(Answer)

MINOR = 100  # minor units in one unit of the base currency, as a rule writes it
YEARLY = frozenset({"birthday"})  # a date of theirs that is ahead is the next anniversary
OLDEST = 60  # years: no moment that a bot or a shop recorded is older
_DAY_LENGTH = len("1990-12-31")
ANSWERED = ("ответы в квизе", "answers in the quiz")
FILLED_BY_HAND = ("квизы, импорт и карточка человека", "quizzes, imports and the person's card")
SEXES = (("female", "женский", "female"), ("male", "мужской", "male"))
_SIZES = tuple((word, ru, en) for word, ru, en, _ in SIZES)
_WORDS = {"sex": SEXES, "gender": SEXES, "climate": CLIMATES, "city_size": _SIZES}
CLOSED = frozenset({"gender", "climate", "city_size"})  # attributes that only the program fills


class Kind(Enum):
    """The type of a field: which values it is compared with."""

    NUMBER = "a number"
    MONEY = "an amount in the base currency"
    MOMENT = "a date"
    CHOICE = "one of its words"
    TEXT = "a text"
    FLAG = "yes or no"
    MARK = "yes or no, or when"  # a moment that is also asked as yes or no
    ANY = "a text, a number or a date"  # attributes and answers hold any


@dataclass(frozen=True)
class Field:
    """A column of subscribers or profiles that rules may ask about."""

    name: str
    kind: Kind
    column: ColumnElement[Any]
    titles: tuple[str, str]
    filled_by: tuple[str, str]
    unit: str = ""
    choices: tuple[tuple[str, str, str], ...] = ()  # word, ru, en
    claims: tuple[tuple[str, str], ...] = ()  # said instead of yes and no, of some and none: ru, en

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Field) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def nullable(self) -> bool:
        """Whether the value may be unknown; yes-or-no fields are always known."""
        return self.kind is not Kind.MARK and bool(self.column.nullable)

    @property
    def reads(self) -> frozenset[str]:
        """The table it stands in."""
        return frozenset({self.column.table.name})

    def text(self) -> str:
        """Return the field as a rule says it."""
        return self.name

    def title(self, language: Language) -> str:
        """Return its name for people."""
        return self.titles[language == "en"]

    def known(self, binds: Binds) -> ColumnElement[bool]:
        """SQL: is there a value?"""
        if self.kind is Kind.MARK or self.nullable:
            return self.column.is_not(None)
        return true()

    def comparable(self, binds: Binds) -> ColumnElement[bool]:
        """SQL: is there a value to compare? A yes-or-no field has one always."""
        return self.column.is_not(None) if self.nullable else true()

    def holds(self, operator: str, values: Sequence[Value], binds: Binds) -> ColumnElement[bool]:
        """SQL, never NULL: the value is known and `operator` holds against any of the values."""
        if self.kind in (Kind.FLAG, Kind.MARK):
            return self._flag(values, binds)
        found = compared(self.column, operator, [stored(self.kind, value) for value in values], binds)
        return and_(self.column.is_not(None), found) if self.nullable else found

    def moment(self, before: bool, cut: ColumnElement[Any]) -> ColumnElement[bool]:
        """SQL, never NULL: the moment is known and lies before the cut-off, or not before it."""
        found = self.column < cut if before else self.column >= cut
        return and_(self.column.is_not(None), found)

    def recent(self, cut: ColumnElement[Any], now: ColumnElement[Any]) -> ColumnElement[bool]:
        """SQL, never NULL: the moment lies not before the cut-off; what was recorded lies in the past."""
        return self.moment(False, cut)

    def ahead(self, days: int, binds: Binds) -> ColumnElement[bool]:
        """SQL, never NULL: the moment falls on today or one of so many days after it."""
        start, end = binds.day_start_ahead(0), binds.day_start_ahead(days + 1)
        return and_(self.column.is_not(None), self.column >= start, self.column < end)

    def anniversary(self, days: int, binds: Binds) -> ColumnElement[bool]:
        """SQL, never NULL: the same day of a later year is today or one of so many days after it.

        A window for each year back; the newest that begins before the moment decides.
        """
        windows = [
            (
                self.column >= binds.day_start_ahead(0, years),
                self.column < binds.day_start_ahead(days + 1, years),
            )
            for years in range(1, OLDEST + 1)
        ]
        return and_(self.column.is_not(None), case(*windows, else_=false()))

    def _flag(self, values: Sequence[Value], binds: Binds) -> ColumnElement[bool]:
        asked = set(values)
        if len(asked) > 1:
            return true()
        yes = self.known(binds) if self.kind is Kind.MARK else self.column.is_(true())
        no = self.column.is_(None) if self.kind is Kind.MARK else self.column.is_(false())
        return yes if asked == {"yes"} else no


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a quiz: titles of a question (ru, en) and its answers (folded id, ru, en)."""

    titles: tuple[str, str]
    answers: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class RowField:
    """A value kept in rows of a child table, possibly several: an attribute, an answer."""

    table: str  # attributes | answers
    key: tuple[str, ...]
    asked: Asked | None = field(default=None, compare=False, repr=False)  # how a quiz words it
    kind = Kind.ANY
    nullable = True
    unit = ""
    claims: ClassVar[tuple[tuple[str, str], ...]] = ()

    @property
    def choices(self) -> tuple[tuple[str, str, str], ...]:
        """The words people read for its usual values; other values are said as they are."""
        if self.asked is not None:
            return self.asked.answers
        return _WORDS.get(self.key[0].casefold(), ()) if self.table == "attributes" else ()

    @property
    def reads(self) -> frozenset[str]:
        """The table it stands in."""
        return frozenset({self.table})

    @property
    def source(self) -> Table:
        """The child table."""
        return ATTRIBUTES if self.table == "attributes" else ANSWERS

    @property
    def filled_by(self) -> tuple[str, str]:
        """What fills it (ru, en)."""
        if self.table == "answers":
            return ANSWERED
        known = WELL_KNOWN.get(self.key[0].casefold())
        return known.filled_by if known else FILLED_BY_HAND

    def text(self) -> str:
        """Return the field as a rule says it."""
        names = ".".join(write(part) for part in self.key)
        if self.table == "attributes" and self.key[0] in WELL_KNOWN:
            return names
        return f"attr.{names}" if self.table == "attributes" else f"quiz {names}"

    def title(self, language: Language) -> str:
        """Return its name for people."""
        if self.asked is not None:
            return self.asked.titles[language == "en"]
        if self.table == "attributes":
            known = WELL_KNOWN.get(self.key[0].casefold())
            if known:
                return known.titles[language == "en"]
            return f"свойство «{self.key[0]}»" if language == "ru" else f"the property “{self.key[0]}”"
        quiz, question = self.key
        if language == "ru":
            return f"ответ на вопрос «{question}» квиза «{quiz}»"
        return f"the answer to “{question}” of the quiz “{quiz}”"

    def rows(self) -> tuple[ColumnElement[bool], ...]:
        """SQL: the rows of this field that belong to the person in question."""
        source = self.source
        own = source.c.subscriber_id == SUBSCRIBERS.c.id
        if self.table == "attributes":
            return own, source.c.key == self.key[0]
        return own, source.c.quiz == self.key[0], source.c.question == self.key[1]

    def known(self, binds: Binds) -> ColumnElement[bool]:
        """SQL: is there a value?"""
        return self._some()

    def comparable(self, binds: Binds) -> ColumnElement[bool]:
        """SQL: is there a value to compare?"""
        return self._some()

    def holds(self, operator: str, values: Sequence[Value], binds: Binds) -> ColumnElement[bool]:
        """SQL, never NULL: some value is there for which `operator` holds against any of the values."""
        tests: list[ColumnElement[bool]] = []
        if operator == "=":
            folded = [fold(value if isinstance(value, str) else write(value)) for value in values]
            tests.append(compared(self.source.c.folded, "=", folded, binds))
        numbers = [stored(Kind.NUMBER, value) for value in values if isinstance(value, Decimal)]
        if numbers:
            tests.append(compared(self.source.c.number, operator, numbers, binds))
        dates = [value for value in values if isinstance(value, date)]
        if dates and self.table == "attributes":
            tests.append(compared(self.source.c.moment, operator, dates, binds))
        return self._some(or_(*tests))

    def moment(self, before: bool, cut: ColumnElement[Any]) -> ColumnElement[bool]:
        """SQL, never NULL: the attribute's moment is known and lies before the cut-off, or not before it."""
        column = self.source.c.moment
        return self._some(column < cut if before else column >= cut)

    def recent(self, cut: ColumnElement[Any], now: ColumnElement[Any]) -> ColumnElement[bool]:
        """SQL, never NULL: the attribute's moment lies between the cut-off and now; its date may be ahead."""
        return self._some(self.source.c.moment >= cut, self.source.c.moment <= now)

    def ahead(self, days: int, binds: Binds) -> ColumnElement[bool]:
        """SQL, never NULL: the attribute's moment falls on today or one of so many days after it."""
        moment = self.source.c.moment
        return self._some(moment >= binds.day_start_ahead(0), moment < binds.day_start_ahead(days + 1))

    def anniversary(self, days: int, binds: Binds) -> ColumnElement[bool]:
        """SQL, never NULL: the attribute is a day before today, and its month and day are among the next.

        29 February lies between 28 February and 1 March, as its anniversary does: on the 28th where the
        year has no 29th.
        """
        first, end, over_new_year = binds.month_days(days)
        folded = self.source.c.folded
        day = func.substr(folded, 6, 5)
        return self._some(
            self.source.c.moment < binds.day_start_ahead(0),
            func.length(folded) == _DAY_LENGTH,
            or_(and_(day >= first, day < end), day < over_new_year),
        )

    def _some(self, *tests: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().select_from(self.source).where(*self.rows(), *tests).correlate(SUBSCRIBERS)


AnyField = Field | RowField


def stored(kind: Kind, value: Value) -> object:
    """Return a rule's value as the database holds it: amounts in minor units, numbers as int or float."""
    if not isinstance(value, Decimal):
        return value
    scaled = value * MINOR if kind is Kind.MONEY else value
    return int(scaled) if scaled == scaled.to_integral_value() else float(scaled)
