"""How complete the data are: who has a value of each field, and whom a rule can reach with what is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, distinct, func, not_, or_, select, true

from core.db import table
from core.people import activity
from core.people.models import Tag
from core.segments import catalogue
from core.segments.audience import PEOPLE
from core.segments.binds import Binds
from core.segments.conditions import All, Condition, IsKnown, Not
from core.segments.conditions import Any as AnyOf
from core.segments.fields import ANSWERS, ATTRIBUTES, SUBSCRIBERS, AnyField, Field, Kind, RowField
from core.segments.language import parse
from core.segments.models import Segment
from core.segments.scores.fields import SCORES, joined
from core.segments.well_known import WELL_KNOWN
from core.words import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, FromClause
    from sqlalchemy.orm import Session

    from core.segments.words import Language

_TAGS = table(Tag)
_FAMILIES = 50  # of tags, counted in one pass
_TOGETHER = 16  # rules, or fields, asked in one pass
_TOLD = {ATTRIBUTES.name, ANSWERS.name}
_ENOUGH = 0.9  # of the base: what so many have told needs no word
_LIVING = SUBSCRIBERS.c.erased_at.is_(None)
_GIVEN = ("квизы, импорт и карточка человека", "quizzes, imports and the person's card")


@dataclass(frozen=True, slots=True)
class Filled:
    """One thing rules may ask about: what it is, what fills it, and how many of the base have a value.

    `kind` is a word for scripts: number, money, moment, choice, text, flag, mark, any, tag.
    """

    name: str
    titles: tuple[str, str]
    kind: str
    unit: str
    filled_by: tuple[str, str]
    known: int
    base: int

    @property
    def share(self) -> float:
        """The part of the base that has a value, 0 to 1."""
        return self.known / self.base if self.base else 0.0


@dataclass(frozen=True, slots=True)
class Lack:
    """Data a rule cannot do without that not everybody has: the others cannot be found by it."""

    field: AnyField
    known: int
    base: int

    @property
    def share(self) -> float:
        """The part of the base that has a value, 0 to 1."""
        return self.known / self.base if self.base else 0.0

    def sentence(self, language: Language) -> str:
        """Return it as one says it to an owner."""
        title, known = self.field.title(language), percent(self.share, language)
        end = (
            f"known of {known} of people, the others cannot be found"
            if language == "en"
            else f"известно у {known} людей, остальные сюда не попадут"
        )
        return f"{title[:1].upper()}{title[1:]}: {end}"


@dataclass(frozen=True, slots=True)
class Reach:
    """How many a rule could find if all were known of everybody, and of how many of them it is known."""

    segment: str
    people: int
    informed: int

    @property
    def share(self) -> float:
        """The part whose data are there, 0 to 1."""
        return self.informed / self.people if self.people else 1.0


def base_size(session: Session) -> int:
    """Return how many people there are; the erased are none."""
    return session.scalar(select(func.count()).select_from(SUBSCRIBERS).where(_LIVING)) or 0


def completeness(session: Session, now: datetime) -> tuple[Filled, ...]:
    """Return every field, attribute, quiz question and family of tags with how many have a value."""
    base = base_size(session)
    fields = tuple(catalogue.FIELDS.values())
    known = _known_columns(session, fields, base, now)
    rows = [_filled(field, known[field.name], base) for field in fields]
    rows += [_filled(field, count, base) for field, count in (*_attributes(session), *_answers(session))]
    return (*rows, *_tags(session, base))


def scarce(session: Session, condition: Condition, now: datetime) -> tuple[Lack, ...]:
    """Return the data a rule cannot do without that many people never told, the rarest first.

    Only what people tell counts, in quizzes, imports and cards: who has not bought or come lacks nothing.
    Data that nobody has are the matter of `preview.lacking`.
    """
    asked = [field for field in _needed(condition) if field.reads <= _TOLD]
    if not asked:
        return ()
    base = base_size(session)
    columns = _known_columns(session, [field for field in asked if isinstance(field, Field)], base, now)
    found = [
        Lack(field, columns[field.name] if isinstance(field, Field) else _rows_of(session, field), base)
        for field in asked
    ]
    rare = [lack for lack in found if 0 < lack.share < _ENOUGH]
    return tuple(sorted(rare, key=lambda lack: (lack.known, lack.field.text())))


def reach(session: Session, now: datetime, names: Sequence[str] = ()) -> tuple[Reach, ...]:
    """Return whom the rule of each segment in force (or those named) could find, and whose data are there."""
    query = (
        select(Segment.name, Segment.rule)
        .where(Segment.enabled, Segment.error.is_(None))
        .order_by(Segment.id)
    )
    rules = [(name, parse(rule)) for name, rule in session.execute(query) if not names or name in names]
    numbers = dict(session.execute(select(Segment.name, Segment.id)).all())
    binds = Binds(numbers, (now, activity.zone()))
    found: list[Reach] = []
    for place in range(0, len(rules), _TOGETHER):
        some = rules[place : place + _TOGETHER]
        tests: list[ColumnElement[bool]] = []
        for _, condition in some:
            possible = _possible(condition, binds)
            known = [field.known(binds) for field in _needed(condition)]
            tests += [possible, and_(possible, *known)]
        counts = _count_all(session, tests)
        found += [Reach(name, counts[2 * at], counts[2 * at + 1]) for at, (name, _) in enumerate(some)]
    return tuple(found)


def _filled(field: AnyField, known: int, base: int) -> Filled:
    unit = field.unit if isinstance(field, Field) else ""
    titles = (field.title("ru"), field.title("en"))
    return Filled(field.text(), titles, field.kind.name.lower(), unit, field.filled_by, known, base)


def _is_complete(field: Field) -> bool:
    return field.kind in (Kind.MARK, Kind.FLAG) or not field.nullable


def _known_columns(session: Session, fields: Sequence[Field], base: int, now: datetime) -> dict[str, int]:
    binds = Binds({}, (now, activity.zone()))
    asked = [field for field in fields if not _is_complete(field)]
    known = {field.name: base for field in fields}
    counts = _count_all(session, [field.known(binds) for field in asked])
    return known | {field.name: count for field, count in zip(asked, counts, strict=True)}


def _count_all(session: Session, tests: Sequence[ColumnElement[bool]]) -> list[int]:
    """Count who fulfils each test in one pass over the base."""
    if not tests:
        return []
    counted = [func.coalesce(func.sum(case((joined(test), 1), else_=0)), 0) for test in tests]
    people: FromClause = PEOPLE.outerjoin(SCORES, SCORES.c.subscriber_id == SUBSCRIBERS.c.id)
    row = session.execute(select(*counted).select_from(people).where(_LIVING)).one()
    return [int(count) for count in row]


def _attributes(session: Session) -> Iterator[tuple[RowField, int]]:
    query = select(ATTRIBUTES.c.key, func.count()).group_by(ATTRIBUTES.c.key)
    counts: dict[str, int] = dict(session.execute(query.order_by(ATTRIBUTES.c.key)).all())
    for key in dict.fromkeys((*WELL_KNOWN, *counts)):
        yield RowField("attributes", (key,)), counts.get(key, 0)


def _answers(session: Session) -> Iterator[tuple[RowField, int]]:
    names = (ANSWERS.c.quiz, ANSWERS.c.question)
    people = func.count(distinct(ANSWERS.c.subscriber_id))
    query = select(*names, people).group_by(*names).order_by(*names)
    for quiz, question, count in session.execute(query):
        yield RowField("answers", (quiz, question)), count


def _rows_of(session: Session, field: RowField) -> int:
    source = field.source.c
    names = (source.key,) if field.table == "attributes" else (source.quiz, source.question)
    tests = [name == part for name, part in zip(names, field.key, strict=True)]
    return session.scalar(select(func.count(distinct(source.subscriber_id))).where(*tests)) or 0


def _tags(session: Session, base: int) -> Iterator[Filled]:
    """Count people by the part of a tag before its colon; a tag without one is a family of its own."""
    query = select(_TAGS.c.tag, func.count()).group_by(_TAGS.c.tag).order_by(func.count().desc(), _TAGS.c.tag)
    counts: dict[str, int] = dict(session.execute(query).all())
    families = list(dict.fromkeys(f"{tag.partition(':')[0]}:" for tag in counts if ":" in tag))[:_FAMILIES]
    plain = {tag: count for tag, count in counts.items() if ":" not in tag}
    grouped: dict[str, int] = {}
    if families:
        people = [
            func.count(distinct(case((_TAGS.c.tag.startswith(one, autoescape=True), _TAGS.c.subscriber_id))))
            for one in families
        ]
        grouped = dict(zip(families, session.execute(select(*people)).one(), strict=True))
    for name, known in {**grouped, **plain}.items():
        titles = (
            (f"метки «{name}…»", f"tags “{name}…”")
            if name in grouped
            else (f"метка «{name}»", f"the tag “{name}”")
        )
        yield Filled(f"tag {name}", titles, "tag", "", _GIVEN, known, base)


def _may_lack(leaf: Condition) -> AnyField | None:
    field = getattr(leaf, "field", None)
    if isinstance(field, RowField):
        return field
    return field if isinstance(field, Field) and not _is_complete(field) else None


def _needed(condition: Condition, *, negated: bool = False) -> frozenset[AnyField]:
    """Return the fields without which the condition (or its negation) holds for nobody."""
    if isinstance(condition, Not):
        return _needed(condition.part, negated=not negated)
    if isinstance(condition, All | AnyOf):
        parts = [_needed(part, negated=negated) for part in condition.parts]
        every = isinstance(condition, All) is not negated
        return frozenset.union(*parts) if every else frozenset.intersection(*parts)
    field = _may_lack(condition)
    asks_unknown = isinstance(condition, IsKnown) and not condition.known
    return frozenset({field}) if field is not None and asks_unknown is negated else frozenset()


def _possible(condition: Condition, binds: Binds, *, negated: bool = False) -> ColumnElement[bool]:
    """SQL: who fulfils the condition, or would if what is unknown of him fitted it."""
    if isinstance(condition, Not):
        return _possible(condition.part, binds, negated=not negated)
    if isinstance(condition, All | AnyOf):
        parts = [_possible(part, binds, negated=negated) for part in condition.parts]
        return and_(*parts) if isinstance(condition, All) is not negated else or_(*parts)
    field = _may_lack(condition)
    if field is None or not _needed(condition, negated=negated):
        found = condition.sql(binds)
        return not_(found) if negated else found
    if isinstance(condition, IsKnown):
        return true()
    return or_(condition.sql(binds), not_(field.known(binds)))
