"""A quiz answer, all middlewares on, committed before the reply, beside a bare aiogram echo in the same run.

`python -m benchmarks.answer [--people 3000] [--rounds 3]` prints answers a second, CPU a answer of the bot's
process and their ratios to the echo. Targets (design): CPU ≤ 2.0 × the echo, rate ≥ 0.5 × the echo's.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core import tick
from core.db import Database
from core.migrate import upgrade
from core.people import activity, consents, subscribers
from core.people.consents import Proof
from core.people.subscribers import Sender
from core.quizzes import records, runs
from core.quizzes.loader import load_folder
from core.segments import presets

TICKS = os.sysconf("SC_CLK_TCK")


def build(folder: Path, people: int) -> list[str]:
    """Fill a database with people who stand at the first question; return one tap for each."""
    activity.use_zone(ZoneInfo("Europe/Moscow"))
    db = Database(f"sqlite:///{folder}/kvizor.db", on_touched=tick.touched)
    upgrade(db)
    library, now = load_folder(Path("quizzes")), datetime.now(UTC)
    db.write_now(presets.install, now)
    db.write_now(records.store_versions, library, now)

    def begin(session, first: int) -> list[int]:  # type: ignore[no-untyped-def]
        found = []
        for number in range(first, min(first + 500, people)):
            person = subscribers.meet(
                session, Sender(10_000 + number, f"Person {number}", language_code="ru"), now
            )
            consents.give(session, person, "data", Proof("text", "ru", "start", f"u{number}"), now)
            screen = runs.begin(session, library, person, "entry", now, f"k{number}")
            runs.remember_message(session, screen.run_id, 100)
            found.append(screen.run_id)
        return found

    run_ids = [run_id for first in range(0, people, 500) for run_id in db.write_now(begin, first)]
    db.close_now()
    return [tap(number, run_id) for number, run_id in enumerate(run_ids)]


def tap(number: int, run_id: int) -> str:
    user = {"id": 10_000 + number, "is_bot": False, "first_name": f"Person {number}", "language_code": "ru"}
    chat = {"id": user["id"], "type": "private", "first_name": user["first_name"]}
    message = {"message_id": 100, "date": 1767225600, "chat": chat, "text": "question"}
    query = {
        "id": str(number),
        "from": user,
        "chat_instance": "1",
        "data": f"q:{run_id}:0:o3",
        "message": message,
    }
    return json.dumps({"update_id": 500_000 + number, "callback_query": query})


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def ask(url: str, post: bool = False) -> dict[str, float]:
    request = urllib.request.Request(url, method="POST" if post else "GET")
    with urllib.request.urlopen(request, timeout=10) as response:
        answer: dict[str, float] = json.loads(response.read())
        return answer


def settle(pid: int) -> None:
    """Wait until the start, and the first tick with its full refresh, are over."""
    quiet = 0
    while quiet < 5:
        before = cpu_seconds(pid)
        time.sleep(0.3)
        quiet = quiet + 1 if cpu_seconds(pid) - before < 0.03 else 0


def measure(
    command: list[str], env: dict[str, str], port: int, updates: Path, people: int, reply: str
) -> tuple[float, float]:
    """Run one bot over all updates; return answers a second and CPU milliseconds an answer."""
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.fake_api", str(port), str(updates)])
    url = f"http://127.0.0.1:{port}"
    time.sleep(0.7)
    bot = subprocess.Popen(command, env={**os.environ, **env}, stderr=subprocess.DEVNULL)
    while not ask(f"{url}/counts").get("getUpdates"):
        time.sleep(0.1)
        if bot.poll() is not None:
            raise RuntimeError(f"the bot did not start: {' '.join(command)}")
    settle(bot.pid)
    before = cpu_seconds(bot.pid)
    ask(f"{url}/go", post=True)
    while (counts := ask(f"{url}/counts")).get(reply, 0) < people:
        time.sleep(0.1)
        if bot.poll() is not None:
            raise RuntimeError("the bot died")
    spent = cpu_seconds(bot.pid) - before
    bot.send_signal(signal.SIGTERM)
    bot.wait()
    server.kill()
    server.wait()
    return people / (counts["last_at"] - counts["first_at"]), spent / people * 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    figures: dict[str, list[tuple[float, float]]] = {"echo": [], "echo_tap": [], "kvizor": []}
    for number in range(given.rounds):
        with tempfile.TemporaryDirectory() as name:
            folder, port = Path(name), 18300 + number * 3
            updates = folder / "updates.jsonl"
            updates.write_text("\n".join(build(folder, given.people)))
            env = {
                "BOT_TOKEN": "1000000001:BENCH",
                "DATABASE_URL": f"sqlite:///{folder}/kvizor.db",
                "LOG_LEVEL": "warning",
            }
            for place, (who, calls, reply) in enumerate(
                [
                    ("echo", "one", "sendMessage"),
                    ("echo_tap", "two", "editMessageText"),
                    ("kvizor", "", "editMessageText"),
                ]
            ):
                url = f"http://127.0.0.1:{port + place}"
                command = [sys.executable, "-m", "bot", "run"]
                if who != "kvizor":
                    command = [sys.executable, "-m", "benchmarks.echo_bot", url, calls]
                env["TELEGRAM_API_URL"] = url
                figures[who].append(measure(command, env, port + place, updates, given.people, reply))
    print(f"{given.people} answers, {given.rounds} interleaved rounds, medians\n")
    print("| bot | answers/s | CPU ms an answer | CPU / echo | rate / echo |\n|---|---|---|---|---|")
    middle = {
        who: tuple(statistics.median(column) for column in zip(*rows, strict=True))
        for who, rows in figures.items()
    }
    titles = {"echo": "bare echo, one call", "echo_tap": "bare echo of a tap, two calls", "kvizor": "Kvizor"}
    for who, (rate, cpu) in middle.items():
        base_rate, base_cpu = middle["echo"]
        print(f"| {titles[who]} | {rate:.0f} | {cpu:.2f} | {cpu / base_cpu:.2f} | {rate / base_rate:.2f} |")


if __name__ == "__main__":
    main()
