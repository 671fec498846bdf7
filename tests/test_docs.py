"""Documentation: settings, commands and links in it are the real ones.

`python -m tests.test_docs` writes the settings table of README.md anew.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bot.cli import app
from core.settings import Settings

ROOT = Path(__file__).parents[1]
START, END = "<!-- settings: written by `python -m tests.test_docs` -->", "<!-- /settings -->"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "quizzes").glob("*.md")])


def settings_table() -> str:
    rows = ["| variable | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in ("", ()) else f"`{field.default}`"
        rows.append(f"| `{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def test_the_settings_table_of_the_readme_is_the_code() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.split(START)[1].split(END)[0].strip() == settings_table()


def test_every_variable_of_the_example_exists() -> None:
    names = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert names
    assert {name.lower() for name in names} <= set(Settings.model_fields)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_local_link_and_picture_exists(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_every_command_the_readme_names_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("## Commands")[1].split("## How")[0]
    named = {tuple(match.split()) for match in re.findall(r"`((?:[a-z]+)(?: [a-z]+)?)(?: [^`]*)?`", table)}
    commands: Any = get_command(app)
    for words in named:
        found = commands
        for word in words:
            assert word in getattr(found, "commands", {}), words
            found = found.commands[word]


if __name__ == "__main__":
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    head, rest = text.split(START)
    path.write_text(f"{head}{START}\n{settings_table()}\n{END}{rest.split(END)[1]}", encoding="utf-8")
