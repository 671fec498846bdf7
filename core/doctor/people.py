"""What is kept about a person: the profile, the derived columns of his row, the topics he has left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, null, or_, select

from core.db import table
from core.doctor.differing import Target, Who, Wrong, compared, counted
from core.mailing.ledger import Lane
from core.mailing.models import Delivery
from core.people.choices import TopicChoice, TopicOff
from core.people.models import Consent, Event, Profile, Subscriber
from core.sales.models import IS_PURCHASE, Purchase

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

# What only the person himself can have done: his last sign of life is never older than these.
OWN_ACTS = ("started", "wrote", "quiz_started", "quiz_answered", "message_clicked")
COUNTED_LANES = (2, 3)  # series and broadcast
_PROFILES, _PEOPLE, _LEFT = table(Profile), table(Subscriber), table(TopicOff)
_LETTERS, _CONSENTS, _CHOICES = table(Delivery), table(Consent), table(TopicChoice)


@dataclass(frozen=True)
class Profiles:
    """The counters; `touched_at` is no counter but the guard of the refresh, and is not compared."""

    now: datetime

    @property
    def target(self) -> Target:
        """The table of profiles."""
        values = (
            "last_seen_at", "unanswered", "letters_received", "matured_until",
            "purchases_count", "purchases_total", "first_purchase_at", "last_purchase_at",
        )  # fmt: skip
        return Target(_PROFILES, ("subscriber_id",), values, {"touched_at": self.now})

    def count(self, session: Session, who: Who) -> int:
        """Return how many profiles are kept."""
        return counted(session, self.target, who)

    def wrong(self, session: Session, who: Who) -> list[Wrong]:
        """Return the profiles that differ from purchases, letters and acts."""
        return compared(session, self.target, self.target.rows(who), _profiles(who))


def _profiles(who: Who) -> Select[Any]:
    seen, letters, bought = _seen(who), _letters(who), _bought(who)
    return (
        select(
            _PEOPLE.c.id,
            seen.c.at,
            func.coalesce(letters.c.unanswered, 0),
            func.coalesce(letters.c.received, 0),
            letters.c.matured_until,
            func.coalesce(bought.c.count, 0),
            func.coalesce(bought.c.total, 0),
            bought.c.first,
            bought.c.last,
        )
        .select_from(
            _PEOPLE.outerjoin(seen, seen.c.who == _PEOPLE.c.id)
            .outerjoin(letters, letters.c.who == _PEOPLE.c.id)
            .outerjoin(bought, bought.c.who == _PEOPLE.c.id)
        )
        .where(who(_PEOPLE.c.id))
    )


def _seen(who: Who) -> Any:
    """The last sign of life: a fact of its own, kept in the profile, never older than the last own act."""
    acts = (
        select(Event.subscriber_id.label("who"), func.max(Event.at).label("at"))
        .where(who(Event.subscriber_id), Event.kind.in_(OWN_ACTS))  # type: ignore[arg-type]
        .group_by(Event.subscriber_id)
        .subquery()
    )
    kept = _PROFILES.c.last_seen_at
    later = case((or_(kept.is_(None), kept < acts.c.at), func.coalesce(acts.c.at, kept)), else_=kept)
    people = _PEOPLE.outerjoin(_PROFILES, _PROFILES.c.subscriber_id == _PEOPLE.c.id)
    return (
        select(_PEOPLE.c.id.label("who"), later.label("at"))
        .select_from(people.outerjoin(acts, acts.c.who == _PEOPLE.c.id))
        .where(who(_PEOPLE.c.id))
        .subquery()
    )


def _letters(who: Who) -> Any:
    """Letters sent; of those a tick has looked at: until when, and how many stayed without a sign of life."""
    seen, c = _seen(who), _LETTERS.c
    looked_at = and_(c.counted_at.is_not(None), c.lane.in_(COUNTED_LANES))
    silent = and_(looked_at, c.answered_at.is_(None), or_(seen.c.at.is_(None), c.finished_at > seen.c.at))
    return (
        select(
            c.subscriber_id.label("who"),
            func.count().label("received"),
            func.sum(case((silent, 1), else_=0)).label("unanswered"),
            func.max(case((looked_at, c.finished_at), else_=null())).label("matured_until"),
        )
        .select_from(_LETTERS.join(seen, seen.c.who == c.subscriber_id))
        .where(c.state == "sent", c.lane != Lane.COPIES, who(c.subscriber_id))
        .group_by(c.subscriber_id)
        .subquery()
    )


def _bought(who: Who) -> Any:
    buyer: ColumnElement[Any] = table(Purchase).c.subscriber_id
    bought_at = case((IS_PURCHASE, table(Purchase).c.at))
    return (
        select(
            buyer.label("who"),
            func.count(bought_at).label("count"),
            cast(func.coalesce(func.sum(Purchase.base_amount), 0), BigInteger).label("total"),
            func.min(bought_at).label("first"),
            func.max(bought_at).label("last"),
        )
        .where(who(buyer))
        .group_by(buyer)
        .subquery()
    )


@dataclass(frozen=True)
class People:
    """Columns of a person's row that follow from others: consents from their ledger, the status."""

    @property
    def target(self) -> Target:
        """The table of people."""
        values = ("data_consent_at", "advertising_consent_at", "status")
        return Target(_PEOPLE, ("id",), values)

    def count(self, session: Session, who: Who) -> int:
        """Return how many people there are."""
        return counted(session, self.target, who)

    def wrong(self, session: Session, who: Who) -> list[Wrong]:
        """Return the people whose consents or status differ."""
        return compared(session, self.target, self.target.rows(who), _people(who))


def _people(who: Who) -> Select[Any]:
    data, advertising = _consent(who, "data"), _consent(who, "advertising")
    c = _PEOPLE.c
    status = case(
        (c.erased_at.is_not(None), "erased"),
        (c.deactivated_at.is_not(None), "deactivated"),
        (c.blocked_at.is_not(None), "blocked"),
        (c.unreachable_at.is_not(None), "unreachable"),
        (c.telegram_id.is_(None), "known"),
        (or_(c.opted_out_at.is_not(None), c.suppressed_at.is_not(None)), "stopped"),
        else_="active",
    )

    def kept(one: Any) -> ColumnElement[Any]:
        return case((c.erased_at.is_(None), one.c.at), else_=null())

    joined = _PEOPLE.outerjoin(data, data.c.who == c.id).outerjoin(advertising, advertising.c.who == c.id)
    return select(c.id, kept(data), kept(advertising), status).select_from(joined).where(who(c.id))


def _consent(who: Who, purpose: str) -> Any:
    """The moment of the last act about a purpose, if it gave consent."""
    c = _CONSENTS.c
    last = (
        select(func.max(c.id).label("id"))
        .where(who(c.subscriber_id), c.purpose == purpose)
        .group_by(c.subscriber_id)
        .subquery()
    )
    return (
        select(c.subscriber_id.label("who"), c.at.label("at"))
        .select_from(_CONSENTS.join(last, last.c.id == c.id))
        .where(c.given.is_(True))
        .subquery()
    )


@dataclass(frozen=True)
class Topics:
    """The topics people have left."""

    @property
    def target(self) -> Target:
        """The table of topics left."""
        return Target(_LEFT, ("subscriber_id", "topic_id"), ())

    def count(self, session: Session, who: Who) -> int:
        """Return how many times a topic is left."""
        return counted(session, self.target, who)

    def wrong(self, session: Session, who: Who) -> list[Wrong]:
        """Return what differs from everyone's last choice of each topic."""
        c = _CHOICES.c
        last = (
            select(func.max(c.id).label("id"))
            .where(who(c.subscriber_id))
            .group_by(c.subscriber_id, c.topic_id)
            .subquery()
        )
        left = (
            select(c.subscriber_id, c.topic_id)
            .select_from(_CHOICES.join(last, last.c.id == c.id))
            .where(c.is_on.is_(False))
        )
        return compared(session, self.target, self.target.rows(who), left)
