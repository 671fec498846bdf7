"""Whoever is forgotten between the reading and the writing of a long job leaves no row of it behind."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from core import privacy
from core.db import Base, Database
from core.people.models import Tag
from core.reports import guards, hidden_keep
from core.reports.guards import Finding, state
from core.reports.models import GuardAlarm
from core.segments.scores.job import compute
from core.segments.scores.models import Score
from core.settings import Settings
from tests.mailing.people import add_people
from tests.segments.scores.test_job import buy


def rows_of(db: Database, model: type[Base], who: int) -> int:
    query = select(func.count()).select_from(model).where(model.subscriber_id == who)  # type: ignore[attr-defined]
    return db.read_now(lambda session: session.scalar(query) or 0)


@pytest.fixture
def forgotten(db: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Two buyers; the first is forgotten and erased whole before the first write that follows."""
    db.write_now(add_people, 2, now)
    db.write_now(buy, [(1, 9, 100), (2, 9, 100)], now)
    write_now = db.write_now
    is_done: list[bool] = []

    def late(verb: Any, *args: Any) -> Any:
        if not is_done:
            is_done.append(True)
            write_now(privacy.forget, 1, now)
            assert privacy.erase(db, 1)
        return write_now(verb, *args)

    monkeypatch.setattr(db, "write_now", late)
    return db


def test_no_scores_are_written(forgotten: Database, now: datetime) -> None:
    compute(forgotten, now)
    assert (rows_of(forgotten, Score, 1), rows_of(forgotten, Score, 2)) == (0, 1)


def test_no_tag_is_given(forgotten: Database, now: datetime) -> None:
    forgotten.write_now(hidden_keep._tag, [1, 2], "hidden:1", now)
    assert (rows_of(forgotten, Tag, 1), rows_of(forgotten, Tag, 2)) == (0, 1)


def test_no_alarm_names_him(forgotten: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = [Finding("was_vip", str(who), 1, 100, {"days": 70, "purchases": 3}, who) for who in (1, 2)]
    monkeypatch.setattr(state, "DAILY", {"was_vip": lambda *_: silent})
    guards.watch(forgotten, now, Settings(_env_file=None))  # type: ignore[call-arg]
    assert (rows_of(forgotten, GuardAlarm, 1), rows_of(forgotten, GuardAlarm, 2)) == (0, 1)
