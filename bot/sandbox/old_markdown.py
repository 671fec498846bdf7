"""The first Markdown of Telegram, kept for old bots: no nesting, and a mark that is not ended is refused."""

from __future__ import annotations

from typing import Any

from bot.sandbox import errors
from bot.sandbox.html_style import Entity, looks_like_link, utf16_length

KINDS = {"_": "italic", "*": "bold", "`": "code", "```": "pre", "[": "text_link"}


def parse(source: str) -> tuple[str, list[Entity]]:
    """Plain text and its entities."""
    text, entities, at = "", list[Entity](), 0
    while at < len(source):
        if source[at] == "\\" and source[at + 1 : at + 2] in ("_", "*", "`", "["):
            text, at = text + source[at + 1], at + 2
        elif source[at] not in KINDS:
            text, at = text + source[at], at + 1
        else:
            inside, entity, at = _marked(source, at)
            if inside and entity:
                entities.append({"offset": utf16_length(text), "length": utf16_length(inside)} | entity)
            text += inside
    return text, entities


def _marked(source: str, at: int) -> tuple[str, dict[str, Any], int]:
    """The words between two marks, their entity, and where to go on."""
    mark = "```" if source.startswith("```", at) else source[at]
    closing = "]" if mark == "[" else mark
    end = source.find(closing, at + len(mark))
    if end < 0:
        raise errors.Refusal(errors.OLD_MARK_NEVER_ENDED, len(source[:at].encode()))
    inside, after = source[at + len(mark) : end], end + len(closing)
    if mark != "[":
        return inside, {"type": KINDS[mark]}, after
    close = source.find(")", after)
    if not source.startswith("(", after) or close < 0:
        return inside, {}, after
    url = source[after + 1 : close]
    return inside, {"type": "text_link", "url": url} if looks_like_link(url) else {}, close + 1
