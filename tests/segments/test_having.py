"""Whether anybody has a value of a field: one answer for a whole table, kept where it is dear."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from core.db import Database
from core.segments import having
from core.segments.catalogue import FIELDS
from core.segments.having import has_values
from core.segments.scores.models import Score
from tests.oracle import Person
from tests.segments.people import NOW, store

ASKED = [one for one in FIELDS.values() if one.nullable]


@pytest.fixture
def base(db: Database) -> Database:
    db.on_touched = None
    for _ in range(4):
        db.write_now(store, Person(last_seen_at=NOW))
    return db


def known(db: Database) -> set[str]:
    return {one.name for one in ASKED if db.read_now(has_values, one)}


def test_a_value_of_anybody_is_seen_the_next_moment(base: Database) -> None:
    before = known(base)
    assert {"last_seen", "lifecycle"} <= before
    assert not before & {"clv", "rfm", "first_purchase", "age"}
    row = {"subscriber_id": 2, "clv": 5, "computed_at": NOW}
    base.write_now(lambda session: session.execute(insert(Score), [row]))
    base.write_now(store, Person(purchases=[(NOW - timedelta(days=5), 70_000)]))
    after = known(base)
    assert "clv" in after - before
    assert "first_purchase" in after - before
    assert not after & {"rfm", "age"}


def test_an_old_value_behind_a_thousand_newer_people_is_found(
    base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(having, "_NEWEST", 1)
    rows = [{"subscriber_id": who, "clv": 5 if who == 1 else None, "computed_at": NOW} for who in (1, 2, 3)]
    base.write_now(lambda session: session.execute(insert(Score), rows))
    assert base.read_now(has_values, FIELDS["clv"])
    assert not base.read_now(has_values, FIELDS["rfm"])


def test_what_took_long_is_asked_once_for_all_fields(base: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(having, "CHEAP_SECONDS", -1.0)
    said: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("SELECT max"):
            said.append(statement)

    def every(session: Any) -> set[bool]:
        event.listen(session.get_bind(), "before_cursor_execute", note)
        try:
            return {has_values(session, one) for one in ASKED if one.name in ("clv", "rfm", "lead", "churn")}
        finally:
            event.remove(session.get_bind(), "before_cursor_execute", note)

    assert base.read_now(every) == {False}
    assert len(said) == 2  # the newest rows, then all of them
    base.read_now(every)
    assert len(said) == 2
    monkeypatch.setattr(having, "KEPT_SECONDS", -1.0)
    base.read_now(every)
    assert len(said) > 2
