"""Completeness: how many have a value of each field, and how far a rule can reach with what is known."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot import segment_cli
from core.db import Database
from core.people import attributes
from core.people.models import Subscriber
from core.segments import rules
from core.segments.completeness import completeness, reach
from core.segments.preview import preview
from core.segments.proposal import propose
from tests.oracle import Person
from tests.segments.people import NOW, store

PEOPLE = [
    Person(attributes={"city": "Казань", "birthday": date(1995, 5, 5)}, tags={"interest:yoga", "vip"}),
    Person(attributes={"city": "Москва", "age": 40}, tags={"interest:yoga", "interest:tea"}),
    Person(
        source="vk", last_seen_at=NOW - timedelta(days=3), answers={("entry", "role"): ["owner", "chief"]}
    ),
    Person(purchases=[(NOW, 100)]),
]


@pytest.fixture
def base(db: Database) -> Database:
    db.on_touched = None
    for person in PEOPLE:
        db.write_now(store, person)

    def gone(session: Session) -> None:
        row = session.get_one(Subscriber, store(session, Person(source="ads", status="erased")))
        row.erased_at = NOW

    db.write_now(gone)
    return db


def test_every_field_tells_how_many_have_it_and_what_fills_it(base: Database) -> None:
    found = {one.name: one for one in base.read_now(completeness, NOW)}
    known = {name: found[name].known for name in ("status", "source", "last_seen", "age", "first_purchase")}
    assert known == {"status": 4, "source": 1, "last_seen": 1, "age": 2, "first_purchase": 1}
    assert {found[name].known for name in ("purchases", "blocked", "premium", "referrals", "base_kind")} == {
        4
    }
    assert {one.base for one in found.values()} == {4}
    assert (found["city"].known, found["city"].share, found["income"].known) == (2, 0.5, 0)
    assert found["quiz entry.role"].known == 1
    assert (found["tag interest:"].known, found["tag vip"].known) == (2, 1)
    assert found["spent"].unit == "base currency"
    assert all(all(one.filled_by) and all(one.titles) and one.kind for one in found.values())


def rare(db: Database, rule: str) -> list[str]:
    """The fields that a preview of the rule says are known of few."""
    return [lack.field.text() for lack in db.read_now(preview, rule, NOW, "ru").scarce]


def test_a_rule_says_which_data_it_cannot_do_without_and_few_have_told(base: Database) -> None:
    rule = "city = Казань and quiz entry.role = owner and not source = vk and (age > 3 or purchases > 0)"
    few, half = base.read_now(preview, rule, NOW, "ru").scarce
    assert [(lack.field.text(), lack.known, lack.base) for lack in (few, half)] == [
        ("quiz entry.role", 1, 4),
        ("city", 2, 4),
    ]
    assert half.sentence("ru") == "Город: известно у 50\u00a0% людей, остальные сюда не попадут"
    assert half.sentence("en") == "The city: known of 50% of people, the others cannot be found"
    assert base.read_now(propose, "new", rule, NOW).scarce == (few, half)


def test_what_almost_everybody_or_nobody_has_told_is_no_matter(base: Database) -> None:
    for number in (1, 2, 3):
        base.write_now(attributes.set_attribute, number, "sex", "f", NOW, origin="quiz")
    assert rare(base, "sex = f and income = high") == ["sex"]
    base.write_now(attributes.set_attribute, 4, "sex", "m", NOW, origin="quiz")
    assert rare(base, "sex = f and income = high") == []


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("city = Казань or age > 3", []),
        ("city = Казань or city = Москва", ["city"]),
        ("not (city = Казань or city is unknown)", ["city"]),
        ("not (city = Казань and age > 3)", []),
        ("city is unknown", []),
        ("not city is known", []),
        ("not city is unknown", ["city"]),
        ("purchases > 0 and blocked = no", []),
        ("last_seen within 7 days and source = vk and first_purchase within 30 days", []),
        ("age > 3", ["age"]),
    ],
)
def test_only_what_people_tell_and_nobody_can_be_without_is_said(
    base: Database, rule: str, told: list[str]
) -> None:
    assert rare(base, rule) == told


def test_a_segment_knows_whom_it_could_reach_and_whose_data_are_there(base: Database) -> None:
    base.write_now(rules.define, "kazan", "city = Казань and purchases = 0", ("к", "k"), NOW)
    base.write_now(rules.define, "grown", "age >= 18", ("в", "g"), NOW)
    base.write_now(rules.define, "buyers", "purchases > 0", ("п", "b"), NOW)
    base.write_now(rules.define, "stay", "in segment kazan or city is known", ("с", "s"), NOW)
    found = {one.segment: (one.people, one.informed) for one in base.read_now(reach, NOW)}
    # one lives elsewhere, one bought: two could be there, of one of whom the city is known
    assert found == {"kazan": (2, 1), "grown": (4, 2), "buyers": (1, 1), "stay": (4, 4)}
    assert [one.segment for one in base.read_now(reach, NOW, ["grown"])] == ["grown"]


def test_a_base_of_nobody_divides_by_nothing(db: Database) -> None:
    assert {one.share for one in db.read_now(completeness, NOW)} == {0.0}
    assert rare(db, "city = Казань") == []


def test_the_command_lists_fields_and_segments_for_a_person_and_for_scripts(
    base: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.write_now(rules.define, "kazan", "city = Казань", ("к", "k"), NOW)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("BOT_TOKEN", "123456:not-used-here")
    told = CliRunner().invoke(segment_cli.app, ["fields", "--segments"])
    assert " 50.0%         2  city " in told.output, told.output
    assert "  kazan                    1 / 3" in told.output
    shown = CliRunner().invoke(segment_cli.app, ["preview", "city = Казань"])
    assert "! Город: известно у 50\u00a0% людей, остальные сюда не попадут" in shown.output.splitlines()
    found = json.loads(CliRunner().invoke(segment_cli.app, ["fields", "--json"]).output)
    assert [(one["type"], one["known"], one["share"]) for one in found if one["name"] == "age"] == [
        ("number", 2, 0.5)
    ]
