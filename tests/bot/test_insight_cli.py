"""`kvizor insight …`: every command of the page about insights answers, for people and for scripts."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from bot.cli import app
from core.db import Database
from core.reports import clusters
from core.segments.models import Segment
from tests.reports import shop
from tests.reports.test_hidden import people

PAGE = Path(__file__).parents[2] / "docs" / "insights.md"
COMMANDS = sorted(set(re.findall(r"`kvizor (insight [^`…]+)`", PAGE.read_text(encoding="utf-8"))))
PICTURED = ("cross", "common", "goods", "spend", "stages", "links", "hidden")
runner = CliRunner()


def asked(words: str) -> Result:
    done = runner.invoke(app, shlex.split(words))
    assert done.exit_code == 0, f"{words}: {done.output} {done.exception!r}"
    return done


@pytest.fixture
def shop_of_two_groups(db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Buyers, who are the segment `vip`, and talkers."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LANGUAGE", "ru")
    monkeypatch.delenv("TELEGRAM_API_URL", raising=False)
    for name in ("REFERENCES", "RESTARTS", "SPLITS"):  # how groups are judged is tested with the report
        monkeypatch.setattr(clusters, name, 1)
    men = list(people())
    for man in men:
        man.segments, man.city = [1] if man.bought else [], "Тула" if man.bought else "Уфа"
        man.bought = [(days, amount, "cup", "dishes") for days, amount, *_ in man.bought]
    db.write_now(shop.segment, 1, "purchases >= 1", 100)
    db.write_now(lambda session: session.execute(update(Segment).values(name="vip")) and None)
    db.write_now(shop.fill, men)


@pytest.mark.usefixtures("shop_of_two_groups")
async def test_the_commands_of_the_page_answer_with_what_is_in_the_base(tmp_path: Path) -> None:
    found = {}
    for words in COMMANDS:
        name = words.split()[1]
        picture = tmp_path / f"{name}.png"
        shown = ["--picture", str(picture)] if name in PICTURED else []
        found[name] = json.loads(asked(shlex.join([*shlex.split(words), "--json", *shown])).stdout)
        assert not shown or picture.read_bytes().startswith(b"\x89PNG")
    assert set(found) == {"cross", "common", "goods", "spend", "stages", "links", "hidden", "fields"}
    rows = {
        name: [list(row.values()) for row in told.get("rows", ())]
        for name, told in found.items()
        if isinstance(told, dict)
    }
    assert ["Тула", "покупатель", 100] in [row[:3] for row in rows["cross"]]
    assert any("Тула" in row for row in rows["common"])
    assert found["goods"]["buyers"] == 100
    assert any("Часть 1" in row for row in rows["spend"])
    assert rows["stages"][-1][:3] == ["repeat", 100, 100]
    assert found["links"]["people"] == 400
    assert found["hidden"]["groups"] == 2
    assert found["hidden"]["kept_as"].endswith(rows["hidden"][0][1])
    gone = runner.invoke(app, ["insight", "hidden", "--keep", "0badc0de"])
    assert "There is no group 0badc0de; found now: 1 (" in str(gone.exception)
    left = found["common"]["left_out"]
    assert left["clv"] == "follows from purchases"
    assert "city" not in left


@pytest.mark.usefixtures("shop_of_two_groups")
async def test_tables_are_printed_for_people_too() -> None:
    assert "Тула" in asked("insight cross city status").stdout
    assert "cup" in asked("insight goods").stdout
    for words in ("insight goods", "insight stages", "insight links", "funnel"):
        refused = runner.invoke(app, [*shlex.split(words), "--picture", "/nowhere/a.png"])
        assert "The file /nowhere/a.png cannot be written: No such file" in str(refused.exception), words
    wrong = runner.invoke(app, ["insight", "cross", "sity", "status"])
    assert (wrong.exit_code, "unknown field `sity`" in str(wrong.exception)) == (1, True)
