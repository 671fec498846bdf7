"""A CSV file sent by the owner: shown first, loaded on his word, refused lines sent back with reasons."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiogram import F, Router
from aiogram.types import FSInputFile

from bot.admin import import_views as views
from bot.admin.callbacks import ImportTap
from bot.admin.downloads import DOWNLOAD_BYTES, fetch
from bot.screens import edit_or_send, toast
from core.sales import imports
from core.sales.orders import Options
from core.sales.reasons import ImportFileError

if TYPE_CHECKING:
    from datetime import datetime

    from aiogram.types import CallbackQuery, Document, Message

    from bot.turn import Turn
    from core.db import Database

FOLDER = Path("var/imports")
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


async def _file(message: Message, turn: Turn) -> None:
    document = message.document
    if document is None or not is_table(document):
        await message.answer(turn.say("admin-import-not-csv"))
        return
    if (document.file_size or 0) > DOWNLOAD_BYTES:
        await message.answer(turn.say("admin-import-too-big", limit=DOWNLOAD_BYTES // (1024 * 1024)))
        return
    upload = await asyncio.to_thread(_place, turn.key, document.file_name or "orders.csv")
    if not upload.path.exists():
        await fetch(turn.bot, document, upload.path)
    await _show(turn, upload)


def is_table(document: Document) -> bool:
    """Say whether a document looks like a table by its name or kind."""
    return bool(_TABLE.search(document.file_name or "")) or document.mime_type in (
        "text/csv",
        "text/tab-separated-values",
    )


async def _show(
    turn: Turn, upload: Upload, message_id: int | None = None, currency: str | None = None
) -> None:
    """Show what the file would bring, with the way onward."""
    zone, base = turn.settings.zone, turn.settings.currency
    try:
        options = Options(base, zone, currency)
        found = await asyncio.to_thread(imports.preview, turn.db, upload.path, options, turn.now)
    except ImportFileError as error:
        await asyncio.to_thread(upload.path.unlink, missing_ok=True)
        await edit_or_send(turn.bot, turn.chat_id, message_id, views.fault(turn.say, error))
        return
    text = views.preview_text(turn.say, found, upload.file_name, zone, base)
    keyboard = views.preview_keyboard(turn.say, found, upload.key)
    await edit_or_send(turn.bot, turn.chat_id, message_id, text, keyboard)


async def _currency(query: CallbackQuery, callback_data: ImportTap, turn: Turn) -> None:
    upload = await asyncio.to_thread(_find, callback_data.key)
    if upload is None:
        await toast(query, turn.say("admin-import-gone"), alert=True)
        return
    await toast(query)
    place = query.message.message_id if query.message else None
    await _show(turn, upload, place, _chosen(callback_data.currency))


async def _load(query: CallbackQuery, callback_data: ImportTap, turn: Turn) -> None:
    upload = await asyncio.to_thread(_find, callback_data.key)
    if upload is None:
        await toast(query, turn.say("admin-import-gone"), alert=True)
        return
    await toast(query)
    bot, say, zone, base = turn.bot, turn.say, turn.settings.zone, turn.settings.currency
    tapped = query.message.message_id if query.message else None
    wait = say("admin-import-wait", file=upload.file_name)
    place = await edit_or_send(bot, turn.chat_id, tapped, wait)
    try:
        options = Options(base, zone, _chosen(callback_data.currency))
        report = await asyncio.to_thread(_run, turn.db, upload, options, turn.now, say.language)
    except ImportFileError as error:
        await edit_or_send(bot, turn.chat_id, place, views.fault(say, error))
        return
    text = views.report_text(say, report.tally, upload.file_name, zone, base)
    await edit_or_send(bot, turn.chat_id, place, text)
    await _send_refused(turn, upload, report.tally.refused_count)
    await asyncio.to_thread(_forget, upload)


async def _send_refused(turn: Turn, upload: Upload, count: int) -> None:
    """Send the refused lines back with their reasons, if there are any."""
    if not count or not upload.refused_path.exists():
        return
    name = f"refused-{upload.file_name.removesuffix('.gz')}"
    caption = turn.say("admin-import-refused-file", count=count)
    document = FSInputFile(upload.refused_path, filename=name)
    await turn.bot.send_document(turn.chat_id, document, caption=caption)


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


async def _drop(query: CallbackQuery, callback_data: ImportTap, turn: Turn) -> None:
    upload = await asyncio.to_thread(_find, callback_data.key)
    if upload is not None:
        await asyncio.to_thread(_forget, upload)
    await toast(query)
    place = query.message.message_id if query.message else None
    await edit_or_send(turn.bot, turn.chat_id, place, turn.say("admin-import-dropped"))


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
