"""A small shop whose answers are known: people, purchases, answers and tags written down one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from core.db import Base
from core.people.models import Attribute, Profile, Subscriber, Tag
from core.people.text import fold
from core.quizzes.models import Answer
from core.sales.models import Purchase
from core.segments.models import Membership, Segment

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Man:
    """One person; `bought` are (days ago, amount or None for no rate, product, category)."""

    source: str | None = None
    status: str = "active"
    city: str | None = None
    age: float | None = None
    roles: Sequence[str] = ()
    tags: Iterable[str] = ()
    bought: Sequence[tuple[int, int | None, str, str]] = ()
    silent: int = 1
    unanswered: int = 0
    joined: int = 100
    segments: Sequence[int] = ()
    erased: bool = False
    facts: dict[str, object] = field(default_factory=dict)


def fill(session: Session, people: Sequence[Man]) -> None:
    """Write people and their facts; their ids begin with 1."""
    rows: dict[type[Base], list[dict[str, object]]] = {}
    for who, man in enumerate(people, 1):
        for model, row in _facts(who, man):
            rows.setdefault(model, []).append(row)
    for model in (Subscriber, Profile, Attribute, Answer, Tag, Purchase, Membership):
        if rows.get(model):
            session.execute(insert(model), rows[model])
    if session.get_bind().dialect.name == "postgresql":  # whoever comes by himself is the next
        own = "setval(pg_get_serial_sequence('subscribers', 'id'), :last)"
        session.execute(text(f"SELECT {own}"), {"last": len(people) or 1})


def _facts(who: int, man: Man) -> Iterable[tuple[type[Base], dict[str, object]]]:
    joined = NOW - timedelta(days=man.joined)
    yield (
        Subscriber,
        {
            "id": who, "telegram_id": who, "status": man.status, "source": man.source, "created_at": joined,
            "joined_at": joined, "erased_at": NOW if man.erased else None,
        },
    )  # fmt: skip
    moments = [NOW - timedelta(days=days) for days, *_ in man.bought]
    yield (
        Profile,
        {
            "subscriber_id": who, "last_seen_at": NOW - timedelta(days=man.silent), "touched_at": NOW,
            "unanswered": man.unanswered, "letters_received": man.unanswered,
            "purchases_count": len(man.bought), "purchases_total": sum(one[1] or 0 for one in man.bought),
            "first_purchase_at": min(moments, default=None), "last_purchase_at": max(moments, default=None),
        },
    )  # fmt: skip
    for key, value in (("city", man.city), ("age", man.age)):
        if value is not None:
            number = value if isinstance(value, float) else None
            text = str(value)
            yield (
                Attribute,
                {
                    "subscriber_id": who, "key": key, "text": text, "folded": fold(text), "number": number,
                    "updated_at": NOW,
                },
            )  # fmt: skip
    for role in man.roles:
        yield (
            Answer,
            {
                "subscriber_id": who, "quiz": "entry", "question": "role", "folded": role, "text": role,
                "answered_at": NOW,
            },
        )  # fmt: skip
    for tag in man.tags:
        yield Tag, {"subscriber_id": who, "tag": tag, "added_at": NOW}
    for number, (days, amount, product, category) in enumerate(man.bought):
        yield (
            Purchase,
            {
                "order_id": f"{who}-{number}", "subscriber_id": who, "at": NOW - timedelta(days=days),
                "amount": amount or 1, "currency": "RUB", "base_amount": amount, "product": product,
                "category": category,
            },
        )  # fmt: skip
    for segment in man.segments:
        yield Membership, {"segment_id": segment, "subscriber_id": who, "entered_at": NOW}


def segment(session: Session, number: int, rule: str, size: int, family: str = "own") -> None:
    """Write a segment under a number, with a size as its last refresh would have left it."""
    session.execute(
        insert(Segment),
        [
            {
                "id": number, "name": f"s{number}", "title_ru": f"Часть {number}",
                "title_en": f"Part {number}",
                "family": family, "rule": rule, "size": size, "created_at": NOW, "refreshed_at": NOW,
            }
        ],
    )  # fmt: skip
