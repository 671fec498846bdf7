"""What rules mean: the SQL of a rule finds exactly the people the oracle names."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.db import Database
from core.segments import audience
from core.segments.language import parse
from tests.oracle import Person, Rule, holds, written
from tests.segments.people import NOW, people, rules, store, wipe

ZONE = ZoneInfo("Europe/Moscow")
on_a_database = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def plain(db: Database) -> Database:
    """The database without refreshes of its own."""
    db.on_touched = None
    return db


@on_a_database
@given(
    crowd=st.lists(people, min_size=1, max_size=5),
    drawn=st.lists(rules, min_size=1, max_size=12),
)
def test_a_rule_finds_whom_the_oracle_names_and_its_negation_finds_the_rest(
    plain: Database, crowd: list[Person], drawn: list[Rule]
) -> None:
    def check(session: Session) -> None:
        wipe(session)
        for person in crowd:
            store(session, person)
        everyone = {person.number for person in crowd}
        for rule in drawn:
            text = written(rule)
            found = set(session.scalars(audience.people_of(session, text, NOW)))
            expected = {person.number for person in crowd if holds(rule, person, NOW, ZONE)}
            assert found == expected, text
            rest = set(session.scalars(audience.people_of(session, f"not ({text})", NOW)))
            assert rest == everyone - found, text
            assert audience.count(session, text, NOW) == len(found)

    plain.write_now(check)


@settings(max_examples=300, deadline=None)
@given(rules)
def test_parse_print_parse_is_the_identity(rule: Rule) -> None:
    tree = parse(written(rule))
    assert parse(tree.text()) == tree
    assert parse(tree.text()).text() == tree.text()
    assert tree.sentence("ru")
    assert tree.sentence("en")
    assert tree.reads
