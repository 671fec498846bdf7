"""The condition on topics: which of them a person gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, select

from core.db import table
from core.people.choices import TopicChoice, TopicName, TopicOff
from core.people.text import fold
from core.segments.conditions.condition import Condition, Found, Look, Reading, form
from core.segments.errors import suggestion
from core.segments.fields import SUBSCRIBERS
from core.segments.words import write

if TYPE_CHECKING:
    from core.segments.binds import Binds
    from core.segments.words import Language

_NAMES, _LEFT, _CHOICES = table(TopicName), table(TopicOff), table(TopicChoice)


@form("topic")
@dataclass(frozen=True, slots=True)
class GetsTopic(Condition):
    """`topic Скидки`: letters about it reach him, he has not left it, or came back to it.

    A topic is asked by any name it has or had; all topics are on until a person leaves one.
    """

    name: str

    @classmethod
    def read(cls, reading: Reading) -> GetsTopic:
        """Build it from `topic name`."""
        name = reading.parts[0].value
        if reading.known is not None and fold(name) not in reading.known.topics:
            near = suggestion(fold(name), reading.known.topics)
            raise reading.refuse(0, f"there is no topic `{name[:64]}`{near or '; /topics shows all'}")
        return cls(name)

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """NOT EXISTS over the topics left; the name finds the topic by its key."""
        left = (
            exists()
            .select_from(_LEFT.join(_NAMES, _NAMES.c.topic_id == _LEFT.c.topic_id))
            .where(_LEFT.c.subscriber_id == SUBSCRIBERS.c.id, _NAMES.c.folded == fold(self.name))
        )
        return ~left.correlate(SUBSCRIBERS)

    def text(self) -> str:
        """`topic name`."""
        return f"topic {write(self.name)}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Получает тему «Скидки»"."""
        if language == "ru":
            return f"{'не ' * negated}получает тему «{self.name}»"
        return f"{'does not get' if negated else 'gets'} the topic “{self.name}”"

    def found(self, look: Look) -> Found:
        """Whether he gets it, and since when he has chosen so."""
        own = (_CHOICES.c.subscriber_id == look.subscriber_id, _NAMES.c.folded == fold(self.name))
        query = (
            select(_CHOICES.c.is_on, _CHOICES.c.at)
            .join(_NAMES, _NAMES.c.topic_id == _CHOICES.c.topic_id)
            .where(*own)
            .order_by(_CHOICES.c.id.desc())
            .limit(1)
        )
        last = look.session.execute(query).first()
        return Found(True) if last is None else Found(last.is_on, last.at)

    @property
    def reads(self) -> frozenset[str]:
        """The topics left."""
        return frozenset({"topics_off"})
