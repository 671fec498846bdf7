"""The card of one segment: its rule in words, its size over time, what its people answered and bought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from core import clock
from core.people import activity
from core.people.models import Profile
from core.quizzes.models import Answer
from core.segments import presets, rules
from core.segments.audience import sampled
from core.segments.completeness import scarce
from core.segments.errors import RuleError, SegmentError
from core.segments.fields import SUBSCRIBERS
from core.segments.language import parse
from core.segments.models import Membership, Segment, SegmentDay
from core.segments.preview import lacking

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from core.segments.audience import Sampled
    from core.segments.completeness import Lack
    from core.segments.words import Language

LANGUAGES: tuple[Language, ...] = ("ru", "en")
DAYS = 60
ANSWERS_SHOWN = 3  # of each question
SAMPLE = 5
_OUTCOMES = ("result", "score")  # stored beside the answers, but nobody was asked them


@dataclass(frozen=True, slots=True)
class Point:
    """A segment at the end of one local day, and who came and went during it."""

    day: date
    size: int
    entered: int
    left: int


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """How many members gave an answer. `option` is its folded id, `text` what was stored with it."""

    question: str
    option: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Money:
    """What the members bought: sums in minor units of the base currency."""

    buyers: int
    purchases: int
    total: int


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the card shows."""

    number: int
    name: str
    title_ru: str
    title_en: str
    family: str
    rule: str
    rule_ru: str
    rule_en: str
    size: int
    refreshed_at: datetime | None
    error: str | None
    points: tuple[Point, ...]
    answers: tuple[AnswerLine, ...]
    money: Money
    sample: tuple[Sampled, ...]
    enabled: bool = True
    preset: str | None = None  # which shipped segment it is made of
    has_parameters: bool = False
    use_ru: str = ""  # what it is good for
    use_en: str = ""
    is_generated: bool = False  # its rule is made of the other segments
    lacking_ru: tuple[str, ...] = ()  # of an empty one: which data were never recorded
    lacking_en: tuple[str, ...] = ()
    scarce: tuple[Lack, ...] = ()  # data the rule cannot do without that many people never told

    def title(self, language: str) -> str:
        """Return the title in a language."""
        return self.title_ru if language == "ru" else self.title_en

    def sentence(self, language: str) -> str:
        """Return the rule in words."""
        return self.rule_ru if language == "ru" else self.rule_en

    def use(self, language: str) -> str:
        """Return what it is good for."""
        return self.use_ru if language == "ru" else self.use_en

    def lacking(self, language: str) -> tuple[str, ...]:
        """Return in words which data were never recorded."""
        return self.lacking_ru if language == "ru" else self.lacking_en


def card(session: Session, name: str | int, now: datetime, quiz: str = "entry") -> Card:
    """Return the card of a segment by name or number, with answers to one quiz.

    Raises SegmentError if there is no such segment.
    """
    column = Segment.id if isinstance(name, int) else Segment.name
    segment = session.scalar(select(Segment).where(column == name))
    if segment is None or segment.deleted_at is not None:
        raise SegmentError(f"There is no segment {name!r}; it may have been removed, open /segments again.")
    info = rules.info(segment)
    return Card(
        number=segment.id,
        name=segment.name,
        title_ru=segment.title_ru,
        title_en=segment.title_en,
        family=segment.family,
        rule=segment.rule,
        rule_ru=info.sentence("ru"),
        rule_en=info.sentence("en"),
        size=segment.size,
        refreshed_at=segment.refreshed_at,
        error=segment.error,
        points=tuple(points(session, segment.id, now)),
        answers=tuple(_answers(session, segment.id, quiz)),
        money=_money(session, segment.id),
        sample=_sample(session, segment.id),
        enabled=segment.enabled,
        **_shipped(session, segment),
        **_data(session, segment, now),
    )


def _shipped(session: Session, segment: Segment) -> dict[str, Any]:
    """Return what a shipped segment says of itself."""
    preset = presets.kind(segment.preset or segment.name) if segment.is_preset else None
    if preset is None:
        return {}
    values = presets.offer(session, segment.name).values
    return {
        "preset": preset.name,
        "has_parameters": bool(preset.parameters),
        "use_ru": preset.use("ru", values),
        "use_en": preset.use("en", values),
        "is_generated": preset.is_generated,
    }


def is_lacking(session: Session, rule: str) -> bool:
    """Return whether a rule asks for data that nobody has."""
    try:
        return next(lacking(session, parse(rule), "en"), None) is not None
    except RuleError:
        return False


def _data(session: Session, segment: Segment, now: datetime) -> dict[str, Any]:
    """Say which data the rule waits for: of an empty segment those that nobody has, in both languages."""
    try:
        condition = parse(segment.rule)
    except RuleError:  # of another version: the card shows it stale
        return {}
    found: dict[str, Any] = {"scarce": scarce(session, condition, now)}
    for language in () if segment.size else LANGUAGES:
        found[f"lacking_{language}"] = tuple(dict.fromkeys(lacking(session, condition, language)))
    return found


def points(session: Session, segment_id: int, now: datetime, days: int = DAYS) -> list[Point]:
    """Return the size day by day without gaps: a day on which nothing was written is like the day before."""
    today = clock.local_day(now, activity.zone())
    first = today - timedelta(days=days - 1)
    query = select(SegmentDay.day, SegmentDay.size, SegmentDay.entered, SegmentDay.left)
    rows = session.execute(
        query.where(SegmentDay.segment_id == segment_id, SegmentDay.day <= today).order_by(SegmentDay.day)
    ).all()
    stored = {day: Point(day, size, entered, left) for day, size, entered, left in rows}
    if not stored:
        return []
    before = [day for day in stored if day < first]
    begin = first if before else max(first, min(stored))
    last = stored[max(before)].size if before else 0
    found: list[Point] = []
    for shift in range((today - begin).days + 1):
        day = begin + timedelta(days=shift)
        found.append(stored.get(day) or Point(day, last, 0, 0))
        last = found[-1].size
    return found


def _members(segment_id: int) -> Select[int]:
    return select(Membership.subscriber_id).where(
        Membership.segment_id == segment_id, Membership.left_at.is_(None)
    )


def _answers(session: Session, segment_id: int, quiz: str) -> list[AnswerLine]:
    """Return the commonest answers of each question among the members."""
    members = _members(segment_id).subquery()
    count = func.count()
    query = (
        select(Answer.question, Answer.folded, func.min(Answer.text), count)
        .join(members, members.c.subscriber_id == Answer.subscriber_id)
        .where(Answer.quiz == quiz, Answer.question.not_in(_OUTCOMES))
        .group_by(Answer.question, Answer.folded)
        .order_by(Answer.question, count.desc(), Answer.folded)
    )
    found: dict[str, list[AnswerLine]] = {}
    for question, folded, text, number in session.execute(query):
        lines = found.setdefault(question, [])
        if len(lines) < ANSWERS_SHOWN:
            lines.append(AnswerLine(question, folded, text or folded, number))
    return [line for lines in found.values() for line in lines]


def _money(session: Session, segment_id: int) -> Money:
    members = _members(segment_id).subquery()
    query = (
        select(
            func.count(),
            func.coalesce(func.sum(Profile.purchases_count), 0),
            func.coalesce(func.sum(Profile.purchases_total), 0),
        )
        .join(members, members.c.subscriber_id == Profile.subscriber_id)
        .where(Profile.purchases_count > 0)
    )
    buyers, purchases, total = session.execute(query).one()
    return Money(buyers, int(purchases), int(total))


def _sample(session: Session, segment_id: int) -> tuple[Sampled, ...]:
    """Return those who entered last."""
    newest = (
        select(SUBSCRIBERS.c.id)
        .join(Membership, Membership.subscriber_id == SUBSCRIBERS.c.id)
        .where(Membership.segment_id == segment_id, Membership.left_at.is_(None))
        .order_by(Membership.id.desc())
        .limit(SAMPLE)
    )
    return sampled(session, newest)
