"""The terminal tells past days and movement, for people and for scripts."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot.segment_cli import app
from core.db import Database
from core.errors import KvizorError
from core.people.models import Profile, Subscriber
from core.segments.models import Membership, Segment

DAY = datetime(2026, 1, 9, 22, 0, tzinfo=UTC)  # in Moscow the 10th has begun


def story(session: Session) -> None:
    for number, name in ((1, "calm"), (2, "wild")):
        row = {"id": number, "name": name, "title_ru": name, "title_en": name, "rule": "letters >= 0"}
        session.execute(insert(Segment), [{**row, "family": "life", "created_at": DAY}])
    session.execute(
        insert(Subscriber), [{"id": 1, "status": "active", "first_name": "Анна", "created_at": DAY}]
    )
    session.execute(insert(Profile), [{"subscriber_id": 1, "touched_at": DAY}])
    left = DAY.replace(day=19)
    stays = [(1, DAY, left), (2, left, None)]
    rows = [{"segment_id": n, "subscriber_id": 1, "entered_at": a, "left_at": b} for n, a, b in stays]
    session.execute(insert(Membership), rows)


@pytest.fixture
def base(db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    db.write_now(story)
    return db


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


async def test_a_day_is_told_with_its_people_and_written_to_a_file(base: Database, tmp_path: Path) -> None:
    told = json.loads(run("history", "calm", "--on", "2026-01-15", "--to", "day.csv", "--json"))
    assert (told["count"], told["rows"], told["known_since"]) == (1, 1, "2026-01-10")
    assert told["sample"][0]["until"] == "2026-01-20T01:00:00+03:00"
    with (tmp_path / "day.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["first_name"] for row in csv.DictReader(file)] == ["Анна"]
    assert run("history", "calm", "--on", "2026-01-20").startswith("2026-01-20: 0")
    assert "2026-01-10 … 2026-01-20" in run("history", "calm", "--on", "2026-01-19")
    assert "known since 2026-01-10" in run("history", "calm", "--on", "2025-12-31")
    with pytest.raises(KvizorError, match="still to come"):
        run("history", "calm", "--on", "2999-01-01")
    assert "--to wants --on" in run("history", "calm", "--to", "day.csv")


async def test_movement_is_told_drawn_and_written(base: Database, tmp_path: Path) -> None:
    days = ("--from", "2026-01-15", "--to-day", "2026-01-25")
    asked = ("movement", "--segments", "calm,wild", *days)
    told = json.loads(run(*asked, "--to", "m.csv", "--picture", "m.png", "--json"))
    assert [(one["from"], one["to"], one["people"]) for one in told["cells"]] == [("calm", "wild", 1)]
    table = "from,to,people,paid_before,paid_after\r\ncalm,wild,1,0.00,0.00\r\n"
    assert (tmp_path / "m.csv").read_bytes().decode() == table
    assert (tmp_path / "m.png").read_bytes().startswith(b"\x89PNG")
    assert "1 of 1 moved" in run("movement", "--family", "life", *days)
    months = json.loads(run("movement", "--family", "life", "--months", "2", "--json"))
    assert len(months) == 2
    assert "give --family or --segments" in run("movement", *days)
    with pytest.raises(KvizorError, match="cannot be written"):
        run(*asked, "--to", "no/m.csv")
