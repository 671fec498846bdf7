"""A person who speaks to the sandbox, and the real bot as a process that can be killed.

Journeys speak only over HTTP and look only at what people see; facts are checked in the database.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from core.db import Database
from tests.sandbox.process import SandboxProcess, start_sandbox

OWNER = 777
PATIENCE = 25.0
T = TypeVar("T")


def wait_for(look: Callable[[], T | None], what: str, patience: float = PATIENCE) -> T:
    """Return the first truthy look, or fail with what was waited for."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {patience} s for {what}")


class Person:
    """Somebody with Telegram on his phone."""

    def __init__(self, world: World, person_id: int) -> None:
        self.world = world
        self.id = person_id
        self._path = f"/sandbox/people/{person_id}"

    def says(self, text: str) -> Person:
        self.world.post(f"{self._path}/text", {"text": text})
        return self

    def does(self, what: str, body: dict[str, Any] | None = None) -> Person:
        self.world.post(f"{self._path}/{what}", body or {})
        return self

    def sends_file(self, name: str, content: bytes, caption: str = "") -> Person:
        answer = self.world.http.post(
            f"{self._path}/document", files={"file": (name, content)}, data={"caption": caption}
        )
        answer.raise_for_status()
        return self

    def share_contact(self, phone_number: str, *, of: Person | None = None) -> Person:
        """Send the own phone number, or the card of somebody else."""
        return self.does("contact", {"phone_number": phone_number, "user_id": (of or self).id})

    def share_location(self, latitude: float, longitude: float) -> Person:
        return self.does("location", {"latitude": latitude, "longitude": longitude})

    def send_sticker(self, emoji: str = "🙂") -> Person:
        return self.does("sticker", {"emoji": emoji})

    def react(self, words: str, emoji: str = "👍") -> Person:
        """Put a reaction on the newest message of the bot that matches; "" takes it away."""
        return self.does("react", {"message_id": self.sees(words)["message_id"], "emoji": emoji})

    def vote(self, words: str, *options: int) -> Person:
        """Choose options, by place, of the newest poll whose question matches."""
        message = self.sees(words)
        return self.does("vote", {"message_id": message["message_id"], "option_ids": list(options)})

    def edits(self, message_id: int, text: str) -> Person:
        """Correct a text sent before."""
        return self.does("edit", {"message_id": message_id, "text": text})

    def join_channel(self, username: str, *, member: bool = True) -> Person:
        """Subscribe to a channel made by World.channel, or leave it."""
        return self.does("channel", {"channel": username, "member": member})

    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.world.get(f"/sandbox/chats/{self.id}")["messages"]
        return found

    def toasts(self) -> list[str]:
        return [toast["text"] for toast in self.world.get(f"/sandbox/chats/{self.id}")["toasts"]]

    def received(self) -> list[str]:
        return [text_of(message) for message in self.messages() if message["from_bot"]]

    def sees(self, words: str, patience: float = PATIENCE) -> dict[str, Any]:
        """Wait for the newest message of the bot that matches, and return it."""

        def look() -> dict[str, Any] | None:
            mine = [message for message in self.messages() if message["from_bot"]]
            return next((m for m in reversed(mine) if re.search(words, text_of(m))), None)

        try:
            return wait_for(look, words, patience)
        except AssertionError:
            raise AssertionError(f"{self.id} never saw {words!r}, but: {self.received()}") from None

    def button(self, label: str, patience: float = PATIENCE) -> tuple[dict[str, Any], str]:
        """Wait for a button whose label matches; returns its message and data."""

        def look() -> tuple[dict[str, Any], str] | None:
            for message in reversed(self.messages()):
                for row in message.get("buttons") or []:
                    for button in row:
                        if re.search(label, button["text"]) and button.get("data"):
                            return message, button["data"]
            return None

        try:
            return wait_for(look, f"button {label!r}", patience)
        except AssertionError:
            raise AssertionError(f"{self.id} has no button {label!r}: {self.messages()[-3:]}") from None

    def taps(self, label: str, *, resend: bool = False) -> dict[str, Any]:
        """Press the newest button whose label matches."""
        message, data = self.button(label)
        body = {"message_id": message["message_id"], "data": data, "resend": resend}
        return self.world.post(f"{self._path}/tap", body)


class World:
    """One sandbox, one bot on one database, some people."""

    def __init__(self, folder: Path, database_url: str, **settings: str) -> None:
        self.folder = folder
        self.database_url = database_url
        self.settings = settings
        self.sandbox: SandboxProcess = start_sandbox(folder / "sandbox.db")
        self.http = httpx2.Client(base_url=self.sandbox.url, timeout=30)
        self.post("/sandbox/limits", {"per_chat_rate": 0})  # a test presses faster than a person
        self.bot: subprocess.Popen[bytes] | None = None
        self.owner = self.person("Ольга", id=OWNER, owner=True)

    def get(self, path: str) -> Any:
        answer = self.http.get(path)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: dict[str, Any] | list[Any]) -> Any:
        answer = self.http.post(path, json=body)
        assert answer.status_code < 400, answer.text
        return answer.json()

    def person(self, first_name: str, language_code: str = "ru", **more: Any) -> Person:
        person = self.post(
            "/sandbox/people", {"first_name": first_name, "language_code": language_code, **more}
        )
        return Person(self, person["id"])

    def channel(self, username: str, title: str = "", *, bot_is_admin: bool = True) -> str:
        """Make a channel, or change whether the bot is an administrator there; gives its @name."""
        self.post("/sandbox/channels", {"username": username, "title": title, "bot_is_admin": bot_is_admin})
        return "@" + username.removeprefix("@")

    # -- the bot -------------------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "BOT_TOKEN": "1000000001:SANDBOX",
            "ADMIN_IDS": str(OWNER),
            "TELEGRAM_API_URL": self.sandbox.url,
            "DATABASE_URL": self.database_url,
            "LOG_FORMAT": "json",
            "DIGEST": "off",  # journeys move the clock and count what an owner is told
            **self.settings,
        }

    def start_bot(self, **more: str) -> None:
        self.log = self.folder / "bot.log"
        asked = self.get("/sandbox/stats")["get_updates_calls"]
        with self.log.open("ab") as log:
            self.bot = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], env=self.environment() | more, stdout=log, stderr=log
            )
        wait_for(
            lambda: self._alive() and self.get("/sandbox/stats")["get_updates_calls"] > asked,
            "the bot to poll",
            40,
        )

    def _alive(self) -> bool:
        assert self.bot is not None
        assert self.bot.poll() is None, self.log.read_text()[-3000:]
        return True

    def kill_bot(self) -> None:
        assert self.bot is not None
        self.bot.send_signal(signal.SIGKILL)
        self.bot.wait()

    def stop_bot(self) -> int:
        assert self.bot is not None
        self.bot.send_signal(signal.SIGTERM)
        return self.bot.wait(timeout=30)

    def kvizor(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    # -- the clock and the log -----------------------------------------------------------------------

    def forward(self, *, days: float = 0, hours: float = 0, patience: float = 90) -> None:
        """Move the clock and wait until the bot has followed."""
        self.post("/sandbox/clock", {"forward_seconds": int(days * 86400 + hours * 3600)})
        wait_for(self._followed, "the bot to follow the clock", patience)

    def _followed(self) -> bool:
        seen = self.get("/sandbox/clock")
        return bool(abs(seen["applied_seconds"] - seen["offset_seconds"]) < 1)

    def delivered(self, words: str) -> list[int]:
        """Return the chats a message with these words was delivered to, one entry a copy."""
        rows = self.get("/sandbox/log?limit=100000")
        return [
            row["chat_id"]
            for row in rows
            if row["method"].startswith("send")
            and row["outcome"] in ("delivered", "dropped", "hung")
            and re.search(words, row["text"] or "")
        ]

    def ask_database(self, verb: Callable[..., T], *arguments: Any) -> T:
        db = Database(self.database_url)
        try:
            return db.read_now(verb, *arguments)
        finally:
            db.close_now()

    def close(self) -> None:
        if self.bot is not None and self.bot.poll() is None:
            self.kill_bot()
        self.http.close()
        self.sandbox.stop()


def text_of(message: dict[str, Any]) -> str:
    poll = (message.get("media") or {}).get("question")
    return str(message.get("text") or message.get("caption") or poll or message.get("html") or "")


def consented(person: Person, *, advertising: bool = True, payload: str = "") -> Person:
    """Walk a person through the door: /start and both consents."""
    person.says(f"/start {payload}".strip())
    person.taps("^Согласен|^I agree")
    person.taps("Да, присылайте|Yes, please" if advertising else "Нет, без рекламы|No advertising")
    return person


def quizzed(person: Person, role: str, goal: str, *, city: str = "Казань") -> Person:
    """Answer the shipped entry quiz to its end: role, goal, city, no phone."""
    person.taps(role)
    if re.search("Владею|Руковожу|own a business|manage one", role):
        person.sees("вашей команде|your team")
        person.taps("2–5")
    person.sees("важнее всего|matters most")
    person.taps(goal)
    person.sees("вы города|Which city")
    person.says(city)
    person.sees("по желанию|only if you like")
    person.says("Пропустить" if person.sees(".")["text"].startswith(("Вопрос", "⚠️ Вопрос")) else "Skip")
    return person
