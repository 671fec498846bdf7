"""The page of playbooks tells what ships: every name, every door, every tag on it is real."""

from __future__ import annotations

import re
from pathlib import Path

from core.mailing import playbooks
from core.mailing.playbooks import likeness
from core.mailing.series import shipped
from core.mailing.series.definition import Definition
from core.segments.presets.file import shipped as presets

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "playbooks.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip("` "): cells
    for cells in (row.strip("|").split("|") for row in re.findall(r"^\| `.*$", PAGE, re.M))
}
AGAIN = {"never": "never", "each": "each"}


def definitions() -> dict[str, Definition]:
    return {name: shipped.loaded(name).definition for name in shipped.names()}


def test_the_page_has_every_shipped_series_and_no_other() -> None:
    assert set(ROWS) == set(shipped.names())
    assert all(f"playbook on {name}" in PAGE for name in playbooks.names())


def test_each_row_names_the_door_of_its_series_and_whether_it_opens_again() -> None:
    for name, given in definitions().items():
        door, again = ROWS[name][1], ROWS[name][3].strip()
        assert given.start.kind == "hand" or f"`{given.start.what}`" in door, name
        assert again == AGAIN.get(given.again, f"after {given.again_days} days"), name


def test_each_number_of_letters_is_counted() -> None:
    for name, given in definitions().items():
        told = re.match(r"\s*(\d+) (?:\w+ )?letters", ROWS[name][2])
        if told:
            assert int(told[1]) == sum(step.kind == "letter" for step in given.steps), name


def test_every_segment_that_opens_a_door_is_installed_from_the_start() -> None:
    ready = {preset.name for preset in presets() if preset.enabled}
    for name, given in definitions().items():
        if given.start.kind == "segment":
            assert given.start.what in ready, name


def test_every_tag_of_the_page_is_given_by_a_button_or_a_step() -> None:
    given = {tag for one in definitions().values() for step in one.steps for tag in (*step.add, *step.remove)}
    given |= {
        str(button["action"]).removeprefix("tag.")
        for one in definitions().values()
        for step in one.steps
        for variant in step.variants
        for words in variant.contents.values()
        for row in words.buttons
        for button in row
        if str(button.get("action", "")).startswith("tag.")
    }
    named = set(re.findall(r"`tag\.([a-z_]+)`", PAGE)) | set(re.findall(r"tag `([a-z_]+)`", PAGE))
    assert named
    assert named <= given


def test_no_two_letters_that_ship_are_alike_and_all_are_in_both_languages() -> None:
    assert likeness.check(()).faults == ()
