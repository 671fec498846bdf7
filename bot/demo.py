"""The demonstration: without a token, the sandbox, the real bot against it, and a base of sandbox people.

Everything happens through the front door: people press buttons in the sandbox, the owner uploads a file in
his chat, and the clock walks over 60 days; so history, charts and letters are true on it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from bot.app import App
from core.errors import KvizorError
from core.settings import Settings, load

if TYPE_CHECKING:
    from asyncio.subprocess import Process

TOKEN = "1000000001:SANDBOX"  # noqa: S105 - the sandbox takes any token of this shape
OWNER_ID = 777
FOLDER = Path("var/sandbox")
PEOPLE = 300
DAYS = 60
RATE = 100  # messages a second, of the sandbox and of the bot: sixty days pass in a minute or two
FILLED = "filled"

log = structlog.get_logger()


def run(settings: Settings) -> None:
    """Serve the demonstration until interrupted."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    is_fresh = not (FOLDER / FILLED).exists()
    if is_fresh:  # a filling that was interrupted begins anew
        for left in FOLDER.glob("*.db*"):
            left.unlink()
    asyncio.run(_run(settings, is_fresh=is_fresh))


async def _run(settings: Settings, *, is_fresh: bool) -> None:
    url = f"http://127.0.0.1:{settings.sandbox_port}"
    sandbox = await _process(
        "bot.sandbox", "--port", str(settings.sandbox_port), "--database", str(FOLDER / "sandbox.db")
    )
    try:
        await _ready(sandbox, url)
        _meet_owner(url)
        _call(f"{url}/sandbox/limits", {"rate": RATE})
        if is_fresh:  # the bot is born sixty days ago
            _call(f"{url}/sandbox/clock", {"offset_seconds": -DAYS * 86400})
        demo = _demo_settings(settings, url)
        filling = asyncio.create_task(_fill(url, demo)) if is_fresh else None
        log.info("sandbox", page=url, filling=is_fresh)
        await App(demo).run()
        if filling is not None:
            filling.cancel()
            with suppress(asyncio.CancelledError):
                await filling
    finally:
        with suppress(ProcessLookupError):
            sandbox.terminate()
        await sandbox.wait()


def _demo_settings(settings: Settings, url: str) -> Settings:
    return load(
        bot_token=TOKEN,
        admin_ids=f"{OWNER_ID}",
        telegram_api_url=url,
        rate_limit=RATE,
        digest="weekly",  # sixty days pass in a minute
        database_url=f"sqlite:///{FOLDER / 'kvizor.db'}",
        business_name=settings.business_name if settings.business_name != "Kvizor" else "Тёплый дом",
    )


async def _process(module: str, *arguments: str, **environment: str) -> Process:
    # a session of its own: Ctrl-C reaches only us, and the sandbox outlives the bot's graceful stop
    command = (sys.executable, "-m", module, *arguments)
    return await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **environment}, start_new_session=True
    )


async def _ready(sandbox: Process, url: str) -> None:
    for _ in range(200):
        if sandbox.returncode is not None:
            raise KvizorError("The sandbox did not start; its own message stands above.")
        with suppress(urllib.error.URLError, OSError):
            await asyncio.to_thread(_call, f"{url}/sandbox/clock")
            return
        await asyncio.sleep(0.1)
    raise KvizorError(f"The sandbox does not answer at {url}; is the port taken? Set SANDBOX_PORT.")


def _wait_for_bot(url: str) -> None:
    while not _call(f"{url}/sandbox/stats")["get_updates_calls"]:
        time.sleep(0.2)


def _meet_owner(url: str) -> None:
    people = _call(f"{url}/sandbox/people")
    known = people["people"] if isinstance(people, dict) else people
    if not any(person.get("id") == OWNER_ID for person in known):
        owner = {
            "id": OWNER_ID,
            "first_name": "Ольга",
            "last_name": "Владелец",
            "language_code": "ru",
            "owner": True,
        }
        _call(f"{url}/sandbox/people", owner)


async def _fill(url: str, demo: Settings) -> None:
    """Let people live through the days, with the letters to the silent switched on."""
    await asyncio.to_thread(_wait_for_bot, url)
    environment = {"DATABASE_URL": demo.database_url, "TELEGRAM_API_URL": url, "BOT_TOKEN": TOKEN}
    await (await _process("bot", "playbook", "on", "reengagement", **environment)).wait()
    filling = await _process(
        "bot.sandbox.population", "--sandbox", url, "--people", str(PEOPLE), "--days", str(DAYS)
    )
    try:
        if await filling.wait() == 0:
            (FOLDER / FILLED).touch()
            log.info("sandbox_filled", people=PEOPLE, days=DAYS)
        else:
            log.error(
                "sandbox_not_filled", remedy="see the message above; the page works with whoever is there"
            )
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            filling.terminate()
        raise


def _call(url: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - our own loopback address
        return json.loads(response.read())
