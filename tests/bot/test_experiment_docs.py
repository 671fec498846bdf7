"""docs/experiments.md: every command on the page is run, every answer on it is the command's own."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.bot.test_experiment_cli import Kvizor
from tests.bot.test_experiment_cli import kvizor as kvizor

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


@pytest.mark.parametrize("formula", ["4.877, 3.357, 2.680, 2.290, 2.031", "power.prop.test", "p < 0.001"])
def test_the_definitions_name_what_is_tested(formula: str) -> None:
    assert formula in PAGE.read_text(encoding="utf-8")
