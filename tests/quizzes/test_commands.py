"""kvizor quiz check, show and replay: what they print, where, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.quiz_cli import app
from core.db import Database
from core.quizzes.loader import load_text
from core.quizzes.replay import ReplayError, read_answers, replay
from core.quizzes.show import count, tree
from tests.quizzes.people import QUIZZES, Person, library_of
from tests.quizzes.shop import SHOP

runner = CliRunner()
WALK = {
    "role": "owner",
    "team": 12,
    "goals": ["fame", "calm"],
    "online": False,
    "city": "омск",
    "phone": None,
}

GUEST = {"role": "guest", "goals": ["calm"], "online": "yes", "city": None, "phone": "+79121234567"}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP, encoding="utf-8")
    return path


def answers(folder: Path, value: Any) -> str:
    path = folder / "answers.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(path)


def test_check_says_that_all_is_well() -> None:
    done = runner.invoke(app, ["check", str(QUIZZES / "entry.yaml"), str(QUIZZES / "nps.yaml")])
    assert (done.exit_code, done.stdout) == (
        0,
        "entry: 5 questions, 5 results, in order\nnps: 5 questions, 3 results, in order\n",
    )


def test_check_tells_problems_on_stderr_with_exit_code_one(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("id: bad\ntitel: Bad\n", encoding="utf-8")
    done = runner.invoke(app, ["check", str(path)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"{path}:2:1: unknown key `titel`; did you mean `title`?" in done.stderr.split("\n")
    as_json = runner.invoke(app, ["check", "--json", str(path)])
    told = json.loads(as_json.stdout)
    assert (as_json.exit_code, told["ok"]) == (1, False)
    assert {
        "file": str(path),
        "line": 2,
        "column": 1,
        "what": "unknown key `titel`",
        "remedy": "did you mean `title`?",
    } in told["problems"]


def test_replay_prints_the_agreed_json(shop: Path, tmp_path: Path) -> None:
    done = runner.invoke(app, ["replay", str(shop), answers(tmp_path, WALK), "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "path": ["role", "team", "goals", "online", "city", "phone"],
        "score": 16,
        "tags": ["big", "свой"],
        "attributes": {"team_size": 12, "city": "Омск"},
        "result": "big",
        "segment": "big_owners",
    }
    plain = runner.invoke(app, ["replay", str(shop), answers(tmp_path, WALK)])
    assert "result: big\nsegment: big_owners\n" in plain.stdout


@pytest.mark.parametrize(
    ("given", "path", "result"),
    [
        ({}, [], None),
        ({"role": "guest", "team": 5}, ["role"], None),
        (GUEST, list(GUEST), "small"),
    ],
)
def test_replay_goes_as_far_as_the_answers_lead(
    given: dict[str, Any], path: list[str], result: str | None
) -> None:
    found = replay(load_text(SHOP, "shop.yaml", Path()).quiz, given)
    assert (found.path, found.result) == (path, result)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"rolle": "owner"}, "The quiz has no question `rolle`; did you mean `role`?"),
        ({"role": "king"}, '`role` cannot be answered with "king": The answer does not have the right'),
        ({"role": None}, "`role` cannot be answered with null: Please answer in words."),
        ({"role": "owner", "team": "many"}, "`team` cannot be answered with \"many\": A number is needed"),
        ({"role": "owner", "team": True}, "`team` cannot be answered with true: "),
        ({"role": "guest", "goals": []}, "`goals` cannot be answered with []: Choose at least 1."),
        ({"role": "guest", "goals": ["calm", "money", "fame"]}, "Choose no more than 2."),
        ({"role": "guest", "goals": [["calm"]]}, "`goals` cannot be answered with [[\"calm\"]]"),
    ],
)  # fmt: skip
def test_replay_names_the_answer_that_cannot_be_given(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ReplayError) as caught:
        replay(load_text(SHOP, "shop.yaml", Path()).quiz, given)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", ":1:2: this is not JSON"),
        ("[]", ":1:1: these are not answers"),
        ("[" * 100_000, "this is not JSON"),
    ],
)
def test_a_broken_answers_file_is_told(shop: Path, tmp_path: Path, text: str, sentence: str) -> None:
    done = runner.invoke(app, ["replay", str(shop), answers(tmp_path, text)])
    assert done.exit_code == 1
    assert sentence in done.stderr
    with pytest.raises(ReplayError, match="the file cannot be read"):
        read_answers(tmp_path / "nowhere.json")


def test_show_draws_the_tree(shop: Path) -> None:
    done = runner.invoke(app, ["show", str(shop)])
    assert done.exit_code == 0
    lines = done.stdout.split("\n")
    assert lines[0] == "shop: Магазин (ru, en)"
    assert "2. team [number] Сколько вас? (saves team_size; only if role is owner)" in lines
    assert "   ├ owner: Владелец +10 #свой" in lines
    assert "→ big; if team ≥ 10 and tag свой; segment big_owners #big" in lines
    quiz = json.loads(runner.invoke(app, ["show", "--json", str(shop)]).stdout)["quiz"]
    assert [question["id"] for question in quiz["questions"]] == list(WALK)


def test_show_counts_who_chose_what_and_who_stopped_where(db: Database) -> None:
    library = library_of(SHOP)
    first, second, third = (Person(db, library, number) for number in (1, 2, 3))
    for person in (first, second, third):
        person.begin("shop")
    first.press("Владелец")
    for label in ("Гость", "Денег", "Готово", "Да", "Пропустить", "Пропустить"):
        second.press(label)
    counts = db.read_now(count, "shop")
    assert (counts.started, counts.finished) == (3, 1)
    assert counts.stopped == {"team": 1, "role": 1}
    assert counts.chosen["role"] == {"owner": 1, "guest": 1}
    text = tree(library.quiz("shop").quiz, counts)
    assert "begun 3, finished 1" in text
    assert "Сколько вас? (saves team_size; only if role is owner) · 1 stopped here" in text
    assert "guest: Гость +1 · 1" in text


def test_show_counts_from_the_database_of_the_settings(
    db: Database, shop: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    person = Person(db, library_of(SHOP))
    person.begin("shop")
    done = runner.invoke(app, ["show", "--people", "--json", str(shop)])
    assert json.loads(done.stdout)["people"] == {
        "started": 1,
        "finished": 0,
        "chosen": {},
        "stopped": {"role": 1},
    }
