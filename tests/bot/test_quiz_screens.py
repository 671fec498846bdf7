"""Timers of questions, sheets of numbered pictures, and what the process remembers for a while."""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot import memory, pictures, quiz_timer
from bot.memory import Memory, Recent
from bot.quiz_timer import Timers

FILES = Path(__file__).parents[1] / "quizzes" / "library" / "files"


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiz_timer, "GRACE_SECONDS", 0.0)


async def test_a_timer_acts_once_in_time_and_an_answer_stops_it() -> None:
    acted: list[str] = []
    timers = Timers()

    async def act(name: str) -> None:
        acted.append(name)

    timers.set(1, 0.01, lambda: act("first"))
    timers.set(1, 0.02, lambda: act("in its place"))
    timers.set(2, 0.01, lambda: act("answered"))
    timers.cancel(2)
    await asyncio.sleep(0.1)
    assert acted == ["in its place"]
    timers.set(3, 60, lambda: act("never"))
    await timers.close()
    assert acted == ["in its place"]


async def test_a_timer_that_fails_is_logged_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    timers = Timers()
    monkeypatch.setattr(quiz_timer, "MOST", 1)

    async def fails() -> None:
        raise RuntimeError("no network")

    timers.set(1, 0.0, fails)
    timers.set(2, 0.0, fails)  # one too many: the person's next act settles it
    await asyncio.sleep(0.05)
    await timers.close()


def test_pictures_of_options_make_one_numbered_sheet(tmp_path: Path) -> None:
    made = pictures.of(None, [(1, FILES / "red.png"), (2, FILES / "blue.png"), (3, FILES / "car.png")])
    assert made is not None
    image = Image.open(BytesIO(pictures.sheet(made.parts)))
    columns, rows = 2, 2
    width, height = pictures.TILE
    assert image.size == (
        columns * (width + pictures.GAP) + pictures.GAP,
        rows * (height + pictures.GAP) + pictures.GAP,
    )
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    assert Image.open(BytesIO(pictures.sheet([(1, broken), (2, FILES / "red.png")]))).size[0] > width
    assert pictures.of(None, []) is None


def test_a_file_changed_in_place_is_another_picture(tmp_path: Path) -> None:
    path = tmp_path / "one.png"
    path.write_bytes((FILES / "red.png").read_bytes())
    before = pictures.Picture(((0, path),)).key
    path.write_bytes((FILES / "flat.png").read_bytes())
    assert pictures.Picture(((0, path),)).key != before


def test_an_alert_is_told_once_an_hour_and_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [0.0]
    monkeypatch.setattr("bot.memory.time.monotonic", lambda: moment[0])
    held = Memory()
    assert [held.may_tell("join"), held.may_tell("join"), held.may_tell("other")] == [True, False, True]
    moment[0] = memory.HOUR
    assert held.may_tell("join")
    monkeypatch.setattr(memory, "MOST", 2)
    recent: Recent[int, int] = Recent()
    for number in range(4):
        recent.keep(number, number)
    assert list(recent) == [2, 3]
