"""Replies keep the pace too: every message a handler sends takes a slot in the highest lane.

A 429 is surely not sent, so it is waited for here: the handler's earlier messages are not repeated.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramRetryAfter

from core.mailing.ledger import Lane

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.methods import TelegramMethod

    from core.mailing.throttle import Throttle


class PacedSession(AiohttpSession):
    """An aiogram session whose send methods wait for a slot; edits and answers to taps are not limited."""

    def __init__(self, throttle: Throttle, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._throttle = throttle

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109
        """Send one request, paced if it brings a new message."""
        chat_id: Any = getattr(method, "chat_id", None)
        is_message = method.__api_method__.startswith("send") and isinstance(chat_id, int)
        while True:
            if is_message:
                await self._throttle.slot(Lane.REPLY, chat_id)
            try:
                return await super().make_request(bot, method, timeout)
            except TelegramRetryAfter as error:
                if is_message:
                    self._throttle.limited(chat_id, error.retry_after)
                await asyncio.sleep(error.retry_after)
