"""Telegram's HTML: which tags it knows, and how long a text is once they are gone."""

from __future__ import annotations

import html
import re

# https://core.telegram.org/bots/api#html-style: tag → attributes it may carry
TAGS: dict[str, frozenset[str]] = {
    **{
        tag: frozenset()
        for tag in ("b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "pre")
    },
    "span": frozenset({"class"}),
    "a": frozenset({"href"}),
    "code": frozenset({"class"}),
    "blockquote": frozenset({"expandable"}),
    "tg-emoji": frozenset({"emoji-id"}),
}
ENTITIES = frozenset({"lt", "gt", "amp", "quot"})
_PIECE = re.compile(r"<(?P<tag>[^<>]*)>|(?P<open><)|&(?P<entity>#\d+|#x[0-9a-fA-F]+|\w+);", re.ASCII)
_TAG = re.compile(
    r"""(?P<close>/?)(?P<name>[a-zA-Z][\w-]*)(?P<rest>(?:\s+[\w-]+(?:=(?:"[^"]*"|'[^']*'|\S+))?)*)\s*"""
)
_ATTRIBUTE = re.compile(r"([\w-]+)(?:=|\s|$)")
_ANY_TAG = re.compile(r"<[^<>]*>")


def plain(text: str) -> str:
    """Return the text as a reader sees it: without tags, entities resolved."""
    return html.unescape(_ANY_TAG.sub("", text))


def fault(text: str) -> tuple[int, str] | None:
    """Return offset and sentence of the first thing Telegram would refuse, None if it is fine."""
    opened: list[tuple[str, int]] = []
    for piece in _PIECE.finditer(text):
        problem = _piece_fault(piece, opened)
        if problem is not None:
            return piece.start(), problem
    if opened:
        name, offset = opened[-1]
        return offset, f"the tag <{name}> is never closed; add </{name}>"
    return None


def _piece_fault(piece: re.Match[str], opened: list[tuple[str, int]]) -> str | None:
    if piece["open"]:
        return "a lone < must be written &lt;"
    if piece["entity"]:
        known = piece["entity"].startswith("#") or piece["entity"] in ENTITIES
        return None if known else f"Telegram does not know &{piece['entity']};: write the sign itself"
    tag = _TAG.fullmatch(piece["tag"])
    if tag is None:
        return f"<{piece['tag'][:20]}> is not a tag; a lone < must be written &lt;"
    name = tag["name"].lower()
    if name not in TAGS:
        return f"Telegram does not know the tag <{name}>; it knows {', '.join(sorted(TAGS))}"
    if tag["close"]:
        return _close(name, opened)
    strange = [found for found in _ATTRIBUTE.findall(_without_values(tag["rest"])) if found not in TAGS[name]]
    if strange:
        return f"the tag <{name}> cannot carry {strange[0]}"
    opened.append((name, piece.start()))
    return None


def _close(name: str, opened: list[tuple[str, int]]) -> str | None:
    if not opened:
        return f"</{name}> closes nothing"
    if opened[-1][0] != name:
        return f"</{name}> stands where </{opened[-1][0]}> is expected"
    opened.pop()
    return None


def _without_values(attributes: str) -> str:
    return re.sub(r"""=("[^"]*"|'[^']*'|\S+)""", "= ", attributes)
