"""Subjects: what a line may ask about, by families, those with data first; and the subject of a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from core.db import table
from core.people import topics
from core.people.corrections import BOOKKEEPING
from core.people.models import DailyCount, Tag
from core.people.text import fold
from core.sales.models import Purchase
from core.segments import catalogue
from core.segments.builder.families import ALSO, FAMILIES, KINDS, NAMES, TITLES
from core.segments.conditions import (
    Event,
    GetsTopic,
    InSegment,
    Purchased,
    QuizTaken,
    Reaction,
    Spent,
    Tagged,
)
from core.segments.errors import RuleError
from core.segments.fields import ATTRIBUTES, Field, RowField
from core.segments.having import has_values
from core.segments.language import parse
from core.segments.models import Segment
from core.segments.scores.fields import FIELDS as SCORES
from core.segments.titles import spoken
from core.segments.well_known import WELL_KNOWN
from core.segments.words import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.quizzes.loader import Library
    from core.segments.conditions import Condition
    from core.segments.fields import AnyField
    from core.segments.words import Language

_DAILY, _TAGS, _PURCHASES = table(DailyCount), table(Tag), table(Purchase)
_RECENT = 3000  # people whose counters are looked through for kinds of events
_MOST = 40  # tags, events, segments to choose from; others are found by typing
_QUOTED = re.compile(r"[«“](.+)[»”]")
_OWN_EVENTS = ("segment_entered", "segment_left")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a line asks about: `text` is how a rule says it, `kind` which forms it takes."""

    text: str
    kind: str
    title: str
    has_data: bool = True
    count: int | None = None  # of people, where that is known anyway

    @property
    def key(self) -> str:
        """What names it in a draft."""
        return f"{self.kind}|{self.text}"


class Subjects:
    """The subjects of a database at a moment, in a language."""

    def __init__(
        self, session: Session, library: Library, language: Language, now: datetime, but: str = ""
    ) -> None:
        self._session = session
        self._library = library
        self._language = language
        self._now = now
        self._but = but  # the segment being edited: it cannot ask for itself
        self._known = catalogue.known(session)

    def of(self, family: str) -> list[Subject]:
        """Return the subjects of a family: those with data first, otherwise in the order of the catalogue."""
        found: list[Subject] = list(getattr(self, f"_{family}")())
        return sorted(found, key=lambda subject: not subject.has_data)

    def like(self, typed: str) -> list[Subject]:
        """Return the subjects of all families in whose title or text all typed words begin a word."""
        words = fold(typed).split()[:8]
        found = []
        for family in FAMILIES:
            for subject in self.of(family):
                more = ALSO.get(subject.text, "")
                said = re.split(r"[\W_]+", fold(f"{subject.title} {subject.text} {more}"))
                if words and all(any(part.startswith(word) for part in said) for word in words):
                    found.append(subject)
        found = [one for one in found if not self._is_copied(one, {other.text for other in found})]
        return sorted(found, key=lambda one: one.text.startswith("quiz "))[:_MOST]

    def _is_copied(self, subject: Subject, listed: set[str]) -> bool:
        """Say whether a question only fills an attribute that is listed too, there in one spelling."""
        condition: Any = parse(f"{subject.text} is known") if subject.text.startswith("quiz ") else None
        if condition is None:
            return False
        quiz, name = condition.field.key
        loaded = self._library.quizzes.get(quiz)
        questions = loaded.quiz.questions if loaded is not None else ()
        return any(one.id == name and one.attribute in listed for one in questions)

    def field(self, field: AnyField) -> Subject:
        """Return the subject of a field."""
        has_data = has_values(self._session, field)
        if isinstance(field, Field):
            title = TITLES.get(field.name, field.titles)[self._language == "en"]
            return Subject(field.text(), KINDS[field.kind], title, has_data)
        kind = "choice" if field.table == "answers" and field.choices else self._row_kind(field)
        title = field.title(self._language)
        quoted = _QUOTED.search(title)
        if field.table == "answers" and quoted and field.key[1] not in ("result", "score"):
            title = quoted[1]
        return Subject(field.text(), kind, title, has_data)

    def _row_kind(self, field: RowField) -> str:
        """Tell dates, numbers and texts apart by what there is; of an empty one by its name."""
        source = field.source
        own = (source.c[name] == part for name, part in zip(_keys(field), field.key, strict=True))
        rows = select(source.c.number, *_moment(field)).where(*own).limit(200).subquery()
        counts = [func.count(), func.count(rows.c.number)]
        if field.table == "attributes":
            counts.append(func.count(rows.c.moment))
        total, numbers, *moments = self._session.execute(select(*counts)).one()
        if not total:
            is_date = field.key[-1].endswith("_at") or field.key[-1] == "birthday"
            return ("yearly" if field.key[-1] == "birthday" else "date") if is_date else "choice"
        if moments and moments[0] * 2 > total:
            return "yearly" if field.key[-1] == "birthday" else "date"
        return "figure" if numbers * 2 > total else "choice"

    # -- families, each by its name ---------------------------------------------------------------

    def _answers(self) -> Iterator[Subject]:
        for quiz_id, loaded in sorted(self._library.quizzes.items()):
            for question in loaded.quiz.questions:
                subject = self._answer(f"quiz {write(quiz_id)}.{write(question.id)}")
                if subject is not None:
                    yield subject
        yield from self._walks()

    def _walks(self) -> Iterator[Subject]:
        has_data = self._happened("quiz_started")
        for quiz_id, loaded in sorted(self._library.quizzes.items()):
            title = loaded.quiz.title.of(loaded.quiz.language_for(self._language))
            said = f"«{title}»" if self._language == "ru" else f"“{title}”"
            finished, started = (
                ("пройден квиз", "начат квиз") if self._language == "ru" else ("finished", "began")
            )
            yield Subject(f"finished quiz {write(quiz_id)}", "walk", f"{finished} {said}", has_data)
            yield Subject(f"started quiz {write(quiz_id)}", "walk", f"{started} {said}", has_data)

    def _answer(self, text: str) -> Subject | None:
        condition: Any = spoken(parse(f"{text} is known"), self._library)
        subject = self.field(condition.field)
        return subject if subject.has_data or condition.field.choices else None

    def _person(self) -> Iterator[Subject]:
        yield from self._catalogued("person")
        for key in [*WELL_KNOWN, *sorted(self._known.attributes - WELL_KNOWN.keys() - BOOKKEEPING)]:
            if key not in catalogue.FIELDS:
                yield self.field(RowField("attributes", (key,)))

    def _activity(self) -> Iterator[Subject]:
        yield from self._catalogued("activity")

    def _letters(self) -> Iterator[Subject]:
        yield from self._catalogued("letters")
        for one in topics.everything(self._session):
            if one.is_active:
                yield self._topic(one.title(self._language))

    def _topic(self, name: str) -> Subject:
        title = f"тема «{name}»" if self._language == "ru" else f"the topic “{name}”"
        return Subject(f"topic {write(name)}", "topic", title)

    def _scores(self) -> Iterator[Subject]:
        for field in SCORES:
            yield self.field(field)

    def _purchases(self) -> Iterator[Subject]:
        yield from self._catalogued("purchases")
        has_data = bool(self._session.scalar(select(exists().where(_PURCHASES.c.id > 0))))
        russian = self._language == "ru"
        bought = "есть покупка за срок" if russian else "a purchase within a time"
        sums = "сумма покупок за срок" if russian else "the sum of purchases within a time"
        goods = "сумма покупок товара за срок" if russian else "the sum of purchases of one product"
        yield Subject("purchased", "bought", bought, has_data)
        yield Subject("spent", "spending", sums, has_data)
        yield Subject("spent", "goods", goods, has_data)

    def _events(self) -> Iterator[Subject]:
        newest = self._session.scalar(select(func.max(_DAILY.c.subscriber_id))) or 0
        query = (
            select(_DAILY.c.kind)
            .where(_DAILY.c.subscriber_id > newest - _RECENT, _DAILY.c.kind.not_in(_OWN_EVENTS))
            .distinct()
            .order_by(_DAILY.c.kind)
        )
        for kind in self._session.scalars(query.limit(_MOST)):
            yield Subject(f"event {write(kind)}", "event", kind)

    def _tags(self) -> Iterator[Subject]:
        query = (
            select(_TAGS.c.tag, func.count()).group_by(_TAGS.c.tag).order_by(func.count().desc(), _TAGS.c.tag)
        )
        for tag, count in self._session.execute(query.limit(_MOST)):
            yield Subject(f"tag {write(tag)}", "tag", tag, count=count)

    def _segments(self) -> Iterator[Subject]:
        query = (
            select(Segment).where(Segment.enabled.is_(True), Segment.name != self._but).order_by(Segment.id)
        )
        for row in self._session.scalars(query):
            title = row.title_ru if self._language == "ru" else row.title_en
            yield Subject(f"in segment {write(row.name)}", "segment", title, count=row.size)

    def _catalogued(self, family: str) -> Iterator[Subject]:
        listed = {name for names in NAMES.values() for name in names} | {field.name for field in SCORES}
        names = list(NAMES[family])
        if family == "activity":  # what the catalogue learns later stands here until it has a family
            names += [name for name in catalogue.FIELDS if name not in listed]
        for name in names:
            if name in catalogue.FIELDS:
                yield self.field(catalogue.FIELDS[name])

    def _happened(self, kind: str) -> bool:
        query = select(_DAILY.c.kind).where(_DAILY.c.kind == kind).limit(1)
        return self._session.scalar(query) is not None

    # -- the subject of a line --------------------------------------------------------------------

    def of_line(self, condition: Condition) -> Subject | None:
        """Return what a line asks about, None for one that only text can say."""
        field = getattr(spoken(condition, self._library), "field", None)
        if field is not None:
            return self.field(field)
        title = condition.sentence(self._language)
        match condition:
            case Event():
                return Subject(f"event {write(condition.kind)}", "event", condition.kind)
            case Tagged():
                return Subject(condition.text(), "tag", condition.tag)
            case GetsTopic():
                return self._topic(condition.name)
            case InSegment():
                return Subject(f"in segment {write(condition.name)}", "segment", condition.name)
            case Purchased():
                return Subject("purchased", "bought", title)
            case Spent():
                return Subject("spent", "goods" if condition.on is not None else "spending", title)
            case QuizTaken():
                return Subject(f"{condition.act} quiz {write(condition.quiz)}", "walk", title)
            case Reaction():
                of = write(condition.of) if condition.act == "finished" else condition.of
                what = "series" if condition.act == "finished" else "campaign"
                return Subject(f"{condition.act} {what} {of}", "walk", title)
        return None

    def by_key(self, key: str) -> Subject:
        """Return the subject a draft names. Raises RuleError if a rule cannot say it any more."""
        kind, _, text = key.partition("|")
        if kind in ("bought", "spending", "goods", "event", "tag", "topic", "segment", "walk"):
            return Subject(text, kind, text)
        condition: Any = spoken(parse(f"{text} is known", self._known), self._library)
        field = getattr(condition, "field", None)
        if field is None:
            raise RuleError(f"`{text}` is no field")
        return self.field(field)


def _keys(field: RowField) -> tuple[str, ...]:
    return ("key",) if field.table == "attributes" else ("quiz", "question")


def _moment(field: RowField) -> tuple[Any, ...]:
    return (ATTRIBUTES.c.moment,) if field.table == "attributes" else ()
