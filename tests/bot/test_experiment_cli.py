"""`kvizor experiment`: what a shopkeeper reads, what a script reads, what is complained of."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core import migrate
from core.db import Database
from core.mailing.experiments.launching import Terms
from tests.mailing.experiments.test_campaign import HOUR, NOW, launched, sent, tap

Kvizor = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kvizor(shell: Kvizor, monkeypatch: pytest.MonkeyPatch) -> Kvizor:
    """Run `kvizor experiment …` with no base; the complaint comes in one line."""
    for name in ("DATABASE_URL", "BOT_TOKEN", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        code, out, err = shell("experiment", *arguments)
        return code, out, " ".join(err.replace("│", " ").split())

    return run


def test_a_plan_tells_how_many_people_a_rise_needs(kvizor: Kvizor) -> None:
    code, out, _ = kvizor("plan", "--base", "4%", "--lift", "1%")
    assert code == 0
    assert "по 6\u00a0745 человек в каждый из 2 вариантов, всего 13\u00a0490 человек" in out
    told = json.loads(kvizor("plan", "--base", "0.04", "--lift", "x1.25", "--json")[1])
    assert (told["people_each"], told["people"], told["better"]) == (6745, 13490, 0.05)


def test_a_plan_tells_what_these_people_can_show(kvizor: Kvizor) -> None:
    out = kvizor("plan", "--base", "4%", "--people", "3000", "--language", "en")[1]
    assert "1,500 people a variant) show a difference from +2.3 points up" in out
    chance = kvizor("plan", "--base", "4%", "--people", "3000", "--lift", "1%", "--language", "en")[1]
    assert "26 of 100" in chance
    assert "It needs 13,490 people." in chance
    assert "слишком мало" in kvizor("plan", "--base", "4%", "--people", "5")[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--a", "40/1000", "--b", "80/1000"], "B лучше A: +1,9…+6,1 п.п."),
        (["--a", "80/1000", "--b", "40/1000"], "A лучше B: +1,9…+6,1 п.п."),
        (["--visitors", "1000,1010", "--successes", "52,71"], "Разницы не видно: B − A где-то от −0,3 п.п."),
        (["--a", "40/1000", "--b", "80/1000", "--look", "1/5"], "Пока рано: разница B − A"),
        (["--a", "40/1000", "--b", "80/1000", "--look", "1", "--of", "5"], "Собрано 20 % задуманного"),
        (["--a", "40/1000", "--b", "80/1000", "--information", "0.1,0.9"], "B лучше A"),
        (
            ["--a", "40/1000", "--b", "90/1300", "--planned", "50,50"],
            "Делёж сломан: задумано 50,0 % / 50,0 %",
        ),
        (["--a", "40/1000", "--b", "90/1300"], "добавьте --planned 50,50"),
        (["--a", "0/20", "--b", "4/20"], "два способа счёта расходятся"),
        (["--visitors", "900,900,900", "--successes", "40,60,130"], "C лучше всех остальных."),
        (["--visitors", "900,900,900", "--successes", "40,41,42"], "Одного лучшего нет."),
    ],
)
def test_a_shopkeeper_reads_a_verdict(kvizor: Kvizor, arguments: list[str], sentence: str) -> None:
    code, out, complaint = kvizor("judge", *arguments)
    assert (code, complaint) == (0, "")
    assert sentence in out
    assert ".." not in out.replace("...", "")
    assert "{" not in kvizor("judge", *arguments, "--language", "en")[1]


def test_a_script_reads_a_verdict(kvizor: Kvizor) -> None:
    told = json.loads(kvizor("judge", "--a", "52/1000", "--b", "71/1010", "--json")[1])
    assert told["decision"] == "none"
    (pair,) = told["pairs"]
    assert pair["of"] == "B-A"
    assert pair["p_value"] == pytest.approx(0.0870442, abs=1e-6)
    assert (pair["ci_lo"], pair["ci_hi"]) == pytest.approx((-0.00276, 0.039546), abs=1e-6)


def test_a_table_of_cases_is_judged_line_by_line(kvizor: Kvizor, tmp_path: Path) -> None:
    table = "case,n_a,x_a,n_b,x_b,planned_a,planned_b\n"
    table += "win,1000,40,1000,80,50,50\nlose,1000,80,1000,40,,\neven,1000,52,1010,71,1,1\n"
    table += "broken,1000,40,1300,90,50,50\nempty,0,0,10,1,,\nfew,20,0,20,4,,\n"
    (tmp_path / "cases.csv").write_text(table, encoding="utf-8")
    code, out, complaint = kvizor("judge", "--file", "cases.csv", "--to", "out.csv")
    assert code == 0
    assert "Победитель A: 1, B: 1, нет: 3, сломан делёж: 1" in out
    assert "empty: nobody" in complaint
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["case"]: row for row in csv.DictReader(file)}
    assert list(rows["win"]) == ["case", "p_value", "decision", "ci_lo", "ci_hi"]
    assert {name: row["decision"] for name, row in rows.items()} == {
        "win": "B",
        "lose": "A",
        "even": "none",
        "broken": "srm",
        "empty": "none",
        "few": "none",
    }
    assert float(rows["few"]["p_value"]) == pytest.approx(0.106029, abs=1e-5)  # the exact test's
    assert (
        float(rows["win"]["ci_lo"]),
        float(rows["lose"]["ci_hi"]),
    ) == pytest.approx((0.019, -0.019), abs=1e-3)
    early = kvizor("judge", "--file", "cases.csv", "--look", "1", "--of", "5")[1]
    assert "win,0.000165" in early
    assert ",B," not in early


def test_every_wrong_line_of_a_table_is_named_and_nothing_is_written(kvizor: Kvizor, tmp_path: Path) -> None:
    lines = [
        "case,n_a,x_a,n_b,x_b",
        "fine,10,1,10,2",
        "over,10,11,10,2",
        "minus,-5,1,10,2",
        "word,ten,1,10,2",
    ]
    (tmp_path / "cases.csv").write_text("\n".join(lines), encoding="utf-8")
    code, _, complaint = kvizor("judge", "--file", "cases.csv", "--to", "out.csv")
    assert code == 1
    for place in ("line 3: Part A: 11 successes of 10", "line 4: Part A", "line 5: n_a is 'ten'"):
        assert place in complaint
    assert not (tmp_path / "out.csv").exists()
    (tmp_path / "bare.csv").write_text("case,n_a\n", encoding="utf-8")
    assert "no column x_a, n_b, x_b" in kvizor("judge", "--file", "bare.csv")[2]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["plan", "--base", "4", "--lift", "1%"], ["--base", "write 4%"]),
        (["plan", "--base", "four", "--lift", "1%"], ["--base", "4% or 0.04"]),
        (["plan", "--base", "4%", "--lift", "xx"], ["--lift", "x1.25"]),
        (["plan", "--base", "4%"], ["--lift", "--people"]),
        (["plan", "--base", "0%", "--lift", "1%"], ["base rate"]),
        (["plan", "--base", "4%", "--lift", "99%"], ["cannot change"]),
        (["judge", "--visitors", "10,20", "--successes", "1"], ["--successes", "one for each part"]),
        (["judge", "--visitors", "10,x", "--successes", "1,2"], ["--visitors", "1000,1010"]),
        (["judge", "--a", "5", "--b", "1/10"], ["--a", "52/1000"]),
        (["judge"], ["--visitors", "--file"]),
        (["judge", "--a", "1/10", "--b", "0/0"], ["Part B", "nobody"]),
        (["judge", "--a", "11/10", "--b", "0/10"], ["Part A", "11 successes of 10"]),
        (["judge", "--a", "-1/10", "--b", "0/10"], ["Part A", "negative"]),
        (["judge", "--a", "1/10", "--b", "0/10", "--look", "6/5"], ["--look", "the last 5"]),
        (["judge", "--a", "1/10", "--b", "0/10", "--look", "2"], ["--look", "of how many"]),
        (["judge", "--a", "1/10", "--b", "0/10", "--of", "5"], ["--of", "--look 2 --of 5"]),
        (["judge", "--a", "1/10", "--b", "0/10", "--planned", "50"], ["--planned", "50,50"]),
        (["judge", "--a", "1/10", "--b", "0/10", "--information", "0.5,0.2"], ["grows from look to look"]),
        (["judge", "--a", "1/10", "--b", "0/10", "--alpha", "2"], ["alpha is 2"]),
    ],
)
def test_a_mistake_is_told_with_its_option_and_the_remedy(
    kvizor: Kvizor, arguments: list[str], names: list[str]
) -> None:
    code, out, complaint = kvizor(*arguments)
    assert code != 0
    assert out == ""
    for name in names:
        assert name in complaint


def test_halves_of_the_same_people_have_no_winner(kvizor: Kvizor, tmp_path: Path) -> None:
    people = "id,reached\n" + "".join(f"{person},{int(person % 11 == 0)}\n" for person in range(1, 3001))
    (tmp_path / "people.csv").write_text(people, encoding="utf-8")
    code, out, _ = kvizor("selfcheck", "--people", "people.csv", "--times", "300")
    assert code == 0, out
    assert "Всё в порядке" in out
    told = json.loads(kvizor("selfcheck", "--people", "people.csv", "--times", "300", "--json")[1])
    assert told["people"] == 3000
    assert told["successes"] == 272
    assert told["winners"] <= 27


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A base on a file with an experiment that is over: B won, the rest waits."""
    url = f"sqlite:///{tmp_path}/base.db"
    monkeypatch.setenv("DATABASE_URL", url)
    db = Database(url)
    migrate.upgrade(db)
    campaign_id = launched(db, 2000, Terms(tested=0.5, window_hours=24))
    db.write_now(sent, campaign_id)
    db.write_now(tap, campaign_id, {0: 0.04, 1: 0.16}, NOW + HOUR)
    return db


def test_an_experiment_of_the_base_is_shown_and_its_winner_sent(
    kvizor: Kvizor, base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", str(base.engine.url))
    _, out, complaint = kvizor("show", 1)
    assert complaint == ""
    for words in ("Опыт «Весна»: цель — нажатие кнопки, отличается текст.", "B лучше A: +", "Остальные ждут"):
        assert words in out
    told = json.loads(kvizor("show", 1, "--json")[1])
    assert (told["verdict"]["decision"], told["looks"], told["is_final"]) == ("B", 1, True)
    assert "победил B" in kvizor("list")[1]
    assert "Дальше проверьте кнопку" in kvizor("list")[1]
    assert "one of A, B" in kvizor("rest", 1, "--variant", "Z")[2]
    assert kvizor("rest", 1)[1] == "Остальным уходит вариант B.\n"
    assert "no rest that waits" in kvizor("rest", 1)[2] or "отправлен вариант B" in kvizor("show", 1)[1]
    assert "is no experiment" in kvizor("show", 77)[2]
    assert kvizor("earned")[1].startswith("Сказать нельзя: ни у одной рассылки")
    assert kvizor("earned", "--json")[1] == "null\n"
    base.close_now()
