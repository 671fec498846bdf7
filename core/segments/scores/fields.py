"""Stored scores as fields of rules: `rfm in (champions, loyal)`, `lifecycle = at_risk`, `lead >= 50`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, select
from sqlalchemy.sql.visitors import replacement_traverse

from core.db import table
from core.segments.fields import PROFILES, SUBSCRIBERS, Field, Kind
from core.segments.scores.models import Score

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement

SCORES = table(Score)
_PURCHASES = ("ежедневный расчёт по покупкам", "the daily computation from purchases")
_REPEATS = (
    "ежедневный расчёт, если покупки были в три разных дня",
    "the daily computation, after purchases on three days",
)
_HEALTH = (
    "ежедневный расчёт по покупкам, письмам и вехам",
    "the daily computation from purchases, letters and milestones",
)
_EVENTS = ("ежедневный расчёт по действиям в боте", "the daily computation from what is done in the bot")
_LEAD = (
    "ежедневный расчёт по ответам и действиям, пока нет покупок",
    "the daily computation from answers and acts, until the first purchase",
)
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
LIFECYCLE_WORDS = (  # as a customer goes
    ("prospect", "ещё не покупал", "prospect"),
    ("new", "новый", "new"),
    ("active", "активный", "active"),
    ("vip", "VIP", "VIP"),
    ("at_risk", "под угрозой", "at risk"),
    ("lapsed", "ушёл", "lapsed"),
)
HEALTH_WORDS = (
    ("at_risk", "под угрозой", "at risk"),
    ("low_potential", "низкий потенциал", "low potential"),
    ("high_potential", "высокий потенциал", "high potential"),
    ("key", "ключевой", "key"),
)
LEAD_WORDS = (
    ("cold", "холодный", "cold"),
    ("warm", "тёплый", "warm"),
    ("hot", "горячий", "hot"),
)
CHURN_WORDS = (
    ("calm", "в своём ритме", "in the own rhythm"),
    ("stretched", "пауза затянулась", "the pause is getting long"),
    ("overdue", "давно пора вернуться", "long overdue"),
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

    def recent(self, cut: ColumnElement[Any], now: ColumnElement[Any]) -> ColumnElement[bool]:
        """SQL, never NULL: the moment lies between the cut-off and now; the next purchase may be ahead."""
        return and_(self.moment(False, cut), self.column <= now)


_columns: dict[Any, Column[Any]] = {}  # by the scalar subquery that looks it up


def stored(column: Column[Any]) -> ColumnElement[Any]:
    """SQL: a column of the person's row of scores, NULL while there is none."""
    own = SCORES.c.subscriber_id == SUBSCRIBERS.c.id
    looked_up = select(column).where(own).correlate(SUBSCRIBERS).scalar_subquery()
    _columns[looked_up] = column
    return looked_up


def joined(expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return an expression of rules with its look-ups of scores put as columns of `scores`, to be joined.

    For a statement that asks many of them of everyone: thirty look-ups a person cost more than one join.
    """
    put: Any = replacement_traverse
    return put(expression, {}, lambda part, **_: _columns.get(part))  # type: ignore[no-any-return]


def _state() -> ColumnElement[Any]:
    """A prospect is known as such at once, and nobody who has bought meanwhile is one."""
    return case((PROFILES.c.purchases_count == 0, "prospect"), else_=stored(SCORES.c.lifecycle))


def _score(
    name: str,
    kind: Kind,
    column: ColumnElement[Any],
    titles: tuple[str, str],
    filled_by: tuple[str, str],
    choices: tuple[tuple[str, str, str], ...] = (),
) -> ScoreField:
    unit = "base currency" if kind is Kind.MONEY else ""
    return ScoreField(name, kind, column, titles, filled_by, unit, choices)


_C = SCORES.c
FIELDS = (
    _score("rfm", Kind.CHOICE, stored(_C.rfm), ("сегмент RFM", "the RFM segment"), _PURCHASES, RFM_WORDS),
    _score(
        "rfm_r", Kind.NUMBER, stored(_C.rfm_r), ("давность в RFM (1–5)", "recency in RFM (1–5)"), _PURCHASES
    ),
    _score(
        "rfm_f", Kind.NUMBER, stored(_C.rfm_f), ("частота в RFM (1–5)", "frequency in RFM (1–5)"), _PURCHASES
    ),
    _score("rfm_m", Kind.NUMBER, stored(_C.rfm_m), ("деньги в RFM (1–5)", "money in RFM (1–5)"), _PURCHASES),
    _score(
        "lifecycle",
        Kind.CHOICE,
        _state(),
        ("этап жизни клиента", "the stage of life"),
        _PURCHASES,
        LIFECYCLE_WORDS,
    ),
    _score(
        "health_group",
        Kind.CHOICE,
        stored(_C.health_group),
        ("группа здоровья", "the health group"),
        _HEALTH,
        HEALTH_WORDS,
    ),
    _score(
        "health",
        Kind.NUMBER,
        stored(_C.health),
        ("здоровье (от 0 до 100)", "the health (0 to 100)"),
        _HEALTH,
    ),
    _score(
        "engagement",
        Kind.NUMBER,
        stored(_C.engagement),
        ("вовлечённость (от 0 до 100)", "the engagement (0 to 100)"),
        _EVENTS,
    ),
    _score(
        "lead",
        Kind.NUMBER,
        stored(_C.lead),
        ("готовность купить (от 0 до 100)", "the readiness to buy (0 to 100)"),
        _LEAD,
    ),
    _score(
        "lead_group",
        Kind.CHOICE,
        stored(_C.lead_group),
        ("готовность купить", "the readiness to buy"),
        _LEAD,
        LEAD_WORDS,
    ),
    _score(
        "churn",
        Kind.CHOICE,
        stored(_C.churn),
        ("пауза между покупками", "the pause between purchases"),
        _REPEATS,
        CHURN_WORDS,
    ),
    _score(
        "interval",
        Kind.NUMBER,
        stored(_C.interval_days),
        ("обычно дней между покупками", "usual days between purchases"),
        _REPEATS,
    ),
    _score(
        "next_purchase",
        Kind.MOMENT,
        stored(_C.next_purchase_at),
        ("следующая покупка по обычному ритму", "the next purchase by the usual rhythm"),
        _REPEATS,
    ),
    _score(
        "clv",
        Kind.MONEY,
        stored(_C.clv),
        ("ожидаемые покупки за год", "the purchases expected in a year"),
        _PURCHASES,
    ),
)
