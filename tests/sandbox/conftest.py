"""A sandbox a test, as its own process, and what a bot needs to speak to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest

from tests.sandbox.process import TOKEN, SandboxProcess, start_sandbox


@pytest.fixture(scope="session")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    process = start_sandbox(tmp_path_factory.mktemp("sandbox") / "sandbox.db")
    yield process
    process.stop()


@pytest.fixture
def sandbox(shared_sandbox: SandboxProcess) -> SandboxProcess:
    """A sandbox nobody has used yet."""
    shared_sandbox.post("reset")
    return shared_sandbox


@pytest.fixture
def free_sandbox(sandbox: SandboxProcess) -> SandboxProcess:
    """The same without rate limits."""
    sandbox.post("limits", {"rate": 0, "per_chat_rate": 0})
    return sandbox


@pytest.fixture
async def http(sandbox: SandboxProcess) -> AsyncIterator[httpx2.AsyncClient]:
    """Calls of a bot, as `await http.post("sendMessage", json=…)`."""
    async with httpx2.AsyncClient(
        base_url=f"{sandbox.url}/bot{TOKEN}/", timeout=60, trust_env=False
    ) as client:
        yield client


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sandbox.db"
