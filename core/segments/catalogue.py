"""The catalogue: every field by its name, and what a database adds to it by itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.people import topics
from core.segments.derived import FIELDS as DERIVED
from core.segments.errors import suggestion
from core.segments.fields import (
    ATTRIBUTES,
    PROFILES,
    SUBSCRIBERS,
    AnyField,
    Field,
    Kind,
    RowField,
)
from core.segments.models import Segment
from core.segments.scores.fields import FIELDS as SCORES
from core.segments.well_known import WELL_KNOWN

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_S, _P = SUBSCRIBERS.c, PROFILES.c
_TELEGRAM = ("Telegram", "Telegram")
_BOT = ("сообщения и нажатия человека", "messages and taps of the person")
_SENDING = ("рассылки", "mailings")
_SALES = ("покупки", "purchases")
_STATUSES = (
    ("active", "активен", "active"),
    ("stopped", "отписан", "opted out"),
    ("known", "только из импорта", "known from an import only"),
    ("unreachable", "недоступен", "unreachable"),
    ("blocked", "заблокировал бота", "blocked the bot"),
    ("deactivated", "удалил аккаунт", "deleted the account"),
    ("erased", "стёрт по просьбе", "erased on request"),
)
Both = tuple[str, str]  # ru, en
_YES_NO = (("yes", "да", "yes"), ("no", "нет", "no"))


def _mark(name: str, column: object, titles: Both, yes: Both, no: Both) -> Field:
    return Field(name, Kind.MARK, column, titles, _BOT, choices=_YES_NO, claims=(yes, no))  # type: ignore[arg-type]


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("status", Kind.CHOICE, _S.status, ("статус", "the status"), _TELEGRAM, choices=_STATUSES),
        Field(
            "source",
            Kind.TEXT,
            _S.source,
            ("источник", "the source"),
            ("первая ссылка в бота", "the first link to the bot"),
        ),
        Field(
            "language",
            Kind.CHOICE,
            _S.language,
            ("язык", "the language"),
            _TELEGRAM,
            choices=(("ru", "русский", "Russian"), ("en", "английский", "English")),
        ),
        Field(
            "premium",
            Kind.FLAG,
            _S.is_premium,
            ("Telegram Premium",) * 2,
            _TELEGRAM,
            choices=_YES_NO,
            claims=(
                ("есть Telegram Premium", "has Telegram Premium"),
                ("нет Telegram Premium", "has no Telegram Premium"),
            ),
        ),
        Field("joined", Kind.MOMENT, _S.joined_at, ("приход в бота", "the first visit"), _BOT),
        Field("last_seen", Kind.MOMENT, _P.last_seen_at, ("последняя активность", "the last activity"), _BOT),
        Field(
            "unanswered",
            Kind.NUMBER,
            _P.unanswered,
            ("писем подряд без ответа", "letters in a row without an answer"),
            _SENDING,
            claims=(
                ("есть письмо без ответа", "has an unanswered letter"),
                ("писем без ответа нет", "has no unanswered letters"),
            ),
        ),
        Field(
            "letters",
            Kind.NUMBER,
            _P.letters_received,
            ("получено писем", "letters received"),
            _SENDING,
            claims=(
                ("есть полученные письма", "has received letters"),
                ("писем ещё не было", "has received no letters"),
            ),
        ),
        Field(
            "purchases",
            Kind.NUMBER,
            _P.purchases_count,
            ("покупок", "purchases"),
            _SALES,
            claims=(("есть покупки", "has bought"), ("покупок нет", "has bought nothing")),
        ),
        Field(
            "spent",
            Kind.MONEY,
            _P.purchases_total,
            ("сумма покупок", "the sum of purchases"),
            _SALES,
            unit="base currency",
        ),
        Field(
            "first_purchase",
            Kind.MOMENT,
            _P.first_purchase_at,
            ("первая покупка", "the first purchase"),
            _SALES,
        ),
        Field(
            "last_purchase",
            Kind.MOMENT,
            _P.last_purchase_at,
            ("последняя покупка", "the last purchase"),
            _SALES,
        ),
        _mark(
            "blocked",
            _S.blocked_at,
            ("бот заблокирован", "the bot is blocked"),
            ("бот заблокирован", "blocked the bot"),
            ("бот не заблокирован", "has not blocked the bot"),
        ),
        _mark(
            "opted_out",
            _S.opted_out_at,
            ("отписка", "opted out"),
            ("есть отписка от рассылок", "opted out of mailings"),
            ("отписки от рассылок нет", "has not opted out of mailings"),
        ),
        _mark(
            "data_consent",
            _S.data_consent_at,
            ("согласие на обработку данных", "consent to data processing"),
            ("есть согласие на обработку данных", "agreed to data processing"),
            ("нет согласия на обработку данных", "has not agreed to data processing"),
        ),
        _mark(
            "advertising_consent",
            _S.advertising_consent_at,
            ("согласие на рекламу", "consent to advertising"),
            ("есть согласие на рекламу", "agreed to advertising"),
            ("нет согласия на рекламу", "has not agreed to advertising"),
        ),
        *DERIVED,
        *SCORES,
    )
}


@dataclass(frozen=True, slots=True)
class Known:
    """What this database adds to the catalogue: attribute keys, names of segments and of topics (folded)."""

    attributes: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


def known(session: Session) -> Known:
    """Read which attributes, segments and topics there are."""
    keys = session.scalars(select(ATTRIBUTES.c.key).distinct())
    names = session.scalars(select(Segment.name).where(Segment.deleted_at.is_(None)))
    return Known(frozenset(keys), frozenset(names), topics.names(session))


@lru_cache(maxsize=1)
def _titled() -> dict[str, str]:
    """Fields by what people read for them, where that is one word: a rule may be typed so."""
    titles = {name: field.titles for name, field in FIELDS.items()}
    titles |= {name: known.titles for name, known in WELL_KNOWN.items() if name not in FIELDS}
    said = {title.casefold(): name for name, (title, _) in reversed(titles.items()) if " " not in title}
    return said | {"покупки": "purchases", "потрачено": "spent", "письма": "letters"}


def resolve(word: str, known: Known | None) -> AnyField:
    """Return the field a bare word means; raises LookupError with the sentence if it means none.

    A stored rule is read with `known=None`: its bare words were checked when it was written, and an attribute
    whose last owner was erased is still that attribute.
    """
    name = word.casefold()
    if name in FIELDS:
        return FIELDS[name]
    attribute = next((key for key in (word, name) if known is None or key in known.attributes), None)
    if attribute is not None or name in WELL_KNOWN:
        return RowField("attributes", (attribute or name,))
    if known is not None and name in _titled():
        return resolve(_titled()[name], known)
    words = [*FIELDS, *WELL_KNOWN, *(known.attributes if known else ())]
    raise LookupError(f"unknown field `{word[:64]}`{suggestion(word, words)}")
