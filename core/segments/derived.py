"""Fields told from several facts: the age, the kind of subscriber, the stage of the funnel, referrals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, or_, select, true

from core.db import table
from core.people.models import DailyCount
from core.segments.fields import ATTRIBUTES, PROFILES, SUBSCRIBERS, Field, Kind
from core.segments.predicates import compared
from core.segments.scores.fields import SCORES, stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.segments.binds import Binds
    from core.segments.words import Value

_DAILY = table(DailyCount)
_OWN = SUBSCRIBERS.c.id
AGE, BIRTHDAY = "age", "birthday"
OLDEST_AGE = 150  # years
PROSPECTS_LEAD = 50  # of 100: from this lead score on a person without a purchase is a prospect


@dataclass(frozen=True, eq=False)
class AgeField(Field):
    """Whole years: the attribute `age` where it is a number, else counted from the date `birthday`.

    A year is full on the birthday; who was born on 29 February has it on the 28th in years without, as
    anniversaries do. The cut-offs are bound days: no date is computed in SQL. `column` is the attribute only.
    """

    @property
    def nullable(self) -> bool:
        """Neither may be known."""
        return True

    @property
    def reads(self) -> frozenset[str]:
        """Attributes."""
        return frozenset({ATTRIBUTES.name})

    def known(self, binds: Binds) -> ColumnElement[bool]:
        """SQL: is there a number, or a birthday that is not ahead?"""
        return or_(self.column.is_not(None), _attribute(BIRTHDAY, _is_born(binds)))

    def comparable(self, binds: Binds) -> ColumnElement[bool]:
        """SQL: is there a number, or a birthday that is not ahead?"""
        return self.known(binds)

    def holds(self, operator: str, values: Sequence[Value], binds: Binds) -> ColumnElement[bool]:
        """SQL, never NULL: the age is known and `operator` holds against any of the values."""
        numbers = [int(value) for value in values if isinstance(value, Decimal)]
        born = or_(*(and_(*_born(operator, years, binds)) for years in numbers))
        counted = _attribute(BIRTHDAY, _is_born(binds), born)
        said = compared(self.column, operator, numbers, binds)
        return case((self.column.is_(None), counted), else_=said)


def _attribute(key: str, *tests: ColumnElement[bool]) -> ColumnElement[bool]:
    own = (ATTRIBUTES.c.subscriber_id == _OWN, ATTRIBUTES.c.key == key)
    return exists().select_from(ATTRIBUTES).where(*own, *tests).correlate(SUBSCRIBERS)


def _is_born(binds: Binds) -> ColumnElement[bool]:
    return ATTRIBUTES.c.moment < binds.day_start_ahead(1)


def _born(operator: str, years: int, binds: Binds) -> list[ColumnElement[bool]]:
    """Who is `years` old was born before the day after today, so many years ago, and not a year earlier."""
    moment = ATTRIBUTES.c.moment
    younger_from = years + 1 if operator in (">", "<=", "=") else years
    cut = binds.day_start_ahead(1, younger_from)
    if operator == "=":
        return [moment >= cut, moment < binds.day_start_ahead(1, years)]
    return [moment < cut] if operator in (">", ">=") else [moment >= cut]


@dataclass(frozen=True, eq=False)
class StagedField(Field):
    """One word out of a few: that of the first stage whose condition holds, `otherwise` when none does.

    A comparison keeps only the conditions that decide it, so `funnel_stage = buyer` reads the profile alone.
    """

    stages: tuple[tuple[ColumnElement[bool], str], ...] = ()
    otherwise: str | None = None
    tables: frozenset[str] = frozenset()

    @property
    def nullable(self) -> bool:
        """Unknown where no stage holds and nothing is said of the rest."""
        return self.otherwise is None

    @property
    def reads(self) -> frozenset[str]:
        """The tables its conditions ask."""
        return self.tables

    def known(self, binds: Binds) -> ColumnElement[bool]:
        """SQL: does any stage hold?"""
        return or_(*(condition for condition, _ in self.stages)) if self.nullable else true()

    def comparable(self, binds: Binds) -> ColumnElement[bool]:
        """SQL: does any stage hold?"""
        return self.known(binds)

    def holds(self, operator: str, values: Sequence[Value], binds: Binds) -> ColumnElement[bool]:
        """SQL, never NULL: the stage is one of the values."""
        last = self.otherwise is not None and self.otherwise in values
        arms = [(condition, word in values) for condition, word in self.stages]
        while arms and arms[-1][1] is last:
            arms.pop()
        if not arms:
            return _truth(last)
        return case(*((condition, _truth(holds)) for condition, holds in arms), else_=_truth(last))


def _truth(holds: bool) -> ColumnElement[bool]:
    return true() if holds else false()


def _staged(
    name: str,
    titles: tuple[str, str],
    filled_by: tuple[str, str],
    stages: tuple[tuple[ColumnElement[bool], tuple[str, str, str]], ...],
    otherwise: tuple[str, str, str] | None = None,
    tables: frozenset[str] = frozenset(),
) -> StagedField:
    choices = tuple(word for _, word in stages) + ((otherwise,) if otherwise else ())
    column: Any = case(
        *((condition, literal(word[0])) for condition, word in stages),
        else_=literal(otherwise[0]) if otherwise else None,
    )
    return StagedField(
        name,
        Kind.CHOICE,
        column,
        titles,
        filled_by,
        choices=tuple(dict.fromkeys(choices)),
        stages=tuple((condition, word[0]) for condition, word in stages),
        otherwise=otherwise[0] if otherwise else None,
        tables=tables | {PROFILES.name},
    )


@dataclass(frozen=True, eq=False)
class CountedField(Field):
    """How often something happened, by the daily counters; never unknown."""

    @property
    def nullable(self) -> bool:
        """Nought is known too."""
        return False

    @property
    def reads(self) -> frozenset[str]:
        """Daily counters."""
        return frozenset({_DAILY.name})


def _times(kind: str) -> ColumnElement[int]:
    own = (_DAILY.c.subscriber_id == _OWN, _DAILY.c.kind == kind)
    total = select(func.coalesce(func.sum(_DAILY.c.count), 0)).where(*own)
    return total.correlate(SUBSCRIBERS).scalar_subquery()


def _ever(kind: str) -> ColumnElement[bool]:
    own = (_DAILY.c.subscriber_id == _OWN, _DAILY.c.kind == kind)
    return exists().select_from(_DAILY).where(*own).correlate(SUBSCRIBERS)


def _is_lapsed() -> ColumnElement[bool]:
    return func.coalesce(stored(SCORES.c.lifecycle) == "lapsed", false())


def _is_warm() -> ColumnElement[bool]:
    return func.coalesce(stored(SCORES.c.lead) >= PROSPECTS_LEAD, false())


_BOUGHT = PROFILES.c.purchases_count
_SHOWN_BY = ("покупки и квизы", "purchases and quizzes")
FIELDS: tuple[Field, ...] = (
    AgeField(
        "age",
        Kind.NUMBER,
        select(ATTRIBUTES.c.number)
        .where(ATTRIBUTES.c.subscriber_id == _OWN, ATTRIBUTES.c.key == AGE)
        .correlate(SUBSCRIBERS)
        .scalar_subquery(),
        ("возраст", "the age"),
        ("день рождения или возраст из квиза и импорта", "the birthday or the age, of quizzes and imports"),
        unit="years",
    ),
    CountedField(
        "referrals",
        Kind.NUMBER,
        _times("referred"),
        ("приведено друзей", "friends brought"),
        ("личные ссылки-приглашения", "personal links of invitation"),
        claims=(
            ("есть приведённые друзья", "has brought friends"),
            ("приведённых друзей нет", "has brought nobody"),
        ),
    ),
    _staged(
        "base_kind",
        ("кто это", "the kind of person"),
        _SHOWN_BY,
        (
            (and_(_BOUGHT > 0, _is_lapsed()), ("former", "бывший покупатель", "a former customer")),
            (_BOUGHT > 0, ("customer", "покупатель", "a customer")),
            (or_(_is_warm(), _ever("quiz_finished")), ("prospect", "присматривается", "a prospect")),
        ),
        ("reader", "читатель", "a reader"),
        frozenset({_DAILY.name, SCORES.name}),
    ),
    _staged(
        "funnel_stage",
        ("шаг воронки", "the stage of the funnel"),
        ("приход, согласие, квизы и покупки", "the first visit, consent, quizzes and purchases"),
        (
            (_BOUGHT > 1, ("repeat", "купил снова", "bought again")),
            (_BOUGHT == 1, ("buyer", "купил", "bought")),
            (_ever("quiz_finished"), ("quiz_finished", "прошёл квиз", "finished a quiz")),
            (_ever("quiz_started"), ("quiz_started", "начал квиз", "started a quiz")),
            (SUBSCRIBERS.c.data_consent_at.is_not(None), ("agreed", "дал согласие", "agreed")),
            (SUBSCRIBERS.c.joined_at.is_not(None), ("came", "пришёл", "came")),
        ),
        tables=frozenset({_DAILY.name, SUBSCRIBERS.name}),
    ),
)
