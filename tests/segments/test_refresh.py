"""Refresh: touched people and everyone, blocks and ranks, rules that fail, people who move meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, event, func, literal_column, select, update
from sqlalchemy.orm import Session

from core.db import Database, note_touched
from core.people import activity, attributes, subscribers
from core.people.models import DailyCount, Event, Profile
from core.segments import refresh, rules, ruleset
from core.segments.conditions import Tagged
from core.segments.models import Membership, Segment, SegmentDay, SegmentMask, SegmentRefresh
from core.segments.refresh import refresh_all, refresh_touched
from tests.oracle import Person, Rule, members, written
from tests.segments.members import segments_of as names_of
from tests.segments.members import stays_of
from tests.segments.people import NOW, store, wipe

ZONE = ZoneInfo("Europe/Moscow")
DAY = timedelta(days=1)


def define(db: Database, **given: str) -> None:
    for name, rule in given.items():
        db.write_now(rules.define, name, rule, (name, name), NOW)


def person(db: Database, **facts: Any) -> int:
    return db.write_now(store, Person(**facts))


def segments_of(db: Database, who: int) -> set[str]:
    return set(db.read_now(names_of, who))


def touch(session: Session, /, who: int, now: datetime, **columns: Any) -> None:
    session.execute(update(Profile).where(Profile.subscriber_id == who).values(**columns))
    note_touched(session, [who], now)


# -- any history --------------------------------------------------------------------------------------

RULES: dict[str, Rule] = {  # in the order of ranks, as names sort
    "a_vip": ("tag", "vip"),
    "b_silent": ("and", ("compare", "status", "=", "active"), ("ago", "last_seen", 14, "day")),
    "c_buyer": ("compare", "purchases", ">=", 1),
    "d_active": ("event", "tapped", 2, 7),
    "e_spender": ("spent", "more than", 10, 30),
    "f_kazan": ("compare", "attr.city", "=", "Казань"),
    "g_silent_vip": ("and", ("segment", "a_vip"), ("segment", "b_silent")),
    "h_long_vip": ("segment for", "a_vip", 10),
    "h_was_silent": ("was", "b_silent", 2),
    "h_was_kazan": ("was", "f_kazan", None),
    "h_was_active": ("and", ("was", "d_active", 5), ("not", ("segment", "d_active"))),
    "i_neither": ("not", ("or", ("segment", "g_silent_vip"), ("segment", "h_long_vip"))),
}
acts = st.tuples(
    st.sampled_from(["tag", "seen", "buy", "tap", "city", "stop", "resume", "wait"]),
    st.integers(0, 2),
    st.sampled_from([0, 1, 3, 8, 15, 40]),
)


def act(session: Session, crowd: list[Person], what: str, who: int, now: datetime, place: int) -> bool:
    """Let somebody do something; returns False if nothing changed, so that nobody was touched."""
    somebody = crowd[who]
    number, key = somebody.number, f"{what}-{place}"
    match what:
        case "tag":
            somebody.tags.add("vip")
            return attributes.add_tag(session, number, "vip", now, origin="test")
        case "seen":
            subscribers.alive(session, number, now)
            somebody.last_seen_at = now
        case "buy":
            buy(session, somebody, now, place)
        case "tap":
            activity.record(session, number, "tapped", now, key=key)
            somebody.events.append(("tapped", now))
        case "city":
            city = ["Казань", "Москва"][place % 2]
            attributes.set_attribute(session, number, "city", city, now, origin="test")
            somebody.attributes["city"] = city
        case "stop" | "resume":
            verb = subscribers.opt_out if what == "stop" else subscribers.opt_in
            verb(session, number, now, key)
            somebody.status = "known"  # they have no chat, so derive_status says so
    return True


def buy(session: Session, somebody: Person, now: datetime, place: int) -> None:
    from core.sales.models import Purchase

    amount = [500, 2000, None][place % 3]
    somebody.purchases.append((now, amount))
    row = Purchase(order_id=f"{somebody.number}-{place}-x", subscriber_id=somebody.number, at=now)
    row.amount, row.currency, row.base_amount = amount or 1, "RUB", amount
    session.add(row)
    touch(
        session,
        somebody.number,
        now,
        purchases_count=Profile.purchases_count + 1,
        purchases_total=Profile.purchases_total + (amount or 0),
        last_purchase_at=now,
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(acts, max_size=12))
def test_touched_people_are_where_the_oracle_says_and_a_full_refresh_finds_nothing_else(
    db: Database, plan: list[tuple[str, int, int]]
) -> None:
    crowd = [Person(last_seen_at=NOW - 20 * DAY), Person(tags={"vip"}), Person(last_seen_at=NOW)]
    db.write_now(wipe)
    define(db, **{name: written(rule) for name, rule in RULES.items()})
    for somebody in crowd:
        db.write_now(store, somebody)
        members(RULES, somebody, NOW, ZONE, {})
    refresh_all(db, NOW)
    now = NOW
    for place, (what, who, later) in enumerate(plan):
        now += timedelta(hours=8 * later, seconds=1)
        if what == "wait":
            refresh_all(db, now)
            for somebody in crowd:
                members(RULES, somebody, now, ZONE, dict(somebody.stays))
            continue
        if not db.write_now(act, crowd, what, who, now, place):
            continue
        expected = members(RULES, crowd[who], now, ZONE, dict(crowd[who].stays))
        assert segments_of(db, crowd[who].number) == set(expected), (what, now)
    refresh_all(db, now)
    for somebody in crowd:
        expected = members(RULES, somebody, now, ZONE, dict(somebody.stays))
        assert segments_of(db, somebody.number) == set(expected)
        stays = db.read_now(stays_of, somebody.number)
        last = {name: of[-1] for name, of in stays.items()}
        assert {name: entered for name, (entered, left) in last.items() if left is None} == expected
    again = refresh_all(db, now)
    assert (again.entered, again.left, again.error) == (0, 0, None)
    db.read_now(check_derived)


def check_derived(session: Session) -> None:
    """Masks, sizes and days are what the stays amount to."""
    stays = list(session.execute(select(Membership.subscriber_id, Membership.segment_id, Membership.left_at)))
    masks = dict(session.execute(select(SegmentMask.subscriber_id, SegmentMask.mask)).all())
    for who, mask in masks.items():
        assert mask == sum(1 << (number - 1) for p, number, left in stays if p == who and left is None)
    for segment in session.scalars(select(Segment)):
        own = [left for _, number, left in stays if number == segment.id]
        assert segment.size == sum(left is None for left in own)
        days = session.execute(
            select(func.sum(SegmentDay.entered), func.sum(SegmentDay.left)).where(
                SegmentDay.segment_id == segment.id
            )
        ).one()
        assert (days[0] or 0, days[1] or 0) == (len(own), sum(left is not None for left in own))


# -- blocks and ranks ---------------------------------------------------------------------------------


def test_more_than_62_segments_fill_several_blocks(db: Database) -> None:
    define(db, **{f"s{n}": f"unanswered >= {n}" for n in range(1, 131)})
    who = person(db, unanswered=100)
    refresh_all(db, NOW)
    assert segments_of(db, who) == {f"s{n}" for n in range(1, 101)}
    assert db.read_now(lambda s: list(s.scalars(select(SegmentMask.mask).order_by(SegmentMask.block)))) == [
        2**62 - 1,
        2**38 - 1,
    ]
    db.write_now(touch, who, NOW, unanswered=1)
    assert segments_of(db, who) == {"s1"}


def test_a_chain_of_five_references_follows_in_one_write(db: Database) -> None:
    define(db, r0="tag vip")
    for rank in range(1, 6):
        define(db, **{f"r{rank}": f"in segment r{rank - 1}"})
    who = person(db)
    db.write_now(attributes.add_tag, who, "vip", NOW, origin="test")
    assert segments_of(db, who) == {f"r{rank}" for rank in range(6)}
    with pytest.raises(rules.RuleError, match="at most 5 steps"):
        define(db, r6="in segment r5")


def test_a_circle_of_references_is_refused(db: Database) -> None:
    define(db, one="tag a")
    define(db, two="in segment one")
    with pytest.raises(rules.RuleError, match="circle: one → two → one"):
        define(db, one="in segment two")


def test_a_changed_rule_lifts_the_rank_of_those_that_refer_to_it(db: Database) -> None:
    define(db, late="tag late", early="tag early")
    define(db, user="in segment early")
    define(db, early="in segment late")
    ranks = {info.name: info.number for info in db.read_now(rules.all_segments)}
    stored = db.read_now(lambda s: dict(s.execute(select(Segment.name, Segment.rank)).all()))
    assert (stored["late"], stored["early"], stored["user"]) == (0, 1, 2)
    assert len(ranks) == 3


# -- rules that fail ----------------------------------------------------------------------------------


def test_a_failing_rule_is_found_and_set_aside_with_those_that_refer_to_it(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(db, **{f"ok{n}": f"unanswered >= {n}" for n in range(1, 8)})
    define(db, broken="tag boom", after="in segment ok1")
    define(db, user="in segment broken and unanswered = 0")
    who = person(db, unanswered=3, tags={"boom"})
    refresh_all(db, NOW)
    real = Tagged.sql

    def failing(self: Tagged, binds: Any) -> ColumnElement[bool]:
        return literal_column("no_such_function(1) = 1") if self.tag == "boom" else real(self, binds)

    monkeypatch.setattr(Tagged, "sql", failing)
    ruleset._cache.clear()
    db.write_now(touch, who, NOW + DAY, unanswered=0)
    assert segments_of(db, who) == {"broken"}, "the broken keeps its member, the user is not computed"
    report = refresh_all(db, NOW + DAY)
    errors = {segment.name: segment.error for segment in report.segments if segment.error}
    assert set(errors) == {"broken", "user"}
    assert "no_such_function" in (errors["broken"] or "")
    assert "refers to the segment broken" in (errors["user"] or "")
    assert db.read_now(rules.find, "broken").error
    assert db.read_now(rules.find, "ok1").error is None
    monkeypatch.undo()
    healed = refresh_all(db, NOW + 2 * DAY)
    assert healed.error is None
    assert segments_of(db, who) == {"broken", "user"}
    assert db.read_now(rules.find, "broken").error is None


def test_a_stored_rule_that_cannot_be_read_any_more_is_shown_stale(db: Database) -> None:
    define(db, old="tag a", fine="tag b")
    db.write_now(
        lambda s: s.execute(update(Segment).where(Segment.name == "old").values(rule="moon = full ~"))
    )
    report = refresh_all(db, NOW)
    assert [segment.name for segment in report.segments if segment.error] == ["old"]


# -- everyone -----------------------------------------------------------------------------------------


def test_people_touched_in_mid_scan_keep_what_their_touch_gave_them(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(db, silent="last_seen more than 14 days ago")
    touched, other = (person(db, last_seen_at=NOW - 13 * DAY) for _ in range(2))
    later = NOW + 2 * DAY
    scan = refresh._scan

    def scan_and_touch(session: Session, *given: Any) -> Any:
        found = scan(session, *given)
        db.write_now(subscribers.alive, touched, later + timedelta(seconds=1))
        return found

    monkeypatch.setattr(refresh, "_scan", scan_and_touch)
    report = refresh_all(db, later)
    assert segments_of(db, touched) == set()
    assert segments_of(db, other) == {"silent"}
    assert (report.entered, report.left) == (1, 0)


def test_a_write_that_waited_since_before_the_scan_is_not_overwritten(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(db, silent="last_seen more than 14 days ago", tagged="tag x")
    who = person(db, last_seen_at=NOW - 30 * DAY)
    refresh_all(db, NOW)
    scan = refresh._scan

    def scan_and_write(session: Session, *given: Any) -> Any:
        found = scan(session, *given)
        db.write_now(attributes.add_tag, who, "x", NOW, origin="test")  # its business moment is older
        return found

    monkeypatch.setattr(refresh, "_scan", scan_and_write)
    refresh_all(db, NOW + DAY)
    assert segments_of(db, who) == {"silent", "tagged"}


def test_rules_changed_in_mid_refresh_begin_it_again(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    define(db, one="unanswered >= 3")
    who = person(db, unanswered=3)
    scan, changed = refresh._scan, []

    def scan_and_define(session: Session, *given: Any) -> Any:
        found = scan(session, *given)
        if not changed:
            changed.append(True)
            define(db, one="unanswered >= 5")
        return found

    monkeypatch.setattr(refresh, "_scan", scan_and_define)
    refresh_all(db, NOW)
    assert segments_of(db, who) == set()


def test_a_full_refresh_moves_people_by_the_clock_and_tells_what_it_did(db: Database) -> None:
    define(db, silent="last_seen more than 14 days ago", everyone="unanswered >= 0")
    people = [person(db, last_seen_at=NOW - days * DAY) for days in (1, 10, 20)]
    first = refresh_all(db, NOW)
    assert (first.people, first.entered, first.left) == (3, 4, 0)
    second = refresh_all(db, NOW + 5 * DAY)
    assert (second.entered, second.left) == (1, 0)
    by_name = {segment.name: segment for segment in second.segments}
    assert (by_name["silent"].size, by_name["silent"].entered) == (2, 1)
    assert segments_of(db, people[1]) == {"silent", "everyone"}
    row = db.read_now(lambda s: s.scalars(select(SegmentRefresh).order_by(SegmentRefresh.id.desc())).first())
    assert row is not None
    assert (row.people, row.entered, row.error) == (3, 1, None)


def test_entering_and_leaving_are_facts_except_for_those_who_were_there_before_the_segment(
    db: Database,
) -> None:
    db.on_touched = None
    who = person(db, unanswered=4)
    define(db, tired="unanswered >= 3")
    refresh_all(db, NOW)
    assert facts(db, who) == []
    db.write_now(touch_and_refresh, who, NOW + DAY, unanswered=0)
    db.write_now(touch_and_refresh, who, NOW + 2 * DAY, unanswered=3)
    assert facts(db, who) == [
        ("segment_left", {"segment": "tired"}),
        ("segment_entered", {"segment": "tired"}),
    ]
    counted = db.read_now(
        lambda s: s.scalar(select(DailyCount.count).where(DailyCount.kind == "segment_entered"))
    )
    assert counted == 1


def touch_and_refresh(session: Session, /, who: int, now: datetime, **columns: Any) -> None:
    touch(session, who, now, **columns)
    session.info.clear()
    refresh_touched(session, [who], now)
    assert not session.info.get("touched"), "a refresh does not touch again"


def facts(db: Database, who: int) -> list[tuple[str, Any]]:
    query = select(Event.kind, Event.detail).where(Event.subscriber_id == who).order_by(Event.id)
    return [tuple(row) for row in db.read_now(lambda s: s.execute(query).all())]


def test_sizes_that_drifted_are_put_right(db: Database) -> None:
    define(db, tired="unanswered >= 3")
    person(db, unanswered=4)
    refresh_all(db, NOW)
    db.write_now(lambda s: s.execute(update(Segment).values(size=77)))
    assert refresh_all(db, NOW + DAY).segments[0].size == 1


def test_a_segment_switched_off_lets_its_people_go_and_keeps_their_stays(db: Database) -> None:
    define(db, tired="unanswered >= 3")
    define(db, user="in segment tired")
    who = person(db, unanswered=4)
    refresh_all(db, NOW)
    with pytest.raises(rules.SegmentError, match="used by `user`"):
        db.write_now(rules.switch, "tired", False, NOW)
    db.write_now(rules.switch, "user", False, NOW)
    refresh_all(db, NOW + DAY)
    assert segments_of(db, who) == {"tired"}
    assert set(db.read_now(stays_of, who)) == {"tired", "user"}
    db.write_now(rules.switch, "user", True, NOW)
    refresh_all(db, NOW + DAY)
    assert segments_of(db, who) == {"tired", "user"}


# -- how it is done -----------------------------------------------------------------------------------


def test_a_refresh_of_one_person_scans_no_table_of_people(db: Database) -> None:
    if not db.is_sqlite:
        pytest.skip("EXPLAIN QUERY PLAN is SQLite's")
    define(
        db,
        role="quiz entry.role = owner",
        city='city = "Казань"',
        busy="event tapped at least 3 times within 14 days",
        rich="spent more than 100 within 90 days",
        silent="status = active and last_seen more than 14 days ago",
    )
    define(db, old="in segment silent for at least 3 days and not in segment role")
    who = [person(db, unanswered=n) for n in range(20)]
    seen: list[tuple[str, Any]] = []
    db.write_now(lambda s: event.listen(s.get_bind(), "before_cursor_execute", _keeper(seen)))
    db.write_now(refresh_touched, who[:3], NOW)
    selects = [(sql, given) for sql, given in seen if sql.startswith("SELECT") and "subscribers" in sql]
    assert len(selects) == 2, "one SELECT a rank"
    with db.engine.connect() as connection:
        for sql, given in selects:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]
            scans = [line for line in plan if line.startswith("SCAN") or "BLOOM" in line]
            assert all(line.startswith("SCAN given VIRTUAL TABLE") for line in scans), plan


def _keeper(seen: list[tuple[str, Any]]) -> Any:
    def keep(_c: Any, _cursor: Any, sql: str, given: Any, _context: Any, _many: bool) -> None:
        seen.append((sql, given))

    return keep


def test_a_refresh_of_everyone_writes_in_small_chunks(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    db.on_touched = None
    for n in range(30):
        person(db, unanswered=n)
    define(db, **{f"s{n}": f"unanswered >= {n}" for n in range(1, 11)})
    monkeypatch.setattr(refresh, "CHUNK", 25)
    apply_chunk, sizes = refresh._apply_chunk, []

    def counted(session: Session, *given: Any) -> Any:
        moves = apply_chunk(session, *given)
        sizes.append(len(moves or ()))
        return moves

    monkeypatch.setattr(refresh, "_apply_chunk", counted)
    report = refresh_all(db, NOW)
    assert sum(sizes) == report.entered == 245
    assert max(sizes) <= 25
