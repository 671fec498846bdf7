"""kvizor quiz check, show and replay: what they print, where, and the exit code."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.quiz_cli import app
from core.db import Database
from core.quizzes.counts import count
from core.quizzes.loader import load_folder, load_text
from core.quizzes.problems import QuizError
from core.quizzes.replay import ReplayError, read_answers, replay
from core.quizzes.show import tree
from core.segments import rules
from tests.conftest import NOW
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


def test_check_says_that_all_is_well(shop: Path) -> None:
    done = runner.invoke(app, ["check", str(shop)])
    assert (done.exit_code, done.stdout) == (0, "shop: 6 questions, 2 results, in order\n")


def test_check_takes_a_whole_folder_and_every_shipped_quiz_is_in_order() -> None:
    done = runner.invoke(app, ["check", str(QUIZZES)])
    assert done.exit_code == 0, done.stderr
    told = {line.split(":")[0] for line in done.stdout.splitlines()}
    assert told == {path.stem for path in QUIZZES.glob("*.yaml")}


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    done = runner.invoke(app, ["check", str(tmp_path)])
    assert done.exit_code == 1
    assert "there is no quiz in this folder" in done.stderr


def test_warnings_come_with_their_place_and_fail_only_a_strict_check(shop: Path) -> None:
    done = runner.invoke(app, ["check", str(shop)])
    place = f"{shop}:{SHOP[: SHOP.index('online]')].count(chr(10)) + 1}:"
    told = [line for line in done.stderr.splitlines() if "`online`" in line]
    assert len(told) == 1
    assert told[0].startswith(place)
    assert ": warning: nothing uses the tag `online`" in told[0]
    strict = runner.invoke(app, ["check", "--strict", "--json", str(shop)])
    found = json.loads(strict.stdout)
    assert (strict.exit_code, found["ok"], found["problems"]) == (1, False, [])
    assert {one["what"] for one in found["warnings"]} == {
        line.split(": ", 2)[2].rsplit("; ", 1)[0] for line in done.stderr.splitlines()
    }


def test_a_tag_that_a_segment_of_the_database_uses_is_no_warning(
    db: Database, shop: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    db.write_now(rules.define, "shoppers", 'tag online or tag "big"', ("Люди", "People"), NOW)
    done = runner.invoke(app, ["check", "--people", str(shop)])
    assert done.exit_code == 0
    assert "`online`" not in done.stderr
    assert "there is no segment `big_owners`" in done.stderr


def test_quizzes_that_go_round_in_a_circle_are_told_with_the_place(tmp_path: Path) -> None:
    ask = "id: {0}\ntitle: T\nquestions:\n  - {{id: q, kind: text, text: t}}\n"
    text = ask + "results:\n  - {{id: r, text: R, next: {1}}}\n"
    for name, after in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.yaml").write_text(text.format(name, after))
    done = runner.invoke(app, ["check", str(tmp_path)])
    assert done.exit_code == 1
    assert f"{tmp_path}/a.yaml:6:28: the quizzes go round in a circle: a → b → c → a" in done.stderr
    with pytest.raises(QuizError, match="circle"):
        load_folder(tmp_path)
    (tmp_path / "c.yaml").write_text(text.format("c", "d"))
    done = runner.invoke(app, ["check", str(tmp_path / "c.yaml")])
    assert f"{tmp_path}/c.yaml:6:28: there is no quiz `d`" in done.stderr
    (tmp_path / "d.yaml").write_text(text.format("d", "a").replace(", next: a", ""))
    done = runner.invoke(app, ["check", str(tmp_path / "c.yaml")])
    assert done.exit_code == 0, "the next quiz stands in a file beside it"


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
        "scores": {},
        "right": 0,
        "asked": 0,
        "tags": ["big", "свой"],
        "attributes": {"team_size": 12, "city": "Омск"},
        "result": "big",
        "segment": "big_owners",
    }
    plain = runner.invoke(app, ["replay", str(shop), answers(tmp_path, WALK)])
    assert "result: big\nsegment: big_owners\n" in plain.stdout


def test_replay_asks_in_the_order_of_a_seed(tmp_path: Path) -> None:
    names = [f"q{number}" for number in range(6)]
    quiz = tmp_path / "random.yaml"
    lines = "".join(f"  - {{id: {one}, kind: text, text: t, group: g}}\n" for one in names)
    quiz.write_text(
        "id: random\ntitle: T\nlanguages: [ru]\ngroups: {g: {shuffle: true}}\n"
        f"questions:\n{lines}results: [{{id: r, text: R}}]\n"
    )
    told = answers(tmp_path, dict.fromkeys(names, "x"))

    def path(*seed: str) -> list[str]:
        done = runner.invoke(app, ["replay", str(quiz), told, "--json", *seed])
        assert done.exit_code == 0, done.output
        found: list[str] = json.loads(done.stdout)["path"]
        return found

    assert path() == path("--seed", "0") == names
    seven = path("--seed", "7")
    assert (seven, sorted(seven)) == (path("--seed", "7"), names)
    assert any(path("--seed", str(seed)) != seven for seed in (1, 2, 3))
    assert runner.invoke(app, ["replay", str(quiz), told, "--seed", "-1"]).exit_code == 2


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
    quiz = library.quiz("shop").quiz
    counts = db.read_now(count, quiz, third.now + timedelta(hours=23))
    assert (counts.started, counts.finished) == (3, 1)
    assert counts.dropped == {}, "within a day they may still come back"
    counts = db.read_now(count, quiz, third.now + timedelta(hours=25))
    assert counts.dropped == {"team": 1, "role": 1}
    assert counts.asked == {"role": 3, "team": 1, "goals": 1, "online": 1, "city": 1, "phone": 1}
    assert counts.gone == {
        ("role", "team"): 1,
        ("role", "goals"): 1,
        ("goals", "online"): 1,
        ("online", "city"): 1,
        ("city", "phone"): 1,
        ("phone", ""): 1,
    }
    assert counts.chosen["role"] == {"owner": 1, "guest": 1}
    text = tree(quiz, counts)
    assert "begun 3, finished 1" in text
    assert "Сколько вас? (saves team_size; only if role is owner) · asked 1 · 1 left here" in text
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
        "asked": {"role": 1},
        "chosen": {},
        "dropped": {"role": 1},
        "gone": [],
    }


def test_show_draws_a_picture(shop: Path, tmp_path: Path) -> None:
    for form, sign in (("png", b"\x89PNG"), ("svg", b"<?xml")):
        out = tmp_path / f"shop.{form}"
        done = runner.invoke(app, ["show", str(shop), "--out", str(out)])
        assert (done.exit_code, done.stdout) == (0, f"{out}: shop, 6 questions\n")
        assert out.read_bytes().startswith(sign)
    for name, words in (("shop.jpg", "a picture is .png or .svg"), ("no/shop.png", "cannot be written")):
        done = runner.invoke(app, ["show", str(shop), "--out", str(tmp_path / name)])
        assert done.exit_code == 1
        assert words in done.stderr
