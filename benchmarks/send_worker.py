"""One sender as a process of its own, so that its CPU and memory can be told apart.

`python -m benchmarks.send_worker ours|bare API_URL LIMIT RESERVE PEOPLE` prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter

TOKEN = "123456:bench-token"
TEXT = 'Здравствуйте, {{ first_name | default: "друг" }}! У нас новая полка: заходите посмотреть.'
WORKERS = 150
Measured = dict[str, float]


def bot(url: str) -> Bot:
    """An aiogram bot with room for 1000/s."""
    return Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url), limit=400))


async def bare(url: str, rate: float, people: int) -> Measured:
    """An evenly paced pool of aiogram workers, the best that can be written in thirty lines; no ledger."""
    sender = bot(url)
    chats = iter(range(1001, 1001 + people))
    loop = asyncio.get_running_loop()
    slot = loop.time()

    async def worker() -> None:
        nonlocal slot
        for chat in chats:
            slot = max(slot + 1 / rate, loop.time() - 0.02)
            if (delay := slot - loop.time()) > 0:
                await asyncio.sleep(delay)
            text = f"Здравствуйте, Имя{chat}! У нас новая полка: заходите посмотреть."
            while True:
                try:
                    await sender.send_message(chat, text, parse_mode="HTML")
                    break
                except TelegramRetryAfter as error:
                    await asyncio.sleep(error.retry_after)

    began = measure()
    await asyncio.gather(*(worker() for _ in range(WORKERS)))
    measured = measure(began, people)
    await sender.session.close()
    return measured


async def ours(url: str, limit: int, reserve: int, people: int) -> Measured:
    """The sender as it is: live audience, consents, personal text, opt-out button, ledger on SQLite."""
    from bot.messenger import TelegramMessenger
    from core import migrate
    from core.db import Database
    from core.mailing import audiences, campaigns, ledger
    from core.mailing.campaigns import Draft, Variant
    from core.mailing.letters import Words
    from core.mailing.sender import Sender
    from core.mailing.throttle import Throttle
    from core.people import activity

    activity.use_zone(ZoneInfo("Europe/Moscow"))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate.upgrade(database)
        now = datetime.now(UTC)
        for first in range(1, people + 1, 1000):
            database.write_now(add_people, first, min(1000, people + 1 - first), now)
        draft = Draft("Полка", "status = active and purchases = 0", [Variant({"ru": Words(TEXT)})])
        campaign_id = database.write_now(campaigns.create, draft, "bench", now)
        database.write_now(campaigns.launch, campaign_id, now)
        planned = time.monotonic()
        audiences.due(database, now)
        planned = time.monotonic() - planned
        messenger = TelegramMessenger(bot(url))
        sender = Sender(database, messenger, Throttle(limit, reserve))
        began = measure()
        running = asyncio.create_task(sender.run())
        await sender.drain()
        measured = measure(began, people)
        totals = database.read_now(ledger.totals, campaign_id)
        assert totals.sent == people, totals
        await sender.stop()
        await running
        await messenger.close()
        await database.close()
    return measured | {"plan_seconds": planned}


def add_people(session, first: int, count: int, now: datetime) -> None:  # type: ignore[no-untyped-def]
    """Active people with every consent."""
    from sqlalchemy import insert

    from core.people.models import Profile, Subscriber

    ids = range(first, first + count)
    common = {"status": "active", "language": "ru", "created_at": now, "joined_at": now, "is_premium": False}
    session.execute(
        insert(Subscriber),
        [
            {
                "id": i,
                "telegram_id": 1000 + i,
                "first_name": f"Имя{i}",
                "advertising_consent_at": now,
                **common,
            }
            for i in ids
        ],
    )
    session.execute(insert(Profile), [{"subscriber_id": i, "touched_at": now} for i in ids])


def measure(began: Measured | None = None, people: int = 1) -> Measured:
    """CPU seconds and memory so far, or since `began`."""
    if began is None:
        # As the bot does at its start: a full collection of what aiogram imports holds the loop for 0.3 s.
        gc.collect()
        gc.freeze()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    here = {
        "cpu": time.process_time(),
        "seconds": time.monotonic(),
        "mb": pages * resource.getpagesize() / 2**20,
    }
    if began is None:
        return here
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "cpu_per_1000": (here["cpu"] - began["cpu"]) / people * 1000,
        "seconds": here["seconds"] - began["seconds"],
        "peak_mb": peak,
        "grown_mb": here["mb"] - began["mb"],
    }


if __name__ == "__main__":
    kind, api, allowed, kept, count = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
    work = ours(api, allowed, kept, count) if kind == "ours" else bare(api, allowed - kept, count)
    sys.stdout.write(json.dumps(asyncio.run(work)) + "\n")
