"""Values to choose from: known answers and those most often given with counts, and quick numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core.db import table
from core.people.text import fold
from core.sales.models import Purchase
from core.segments.audience import PEOPLE
from core.segments.builder.forms import value_of
from core.segments.fields import Field, RowField
from core.segments.language import parse
from core.segments.titles import spoken
from core.segments.words import write

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.quizzes.loader import Library
    from core.segments.builder.forms import Form
    from core.segments.builder.subjects import Subject
    from core.segments.words import Language

_PURCHASES = table(Purchase)
_MOST = 60
_SPELLINGS = 300
_LATEST = 20_000  # purchases in which goods are looked for
_QUICK = {
    "number": ("0", "1", "2", "3", "5", "10", "20", "50", "100"),
    "amount": ("500", "1000", "3000", "5000", "10000", "30000", "50000", "100000"),
    "times": ("2", "3", "5", "10"),
    "days": ("1", "3", "7", "14", "30", "60", "90", "180", "365"),
    "day": (),
}
_AGES = ("18", "25", "30", "35", "45", "55")
_SHARES = ("25", "50", "75", "90")


@dataclass(frozen=True, slots=True)
class Option:
    """A value on a button: as a rule says it, as a person reads it, how many have it where that is known."""

    value: str
    label: str
    count: int | None = None


def options(
    session: Session, subject: Subject, form: Form, place: int, library: Library, language: Language
) -> list[Option]:
    """Return what may be chosen for the value at `place` of a form; anything else may be typed."""
    need = form.needs[place]
    if need == "values":
        return _values(session, subject, library, language)
    if need == "product":
        return _products(session)
    quick = _QUICK[need]
    if subject.text == "age":
        quick = _AGES
    elif need == "number" and subject.kind == "number" and _is_share(subject):
        quick = _SHARES
    if form.key in ("ahead", "round"):
        quick = ("0", *(one for one in quick if int(one) < 365))
    return [Option(one, _said(need, one, form, language)) for one in quick]


def matching(found: list[Option], typed: str) -> str | None:
    """Return the value meant by a typed text: that of a label, else the text itself; None for nothing."""
    key = fold(typed)
    for one in found:
        if key == fold(one.label):
            return one.value
    return value_of("values", typed)


def _is_share(subject: Subject) -> bool:
    return subject.text in ("health", "lead", "engagement")


def _said(need: str, value: str, form: Form, language: Language) -> str:
    if need == "days" and value == "0" and form.key in ("ahead", "round"):
        return "сегодня" if language == "ru" else "today"
    return f"{int(value):,}".replace(",", " ") if need in ("number", "amount") else value


def _values(session: Session, subject: Subject, library: Library, language: Language) -> list[Option]:
    condition: Any = spoken(parse(f"{subject.text} is known"), library)
    field = condition.field
    counted = _rows(session, field) if isinstance(field, RowField) else _column(session, field)
    counts = {key: count for key, _, count in counted}
    named = [
        Option(write(word), en if language == "en" else ru, counts.get(fold(word), 0))
        for word, ru, en in field.choices
    ]
    known = {fold(word) for word, _, _ in field.choices}
    others = [Option(write(said), said, count) for key, said, count in counted if key not in known]
    return [*sorted(named, key=lambda one: not one.count), *others][:_MOST]


def _rows(session: Session, field: RowField) -> list[tuple[str, str, int]]:
    """Return the folded key, the spelling and the count of the most frequent values."""
    source = field.source
    names = ("key",) if field.table == "attributes" else ("quiz", "question")
    own = [source.c[name] == part for name, part in zip(names, field.key, strict=True)]
    text = source.c.text if "text" in source.c else source.c.folded
    query = (
        select(source.c.folded, text, func.count())
        .where(*own)
        .group_by(source.c.folded, text)
        .order_by(func.count().desc(), text)
        .limit(_SPELLINGS)
    )
    said: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for folded, spelling, count in session.execute(query):
        said.setdefault(folded, spelling or folded)  # as most people spell it
        counts[folded] += count
    return [(key, said[key], count) for key, count in counts.most_common(_MOST)]


def _column(session: Session, field: Field) -> list[tuple[str, str, int]]:
    value: Any = field.column
    query = select(value, func.count()).select_from(PEOPLE).where(value.is_not(None)).group_by(value)
    found = session.execute(query.order_by(func.count().desc()).limit(_MOST))
    return [(fold(str(one)), str(one), int(count)) for one, count in found]


def _products(session: Session) -> list[Option]:
    newest = (
        select(_PURCHASES.c.product, _PURCHASES.c.category)
        .order_by(_PURCHASES.c.id.desc())
        .limit(_LATEST)
        .subquery()
    )
    found: dict[str, int] = {}
    for column in (newest.c.category, newest.c.product):
        query = select(column, func.count()).where(column != "").group_by(column)
        for name, count in session.execute(query.order_by(func.count().desc(), column).limit(_MOST // 2)):
            found.setdefault(str(name), int(count))
    return [Option(write(name), name, count) for name, count in found.items()]
