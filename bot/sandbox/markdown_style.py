"""MarkdownV2, the small part of it a bot of ours might use; what is reserved and not escaped is refused."""

from __future__ import annotations

from typing import Any

from bot.sandbox import errors
from bot.sandbox.html_style import Entity, utf16_length

RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
MARKS = {"__": "underline", "||": "spoiler", "_": "italic", "*": "bold", "~": "strikethrough", "`": "code"}
NAMES = {"_": "Italic", "__": "Underline", "*": "Bold", "~": "Strikethrough", "||": "Spoiler", "`": "Code"}


class _Reader:
    """One pass over one text."""

    def __init__(self, source: str) -> None:
        self.source, self.at, self.text = source, 0, ""
        self.open: list[tuple[str, int, int]] = []  # mark, offset in UTF-16, place in the source
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            self._step()
        if self.open:
            mark, _, place = self.open[-1]
            kind = NAMES.get(mark, "TextUrl")
            raise errors.Refusal(errors.MARK_NEVER_ENDED, kind, len(self.source[:place].encode()))
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return self.text, self.entities

    def _step(self) -> None:
        source, at = self.source, self.at
        in_code = bool(self.open) and self.open[-1][0] == "`"
        if source[at] == "\\" and at + 1 < len(source) and ord(source[at + 1]) < 127:
            self.text += source[at + 1]
            self.at += 2
            return
        mark = next((mark for mark in MARKS if source.startswith(mark, at)), "")
        if mark and (not in_code or mark == "`"):
            self._mark(mark)
        elif in_code or source[at] not in RESERVED:
            self.text += source[at]
            self.at += 1
        elif source[at] == "[":
            self.open.append(("[", utf16_length(self.text), at))
            self.at += 1
        elif source[at] == "]" and self.open and self.open[-1][0] == "[":
            self._link()
        else:
            raise errors.Refusal(errors.MARK_RESERVED, source[at])

    def _mark(self, mark: str) -> None:
        place, self.at = self.at, self.at + len(mark)
        if self.open and self.open[-1][0] == mark:
            _, offset, _ = self.open.pop()
            self._close(offset, {"type": MARKS[mark]})
        else:
            self.open.append((mark, utf16_length(self.text), place))

    def _link(self) -> None:
        _, offset, _ = self.open.pop()
        self.at += 1
        if not self.source.startswith("(", self.at):
            return
        end = self.source.find(")", self.at)
        if end < 0:
            raise errors.Refusal(errors.MARK_LINK, len(self.source[: self.at].encode()))
        self._close(offset, {"type": "text_link", "url": self.source[self.at + 1 : end]})
        self.at = end + 1

    def _close(self, offset: int, kind: dict[str, Any]) -> None:
        length = utf16_length(self.text) - offset
        if length:
            self.entities.append({"offset": offset, "length": length} | kind)


def parse(source: str) -> tuple[str, list[Entity]]:
    """Plain text and its entities."""
    return _Reader(source).read()
