"""docs/experiments.md: every command on the page is run, every answer on it is the command's own."""

from __future__ import annotations

import re
import shlex
from datetime import datetime
from pathlib import Path

import pytest

from core.db import Database
from core.mailing import filed
from core.mailing.experiments import launching
from tests.bot.test_experiment_cli import Kvizor
from tests.bot.test_experiment_cli import kvizor as kvizor
from tests.mailing.test_campaign_file import read

PAGE = Path(__file__).parents[2] / "docs" / "experiments.md"
BLOCK = re.compile(r"^```(sh|text|csv) ?(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_the_page_says_what_the_commands_say(kvizor: Kvizor, tmp_path: Path) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert sum(kind == "sh" for kind, *_ in blocks) == 11
    said = ""
    for kind, name, text in blocks:
        if kind == "csv":
            (tmp_path / name).write_text(text, encoding="utf-8")
        elif kind == "sh":
            _, experiment, *arguments = shlex.split(text)
            assert experiment == "experiment"
            code, said, complaint = kvizor(*arguments)
            assert (code, complaint) == (0, ""), text
        else:
            assert said == text


def test_the_file_on_the_page_is_an_experiment(db: Database, now: datetime, tmp_path: Path) -> None:
    ((_, text),) = re.findall(
        r"^```(yaml)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    made = db.write_now(filed.post, read(tmp_path, text, now), now)
    terms = db.read_now(launching.terms_of, made.campaign_id)
    assert terms == launching.Terms("purchase", 168, (50.0, 50.0), 0.4, 0.1, "auto")


@pytest.mark.parametrize("formula", ["4.877, 3.357, 2.680, 2.290, 2.031", "power.prop.test", "p < 0.001"])
def test_the_definitions_name_what_is_tested(formula: str) -> None:
    assert formula in PAGE.read_text(encoding="utf-8")
