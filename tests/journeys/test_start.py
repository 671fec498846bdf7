"""Starting in a bad place: each a clear sentence, nothing half-done."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx2

from core.db import Database
from core.migrate import downgrade, upgrade
from tests.telegram import World, wait_for

BARE = {"PATH": "/usr/bin:/bin", "HOME": "/"}


def run(folder: Path, timeout: float = 30, **env: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        env={**BARE, "PYTHONPATH": str(root), "QUIZZES_DIR": str(root / "quizzes"), **env},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def test_a_token_of_the_wrong_shape_is_named_and_not_repeated(tmp_path: Path) -> None:
    done = run(tmp_path, BOT_TOKEN="hello-secret")
    assert done.returncode == 1
    assert "BOT_TOKEN" in done.stderr
    assert "BotFather" in done.stderr
    assert "hello-secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_token_telegram_does_not_know_is_told_in_a_sentence(world: World) -> None:
    world.post("/sandbox/token/revoke", {"token": "1000000001:SANDBOX"})
    done = world.kvizor("run", check=False)
    assert done.returncode == 1
    assert "BOT_TOKEN: Telegram does not know this token" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, BOT_TOKEN="1000000001:SANDBOX", DATABASE_URL="sqlite:////proc/kvizor/kvizor.db")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


async def test_an_older_database_is_refused_with_the_remedy(world: World) -> None:
    db = Database(world.database_url)
    upgrade(db)
    downgrade(db, "base")
    await db.close()
    done = world.kvizor("run", check=False)
    assert done.returncode == 1
    assert "kvizor db upgrade" in done.stderr
    world.kvizor("db", "upgrade")
    world.start_bot()


def test_a_broken_quiz_stops_the_start_with_its_line(world: World, tmp_path: Path) -> None:
    quizzes = tmp_path / "quizzes"
    quizzes.mkdir()
    (quizzes / "entry.yaml").write_text("id: entry\ntitle: Hello\nquestionz: []\n", encoding="utf-8")
    world.settings["QUIZZES_DIR"] = str(quizzes)
    done = world.kvizor("run", check=False)
    assert done.returncode == 1
    assert "entry.yaml:3:1" in done.stderr
    assert "questions" in done.stderr


def test_without_a_network_at_start_the_bot_waits_and_then_works(world: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    log = world.folder / "bot.log"
    with log.open("wb") as file:
        world.bot = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            env={**world.environment(), "TELEGRAM_API_URL": f"http://127.0.0.1:{port}"},
            stdout=file,
            stderr=file,
        )
    wait_for(lambda: "telegram_unreachable" in log.read_text(), "the bot to say that Telegram is away")
    proxy = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "bot.sandbox",
            "--port",
            str(port),
            "--database",
            str(world.folder / "late.db"),
        ]
    )
    try:
        wait_for(lambda: "started" in log.read_text(), "the bot to start once Telegram answers", 40)
        polls = f"http://127.0.0.1:{port}/sandbox/stats"
        wait_for(lambda: httpx2.get(polls).json()["get_updates_calls"], "polling")
    finally:
        proxy.terminate()
        proxy.wait()


def test_a_second_process_started_by_mistake_is_told_and_the_first_goes_on(world: World) -> None:
    world.start_bot()
    if world.database_url.startswith("sqlite"):
        done = world.kvizor("run", check=False)
        assert done.returncode == 1
        assert "Another Kvizor is running" in done.stderr
    world.person("Анна").says("/start").sees("Анна")


def test_another_bots_token_is_refused_for_this_database(world: World) -> None:
    world.start_bot()
    world.stop_bot()
    world.settings["BOT_TOKEN"] = "1000000002:OTHER"
    done = world.kvizor("run", check=False)
    assert done.returncode == 1
    assert "this database serves" in done.stderr


def test_a_database_locked_by_another_program_is_waited_for(world: World) -> None:
    if not world.database_url.startswith("sqlite"):
        return
    world.start_bot()
    anna = world.person("Анна")
    path = world.database_url.removeprefix("sqlite:///")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    anna.says("/start")
    time.sleep(1)
    assert anna.received() == []
    other.execute("COMMIT")
    other.close()
    anna.sees("Анна")


def test_sigterm_stops_gracefully_and_nothing_is_left_undone(world: World) -> None:
    world.start_bot()
    people = [world.person(f"Гость {number}") for number in range(20)]
    for person in people:
        person.says("/start")
    assert world.stop_bot() == 0
    world.start_bot()
    for person in people:
        person.sees("Согласие на обработку")
