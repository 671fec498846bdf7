"""The Bot API: every route of Telegram the sandbox serves, as one small ASGI application.

Kept below the web framework on purpose: a broadcast at full speed leaves half a millisecond a call.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from typing import TYPE_CHECKING, Any

from bot.sandbox import (
    albums,
    calls,
    chats,
    connections,
    editing,
    errors,
    polling,
    polls,
    profile,
    sending,
)
from bot.sandbox.calls import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from bot.sandbox.faults import Fault
    from bot.sandbox.sending import Done
    from bot.sandbox.world import World

PATH = re.compile(r"/bot([^/]+)/(\w+)/?")
FILE_PATH = re.compile(r"/file/bot([^/]+)/\w+/([^/]+)/.*")
METHODS: dict[str, Callable[[World, Call, float], Done]] = {
    "getMe": profile.get_me,
    "setMyCommands": profile.set_commands,
    "deleteMyCommands": profile.delete_commands,
    "getMyCommands": profile.get_commands,
    "setMyName": profile.set_words,
    "getMyName": profile.get_words,
    "setMyDescription": profile.set_words,
    "getMyDescription": profile.get_words,
    "setMyShortDescription": profile.set_words,
    "getMyShortDescription": profile.get_words,
    "setChatMenuButton": profile.set_menu_button,
    "getChatMenuButton": profile.get_menu_button,
    "getWebhookInfo": profile.get_webhook,
    "setWebhook": profile.set_webhook,
    "deleteWebhook": profile.delete_webhook,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "setMessageReaction": chats.set_reaction,
    "getFile": profile.get_file,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_file("photo"),
    "sendDocument": sending.send_file("document"),
    "sendVideo": sending.send_file("video"),
    "sendVoice": sending.send_file("voice"),
    "sendVideoNote": sending.send_file("video_note"),
    "sendAudio": sending.send_file("audio"),
    "sendAnimation": sending.send_file("animation"),
    "sendSticker": sending.send_file("sticker"),
    "sendMediaGroup": albums.send_album,
    "sendPoll": polls.send_poll,
    "stopPoll": polls.stop_poll,
    "sendLocation": sending.send_location,
    "sendVenue": sending.send_venue,
    "sendContact": sending.send_contact,
    "sendChatAction": sending.send_chat_action,
    "copyMessage": sending.copy_message,
    "editMessageText": editing.edit_text,
    "editMessageCaption": editing.edit_caption,
    "editMessageReplyMarkup": editing.edit_markup,
    "editMessageMedia": editing.edit_media,
    "deleteMessage": editing.delete_message,
    "answerCallbackQuery": editing.answer_callback,
}
# Telegram does not mind the case of a method's name.
BY_LOWER = {name.lower(): name for name in (*METHODS, "getUpdates")}
JSON_TYPE = (b"content-type", b"application/json")
HTML_502 = (
    b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\r\n"
)


class BotApi:
    """Serves /bot<token>/<method> and /file/bot<token>/<path>."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"].startswith("/file/"):
            await self._file(scope, send)
            return
        match = PATH.fullmatch(scope["path"])
        method = BY_LOWER.get(match.group(2).lower()) if match else None
        call = Call(match.group(1) if match else "", method or "")
        try:
            self._check_token(call.token)
            if method is None:
                raise errors.Refusal(errors.NOT_FOUND)
            await calls.read(scope, receive, call)
        except errors.Refusal as refusal:
            self._log(_moment(), call, "refused", refusal.status, refusal.description)
            await _refuse(send, refusal)
            return
        # A call has arrived when it is whole: from here to the log nothing waits, so order and time agree.
        arrived = _moment()
        self.world.note_token(call.token)
        if method == "getUpdates":
            await self._poll(call, scope, receive, send)
        else:
            await self._act(arrived, call, scope, receive, send)

    def _check_token(self, token: str) -> None:
        if not calls.TOKEN.fullmatch(token):
            raise errors.Refusal(errors.NOT_FOUND)
        if token in self.world.revoked:
            raise errors.Refusal(errors.UNAUTHORIZED)

    async def _poll(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self.world.faults.for_call("getUpdates", None)
        if fault is not None:
            await self._spoil(fault, "[]", scope, receive, send)
            return
        try:
            result = await polling.get_updates(self.world, call, receive)
        except errors.Refusal as refusal:
            await _refuse(send, refusal)
            return
        if result is not None:
            await _answer(send, 200, f'{{"ok":true,"result":{result}}}'.encode())

    async def _act(
        self, arrived: tuple[float, float], call: Call, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Do what the call asks for, write it down, and only then answer."""
        fault = self.world.faults.for_call(call.method, call.chat_id) if self.world.faults.rules else None
        if fault is not None and not fault.accepts:
            status, words = _fault_words(fault)
            self._log(arrived, call, "error", status, words)
            await self._spoil(fault, "", scope, receive, send)
            return
        try:
            done = METHODS[call.method](self.world, call, arrived[0])
        except errors.Refusal as refusal:
            self._log(arrived, call, "refused", refusal.status, refusal.description)
            await self._latency()
            await _refuse(send, refusal)
            return
        outcome = _outcome(call.method, fault)
        self._log(arrived, call, outcome, 200, None, done)
        await self._latency()
        if fault is not None:
            await self._spoil(fault, done.result, scope, receive, send)
        else:
            await _answer(send, 200, f'{{"ok":true,"result":{done.result}}}'.encode())

    def _log(
        self,
        arrived: tuple[float, float],
        call: Call,
        outcome: str,
        status: int,
        words: str | None,
        done: Done | None = None,
    ) -> None:
        sent = (done.message_id, done.text) if done else (None, call.text("text") or None)
        chat_id = done.chat_id if done and done.chat_id is not None else call.chat_id
        about = call.token, call.method, chat_id
        self.world.journal.add(arrived, about, (outcome, status, words), sent, call.told())

    async def _latency(self) -> None:
        wanted = self.world.limits.latency_ms
        if isinstance(wanted, list):
            wanted = random.uniform(wanted[0], wanted[1])  # noqa: S311, a network, not a secret
        if wanted:
            await asyncio.sleep(wanted / 1000)

    async def _spoil(self, fault: Fault, result: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in the way the fault wants it."""
        if fault.kind in ("drop_after_accept", "drop_before_accept"):
            await connections.tear(scope, receive)
        elif fault.kind == "hang_after_accept":
            await connections.gone(receive)
        elif fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            await _answer(send, 200, f'{{"ok":true,"result":{result}}}'.encode())
        elif fault.kind == "http502_html":
            await _answer(send, 502, HTML_502, ((b"content-type", b"text/html"),))
        elif fault.kind == "garbage_200":
            await _answer(send, 200, b'{"ok":true,"result":{"garbage":', (JSON_TYPE,))
        else:
            status, words = _fault_words(fault)
            await _answer(send, status, _error_body(status, words, fault.parameters))

    async def _file(self, scope: Scope, send: Send) -> None:
        match = FILE_PATH.fullmatch(scope["path"])
        file = self.world.files.get(match.group(2)) if match else None
        if match is None or file is None or not calls.TOKEN.fullmatch(match.group(1)):
            await _refuse(send, errors.Refusal(errors.NOT_FOUND))
            return
        content = self.world.files.content(file.file_id)
        await _answer(send, 200, content, ((b"content-type", b"application/octet-stream"),))


def _moment() -> tuple[float, float]:
    return time.monotonic(), time.time()


def _outcome(method: str, fault: Fault | None) -> str:
    if fault is None or fault.kind == "slow":
        return "delivered" if method.startswith("send") else "done"
    return {"drop_after_accept": "dropped", "hang_after_accept": "hung"}.get(fault.kind, "error")


def _fault_words(fault: Fault) -> tuple[int, str | None]:
    if fault.kind == "http500":
        return 500, errors.RESTART.description
    if fault.kind == "http500_no_description":
        return 500, None
    if fault.kind == "http502_html":
        return 502, "Bad Gateway"
    if fault.kind == "refuse_429_no_parameters":
        return 429, "Too Many Requests"
    if fault.kind == "status":
        return fault.code, fault.description
    return 0, fault.kind


def _error_body(status: int, words: str | None, parameters: dict[str, Any] | None) -> bytes:
    body: dict[str, Any] = {"ok": False, "error_code": status}
    if words is not None:
        body["description"] = words
    if parameters:
        body["parameters"] = parameters
    return json.dumps(body).encode()


async def _refuse(send: Send, refusal: errors.Refusal) -> None:
    headers: tuple[tuple[bytes, bytes], ...] = (JSON_TYPE,)
    if refusal.parameters and "retry_after" in refusal.parameters:
        headers += ((b"retry-after", str(refusal.parameters["retry_after"]).encode()),)
    await _answer(
        send, refusal.status, _error_body(refusal.status, refusal.description, refusal.parameters), headers
    )


async def _answer(
    send: Send, status: int, body: bytes, headers: tuple[tuple[bytes, bytes], ...] = (JSON_TYPE,)
) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
