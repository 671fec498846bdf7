"""What rules mean: the SQL of a rule finds exactly the people the oracle names."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.db import Database
from core.people import topics
from core.segments import audience
from core.segments import rules as rules_of_segments
from core.segments.catalogue import Known
from core.segments.language import parse
from core.segments.refresh import refresh_all
from tests.oracle import Person, Rule, finds, written
from tests.segments.members import segments_of
from tests.segments.people import NOW, begin, people, rules, store
from tests.segments.test_language import PAGE, ROW

ZONE = ZoneInfo("Europe/Moscow")
ALL = frozenset({"shoe_size"})
TOPICS = frozenset({"новинки", "все о чае"})
on_a_database = settings(
    max_examples=int(os.environ.get("EXAMPLES", 40)),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
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
        begin(session)
        for person in crowd:
            store(session, person)
        everyone = {person.number for person in crowd if person.status != "erased"}
        for rule in drawn:
            text = written(rule)
            found = set(session.scalars(audience.people_of(session, text, NOW)))
            expected = {person.number for person in crowd if finds(rule, person, NOW, ZONE)}
            assert found == expected, text
            rest = set(session.scalars(audience.people_of(session, f"not ({text})", NOW)))
            assert rest == everyone - found, text
            assert audience.count(session, text, NOW) == len(found)

    plain.write_now(check)


@settings(max_examples=150, deadline=None)
@given(rules)
def test_parse_print_parse_is_the_identity(rule: Rule) -> None:
    tree = parse(written(rule))
    assert parse(tree.text()) == tree
    assert parse(tree.text()).text() == tree.text()
    assert tree.sentence("ru")
    assert tree.sentence("en")
    assert tree.reads


@pytest.mark.parametrize("rule", ["finished series sales", "answered campaign 12 within 30 days"])
def test_a_reaction_reads_only_the_events_of_the_person(plain: Database, rule: str) -> None:
    def check(session: Session) -> None:
        if session.get_bind().dialect.name != "sqlite":
            return
        connection = session.connection()
        query = audience.people_of(session, rule, NOW).compile(
            connection, compile_kwargs={"literal_binds": True}
        )
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()
        read = [str(row[-1]) for row in plan if "events" in str(row[-1])]
        assert read
        assert all(line.startswith("SEARCH events") and "subscriber_id=?" in line for line in read), read

    plain.write_now(check)


def test_a_group_across_families_is_found(plain: Database) -> None:
    """Young mothers with high income who buy children's goods."""
    rule = (
        "gender = female and birthday > 1990-01-01 and children in (one, several) and income = high and "
        'spent at least 1000 on "Детские товары" within 365 days'
    )
    facts: dict[str, str | float | date | datetime] = {
        "gender": "female",
        "children": "one",
        "income": "high",
    }
    facts["birthday"] = date(1995, 5, 5)
    bought: list[tuple[datetime, int | None]] = [(NOW - timedelta(days=30), 150_000)]
    goods = [("Коляска", "Детские товары")]

    def check(session: Session) -> None:
        mother = store(session, Person(attributes=dict(facts), purchases=bought, goods=goods))
        for other in (
            Person(attributes={**facts, "gender": "male"}, purchases=bought, goods=goods),
            Person(attributes={**facts, "birthday": date(1980, 5, 5)}, purchases=bought, goods=goods),
            Person(attributes=dict(facts), purchases=bought, goods=[("Кофе", "Продукты")]),
            Person(attributes=dict(facts)),
        ):
            store(session, other)
        assert list(session.scalars(audience.people_of(session, rule, NOW))) == [mother]

    plain.write_now(check)


def test_every_form_on_the_page_stands_in_one_kept_statement(db: Database) -> None:
    """The refresh compiles all rules together and binds their values itself: it finds whom a query finds."""
    shown = [rule for rule, _, _ in ROW.findall(PAGE.read_text(encoding="utf-8"))]
    asked = [rule for rule in shown if "in segment" not in rule]
    person = Person(
        attributes={
            "birthday": date(1996, 3, 5),
            "renewal_at": date(2026, 4, 1),
            "delivery": date(2026, 3, 2),
        },
        reactions=[("answered", "12", NOW), ("clicked", "12", NOW), ("finished", "sales", NOW)],
        purchases=[(NOW - timedelta(days=362), 5_000_000), (NOW, 2_000_000)],
        goods=[("", "Детские товары"), ("course", "")],
    )

    def install(session: Session) -> int:
        for name in ("Новинки", "Всё о чае"):
            topics.add(session, name, f"topic {name}", NOW)
        for place, rule in enumerate(asked):
            rules_of_segments.define(
                session, f"s{place}", rule, ("с", "s"), NOW, known=Known(ALL, topics=TOPICS)
            )
        return store(session, person)

    db.on_touched = None
    who = db.write_now(install)
    report = refresh_all(db, NOW)
    assert [one.error for one in report.segments if one.error] == []
    inside = db.read_now(segments_of, who)
    for place, rule in enumerate(asked):
        found = db.read_now(lambda session, rule=rule: audience.count(session, rule, NOW))
        assert found == (f"s{place}" in inside), rule
    assert sum(rule.startswith(("answered", "clicked", "finished")) for rule in shown) >= 5
