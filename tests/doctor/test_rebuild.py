"""What is kept equals what the facts amount to, after any history; what is corrupted is found and mended."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db import Database
from core.doctor.rebuild import Report, rebuild
from core.segments import ruleset
from tests.doctor.history import ACTS, History
from tests.segments.people import wipe

HISTORIES = int(os.environ.get("HISTORIES", "4"))
acts = st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 60))


def told(report: Report) -> list[str]:
    return [f"{one.name}: {words}" for one in report.tables for words in one.examples]


@settings(
    max_examples=int(os.environ.get("HISTORIES", "8")), deadline=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(acts, min_size=10, max_size=60))
def test_after_any_history_a_rebuild_finds_no_difference(
    db: Database, plan: list[tuple[str, int, int]]
) -> None:
    db.write_now(wipe)
    ruleset._cache.clear()
    with tempfile.TemporaryDirectory() as folder:
        history = History(db, Path(folder))
        for act, person, number in plan:
            history.live(act, person, number)
        assert not told(rebuild(db, history.now)), plan
        history.live("refresh", 0, 0)
        report = rebuild(db, history.now)
    assert not told(report), plan
    assert not [words for words in report.passed if "scores" not in words]
