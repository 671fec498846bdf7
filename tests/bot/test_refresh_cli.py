"""`kvizor segment refresh` computes what segments ask for, where no bot does it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from bot.segment_cli import app
from core.db import Database
from core.segments.scores.models import ScoreRun
from tests.mailing.people import add_people
from tests.segments.scores.test_job import buy

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def refreshed(*arguments: str) -> dict[str, int]:
    result = CliRunner().invoke(app, ["refresh", "--json", *arguments])
    assert result.exit_code == 0, result.output
    return {row["name"]: row["size"] for row in json.loads(result.stdout)["segments"]}


def test_scores_are_computed_before_segments_once_a_day(
    db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    db.write_now(add_people, 2, NOW)
    db.write_now(buy, [(1, 400, 100), (2, 3, 100)], NOW)
    assert refreshed("--as-of", "2026-03-02T12:00:00")["lapsed"] == 1
    refreshed("--as-of", "2026-03-02T12:00:00")
    count = select(func.count()).select_from(ScoreRun)
    assert db.read_now(lambda session: session.scalar(count)) == 1
    refreshed()  # today again: the last run is of another day
    assert db.read_now(lambda session: session.scalar(count)) == 2
