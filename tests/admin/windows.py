"""A Telegram that only writes down what the bot said: for the owner's windows, without a network."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.methods import AnswerCallbackQuery, GetFile, SendDocument, SendPhoto, TelegramMethod
from aiogram.types import Chat, File, FSInputFile, InlineKeyboardMarkup, Message, PhotoSize, Update

from bot import admin
from bot.memory import Memory
from bot.middlewares import Context
from bot.texts import Texts
from core.db import Database
from core.quizzes.loader import Library
from core.settings import Settings

OWNER, STRANGER = 7001, 7002
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@cache
def loaded() -> Texts:
    """All sentences, read once for all windows."""
    return Texts()


class Heard(BaseSession):
    """Keeps every method with the message it made."""

    def __init__(self, file: bytes = b"") -> None:
        super().__init__()
        self.calls: list[TelegramMethod[Any]] = []
        self.documents: list[bytes] = []
        self.file = file
        self.breaks: Exception | None = None  # how the download of a file ends after half of it
        self.last_id = 100

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:
        self.calls.append(method)
        if isinstance(method, AnswerCallbackQuery):
            return True
        if isinstance(method, GetFile):
            return File(file_id="f", file_unique_id="f", file_path="documents/f.csv")
        if isinstance(method, SendDocument) and isinstance(method.document, FSInputFile):
            self.documents.append(Path(method.document.path).read_bytes())
        self.last_id += 1
        chat = Chat(id=OWNER, type="private")
        photo = [PhotoSize(file_id="p", file_unique_id="p", width=1, height=1)]
        return Message(
            message_id=getattr(method, "message_id", None) or self.last_id,
            date=NOW,
            chat=chat,
            photo=photo if isinstance(method, SendPhoto) else None,
        ).as_(bot)

    async def stream_content(
        self,
        url: str,
        headers: Any = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        if self.breaks is not None:
            yield self.file[: len(self.file) // 2]
            raise self.breaks
        yield self.file

    async def close(self) -> None:
        return


class Window:
    """The owner's side of the chat: he writes, taps, sends files; `heard` is what came back."""

    def __init__(self, db: Database, *, file: bytes = b"", **settings: Any) -> None:
        self.settings = Settings(
            _env_file=None,
            admin_ids=f"{OWNER}",
            language="ru",
            **settings,  # type: ignore[call-arg, arg-type]
        )
        self.session = Heard(file)
        self.bot = Bot("1:AAAAA", session=self.session, default=DefaultBotProperties(parse_mode="HTML"))
        texts = loaded()
        self.dispatcher = Dispatcher(
            db=db,
            settings=self.settings,
            texts=texts,
            library=Library(Path("quizzes")),
            memory=Memory(),
            disable_fsm=True,
        )
        self.dispatcher.update.outer_middleware(Context(self.settings, texts))
        self.dispatcher.include_router(admin.router(self.settings))
        self.update_id = 0

    async def writes(self, text: str, who: int = OWNER, **fields: Any) -> list[TelegramMethod[Any]]:
        self.update_id += 1
        message = {"text": text, **fields} if text else fields
        return await self._feed(message=self._message(who, 1000 + self.update_id, **message), who=who)

    async def taps(self, data: str, message_id: int = 50, who: int = OWNER) -> list[TelegramMethod[Any]]:
        self.update_id += 1
        query = {
            "id": f"q{self.update_id}",
            "from": self._user(who),
            "chat_instance": "1",
            "data": data,
            "message": self._message(who, message_id, text="…"),
        }
        return await self._feed(callback_query=query, who=who)

    async def _feed(self, who: int, **body: Any) -> list[TelegramMethod[Any]]:
        before = len(self.session.calls)
        update = Update.model_validate({"update_id": self.update_id, **body}, context={"bot": self.bot})
        await self.dispatcher.feed_update(self.bot, update)
        return self.session.calls[before:]

    def _message(self, who: int, message_id: int, **fields: Any) -> dict[str, Any]:
        chat = {"id": who, "type": "private", "first_name": "Ольга"}
        return {"message_id": message_id, "date": NOW, "chat": chat, "from": self._user(who), **fields}

    def _user(self, who: int) -> dict[str, Any]:
        return {"id": who, "is_bot": False, "first_name": "Ольга", "language_code": "ru"}


def buttons(call: TelegramMethod[Any]) -> dict[str, str]:
    """The buttons under what was shown: words → what they carry."""
    markup = getattr(call, "reply_markup", None)
    assert isinstance(markup, InlineKeyboardMarkup)
    return {one.text: one.callback_data or "" for row in markup.inline_keyboard for one in row}
