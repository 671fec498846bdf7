"""Completeness: how many have a value of each field, and how far a rule can reach with what is known."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot import segment_cli
from core.db import Database
from core.people.models import Subscriber
from core.segments import rules
from core.segments.completeness import completeness, completeness_of, reach
from core.segments.errors import RuleError
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


def test_a_rule_says_which_data_limit_it_most(base: Database) -> None:
    rule = "city = Казань and quiz entry.role = owner and not source = vk and (age > 3 or purchases > 0)"
    lacks = base.read_now(completeness_of, rule, NOW)
    assert [(lack.field.text(), lack.known, lack.limits) for lack in lacks] == [
        ("quiz entry.role", 1, True),
        ("city", 2, True),
        ("source", 1, False),
        ("age", 2, False),
    ]
    assert lacks[1].sentence("ru") == "город: есть у 50 % базы, больше 2 человек в сегменте не будет"
    assert lacks[1].sentence("en") == (
        "the city is known for 50 % of the base: the segment cannot be larger than 2"
    )
    assert lacks[2].sentence("ru") == "источник: есть у 25 % базы"


@pytest.mark.parametrize(
    ("rule", "limits"),
    [
        ("city = Казань or age > 3", []),
        ("city = Казань or city = Москва", ["city"]),
        ("not (city = Казань or city is unknown)", ["city"]),
        ("not (city = Казань and age > 3)", []),
        ("city is unknown", []),
        ("not city is known", []),
        ("not city is unknown", ["city"]),
        ("purchases > 0 and blocked = no", []),
    ],
)
def test_data_limit_a_rule_that_nobody_without_them_can_fulfil(
    base: Database, rule: str, limits: list[str]
) -> None:
    found = base.read_now(completeness_of, rule, NOW)
    assert [lack.field.text() for lack in found if lack.limits] == limits


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
    assert db.read_now(completeness_of, "city = Казань", NOW) == ()
    with pytest.raises(RuleError):
        db.read_now(completeness_of, "cite = Казань", NOW)


def test_the_command_lists_fields_and_segments_for_a_person_and_for_scripts(
    base: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.write_now(rules.define, "kazan", "city = Казань", ("к", "k"), NOW)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("BOT_TOKEN", "123456:not-used-here")
    told = CliRunner().invoke(segment_cli.app, ["fields", "--segments"])
    assert " 50.0%         2  city " in told.output, told.output
    assert "  kazan                    1 / 3" in told.output
    found = json.loads(CliRunner().invoke(segment_cli.app, ["fields", "--json"]).output)
    assert [(one["type"], one["known"], one["share"]) for one in found if one["name"] == "age"] == [
        ("number", 2, 0.5)
    ]
