"""Files an owner sends, fetched whole or not at all."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError
from aiogram.methods import GetFile
from aiohttp import ClientError, ClientResponseError

if TYPE_CHECKING:
    from pathlib import Path

    from aiogram import Bot
    from aiogram.types import Document, PhotoSize

DOWNLOAD_BYTES = 20 * 1024 * 1024  # Telegram hands a bot no larger file


async def fetch(bot: Bot, document: Document | PhotoSize, target: Path) -> None:
    """Download a file whole: what was cut on its way never bears the name a replay looks for.

    Raises TelegramNetworkError, which the inbox answers by another try, and TelegramBadRequest for a file
    that Telegram refuses to give; neither repeats the address, in which the token stands.
    """
    method = GetFile(file_id=document.file_id)
    part = target.with_name(f".{target.name}.part")
    try:
        await bot.download(document, destination=part)
    except ClientResponseError as error:
        kind = TelegramBadRequest if 400 <= error.status < 500 else TelegramNetworkError
        raise kind(method=method, message=f"the file's server answered {error.status}") from None
    except (ClientError, TimeoutError, ConnectionError) as error:
        raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error
    await asyncio.to_thread(os.replace, part, target)
