"""Topics: what the business writes about, and which of it each person has left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, select

from core.db import note_touched
from core.errors import KvizorError
from core.people.choices import Topic, TopicChoice, TopicName, TopicOff
from core.people.models import Subscriber
from core.people.text import clean, fold

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

LONGEST_TITLE = 32  # it stands in buttons
MOST = 20  # topics at a time: more nobody reads through


class TopicError(KvizorError):
    """A topic cannot be made, named or found; the message says why.

    `kind` says it to programs: shape, length, many, taken, gone.
    """

    def __init__(self, message: str, kind: str = "gone") -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Shown:
    """A topic as the owner sees it; `left_count` people have left it."""

    id: int
    title_ru: str
    title_en: str
    is_active: bool
    left_count: int = 0

    def title(self, language: str) -> str:
        """Return its name in a language."""
        return self.title_ru if language == "ru" else self.title_en


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic as a person sees it: whether letters about it reach him."""

    id: int
    title: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a choice was made: the part of the interface, the message, the update."""

    path: str
    update_key: str
    message_id: int | None = None


# -- the owner ---------------------------------------------------------------------------------------


def read_titles(text: str) -> tuple[str, str]:
    """Return the Russian and the English name out of `Новинки | New arrivals`; raises TopicError.

    One name alone serves both languages.
    """
    parts = [" ".join(clean(part, 200).split()) for part in text.split("|")]
    if not 1 <= len(parts) <= 2 or not all(parts):
        raise TopicError("A topic has one name, or two with a | between: Russian | English.", "shape")
    if any(len(part) > LONGEST_TITLE for part in parts):
        raise TopicError(f"A topic's name is at most {LONGEST_TITLE} characters long.", "length")
    return parts[0], parts[-1]


def add(session: Session, text: str, key: str, now: datetime) -> int:
    """Make a topic of `Russian | English`; the same key returns the one made before. Raises TopicError."""
    known = session.scalar(select(Topic.id).where(Topic.key == key))
    if known is not None:
        return known
    titles = read_titles(text)
    _check_new(session, titles, but=0)
    last = session.scalar(select(func.max(Topic.position))) or 0
    topic = Topic(title_ru=titles[0], title_en=titles[1], position=last + 1, created_at=now, key=key)
    session.add(topic)
    session.flush()
    _name(session, topic.id, titles)
    return topic.id


def rename(session: Session, topic_id: int, text: str) -> None:
    """Give a topic other names; who left it has left it still. Raises TopicError.

    Rules that ask for it by the former name go on.
    """
    topic = _get(session, topic_id)
    titles = read_titles(text)
    _check_new(session, titles, but=topic_id)
    topic.title_ru, topic.title_en = titles
    _name(session, topic_id, titles)


def show(session: Session, topic_id: int, is_active: bool) -> None:
    """Offer a topic to people, or hide it; letters that carry it keep it either way. Raises TopicError."""
    _get(session, topic_id).is_active = is_active
    session.flush()


def everything(session: Session) -> list[Shown]:
    """Return all topics with the number of people who left each."""
    left = (
        select(TopicOff.topic_id, func.count().label("count"))
        .join(Subscriber, Subscriber.id == TopicOff.subscriber_id)
        .where(Subscriber.erased_at.is_(None))
        .group_by(TopicOff.topic_id)
        .subquery()
    )
    rows = session.execute(
        select(Topic, func.coalesce(left.c.count, 0))
        .outerjoin(left, left.c.topic_id == Topic.id)
        .order_by(Topic.position, Topic.id)
    )
    return [Shown(one.id, one.title_ru, one.title_en, one.is_active, count) for one, count in rows]


def find(session: Session, topic_id: int) -> Shown | None:
    """Return one topic."""
    one = session.get(Topic, topic_id)
    return None if one is None else Shown(one.id, one.title_ru, one.title_en, one.is_active)


def require(session: Session, title: str) -> int:
    """Return the number of the topic of this name, in either language; raises TopicError."""
    wanted, known = fold(title), everything(session)
    for one in known:
        if wanted in (fold(one.title_ru), fold(one.title_en)):
            return one.id
    names = ", ".join(repr(one.title_ru) for one in known) or "none yet"
    raise TopicError(f"There is no topic {title!r}; the topics are: {names}.")


def names(session: Session) -> frozenset[str]:
    """Return the folded names by which topics can be asked for: those they have and those they had."""
    return frozenset(session.scalars(select(TopicName.folded)))


def _name(session: Session, topic_id: int, titles: tuple[str, str]) -> None:
    for folded in dict.fromkeys(map(fold, titles)):
        session.merge(TopicName(folded=folded, topic_id=topic_id))
    session.flush()


def _get(session: Session, topic_id: int) -> Topic:
    topic = session.get(Topic, topic_id)
    if topic is None:
        raise TopicError(f"There is no topic {topic_id}.")
    return topic


def _check_new(session: Session, titles: tuple[str, str], but: int) -> None:
    others = [one for one in session.scalars(select(Topic)) if one.id != but]
    if len(others) >= MOST:
        raise TopicError(f"There are {MOST} topics already; rename one of them.", "many")
    taken = {fold(title) for one in others for title in (one.title_ru, one.title_en)}
    for title in titles:
        if fold(title) in taken:
            raise TopicError(f"There is a topic {title!r} already.", "taken")


# -- a person ----------------------------------------------------------------------------------------


def of(session: Session, subscriber_id: int, language: str) -> list[Choice]:
    """Return the offered topics as a person has chosen them; all are on until he leaves one."""
    left = exists().where(TopicOff.topic_id == Topic.id, TopicOff.subscriber_id == subscriber_id)
    rows = session.execute(
        select(Topic.id, Topic.title_ru, Topic.title_en, left)
        .where(Topic.is_active.is_(True))
        .order_by(Topic.position, Topic.id)
    )
    return [Choice(i, ru if language == "ru" else en, not is_left) for i, ru, en, is_left in rows]


def choose(
    session: Session, subscriber_id: int, topic_id: int, is_on: bool, place: Place, now: datetime
) -> bool:
    """Leave a topic or come back to it; returns whether that changed anything. Raises TopicError.

    The choice is kept as a fact. From this commit on no letter of a left topic starts.
    """
    _get(session, topic_id)
    is_left = session.get(TopicOff, (subscriber_id, topic_id)) is not None
    if is_left != is_on:
        return False
    repeated = select(TopicChoice.id).where(
        TopicChoice.update_key == place.update_key, TopicChoice.topic_id == topic_id
    )
    if session.scalar(repeated) is not None:
        return False
    session.add(
        TopicChoice(
            subscriber_id=subscriber_id, topic_id=topic_id, is_on=is_on, at=now,
            path=place.path, message_id=place.message_id, update_key=place.update_key,
        )
    )  # fmt: skip
    if is_on:
        session.execute(
            delete(TopicOff).where(TopicOff.subscriber_id == subscriber_id, TopicOff.topic_id == topic_id)
        )
    else:
        session.add(TopicOff(subscriber_id=subscriber_id, topic_id=topic_id))
    session.flush()
    note_touched(session, [subscriber_id], now)
    return True
