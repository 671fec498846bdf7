"""`playbook check`: what ships is fit to be sent, and no letter is another one over again."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.campaign_cli import playbook_app
from core.mailing.playbooks import likeness

SERIES = """
name: {name}
title: Проба
kind: selling
purpose: service
starts: {{hand: true}}
steps:
  - key: first
    letter: {{text: {{ru: "{ru}", en: "{en}"}}}}
"""


def write(folder: Path, name: str, ru: str, en: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(SERIES.format(name=name, ru=ru, en=en), encoding="utf-8")
    return path


def test_all_that_ships_is_in_order() -> None:
    report = likeness.check()
    assert report.faults == ()
    assert report.files == len(likeness.shipped())
    assert report.closest is not None
    assert report.closest.share < 0.3  # far from the limit: nothing was written by changing words


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("раз два три четыре", "раз два три четыре", 1.0),
        ("раз два три четыре", "Раз, два — <b>ТРИ</b> чётыре!", 1.0),
        ("раз два три четыре", "четыре три два раз", 0.0),
        ("раз два три четыре", "раз два три пять", 0.5),
        ("раз два три", "слово раз два три и ещё много слов", 1.0),
        (
            '{{ first_name | default: "друг" }}, раз два три',
            'раз {{ username | default: "вы" }} два три',
            1.0,
        ),
        ("раз", "раз", 1.0),
        ("", "раз", 0.0),
    ],
)
def test_alike_is_what_the_shorter_text_shares_in_runs_of_words(one: str, other: str, share: float) -> None:
    assert likeness.share(one, other) == likeness.share(other, one) == share


def test_a_letter_written_by_changing_a_word_is_refused_and_named(tmp_path: Path) -> None:
    words = "мы открыли лавку в тот день когда выпал первый снег и продали один плед"
    one = write(tmp_path, "one", words, "We opened on the day of the first snow.")
    other = write(tmp_path, "other", words.replace("плед", "шарф"), "Two scarves were sold that week.")
    report = likeness.check([one, other])
    assert len(report.faults) == 1
    assert report.faults[0].startswith("one/first and other/first (ru) share 92%")

    answer = CliRunner().invoke(playbook_app, ["check", str(one), str(other)])
    assert answer.exit_code == 1
    assert "write one of them anew" in answer.output
    assert CliRunner().invoke(playbook_app, ["check", str(one)]).exit_code == 0


def test_a_missing_language_and_a_broken_file_are_told(tmp_path: Path) -> None:
    lone = tmp_path / "lone.yaml"
    lone.write_text(
        SERIES.format(name="lone", ru="Слово", en="Word").replace(', en: "Word"', ""), encoding="utf-8"
    )
    broken = write(tmp_path, "broken", "Привет, {{ first_name", "Hello")
    assert likeness.check([lone]).faults == ("lone/first has no text in en; write it.",)
    assert "broken.yaml" in likeness.check([broken]).faults[0]
    assert "cannot be read" in likeness.check([tmp_path / "none.yaml"]).faults[0]
