"""Replies: paced like every message, sent as JSON, and deaf to what must not make a handler run twice.

A 429 is surely not sent, so it is waited for here: the handler's earlier messages are not repeated.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import Response
from aiogram.types import Message
from aiohttp import ClientError

from core.mailing.ledger import Lane

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.methods import TelegramMethod

    from core.mailing.throttle import Throttle

UNTOLD_WAIT_SECONDS = 3  # after a 429 that does not say how long
# pydantic keeps these only while somebody holds them, and building one anew costs 14 ms
_KEPT = (Response[bool], Response[Message], Response[Message | bool])


class PacedSession(AiohttpSession):
    """An aiogram session whose send methods wait for a slot; edits and answers to taps are not limited."""

    def __init__(self, throttle: Throttle, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._throttle = throttle

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None) -> Any:  # noqa: ASYNC109
        """Make one request, paced if it brings a new message."""
        chat_id: Any = getattr(method, "chat_id", None)
        is_message = method.__api_method__.startswith("send") and isinstance(chat_id, int)
        while True:
            if is_message:
                await self._throttle.slot(Lane.REPLY, chat_id)
            try:
                return await self._request(bot, method, timeout)
            except TelegramRetryAfter as error:
                if is_message:
                    self._throttle.limited(chat_id, error.retry_after)
                await asyncio.sleep(error.retry_after)

    async def _request(self, bot: Bot, method: TelegramMethod[Any], timeout: int | None) -> Any:  # noqa: ASYNC109
        """Send it as JSON, half the work of a form; a method with a file goes aiogram's own way."""
        files: dict[str, Any] = {}
        given = method.model_dump(warnings=False, exclude_none=True)
        body = {name: self.prepare_value(value, bot=bot, files=files) for name, value in given.items()}
        if files:
            return await super().make_request(bot, method, timeout)
        body = {name: value for name, value in body.items() if value}
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        try:
            async with session.post(url, json=body, timeout=timeout or self.timeout) as answer:  # type: ignore[arg-type]
                content = await answer.text()
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except ClientError as error:
            raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error
        return self.check_response(bot, method, answer.status, content).result

    def check_response(
        self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str
    ) -> Response[Any]:
        """Understand an answer, also those aiogram stumbles over (reproduced: see docs/reliability.md)."""
        try:
            return super().check_response(bot, method, status_code, content)
        except TypeError:  # it looks for a word in the description of a 5xx that brought none
            raise TelegramServerError(method=method, message=f"{status_code} without a description") from None
        except ClientDecodeError as error:
            if status_code == 200 and isinstance(error.data, dict) and error.data.get("ok"):
                return _delivered(error.data)  # it arrived: doing it again would repeat it
            raise
        except TelegramAPIError as error:
            if status_code == 429 and not isinstance(error, TelegramRetryAfter):
                raise TelegramRetryAfter(method, error.message, UNTOLD_WAIT_SECONDS) from None
            raise


def _delivered(data: dict[str, Any]) -> Response[Any]:
    result = data.get("result")
    shown = Message.model_construct(**result) if isinstance(result, dict) else result
    return Response[Any].model_construct(ok=True, result=shown)
