"""Stored scores as fields of rules: `rfm in (champions, loyal)`, `lifecycle = at_risk`, `health > 75`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, select

from core.db import table
from core.segments.fields import PROFILES, SUBSCRIBERS, Field, Kind
from core.segments.scores.models import Score

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

SCORES = table(Score)
_FILLED_BY = ("ночной пересчёт по покупкам", "the nightly computation from purchases")
RFM_WORDS = (
    ("champions", "чемпионы", "champions"),
    ("loyal", "верные", "loyal"),
    ("potential_loyalists", "могут стать верными", "potential loyalists"),
    ("new", "новые", "new"),
    ("promising", "подают надежды", "promising"),
    ("need_attention", "требуют внимания", "need attention"),
    ("about_to_sleep", "засыпают", "about to sleep"),
    ("at_risk", "под угрозой", "at risk"),
    ("cant_lose", "нельзя потерять", "cannot lose"),
    ("hibernating", "спят", "hibernating"),
)
LIFECYCLE_WORDS = (
    ("prospect", "ещё не покупал", "prospect"),
    ("lapsed", "ушёл", "lapsed"),
    ("at_risk", "под угрозой", "at risk"),
    ("vip", "VIP", "VIP"),
    ("new", "новый", "new"),
    ("active", "активный", "active"),
)
HEALTH_WORDS = (
    ("at_risk", "под угрозой", "at risk"),
    ("low_potential", "низкий потенциал", "low potential"),
    ("high_potential", "высокий потенциал", "high potential"),
    ("key", "ключевой", "key"),
)


@dataclass(frozen=True, eq=False)
class ScoreField(Field):
    """A stored score: the value is looked up by its key, unknown until the score has been computed."""

    @property
    def nullable(self) -> bool:
        """A score may not have been computed yet."""
        return True

    @property
    def reads(self) -> frozenset[str]:
        """The table of scores."""
        return frozenset({SCORES.name})


def _stored(score: str, column: ColumnElement[Any]) -> ColumnElement[Any]:
    own = (SCORES.c.subscriber_id == SUBSCRIBERS.c.id, SCORES.c.score == score)
    return select(column).where(*own).correlate(SUBSCRIBERS).scalar_subquery()


def _state() -> ColumnElement[Any]:
    """A prospect is known as such at once: most of a base has bought nothing, and needs no row."""
    return case((PROFILES.c.purchases_count == 0, "prospect"), else_=_stored("lifecycle", SCORES.c.label))


FIELDS = (
    ScoreField(
        "rfm",
        Kind.CHOICE,
        _stored("rfm", SCORES.c.label),
        ("сегмент RFM", "the RFM segment"),
        _FILLED_BY,
        choices=RFM_WORDS,
    ),
    ScoreField(
        "lifecycle",
        Kind.CHOICE,
        _state(),
        ("этап жизни клиента", "the stage of life"),
        _FILLED_BY,
        choices=LIFECYCLE_WORDS,
    ),
    ScoreField(
        "health_group",
        Kind.CHOICE,
        _stored("health", SCORES.c.label),
        ("группа здоровья", "the health group"),
        _FILLED_BY,
        choices=HEALTH_WORDS,
    ),
    ScoreField(
        "health",
        Kind.NUMBER,
        _stored("health", SCORES.c.value),
        ("здоровье от 0 до 100", "the health from 0 to 100"),
        _FILLED_BY,
    ),
)
