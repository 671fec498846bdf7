"""Every sentence a person reads: Fluent files in bot/locales, one folder a language."""

from __future__ import annotations

import html
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

LOCALES = Path(__file__).parent / "locales"
LANGUAGES = ("ru", "en")


class Html(str):
    """A text that is markup already: `say` passes it through instead of escaping it."""

    __slots__ = ()


class Say:
    """Speaks one language: `say("welcome", name="Анна")`; plain strings are escaped for Telegram's HTML."""

    def __init__(self, language: str, bundle: FluentBundle) -> None:
        self.language = language
        self._bundle = bundle

    def __call__(self, key: str, **values: str | int | float) -> str:
        """Return the sentence; raises KeyError for an unknown key or a missing value."""
        message = self._bundle.get_message(key)
        if message.value is None:
            raise KeyError(f"{key} has no text in {self.language}")
        text, errors = self._bundle.format_pattern(
            message.value, {name: _safe(value) for name, value in values.items()}
        )
        if errors:
            raise KeyError(f"{key} in {self.language}: {errors[0]}")
        return str(text)


class Texts:
    """All languages, loaded once at start."""

    def __init__(self, folder: Path = LOCALES) -> None:
        self._say = {language: Say(language, _bundle(folder, language)) for language in LANGUAGES}

    def __getitem__(self, language: str) -> Say:
        return self._say.get(language) or self._say[LANGUAGES[0]]


def _safe(value: str | int | float) -> str | int | float:
    if isinstance(value, Html) or not isinstance(value, str):
        return value
    return html.escape(value, quote=False)


def _bundle(folder: Path, language: str) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    for file in sorted((folder / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle
