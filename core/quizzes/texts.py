"""Human text in a quiz file: plain, or one wording a language; Telegram's markup; `{{ name }}` pipes."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["ru", "en"]
TAGS = frozenset({"b", "i", "u", "s", "strong", "em", "code", "pre", "a", "tg-spoiler", "blockquote"})
NAME_LIMIT = 64  # Telegram's own limit of a first name

_MARKUP = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>|<")
_PIPE = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*(?:\|\s*default:\s*\"([^\"{}]*)\"\s*)?\}\}")
_LINK = re.compile(r'\s+href="(?:https?://|tg://|mailto:)[^"<>]+"\s*')


class Text(BaseModel):
    """A text for people: the same in every language (`plain`), or one wording a language."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    plain: str | None = None
    ru: str | None = None
    en: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"plain": value}
        if not isinstance(value, dict | Text):
            raise ValueError("this is not a text; write it in quotes, or as {ru: …, en: …}")
        return value

    @model_validator(mode="after")
    def _not_empty(self) -> Text:
        if not self.wordings or not all(word.strip() for word in self.wordings.values()):
            raise ValueError("this text is empty; write what people should read")
        return self

    @property
    def wordings(self) -> dict[str, str]:
        """Every wording by its language; "" stands for all languages."""
        named = {"": self.plain, "ru": self.ru, "en": self.en}
        return {language: word for language, word in named.items() if word is not None}

    def of(self, language: str) -> str:
        """Return the wording in a language, or the first there is."""
        words = self.wordings
        return words.get(language) or words.get("") or next(iter(words.values()))


def pipes(text: str) -> set[str]:
    """Return the names a text pipes in.

    >>> sorted(pipes('{{ first_name | default: "friend" }}, {{ city }}'))
    ['city', 'first_name']
    """
    return {match[1] for match in _PIPE.finditer(text)}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return HTML with every pipe replaced by the escaped value, or by its default where there is none."""
    return _PIPE.sub(lambda match: html.escape(values.get(match[1]) or match[2] or "", quote=False), text)


def visible_length(text: str) -> int:
    """Return how many characters a person sees: markup and pipes do not count."""
    return len(html.unescape(_MARKUP.sub("", _PIPE.sub("", text))))


def markup_fault(text: str) -> str | None:
    """Return what Telegram would refuse in the markup of a text, or None.

    >>> markup_fault("2 < 3")
    'a bare `<`; write `&lt;`'
    >>> markup_fault("<b>yes</b>")
    """
    unread = _PIPE.sub("", text)
    if "{{" in unread or "}}" in unread:
        return 'a pipe that cannot be read; write `{{ first_name }}` or `{{ city | default: "…" }}`'
    opened: list[str] = []
    for closing, name, rest in _MARKUP.findall(unread):
        fault = _tag_fault(bool(closing), name, rest, opened)
        if fault:
            return fault
    return f"`<{opened[-1]}>` is never closed; add `</{opened[-1]}>`" if opened else None


def _tag_fault(closing: bool, name: str, rest: str, opened: list[str]) -> str | None:
    if not name:
        return "a bare `<`; write `&lt;`"
    if name not in TAGS:
        return f"Telegram knows no tag `<{name}>`; use {', '.join(sorted(TAGS))}, or write `&lt;` for a `<`"
    if not closing:
        if not (_LINK.fullmatch(rest) if name == "a" else not rest.strip()):
            return (
                f'`<{name}{rest}>` is not understood; only `<a href="https://…">` may have more than a name'
            )
        opened.append(name)
        return None
    if not opened or opened.pop() != name:
        return f"`</{name}>` closes what is not open; put the tags in pairs"
    return None
