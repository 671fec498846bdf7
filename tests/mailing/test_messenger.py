"""The error table of sending: one test a row, over real HTTP, against a server that answers as told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web

from bot import messenger as edge
from bot.messenger import TelegramMessenger, read_answer
from core.mailing.messenger import (
    Ambiguous,
    Button,
    ContentFault,
    Fatal,
    Letter,
    NotSent,
    Outcome,
    Refused,
    Sent,
)

TOKEN = "123456:test-token"
LETTER = Letter(7, 1001, "Здравствуйте!")
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Answers every call with `answer` and keeps what it received."""

    def __init__(self) -> None:
        self.answer: Answer = _ok
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.path.rsplit("/", 1)[1]
        if request.content_type == "application/json":
            self.calls.append((method, await request.json()))
        else:
            self.calls.append((method, dict(await request.post())))
        return await self.answer(request)

    def says(self, status: int, body: Any, **headers: str) -> None:
        text = body if isinstance(body, str) else json.dumps(body)

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, text=text, headers=headers, content_type="application/json")

        self.answer = answer


async def _ok(_: web.Request) -> web.StreamResponse:
    return web.json_response({"ok": True, "result": {"message_id": 42}})


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    app = web.Application()
    app.router.add_post("/{path:.*}", made.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    made.url = f"http://127.0.0.1:{port}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def messenger(server: Server) -> AsyncIterator[TelegramMessenger]:
    made = over(server.url)
    yield made
    await made.close()


def over(url: str) -> TelegramMessenger:
    session = AiohttpSession(api=TelegramAPIServer.from_base(url), limit=200)
    return TelegramMessenger(Bot(TOKEN, session=session))


def refusal(status: int, description: str, **more: Any) -> dict[str, Any]:
    return {"ok": False, "error_code": status, "description": description, **more}


BAD_REQUESTS = [
    "message is too long", "message caption is too long", "text is too long", "message text is empty",
    "can't parse entities: Unsupported start tag", "BUTTON_DATA_INVALID", "BUTTON_URL_INVALID",
    "wrong file identifier/HTTP URL specified", "reply markup is too long", "something nobody has ever seen",
]  # fmt: skip

ROWS: list[tuple[int, Any, Outcome]] = [
    (403, "Forbidden: bot was blocked by the user", Refused("blocked")),
    (403, "Forbidden: user is deactivated", Refused("deactivated")),
    (403, "Forbidden: bot can't initiate conversation with a user", Refused("unreachable")),
    (403, "Forbidden: the bot can't send messages to the bot", Refused("unreachable")),
    (403, "Forbidden: bots can't send messages to bots", Refused("unreachable")),
    (403, "Forbidden: bot was kicked from the group chat", Refused("unreachable")),
    (403, "Forbidden: bot is not a member of the channel chat", Refused("unreachable")),
    (403, "Forbidden: something new", Refused("forbidden")),
    (400, "Bad Request: chat not found", Refused("unreachable")),
    (400, "Bad Request: private chat not found", Refused("unreachable")),
    (400, "Bad Request: USER_IS_BLOCKED", Refused("blocked")),
    (400, "Bad Request: VOICE_MESSAGES_FORBIDDEN", Refused("voice_forbidden")),
    (400, "Bad Request: not enough rights to send text messages to the chat", Refused("no_rights")),
    (400, "Bad Request: group chat was upgraded to a supergroup chat", Refused("unreachable")),
    *((400, f"Bad Request: {words}", ContentFault("")) for words in BAD_REQUESTS),
    (401, "Unauthorized", Fatal("")),
    (404, "Not Found", Fatal("")),
    (409, "Conflict: terminated by other getUpdates request", Fatal("")),
    (413, "Request Entity Too Large", ContentFault("")),
    (500, "Internal Server Error: restart", Ambiguous("")),
    (500, "Request aborted", Ambiguous("")),
    (500, "Internal Server Error: sent message was immediately deleted and can't be returned", Ambiguous("")),
    (502, "Bad Gateway", Ambiguous("")),
    (503, "Service Unavailable", Ambiguous("")),
    (504, "Gateway Timeout", Ambiguous("")),
    (421, "Misdirected Request", ContentFault("")),
    (406, "FROZEN_METHOD_INVALID", Fatal("")),
    (400, "Bad Request: FROZEN_PARTICIPANT_MISSING", Fatal("")),
]


@pytest.mark.parametrize(("status", "description", "expected"), ROWS)
async def test_an_answer_with_words(
    server: Server, messenger: TelegramMessenger, status: int, description: str, expected: Outcome
) -> None:
    server.says(status, refusal(status, description))

    outcome = await messenger.send(LETTER)

    assert type(outcome) is type(expected)
    if isinstance(expected, Refused):
        assert isinstance(outcome, Refused)
        assert (outcome.reason, outcome.description) == (expected.reason, description)
    else:
        assert description in outcome.description  # type: ignore[union-attr]
    assert len(server.calls) == 1, "nothing is repeated here"


@pytest.mark.parametrize(
    ("body", "headers", "seconds"),
    [
        (refusal(429, "Too Many Requests: retry after 17", parameters={"retry_after": 17}), {}, 17.0),
        (refusal(429, "Too Many Requests"), {"Retry-After": "5"}, 5.0),
        (refusal(429, "Too Many Requests"), {}, None),
        (refusal(429, "Too Many Requests", parameters={"retry_after": 0}), {}, None),
        ("<html>slow down</html>", {}, None),
    ],
)
async def test_too_many_requests_is_surely_not_sent(
    server: Server, messenger: TelegramMessenger, body: Any, headers: dict[str, str], seconds: float | None
) -> None:
    server.says(429, body, **headers)

    assert await messenger.send(LETTER) == NotSent(seconds, "chat")


@pytest.mark.parametrize(
    "body",
    [
        {"ok": True, "result": {"message_id": 42}},
        {
            "ok": True,
            "result": {"message_id": 42, "chat": "a member of a union nobody knows yet", "date": None},
        },
        {"result": {"message_id": 42, "new_kind_of_content": [1, 2, {}]}},
    ],
)
async def test_a_message_with_a_number_is_sent_however_strange_it_is(
    server: Server, messenger: TelegramMessenger, body: Any
) -> None:
    server.says(200, body)

    assert await messenger.send(LETTER) == Sent(42)


@pytest.mark.parametrize(
    "body", ['{"ok":true,"result":{"garbage":', "", "[]", '{"ok":true}', '{"ok":true,"result":true}']
)
async def test_a_200_without_a_message_is_in_doubt(
    server: Server, messenger: TelegramMessenger, body: str
) -> None:
    server.says(200, body)

    assert isinstance(await messenger.send(LETTER), Ambiguous)


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("body", ["<html><h1>Bad Gateway</h1></html>", '{"ok":false}', ""])
async def test_a_proxys_page_and_a_500_without_words_are_in_doubt(
    server: Server, messenger: TelegramMessenger, status: int, body: str
) -> None:
    server.says(status, body)

    assert isinstance(await messenger.send(LETTER), Ambiguous)


async def test_a_time_out_is_in_doubt(
    server: Server, messenger: TelegramMessenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert edge.TIMEOUT.total is not None
    assert edge.TIMEOUT.total >= 20, "Telegram itself waits up to 8 s under flood control"
    monkeypatch.setattr(edge, "TIMEOUT", aiohttp.ClientTimeout(total=0.2, sock_connect=0.1))

    async def hang(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(5)
        return web.Response()

    server.answer = hang
    assert isinstance(await messenger.send(LETTER), Ambiguous)
    assert len(server.calls) == 1


async def test_a_connection_closed_after_the_letter_arrived_is_in_doubt_and_not_repeated(
    server: Server, messenger: TelegramMessenger
) -> None:
    async def drop(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    server.answer = drop
    assert isinstance(await messenger.send(LETTER), Ambiguous)
    assert len(server.calls) == 1


async def test_a_refused_connection_is_surely_not_sent() -> None:
    made = over("http://127.0.0.1:9")
    assert await made.send(LETTER) == NotSent(None, "network")
    await made.close()


async def test_an_unknown_host_is_surely_not_sent() -> None:
    made = over("http://no-such-host.invalid")
    assert await made.send(LETTER) == NotSent(None, "network")
    await made.close()


async def test_a_failed_tls_handshake_is_surely_not_sent(server: Server) -> None:
    made = over(server.url.replace("http://", "https://"))
    assert await made.send(LETTER) == NotSent(None, "network")
    assert server.calls == []
    await made.close()


async def test_a_connect_that_times_out_is_surely_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise aiohttp.ConnectionTimeoutError("Connection timeout to host")

    made = over("http://127.0.0.1:9")
    monkeypatch.setattr(aiohttp.ClientSession, "post", never)
    assert await made.send(LETTER) == NotSent(None, "network")
    await made.close()


async def test_a_letter_is_written_as_telegram_reads_it(server: Server, messenger: TelegramMessenger) -> None:
    rows = ((Button("Сайт", url="https://kvizor.example"), Button("Ответить", action="quiz")),)
    letter = Letter(7, 1001, "<b>Привет</b>", buttons=rows, stop="Больше не присылать", silent=True)

    assert await messenger.send(letter) == Sent(42)

    assert server.calls == [
        (
            "sendMessage",
            {
                "chat_id": 1001,
                "parse_mode": "HTML",
                "text": "<b>Привет</b>",
                "disable_notification": True,
                "reply_markup": {
                    "inline_keyboard": [
                        [
                            {"text": "Сайт", "url": "https://kvizor.example"},
                            {"text": "Ответить", "callback_data": "act:7:quiz"},
                        ],
                        [{"text": "Больше не присылать", "callback_data": "stop:7"}],
                    ]
                },
            },
        )
    ]


def test_the_longest_callback_fits_into_64_bytes() -> None:
    letter = Letter(2**63 - 1, 1, "x", buttons=((Button("x", action="a" * 32),),), stop="x")

    for row in edge._keyboard(letter):
        assert all(len(button["callback_data"].encode()) <= 64 for button in row)


async def test_a_shipped_file_is_uploaded_once_and_named_afterwards(
    server: Server, messenger: TelegramMessenger, tmp_path: Path
) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("Пять шагов")
    server.says(200, {"ok": True, "result": {"message_id": 1, "document": {"file_id": "DOC"}}})
    letter = Letter(7, 1001, "План", "document", file_path=str(path), stop="Стоп")

    assert await messenger.send(letter) == Sent(1, "DOC")
    method, fields = server.calls[0]
    assert method == "sendDocument"
    assert fields["caption"] == "План"
    assert fields["document"].filename == "plan.txt"
    assert json.loads(fields["reply_markup"])["inline_keyboard"][0][0]["callback_data"] == "stop:7"

    server.says(200, {"ok": True, "result": {"message_id": 2, "photo": [{"file_id": "S"}, {"file_id": "L"}]}})
    assert await messenger.send(Letter(8, 1002, "", "photo", file_id="L")) == Sent(2, "L")
    assert server.calls[1] == ("sendPhoto", {"chat_id": 1002, "parse_mode": "HTML", "photo": "L"})


async def test_a_missing_file_is_the_contents_fault_not_a_doubt(
    server: Server, messenger: TelegramMessenger
) -> None:
    outcome = await messenger.send(Letter(7, 1001, "", "document", file_path="/nowhere/plan.txt"))

    assert isinstance(outcome, ContentFault)
    assert "/nowhere/plan.txt cannot be read" in outcome.description
    assert server.calls == []


def test_no_answer_at_all_can_raise() -> None:
    bodies = (b"", b"null", b"[1]", b'"x"', b"{}", b"\xff\xfe", b'{"description": 5, "parameters": []}')
    for status in (200, 201, 204, 301, 400, 403, 418, 429, 451, 500, 599):
        for body in bodies:
            assert isinstance(
                read_answer(status, body), Sent | Refused | ContentFault | NotSent | Ambiguous | Fatal
            )
