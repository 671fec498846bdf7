"""Stored scores equal a computation by hand, person by person, that shares no code with the job."""

from __future__ import annotations

import math
import statistics
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.db import Database
from core.migrate import upgrade
from core.people.models import DailyCount, Profile, Subscriber
from core.quizzes.models import Answer
from core.sales.models import Purchase
from core.segments.scores import job
from core.segments.scores.computed import computed
from core.segments.scores.job import compute
from core.segments.scores.lead import EventPoints, Points
from core.segments.scores.models import Score
from core.segments.scores.scheme import Scheme
from tests.conftest import NOW, fresh_database
from tests.segments.people import wipe

MOSCOW = ZoneInfo("Europe/Moscow")
TODAY = NOW.astimezone(MOSCOW).date()
SCHEME = Scheme(
    lead=Points(
        answers={"lead.term": {"now": 12.5, "someday": -4}, "entry.role": {"owner": 30}},
        events={
            "wrote": EventPoints(15, 30, "talk"),
            "called": EventPoints(7, 9, "talk"),
            "saw": EventPoints(20, 14),
            "cursed": EventPoints(-10, 30),
        },
        group_caps={"talk": 25},
    ),
    milestones=("paid", "wrote"),
)


@dataclass
class Person:
    in_bot: bool = True
    letters: int = 0
    unanswered: int = 0
    purchases: list[tuple[int, int | None]] = field(default_factory=list)  # hours ago, minor units
    counts: dict[tuple[str, int], int] = field(default_factory=dict)  # kind, days ago → how often
    answers: list[tuple[str, str, str]] = field(default_factory=list)


sums = st.sampled_from([None, 0, 1, 5_000, 5_000, 70_000, -3_000, -70_000])
people = st.builds(
    Person,
    in_bot=st.booleans(),
    letters=st.integers(0, 8),
    unanswered=st.integers(0, 3),
    purchases=st.lists(st.tuples(st.integers(-48, 24 * 200), sums), max_size=6),
    counts=st.dictionaries(
        st.tuples(st.sampled_from(["wrote", "called", "saw", "cursed", "paid"]), st.integers(-1, 40)),
        st.integers(1, 4),
        max_size=5,
    ),
    answers=st.lists(
        st.sampled_from([("lead", "term", "now"), ("lead", "term", "someday"), ("entry", "role", "owner")]),
        max_size=2,
        unique=True,
    ),
)


def store(session: Session, everyone: list[Person]) -> None:
    wipe(session)
    for number, person in enumerate(everyone, 1):
        joined = NOW - timedelta(days=90) if person.in_bot else None
        rows: list[Any] = [
            Profile(
                subscriber_id=number,
                letters_received=person.letters,
                unanswered=person.unanswered,
                touched_at=NOW,
            )
        ]
        rows += [
            Purchase(
                order_id=f"{number}-{place}",
                subscriber_id=number,
                at=NOW - timedelta(hours=ago),
                amount=amount or 9,
                currency="RUB" if amount is not None else "USD",
                base_amount=amount,
            )
            for place, (ago, amount) in enumerate(person.purchases)
        ]
        rows += [
            DailyCount(subscriber_id=number, kind=kind, day=TODAY - timedelta(days=ago), count=count)
            for (kind, ago), count in person.counts.items()
        ]
        rows += [
            Answer(subscriber_id=number, quiz=quiz, question=question, folded=said, answered_at=NOW)
            for quiz, question, said in person.answers
        ]
        one = {"id": number, "status": "active", "created_at": NOW, "joined_at": joined}
        session.execute(insert(Subscriber), [one])
        session.add_all(rows)
        session.flush()


def half_up(value: float) -> int:
    return math.floor(round(value, 6) + 0.5)


def fifth(values: list[float], value: float) -> int:
    """1–5 by quintile edges with linear interpolation; on an edge the lower bin."""
    ordered, score = sorted(values), 1
    for share in (0.2, 0.4, 0.6, 0.8):
        place = share * (len(ordered) - 1)
        low = math.floor(place)
        high = min(low + 1, len(ordered) - 1)
        score += value > ordered[low] + (ordered[high] - ordered[low]) * (place - low) + 1e-9
    return score


def rank(values: list[float], value: float) -> float:
    return 100 * (sum(v < value for v in values) + sum(v == value for v in values) / 2) / len(values)


def engagement(person: Person) -> int:
    """In thousandths of points."""
    groups: dict[str, int] = defaultdict(int)
    for (kind, ago), count in person.counts.items():
        one = SCHEME.lead.events.get(kind)
        if one is not None and 0 <= ago < one.days:
            groups[one.group or kind] += count * math.trunc(one.points * 1000 * (one.days - ago) / one.days)
    groups["talk"] = min(groups["talk"], 25_000)
    return min(max(sum(groups.values()), 0), 50_000)


def by_hand(everyone: list[Person]) -> dict[int, dict[str, Any]]:
    bought, money = {}, {}
    for number, person in enumerate(everyone, 1):
        past = [(NOW - timedelta(hours=ago), amount) for ago, amount in person.purchases if ago >= 0]
        days = [(TODAY - at.astimezone(MOSCOW).date()).days for at, amount in past if (amount or 0) >= 0]
        if days:
            bought[number] = sorted(days)
            money[number] = sum(amount or 0 for _, amount in past)
    recency = [-days[0] for days in bought.values()]
    count = [len(days) for days in bought.values()]
    spent = list(money.values())
    made: dict[int, dict[str, Any]] = {}
    for number, person in enumerate(everyone, 1):
        row: dict[str, Any] = {}
        acts = engagement(person)
        if person.in_bot:
            row["engagement"] = half_up(acts / 500)
        if person.in_bot and number not in bought:
            points = {"now": 12_500, "someday": -4_000, "owner": 30_000}
            fit = min(max(sum(points[said] for *_, said in person.answers), 0), 50_000)
            row["lead"] = half_up((fit + acts) / 1000)
            row["lead_group"] = ("cold", "warm", "hot")[(row["lead"] > 50) + (row["lead"] > 75)]
        if number in bought:
            days = bought[number]
            row["rfm_r"] = 6 - fifth([-v for v in recency], days[0])
            row["rfm_f"], row["rfm_m"] = fifth(count, len(days)), fifth(spent, money[number])
            silent, year = days[0], [d for d in days if d <= 365]
            row["lifecycle"] = (
                "lapsed"
                if silent > 90
                else "at_risk"
                if silent > 60
                else "vip"
                if len(year) >= 3 and money[number] > vip_edge(spent)
                else "new"
                if days[-1] <= 30
                else "active"
            )
            outcome = (
                rank(recency, -silent) + rank(count, len(days)) + rank(spent, money[number])  # type: ignore[arg-type]
            ) / 3
            parts = [(outcome, 0.5)]
            if person.in_bot:
                reached = sum(
                    any(kind == one and ago >= 0 for kind, ago in person.counts) for one in ("paid", "wrote")
                )
                parts.append((50 * reached, 0.2))
            if person.in_bot and person.letters:
                answered = 100 * max(person.letters - person.unanswered, 0) / person.letters
                parts.append(((answered + row["engagement"]) / 2, 0.3))
            health = sum(value * weight for value, weight in parts) / sum(weight for _, weight in parts)
            row["health"] = half_up(health)
            rich = money[number] > statistics.median(spent)
            row["health_group"] = (
                "at_risk"
                if row["health"] <= 50
                else "low_potential"
                if not rich
                else "high_potential"
                if row["health"] <= 75
                else "key"
            )
            row["clv"] = money[number]
            row |= rhythm(sorted(set(days)))
        if row:
            made[number] = row
    return made


def vip_edge(spent: list[int]) -> float:
    ordered, place = sorted(spent), 0.95 * (len(spent) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low) + 1e-6


def rhythm(days: list[int]) -> dict[str, Any]:
    if len(days) < 3:
        return {}
    usual = statistics.median(later - sooner for sooner, later in pairwise(days))
    state = "overdue" if days[0] > 3 * usual else "stretched" if days[0] > 2 * usual else "calm"
    day = TODAY - timedelta(days=days[0]) + timedelta(days=math.ceil(usual))
    begins = datetime(day.year, day.month, day.day, tzinfo=MOSCOW)
    return {"churn": state, "interval_days": usual, "next_purchase_at": begins}


ASKED = (
    *("rfm_r", "rfm_f", "rfm_m", "lifecycle", "health", "health_group", "engagement", "lead", "lead_group"),
    *("churn", "interval_days", "next_purchase_at", "clv"),
)


def stored(session: Session) -> dict[int, dict[str, Any]]:
    rows = session.execute(select(Score.subscriber_id, *(getattr(Score, name) for name in ASKED)))
    pairs = ((who, zip(ASKED, values, strict=True)) for who, *values in rows)
    return {who: {name: value for name, value in each if value is not None} for who, each in pairs}


def test_stored_scores_equal_those_by_hand_and_a_rebuild_finds_no_difference() -> None:
    with tempfile.TemporaryDirectory() as folder, fresh_database(Path(folder)) as url:
        db = Database(url)
        upgrade(db)

        @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(people, min_size=1, max_size=8))
        @example([Person(purchases=[(695, -3_000)])])  # refunds alone
        @example([Person(in_bot=False, purchases=[(695, 3_000)])])  # one customer
        def every(everyone: list[Person]) -> None:
            db.write_now(store, everyone)
            compute(db, NOW, SCHEME)
            found, expected = db.read_now(stored), by_hand(everyone)
            assert found == expected
            assert not len(db.read_now(computed, NOW, SCHEME).table.unlike(db.read_now(job.stored)))
            assert compute(db, NOW, SCHEME).written == 0

        every()
        db.close_now()
