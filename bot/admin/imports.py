"""A CSV file sent by the owner: shown first, loaded on his word, refused lines sent back with reasons."""

from __future__ import annotations

import asyncio
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError
from aiogram.methods import GetFile
from aiogram.types import FSInputFile
from aiohttp import ClientError, ClientResponseError

from bot.admin import import_views as views
from bot.admin.callbacks import ImportTap
from bot.screens import edit_or_send, toast
from core.sales import imports
from core.sales.orders import Options
from core.sales.reasons import ImportFileError

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram import Bot
    from aiogram.types import CallbackQuery, Document, Message

    from bot.texts import Say
    from core.db import Database
    from core.settings import Settings

FOLDER = Path("var/imports")
DOWNLOAD_BYTES = 20 * 1024 * 1024  # Telegram hands a bot no larger file
KEPT_SECONDS = 7 * 24 * 3600.0  # files nobody decided about
_KEY = re.compile(r"u\d{1,20}")
_NAME = re.compile(r"[^\w.-]+")
_TABLE = re.compile(r"\.(csv|tsv|txt)(\.gz)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits for the owner's word; both parts of its name survive a restart."""

    key: str
    path: Path

    @property
    def file_name(self) -> str:
        """How the owner called it."""
        return self.path.name.removeprefix(f"{self.key}-")

    @property
    def refused_path(self) -> Path:
        """Where its refused lines go."""
        return self.path.with_name(f"refused-{self.key}.csv")


def router() -> Router:
    """Build the router of files."""
    routes = Router(name="admin-imports")
    routes.message.register(_file, F.document)
    routes.callback_query.register(_load, ImportTap.filter(F.action == "go"))
    routes.callback_query.register(_currency, ImportTap.filter(F.action == "currency"))
    routes.callback_query.register(_drop, ImportTap.filter(F.action == "drop"))
    return routes


async def _file(
    message: Message,
    bot: Bot,
    db: Database,
    settings: Settings,
    say: Say,
    now: datetime,
    key: str,
) -> None:
    document = message.document
    if document is None or not is_table(document):
        await message.answer(say("admin-import-not-csv"))
        return
    if (document.file_size or 0) > DOWNLOAD_BYTES:
        await message.answer(say("admin-import-too-big", limit=DOWNLOAD_BYTES // (1024 * 1024)))
        return
    upload = await asyncio.to_thread(_place, key, document.file_name or "orders.csv")
    if not upload.path.exists():
        await _fetch(bot, document, upload.path)
    await _show(bot, message.chat.id, None, upload, None, db, settings, say, now)


async def _fetch(bot: Bot, document: Document, target: Path) -> None:
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


def is_table(document: Document) -> bool:
    """Say whether a document looks like a table by its name or kind."""
    return bool(_TABLE.search(document.file_name or "")) or document.mime_type in (
        "text/csv",
        "text/tab-separated-values",
    )


async def _show(
    bot: Bot,
    chat_id: int,
    message_id: int | None,
    upload: Upload,
    currency: str | None,
    db: Database,
    settings: Settings,
    say: Say,
    now: datetime,
) -> None:
    """Show what the file would bring, with the way onward."""
    try:
        options = Options(settings.currency, settings.zone, currency)
        found = await asyncio.to_thread(imports.preview, db, upload.path, options, now)
    except ImportFileError as error:
        await asyncio.to_thread(upload.path.unlink, missing_ok=True)
        await edit_or_send(bot, chat_id, message_id, views.fault(say, error))
        return
    text = views.preview_text(say, found, upload.file_name, settings.zone, settings.currency)
    await edit_or_send(bot, chat_id, message_id, text, views.preview_keyboard(say, found, upload.key))


async def _currency(
    query: CallbackQuery,
    callback_data: ImportTap,
    bot: Bot,
    db: Database,
    settings: Settings,
    say: Say,
    now: datetime,
) -> None:
    upload = await asyncio.to_thread(_find, callback_data.key)
    if upload is None:
        await toast(query, say("admin-import-gone"), alert=True)
        return
    await toast(query)
    place = query.message.message_id if query.message else None
    currency = _chosen(callback_data.currency)
    await _show(bot, query.from_user.id, place, upload, currency, db, settings, say, now)


async def _load(
    query: CallbackQuery,
    callback_data: ImportTap,
    bot: Bot,
    db: Database,
    settings: Settings,
    say: Say,
    now: datetime,
) -> None:
    chat_id, place = query.from_user.id, query.message.message_id if query.message else None
    upload = await asyncio.to_thread(_find, callback_data.key)
    if upload is None:
        await toast(query, say("admin-import-gone"), alert=True)
        return
    await toast(query)
    place = await edit_or_send(bot, chat_id, place, say("admin-import-wait", file=upload.file_name))
    try:
        options = Options(settings.currency, settings.zone, _chosen(callback_data.currency))
        report = await asyncio.to_thread(_run, db, upload, options, now, say.language)
    except ImportFileError as error:
        await edit_or_send(bot, chat_id, place, views.fault(say, error))
        return
    text = views.report_text(say, report.tally, upload.file_name, settings.zone, settings.currency)
    await edit_or_send(bot, chat_id, place, text)
    if report.tally.refused_count and upload.refused_path.exists():
        name = f"refused-{upload.file_name.removesuffix('.gz')}"
        document = FSInputFile(upload.refused_path, filename=name)
        caption = say("admin-import-refused-file", count=report.tally.refused_count)
        await bot.send_document(chat_id, document, caption=caption)
    await asyncio.to_thread(_forget, upload)


def _run(db: Database, upload: Upload, options: Options, now: datetime, language: str) -> imports.Report:
    return imports.run(
        db,
        upload.path,
        options,
        now,
        refused_to=upload.refused_path,
        language=language,
        key=f"{upload.key}:import",
        file_name=upload.file_name,
    )


async def _drop(query: CallbackQuery, callback_data: ImportTap, bot: Bot, say: Say) -> None:
    upload = await asyncio.to_thread(_find, callback_data.key)
    if upload is not None:
        await asyncio.to_thread(_forget, upload)
    await toast(query)
    place = query.message.message_id if query.message else None
    await edit_or_send(bot, query.from_user.id, place, say("admin-import-dropped"))


def _chosen(currency: str) -> str | None:
    return None if currency == "-" else currency


def _place(key: str, name: str) -> Upload:
    """Return where a new upload goes; uploads nobody decided about for a week are swept."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)
    return Upload(key, FOLDER / f"{key}-{_NAME.sub('_', name)[-80:]}")


def _find(key: str) -> Upload | None:
    """Return the upload of a button; the key comes from outside and must not leave the folder."""
    if not _KEY.fullmatch(key):
        return None
    found = next(iter(sorted(FOLDER.glob(f"{key}-*"))), None)
    return Upload(key, found) if found is not None else None


def _forget(upload: Upload) -> None:
    upload.path.unlink(missing_ok=True)
    upload.refused_path.unlink(missing_ok=True)
