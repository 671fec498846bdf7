"""Proposals: what is foreseen is what the next refresh does; versions of rules; two owners at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db import Database
from core.people.models import Event, Profile
from core.segments import rules, versions
from core.segments.errors import RuleError, SegmentError
from core.segments.proposal import Proposal, SegmentChangedError, accept, propose
from core.segments.refresh import refresh_all
from tests.oracle import Person, Rule, written
from tests.segments.members import members_at
from tests.segments.people import NOW, begin, people, store
from tests.segments.people import rules as drawn_rules

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

referring = drawn_rules | st.sampled_from(
    [
        ("segment", "below"),
        ("not", ("segment", "below")),
        ("segment for", "below", 1),
        ("and", ("segment", "above"), ("compare", "status", "!=", "blocked")),
    ]
)


def members(db: Database, name: str) -> set[int]:
    return set(db.read_now(members_at, name, NOW + 999 * DAY))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    crowd=st.lists(people, min_size=1, max_size=6),
    below=drawn_rules,
    before=st.none() | referring,
    wanted=referring | st.just(("segment", "off")),
    later=st.sampled_from([0, 3, 20]),
)
def test_what_is_proposed_is_what_the_next_refresh_does(
    db: Database, crowd: list[Person], below: Rule, before: Rule | None, wanted: Rule, later: int
) -> None:
    """New or there already, with members as of days ago, and with segments under it just as stale."""
    db.on_touched = None
    db.write_now(lambda session: (begin(session), [store(session, one) for one in crowd]))
    for name, rule in (("below", written(below)), ("above", "not in segment below"), ("off", "premium = no")):
        db.write_now(rules.define, name, rule, (name, name), NOW)
    if before is not None:
        db.write_now(rules.define, "mine", written(before), ("Мой", "Mine"), NOW)
    refresh_all(db, NOW)
    db.write_now(rules.switch, "off", False, NOW)
    now = NOW + later * DAY
    was = members(db, "mine") if before is not None else set()
    found = db.read_now(propose, "mine", written(wanted), now)
    db.write_now(accept, "mine", found.rule, found.version, ("Мой", "Mine"), "1", now)
    refresh_all(db, now)
    will = members(db, "mine")
    assert (found.entering.count, found.leaving.count) == (len(will - was), len(was - will))
    assert (found.staying, found.size_then) == (len(was & will), len(will))
    shown = {person.id for person in found.entering.sample}
    assert shown <= will - was
    assert len(shown) == min(5, len(will - was))
    assert {person.id for person in found.leaving.sample} <= was - will


@pytest.fixture
def base(db: Database) -> Database:
    db.on_touched = None
    for tags in ({"vip"}, {"vip", "old"}, {"old"}, set[str]()):
        db.write_now(store, Person(tags=tags))
    db.write_now(rules.define, "mine", "tag vip", ("Мой", "Mine"), NOW, author="7001")
    refresh_all(db, NOW)
    return db


def proposed(db: Database, rule: str, name: str = "mine") -> Proposal:
    return db.read_now(propose, name, rule, NOW + HOUR)


def test_a_proposal_tells_who_comes_and_goes_and_who_depends_on_it(base: Database) -> None:
    base.write_now(rules.define, "upper", "in segment mine", ("Выше", "Upper"), NOW)
    found = proposed(base, "tag  old")
    assert (found.entering.count, found.leaving.count, found.staying) == (1, 1, 1)
    assert (found.size_now, found.size_then, found.rule) == (2, 2, "tag old")
    assert [person.id for person in found.leaving.sample] == [1]
    assert [one.name for one in found.dependents] == ["upper"]
    assert found.lacking == ()
    assert proposed(base, "tag never").lacking == ("метки «never» ещё ни у кого нет",)
    assert proposed(base, "tag vip").is_same
    base.write_now(rules.switch, "upper", False, NOW)
    assert proposed(base, "in segment upper", "new").lacking == (
        "сегмент «upper» выключен: в нём никого нет",
    )


def test_the_rule_changed_meanwhile_by_somebody_else_is_looked_at_again(base: Database) -> None:
    mine, other = proposed(base, "tag old"), proposed(base, "tag vip or tag old")
    base.write_now(accept, "mine", other.rule, other.version, None, "7002", NOW + HOUR)
    with pytest.raises(SegmentChangedError, match="changed meanwhile"):
        base.write_now(accept, "mine", mine.rule, mine.version, None, "7001", NOW + HOUR)
    again = proposed(base, "tag old")
    base.write_now(accept, "mine", again.rule, again.version, None, "7001", NOW + 2 * HOUR)
    base.write_now(accept, "mine", again.rule, again.version, None, "7001", NOW + 3 * HOUR)
    kept = base.read_now(versions.versions, "mine")
    assert [(one.number, one.rule, one.author) for one in kept] == [
        (3, "tag old", "7001"),
        (2, "tag vip or tag old", "7002"),
        (1, "tag vip", "7001"),
    ]
    assert [(one.since, one.until) for one in kept[1:]] == [
        (NOW + HOUR, NOW + 2 * HOUR),
        (NOW, NOW + HOUR),
    ]


def test_a_day_of_the_past_names_the_version_that_was_in_force_and_its_stays_remain(base: Database) -> None:
    later = NOW + 10 * DAY
    base.write_now(accept, "mine", "tag old", proposed(base, "tag old").version, None, "1", later)
    refresh_all(base, later)
    assert base.read_now(versions.in_force, "mine", NOW - DAY) is None
    for moment, number, there in ((NOW + DAY, 1, (1, 2)), (later, 2, (2, 3))):
        version = base.read_now(versions.in_force, "mine", moment)
        assert version is not None
        assert version.number == number
        assert base.read_now(members_at, "mine", moment) == there
    assert version.sentence("ru") == "есть метка «old»"


def test_an_older_version_returns_through_a_proposal_as_a_new_one(base: Database) -> None:
    base.write_now(accept, "mine", "tag old", proposed(base, "tag old").version, None, "1", NOW + HOUR)
    refresh_all(base, NOW + HOUR)
    old = base.read_now(versions.version, "mine", 1)
    back = proposed(base, old.rule)
    assert (back.entering.count, back.leaving.count) == (1, 1)
    base.write_now(accept, "mine", back.rule, back.version, None, "1", NOW + 2 * HOUR)
    assert [one.rule for one in base.read_now(versions.versions, "mine")] == ["tag vip", "tag old", "tag vip"]
    with pytest.raises(SegmentError, match="no version 9; it has versions 1 to 3"):
        base.read_now(versions.version, "mine", 9)


def test_who_moves_only_because_of_the_rule_is_met_by_series_only_on_request(base: Database) -> None:
    def entered(session: Session) -> list[int]:
        kept = select(Event.subscriber_id).where(Event.kind == "segment_entered")
        return sorted(session.scalars(kept))

    base.write_now(accept, "mine", "tag old", proposed(base, "tag old").version, None, "1", NOW + HOUR)
    refresh_all(base, NOW + HOUR)
    assert base.read_now(entered) == []
    version = proposed(base, "tag vip").version
    base.write_now(accept, "mine", "tag vip", version, None, "1", NOW + 2 * HOUR, greet=True)
    refresh_all(base, NOW + 2 * HOUR)
    assert base.read_now(entered) == [1]
    base.write_now(accept, "other", "tag old", 0, ("Новый", "New"), "1", NOW + 3 * HOUR, greet=True)
    refresh_all(base, NOW + 3 * HOUR)
    assert base.read_now(entered) == [1, 2, 3]


@pytest.mark.parametrize(
    ("name", "rule", "told"),
    [
        ("mine", "tag", "ends too early"),
        ("mine", "x" * 4001, "at most 4000 characters"),
        ("mine", "in segment upper", "in a circle: mine → upper → mine"),
        ("mine", "in segment mine", "in a circle: mine → mine"),
        ("new", "in segment new", "unknown segment `new`"),
        ("seventh", "in segment s5", "at most 5 steps"),
        ("off", "tag vip", "is switched off"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_before_anything_changes(
    base: Database, name: str, rule: str, told: str
) -> None:
    base.write_now(rules.define, "upper", "in segment mine", ("u", "u"), NOW)
    base.write_now(rules.define, "off", "tag vip", ("o", "o"), NOW)
    base.write_now(rules.switch, "off", False, NOW)
    below = "mine"
    for place in range(1, 6):
        base.write_now(rules.define, f"s{place}", f"in segment {below}", ("s", "s"), NOW)
        below = f"s{place}"
    with pytest.raises((RuleError, SegmentError), match=told):
        proposed(base, rule, name)


def test_people_touched_after_the_proposal_are_counted_by_the_refresh(base: Database) -> None:
    """A proposal is of its moment: it promises nothing about those who act later."""
    version = proposed(base, "unanswered >= 3").version
    base.write_now(lambda s: s.execute(update(Profile).values(unanswered=3)) and None)
    base.write_now(accept, "mine", "unanswered >= 3", version, None, "1", NOW + HOUR)
    report = refresh_all(base, NOW + HOUR)
    assert [one.size for one in report.segments] == [4]
