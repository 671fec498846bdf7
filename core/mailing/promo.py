"""Promo codes: a gift of one person, made with the letter that carries it, redeemed once.

A text with `{{ promo }}` gets a code of its own for each delivery, written in the transaction that writes the
delivery out; `{{ promo_until }}` is its last day. A further attempt of a delivery carries the same code.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, case, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core import clock
from core.db import table
from core.mailing import content
from core.mailing.ledger import DELIVERIES, PLANNED
from core.mailing.models import Content, PromoCode
from core.people import activity
from core.people.models import Subscriber
from core.people.text import full_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

PROMOS = table(PromoCode)
# No sign that can be read as another one: no 0 O, 1 I L, 2 Z, 5 S, 8 B, no U V G Q.
ALPHABET = "ACDEFHJKMNPRTWXY34679"
LENGTH = 8
VALID = timedelta(days=30)  # whole days of the business, the day of the letter not counted
REDEEMED = "promo_redeemed"  # the event; detail: code, series, step
# What a Russian keyboard makes of a code that is typed by hand.
_AS_LATIN = str.maketrans("АСЕНКМРТХУ", "ACEHKMPTXY")


class State(StrEnum):
    """What a code is worth now."""

    VALID = "valid"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Promo:
    """A code with whose it is; `redeemed_now`: this very call has redeemed it."""

    code: str
    state: State
    subscriber_id: int
    name: str
    series: str
    step: str
    issued_at: datetime
    expires_at: datetime
    redeemed_at: datetime | None
    redeemed_now: bool = False


def spelled(given: str) -> str:
    """Return a code as it is kept, from what somebody typed.

    >>> spelled(" ачае-77 "), spelled("hkm3 4rtw")
    ('AЧAE77', 'HKM34RTW')
    """
    return "".join(sign for sign in given.upper().translate(_AS_LATIN) if sign.isalnum())[:12]


def last_day(expires_at: datetime, language: str) -> str:
    """Return the last day on which a code is good, as a letter says it."""
    day = clock.local_day(expires_at - timedelta(seconds=1), activity.zone())
    return f"{day:%d.%m.%Y}" if language == "ru" else day.isoformat()


# -- made with the letter -------------------------------------------------------------------------------


def issue(
    session: Session, campaign_id: int, occasions: Collection[str], series: str, step: str, now: datetime
) -> int:
    """Make codes for those of these deliveries whose text asks for one; returns how many were made."""
    contents = _asking(session, campaign_id, occasions)
    made = 0
    while waiting := _without(session, campaign_id, occasions, contents):
        rows = [
            {
                "code": "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)),
                "delivery_id": delivery_id,
                "subscriber_id": who,
                "series": series,
                "step": step,
                "issued_at": now,
                "expires_at": _expiry(now),
                "redeemed_at": None,
            }
            for delivery_id, who in waiting
        ]
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        # A code that exists already is made anew in the next round.
        session.connection().execute(dialect.insert(PROMOS).on_conflict_do_nothing(), rows)
        made += len(rows)
    return made


def _asking(session: Session, campaign_id: int, occasions: Collection[str]) -> list[int]:
    d = DELIVERIES.c
    texts = (
        select(Content.id, Content.text)
        .join(DELIVERIES, d.content_id == Content.id)
        .where(d.campaign_id == campaign_id, d.occasion.in_(occasions), Content.text.contains("promo"))
        .distinct()
    )
    return [number for number, text in session.execute(texts) if content.template(text).asks_promo]


def _without(
    session: Session, campaign_id: int, occasions: Collection[str], contents: Sequence[int]
) -> Sequence[Any]:
    if not contents:
        return []
    d = DELIVERIES.c
    has = select(PROMOS.c.code).where(PROMOS.c.delivery_id == d.id).exists()
    mine = (d.campaign_id == campaign_id, d.occasion.in_(occasions), d.content_id.in_(contents))
    waiting = select(d.id, d.subscriber_id).where(*mine, d.state == PLANNED, ~has)
    return session.execute(waiting.order_by(d.id)).all()


def _expiry(now: datetime) -> datetime:
    zone = activity.zone()
    return clock.day_start(clock.local_day(now, zone) + VALID + timedelta(days=1), zone)


def codes(session: Session, deliveries: Iterable[int]) -> Mapping[int, tuple[str, datetime]]:
    """Return the code of each delivery that has one, and when it expires."""
    p = PROMOS.c
    found = select(p.delivery_id, p.code, p.expires_at).where(p.delivery_id.in_(list(deliveries)))
    return {delivery_id: (code, until) for delivery_id, code, until in session.execute(found)}


# -- shown and redeemed ---------------------------------------------------------------------------------


def look(session: Session, given: str, now: datetime) -> Promo | None:
    """Return a code as it stands, None where there is none."""
    rows = _found(session, _question(now).where(PromoCode.code == spelled(given)))
    return rows[0] if rows else None


def all_codes(session: Session, now: datetime, most: int = 1000) -> list[Promo]:
    """Return the codes, the newest first."""
    newest = PromoCode.issued_at.desc(), PromoCode.code
    return _found(session, _question(now).order_by(*newest).limit(most))


def redeem(session: Session, given: str, now: datetime) -> Promo | None:
    """Redeem a code that is valid; what came of it, None where there is none.

    Of two who ask at once one redeems it: the row changes only while it is not redeemed.
    """
    p = PROMOS.c
    valid = (p.code == spelled(given), p.redeemed_at.is_(None), p.expires_at > now)
    done = session.connection().execute(update(PROMOS).where(*valid).values(redeemed_at=now)).rowcount == 1
    rows = _found(session, _question(now).where(PromoCode.code == spelled(given)), redeemed_now=done)
    if done:
        one = rows[0]
        detail = {"code": one.code, "series": one.series, "step": one.step}
        activity.record(session, one.subscriber_id, REDEEMED, now, detail=detail, key=f"promo:{one.code}")
    return rows[0] if rows else None


def _question(now: datetime) -> Select[Any]:
    p = PromoCode
    state = case(
        (p.redeemed_at.is_not(None), State.USED.value),
        (p.expires_at <= now, State.EXPIRED.value),
        else_=literal(State.VALID.value, String),
    )
    columns = (
        p.code,
        state.label("state"),
        p.subscriber_id,
        p.series,
        p.step,
        p.issued_at,
        p.expires_at,
        p.redeemed_at,
    )
    return select(*columns, Subscriber.first_name, Subscriber.last_name).join(
        Subscriber, Subscriber.id == p.subscriber_id
    )


def _found(session: Session, question: Select[Any], *, redeemed_now: bool = False) -> list[Promo]:
    return [
        Promo(
            row.code,
            State(row.state),
            row.subscriber_id,
            full_name(row.first_name, row.last_name),
            row.series,
            row.step,
            row.issued_at,
            row.expires_at,
            row.redeemed_at,
            redeemed_now,
        )
        for row in session.execute(question)
    ]
