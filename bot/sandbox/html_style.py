"""Telegram's HTML style: text with tags into plain text and entities, with Telegram's own complaints.

Walks the text as the official server does: complaints name the byte offset, entities count UTF-16 units.
"""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox import errors

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "span": "spoiler",
    "tg-spoiler": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7})));?")
SPECIAL = re.compile(r"[<&]")
TAG_NAME = re.compile(r"[^\s>]*")
ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']*")
BARE_VALUE = re.compile(r"[a-zA-Z0-9.-]+")
SPACE = re.compile(r"\s*")

Entity = dict[str, Any]


def utf16_length(text: str) -> int:
    """The length Telegram counts entities in."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def unescape(text: str) -> str:
    """Resolve the few references Telegram knows; all others stay as they are."""
    return REFERENCE.sub(_resolve, text) if "&" in text else text


def _resolve(match: re.Match[str]) -> str:
    name, hexadecimal, decimal = match.groups()
    if name:
        return NAMED[name]
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else match.group()


class _Reader:
    """One pass over one text."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.length = 0
        self.open: list[
            tuple[str, int, int, dict[str, str]]
        ] = []  # tag, offset, index of its text, attributes
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        source = self.source
        while (found := SPECIAL.search(source, self.at)) is not None:
            self._add(source[self.at : found.start()])
            self.at = found.start()
            if source[self.at] == "&":
                self._reference()
            elif source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        self._add(source[self.at :])
        if self.open:
            tag = self.open[-1][0]
            raise errors.Refusal(errors.TAG_NEVER_ENDED, tag)
        return "".join(self.parts), self.entities

    def _add(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += utf16_length(text)

    def _refusal(self, row: errors.Row, at: int, *details: str) -> errors.Refusal:
        return errors.Refusal(row, *details, len(self.source[:at].encode()))

    def _reference(self) -> None:
        match = REFERENCE.match(self.source, self.at)
        self._add(_resolve(match) if match else "&")
        self.at = match.end() if match else self.at + 1

    def _start_tag(self) -> None:
        begin = self.at
        name = TAG_NAME.match(self.source, begin + 1)
        tag = name.group().lower() if name else ""
        self.at = begin + 1 + len(tag)
        if self.at >= len(self.source):
            raise self._refusal(errors.TAG_CUT, begin)
        if tag not in KINDS:
            raise self._refusal(errors.TAG_UNKNOWN, begin, tag)
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._refusal(errors.SPAN_CLASS, begin)
        self.open.append((tag, self.length, len(self.parts), attributes))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        source, found = self.source, dict[str, str]()
        while True:
            self.at = self._skip_space(self.at)
            if self.at >= len(source):
                raise self._refusal(errors.TAG_UNCLOSED, begin, tag)
            if source[self.at] == ">":
                self.at += 1
                return found
            name = ATTRIBUTE_NAME.match(source, self.at)
            if not name or not name.group():
                raise self._refusal(errors.ATTRIBUTE_NAME, begin, tag)
            self.at = self._skip_space(name.end())
            if not source.startswith("=", self.at):
                found[name.group().lower()] = ""
                continue
            self.at = self._skip_space(self.at + 1)
            found[name.group().lower()] = self._value(tag, begin)

    def _value(self, tag: str, begin: int) -> str:
        quote = self.source[self.at : self.at + 1]
        if quote in ("'", '"'):
            end = self.source.find(quote, self.at + 1)
            if end < 0:
                raise self._refusal(errors.TAG_UNCLOSED, begin, tag)
            value, self.at = self.source[self.at + 1 : end], end + 1
            return unescape(value)
        bare = BARE_VALUE.match(self.source, self.at)
        if bare is None:
            raise self._refusal(errors.ATTRIBUTE_VALUE, self.at)
        self.at = bare.end()
        return bare.group().lower()

    def _skip_space(self, at: int) -> int:
        match = SPACE.match(self.source, at)
        return match.end() if match else at

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self._refusal(errors.TAG_UNEXPECTED_END, begin)
        name = TAG_NAME.match(self.source, begin + 2)
        found = name.group().lower() if name else ""
        end = self._skip_space(begin + 2 + len(found))
        if not self.source.startswith(">", end):
            raise self._refusal(errors.TAG_END_CUT, begin)
        tag, offset, first_part, attributes = self.open.pop()
        if found and found != tag:
            place = len(self.source[:begin].encode())
            raise errors.Refusal(errors.TAG_UNMATCHED, place, tag, found)
        self.at = end + 1
        if self.length > offset:
            inside = "".join(self.parts[first_part:])
            self._close(tag, offset, attributes, inside)

    def _close(self, tag: str, offset: int, attributes: dict[str, str], inside: str) -> None:
        entity: Entity = {"offset": offset, "length": self.length - offset, "type": KINDS[tag]}
        if tag == "a":
            entity["url"] = attributes.get("href") or inside
            if not looks_like_link(entity["url"]):
                return  # Telegram drops the link and keeps its words
        elif tag == "tg-emoji":
            entity["custom_emoji_id"] = attributes.get("emoji-id", "")
            if not entity["custom_emoji_id"].isdecimal():
                raise errors.Refusal(errors.CUSTOM_EMOJI)
        elif tag == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif tag == "code" and attributes.get("class", "").startswith("language-"):
            entity["language"] = attributes["class"][9:]
        elif tag == "pre":
            self._take_language(entity)
        self.entities.append(entity)

    def _take_language(self, pre: Entity) -> None:
        """<pre><code class="language-x"> is one entity."""
        code = self.entities[-1] if self.entities else {}
        same_place = (code.get("offset"), code.get("length")) == (pre["offset"], pre["length"])
        if code.get("type") == "code" and same_place:
            self.entities.pop()
            if "language" in code:
                pre["language"] = code["language"]


LINK = re.compile(
    r"(?:(?:https?|tg|ton|tonsite)://|mailto:|tel:)\S+|[^\s:/]+\.[^\s:/]+(?:[:/]\S*)?", re.IGNORECASE
)


def looks_like_link(url: str) -> bool:
    """Whether Telegram would take it for a link: a scheme it knows, or a name with a dot in it."""
    return LINK.fullmatch(url) is not None


def parse(source: str) -> tuple[str, list[Entity]]:
    """Plain text and its entities, sorted as Telegram sorts them; refuses what Telegram refuses."""
    if "<" not in source and "&" not in source:
        return source, []
    text, entities = _Reader(source).read()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, entities
