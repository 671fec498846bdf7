"""`was in segment`: who is in it or has been, by the stays, whatever became of the rule since."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from core.db import Database, note_touched
from core.people import corrections
from core.segments import audience, presets, proposal, rules
from core.segments.errors import RuleError
from core.segments.preview import preview
from core.segments.refresh import refresh_all
from core.segments.scores.models import Score
from core.segments.why import why
from tests.oracle import Person
from tests.segments.members import segments_of
from tests.segments.people import NOW, store

DAY = timedelta(days=1)


def define(db: Database, **given: str) -> None:
    for name, rule in given.items():
        db.write_now(rules.define, name, rule, (name, name), NOW)


def untag(session: Session, who: int, when: datetime) -> None:
    assert corrections.untag(session, who, "vip", when)


@pytest.fixture
def crowd(db: Database) -> list[int]:
    """Somebody who is in `vip`, somebody who left it, somebody who never was in it."""
    define(db, vip="tag vip")
    people = [db.write_now(store, Person(tags={"vip"} if n < 2 else set())) for n in range(3)]
    refresh_all(db, NOW)
    db.write_now(untag, people[1], NOW + DAY)
    return people


def found(db: Database, rule: str, days: float = 1) -> list[int]:
    now = NOW + days * DAY
    return db.read_now(lambda s: list(s.scalars(audience.people_of(s, rule, now))))


def test_the_past_of_a_segment_is_a_stay_now_or_before(db: Database, crowd: list[int]) -> None:
    present, former, never = crowd
    assert found(db, "was in segment vip") == [present, former]
    assert found(db, "was in segment vip and not in segment vip") == [former]
    assert found(db, "not was in segment vip", 5000) == [never]
    assert found(db, "was in segment vip within 7 days", 8) == [present, former]
    assert found(db, "was in segment vip within 7 days", 8.001) == [present]
    assert found(db, "not was in segment vip within 7 days", 8.001) == [former, never]
    assert found(db, "was in segment vip within 2 hours", 1.05) == [present, former]
    assert found(db, "was in segment vip within 2 hours", 1.1) == [present]


def test_the_end_of_the_time_asked_for_comes_with_the_clock(db: Database, crowd: list[int]) -> None:
    define(db, late="was in segment vip within 7 days and not in segment vip")
    for days, inside in ((2, True), (8, True), (8.001, False)):
        report = refresh_all(db, NOW + days * DAY)
        assert report.error is None
        assert ("late" in db.read_now(segments_of, crowd[1])) is inside, days


def test_who_leaves_is_found_in_the_write_that_let_him_go(db: Database, crowd: list[int]) -> None:
    define(db, late="was in segment vip and not in segment vip")
    refresh_all(db, NOW + DAY)
    db.write_now(untag, crowd[0], NOW + 2 * DAY)
    assert db.read_now(segments_of, crowd[0]) == ("late",)


def test_nobody_may_ask_for_his_own_past(db: Database, crowd: list[int]) -> None:
    for name, rule in (("vip", "tag vip or was in segment vip"), ("vip", "not was in segment upper")):
        if "upper" in rule:
            define(db, upper="was in segment vip within 3 days")
        with pytest.raises(RuleError, match="in a circle"):
            define(db, **{name: rule})
    assert found(db, "in segment vip") == crowd[:1]


def test_the_past_outlives_the_rule_it_came_from(db: Database, crowd: list[int]) -> None:
    define(db, late="was in segment vip")
    with pytest.raises(rules.SegmentError, match="used by `late`"):
        db.write_now(rules.switch, "vip", False, NOW + DAY)
    db.write_now(rules.switch, "late", False, NOW + DAY)
    db.write_now(rules.switch, "vip", False, NOW + DAY)
    refresh_all(db, NOW + 2 * DAY)
    assert found(db, "was in segment vip", 3) == crowd[:2]
    assert found(db, "was in segment vip and not in segment vip", 3) == crowd[:2]
    define(db, vip="purchases >= 100")
    refresh_all(db, NOW + 3 * DAY)
    assert found(db, "was in segment vip", 4) == crowd[:2]


def test_a_new_rule_shows_beforehand_whom_the_past_will_find(db: Database, crowd: list[int]) -> None:
    newcomer = db.write_now(store, Person(tags={"vip"}))  # is in it from the next refresh on
    plan = db.read_now(proposal.propose, "late", "was in segment vip", NOW + DAY)
    assert plan.entering.count == 3, newcomer
    define(db, empty="tag nobody")
    seen = db.read_now(preview, "was in segment empty", NOW + DAY, "en")
    assert seen.lacking == ("nobody was in the segment “empty” yet",)
    assert db.read_now(preview, "was in segment vip", NOW + DAY, "ru").lacking == ()


def test_the_shipped_former_vips_are_those_who_were_vip_of_late(db: Database) -> None:
    def live(session: Session) -> list[int]:
        presets.install(session, NOW)
        return [store(session, Person(purchases=[(NOW - 30 * DAY, 100)], scores={"lifecycle": "vip"}))]

    (who,) = db.write_now(live)
    refresh_all(db, NOW)
    assert {"vip"} == set(db.read_now(segments_of, who)) & {"vip", "was_vip"}
    for days, inside in ((100, {"was_vip"}), (400, {"was_vip"}), (466, set())):
        db.write_now(lapse, who, NOW + 100 * DAY)
        assert refresh_all(db, NOW + days * DAY).error is None
        assert inside == set(db.read_now(segments_of, who)) & {"vip", "was_vip"}, days


def lapse(session: Session, who: int, when: datetime) -> None:
    session.execute(update(Score).where(Score.subscriber_id == who).values(lifecycle="lapsed"))
    note_touched(session, [who], when)


@pytest.mark.parametrize(
    ("rule", "place", "change"),
    [
        ("was in segment vip", 0, "nothing any more"),
        ("was in segment vip", 2, "entering the segment “vip”"),
        ("was in segment vip within 7 days", 0, "7 days after leaving the segment “vip”"),
        ("was in segment vip within 7 days", 1, "in 6 days"),
        ("not was in segment vip within 7 days", 1, "in 6 days"),
    ],
)
def test_the_why_card_names_what_would_change_it(
    db: Database, crowd: list[int], rule: str, place: int, change: str
) -> None:
    define(db, asked=rule)
    said = db.read_now(why, crowd[place], "asked", NOW + 2 * DAY)[0]
    assert said.change("en") == change
    assert said.change("ru")


def test_the_stays_are_read_out_of_their_index_alone(db: Database, crowd: list[int]) -> None:
    if not db.is_sqlite:
        pytest.skip("EXPLAIN QUERY PLAN is SQLite's")

    def plan(session: Session) -> list[str]:
        query = audience.people_of(session, "was in segment vip within 7 days", NOW)
        said = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": False}))
        rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", (1, 1)[: said.count("?")])
        return [row[3] for row in rows]

    stays = [line for line in db.read_now(plan) if "memberships" in line]
    assert [line.split(" USING ")[1].split(" (")[0] for line in stays] == [
        "COVERING INDEX ix_memberships_person"
    ]
    assert db.read_now(lambda s: s.scalar(text("SELECT count(*) FROM memberships"))) == 2
