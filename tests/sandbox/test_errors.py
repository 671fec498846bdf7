"""Every row of the table of refusals is provoked over HTTP; docs/sandbox.md shows the same table.

`python -m tests.sandbox.test_errors` writes the table of docs/sandbox.md anew.
"""

from __future__ import annotations

import asyncio
import http.client
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bot.sandbox import errors
from bot.sandbox.errors import TABLE, Row
from tests.sandbox.process import ROOT, TOKEN, SandboxProcess

PAGE = ROOT / "docs" / "sandbox.md"
START, END = "<!-- errors: written by `python -m tests.sandbox.test_errors` -->", "<!-- /errors -->"
Body = dict[str, Any]


class Scene:
    """Anna, who has started the bot, and one message of each sort in her chat."""

    def __init__(self, sandbox: SandboxProcess, http: httpx2.AsyncClient) -> None:
        self.sandbox, self.http = sandbox, http
        self.anna = sandbox.started("Anna")

    async def send(self, method: str, **body: Any) -> int:
        answer = await self.http.post(method, json={"chat_id": self.anna, **body})
        return int(answer.json()["result"]["message_id"])

    async def text(self) -> Body:
        return self.at(await self.send("sendMessage", text="hello"))

    async def photo(self) -> Body:
        return self.at(self.mine("photo"), bot=False) | {"photo": self.file()}

    def at(self, message_id: int, bot: bool = True) -> Body:
        return {"chat_id": self.anna, "message_id": message_id}

    def mine(self, kind: str) -> int:
        return int(self.sandbox.post(f"people/{self.anna}/{kind}")["message_id"])

    def file(self) -> str:
        """The id of a photo Anna has sent."""
        self.mine("photo")
        messages = self.sandbox.get(f"chats/{self.anna}")["messages"]
        return str(messages[-1]["media"]["url"].rpartition("/")[2])

    async def photo_of_bot(self) -> Body:
        return self.at(await self.send("sendPhoto", photo=self.file()))

    async def poll(self) -> Body:
        return self.at(await self.send("sendPoll", question="?", options=["a", "b"]))


def text(words: str, mode: str = "", **more: Any) -> tuple[str, Body]:
    return "sendMessage", {"text": words, **({"parse_mode": mode} if mode else {}), **more}


def keys(**fields: Any) -> tuple[str, Body]:
    return text("ok", reply_markup={"inline_keyboard": [[{"text": "ok", **fields}]]})


def poll(**fields: Any) -> tuple[str, Body]:
    return "sendPoll", {"question": "?", "options": ["a", "b"], **fields}


def album(*items: Any) -> tuple[str, Body]:
    return "sendMediaGroup", {"media": list(items)}


def commands(*given: tuple[str, str]) -> tuple[str, Body]:
    return "setMyCommands", {"commands": [{"command": c, "description": d} for c, d in given]}


PLACE = {"latitude": 91, "longitude": 0}
# What a call must carry to be refused by the row; chat_id is Anna's where it is not given.
CALLS: dict[str, tuple[str, Body]] = {
    "JSON_FIELD": text("ok", reply_markup="{"),
    "NOT_A_NUMBER": ("deleteMessage", {"message_id": "one"}),
    "WEBHOOK": ("setWebhook", {"url": "https://example.com/hook"}),
    "TO_ITSELF": ("sendMessage", {"chat_id": int(TOKEN.partition(":")[0]), "text": "me"}),
    "CHAT_NOT_FOUND": ("sendMessage", {"chat_id": 77, "text": "hello"}),
    "USER_NOT_FOUND": ("getChatMember", {"user_id": 77}),
    "TEXT_EMPTY": text("<b> </b>", "HTML"),
    "TEXT_TOO_LONG": text("я" * 4097),
    "RAW_TEXT_TOO_LONG": text("я" * 16_385),
    "PARSE_MODE": text("ok", "BBCode"),
    "TAG_UNKNOWN": text("Привет <foo>", "HTML"),
    "TAG_CUT": text("<b", "HTML"),
    "TAG_UNCLOSED": text('<a href="x', "HTML"),
    "TAG_NEVER_ENDED": text("<b>x", "HTML"),
    "TAG_UNMATCHED": text("<b><i>x</b></i>", "HTML"),
    "TAG_UNEXPECTED_END": text("x</b>", "HTML"),
    "TAG_END_CUT": text("<b>x</b", "HTML"),
    "SPAN_CLASS": text('<span class="big">x</span>', "HTML"),
    "CUSTOM_EMOJI": text("<tg-emoji>🙂</tg-emoji>", "HTML"),
    "ATTRIBUTE_NAME": text('<a ="x">y</a>', "HTML"),
    "ATTRIBUTE_VALUE": text("<a href=?>y</a>", "HTML"),
    "MARK_RESERVED": text("a.b", "MarkdownV2"),
    "MARK_NEVER_ENDED": text("*x", "MarkdownV2"),
    "MARK_LINK": text("[x](http", "MarkdownV2"),
    "OLD_MARK_NEVER_ENDED": text("*x", "Markdown"),
    "ENTITY_SHAPE": text("ok", entities=["bold"]),
    "ENTITY_BOUNDS": text("ok", entities=[{"type": "bold", "offset": 1, "length": 2}]),
    "BUTTON_DATA": keys(callback_data="я" * 33),
    "BUTTON_URL": keys(url="no link"),
    "BUTTON_COPY": keys(copy_text={"text": "x" * 257}),
    "BUTTON_KIND": keys(),
    "MARKUP_TOO_LONG": text("ok", reply_markup={"keyboard": [["x"] * 13]}),
    "MARKUP_PARSE": text("ok", reply_markup={"keyboard": "x"}),
    "NO_FILE": ("sendDocument", {}),
    "WRONG_FILE": ("sendPhoto", {"photo": "AgACnobody"}),
    "WRONG_FILE_ID": ("getFile", {"file_id": "AgACnobody"}),
    "INPUT_MEDIA": album({"type": "photo", "media": "attach://nothing"}),
    "ALBUM_EMPTY": album(),
    "ALBUM_TOO_LONG": album(*[{"type": "photo", "media": "x"}] * 11),
    "ALBUM_MIXED": album({"type": "photo", "media": "x"}, {"type": "document", "media": "x"}),
    "PLACE": ("sendLocation", PLACE),
    "CONTACT": ("sendContact", {"first_name": "Anna"}),
    "POLL_WORDS": poll(options=["a", " "]),
    "POLL_QUESTION": poll(question="x" * 301),
    "POLL_NO_OPTIONS": poll(options=[]),
    "POLL_OPTIONS": poll(options=list("abcdefghijklm")),
    "POLL_OPTION": poll(options=["x" * 101]),
    "POLL_KIND": poll(type="survey"),
    "POLL_RIGHT": poll(type="quiz", correct_option_ids=[2]),
    "POLL_EXPLANATION": poll(type="quiz", correct_option_ids=[0], explanation="a\nb\nc\nd"),
    "POLL_PERIOD": poll(open_period=4),
    "POLL_NOT_FOUND": ("stopPoll", {"message_id": 99}),
    "REPLY_NOT_FOUND": text("ok", reply_parameters={"message_id": 99}),
    "COPY_NOT_FOUND": ("copyMessage", {"from_chat_id": 77, "message_id": 99}),
    "EDIT_NOT_FOUND": ("editMessageText", {"message_id": 99, "text": "x"}),
    "DELETE_NOT_FOUND": ("deleteMessage", {"message_id": 99}),
    "REACT_NOT_FOUND": ("setMessageReaction", {"message_id": 99}),
    "REACTION": ("setMessageReaction", {"reaction": [{"type": "emoji", "emoji": "🧯"}]}),
    "REACTIONS": ("setMessageReaction", {"reaction": [{"type": "emoji", "emoji": "👍"}] * 2}),
    "QUERY_TOO_OLD": ("answerCallbackQuery", {"callback_query_id": "1"}),
    "ANSWER_TOO_LONG": ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}),
    "COMMANDS_SHAPE": ("setMyCommands", {"commands": {"command": "start"}}),
    "COMMANDS_MANY": commands(*[("start", "begin")] * 101),
    "COMMAND": commands(("Начать", "begin")),
    "COMMAND_WORDS": commands(("start", "x" * 257)),
    "WORDS_TOO_LONG": ("setMyDescription", {"description": "x" * 513}),
}


async def _token(scene: Scene, token: str) -> httpx2.Response:
    return await scene.http.get(f"{scene.sandbox.url}/bot{token}/getMe")


async def unauthorized(scene: Scene) -> httpx2.Response:
    scene.sandbox.post("token/revoke", {"token": "777:revoked"})
    return await _token(scene, "777:revoked")


async def conflict(scene: Scene) -> httpx2.Response:
    first = asyncio.create_task(scene.http.post("getUpdates", json={"timeout": 20}))
    await asyncio.sleep(0.2)
    await scene.http.post("getUpdates", json={"timeout": 0})
    return await first


async def too_large(scene: Scene) -> httpx2.Response:
    """The announced size is enough: the body of 52 MB need not be sent."""

    def announce() -> httpx2.Response:
        connection = http.client.HTTPConnection(scene.sandbox.url.removeprefix("http://"), timeout=10)
        connection.putrequest("POST", f"/bot{TOKEN}/sendDocument")
        connection.putheader("content-length", str(errors.limits.UPLOAD_LIMIT_BYTES + 2 * 1024 * 1024))
        connection.endheaders()
        try:
            answer = connection.getresponse()
            return httpx2.Response(answer.status, content=answer.read())
        finally:
            connection.close()

    return await asyncio.to_thread(announce)


async def too_many(scene: Scene) -> httpx2.Response:
    scene.sandbox.post("limits", {"per_chat_rate": 1, "per_chat_burst": 1})
    await scene.text()
    return await scene.http.post("sendMessage", json={"chat_id": scene.anna, "text": "again"})


async def restart(scene: Scene) -> httpx2.Response:
    scene.sandbox.post("faults", [{"kind": "http500", "count": 1}])
    return await scene.http.post("sendMessage", json={"chat_id": scene.anna, "text": "hello"})


async def json_body(scene: Scene) -> httpx2.Response:
    return await scene.http.post("getMe", content=b"{", headers={"content-type": "application/json"})


def after(act: str) -> Callable[[Scene], Awaitable[httpx2.Response]]:
    async def call(scene: Scene) -> httpx2.Response:
        chat_id = scene.anna if act else scene.sandbox.person("Ben")
        if act:
            scene.sandbox.post(f"people/{chat_id}/{act}")
        return await scene.http.post("sendMessage", json={"chat_id": chat_id, "text": "hello"})

    return call


def in_channel(method: str) -> Callable[[Scene], Awaitable[httpx2.Response]]:
    async def call(scene: Scene) -> httpx2.Response:
        scene.sandbox.post("channels", {"username": "news", "bot_is_admin": False})
        body = {"chat_id": "@news", "user_id": scene.anna, "text": "hello"}
        return await scene.http.post(method, json=body)

    return call


async def caption(scene: Scene) -> httpx2.Response:
    photo = {"photo": ("a.png", b"\x89PNG", "image/png")}
    given = {"chat_id": scene.anna, "caption": "я" * 1025}
    return await scene.http.post("sendPhoto", data=given, files=photo)


async def big_file(scene: Scene) -> httpx2.Response:
    content = b"x" * (errors.limits.DOWNLOAD_LIMIT_BYTES + 1)
    sent = await scene.http.post("sendDocument", data={"chat_id": scene.anna}, files={"document": content})
    file_id = sent.json()["result"]["document"]["file_id"]
    return await scene.http.post("getFile", json={"file_id": file_id})


async def poll_closed(scene: Scene) -> httpx2.Response:
    place = await scene.poll()
    await scene.http.post("stopPoll", json=place)
    return await scene.http.post("stopPoll", json=place)


async def not_modified(scene: Scene) -> httpx2.Response:
    return await scene.http.post("editMessageText", json=await scene.text() | {"text": "hello"})


async def cannot_edit(scene: Scene) -> httpx2.Response:
    place = scene.at(scene.mine("photo"))
    return await scene.http.post("editMessageCaption", json=place | {"caption": "x"})


async def no_text(scene: Scene) -> httpx2.Response:
    return await scene.http.post("editMessageText", json=await scene.photo_of_bot() | {"text": "x"})


async def no_caption(scene: Scene) -> httpx2.Response:
    return await scene.http.post("editMessageCaption", json=await scene.text() | {"caption": "x"})


async def no_media(scene: Scene) -> httpx2.Response:
    media = {"type": "photo", "media": scene.file()}
    return await scene.http.post("editMessageMedia", json=await scene.poll() | {"media": media})


async def cannot_delete(scene: Scene) -> httpx2.Response:
    place = await scene.text()
    scene.sandbox.post("clock", {"offset_seconds": errors.limits.DELETE_LIFE_SECONDS + 60})
    return await scene.http.post("deleteMessage", json=place)


ACTS: dict[str, Callable[[Scene], Awaitable[httpx2.Response]]] = {
    "UNAUTHORIZED": unauthorized,
    "NOT_FOUND": lambda scene: _token(scene, "no-token"),
    "CONFLICT": conflict,
    "ENTITY_TOO_LARGE": too_large,
    "TOO_MANY_REQUESTS": too_many,
    "RESTART": restart,
    "JSON_BODY": json_body,
    "BLOCKED": after("block"),
    "DEACTIVATED": after("deactivate"),
    "NEVER_STARTED": after(""),
    "NOT_IN_CHANNEL": in_channel("sendMessage"),
    "MEMBER_LIST": in_channel("getChatMember"),
    "CAPTION_TOO_LONG": caption,
    "FILE_TOO_BIG": big_file,
    "POLL_CLOSED": poll_closed,
    "NOT_MODIFIED": not_modified,
    "CANT_EDIT": cannot_edit,
    "NO_TEXT_TO_EDIT": no_text,
    "NO_CAPTION_TO_EDIT": no_caption,
    "NO_MEDIA_TO_EDIT": no_media,
    "CANT_DELETE": cannot_delete,
}


def filled(row: Row) -> str:
    """The row's words as a pattern whose blanks match anything."""
    return "(.+)".join(re.escape(part) for part in row.description.split("{}"))


@pytest.mark.parametrize("name", TABLE)
async def test_every_row_is_said_in_these_words(
    free_sandbox: SandboxProcess, http: httpx2.AsyncClient, name: str
) -> None:
    scene, row = Scene(free_sandbox, http), TABLE[name]
    if name in ACTS:
        answer = await ACTS[name](scene)
    else:
        method, body = CALLS[name]
        answer = await http.post(method, json={"chat_id": scene.anna, **body})
    assert (answer.status_code, answer.json()["error_code"], answer.json()["ok"]) == (
        row.status,
        row.status,
        False,
    )
    assert re.fullmatch(filled(row), answer.json()["description"]), answer.json()


def test_nothing_is_refused_past_the_table() -> None:
    raised = re.compile(r"errors\.([A-Z_]+)\b")
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "sandbox").glob("*.py")]
    used = {name for source in sources for name in raised.findall(source)}
    assert used == set(TABLE)  # no row is idle, and no other words are said
    refusals = sum(source.count("Refusal(") for source in sources)
    by_row = sum(len(re.findall(r"Refusal\(\s*(?:errors\.[A-Z_]+|row\b)", source)) for source in sources)
    assert refusals == by_row + 1  # the class itself


@pytest.mark.parametrize(
    ("words", "more", "description"),
    [
        ("Привет <foo>", {"parse_mode": "HTML"}, 'Unsupported start tag "foo" at byte offset 13'),
        ("1 < 2", {"parse_mode": "HTML"}, 'Unsupported start tag "" at byte offset 2'),
        (
            "<b><i>x</b></i>",
            {"parse_mode": "HTML"},
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("x</b>", {"parse_mode": "HTML"}, "Unexpected end tag at byte offset 1"),
        ("я *x", {"parse_mode": "MarkdownV2"}, "Can't find end of Bold entity at byte offset 3"),
    ],
)
async def test_a_place_is_counted_in_bytes(
    free_sandbox: SandboxProcess, http: httpx2.AsyncClient, words: str, more: Body, description: str
) -> None:
    body = {"chat_id": free_sandbox.started(), "text": words, **more}
    answer = (await http.post("sendMessage", json=body)).json()
    assert answer["description"] == f"Bad Request: can't parse entities: {description}"


@pytest.mark.parametrize("count", [100, 101])
async def test_an_inline_keyboard_holds_a_hundred_buttons(
    free_sandbox: SandboxProcess, http: httpx2.AsyncClient, count: int
) -> None:
    buttons = [{"text": "x", "callback_data": str(n)} for n in range(count)]
    rows = [buttons[at : at + 8] for at in range(0, count, 8)]
    body = {"chat_id": free_sandbox.started(), "text": "x", "reply_markup": {"inline_keyboard": rows}}
    assert (await http.post("sendMessage", json=body)).json()["ok"] == (count == 100)


async def test_what_is_just_within_the_limits_is_taken(
    free_sandbox: SandboxProcess, http: httpx2.AsyncClient
) -> None:
    anna = free_sandbox.started()
    photo = {"photo": ("a.png", b"\x89PNG", "image/png")}
    longest = {"chat_id": anna, "question": "x" * 300, "options": ["y" * 100] * 12}
    within = [
        await http.post("sendMessage", json={"chat_id": anna, "text": "я" * 4096}),
        await http.post("sendPhoto", data={"chat_id": anna, "caption": "я" * 1024}, files=photo),
        await http.post("sendPoll", json=longest),
        await http.post("setMyDescription", json={"description": "x" * 512}),
    ]
    assert [answer.json()["ok"] for answer in within] == [True] * 4


def errors_table() -> str:
    """The table as docs/sandbox.md shows it."""
    rows = ["| methods | when | answer | taken from |", "|---|---|---|---|"]
    for row in TABLE.values():
        said = f"{row.status} `{row.description.replace('{}', '…')}`"
        cells = (row.methods, row.when, said, row.source)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def test_the_page_shows_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.split(START)[1].split(END)[0].strip() == errors_table()


if __name__ == "__main__":
    written = Path(PAGE).read_text(encoding="utf-8")
    head, rest = written.split(START)
    PAGE.write_text(f"{head}{START}\n{errors_table()}\n{END}{rest.split(END)[1]}", encoding="utf-8")
