"""Rules as owners read them: titles instead of names, mistakes in their language and where they stand."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.admin.problem_words import said
from bot.texts import Html
from core.segments.catalogue import FIELDS, Known, resolve
from core.segments.conditions import All, Condition, InSegment, Not
from core.segments.conditions import Any as AnyOf
from core.segments.fields import RowField
from core.segments.models import Segment
from core.segments.titles import spoken
from core.segments.words import KEYWORDS
from core.words import cut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from bot.texts import Say
    from core.quizzes.loader import Library
    from core.segments.errors import RuleError
    from core.segments.words import Language

_LONGEST_PHRASE = 200  # characters of a text that is no rule
_AROUND = 60  # characters of the rule shown on each side of the mistake
_TOKENS = {'a "text"': "текст в кавычках", "a word": "слово", "a number": "число", "a date": "дата"}
_ONE_OF = re.compile(r"^`([^`]+)` (?:is never `.*?`; it is|is) one of ([^;]+)", re.DOTALL)
_WORD = re.compile(r"\w[\w-]*|\S|$")
_MEANT = re.compile(r"(.*?), did you mean (`.*`)\?", re.DOTALL)
_MAY = re.compile(r"(.*?); what may (?:stand here|follow): (.*)", re.DOTALL)


def titles(session: Session, language: Language) -> dict[str, str]:
    """Return the titles of all segments by name."""
    column = Segment.title_en if language == "en" else Segment.title_ru
    return dict(session.execute(select(Segment.name, column)).all())


def in_titles(condition: Condition, names: Mapping[str, str]) -> Condition:
    """Return a condition whose sentence says titles of segments; it is for reading only."""
    if isinstance(condition, Not):
        return Not(in_titles(condition.part, names))
    if isinstance(condition, All | AnyOf):
        return replace(condition, parts=tuple(in_titles(part, names) for part in condition.parts))
    if isinstance(condition, InSegment):
        return replace(condition, name=names.get(condition.name, condition.name))
    return condition


def aloud(
    condition: Condition,
    library: Library,
    names: Mapping[str, str],
    language: Language,
    *,
    negated: bool = False,
) -> str:
    """Return the sentence of a condition with the words of quizzes and the titles of segments."""
    return in_titles(spoken(condition, library), names).sentence(language, negated=negated)


def mistake(say: Say, rule: str, error: RuleError) -> str:
    """Return what is wrong, in HTML: the rule with the wrong word in bold, and what to do about it."""
    shown = marked(rule, error.line, error.column)
    if "cannot stand here" in error.problem and is_phrase(rule):
        return say("rule-mistake-phrase", rule=cut(rule, _LONGEST_PHRASE))
    told = escape(problem(error.problem, say.language), quote=False)
    return say("rule-mistake", rule=Html(shown), problem=Html(re.sub(r"`([^`]*)`", r"<code>\1</code>", told)))


def marked(rule: str, line: int, column: int) -> str:
    """Return the part of a rule around a place, the word there in bold and underlined, in HTML.

    >>> marked("citty = 1", 1, 1), marked("a", 1, 2)
    ('<b><u>citty</u></b> = 1', 'a<b>⌷</b>')
    """
    lines = rule.split("\n")
    text = lines[min(line, len(lines)) - 1]
    start = min(column - 1, len(text))
    found = _WORD.match(text, start)
    end = min(found.end() if found else start, start + _AROUND)
    before, after = text[max(start - _AROUND, 0) : start], text[end : end + _AROUND]
    head = "…" if start > _AROUND or line > 1 else ""
    tail = "…" if len(text) > end + _AROUND or line < len(lines) else ""
    word = f"<b><u>{escape(text[start:end], quote=False)}</u></b>" if text[start:end] else "<b>⌷</b>"
    return f"{head}{escape(before, quote=False)}{word}{escape(after, quote=False)}{tail}"


def _tokens(listed: str) -> str:
    """Return what may stand somewhere with the parts that are no words of the language in Russian."""
    for english, russian in _TOKENS.items():
        listed = re.sub(rf"(?<![\w-]){re.escape(english)}(?![\w-])", russian, listed)
    return listed


def _choices(name: str, listed: str) -> str:
    """Return the words of a closed list, each with what people read for it."""
    field = FIELDS.get(name) or RowField("attributes", (name,))
    titles = {word: ru for word, ru, _ in field.choices}
    words = re.split(r", | or ", listed)
    return ", ".join(f"`{word}` ({titles[word]})" if word in titles else f"`{word}`" for word in words)


def is_phrase(rule: str) -> bool:
    """Say whether a text is rather a phrase than a rule: its first word is none that a rule begins with.

    >>> is_phrase("мужчины из Казани"), is_phrase("город из Казани"), is_phrase("not tag")
    (True, False, False)
    """
    first = re.match(r"\s*\(*\s*([^\W\d]\w*)", rule)
    if first is None or first[1].casefold() in KEYWORDS | {"attr", "quiz"}:
        return False
    try:
        resolve(first[1], Known())
    except LookupError:
        return True
    return False


def problem(text: str, language: str) -> str:
    """Return the problem of a rule in a language; one without words here is shown as it is."""
    if language == "en":
        return text
    for pattern, form in ((_MEANT, "{}; может быть, {}?"), (_MAY, "{}; здесь подойдёт: {}")):
        found = pattern.fullmatch(text)
        if found is not None:
            return form.format(said(found[1], language, "rules.txt"), _tokens(found[2]))
    listed = _ONE_OF.search(text)
    if listed is not None:
        text = f"{text[: listed.start(2)]}{_choices(listed[1], listed[2])}{text[listed.end(2) :]}"
    return said(text, language, "rules.txt")
