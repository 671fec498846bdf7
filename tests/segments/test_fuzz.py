"""Any text as a rule: it is read, or refused with its place; never SQL, never a crash, never slow."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, select
from sqlalchemy.dialects import postgresql, sqlite

from core.models import metadata
from core.segments.audience import PEOPLE
from core.segments.binds import Binds
from core.segments.catalogue import FIELDS, WELL_KNOWN
from core.segments.conditions import Condition
from core.segments.errors import RuleError
from core.segments.fields import SUBSCRIBERS
from core.segments.language import parse
from core.segments.words import KEYWORDS
from tests.oracle import written
from tests.segments.people import rules
from tests.segments.test_language import KNOWN, PAGE, ROW

RULES = int(os.environ.get("RULES", 1_000))
AT = (datetime(2026, 3, 2, 9, tzinfo=UTC), ZoneInfo("Europe/Moscow"))
NUMBERS = {name: number for number, name in enumerate(sorted(KNOWN.segments), 1)}
LONGEST = 10  # seconds of the processor for one rule, read, printed and compiled
SHOWN = [rule for rule, _, _ in ROW.findall(PAGE.read_text(encoding="utf-8"))]
TOKENS = [
    *sorted(KEYWORDS),
    *FIELDS,
    *WELL_KNOWN,
    *NUMBERS,
    *[
        "(",
        ")",
        ",",
        ".",
        '"',
        "«",
        "»",
        "'",
        ";",
        "--",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "\\",
        "%",
        "_",
        ":",
    ],
    *["0", "1", "12", "-1", "2.5", "1e9", "999999999999", "9" * 23, "2026-02-29", "2028-02-29", "0001-01-01"],
    *[
        '"a"',
        "«б»",
        '"x\'; drop table events; --"',
        "a-b",
        "Ёж",
        "\x00",
        "\ud7ff",
        "🌱",
        "\n",
        "\t",
        "\u202e",
    ],
]
soup = st.lists(st.sampled_from(TOKENS), max_size=40).map(" ".join)
valid = rules.map(written) | st.sampled_from(SHOWN) | st.sampled_from(SHOWN).map(str.upper)
pieces = valid.map(lambda rule: re.findall(r"\s+|\w+|.", rule))


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A rule with a few of its words dropped, doubled, put elsewhere or replaced."""
    words = list(draw(pieces))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(words) - 1)) if words else 0
        match draw(st.sampled_from(["drop", "double", "replace", "insert", "swap", "cut"])):
            case "drop":
                words[place : place + 1] = []
            case "double":
                words[place:place] = words[place : place + draw(st.integers(1, 6))]
            case "replace":
                words[place : place + 1] = [draw(st.sampled_from(TOKENS))]
            case "insert":
                words.insert(place, draw(st.sampled_from(TOKENS) | st.text(max_size=3)))
            case "swap":
                words[place:] = [*reversed(words[place : place + 3]), *words[place + 3 :]]
            case _:
                words = words[:place]
    return "".join(words)


crowded = st.tuples(valid, st.integers(2, 12), st.sampled_from([" and ", " or ", " or not "])).map(
    lambda drawn: drawn[2].join([drawn[0]] * drawn[1])
)
joined = st.lists(valid, min_size=1, max_size=4).flatmap(
    lambda some: st.sampled_from([" and ", " or ", " and not ", " "]).map(lambda word: word.join(some))
)


@pytest.fixture(scope="module")
def planner() -> Iterator[Connection]:
    """An empty SQLite that says how it would read the tables."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@settings(max_examples=RULES, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=200) | soup | mutated() | mutated() | joined | crowded)
def test_any_text_is_a_rule_that_both_databases_take_or_an_error_with_its_place(
    planner: Connection, text: str
) -> None:
    assert checked(planner, text) < LONGEST


def checked(planner: Connection, text: str) -> float:
    """Look at what becomes of a text; returns the seconds of the processor it took."""
    begun = time.process_time()
    read = rule_or_error(text)
    if isinstance(read, RuleError):
        lines = text.split("\n")
        assert 1 <= read.line <= len(lines), read
        assert 1 <= read.column <= len(lines[read.line - 1]) + 1, read
        assert str(read).startswith(f"line {read.line}, column {read.column}: ")
    else:
        assert parse(read.text(), KNOWN) == read
        assert parse(read.text()).text() == read.text()
        assert read.sentence("ru")
        assert read.sentence("en")
        compiles(planner, read)
    return time.process_time() - begun


def rule_or_error(text: str) -> Condition | RuleError:
    """Read a text as the bot does; any other exception is the fault looked for."""
    try:
        return parse(text, KNOWN)
    except RuleError as error:
        return error


def compiles(planner: Connection, tree: Condition) -> None:
    """Its SELECT is one both databases take, holds no word of the owner's and never scans the events."""
    query = select(SUBSCRIBERS.c.id).select_from(PEOPLE).where(tree.sql(Binds(NUMBERS, AT)))
    options = {"render_postcompile": True}
    for dialect in (sqlite.dialect(), postgresql.dialect()):  # type: ignore[no-untyped-call]
        text = str(query.compile(dialect=dialect, compile_kwargs=options))
        assert not re.sub(r"'(\$\.)?(series|campaign)'", "", text).count("'"), text
    plan = planner.exec_driver_sql("EXPLAIN QUERY PLAN " + _sqlite(planner, query)).all()
    for step in (str(row[-1]) for row in plan):
        assert not re.match(r"SCAN (?!subscribers|profiles|CONSTANT)", step), step
        if "events" in step:
            assert step.startswith("SEARCH events USING INDEX ix_events_subscriber_id_at (subscriber_id=?"), (
                step
            )


def _sqlite(planner: Connection, query: object) -> str:
    literal = query.compile(planner, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
    return re.sub(r"\?", "NULL", str(literal))
