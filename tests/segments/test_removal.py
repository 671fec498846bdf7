"""An owner's segment deleted: what asks for it holds it, what remains of it, who it is to whom afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.db import Database
from core.mailing.depending import delete_segment
from core.mailing.models import Campaign
from core.reports import person as people
from core.segments import catalogue, drafts, naming, presets, rules
from core.segments.errors import RuleError, SegmentError
from core.segments.language import parse
from core.segments.refresh import refresh_all
from core.segments.removal import remove
from tests.oracle import Person
from tests.segments.people import NOW, store

DAY = timedelta(days=1)
TITLES = ("Важные", "Important")


@pytest.fixture
def vip(db: Database) -> int:
    db.write_now(store, Person(tags={"vip"}))
    number = db.write_now(rules.define, "vip", "tag vip", TITLES, NOW).number
    refresh_all(db, NOW)
    return number


def test_a_deleted_segment_is_in_no_list_and_its_people_remember_it(db: Database, vip: int) -> None:
    draft = db.write_now(drafts.begin, 7001, vip, "text", "k", NOW)
    assert draft is not None
    was, held = db.write_now(delete_segment, vip, NOW + DAY)
    assert (was.name, was.size, bool(held)) == ("vip", 1, False)
    refresh_all(db, NOW + DAY)
    for gone in (rules.by_number, lambda session, number: rules.find(session, "vip")):
        with pytest.raises(SegmentError):
            db.read_now(gone, vip)
    assert db.read_now(rules.all_segments, disabled=True) == ()
    assert db.read_now(people.inside, vip, 0) is None
    kept = db.read_now(drafts.find, draft.id, 7001)
    assert kept is not None
    assert kept.state == "dropped"
    with pytest.raises(SegmentError):
        db.write_now(naming.rename, vip, "Другие")
    with pytest.raises(RuleError):
        db.read_now(lambda session: parse("in segment vip", catalogue.known(session)))
    stays = db.read_now(people.stays, 1)
    assert [(one.title_ru, one.left_at is not None) for one in stays] == [("Важные", True)]
    assert not db.read_now(people.stays, 1, only_open=True)


def test_the_name_is_free_again_and_the_number_is_not(db: Database, vip: int) -> None:
    db.write_now(remove, vip, NOW)
    again = db.write_now(rules.define, "vip", "tag vip", TITLES, NOW + DAY)
    assert again.number != vip
    report = refresh_all(db, NOW + DAY)
    assert report.error is None
    assert (again.name, report.entered, report.left) == ("vip", 1, 1)


def test_what_asks_for_it_holds_it(db: Database, vip: int) -> None:
    upper = db.write_now(rules.define, "upper", "in segment vip", ("Верхние", "Upper"), NOW).number
    db.write_now(rules.switch, "upper", False, NOW)
    campaign = Campaign(name="Весна", audience="in segment vip", time_zone="UTC", created_at=NOW, key="k")
    db.write_now(lambda session: session.add(campaign))
    found, held = db.write_now(delete_segment, vip, NOW)
    assert [one.name for one in held.segments] == ["upper"]
    assert [one.name for one in held.campaigns] == ["Весна"]
    with pytest.raises(SegmentError, match="is used by `upper`"):
        db.write_now(remove, vip, NOW)
    assert db.read_now(rules.by_number, vip) == found
    db.write_now(remove, upper, NOW)
    db.write_now(lambda session: setattr(session.get(Campaign, 1), "state", "cancelled"))
    assert not db.write_now(delete_segment, vip, NOW)[1]


def test_what_ships_is_not_deleted_and_coverage_forgets_what_was(db: Database) -> None:
    db.write_now(presets.install, NOW)
    buyers, told = db.read_now(rules.find, "buyers"), db.read_now(rules.find, "owners").family
    with pytest.raises(SegmentError, match="ships with the program"):
        db.write_now(delete_segment, buyers.number, NOW)
    db.write_now(rules.define, "thrifty", "purchases = 1", ("Свои", "Own"), NOW, family=told)
    db.write_now(presets.cover, NOW)
    assert "thrifty" in rules.asked_for(db.read_now(rules.find, rules.GENERATED).rule)
    db.write_now(delete_segment, db.read_now(rules.find, "thrifty").number, NOW)
    assert "thrifty" not in rules.asked_for(db.read_now(rules.find, rules.GENERATED).rule)
    assert refresh_all(db, NOW).error is None
