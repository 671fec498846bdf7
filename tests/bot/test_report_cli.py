"""`kvizor funnel` prints what the owner's window shows, for people and for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from core import clock
from core.db import Database
from core.people import subscribers
from core.quizzes.loader import load_folder
from tests.quizzes.people import QUIZZES, Person

runner = CliRunner()


@pytest.fixture(autouse=True)
def _environment(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATABASE_URL", database_url), ("QUIZZES_DIR", str(QUIZZES)), ("LANGUAGE", "ru")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TELEGRAM_API_URL", raising=False)


def walk(db: Database) -> None:
    """One opened the bot by a link and left at the team question of the entry quiz."""
    anna = Person(db, load_folder(QUIZZES))
    person = subscribers.Sender(1, "Анна")
    db.write_now(lambda s: setattr(subscribers.meet(s, person, clock.now()), "joined_at", clock.now()))
    db.write_now(
        lambda s: subscribers.came_from(s, subscribers.meet(s, person, clock.now()), "vk", clock.now(), "t")
    )
    anna.begin("entry")
    anna.press("Владею")


async def test_the_funnel_is_printed_for_people_and_for_scripts(db: Database, tmp_path: Path) -> None:
    walk(db)
    shown = runner.invoke(app, ["funnel", "--picture", str(tmp_path / "funnel.png")])
    assert shown.exit_code == 0, shown.stderr
    assert "        1         0    0%  team (asked of some)" in shown.stdout.splitlines()
    assert shown.stdout.splitlines()[-1].split() == ["1", "0", "from", "vk"]
    assert (tmp_path / "funnel.png").read_bytes().startswith(b"\x89PNG")
    told = json.loads(runner.invoke(app, ["funnel", "--source", "vk", "--json"]).stdout)
    assert {step["step"]: (step["came"], step["went_on"]) for step in told["steps"]}["role"] == (1, 1)
    assert told["sources"][0]["source"] == "vk"
    nobody = json.loads(runner.invoke(app, ["funnel", "--source", "tg", "--json"]).stdout)
    assert nobody["steps"] == []


async def test_an_unknown_quiz_is_a_sentence(db: Database) -> None:
    done = runner.invoke(app, ["funnel", "--quiz", "entri"])
    assert done.exit_code == 1
    assert "There is no quiz `entri`; did you mean `entry`?" in str(done.exception)
