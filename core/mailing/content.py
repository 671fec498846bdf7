"""Content: the text of a letter with its personal parts, checked before anything can be scheduled.

Personal parts are Liquid: `{{ first_name | default: "друг" }}`, `{{ attributes.city }}`,
`{% if quiz.entry.role == "owner" %}…{% endif %}`.
Every value is escaped; templates cannot loop without end, read files or grow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from liquid import Environment
from liquid.exceptions import LiquidError

from core.errors import KvizorError
from core.mailing import markup
from core.mailing.messenger import Button, Kind, Poll

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liquid.template import BoundTemplate

CAPTION_LIMIT = 1024
LIMITS: dict[Kind, tuple[str, int]] = {"text": ("text", 4096), "poll": ("question", 300)}
OPTIONS_LIMIT, OPTION_LIMIT = 12, 100
STOP_LABELS = {"ru": "Больше не присылать", "en": "Stop these messages"}
LEAVE_LABELS = {"ru": "Не присылать о «{}»", "en": "No more about “{}”"}
LANGUAGES = tuple(STOP_LABELS)
_ACTION = re.compile(r"[a-z0-9_.-]{1,40}")  # `quiz.` and an id of 32; 64 bytes with the delivery
_LINK = re.compile(r"(?:https?://|tg://)\S+")
_TAGS = {
    "#",
    "content",
    "output",
    "comment",
    "if",
    "unless",
    "case",
    "assign",
    "for",
    "break",
    "continue",
    "illegal",
}
_FILTERS = frozenset(
    [
        "append",
        "at_least",
        "at_most",
        "capitalize",
        "ceil",
        "default",
        "divided_by",
        "downcase",
        "escape",
        "first",
        "floor",
        "join",
        "last",
        "minus",
        "modulo",
        "plus",
        "prepend",
        "remove",
        "replace",
        "round",
        "size",
        "split",
        "strip",
        "times",
        "truncate",
        "truncatewords",
        "upcase",
    ]
)


class ContentError(KvizorError):
    """A letter cannot be sent as it is written; the message says where and what to change."""


class _Limited(Environment):
    output_stream_limit = 32_768
    loop_iteration_limit = 500
    context_depth_limit = 10
    local_namespace_limit = 1_000


def _environment() -> Environment:
    environment = _Limited(autoescape=True)
    environment.tags = {name: tag for name, tag in environment.tags.items() if name in _TAGS}
    environment.filters = {name: made for name, made in environment.filters.items() if name in _FILTERS}
    return environment


_LIQUID = _environment()


@dataclass(frozen=True, slots=True)
class Reader:
    """The person a letter is made for, as far as templates may know him."""

    first_name: str = ""
    last_name: str = ""
    username: str = ""
    language: str = "ru"
    attributes: Mapping[str, str] | None = None
    quiz: Mapping[str, Mapping[str, str]] | None = None
    promo: str = ""  # his own code and its last day, where the letter of a series asks for one
    promo_until: str = ""


class Template:
    """A text parsed once. `attributes` and `quiz` name what must be read for each person before rendering."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._parsed = _parse(text)
        self.is_plain = "{{" not in text and "{%" not in text
        found = {} if self.is_plain else self._parsed.analyze().globals
        self.asks_promo = not {"promo", "promo_until"}.isdisjoint(found)
        paths = [variable.segments for uses in found.values() for variable in uses]
        self.attributes = frozenset(
            str(path[1]) for path in paths if path[0] == "attributes" and len(path) > 1
        )
        self.quiz = frozenset(
            (str(path[1]), str(path[2])) for path in paths if path[0] == "quiz" and len(path) > 2
        )

    def render(self, reader: Reader) -> str:
        """Return the personal text as HTML; raises ContentError when it cannot be made."""
        if self.is_plain:
            return self._text
        try:
            return self._parsed.render(
                first_name=reader.first_name,
                last_name=reader.last_name,
                username=reader.username,
                language=reader.language,
                promo=reader.promo,
                promo_until=reader.promo_until,
                attributes=reader.attributes or {},
                quiz=reader.quiz or {},
            )
        except LiquidError as error:
            raise ContentError(_where(error)) from None


@lru_cache(maxsize=512)
def template(text: str) -> Template:
    """Parse a text, once; raises ContentError with line and column."""
    return Template(text)


def _parse(text: str) -> BoundTemplate:
    try:
        return _LIQUID.from_string(text)
    except LiquidError as error:
        raise ContentError(_where(error)) from None


def _where(error: LiquidError) -> str:
    """Say what is wrong with a template, with line and column where Liquid knows them."""
    words = str(error).splitlines()[0]
    token = error.token
    if token is None or token.start_index < 0:
        return f"The text: {words}."
    return f"The text, {_place(token.source, token.start_index)}: {words}."


def _place(text: str, offset: int) -> str:
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return f"line {line}, column {column}"


# People a text is tried on: without a name, with every sign a name may hold, with a very long name.
SAMPLES: tuple[Reader, ...] = (
    Reader(),
    Reader(first_name="Анна", last_name="Ёжикова", username="anna", attributes={}, quiz={}),
    Reader(first_name='<b>&"Боб"', last_name="</a>", username="bob", language="en"),
    Reader(first_name="Ж" * 64, last_name="Щ" * 64, username="x" * 32),
)


def check(text: str, kind: Kind = "text") -> None:
    """Try the text on sample people; raises ContentError with the place of the first thing to mend."""
    if kind == "video_note" and text.strip():
        raise ContentError("A round video carries no words; send them as a letter of their own.")
    what, limit = LIMITS.get(kind, ("caption", CAPTION_LIMIT))
    parsed = template(text)
    for reader in SAMPLES:
        rendered = parsed.render(_with_values(parsed, reader))
        found = markup.fault(rendered)
        if found is not None:
            place = f", {_place(rendered, found[0])}" if parsed.is_plain or rendered == text else ""
            raise ContentError(f"The text{place}: {found[1]}.")
        length = len(markup.plain(rendered))
        if length > limit:
            raise ContentError(f"The {what} is {length} characters long, Telegram takes {limit}; shorten it.")
        if kind in LIMITS and not markup.plain(rendered).strip():
            raise ContentError(
                f"The text is empty for a reader named {reader.first_name or 'nothing'!r}; add words."
            )


def check_poll(poll: Poll) -> None:
    """Raise ContentError unless Telegram would take these options."""
    if not 1 <= len(poll.options) <= OPTIONS_LIMIT:
        raise ContentError(f"The poll has {len(poll.options)} options, Telegram takes 1–{OPTIONS_LIMIT}.")
    for number, option in enumerate(poll.options, 1):
        if not 1 <= len(option.strip()) <= OPTION_LIMIT:
            raise ContentError(f"The poll, option {number}: it must be 1–{OPTION_LIMIT} characters long.")


def _with_values(parsed: Template, reader: Reader) -> Reader:
    """A sample reader with every attribute and answer the text asks for, or with none of them."""
    if not reader.first_name:
        return reader
    quiz: dict[str, dict[str, str]] = {}
    for name, question in parsed.quiz:
        quiz.setdefault(name, {})[question] = reader.first_name
    return Reader(
        reader.first_name, reader.last_name, reader.username, reader.language,
        dict.fromkeys(parsed.attributes, reader.first_name), quiz, "ABCD1234", "31.12.2026",
    )  # fmt: skip


def check_buttons(rows: Sequence[Sequence[Mapping[str, Any]]]) -> tuple[tuple[Button, ...], ...]:
    """Read rows of {"text", "url"} or {"text", "action"}; raises ContentError naming row and button."""
    if sum(len(row) for row in rows) > 99:
        raise ContentError("The buttons: there are more than 99; Telegram takes no more.")
    return tuple(
        tuple(_button(button, f"row {y}, button {x}") for x, button in enumerate(row, 1))
        for y, row in enumerate(rows, 1)
    )


def _button(given: Mapping[str, Any], place: str) -> Button:
    text, url, action = str(given.get("text", "")).strip(), given.get("url"), given.get("action")
    if not 1 <= len(text) <= 64:
        raise ContentError(f"The buttons, {place}: the words must be 1–64 characters long.")
    if (url is None) == (action is None):
        raise ContentError(f"The buttons, {place}: give it either a url or an action.")
    if url is not None and not _LINK.fullmatch(str(url)):
        raise ContentError(f"The buttons, {place}: {url!r} is not a link; begin it with https://.")
    if action is not None and not _ACTION.fullmatch(str(action)):
        raise ContentError(
            f"The buttons, {place}: the action {action!r} may hold a–z, 0–9, dot, dash, underscore: 1–40."
        )
    return Button(text, None if url is None else str(url), None if action is None else str(action))
