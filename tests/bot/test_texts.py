"""Texts: every sentence exists in both languages with the same values."""

from __future__ import annotations

import re

import pytest
from fluent.syntax import FluentParser, ast

from bot.texts import LANGUAGES, LOCALES, Html, Texts


def messages(language: str) -> dict[str, set[str]]:
    found = {}
    for file in (LOCALES / language).glob("*.ftl"):
        source = file.read_text(encoding="utf-8")
        for entry in FluentParser().parse(source).body:
            assert not isinstance(entry, ast.Junk), f"{file.name}: {entry.content}"
            if isinstance(entry, ast.Message):
                start, end = entry.span.start, entry.span.end
                assert entry.id.name not in found, f"{entry.id.name} stands twice"
                found[entry.id.name] = set(re.findall(r"\$([\w-]+)", source[start:end]))
    return found


def test_both_languages_say_the_same_things() -> None:
    ru, en = (messages(language) for language in LANGUAGES)
    assert ru == en


def test_what_a_stranger_wrote_is_escaped_and_our_markup_is_not() -> None:
    say = Texts()["ru"]
    text = say("welcome", name="<b>Анна</b>", known="yes", business=Html("<i>Лавка</i>"))
    assert "&lt;b&gt;Анна&lt;/b&gt;" in text
    assert "<i>Лавка</i>" in text


def test_an_unknown_key_is_our_mistake_and_is_told() -> None:
    with pytest.raises(LookupError):
        Texts()["en"]("no-such-key")


def test_an_unknown_language_falls_back() -> None:
    assert Texts()["fr"].language == "ru"


def test_a_value_of_any_length_is_said_whole_and_escaped() -> None:
    rule = "<b> & " * 700
    text = Texts()["ru"]("rule-ask-text-present", rule=rule)
    assert text.count("&lt;b&gt; &amp; ") == 700


def test_what_looks_like_a_slot_of_ours_does_no_harm() -> None:
    said = Texts()["ru"]("people-fact", title="\ue0007\ue001", value="x" * 2000, origin="")
    assert "x" * 2000 in said
    assert "\ue000" not in said
