"""Stored scores that are not what the facts gave at the last run are found, named and mended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from core.db import Database
from core.doctor.rebuild import Report, Table, rebuild
from core.people import subscribers
from core.sales.models import Purchase
from core.segments import rules
from core.segments.refresh import refresh_all
from core.segments.scores import job
from core.segments.scores.columns import NAMES
from core.segments.scores.models import Score
from tests.conftest import NOW
from tests.segments.members import segments_of
from tests.segments.scores.test_job import base

LATER = NOW + timedelta(hours=2)
SPOILT: dict[str, Any] = {
    "rfm": "hibernating", "lifecycle": "vip", "health_group": "key", "lead_group": "hot", "churn": "overdue",
    "interval_days": 77.5, "next_purchase_at": NOW + timedelta(days=1000),
}  # fmt: skip
OWN_FILE = "lead:\n  events:\n    tapped: {points: 7, days: 30}\n"


def rows(session: Session) -> dict[int, tuple[Any, ...]]:
    query = select(Score.subscriber_id, *(getattr(Score, name) for name in NAMES))
    return {who: tuple(values) for who, *values in session.execute(query)}


def scores_of(report: Report) -> Table:
    return next(one for one in report.tables if one.name == "scores")


@pytest.fixture
def scored(db: Database) -> Database:
    db.write_now(base, NOW - timedelta(hours=1))
    rebuild(db, NOW - timedelta(minutes=30), repair=True)  # what it is made of is put in by hand
    db.write_now(rules.define, "dear", "rfm = champions", ("dear", "dear"), NOW)
    job.compute(db, NOW)
    refresh_all(db, NOW)
    return db


async def test_every_spoilt_score_is_named_and_mended_and_its_segments_follow(scored: Database) -> None:
    good = scored.read_now(rows)
    sound = rebuild(scored, LATER)
    assert (scores_of(sound).rows, scores_of(sound).differences) == (len(good), 0)
    dear = next(who for who, values in good.items() if values[NAMES.index("rfm")] == "champions")
    lost, first = sorted(good.keys() - {dear})[:2]
    for place, name in enumerate(NAMES):
        who = dear if name == "rfm" else first
        value = SPOILT[name] if name in SPOILT else (good[who][place] or 0) + 1
        scored.write_now(
            lambda s, n=name, v=value, w=who: s.execute(
                update(Score).where(Score.subscriber_id == w).values({n: v})
            )
        )
    scored.write_now(lambda s: s.execute(delete(Score).where(Score.subscriber_id == lost)))
    refresh_all(scored, NOW + timedelta(minutes=5))
    assert scored.read_now(segments_of, dear) == ()

    found = scores_of(rebuild(scored, LATER))
    assert found.differences == 3
    told = " ".join(found.examples)
    for name in NAMES:
        assert f"{name} is" in told, name
    assert f"person {lost}: missing" in told
    mended = scores_of(rebuild(scored, LATER, repair=True))
    assert mended.mended == 3
    assert scored.read_now(rows) == good
    assert scored.read_now(segments_of, dear) == ("dear",)
    assert scores_of(rebuild(scored, LATER)).differences == 0


async def test_scores_are_compared_by_the_owners_file_and_not_by_another(
    scored: Database, tmp_path: Path
) -> None:
    file = tmp_path / "scores.yaml"
    file.write_text(OWN_FILE)
    job.compute_by_file(scored, NOW, str(file))
    assert not scores_of(rebuild(scored, NOW, scores_file=str(file))).differences
    shipped = rebuild(scored, NOW)
    assert any("the file of scores was changed" in words for words in shipped.passed)
    file.write_text("lead: [")
    job.compute_by_file(scored, LATER, str(file))  # the last scores stay
    assert any("scores: " in words for words in rebuild(scored, LATER, scores_file=str(file)).passed)
    file.write_text(OWN_FILE)
    scored.write_now(lambda s: s.execute(update(Score).values(engagement=1)) and None)
    assert scores_of(rebuild(scored, LATER, scores_file=str(file))).differences > 10


async def test_who_acts_after_the_run_is_left_to_the_next_and_new_purchases_leave_all(
    scored: Database,
) -> None:
    who = min(scored.read_now(rows))
    scored.write_now(
        lambda s: s.execute(update(Score).where(Score.subscriber_id == who).values(engagement=99)) and None
    )
    scored.write_now(subscribers.alive, who, NOW + timedelta(minutes=1))
    report = rebuild(scored, LATER)
    assert scores_of(report).differences == 0
    assert "scores: 1 people touched or written to since they were computed" in report.passed
    order = {
        "order_id": "late", "subscriber_id": 2, "at": NOW - timedelta(days=9), "amount": 5, "currency": "RUB",
        "base_amount": 5, "product": "", "category": "",
    }  # fmt: skip
    scored.write_now(lambda s: s.execute(insert(Purchase), [order]) and None)
    assert any("purchases were added" in words for words in rebuild(scored, LATER).passed)
