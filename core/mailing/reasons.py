"""Reasons: why a person may not be written to, in the order in which the first that holds is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, exists

from core.people import archive
from core.people.choices import TopicOff
from core.people.models import Subscriber
from core.people.subscribers import Status

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

ADVERTISING = "advertising"
# By status; the order of reasons is the order of derive_status.
STATUS_REASONS = {
    Status.BLOCKED.value: "blocked",
    Status.DEACTIVATED.value: "deactivated",
    Status.UNREACHABLE.value: "unreachable",
    Status.ERASED.value: "erased",
    Status.KNOWN.value: "no_chat",
    Status.STOPPED.value: "opted_out",
}
NO_CONSENT = "no_advertising_consent"
TOPIC_OFF = "topic_off"
# By the tag that stands for it: no advertising comes to whoever has one of these.
HELD_BACK = (archive.ARCHIVED, archive.PAUSED)


def reason_not_to_write(purpose: str, topic_id: int | None = None) -> ColumnElement[str | None]:
    """Return SQL over `subscribers` for why a person may not be written to, NULL when he may.

    The reasons stand in the order in which the first that holds is told.
    """
    reasons = case(STATUS_REASONS, value=Subscriber.status, else_=None)
    told: list[tuple[ColumnElement[bool], Any]] = [(Subscriber.status != Status.ACTIVE.value, reasons)]
    if purpose == ADVERTISING:
        told.append((Subscriber.advertising_consent_at.is_(None), NO_CONSENT))
        told += [(archive.has_tag(tag), tag) for tag in HELD_BACK]
    if topic_id is not None:
        told.append((has_left(topic_id), TOPIC_OFF))
    return case(*told, else_=None)


def has_left(topic_id: int) -> ColumnElement[bool]:
    """Return SQL over `subscribers`: whether a person has left this topic."""
    left = exists().where(TopicOff.subscriber_id == Subscriber.id, TopicOff.topic_id == topic_id)
    return left.correlate(Subscriber)
