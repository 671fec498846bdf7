"""Rules from the terminal: shown first, done with --yes, every version kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.rule_cli import app
from core.db import Database
from core.segments import rules
from core.segments.errors import SegmentError
from core.segments.proposal import SegmentChangedError
from tests.oracle import Person
from tests.segments.people import NOW, store


@pytest.fixture
def base(db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("DATABASE_URL", database_url)
    for tags in ({"vip"}, {"old"}):
        db.write_now(store, Person(tags=tags))
    db.write_now(rules.define, "vip", "tag vip", ("Важные", "VIP"), NOW)
    return db


def run(*arguments: str) -> Any:
    answer = CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_an_own_segment_is_deleted_when_it_is_said_to_be(base: Database) -> None:
    run("define", "upper", "in segment vip", "--yes")
    assert CliRunner().invoke(app, ["delete", "vip", "--yes"]).exception is not None
    assert run("delete", "upper") == {"name": "upper", "size": 1, "deleted": False}
    assert run("delete", "upper", "--yes")["deleted"]
    with pytest.raises(SegmentError):
        base.read_now(rules.find, "upper")


def test_a_rule_is_shown_applied_and_returned_from(base: Database) -> None:
    shown = run("define", "mine", "tag old", "--title-ru", "Мой")
    assert (shown["would_enter"], shown["size_then"], shown["applied"]) == (1, 1, False)
    with pytest.raises(SegmentError):
        base.read_now(rules.find, "mine")
    done = run("define", "mine", "tag old", "--title-ru", "Мой", "--yes")
    assert (done["entered"], done["left"], done["size"]) == (1, 0, 1)
    changed = run("define", "mine", "tag vip", "--yes")
    assert (changed["would_enter"], changed["would_leave"], changed["entered"], changed["left"]) == (
        1,
        1,
        1,
        1,
    )
    assert base.read_now(rules.find, "mine").title_ru == "Мой"
    past = run("versions", "mine")
    assert [(one["number"], one["author"], one["rule"]) for one in past] == [
        (2, "cli", "tag vip"),
        (1, "cli", "tag old"),
    ]
    assert run("return", "mine", "1")["applied"] is False
    assert run("return", "mine", "1", "--yes")["size"] == 1
    assert len(run("versions", "mine")) == 3
    assert run("versions", "mine", "--at", "2001-01-01") == []
    assert [one["number"] for one in run("versions", "mine", "--at", "2101-01-01")] == [3]
    assert issubclass(SegmentChangedError, SegmentError)


def test_without_json_it_says_what_it_would_do(base: Database) -> None:
    told = CliRunner().invoke(app, ["define", "vip", "tag old"], catch_exceptions=False).stdout
    assert "was:  есть метка «vip»" in told
    assert "will: есть метка «old»" in told
    assert "Nothing is changed; repeat with --yes" in told
    assert "nothing to do" in CliRunner().invoke(app, ["define", "vip", "tag vip", "--yes"]).stdout
