"""A letter taken from the owner's own message: its words, its file, the links below them as buttons."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from aiogram.filters import BaseFilter

from bot.admin.imports import is_table
from core.mailing import teasers
from core.mailing.letters import Words
from core.mailing.messenger import KINDS, Poll

if TYPE_CHECKING:
    from aiogram.types import Message

    from core.mailing.messenger import Kind

# The last lines may be buttons, one line a row: `[Записаться | https://…]`, two on a line for two in a row.
_BUTTON = r"\[[ \t]*([^\[\]|<>\n]+?)[ \t]*\|[ \t]*((?:https?|tg)://[^\s\[\]<>]+?)[ \t]*\]"
_BUTTONS_END = re.compile(rf"(?:(?:\A|\n)[ \t]*{_BUTTON}(?:[ \t]*{_BUTTON})*[ \t]*)+\s*\Z")
_ONE = re.compile(_BUTTON)
_QUIZ = re.compile(r"\.ya?ml$", re.IGNORECASE)


class IsLetter(BaseFilter):
    """The message is of a kind a letter can have. A table or a quiz is a file for the bot itself."""

    async def __call__(self, message: Message) -> bool:
        """Say whether `words_of` can read it."""
        document = message.document
        if document is not None and (is_table(document) or _QUIZ.search(document.file_name or "")):
            return False
        return kind_of(message) is not None


def kind_of(message: Message) -> Kind | None:
    """Return the kind of letter a message would be, None where it can be none."""
    if message.poll is not None and message.poll.type != "regular":
        return None
    return next((kind for kind in KINDS if getattr(message, kind)), None)


def words_of(message: Message) -> Words:
    """Return what the owner sent as the words of a letter. Raises ValueError where it is of no such kind."""
    kind = kind_of(message)
    if kind is None:
        raise ValueError("a message of this kind is no letter")
    if message.poll is not None:
        options = tuple(option.text for option in message.poll.options)
        question = html.escape(message.poll.question, quote=False)
        return Words(question, kind, poll=Poll(options, message.poll.allows_multiple_answers))
    text, buttons = parted(message.html_text if message.text or message.caption else "")
    more: str | None = None
    if (found := teasers.torn(text)) is not None:
        text, label, more = found
        buttons = [[{"text": label, "action": teasers.CODE}], *buttons]
    file: Any = getattr(message, kind)
    if kind == "text":
        return Words(text, buttons=buttons, more=more)
    file_id = (file[-1] if kind == "photo" else file).file_id
    return Words(text, kind, file_id=file_id, buttons=buttons, more=more)


def parted(text: str) -> tuple[str, list[list[dict[str, str]]]]:
    """Return the words of a letter and the buttons at their end.

    >>> parted("Ждём вас!\\n[Записаться | https://a.b/?x=1&amp;y=2]")
    ('Ждём вас!', [[{'text': 'Записаться', 'url': 'https://a.b/?x=1&y=2'}]])
    """
    found = _BUTTONS_END.search(text)
    if found is None:
        return text, []
    rows = [
        [{"text": html.unescape(one[1]), "url": html.unescape(one[2])} for one in _ONE.finditer(line)]
        for line in found[0].strip().splitlines()
    ]
    return text[: found.start()].rstrip(), rows
