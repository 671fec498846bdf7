"""A process that sends what is due, as the bot would; killed in the middle by the tests.

python -m tests.mailing.sending_process DATABASE_URL API_URL TOKEN RATE LEASE_SECONDS
"""

import asyncio
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.messenger import TelegramMessenger
from core.db import Database
from core.mailing.sender import Sender
from core.mailing.throttle import Throttle
from core.people import activity


async def main(database_url: str, api: str, token: str, rate: int, lease_seconds: float) -> None:
    activity.use_zone(ZoneInfo("Europe/Moscow"))
    database = Database(database_url)
    session = AiohttpSession(api=TelegramAPIServer.from_base(api), limit=200)
    messenger = TelegramMessenger(Bot(token, session=session))
    sender = Sender(
        database, messenger, Throttle(rate, 0), now=lambda: datetime.now(UTC), lease_seconds=lease_seconds
    )
    running = asyncio.create_task(sender.run())
    await sender.drain()
    await sender.stop()
    await running
    await messenger.close()
    await database.close()


if __name__ == "__main__":
    url, api_url, bot_token, per_second, seconds = sys.argv[1:]
    asyncio.run(main(url, api_url, bot_token, int(per_second), float(seconds)))
