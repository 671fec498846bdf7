"""`kvizor score` and `kvizor cohorts`: the examples of docs/scores.md, formats for scripts, complaints."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.segments.scores.shops import busy_shop, csv_of

PAGE = Path(__file__).parents[2] / "docs" / "scores.md"
BLOCK = re.compile(r"^```(sh|csv|json|yaml) ?(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SCORES = ("rfm", "lifecycle", "health", "lead", "clv")
Kvizor = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kvizor(shell: Kvizor, monkeypatch: pytest.MonkeyPatch) -> Kvizor:
    """A shell with no base and no bot."""
    for name in ("DATABASE_URL", "BOT_TOKEN", "TIME_ZONE"):
        monkeypatch.delenv(name, raising=False)
    return shell


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.csv.gz"
    path.write_bytes(gzip.compress(csv_of(busy_shop(150)).encode()))
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_of_scores_is_what_the_commands_do(kvizor: Kvizor, tmp_path: Path) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert sum(kind == "sh" for kind, *_ in blocks) == 7
    for kind, name, text in blocks:
        if kind == "sh":
            assert kvizor(*shlex.split(text)[1:])[0] == 0, text
        elif (tmp_path / name).exists():
            assert (tmp_path / name).read_text(encoding="utf-8") == text, name
        else:
            (tmp_path / name).write_text(text, encoding="utf-8")


def test_the_page_tells_the_odd_lines_of_its_own_orders(kvizor: Kvizor, tmp_path: Path) -> None:
    (_, _, text), *_ = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    (tmp_path / "orders.csv").write_text(text, encoding="utf-8")
    code, out, complaint = kvizor("score", "rfm", "--orders", "orders.csv", "--as-of", "2026-03-01")
    assert (code, complaint.splitlines()) == (
        0,
        [
            "the same order again, counted once: 1 (line 7)",
            "a refund, taken off the customer's money, not a purchase: 2 (lines 12, 14)",
        ],
    )
    assert "people: 6" in out
    told = json.loads(kvizor("score", "rfm", "--orders", "orders.csv", "--json")[1])
    assert told["notes"]["the same order again, counted once"] == {"count": 1, "lines": [7]}
    assert told["segments"]["champions"] + told["segments"]["loyal"] == 1


@pytest.mark.parametrize("score", SCORES)
def test_every_score_writes_exactly_its_columns_with_every_buyer_once(
    kvizor: Kvizor, shop: Path, tmp_path: Path, score: str
) -> None:
    header = {
        "rfm": ["customer_id", "R", "F", "M", "segment"],
        "lifecycle": ["customer_id", "state", "score"],
        "clv": ["customer_id", "expected", "p_alive", "expected_spend", "clv"],
    }.get(score, ["customer_id", "group", "score"])
    code, out, complaint = kvizor("score", score, "--orders", shop, "--to", "out.csv", "--json")
    assert (code, complaint) == (0, "")
    found = rows(tmp_path / "out.csv")
    assert list(found[0]) == header
    buyers = {line.split(",")[0] for line in csv_of(busy_shop(150)).splitlines()[1:]}
    assert [row["customer_id"] for row in found] == sorted(buyers)
    assert json.loads(out)["people"] == len(buyers)


@pytest.mark.parametrize("score", SCORES)
def test_shuffled_lines_write_the_same_file(kvizor: Kvizor, tmp_path: Path, score: str) -> None:
    head, *lines = csv_of(busy_shop(120)).splitlines()
    for name, ordered in (("a", lines), ("b", lines[::-1])):
        (tmp_path / f"{name}.csv").write_text("\n".join([head, *ordered]), encoding="utf-8")
        assert kvizor("score", score, "--orders", f"{name}.csv", "--to", f"{name}.out.gz")[0] == 0
    assert (tmp_path / "a.out.gz").read_bytes() == (tmp_path / "b.out.gz").read_bytes()


def test_parameters_of_lifetime_value_are_written_by_their_names(
    kvizor: Kvizor, shop: Path, tmp_path: Path
) -> None:
    code, out, _ = kvizor(
        "score", "clv", "--orders", shop, "--calibrate-to", "2026-01-01", "--params", "p.json", "--json"
    )
    params = json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))
    assert code == 0
    assert list(params) == ["r", "alpha", "a", "b", "p", "q", "v", "log_likelihood"]
    assert all(isinstance(value, float) for value in params.values())
    told = json.loads(out)
    assert told["clv_is"] == "money expected"
    assert told["hold_out"]["weeks"] > 4
    assert told["hold_out"]["actual"] > 0


def test_a_value_without_a_model_says_what_stands_in_its_place(kvizor: Kvizor, tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("customer_id,timestamp,amount\na,2026-01-01,5\n", encoding="utf-8")
    code, out, _ = kvizor("score", "clv", "--orders", "few.csv", "--params", "p.json")
    assert code == 0
    assert "there is 1 customer: a model needs at least 100" in out
    assert "clv is: money so far" in out
    assert "too little history" in out
    assert json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))["r"] is None


def test_cohorts_on_the_screen_mark_the_period_that_is_cut_short(kvizor: Kvizor, tmp_path: Path) -> None:
    text = "customer_id,timestamp,amount\na,2026-01-31T22:30:00Z,5\nb,2026-01-05,5\nb,2026-02-10,5\n"
    (tmp_path / "orders.csv").write_text(text, encoding="utf-8")
    code, out, _ = kvizor("cohorts", "--orders", "orders.csv")
    assert code == 0
    assert [line.split() for line in out.splitlines()[:2]] == [
        ["2026-01-01", "1", "1*"],
        ["2026-02-01", "1*"],
    ]
    told = json.loads(kvizor("cohorts", "--orders", "orders.csv", "--zone", "UTC", "--json")[1])
    assert told["rows"] == [{"start": "2026-01-01", "people": [2, 1]}]
    assert (told["cut_short"], told["observed_to"]) == ("2026-02-01", "2026-02-10")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("score", "rfm", "--orders", "missing.csv"), "missing.csv"),
        (("score", "rfm", "--orders", "empty.csv"), "empty"),
        (
            ("score", "rfm", "--orders", "one.csv", "--as-of", "2020-01-01"),
            "no purchase on or before 2020-01-01",
        ),
        (("score", "rfm", "--orders", "one.csv", "--as-of", "01.02.2020"), "does not match"),
        (("score", "rfm", "--orders", "one.csv", "--as-of", "9999-12-31"), "a year from 1970 to 2200"),
        (("cohorts", "--orders", "one.csv", "--as-of", "0001-01-01"), "a year from 1970 to 2200"),
        (("score", "rfm", "--orders", "one.csv", "--zone", "Moscow"), "no such time zone"),
        (("score", "rfm", "--orders", "one.csv", "--to", "no/where.csv"), "no/where.csv cannot be written"),
        (
            ("score", "lifecycle", "--orders", "one.csv", "--at-risk-days", "9", "--lapsed-days", "9"),
            "lapsed must be the later one",
        ),
        (
            ("score", "clv", "--orders", "one.csv", "--calibrate-to", "2020-01-01"),
            "the first order is of 2026-01-05",
        ),
        (("score", "lead", "--orders", "one.csv", "--points", "empty.csv"), "is no scheme of points"),
        (("cohorts", "--orders", "one.csv", "--period", "year"), "month or week"),
    ],
)
def test_what_cannot_be_done_is_told_without_a_traceback(
    kvizor: Kvizor, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    (tmp_path / "one.csv").write_text("customer_id,timestamp,amount\na,2026-01-05,5\n", encoding="utf-8")
    code, _, complaint = kvizor(*arguments)
    assert code != 0
    assert words in re.sub(r"[\s│]+", " ", complaint)
    assert "Traceback" not in complaint


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    script = (
        "import bot.cli, sys; print(sorted({'numpy', 'pandas', 'scipy', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=PAGE.parents[1]
    )
    assert done.stdout == "[]\n"
