"""`kvizor places`: counts, the spellings nobody knows, a pass over everybody."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from bot.cli import app
from core.db import Database
from core.people import places_kept
from tests.conftest import NOW
from tests.mailing.people import add_people

runner = CliRunner()


def test_known_and_unknown_cities_are_counted_told_and_derived_anew(
    db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("TELEGRAM_API_URL", raising=False)
    db.write_now(add_people, 3, NOW)
    for who, city in enumerate(("г. казань", "Ктулхуград", "ктулхуград"), 1):
        db.write_now(places_kept.said, who, city, NOW, source="quiz:entry")
    shown = runner.invoke(app, ["places", "--unknown", "--recompute"])
    assert shown.exit_code == 0, shown.output
    assert "derived anew from what 3 people typed" in shown.output
    assert "2 people with a city that is not, in 1 spellings" in shown.output
    answer = json.loads(runner.invoke(app, ["places", "--json"]).output)
    assert answer == {"known_people": 1, "unknown_people": 2, "spellings": 1}
