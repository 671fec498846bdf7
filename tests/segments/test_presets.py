"""The segments that ship: what each says, and that installing twice changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.db import Database
from core.segments import history, presets, rules
from core.segments.errors import SegmentError
from core.segments.models import SegmentRule
from core.segments.refresh import refresh_all
from tests.oracle import Person
from tests.segments.people import NOW, store

DAY = timedelta(days=1)


def test_installing_twice_changes_nothing(db: Database) -> None:
    assert db.write_now(presets.install, NOW) == len(presets.shipped())
    assert db.write_now(presets.install, NOW + DAY) == 0
    versions = db.read_now(lambda s: s.scalar(select(func.count()).select_from(SegmentRule)))
    assert versions == len(presets.shipped())


def test_installing_again_leaves_what_the_owner_switched_off_or_took_over(db: Database) -> None:
    db.write_now(presets.define, "buyers", "purchases >= 2", ("Мои", "Mine"), NOW)
    db.write_now(presets.install, NOW)
    db.write_now(presets.switch, "silent_90", False, NOW)
    assert db.write_now(presets.install, NOW) == 0
    assert db.read_now(rules.find, "buyers").rule == "purchases >= 2"
    assert not db.read_now(rules.find, "silent_90").enabled


def test_a_new_version_of_a_shipped_rule_is_installed_and_the_old_one_kept(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.write_now(presets.install, NOW)
    newer = presets.Preset("buyers", "money", "Покупатели", "Buyers", "purchases >= 2")
    monkeypatch.setattr(presets, "shipped", lambda: (newer,))
    assert db.write_now(presets.install, NOW + DAY) == 1
    kept = select(SegmentRule.rule, SegmentRule.since).order_by(SegmentRule.id.desc()).limit(1)
    assert db.read_now(lambda s: s.execute(kept).one()) == ("purchases >= 2", NOW + DAY)


@pytest.mark.parametrize(
    ("facts", "segments"),
    [
        ({}, {"no_purchase", "no_advertising"}),
        ({"answers": {("entry", "role"): ["freelancer"]}, "advertising_consent_at": NOW},
         {"freelancers", "no_purchase"}),
        ({"answers": {("entry", "role"): ["freelancer"]}, "last_seen_at": NOW - 15 * DAY},
         {"freelancers", "silent_14", "silent_freelancers", "no_purchase", "no_advertising"}),
        ({"last_seen_at": NOW - 91 * DAY, "advertising_consent_at": NOW, "purchases": [(NOW, 500)]},
         {"silent_14", "silent_30", "silent_90", "buyers"}),
        ({"unanswered": 3, "purchases": [(NOW, None)], "advertising_consent_at": NOW},
         {"unanswered_3", "buyers"}),
        ({"unanswered": 5, "purchases": [(NOW, 1)], "advertising_consent_at": NOW},
         {"unanswered_3", "unanswered_5", "buyers"}),
        ({"status": "blocked", "last_seen_at": NOW - 91 * DAY, "unanswered": 9}, {"blocked"}),
        ({"status": "known", "purchases": [(NOW, 1)], "answers": {("entry", "role"): ["Wholesaler"]}},
         {"buyers", "wholesalers"}),
        ({"answers": {("entry", "role"): ["starting", "owner", "manager"]}, "status": "stopped"},
         {"starting", "owners", "managers"}),
    ],
)  # fmt: skip
def test_a_person_stands_in_the_shipped_segments_that_fit_him(
    db: Database, facts: dict[str, Any], segments: set[str]
) -> None:
    db.write_now(presets.install, NOW)
    who = db.write_now(store, Person(**facts))
    refresh_all(db, NOW)
    assert set(db.read_now(history.segments_of, who)) == segments


def test_a_name_that_cannot_stand_in_a_rule_is_refused(db: Database) -> None:
    for name in ("", "two words", "1st", "x" * 65, 'a"b'):
        with pytest.raises(SegmentError, match="a segment's name is a letter"):
            db.write_now(rules.define, name, "tag a", ("", ""), NOW)


def test_a_segment_nobody_defined_is_answered_with_the_nearest_one(db: Database) -> None:
    db.write_now(presets.install, NOW)
    with pytest.raises(SegmentError, match="did you mean `buyers`"):
        db.read_now(rules.find, "buyer")
