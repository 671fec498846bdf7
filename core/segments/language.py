"""Rules as text: parse gives a frozen tree of conditions, `text()` of the tree is the canonical spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.people.text import fold
from core.segments import catalogue
from core.segments.conditions import FORMS, All, Condition, Not, Reading
from core.segments.conditions import Any as AnyOf
from core.segments.errors import RuleError, suggestion
from core.segments.fields import RowField
from core.segments.words import KEYWORDS, Span

if TYPE_CHECKING:
    from lark import Lark, Token
    from lark.exceptions import UnexpectedInput

MAX_LENGTH = 4000
MAX_DEPTH = 20
MAX_CONDITIONS = 100
MAX_LISTED = 200
MAX_ANNIVERSARIES = 10  # each is a window for every year back
_UNKEPT = re.compile("[\\x00\\ud800-\\udfff]")
_LONGEST_SPAN = 36500  # days; a cut-off before the year 1900 means nothing
_LONGEST_NUMBER = 24  # characters: within the 28 digits that Decimal keeps exactly
_SHOWN = 15  # words that may stand here, in an error
_LIMITS = {"more than": ">", "at least": ">=", "less than": "<"}
_ALL_TIME = re.compile(r"\bspent\s+(more\s+than|at\s+least|less\s+than)\s+([\d.]+)\s*$", re.IGNORECASE)
_JOINING = re.compile(r"\b(?:and|or|not)\b|\(", re.IGNORECASE)
_WHOLE_DAYS = re.compile(r"\b(?:purchased|spent|event|quiz|series|campaign|next)\b", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """A value read from a rule, and where it stood."""

    value: Any
    place: tuple[int, int]


def parse(rule: str, known: catalogue.Known | None = None) -> Condition:
    """Read a rule; raises RuleError naming line, column and the nearest known word.

    With `known` bare words and segments must exist in this database; without, the rule is one that was
    checked before.
    """
    from lark.exceptions import UnexpectedInput

    _check_length(rule)
    _check_characters(rule)
    try:
        tree = _parser().parse(rule)
    except UnexpectedInput as error:
        raise _misread(rule, error) from None
    condition = _Reader(known).condition(tree.children[0], 0)
    _check_length(condition.text())  # what is kept is this spelling, and it is read again
    return condition


def _check_length(rule: str) -> None:
    if len(rule) > MAX_LENGTH:
        raise RuleError(f"a rule has at most {MAX_LENGTH} characters, this one has {len(rule)}")


def _check_characters(rule: str) -> None:
    """Refuse what no database keeps: NUL, and halves of a character: bytes that were no UTF-8."""
    broken = _UNKEPT.search(rule)
    if broken is None:
        return
    before = rule[: broken.start()]
    place = (before.count("\n") + 1, broken.start() - (before.rfind("\n") + 1) + 1)
    raise RuleError("this character cannot be kept; type it anew", *place)


@lru_cache(maxsize=1)
def _parser() -> Lark:
    from lark import Lark

    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True)


class _Reader:
    """Turns lark's tree into conditions, never deeper than MAX_DEPTH."""

    def __init__(self, known: catalogue.Known | None) -> None:
        self._known = known
        self._count = 0
        self._anniversaries = 0

    def condition(self, tree: Any, depth: int) -> Condition:
        name, line, column = str(tree.data), tree.meta.line, tree.meta.column
        if depth > MAX_DEPTH:
            raise RuleError(f"conditions may stand {MAX_DEPTH} deep, not deeper", line, column)
        if name in ("either", "both"):
            return self._several(AnyOf if name == "either" else All, tree.children, depth)
        if name == "negation":
            return Not(self.condition(tree.children[0], depth + 1))
        self._count += 1
        if self._count > MAX_CONDITIONS:
            raise RuleError(f"a rule has at most {MAX_CONDITIONS} conditions", line, column)
        self._anniversaries += name.startswith("anniversary")
        if self._anniversaries > MAX_ANNIVERSARIES:
            raise RuleError(f"a rule has at most {MAX_ANNIVERSARIES} anniversaries", line, column)
        parts = [self._part(child) for child in tree.children]
        if len(parts) > MAX_LISTED:
            raise RuleError(f"a list has at most {MAX_LISTED} values", line, column)
        return FORMS[name](Reading(name, parts, self._known))

    def _several(self, kind: type[All | AnyOf], children: list[Any], depth: int) -> Condition:
        if len(children) == 1:
            return self.condition(children[0], depth)
        read = [self.condition(child, depth + 1) for child in children]
        parts: list[Condition] = []
        for part in read:  # (a and b) and c is said as a and b and c
            parts.extend(part.parts if isinstance(part, kind) else [part])
        return kind(tuple(parts))

    def _part(self, node: Any) -> Part:
        from lark import Token

        if isinstance(node, Token):
            return Part(_literal(node), _place(node))
        place = (node.meta.line, node.meta.column) if not node.meta.empty else (1, 1)
        tokens: list[Token] = [child for child in node.children if isinstance(child, Token)]
        match str(node.data):
            case "field":
                return Part(self._bare(tokens[0]), place)
            case "attribute" | "answer":
                return Part(_row_field(str(node.data), node.children), place)
            case "span":
                return Part(_span(*tokens), place)
            case "name":
                return Part(_name(tokens[0]), _place(tokens[0]))
            case "value":
                return Part(_literal(tokens[0]), _place(tokens[0]))
        return Part(str(node.data), place)

    def _bare(self, word: Token) -> object:
        try:
            return catalogue.resolve(str(word), self._known)
        except LookupError as error:
            raise RuleError(str(error.args[0]), *_place(word)) from None


def _place(token: Token) -> tuple[int, int]:
    return token.line or 1, token.column or 1


def _row_field(kind: str, names: list[Any]) -> RowField:
    key = tuple(_name(name.children[0]) for name in names)
    return RowField("attributes" if kind == "attribute" else "answers", key)


def _name(token: Token) -> str:
    """Return a name of something; an empty one can only be a slip."""
    name = str(_literal(token))
    if not fold(name):
        raise RuleError("a name is missing between these quotes", *_place(token))
    return name


def _literal(token: Token) -> object:
    text = str(token)
    if token.type == "QUOTED":
        return _ESCAPED.sub(r"\1", text[1:-1]) if text[0] == '"' else text[1:-1]
    if token.type == "NUMBER":
        return _number(token)
    if token.type == "DATE":
        return _day(token)
    return text


def _number(token: Token) -> Decimal:
    if len(token) > _LONGEST_NUMBER:
        raise RuleError("this number is too long", *_place(token))
    return Decimal(str(token)) + 0  # there is no -0


def _day(token: Token) -> date:
    try:
        day = date.fromisoformat(str(token))
    except ValueError:
        raise RuleError(f"there is no day {token}", *_place(token)) from None
    if not 1900 <= day.year <= 2200:
        raise RuleError("the year should lie between 1900 and 2200", *_place(token))
    return day


def _span(count: Token, unit: Token) -> Span:
    number = Decimal(str(count))
    if number < 1 or number != number.to_integral_value():
        raise RuleError("this should be a whole number of at least 1", *_place(count))
    if number > _LONGEST_SPAN:
        raise RuleError(f"a span is at most {_LONGEST_SPAN} days", *_place(count))
    span = Span(int(number), unit.casefold().rstrip("s"))  # type: ignore[arg-type]
    if span.days > _LONGEST_SPAN:
        raise RuleError(f"a span is at most {_LONGEST_SPAN} days", *_place(count))
    return span


def _misread(rule: str, error: UnexpectedInput) -> RuleError:
    """Say what stands where it cannot stand, and which word was probably meant."""
    from lark.exceptions import UnexpectedEOF, UnexpectedToken

    expected = set(getattr(error, "accepts", None) or getattr(error, "expected", None) or ())
    words = sorted(word for word in map(_said, expected) if word)
    if "UNIT" in expected:
        words = _units(rule[: error.pos_in_stream] if (error.pos_in_stream or -1) > 0 else rule)
    token = getattr(error, "token", None)
    if isinstance(error, UnexpectedEOF) or (
        isinstance(error, UnexpectedToken) and error.token.type == "$END"
    ):
        lines = rule.split("\n")
        whole = _ALL_TIME.search(rule)
        if whole is not None:
            meant = f"spent {_LIMITS[' '.join(whole[1].casefold().split())]} {whole[2]}"
            problem = f"the rule ends too early; for all time write `{meant}`"
            return RuleError(problem, len(lines), len(lines[-1]) + 1)
        missing = f"; what may follow: {', '.join(words[:_SHOWN])}" if words else ""
        return RuleError(f"the rule ends too early{missing}", len(lines), len(lines[-1]) + 1)
    line, column = max(error.line, 1), max(error.column, 1)
    found = str(token) if token is not None else rule[error.pos_in_stream or 0 :][:1]
    if found in ('"', "«", "“"):
        return RuleError("this quotation is never closed", line, column)
    hint = suggestion(found, [word for word in words if word in KEYWORDS])
    if not hint and token is not None and token.type in ("WORD", "NUMBER") and words == ["and", "or"]:
        hint = "; put a text of several words in quotes, or join conditions with `and` or `or`"
    if not hint and words:
        hint = f"; what may stand here: {', '.join(words[:_SHOWN])}"
    return RuleError(f"`{found[:64]}` cannot stand here{hint}", line, column)


def _units(before: str) -> list[str]:
    """Return the units a span may have where a rule stops: what people did is counted by whole days."""
    return ["days", "weeks"] if _WHOLE_DAYS.search(_JOINING.split(before)[-1]) else ["hours", "days", "weeks"]


def _said(terminal: str) -> str:
    """Return a terminal of the grammar as a person would type it."""
    if terminal == "$END":
        return ""
    named = {
        "WORD": "a word",
        "QUOTED": 'a "text"',
        "NUMBER": "a number",
        "DATE": "a date",
        "OPERATOR": "=",
        "_TIMES": "times",
        "SPENT": "spent",
    }
    if terminal in named:
        return named[terminal]
    pattern: str = _parser().get_terminal(terminal).pattern.value
    return pattern.replace("\\", "")
