"""One call of the bot: its token, its method and its parameters, however they were sent."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from bot.sandbox import errors, limits

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope

TOKEN = re.compile(r"\d+:[\w-]{5,}", re.ASCII)


@dataclass(frozen=True)
class Upload:
    """A file that came with the call."""

    name: str
    mime: str
    content: bytes


@dataclass
class Call:
    """A call's parameters, read in the loose way Telegram reads them."""

    token: str
    method: str
    parameters: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    @property
    def bot_id(self) -> int:
        """The number in front of the token's colon."""
        return int(self.token.partition(":")[0])

    @property
    def chat_id(self) -> int | None:
        """The chat the call is about, where it is a number."""
        given = self.parameters.get("chat_id")
        try:
            return int(given) if given is not None else None
        except (TypeError, ValueError):
            return None

    def told(self) -> dict[str, Any]:
        """What the call carried, for the log: of a file its name and size."""
        if not self.uploads:
            return self.parameters
        files = {name: f"{file.name}, {len(file.content)} bytes" for name, file in self.uploads.items()}
        return self.parameters | files

    def text(self, name: str) -> str:
        """A parameter as text, empty if missing."""
        value = self.parameters.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A parameter as a whole number."""
        value = self.parameters.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise errors.Refusal(errors.NOT_A_NUMBER, name) from None

    def flag(self, name: str) -> bool:
        """A parameter as yes or no."""
        return str(self.parameters.get(name, "")).lower() in ("true", "1", "yes", "t", "y")

    def structure(self, name: str) -> Any:
        """A parameter that is JSON, given as JSON or as its text; None if missing."""
        value = self.parameters.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise errors.Refusal(errors.JSON_FIELD, name.replace("_", " ")) from None


async def read(scope: Scope, receive: Receive, call: Call) -> None:
    """Fill the call with what its address and its body carry."""
    if scope["query_string"]:
        call.parameters.update(
            parse_qsl(scope["query_string"].decode(errors="replace"), keep_blank_values=True)
        )
    headers = dict(scope["headers"])
    if int(headers.get(b"content-length", 0)) > limits.UPLOAD_LIMIT_BYTES + 1024 * 1024:
        raise errors.Refusal(errors.ENTITY_TOO_LARGE)
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if kind == b"multipart/form-data":
        await _read_multipart(scope, receive, call)
        return
    body = await _whole_body(receive)
    if not body:
        return
    if kind == b"application/json":
        call.parameters.update(_json_object(body))
    else:
        call.parameters.update(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


async def _whole_body(receive: Receive) -> bytes:
    message: Message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        raise errors.Refusal(errors.JSON_BODY) from None
    return parsed if isinstance(parsed, dict) else {}


async def _read_multipart(scope: Scope, receive: Receive, call: Call) -> None:
    async with Request(scope, receive).form(max_part_size=limits.UPLOAD_LIMIT_BYTES) as form:
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                call.parameters[name] = value
                continue
            if (value.size or 0) > limits.UPLOAD_LIMIT_BYTES:
                raise errors.Refusal(errors.ENTITY_TOO_LARGE)
            content = await value.read()
            call.uploads[name] = Upload(value.filename or name, value.content_type or "", content)
