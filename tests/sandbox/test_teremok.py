"""The same calls judged twice: by the sandbox over HTTP and by teremok, which follows the same documents.

Where the two differ, DIFFERENCES says how and who is right by the fact sheet (`reference/telegram.md`).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, SendPhoto, TelegramMethod
from aiogram.types import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MessageEntity,
    ReplyKeyboardMarkup,
)
from teremok.validation import ApiRuleViolation, validate_method

from tests.sandbox import small_bot
from tests.sandbox.process import SandboxProcess

TAKEN = "taken"
MANY = 101


def html(text: str) -> dict[str, Any]:
    return {"text": text, "parse_mode": "HTML"}


def mark(text: str, mode: str = "MarkdownV2") -> dict[str, Any]:
    return {"text": text, "parse_mode": mode}


def keys(*buttons: dict[str, Any]) -> dict[str, Any]:
    made = [[InlineKeyboardButton(**({"text": "ok"} | button))] for button in buttons]
    return {"text": "ok", "reply_markup": InlineKeyboardMarkup(inline_keyboard=made)}


def reply_keys(count: int) -> dict[str, Any]:
    row = [KeyboardButton(text="x")] * count
    return {"text": "ok", "reply_markup": ReplyKeyboardMarkup(keyboard=[row])}


def entity(offset: int, length: int) -> dict[str, Any]:
    return {"text": "ok 🙂", "entities": [MessageEntity(type="bold", offset=offset, length=length)]}


SENT: dict[str, dict[str, Any]] = {
    "plain": {"text": "hello"},
    "no text": {"text": ""},
    "only spaces": {"text": "   "},
    "4096 letters": {"text": "я" * 4096},
    "4097 letters": {"text": "я" * 4097},
    "4096 emoji": {"text": "🙂" * 4096},
    "4096 letters and tags": html(f"<b>{'я' * 4096}</b>"),
    "5000 letters and tags": html(f"<b>{'я' * 5000}</b>"),
    "nested tags": html("<b>a<i>b<u>c</u></i></b>"),
    "every tag": html(
        "<strong>1</strong><em>2</em><ins>3</ins><strike>4</strike><del>5</del><code>6</code><s>7</s>"
    ),
    "pre with a language": html('<pre><code class="language-python">x</code></pre>'),
    "quotes": html("<blockquote>a</blockquote><blockquote expandable>b</blockquote>"),
    "spoilers": html('<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>'),
    "link": html('<a href="https://example.com/?a=1&amp;b=2">x</a>'),
    "link without an address": html("<a>example</a>"),
    "custom emoji": html('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>'),
    "custom emoji without a number": html("<tg-emoji>👍</tg-emoji>"),
    "named references": html("a &lt; b &amp; c &gt; d &quot;"),
    "numbered references": html("&#33; &#x21;"),
    "unknown reference": html("a&nbsp;b"),
    "lone ampersand": html("fish & chips"),
    "lone bracket": html("1 < 2"),
    "bracket before a letter": html("a<b and c"),
    "bracket at the end": html("a <"),
    "never ended": html("<b>a"),
    "ended too early": html("a</b>"),
    "wrong order": html("<b><i>a</b></i>"),
    "unknown tag": html("<foo>a</foo>"),
    "paragraph": html("<p>a</p>"),
    "line break": html("a<br>b"),
    "heading": html("<h1>a</h1>"),
    "comment": html("<!-- a -->b"),
    "script": html("<script>alert(1)</script>"),
    "unknown attribute": html('<b class="x">a</b>'),
    "span of another class": html('<span class="big">a</span>'),
    "span without a class": html("<span>a</span>"),
    "capital letters": html("<B>a</B>"),
    "unknown end tag": html("<b>a</foo>"),
    "empty tags": html("<b></b>"),
    "tags in plain text": {"text": "<b>a"},
    "unknown mode": mark("a", "BBCode"),
    "markdown": mark("*a* _b_ `c` [d](https://example.com)"),
    "markdown, reserved": mark("a.b"),
    "markdown, escaped": mark("a\\.b\\!"),
    "markdown, never ended": mark("*a"),
    "markdown of old": mark("*a* _b_", "Markdown"),
    "entity within": entity(0, 5),
    "entity outside": entity(0, 6),
    "entity before": entity(-1, 2),
    "data of 64 bytes": keys({"callback_data": "x" * 64}),
    "data of 65 bytes": keys({"callback_data": "x" * 65}),
    "data of 33 Russian letters": keys({"callback_data": "я" * 33}),
    "empty data": keys({"callback_data": ""}),
    "button that does nothing": keys({}),
    "button that does two things": keys({"callback_data": "x", "url": "https://example.com"}),
    "link button": keys({"url": "https://example.com"}),
    "link button without a link": keys({"url": "no link"}),
    "copy button": keys({"copy_text": CopyTextButton(text="x")}),
    "copy button of 257 letters": keys({"copy_text": CopyTextButton(text="x" * 257)}),
    "button without words": keys({"text": "", "callback_data": "x"}),
    "too many buttons": keys(*[{"callback_data": "x"}] * MANY),
    "reply keyboard": reply_keys(12),
    "reply keyboard, too wide": reply_keys(13),
}
CAPTIONS: dict[str, dict[str, Any]] = {
    "caption of 1024": {"caption": "я" * 1024},
    "caption of 1025": {"caption": "я" * 1025},
    "caption, never ended": {"caption": "<b>a", "parse_mode": "HTML"},
    "caption, data of 65 bytes": {"reply_markup": keys({"callback_data": "x" * 65})["reply_markup"]},
}
OTHERS: dict[str, TelegramMethod[Any]] = {
    "answer of 201": AnswerCallbackQuery(callback_query_id="1", text="x" * 201),
}
ENTITIES = "can't parse entities: "
WORDS = "Both refuse; these are the words of the server, teremok has its own."
# what the sandbox says, what teremok says, who is right and why
DIFFERENCES: dict[str, tuple[str, str, str]] = {
    "only spaces": (
        "message text is empty", TAKEN,
        "Sandbox: §3 counts the text after parsing, and the server cuts white space off both ends.",
    ),
    "empty tags": ("message text is empty", TAKEN, "Sandbox: §3 the text is 1-4096 after entity parsing."),
    "4096 emoji": (
        TAKEN, "message is too long",
        "Sandbox: §3 'TDLib counts Unicode code points for the text limit'; teremok counts UTF-16 units.",
    ),
    "4096 letters and tags": (
        TAKEN, "message is too long", "Sandbox: §3 'Text 1-4096 after entity parsing', not before.",
    ),
    "link without an address": (
        TAKEN, f'{ENTITIES}Tag "a" must have attribute "href"',
        "Sandbox: the server takes the words for the address and drops the link if they are none.",
    ),
    "custom emoji without a number": (
        f"{ENTITIES}Invalid custom emoji identifier specified",
        f'{ENTITIES}Tag "tg-emoji" must have attribute "emoji-id"', WORDS,
    ),
    "unknown reference": (
        TAKEN, f"{ENTITIES}Unexpected character '&' (escape it as &amp;)",
        "Sandbox: the server leaves a reference it does not know as it stands.",
    ),
    "lone ampersand": (
        TAKEN, f"{ENTITIES}Unexpected character '&' (escape it as &amp;)",
        "Sandbox: the server leaves a lone & as it stands; names like 'M & M' are sent.",
    ),
    "lone bracket": (
        f'{ENTITIES}Unsupported start tag ""', f'{ENTITIES}Unsupported start tag " 2"', WORDS,
    ),
    "bracket before a letter": (
        f'{ENTITIES}Unclosed start tag "b"', f'{ENTITIES}Unsupported start tag "b and c"', WORDS,
    ),
    "bracket at the end": (
        f"{ENTITIES}Unclosed start tag", f'{ENTITIES}Unsupported start tag "<"', WORDS,
    ),
    "ended too early": (f"{ENTITIES}Unexpected end tag", f'{ENTITIES}Unmatched end tag "b"', WORDS),
    "wrong order": (
        f'{ENTITIES}Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        f'{ENTITIES}Unmatched end tag "b"', WORDS,
    ),
    "unknown end tag": (
        f'{ENTITIES}Unmatched end tag at byte offset 4, expected "</b>", found "</foo>"',
        f'{ENTITIES}Unsupported start tag "foo"', WORDS,
    ),
    "comment": (
        f'{ENTITIES}Unsupported start tag "!--"', f'{ENTITIES}Unsupported start tag "!-- a --"', WORDS,
    ),
    "unknown attribute": (
        TAKEN, f'{ENTITIES}Unsupported attribute "class" in tag "b"',
        "Sandbox: the server passes over attributes it does not know.",
    ),
    "unknown mode": ("unsupported parse_mode", TAKEN, "Sandbox: teremok looks only at modes it knows."),
    "markdown, never ended": (
        f"{ENTITIES}Can't find end of Bold entity", f"{ENTITIES}Can't find end of * entity", WORDS,
    ),
    "link button without a link": (
        "BUTTON_URL_INVALID", TAKEN, "Sandbox: §2 'BUTTON_*_INVALID'; teremok does not look at addresses.",
    ),
    "copy button of 257 letters": (
        "BUTTON_COPY_TEXT_INVALID", TAKEN, "Sandbox: §3 'copy_text button 1-256 chars'; teremok does not.",
    ),
    "button without words": (
        "can't parse inline keyboard button: field \"text\" must be of type String and not empty", TAKEN,
        "Sandbox: the server wants words on every button; teremok looks only at what it does.",
    ),
    "too many buttons": (
        "reply markup is too long", TAKEN,
        "Sandbox: §3 'Inline keyboard: ≤ 100 buttons'; teremok does not.",
    ),
    "reply keyboard, too wide": (
        "reply markup is too long", TAKEN, "Sandbox: §3 'reply keyboard ≤ 300/12'; teremok does not.",
    ),
    "caption of 1025": (
        "message caption is too long", "media caption is too long",
        "Sandbox: §2 'message caption is too long'.",
    ),
}  # fmt: skip
CASES = [*SENT, *(f"edit: {name}" for name in SENT if "keyboard" not in name), *CAPTIONS, *OTHERS]


def method(name: str, chat_id: int, message_id: int, photo: str) -> TelegramMethod[Any]:
    if name in OTHERS:
        return OTHERS[name]
    if name in CAPTIONS:
        return SendPhoto(chat_id=chat_id, photo=photo, **CAPTIONS[name])
    if name.startswith("edit: "):
        given = SENT[name.removeprefix("edit: ")]
        return EditMessageText(chat_id=chat_id, message_id=message_id, **given)
    return SendMessage(chat_id=chat_id, **SENT[name])


def of_teremok(bot: Bot, call: TelegramMethod[Any]) -> str:
    try:
        validate_method(bot, call)
    except ApiRuleViolation as refusal:
        return refusal.description.removeprefix("Bad Request: ")
    return TAKEN


async def of_sandbox(bot: Bot, call: TelegramMethod[Any]) -> str:
    try:
        await bot(call)
    except TelegramBadRequest as refusal:
        words = refusal.message.partition("Bad Request: ")[2]
        # teremok does not count bytes; that the place is right is for test_errors
        return re.sub(r" at byte offset \d+$", "", words)
    return TAKEN


@pytest.fixture
async def bot(free_sandbox: SandboxProcess) -> AsyncIterator[Bot]:
    bot = small_bot.connect(free_sandbox.url)
    yield bot
    await bot.session.close()


async def test_every_call_is_judged_as_teremok_judges_it(free_sandbox: SandboxProcess, bot: Bot) -> None:
    anna = free_sandbox.started()
    free_sandbox.post(f"people/{anna}/photo")
    photo = free_sandbox.get(f"chats/{anna}")["messages"][-1]["media"]["url"].rpartition("/")[2]
    found = {}
    for name in CASES:
        message_id = (await bot.send_message(anna, "before")).message_id
        call = method(name, anna, message_id, photo)
        ours, theirs = await of_sandbox(bot, call), of_teremok(bot, call)
        if ours != theirs:
            found[name.removeprefix("edit: ")] = (ours, theirs)
    assert found == {name: row[:2] for name, row in DIFFERENCES.items()}


def test_every_difference_has_a_reason_and_enough_is_compared() -> None:
    assert len(SENT) + len(CAPTIONS) + len(OTHERS) >= 60
    assert all(len(why) > 20 for _, _, why in DIFFERENCES.values())
