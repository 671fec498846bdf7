"""Formatted text: what a call carries becomes text with entities; and back into HTML for the page."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from bot.sandbox import errors, html_style, limits, markdown_style, old_markdown
from bot.sandbox.html_style import Entity, utf16_length

# What Telegram finds in plain text by itself. One expression: it runs over every message sent.
FOUND = re.compile(
    r"(?P<url>(?:https?|tg)://[^\s<>\"]+[^\s<>\".,;:!?)\]])"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?<![\w/])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?<!\w)(?P<mention>@[A-Za-z]\w{3,31})"
    r"|(?<!\w)(?P<hashtag>#\w*[^\W\d]\w*)"
)
HINTS = ("/", "@", "#")
TAGS = {
    "bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler",
    "code": "code",    "pre": "pre", "blockquote": "blockquote", "expandable_blockquote": "blockquote",
}  # fmt: skip


def found_entities(text: str) -> list[Entity]:
    """Links, commands, mentions, hashtags and addresses in plain text."""
    if not any(hint in text for hint in HINTS):
        return []
    found = []
    for match in FOUND.finditer(text):
        start, end = match.span()
        offset = utf16_length(text[:start])
        kind = str(match.lastgroup)
        found.append({"offset": offset, "length": utf16_length(text[start:end]), "type": kind})
    return found


def _with_found(text: str, entities: list[Entity]) -> list[Entity]:
    found = found_entities(text)
    if not entities:
        return found
    closed = [e for e in entities if e["type"] in ("code", "pre", "text_link")]
    for entity in found:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if all(end <= e["offset"] or start >= e["offset"] + e["length"] for e in closed):
            entities.append(entity)
    entities.sort(key=lambda e: (e["offset"], -e["length"]))
    return entities


def _given(text: str, entities: list[Any]) -> list[Entity]:
    """Entities the bot counted itself; those outside the text are refused."""
    length, kept = utf16_length(text), []
    for entity in entities:
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise errors.Refusal(errors.ENTITY_SHAPE)
        offset, size = entity.get("offset", -1), entity.get("length", -1)
        if offset < 0 or size < 0 or offset + size > length:
            raise errors.Refusal(errors.ENTITY_BOUNDS)
        if size:
            kept.append(dict(entity))
    return sorted(kept, key=lambda e: (e["offset"], -e["length"]))


def _parsed(raw: str, mode: str) -> tuple[str, list[Entity]]:
    lowered = mode.lower()
    if lowered == "html":
        return html_style.parse(raw)
    if lowered == "markdownv2":
        return markdown_style.parse(raw)
    if lowered == "markdown":
        return old_markdown.parse(raw)
    raise errors.Refusal(errors.PARSE_MODE)


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Telegram cuts white space off both ends and moves the entities."""
    stripped = text.strip()
    if stripped == text:
        return text, entities
    shift, length = utf16_length(text[: len(text) - len(text.lstrip())]), utf16_length(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] + entity["length"] - shift, length)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return stripped, kept


def read(raw: str, mode: str, given: list[Any] | None) -> tuple[str, list[Entity]]:
    """Text and entities of a call, as the person will get them."""
    if len(raw) > limits.TEXT_LIMIT * 2 and len(raw.encode()) > limits.RAW_TEXT_LIMIT_BYTES:
        raise errors.Refusal(errors.RAW_TEXT_TOO_LONG)
    if given:
        text, entities = raw, _given(raw, given)
    elif mode:
        text, entities = _parsed(raw, mode)
    else:
        text, entities = raw, []
    text, entities = _trimmed(text, entities)
    return text, _with_found(text, entities)


def as_html(text: str, entities: list[Entity]) -> str:
    """The text with its entities as tags, for the page and for whoever reads the chat."""
    units = text.encode("utf-16-le")
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for entity in sorted(entities, key=lambda e: (e["offset"], -e["length"])):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        before, after = _tags(entity, units[start * 2 : end * 2].decode("utf-16-le", "replace"))
        opens.setdefault(start, []).append(before)
        closes.setdefault(end, []).insert(0, after)
    edges = sorted({0, len(units) // 2, *opens, *closes})
    html = []
    for edge, following in zip(edges, [*edges[1:], edges[-1]], strict=True):
        html += closes.get(edge, [])
        html += opens.get(edge, [])
        html.append(escape(units[edge * 2 : following * 2].decode("utf-16-le", "replace"), quote=False))
    return "".join(html)


def _tags(entity: Entity, inside: str) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link" or kind == "url":
        return f'<a href="{escape(str(entity.get("url", inside)))}">', "</a>"
    if kind == "email":
        return f'<a href="mailto:{escape(inside)}">', "</a>"
    if kind == "bot_command":
        return '<a class="command">', "</a>"
    tag = TAGS.get(kind)
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")
