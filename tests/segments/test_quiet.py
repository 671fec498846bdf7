"""Who moves because a rule became another one is met by no series, however he comes to be computed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.db import Database
from core.people import attributes, subscribers
from core.segments import refresh, rules
from core.segments.refresh import refresh_all
from core.tick import touched
from tests.segments.people import NOW
from tests.segments.test_refresh import DAY, define, facts, person, segments_of


def change(db: Database, name: str, rule: str, *, greet: bool = False) -> None:
    db.write_now(rules.define, name, rule, (name, name), NOW, greet=greet)


def moved(db: Database, who: int) -> list[str]:
    return [f"{kind} {detail['segment']}" for kind, detail in facts(db, who) if kind.startswith("segment_")]


@pytest.fixture
def who(db: Database) -> int:
    """One person with three unanswered letters, and a segment he is not in."""
    number = person(db, unanswered=3, last_seen_at=NOW - DAY)
    define(db, tired="unanswered >= 9")
    refresh_all(db, NOW)
    return number


async def test_who_is_touched_before_the_refresh_enters_as_quietly_as_everyone(
    db: Database, who: int
) -> None:
    change(db, "tired", "unanswered >= 0")
    db.write_now(subscribers.alive, who, NOW + DAY)
    assert segments_of(db, who) == {"tired"}
    assert moved(db, who) == []
    change(db, "tired", "unanswered >= 9")
    db.write_now(subscribers.alive, who, NOW + 2 * DAY)
    assert (segments_of(db, who), moved(db, who)) == (set(), [])
    refresh_all(db, NOW + 3 * DAY)
    change(db, "tired", "tag vip")
    refresh_all(db, NOW + 4 * DAY)
    db.write_now(attributes.add_tag, who, "vip", NOW + 5 * DAY, origin="test")
    assert moved(db, who) == ["segment_entered tired"], "what he does after the refresh is his own"


@pytest.mark.parametrize(
    ("choices", "is_met"), [((True,), True), ((False, True), True), ((True, False), False)]
)
async def test_the_owners_last_choice_holds_for_the_touched_and_for_everyone(
    db: Database, who: int, choices: tuple[bool, ...], is_met: bool
) -> None:
    other = person(db, unanswered=3)
    for rule, greet in zip(("unanswered >= 0", "letters >= 0"), choices, strict=False):
        change(db, "tired", rule, greet=greet)
    db.write_now(subscribers.alive, who, NOW + DAY)
    refresh_all(db, NOW + 2 * DAY)
    for one in (who, other):
        assert segments_of(db, one) == {"tired"}
        assert moved(db, one) == ["segment_entered tired"] * is_met


async def test_a_rule_that_is_put_back_before_any_refresh_stays_quiet(db: Database, who: int) -> None:
    change(db, "tired", "unanswered >= 0")
    db.write_now(subscribers.alive, who, NOW + DAY)
    change(db, "tired", "unanswered >= 9")
    refresh_all(db, NOW + 2 * DAY)
    assert (segments_of(db, who), moved(db, who)) == (set(), [])


async def test_segments_that_refer_to_a_changed_one_are_as_quiet(db: Database, who: int) -> None:
    define(db, both="in segment tired and last_seen within 60 days")
    refresh_all(db, NOW)
    change(db, "tired", "unanswered >= 0")
    other = person(db, unanswered=3, last_seen_at=NOW)
    db.write_now(attributes.add_tag, who, "x", NOW + DAY, origin="test")
    refresh_all(db, NOW + DAY)
    assert segments_of(db, who) == segments_of(db, other) == {"tired", "both"}
    assert moved(db, who) == moved(db, other) == []


async def test_a_rule_changed_at_the_very_end_of_a_refresh_is_filled_quietly_by_the_next(
    db: Database, who: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = refresh._drift

    def drift_and_change(session: Session, run: Any) -> dict[int, int]:
        change(db, "tired", "unanswered >= 0")
        return real(session, run)

    monkeypatch.setattr(refresh, "_drift", drift_and_change)
    refresh_all(db, NOW + DAY)
    monkeypatch.undo()
    refresh_all(db, NOW + 2 * DAY)
    assert (segments_of(db, who), moved(db, who)) == ({"tired"}, [])


async def test_another_process_that_refreshed_makes_this_one_loud_again(db: Database, who: int) -> None:
    change(db, "tired", "tag vip")
    db.write_now(subscribers.alive, who, NOW + timedelta(hours=1))  # this process has the rule as a new one
    other = Database(db.url.render_as_string(hide_password=False), on_touched=touched)
    try:
        refresh_all(other, NOW + DAY)
    finally:
        other.close_now()
    db.write_now(attributes.add_tag, who, "vip", NOW + 2 * DAY, origin="test")
    assert moved(db, who) == ["segment_entered tired"]
