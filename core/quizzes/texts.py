"""Human text in a quiz file: plain, or one wording a language; Telegram's markup; `{{ name }}` pipes."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, ConfigDict, RootModel, model_validator

if TYPE_CHECKING:
    from collections.abc import Mapping

_CODES = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz
    ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln
    lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi
    pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti
    tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""  # ISO 639-1
LANGUAGES = frozenset(_CODES.split())
TAGS = frozenset({"b", "i", "u", "s", "strong", "em", "code", "pre", "a", "tg-spoiler", "blockquote"})
NAME_LIMIT = 64  # Telegram's own limit of a first name

_MARKUP = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>|<")
_PIPE = re.compile(
    r"\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\s*(?:\|\s*default:\s*\"([^\"{}]*)\"\s*)?\}\}"
)
_LINK = re.compile(r'\s+href="(?:https?://|tg://|mailto:)[^"<>]+"\s*')


def _language(code: str) -> str:
    if code and code not in LANGUAGES:
        remedy = "use a language's two letters: ru, en, de, …"
        if not code.isascii():  # {ru: Да, конечно}: the comma has ended the text
            remedy = "put a text with a comma into quotes"
        raise ValueError(f"unknown key `{code}`; {remedy}")
    return code


Language = Annotated[str, AfterValidator(_language)]


class Text(RootModel[dict[Language, str]]):
    """A text for people: one wording a language, or one for all of them (under the empty language).

    The first wording serves readers of a language that has none: in a quiz that is the quiz's first language.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"": value}
        if not isinstance(value, dict | Text):
            raise ValueError("this is not a text; write it in quotes, or as {ru: …, en: …}")
        return value

    @model_validator(mode="after")
    def _not_empty(self) -> Text:
        if not self.root or not all(word.strip() for word in self.root.values()):
            raise ValueError("this text is empty; write what people should read")
        return self

    @property
    def wordings(self) -> dict[str, str]:
        """Every wording by its language; "" stands for all languages."""
        return self.root

    def of(self, language: str) -> str:
        """Return the wording in a language, or the first there is."""
        return self.root.get(language) or next(iter(self.root.values()))

    def put_first(self, language: str) -> None:
        """Let the wording in this language, if there is one, serve readers of languages without their own."""
        if language in self.root and next(iter(self.root)) != language:
            rest = dict(self.root)
            self.root.clear()
            self.root.update({language: rest.pop(language), **rest})


def pipes(text: str) -> set[str]:
    """Return the names a text pipes in.

    >>> sorted(pipes('{{ first_name | default: "friend" }}, {{ city }}'))
    ['city', 'first_name']
    """
    return {match[1] for match in _PIPE.finditer(text)}


def bare_pipes(text: str) -> set[str]:
    """Return the names piped in without a default."""
    return {match[1] for match in _PIPE.finditer(text) if match[2] is None}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return HTML with every pipe replaced by the escaped value, or by its default where there is none."""
    return _PIPE.sub(lambda match: html.escape(values.get(match[1]) or match[2] or "", quote=False), text)


def visible(text: str) -> str:
    """Return HTML without its markup, as a person reads it."""
    return html.unescape(_MARKUP.sub("", text))


def visible_length(text: str) -> int:
    """Return how many characters a person sees: markup and pipes do not count."""
    return len(visible(_PIPE.sub("", text)))


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
