"""Facets: what people are told apart by in a report: a field, an attribute, an answer, tags, segments."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, literal, null, select

from core.db import table
from core.people import activity
from core.people.models import Tag
from core.reports import bins
from core.reports.chunks import sampled, share_of
from core.segments import catalogue
from core.segments.audience import PEOPLE
from core.segments.binds import Binds
from core.segments.conditions import IsKnown
from core.segments.derived import AgeField
from core.segments.errors import SegmentError
from core.segments.fields import SUBSCRIBERS, AnyField, Field, Kind, RowField
from core.segments.models import Membership, Segment
from core.segments.presets import family_titles
from core.segments.scores.fields import SCORES, joined
from core.segments.titles import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from core.quizzes.loader import Library
    from core.reports.bins import Bins, Words

ENOUGH = 4000  # values looked at to choose edges
MOSTLY = 0.8  # an attribute is a number or a date where so many of its values are
_TAGS, _STAYS = table(Tag), table(Membership)
_YES_NO: tuple[Words, ...] = (("yes", "да", "yes"), ("no", "нет", "no"))


def _as_it_is(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column


@dataclass(frozen=True, eq=False)
class Facet:
    """One way to tell people apart. `raw` is a person's value, `told` turns it into the key of a word.

    A facet of `is_several` gives a person a row for each of his values. Values of one that `is_ordered` stand
    in the order of `words` and none is folded; of others the commonest are shown.
    """

    name: str  # as the command line takes it: city, quiz entry.role, tags interest, segments money
    titles: tuple[str, str]
    raw: ColumnElement[Any]
    join: tuple[FromClause, ColumnElement[bool]] | None = None
    told: Callable[[ColumnElement[Any]], ColumnElement[Any]] = field(default=_as_it_is, repr=False)
    words: tuple[Words, ...] = ()
    is_ordered: bool = False
    is_several: bool = False
    has_unknown: bool = True
    unknown: tuple[str, str] = ("неизвестно", "unknown")
    texts: tuple[Select[str], ColumnElement[Any]] | None = None  # what people wrote, and the key of it

    def title(self, language: str) -> str:
        """Return its name for people."""
        return self.titles[language == "en"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What edges and words of facets depend on."""

    now: datetime
    currency: str = "RUB"
    library: Library | None = None


def facet(session: Session, name: str, terms: Terms) -> Facet:
    """Return the facet of a name: a field, `quiz Q.A`, `tags`, `tags FAMILY`, `segments FAMILY`, `segment S`.

    Raises SegmentError for a name that means nothing here.
    """
    return facets(session, (name,), terms)[0]


def facets(session: Session, names: Sequence[str], terms: Terms) -> list[Facet]:
    """Return the facets of many names; the values that edges are chosen by are read for all at once.

    Raises SegmentError for a name that means nothing here.
    """
    known = catalogue.known(session)
    rows = [_of_rows(session, name.strip(), terms) for name in names]
    fields = {
        name: _resolved(known, name.strip()) for name, one in zip(names, rows, strict=True) if one is None
    }
    seen = _seen_values(session, [field for field in fields.values() if _is_cut(field)])
    return [
        one or _of_field(session, fields[name], terms, seen) for name, one in zip(names, rows, strict=True)
    ]


def _of_rows(session: Session, name: str, terms: Terms) -> Facet | None:
    kind, _, rest = name.partition(" ")
    if kind == "tags":
        return _tags(rest.strip())
    if kind == "segments" and rest:
        return _segments(session, rest.strip())
    if kind == "segment" and rest:
        return membership(session, rest.strip().strip('"'), terms)
    if kind == "quiz" and "." in rest:
        quiz, _, question = rest.strip().partition(".")
        return _answers(session, quiz, question, terms)
    return None


def _resolved(known: catalogue.Known, name: str) -> AnyField:
    if name.startswith("attr."):
        return RowField("attributes", (name[5:].strip('"'),))
    try:
        return catalogue.resolve(name, known)
    except LookupError as error:
        raise SegmentError(f"{error}; or write quiz NAME.QUESTION, tags FAMILY, segments FAMILY") from None


def membership(session: Session, name: str, terms: Terms) -> Facet:
    """Return the facet "in this segment or not". Raises SegmentError if there is no such segment."""
    segment = session.execute(
        select(Segment.id, Segment.title_ru, Segment.title_en).where(Segment.name == name)
    ).first()
    if segment is None:
        raise SegmentError(f"there is no segment `{name[:64]}`")
    stays = _STAYS.alias()
    own = (stays.c.subscriber_id == SUBSCRIBERS.c.id, stays.c.segment_id == segment[0])
    inside = case((stays.c.segment_id.is_(None), literal("no")), else_=literal("yes"))
    return Facet(
        f'segment "{name}"',
        (segment[1], segment[2]),
        inside,
        (stays, and_(*own, stays.c.left_at.is_(None))),
        words=_YES_NO,
        is_ordered=True,
        has_unknown=False,
    )


def _segments(session: Session, family: str) -> Facet:
    found = session.execute(
        select(Segment.id, Segment.title_ru, Segment.title_en)
        .where(Segment.family == family, Segment.enabled.is_(True))
        .order_by(Segment.id)
    ).all()
    if not found:
        raise SegmentError(f"there is no family of segments `{family[:64]}`")
    stays = _STAYS.alias()
    numbers = [row[0] for row in found]
    ru, en = family_titles(family)
    own = (stays.c.subscriber_id == SUBSCRIBERS.c.id, stays.c.segment_id.in_(numbers))
    return Facet(
        f"segments {family}",
        (f"сегменты «{ru}»", f"segments “{en}”"),
        case({number: literal(str(number)) for number in numbers}, value=stays.c.segment_id),
        (stays, and_(*own, stays.c.left_at.is_(None))),
        words=tuple((str(number), title_ru, title_en) for number, title_ru, title_en in found),
        is_several=True,
        unknown=("ни в одном", "in none"),
    )


def _tags(family: str) -> Facet:
    """Tags with a colon belong to the family before it; the others are one family without a name."""
    tags = _TAGS.alias()
    own = tags.c.subscriber_id == SUBSCRIBERS.c.id
    if family:
        which = and_(tags.c.tag > f"{family}:", tags.c.tag < f"{family};")
        titles = (f"метки «{family}»", f"tags “{family}”")
    else:
        which = tags.c.tag.not_like("%:%")
        titles = ("метки", "tags")
    join = (tags, and_(own, which))
    name = f"tags {family}".strip()
    return Facet(name, titles, tags.c.tag, join, is_several=True, unknown=("ни одной", "none"))


def _answers(session: Session, quiz: str, question: str, terms: Terms) -> Facet:
    found = RowField("answers", (quiz, question))
    if terms.library is not None:
        said = spoken(IsKnown(found, True), terms.library)
        found = getattr(said, "field", found)
    rows = found.source.alias()
    own = (rows.c.subscriber_id == SUBSCRIBERS.c.id, rows.c.quiz == quiz, rows.c.question == question)
    titles = (found.title("ru"), found.title("en"))
    join = (rows, and_(*own))
    name = f"quiz {quiz}.{question}"
    seen = _seen_rows(session, rows, *own[1:]) if question == "score" else []
    numbers = [float(row[0]) for row in seen if row[0] is not None]
    if numbers:
        cut = bins.of_numbers(bins.edges(numbers), min(numbers), whole=_whole(numbers))
        return _binned(name, titles, rows.c.number, cut, join)
    return Facet(
        name, titles, rows.c.folded, join,
        words=found.choices, is_several=True, texts=(select(rows.c.text).where(*own[1:]), rows.c.folded),
    )  # fmt: skip


def _of_field(session: Session, found: AnyField, terms: Terms, seen: dict[str, list[float]]) -> Facet:
    if isinstance(found, RowField):
        return _attribute(session, found, terms)
    titles = (found.title("ru"), found.title("en"))
    name = found.name
    if isinstance(found, AgeField):
        return Facet(
            name, titles, _age(found, terms), words=bins.of_numbers(bins.AGES, 0, whole=True).words,
            is_ordered=True,
        )  # fmt: skip
    match found.kind:
        case Kind.FLAG | Kind.MARK:
            yes = found.column.is_not(None) if found.kind is Kind.MARK else found.column
            raw = case((yes, literal("yes")), else_=literal("no"))
            return Facet(name, titles, raw, words=_YES_NO, is_ordered=True, has_unknown=False)
        case Kind.NUMBER | Kind.MONEY:
            return _binned(name, titles, found.column, _bins(found, seen[name], terms), None)
        case Kind.MOMENT:
            return _binned(name, titles, found.column, bins.of_moments(terms.now), None)
    return Facet(name, titles, found.column, words=found.choices, is_ordered=bool(found.choices))


def _bins(found: Field, values: list[float], terms: Terms) -> Bins:
    cuts, least = bins.edges(values) if values else (), min(values, default=0.0)
    if found.kind is Kind.MONEY:
        return bins.of_money(cuts, least, terms.currency)
    return bins.of_numbers(cuts, least, whole=_whole(values))


def _age(found: AgeField, terms: Terms) -> ColumnElement[Any]:
    binds = Binds({}, (terms.now, activity.zone()))
    arms: list[Any] = [
        (found.holds("<", [Decimal(int(age))], binds), literal(bins.key(place)))
        for place, age in enumerate(bins.AGES)
    ]
    return case(*arms, (found.known(binds), literal(bins.key(len(bins.AGES)))), else_=None)


def _attribute(session: Session, found: RowField, terms: Terms) -> Facet:
    rows = found.source.alias()
    join = (rows, and_(rows.c.subscriber_id == SUBSCRIBERS.c.id, rows.c.key == found.key[0]))
    titles = (found.title("ru"), found.title("en"))
    seen = _seen_rows(session, rows, rows.c.key == found.key[0])
    numbers = [float(row[0]) for row in seen if row[0] is not None and row[2][:1] in bins.DIGITS]
    if numbers and len(numbers) >= MOSTLY * len(seen):
        cut = bins.of_numbers(bins.edges(numbers), min(numbers), whole=_whole(numbers))
        return _binned(found.text(), titles, rows.c.number, cut, join)
    if seen and sum(row[1] is not None for row in seen) >= MOSTLY * len(seen):
        return _binned(found.text(), titles, rows.c.moment, bins.of_moments(terms.now), join)
    texts = (select(rows.c.text).where(rows.c.key == found.key[0]), rows.c.folded)
    return Facet(found.text(), titles, rows.c.folded, join, words=found.choices, texts=texts)


def _binned(
    name: str,
    titles: tuple[str, str],
    raw: ColumnElement[Any],
    cut: Bins,
    join: tuple[FromClause, ColumnElement[bool]] | None,
) -> Facet:
    return Facet(name, titles, raw, join, told=cut.of, words=cut.words, is_ordered=True)


def _is_cut(found: AnyField) -> bool:
    is_number = isinstance(found, Field) and found.kind in (Kind.NUMBER, Kind.MONEY)
    return is_number and not isinstance(found, AgeField)


def _seen_values(session: Session, fields: Sequence[Any]) -> dict[str, list[float]]:
    """Return the values of these fields that a sample of people has, all read in one statement."""
    if not fields:
        return {}
    columns = [joined(field.column) for field in fields]
    people = PEOPLE.outerjoin(SCORES, SCORES.c.subscriber_id == SUBSCRIBERS.c.id)
    rows = session.execute(select(*columns).select_from(people).where(*sampled(session, ENOUGH))).all()
    return {
        field.name: [float(row[place]) for row in rows if row[place] is not None]
        for place, field in enumerate(fields)
    }


def _seen_rows(session: Session, rows: Any, *which: ColumnElement[bool]) -> Sequence[Any]:
    """Return number, moment and text of a sample of the rows of one attribute or question."""
    moment = rows.c.moment if "moment" in rows.c else null()
    count = session.scalar(select(func.count()).select_from(rows).where(*which)) or 0
    some = share_of(rows.c.subscriber_id, count, ENOUGH)
    return session.execute(select(rows.c.number, moment, rows.c.text).where(*which, *some)).all()


def _whole(values: list[float]) -> bool:
    return all(value.is_integer() for value in values)
