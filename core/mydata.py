"""My data: everything the database holds about one person, gathered without a list that could go stale.

Every table that names a subscriber is read, by the foreign key itself; a table made tomorrow is in it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select

from core import owners
from core.db import Base, table
from core.mailing.models import Campaign, Content, Delivery
from core.mailing.series.models import Enrollment, Series
from core.people import activity, consents, preferences
from core.people.choices import Topic, TopicChoice, TopicOff
from core.people.models import Event, Inbox, Subscriber
from core.privacy import tables_of_people
from core.segments.models import Membership, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from sqlalchemy import Column, Select
    from sqlalchemy.orm import Session

# Shown with words instead of numbers, or only inside another section.
_TOLD_BETTER = frozenset(
    {
        "consents",
        "deliveries",
        "memberships",
        "topic_choices",
        "topics_off",
        "segment_masks",
        "preferences",
        "enrollments",
    }
)
# Numbers that join rows or keep a repeat harmless: they tell nothing of the person.
_INNER = frozenset(
    {"subscriber_id", "key", "update_key", "last_key", "version_hash", "folded", "name_folded", "import_id"}
)
EXPORTED = "data_taken"  # the event of having asked for the file


def collect(session: Session, subscriber_id: int, now: datetime) -> dict[str, Any]:
    """Return all that is held about a person, as values of JSON; run it on a snapshot."""
    person = session.get_one(Subscriber, subscriber_id)
    found: dict[str, Any] = {
        "made_at": now,
        "person": _row(table(Subscriber), {c.name: getattr(person, c.name) for c in table(Subscriber).c}),
        "preferences": _preferences(session, subscriber_id),
        "consents": [
            {name: getattr(act, name) for name in act.__slots__}
            for act in consents.acts(session, subscriber_id)
        ],
        "topics": _rows(session, _topics(subscriber_id)),
        "letters": _rows(session, _letters(subscriber_id)),
        "segments": _rows(session, _segments(subscriber_id)),
        "series": _rows(session, _series(subscriber_id)),
    }
    for one, column in tables_of_people():
        if one.name not in _TOLD_BETTER:
            found[one.name] = _table(session, one, column, subscriber_id)
    for one, rows in _below(session, subscriber_id):
        found[one.name] = rows
    if person.telegram_id is not None:
        found |= {
            f"as_owner_{name}": rows for name, rows in owners.collect(session, person.telegram_id).items()
        }
    found["updates"] = _updates(session, person.telegram_id)
    return _plain(found)  # type: ignore[no-any-return]


def may_take(session: Session, subscriber_id: int, key: str, pause: timedelta, now: datetime) -> bool:
    """Note that the file is asked for; False if it was within the pause. The same key may take it again."""
    kind = (Event.subscriber_id == subscriber_id, Event.kind == EXPORTED)
    if session.scalar(select(Event.id).where(*kind, Event.key == key)) is not None:
        return True
    if session.scalar(select(Event.id).where(*kind, Event.at > now - pause).limit(1)) is not None:
        return False
    return activity.record(session, subscriber_id, EXPORTED, now, key=key)


def _preferences(session: Session, subscriber_id: int) -> dict[str, Any]:
    chosen = preferences.of(session, subscriber_id)
    return {
        "language": chosen.language,
        "language_is_his_choice": chosen.is_language_chosen,
        "time_zone": chosen.time_zone,
        "time_zone_is_known_from": chosen.zone_origin or None,
        "quiet_hours": str(chosen.quiet) if chosen.quiet else None,
        "best_time": chosen.best_time,
    }


def _topics(subscriber_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Topic.title_ru, Topic.title_en, TopicChoice.is_on, TopicChoice.at, TopicChoice.path,
            TopicOff.topic_id.is_(None).label("is_on_now"),
        )
        .join(Topic, Topic.id == TopicChoice.topic_id)
        .outerjoin(
            TopicOff,
            (TopicOff.topic_id == TopicChoice.topic_id) & (TopicOff.subscriber_id == subscriber_id),
        )
        .where(TopicChoice.subscriber_id == subscriber_id)
        .order_by(TopicChoice.id)
    )  # fmt: skip


def _letters(subscriber_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Campaign.name.label("letter"), Delivery.state, Delivery.reason, Delivery.due_at,
            Delivery.started_at, Delivery.finished_at, Delivery.answered_at, Delivery.message_id,
            Content.text,
        )
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .outerjoin(Content, Content.id == Delivery.content_id)
        .where(Delivery.subscriber_id == subscriber_id)
        .order_by(Delivery.id)
    )  # fmt: skip


def _segments(subscriber_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Segment.title_ru, Segment.title_en, Membership.entered_at, Membership.left_at)
        .join(Segment, Segment.id == Membership.segment_id)
        .where(Membership.subscriber_id == subscriber_id)
        .order_by(Membership.id)
    )


def _series(subscriber_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Series.title_ru, Series.title_en, Enrollment.state, Enrollment.entered_at, Enrollment.ended_at)
        .join(Series, Series.id == Enrollment.series_id)
        .where(Enrollment.subscriber_id == subscriber_id)
        .order_by(Enrollment.id)
    )


def _table(session: Session, one: Table, column: Column[Any], subscriber_id: int) -> list[dict[str, Any]]:
    rows = _rows(session, select(one).where(column == subscriber_id).order_by(*one.primary_key.columns))
    return [_row(one, row) for row in rows]


def _below(session: Session, subscriber_id: int) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """Rows that belong to a row of his and name him only through it, such as the answers of a quiz run."""
    direct = {one.name: (one, column) for one, column in tables_of_people()}
    for one in Base.metadata.sorted_tables:
        for key in one.foreign_keys:
            parent = key.column.table
            if one.name in direct or parent.name not in direct or key.ondelete != "CASCADE":
                continue
            his = select(key.column).where(direct[parent.name][1] == subscriber_id)
            rows = _rows(session, select(one).where(key.parent.in_(his)).order_by(*one.primary_key.columns))
            yield one, [_row(one, row) for row in rows]


def _updates(session: Session, telegram_id: int | None) -> list[dict[str, Any]]:
    """What he sent in the last days, as Telegram handed it over."""
    if telegram_id is None:
        return []
    asked = select(Inbox.received_at, Inbox.done_at, Inbox.raw).where(Inbox.person == telegram_id)
    return [
        {"received_at": received, "handled_at": done, "update": json.loads(raw)}
        for received, done, raw in session.execute(asked.order_by(Inbox.update_id))
    ]


def _rows(session: Session, statement: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(statement).mappings()]


def _row(one: Table, row: dict[str, Any]) -> dict[str, Any]:
    told = {column.name for column in one.primary_key.columns} - {"subscriber_id", "id"}
    inner = (_INNER | ({"id"} if one.name != "quiz_runs" else set())) - told
    return {name: value for name, value in row.items() if name not in inner}


def _plain(value: Any) -> Any:
    """Turn moments into ISO texts, all the way down."""
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool) else value.isoformat()
