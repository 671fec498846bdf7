"""Which words a parameter may take: what stands in the data, the commonest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select

from core.people.choices import Topic
from core.people.models import Attribute, DailyCount, Subscriber, Tag
from core.people.referrals import PREFIX

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.segments.presets.parameters import Parameter

MOST = 24
INTEREST = "interest:"
_OWN_EVENTS = ("segment_entered", "segment_left")


def choices(session: Session, parameter: Parameter, most: int = MOST) -> tuple[str, ...]:
    """Return the words this base has for a parameter, the commonest first; none for a number."""
    found: list[str] = []
    for query in _queries(parameter.source):
        for word, _ in session.execute(query.limit(most)):
            plain = word.removeprefix(INTEREST) if parameter.source == "interest" else word
            if plain and plain not in found:
                found.append(plain)
    if isinstance(parameter.default, str) and parameter.default not in found:
        found.append(parameter.default)
    return tuple(found[:most])


def _queries(source: str) -> list[Select[str, int]]:
    count = func.count()
    if source.startswith("attribute:"):
        return [_of_attribute(source.removeprefix("attribute:"))]
    if source == "interest":
        tags = select(Tag.tag, count).where(Tag.tag.startswith(INTEREST, autoescape=True))
        return [tags.group_by(Tag.tag).order_by(count.desc(), Tag.tag), _of_attribute("interest")]
    if source == "tag":
        return [select(Tag.tag, count).group_by(Tag.tag).order_by(count.desc(), Tag.tag)]
    if source == "topic":
        shown = select(Topic.title_ru, Topic.position).where(Topic.is_active)
        return [shown.order_by(Topic.position, Topic.id)]
    if source == "source":
        links = ~Subscriber.source.startswith(PREFIX, autoescape=True)
        named = select(Subscriber.source, count).where(Subscriber.source.is_not(None), links)
        return [named.group_by(Subscriber.source).order_by(count.desc(), Subscriber.source)]  # type: ignore[list-item]
    if source == "event":
        kinds = select(DailyCount.kind, count).where(DailyCount.kind.not_in(_OWN_EVENTS))
        return [kinds.group_by(DailyCount.kind).order_by(count.desc(), DailyCount.kind)]
    return []


def _of_attribute(key: str) -> Select[str, int]:
    count = func.count()
    words = select(func.min(Attribute.text), count).where(Attribute.key == key, Attribute.folded != "")
    return words.group_by(Attribute.folded).order_by(count.desc(), Attribute.folded)
