"""A rule before it is kept: how many it finds, in words, with a sample, its SQL, and which data it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, or_, select

from core.db import Moment, table
from core.people.models import DailyCount, Tag
from core.sales.models import Purchase
from core.segments import audience, catalogue
from core.segments.completeness import scarce
from core.segments.conditions import (
    Event,
    InSegment,
    QuizTaken,
    Reaction,
    Spent,
    Tagged,
    WasInSegment,
    leaves,
)
from core.segments.errors import suggestion
from core.segments.fields import Field, RowField
from core.segments.having import has_values
from core.segments.language import parse
from core.segments.models import Membership, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Dialect
    from sqlalchemy.orm import Session

    from core.segments.audience import Sampled
    from core.segments.completeness import Lack
    from core.segments.conditions import Condition
    from core.segments.words import Language

_DAILY = table(DailyCount)
_TAGS = table(Tag)
_PURCHASES = table(Purchase)
_SEGMENTS, _STAYS = table(Segment), table(Membership)
_PRODUCTS = 500  # looked through for a name that was meant


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule finds now; `lacking` says in words which data it asks for was never recorded.

    `scarce` are the data it cannot do without that many people never told.
    """

    condition: Condition
    size: int
    sample: tuple[Sampled, ...]
    lacking: tuple[str, ...]
    scarce: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The statement of a rule as this database takes it, and the values bound to its names."""

    text: str
    values: dict[str, str | int | float]


def preview(session: Session, rule: str, now: datetime, language: Language, sample: int = 5) -> Preview:
    """Return what a rule would find. Raises RuleError for a rule that cannot be read."""
    condition = parse(rule, catalogue.known(session))
    return Preview(
        condition,
        audience.count(session, rule, now),
        audience.sample(session, rule, now, sample),
        tuple(dict.fromkeys(lacking(session, condition, language))),
        scarce(session, condition, now),
    )


def compiled(session: Session, rule: str, now: datetime) -> Compiled:
    """Return the SELECT of a rule's people. Raises RuleError for a rule that cannot be read."""
    chosen: Any = type(session.get_bind().dialect)
    dialect: Dialect = chosen(paramstyle="named")
    statement = audience.people_of(session, rule, now).compile(
        dialect=dialect, compile_kwargs={"render_postcompile": True}
    )
    stored = Moment().dialect_impl(dialect).bind_processor(dialect)
    values = {
        name: stored(value) if stored is not None and isinstance(value, datetime) else value
        for name, value in statement.params.items()
    }
    return Compiled(statement.string, {name: _plain(value) for name, value in values.items()})


def _plain(value: object) -> str | int | float:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, int | float) else str(value)


def lacking(session: Session, condition: Condition, language: Language) -> Iterator[str]:
    """Say of which leaves of a rule nobody has any data, so that nobody wonders why it finds no one."""
    english = language == "en"
    for leaf in leaves(condition):
        field = getattr(leaf, "field", None)
        if isinstance(field, Field | RowField) and not has_values(session, field):
            title = field.title(language)
            nobody = "nobody has it yet" if english else "ещё ни у кого нет"
            yield f"{title}: {nobody} ({field.filled_by[english]})"
        elif isinstance(leaf, Event | Reaction) and not _some(session, _DAILY.c.kind == leaf.kind):
            never = "was never recorded yet" if english else "ещё ни разу не записано"
            yield f"{f'the event “{leaf.kind}”' if english else f'событие «{leaf.kind}»'} {never}"
        elif isinstance(leaf, QuizTaken) and not _some(session, *leaf.asked_of_anybody()):
            yield _never_taken(leaf, language)
        elif isinstance(leaf, Tagged) and not _some(session, _TAGS.c.tag == leaf.tag):
            yield (
                f"nobody has the tag “{leaf.tag}” yet" if english else f"метки «{leaf.tag}» ещё ни у кого нет"
            )
        elif isinstance(leaf, WasInSegment):
            yield from _never_been(session, leaf.name, language)
        elif isinstance(leaf, InSegment) and _some(
            session, _SEGMENTS.c.name == leaf.name, ~_SEGMENTS.c.enabled
        ):
            off = "is switched off: nobody is in it" if english else "выключен: в нём никого нет"
            yield f"{f'the segment “{leaf.name}”' if english else f'сегмент «{leaf.name}»'} {off}"
        elif isinstance(leaf, Spent) and leaf.on is not None:
            yield from _never_bought(session, leaf.on, language)


def _never_been(session: Session, name: str, language: Language) -> Iterator[str]:
    if not _some(session, _SEGMENTS.c.name == name, _STAYS.c.segment_id == _SEGMENTS.c.id):
        yield (
            f"nobody was in the segment “{name}” yet"
            if language == "en"
            else f"в сегменте «{name}» ещё никого не было"
        )


def _never_taken(leaf: QuizTaken, language: Language) -> str:
    names = {"started": ("начинал", "started"), "finished": ("проходил", "finished")}[leaf.act]
    if language == "en":
        result = f" with the result “{leaf.result}”" if leaf.result else ""
        return f"nobody {names[1]} the quiz “{leaf.quiz}”{result} yet"
    result = f" с итогом «{leaf.result}»" if leaf.result else ""
    return f"квиз «{leaf.quiz}»{result} ещё никто не {names[0]}"


def _some(session: Session, *tests: ColumnElement[bool]) -> bool:
    return session.execute(select(1).where(*tests).limit(1)).first() is not None


def _never_bought(session: Session, name: str, language: Language) -> Iterator[str]:
    if _some(session, or_(_PURCHASES.c.product == name, _PURCHASES.c.category == name)):
        return
    columns = (_PURCHASES.c.product, _PURCHASES.c.category)
    known = {one for column in columns for one in session.scalars(select(column).distinct().limit(_PRODUCTS))}
    spelled = {one.casefold(): one for one in known if one}
    near = suggestion(name, spelled)
    meant = spelled.get(near.split("`")[1]) if near else None
    if language == "en":
        yield f"nobody bought “{name}” yet" + (f"; did you mean “{meant}”?" if meant else "")
    else:
        yield f"покупок «{name}» ещё не было" + (f"; может быть, «{meant}»?" if meant else "")
