"""The sandbox as its own process on a free port, and a person's hands on its control API."""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
READY_SECONDS = 20.0
TOKEN = "123456:test-token"


class SandboxProcess:
    """A running sandbox; `url` is where it listens."""

    def __init__(self, child: subprocess.Popen[str], url: str) -> None:
        self.child = child
        self.url = url

    def get(self, path: str) -> Any:
        """GET a control address, the part after /sandbox/."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: Any = None) -> Any:
        """POST JSON to a control address."""
        return self._ask("POST", path, body)

    def delete(self, path: str) -> Any:
        """DELETE a control address."""
        return self._ask("DELETE", path, None)

    def _ask(self, method: str, path: str, body: Any) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/sandbox/{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def person(self, first_name: str = "Anna", **fields: Any) -> int:
        """Add a person; gives the id."""
        return int(self.post("people", {"first_name": first_name, **fields})["id"])

    def started(self, first_name: str = "Anna", **fields: Any) -> int:
        """Add a person to whom the bot may write; gives the id."""
        return self.person(first_name, started=True, **fields)

    def texts(self, person_id: int) -> list[str]:
        """What stands in a person's chat, oldest first."""
        return [m["text"] or m["caption"] or "" for m in self.get(f"chats/{person_id}")["messages"]]

    def stop(self) -> None:
        """Ask it to end and wait."""
        if self.child.poll() is None:
            self.child.terminate()
        self._reap()

    def kill(self) -> None:
        """End it at once."""
        if self.child.poll() is None:
            self.child.kill()
        self._reap()

    def _reap(self) -> None:
        self.child.wait(10)
        if self.child.stdout is not None:
            self.child.stdout.close()


def start_sandbox(path: Path, *options: str) -> SandboxProcess:
    """Start a sandbox that keeps its state in the file `path`; ready when this returns."""
    command = [sys.executable, "-m", "bot.sandbox", "--port", "0", "--database", str(path), *options]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    line = _first_line(child)
    if not line.startswith("Sandbox: "):
        child.kill()
        child.wait()
        raise RuntimeError(f"the sandbox did not start, it said {line!r}")
    return SandboxProcess(child, line.removeprefix("Sandbox: ").strip())


def _first_line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    deadline = time.monotonic() + READY_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        if not selector.select(deadline - time.monotonic()):
            return ""
    return child.stdout.readline()
