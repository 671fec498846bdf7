"""Every refusal in Telegram's own words, one row a refusal."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.sandbox.process import SandboxProcess


def button(**fields: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "ok", **fields}]]}


def many(count: int, in_row: int) -> dict[str, Any]:
    keys = [{"text": "x", "callback_data": str(n)} for n in range(count)]
    return {"inline_keyboard": [keys[at : at + in_row] for at in range(0, count, in_row)]}


TEXTS = [
    ("", {}, "message text is empty"),
    ("   ", {}, "message text is empty"),
    ("<b></b>", {"parse_mode": "HTML"}, "message text is empty"),
    ("я" * 4097, {}, "message is too long"),
    (
        "<foo>x</foo>",
        {"parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "foo" at byte offset 0',
    ),
    (
        "Привет <foo>",
        {"parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "foo" at byte offset 13',
    ),
    (
        "<b>x",
        {"parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    (
        "<b><i>x</b></i>",
        {"parse_mode": "HTML"},
        'can\'t parse entities: Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    ("x</b>", {"parse_mode": "HTML"}, "can't parse entities: Unexpected end tag at byte offset 1"),
    ("1 < 2", {"parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag "" at byte offset 2'),
    (
        "a.b",
        {"parse_mode": "MarkdownV2"},
        "can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
    ),
    ("ok", {"reply_markup": button(callback_data="я" * 33)}, "BUTTON_DATA_INVALID"),
    ("ok", {"reply_markup": button(callback_data="")}, "BUTTON_DATA_INVALID"),
    (
        "ok",
        {"reply_markup": button()},
        "can't parse inline keyboard button: exactly one of the optional fields must be used",
    ),
    ("ok", {"reply_markup": many(104, 8)}, "reply markup is too long"),
    ("ok", {"reply_markup": many(9, 9)}, "reply markup is too long"),
    ("ok", {"reply_parameters": {"message_id": 999}}, "message to be replied not found"),
]


@pytest.mark.parametrize(("text", "more", "words"), TEXTS)
async def test_a_wrong_message_is_refused_in_telegrams_words(
    free_sandbox: SandboxProcess, http: httpx2.AsyncClient, text: str, more: dict[str, Any], words: str
) -> None:
    anna = free_sandbox.started()
    answer = await http.post("sendMessage", json={"chat_id": anna, "text": text, **more})
    assert answer.json() == {"ok": False, "error_code": 400, "description": f"Bad Request: {words}"}
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("act", "status", "words"),
    [
        ("block", 403, "Forbidden: bot was blocked by the user"),
        ("deactivate", 403, "Forbidden: user is deactivated"),
        (None, 403, "Forbidden: bot can't initiate conversation with a user"),
    ],
)
async def test_people_out_of_reach_are_told_apart(
    sandbox: SandboxProcess, http: httpx2.AsyncClient, act: str | None, status: int, words: str
) -> None:
    anna = sandbox.started() if act else sandbox.person()
    if act:
        sandbox.post(f"people/{anna}/{act}")
    answer = await http.post("sendMessage", json={"chat_id": anna, "text": "hello"})
    assert (answer.status_code, answer.json()["description"]) == (status, words)


async def test_a_chat_nobody_is_in_is_not_found(http: httpx2.AsyncClient) -> None:
    answer = await http.post("sendMessage", data={"chat_id": "77", "text": "hello"})
    assert answer.json()["description"] == "Bad Request: chat not found"


@pytest.mark.parametrize(
    ("token", "status", "words"),
    [("no-token", 404, "Not Found"), ("12:abc", 404, "Not Found"), ("777:revoked", 401, "Unauthorized")],
)
async def test_tokens_are_checked_before_anything_else(
    sandbox: SandboxProcess, token: str, status: int, words: str
) -> None:
    sandbox.post("token/revoke", {"token": "777:revoked"})
    async with httpx2.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{sandbox.url}/bot{token}/getMe")
    assert (answer.status_code, answer.json()["description"]) == (status, words)


async def test_an_edit_that_changes_nothing_is_refused(
    free_sandbox: SandboxProcess, http: httpx2.AsyncClient
) -> None:
    anna = free_sandbox.started()
    sent = (await http.post("sendMessage", json={"chat_id": anna, "text": "hello"})).json()["result"]
    same = {"chat_id": anna, "message_id": sent["message_id"], "text": "hello"}
    answer = await http.post("editMessageText", json=same)
    assert answer.json()["description"] == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly"
        " the same as a current content and reply markup of the message"
    )
    answer = await http.post("editMessageText", json=same | {"message_id": 999})
    assert answer.json()["description"] == "Bad Request: message to edit not found"


async def test_an_unknown_tap_is_too_old(http: httpx2.AsyncClient) -> None:
    answer = await http.post("answerCallbackQuery", json={"callback_query_id": "1"})
    words = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert answer.json()["description"] == words


async def test_a_caption_holds_1024_characters(
    free_sandbox: SandboxProcess, http: httpx2.AsyncClient
) -> None:
    anna = free_sandbox.started()
    photo = {"photo": ("a.png", b"\x89PNG", "image/png")}
    answer = await http.post("sendPhoto", data={"chat_id": anna, "caption": "я" * 1024}, files=photo)
    assert answer.json()["ok"]
    answer = await http.post("sendPhoto", data={"chat_id": anna, "caption": "я" * 1025}, files=photo)
    assert answer.json()["description"] == "Bad Request: message caption is too long"
