"""One letter out: Telegram's and the network's answers turned into outcomes.

The call goes through the bot's own aiogram session (its connections, token and address), but the answer is
read here: a whole Message is not needed, and what must be told apart (a 200 whose message aiogram cannot
parse, a 502 of a proxy, a 500 without a description) is plain in status and body.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import (
    SendAnimation,
    SendAudio,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendPoll,
    SendVideo,
    SendVideoNote,
    SendVoice,
)

from core.mailing.markup import plain
from core.mailing.messenger import Ambiguous, ContentFault, Fatal, NotSent, Outcome, Refused, Sent

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.methods import TelegramMethod
    from aiogram.types import Message

    from core.mailing.messenger import Button, Kind, Letter, Poll

STOP_PREFIX = "stop:"
TOPIC_PREFIX = "topic:"
ACT_PREFIX = "act:"
POOL = 200  # connections: 1000/s at 200 ms
# Telegram itself waits up to 8 s under flood control; a shorter time-out would make doubt out of patience.
TIMEOUT = aiohttp.ClientTimeout(total=30.0, sock_connect=10.0)
# How each kind of letter leaves. Its file is called as the kind is, in the call and in the answer.
SENDING: dict[Kind, type[TelegramMethod[Message]]] = {
    "text": SendMessage,
    "photo": SendPhoto,
    "video": SendVideo,
    "animation": SendAnimation,
    "voice": SendVoice,
    "video_note": SendVideoNote,
    "audio": SendAudio,
    "document": SendDocument,
    "poll": SendPoll,
}
METHODS = {kind: method.__api_method__ for kind, method in SENDING.items()}

# What Telegram says of the person: (status, words) → reason. The first row whose words occur.
PERSONAL: tuple[tuple[int, str, str], ...] = (
    (403, "bot was blocked by the user", "blocked"),
    (403, "user is deactivated", "deactivated"),
    (403, "bot can't initiate conversation", "unreachable"),
    (403, "can't send messages to", "unreachable"),
    (403, "bot was kicked", "unreachable"),
    (403, "bot is not a member", "unreachable"),
    (403, "", "forbidden"),
    (400, "chat not found", "unreachable"),
    (400, "peer_id_invalid", "unreachable"),
    (400, "user_is_blocked", "blocked"),
    (400, "input_user_deactivated", "deactivated"),
    (400, "voice_messages_forbidden", "voice_forbidden"),
    (400, "not enough rights", "no_rights"),
    (400, "group chat was upgraded", "unreachable"),
)
# How a copy is changed: the words of whatever is not a plain text are its caption, a round video has none.
EDITS = {"text": "editMessageText", "video_note": "editMessageReplyMarkup", "poll": "editMessageReplyMarkup"}
EDIT_CAPTION, RECALL = "editMessageCaption", "deleteMessage"
# What Telegram says of a copy.
UNCHANGED: tuple[tuple[str, Outcome], ...] = (
    ("message is not modified", Sent(0)),
    ("message to edit not found", Refused("gone")),
    ("message to delete not found", Refused("gone")),
    ("message can't be deleted", Refused("too_late")),
    ("message can't be edited", Refused("too_late")),
)
_FROZEN = re.compile(r"\bFROZEN_")


class TelegramMessenger:
    """Sends letters by a bot whose aiogram session should hold at least POOL connections."""

    def __init__(self, bot: Bot) -> None:
        if not isinstance(bot.session, AiohttpSession):
            raise TypeError("the messenger needs a bot over aiohttp")
        self._session = bot.session
        methods = {*METHODS.values(), *EDITS.values(), EDIT_CAPTION, RECALL}
        self._urls = {method: bot.session.api.api_url(bot.token, method) for method in methods}

    async def send(self, letter: Letter) -> Outcome:
        """Send one letter and tell what came of it; nothing Telegram or the network does raises."""
        try:
            body = _file_form(letter) if _uploads(letter) else _json_body(letter)
        except OSError as error:
            return ContentFault(f"the file {letter.file_path} cannot be read ({error.strerror})")
        client = await self._session.create_session()
        try:
            async with client.post(self._urls[_method(letter)], timeout=TIMEOUT, **body) as answer:
                told = answer.status, await answer.read(), answer.headers.get("Retry-After")
                return read_answer(*told) if letter.act == "send" else read_change(*told)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            # Refused, no such name, TLS failed, no answer to the connect: not a byte of the letter left.
            return NotSent(None, "network")
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            return Ambiguous(f"{type(error).__name__}: {error}".rstrip(": "))

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()


def read_answer(status: int, body: bytes, retry_after_header: str | None = None) -> Outcome:
    """Return what an HTTP answer of the Bot API means for the letter."""
    data = _object(body)
    if status == 200:
        return _delivered(data)
    description = str(data.get("description") or "")
    if status == 429:
        return NotSent(_retry_after(data, retry_after_header), "chat")
    if status in (401, 404, 409):
        return Fatal(f"{status} {description or 'without words'}")
    if status == 413:
        return ContentFault(description or "Request Entity Too Large")
    if status >= 500 or not data:
        return Ambiguous(f"HTTP {status} {description}".rstrip())
    return _refusal(status, description)


def read_change(status: int, body: bytes, retry_after_header: str | None = None) -> Outcome:
    """Return what an answer means for a copy that was to be changed or taken back."""
    data = _object(body)
    if status == 200 and data.get("ok") is True:
        return Sent(0)
    words = str(data.get("description") or "").lower()
    if status == 400:
        for part, outcome in UNCHANGED:
            if part in words:
                return outcome
    return read_answer(status, body, retry_after_header)


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _delivered(data: dict[str, Any]) -> Outcome:
    """A 200 is sent if it names the message, however strange the rest of it; otherwise nobody knows."""
    result = data.get("result")
    message_id = result.get("message_id") if isinstance(result, dict) else None
    if not isinstance(result, dict) or not isinstance(message_id, int):
        return Ambiguous("HTTP 200 without a message")
    return Sent(message_id, _file_id(result), _poll_id(result))


def _file_id(message: dict[str, Any]) -> str | None:
    # In the order of the kinds: an animation is repeated as a document, for old clients.
    file = next((message[kind] for kind in METHODS if kind != "text" and kind in message), None)
    named = file[-1] if isinstance(file, list) and file else file
    file_id = named.get("file_id") if isinstance(named, dict) else None
    return file_id if isinstance(file_id, str) else None


def _poll_id(message: dict[str, Any]) -> str | None:
    poll = message.get("poll")
    poll_id = poll.get("id") if isinstance(poll, dict) else None
    return poll_id if isinstance(poll_id, str) else None


def _retry_after(data: dict[str, Any], header: str | None) -> float | None:
    parameters = data.get("parameters")
    told = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if not isinstance(told, int | float) or isinstance(told, bool):
        told = int(header) if header is not None and header.isdigit() else None
    return float(told) if told else None


def _refusal(status: int, description: str) -> Outcome:
    words = description.lower()
    if _FROZEN.search(description):  # Telegram froze the bot itself
        return Fatal(f"{status} {description}")
    for told, part, reason in PERSONAL:
        if told == status and part in words:
            return Refused(reason, description)
    # Every other 400 is the letter's fault or unknown to us: after a few the campaign stops and asks.
    return ContentFault(description or f"HTTP {status}")


def _uploads(letter: Letter) -> bool:
    return letter.act == "send" and letter.file_id is None and letter.file_path is not None


def _fields(letter: Letter) -> dict[str, Any]:
    fields: dict[str, Any] = {"chat_id": letter.chat_id, "parse_mode": "HTML"}
    if letter.poll is not None:
        fields |= asked(letter.text, letter.poll)
    elif letter.text:
        fields["text" if letter.kind == "text" else "caption"] = letter.text
    if letter.silent:
        fields["disable_notification"] = True
    keyboard = _keyboard(letter)
    if keyboard:
        fields["reply_markup"] = {"inline_keyboard": keyboard}
    return fields


def asked(text: str, poll: Poll) -> dict[str, Any]:
    """Return a poll as fields of sendPoll: never anonymous, for the answer has to find its letter."""
    return {
        "question": plain(text),
        "options": [{"text": option} for option in poll.options],
        "is_anonymous": False,
        "allows_multiple_answers": poll.takes_many,
    }


def _method(letter: Letter) -> str:
    if letter.act == "recall":
        return RECALL
    if letter.act == "edit":
        return EDITS.get(letter.kind, EDIT_CAPTION)
    return METHODS[letter.kind]


def _json_body(letter: Letter) -> dict[str, Any]:
    if letter.act == "recall":
        return {"json": {"chat_id": letter.chat_id, "message_id": letter.message_id}}
    fields = _fields(letter)
    if letter.act == "edit":
        fields.pop("disable_notification", None)
        return {"json": {**fields, "message_id": letter.message_id}}
    if letter.file_id is not None:
        fields[letter.kind] = letter.file_id
    return {"json": fields}


def _file_form(letter: Letter) -> dict[str, Any]:
    """The first letter with a shipped file uploads it; the answer names it for all others."""
    form = aiohttp.FormData(quote_fields=False)
    for name, value in _fields(letter).items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    path = Path(str(letter.file_path))
    form.add_field(letter.kind, path.read_bytes(), filename=path.name)
    return {"data": form}


def _keyboard(letter: Letter) -> list[list[dict[str, str]]]:
    rows = [[_button(button, letter.delivery_id) for button in row] for row in letter.buttons]
    if letter.leaving is not None:
        data = f"{TOPIC_PREFIX}{letter.leaving.topic_id}"
        rows.append([{"text": letter.leaving.label, "callback_data": data}])
    if letter.stop is not None:
        rows.append([{"text": letter.stop, "callback_data": f"{STOP_PREFIX}{letter.delivery_id}"}])
    return rows


def _button(button: Button, delivery_id: int) -> dict[str, str]:
    if button.url is not None:
        return {"text": button.text, "url": button.url}
    return {"text": button.text, "callback_data": f"{ACT_PREFIX}{delivery_id}:{button.action}"}
