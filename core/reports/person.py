"""One person's card: everything that is known of him, in one read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, true

from core.mailing.reasons import HELD_BACK, NO_CONSENT, STATUS_REASONS, TOPIC_OFF
from core.people import search, topics
from core.people.gender import kept
from core.people.models import Attribute, Profile, Subscriber, Tag
from core.people.subscribers import Status
from core.people.text import full_name
from core.quizzes.models import Answer
from core.sales.models import IS_PURCHASE, Purchase
from core.segments.models import Membership, Segment
from core.segments.scores import runs
from core.segments.scores.models import Score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.people.search import Hit
    from core.segments.scores.scheme import Scheme

PAGE = 10  # people or segments on one page of buttons
_OUTCOMES = ("result",)


@dataclass(frozen=True, slots=True)
class Fact:
    """One attribute: its number and moment decide how it is said."""

    key: str
    text: str
    number: float | None
    moment: datetime | None
    origin: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """One answered question of a quiz: the folded ids and the stored words of what was chosen."""

    quiz: str
    question: str
    options: tuple[str, ...]
    texts: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Stay:
    """A segment the person is or was in."""

    number: int
    title_ru: str
    title_en: str
    entered_at: datetime
    left_at: datetime | None

    def title(self, language: str) -> str:
        """Return the title in a language."""
        return self.title_ru if language == "ru" else self.title_en


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Everything the card shows; sums are minor units of the base currency."""

    person: Subscriber
    profile: Profile
    facts: tuple[Fact, ...]
    answers: tuple[Given, ...]
    tags: tuple[str, ...]
    topics_left: tuple[str, ...]
    scores: dict[str, Any]
    scheme: Scheme  # what they were made by
    stays: tuple[Stay, ...]
    reasons: tuple[str, ...]  # why no advertising letter may be sent, as core.mailing.reasons names them
    last_purchase: str

    @property
    def name(self) -> str:
        """First and last name."""
        return full_name(self.person.first_name, self.person.last_name)

    def fact(self, key: str) -> Fact | None:
        """Return one attribute."""
        return next((fact for fact in self.facts if fact.key == key), None)


@dataclass(frozen=True, slots=True)
class Page:
    """Some of many: `total` of all, `first` is the place of the first shown.

    `newer` and `older`: what the pages beside it begin beyond, None where there is none.
    """

    rows: tuple[tuple[Hit, datetime], ...]
    first: int
    total: int
    title_ru: str
    title_en: str
    newer: int | None = None
    older: int | None = None


def find(session: Session, text: str) -> list[Hit]:
    """Return the people an owner asks for; also by the number of an order."""
    owner = select(Purchase.subscriber_id).where(Purchase.order_id == text.strip())
    bought = search.people(session, list(session.scalars(owner)))
    return [*bought, *(hit for hit in search.find(session, text) if hit not in bought)]


def card(session: Session, subscriber_id: int, language: str) -> PersonCard | None:
    """Return a person's card, None for one who does not exist or was erased."""
    person = session.get(Subscriber, subscriber_id)
    profile = session.get(Profile, subscriber_id)
    if person is None or profile is None or person.erased_at is not None:
        return None
    last = runs.last_findings(session)
    left = tuple(one.title for one in topics.of(session, subscriber_id, language) if not one.is_on)
    return PersonCard(
        person=person,
        profile=profile,
        facts=tuple(_facts(session, subscriber_id)),
        answers=tuple(_answers(session, subscriber_id)),
        tags=tuple(tags(session, subscriber_id)),
        topics_left=left,
        scores=_scores(session, subscriber_id, last),
        scheme=runs.told_scheme(last),
        stays=stays(session, subscriber_id, only_open=True),
        reasons=_reasons(session, person, has_left_topics=bool(left)),
        last_purchase=_last_purchase(session, subscriber_id),
    )


def inside(
    session: Session, segment_id: int, first: int, beyond: int = 0, *, is_newer: bool = False
) -> Page | None:
    """Return a page of a segment's people, who entered last first; None for a segment that is gone.

    It begins after the stay `beyond` (0: with the last who entered), or ends before it, and stands at the
    place `first`: the last page of a million costs what the first does.
    """
    segment = session.get(Segment, segment_id)
    if segment is None or segment.deleted_at is not None:
        return None
    query = select(Membership.id, Membership.subscriber_id, Membership.entered_at).where(
        Membership.segment_id == segment_id, Membership.left_at.is_(None)
    )
    if is_newer and not first:  # the top as it is by now, with who came meanwhile
        return inside(session, segment_id, 0)
    if is_newer:
        query = query.where(Membership.id > beyond).order_by(Membership.id)
    else:
        query = query.where(Membership.id < beyond if beyond else true()).order_by(Membership.id.desc())
    found = session.execute(query.limit(PAGE + 1)).all()
    rows = list(found[:PAGE])
    if is_newer:
        rows.reverse()
    since: dict[int, datetime] = {row.subscriber_id: row.entered_at for row in rows}
    hits = search.people(session, list(since))
    has_older = is_newer or len(found) > PAGE
    return Page(
        tuple((hit, since[hit.id]) for hit in hits),
        first,
        segment.size,
        segment.title_ru,
        segment.title_en,
        rows[0].id if rows and first else None,
        rows[-1].id if rows and has_older else None,
    )


def segments(session: Session, subscriber_id: int) -> list[tuple[int, str, str, bool]]:
    """Return every segment in force with whether the person is in it: his own first, then by name."""
    mine = {stay.number for stay in stays(session, subscriber_id, only_open=True)}
    query = select(Segment.id, Segment.title_ru, Segment.title_en).where(Segment.enabled.is_(True))
    rows = [(number, ru, en, number in mine) for number, ru, en in session.execute(query)]
    return sorted(rows, key=lambda row: (not row[3], row[1].casefold(), row[0]))


def stays(session: Session, subscriber_id: int, *, only_open: bool = False) -> tuple[Stay, ...]:
    """Return the segments a person is in, or every stay he ever had, the latest first."""
    query = (
        select(Segment.id, Segment.title_ru, Segment.title_en, Membership.entered_at, Membership.left_at)
        .join(Segment, Segment.id == Membership.segment_id)
        .where(Membership.subscriber_id == subscriber_id)
        .order_by(Membership.entered_at.desc(), Segment.id)
    )
    if only_open:
        query = query.where(Membership.left_at.is_(None), Segment.enabled.is_(True))
    return tuple(Stay(*row) for row in session.execute(query))


def tags(session: Session, subscriber_id: int) -> Sequence[str]:
    """Return a person's tags by name."""
    return session.scalars(select(Tag.tag).where(Tag.subscriber_id == subscriber_id).order_by(Tag.tag)).all()


def _facts(session: Session, subscriber_id: int) -> list[Fact]:
    columns = (Attribute.key, Attribute.text, Attribute.number, Attribute.moment, Attribute.origin)
    query = select(*columns, Attribute.updated_at).where(Attribute.subscriber_id == subscriber_id)
    return [
        Fact(*row) for row in session.execute(query.order_by(Attribute.key)) if row.key != kept.CORRECTION
    ]


def _answers(session: Session, subscriber_id: int) -> list[Given]:
    columns = (Answer.quiz, Answer.question, Answer.folded, Answer.text, Answer.answered_at)
    query = select(*columns).where(Answer.subscriber_id == subscriber_id, Answer.question.not_in(_OUTCOMES))
    rows: dict[tuple[str, str], list[Any]] = {}
    for row in session.execute(query.order_by(Answer.answered_at, Answer.question, Answer.folded)):
        rows.setdefault((row.quiz, row.question), []).append(row)
    return [
        Given(
            quiz, question, tuple(r.folded for r in found), tuple(r.text for r in found), found[0].answered_at
        )
        for (quiz, question), found in rows.items()
    ]


def _scores(session: Session, subscriber_id: int, last: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known; money of a base too small for a projection is only what the card tells anyway."""
    row = session.get(Score, subscriber_id)
    if row is None:
        return {}
    passed = {"subscriber_id"} if last.get("clv", {}).get("is_expected", True) else {"subscriber_id", "clv"}
    values = {column.name: getattr(row, column.name) for column in Score.__table__.columns}
    return {name: value for name, value in values.items() if value is not None and name not in passed}


def _reasons(session: Session, person: Subscriber, *, has_left_topics: bool) -> tuple[str, ...]:
    """Return every reason that holds now, in the order in which the first is told."""
    moments = (
        (person.blocked_at, Status.BLOCKED),
        (person.deactivated_at, Status.DEACTIVATED),
        (person.unreachable_at, Status.UNREACHABLE),
        (None if person.telegram_id else True, Status.KNOWN),
        (person.opted_out_at or person.suppressed_at, Status.STOPPED),
    )
    found = [STATUS_REASONS[status.value] for moment, status in moments if moment]
    found += [NO_CONSENT] if person.advertising_consent_at is None else []
    found += [tag for tag in HELD_BACK if session.get(Tag, (person.id, tag)) is not None]
    return (*found, TOPIC_OFF) if has_left_topics else tuple(found)


def _last_purchase(session: Session, subscriber_id: int) -> str:
    query = select(Purchase.product).where(Purchase.subscriber_id == subscriber_id, Purchase.product != "")
    query = query.where(IS_PURCHASE)
    return session.scalar(query.order_by(Purchase.at.desc()).limit(1)) or ""
