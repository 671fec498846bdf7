"""Every sentence a person reads: Fluent files in bot/locales, one folder a language."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

from fluent.runtime import FluentBundle, FluentResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.words import Language

LOCALES = Path(__file__).parent / "locales"
LANGUAGES: tuple[Language, ...] = ("ru", "en")
_LONGEST_PART = 900  # characters: Fluent refuses a value of more than 1000
_SLOT = re.compile("\ue000(\\d+)\ue001")  # characters for private use, which no sentence has


class Html(str):
    """A text that is markup already: `say` passes it through instead of escaping it."""

    __slots__ = ()


class Say:
    """Speaks one language: `say("welcome", name="Анна")`; plain strings are escaped for Telegram's HTML."""

    def __init__(self, language: Language, bundle: FluentBundle) -> None:
        self.language = language
        self._bundle = bundle

    def __call__(self, key: str, **values: str | int | float) -> str:
        """Return the sentence; raises KeyError for an unknown key or a missing value."""
        message = self._bundle.get_message(key)
        if message.value is None:
            raise KeyError(f"{key} has no text in {self.language}")
        safe = {name: _safe(value) for name, value in values.items()}
        long = [
            str(value) for value in safe.values() if isinstance(value, str) and len(value) > _LONGEST_PART
        ]
        slots = {value: f"\ue000{place}\ue001" for place, value in enumerate(long)}
        given = {name: slots.get(str(value), value) for name, value in safe.items()} if long else safe
        text, errors = self._bundle.format_pattern(message.value, given)
        if errors:
            raise KeyError(f"{key} in {self.language}: {errors[0]}")
        return _filled(str(text), long) if long else str(text)


class Texts:
    """All languages, loaded once at start."""

    def __init__(self, folder: Path = LOCALES) -> None:
        self._say: dict[str, Say] = {
            language: Say(language, _bundle(folder, language)) for language in LANGUAGES
        }
        self._chosen: dict[int, str] = {}  # only those who chose: most people's language is Telegram's

    def __getitem__(self, language: str) -> Say:
        return self._say.get(language) or self._say[LANGUAGES[0]]

    def remember(self, chosen: Mapping[int, str]) -> None:
        """Take over who chose which language, by Telegram id."""
        self._chosen.update(chosen)

    def forget(self, telegram_id: int) -> None:
        """Speak Telegram's language to this person again."""
        self._chosen.pop(telegram_id, None)

    def to(self, telegram_id: int, language: str) -> Say:
        """Return the voice for a person: in the language he chose, else in this one."""
        return self[self._chosen.get(telegram_id, language)]


def part(language: Language, name: str) -> Say:
    """Return the voice that knows one file only: a command need not wait until all of them are read."""
    bundle = FluentBundle([language], use_isolating=False)
    text = (LOCALES / language / f"{name}.ftl").read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(text))
    return Say(language, bundle)


def _filled(text: str, long: list[str]) -> str:
    """Put the long values into their slots; a stranger's text may look like a slot that is none."""
    return _SLOT.sub(lambda slot: long[int(slot[1])] if int(slot[1]) < len(long) else "", text)


def _safe(value: str | int | float) -> str | int | float:
    if isinstance(value, Html) or not isinstance(value, str):
        return value
    return html.escape(value, quote=False)


def _bundle(folder: Path, language: str) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    for file in sorted((folder / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle
