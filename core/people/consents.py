"""Consents: an append-only proof of what each person agreed to, in which words, where and when."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from core.db import note_touched
from core.people.choices import Erasure
from core.people.models import Consent, ConsentText, Subscriber
from core.people.subscribers import derive_status

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

Purpose = str  # `data`, `advertising`, or a purpose a quiz asks for: at most 16 characters


@dataclass(frozen=True, slots=True)
class Proof:
    """Where an act of consent happened: the text shown, its language, the place, the update."""

    text: str
    language: str
    path: str
    update_key: str
    message_id: int | None = None


def give(session: Session, person: Subscriber, purpose: Purpose, proof: Proof, now: datetime) -> None:
    """Record that a person agreed; the same update twice changes nothing."""
    _append(session, person, purpose, given=True, proof=proof, now=now)


def withdraw(session: Session, person: Subscriber, purpose: Purpose, proof: Proof, now: datetime) -> None:
    """Record that a person took a consent back."""
    _append(session, person, purpose, given=False, proof=proof, now=now)


def _append(
    session: Session, person: Subscriber, purpose: Purpose, *, given: bool, proof: Proof, now: datetime
) -> None:
    known = select(Consent.id).where(Consent.update_key == proof.update_key, Consent.purpose == purpose)
    if session.scalar(known) is not None:
        return
    session.add(
        Consent(
            subscriber_id=person.id,
            purpose=purpose,
            given=given,
            at=now,
            text_hash=_keep_text(session, purpose, proof, now),
            path=proof.path,
            message_id=proof.message_id,
            update_key=proof.update_key,
        )
    )
    moment = now if given else None
    if purpose == "data":
        person.data_consent_at = moment
        if given:
            _welcome_back(session, person)
    elif purpose == "advertising":
        person.advertising_consent_at = moment
    session.flush()
    note_touched(session, [person.id], now)


def _welcome_back(session: Session, person: Subscriber) -> None:
    """A new consent ends the silence after an erasure, and calls off an erasure that was to come."""
    person.suppressed_at = None
    person.status = derive_status(person)
    session.execute(delete(Erasure).where(Erasure.subscriber_id == person.id))


def _keep_text(session: Session, purpose: Purpose, proof: Proof, now: datetime) -> str:
    digest = hashlib.sha256(f"{purpose}\n{proof.language}\n{proof.text}".encode()).hexdigest()
    if session.get(ConsentText, digest) is None:
        session.add(
            ConsentText(
                hash=digest, purpose=purpose, language=proof.language, text=proof.text, first_shown_at=now
            )
        )
        session.flush()
    return digest


def was_asked(session: Session, subscriber_id: int, purpose: Purpose) -> bool:
    """Say whether the person decided about this purpose, either way, since he last gave his data consent.

    Who took that back and gives it anew is asked about advertising anew.
    """
    his = Consent.subscriber_id == subscriber_id
    began = select(func.max(Consent.id)).where(his, Consent.purpose == "data", Consent.given.is_(True))
    last = session.scalar(began) or 0 if purpose != "data" else 0
    decided = select(Consent.id).where(his, Consent.purpose == purpose, Consent.id > last)
    return session.scalar(decided.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Act:
    """One act of consent with the text it was about."""

    purpose: str
    given: bool
    at: datetime
    text_hash: str
    language: str
    text: str
    path: str
    message_id: int | None


def acts(session: Session, subscriber_id: int) -> list[Act]:
    """Return everything a person agreed to and took back, oldest first."""
    rows = session.execute(
        select(Consent, ConsentText)
        .join(ConsentText, ConsentText.hash == Consent.text_hash)
        .where(Consent.subscriber_id == subscriber_id)
        .order_by(Consent.id)
    )
    return [
        Act(one.purpose, one.given, one.at, one.text_hash, text.language, text.text, one.path, one.message_id)
        for one, text in rows
    ]
