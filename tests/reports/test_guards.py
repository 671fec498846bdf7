"""The guards: each finds its cause, tells it once, and keeps quiet when all is well or it was told to."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core.clock import local_day
from core.db import Database
from core.errors import SettingsError
from core.mailing.models import Campaign, Delivery
from core.people import activity
from core.people.models import Profile, Subscriber
from core.reports import guards
from core.reports.guards import checks, jumps, sources, state
from core.reports.guards.jumps import Day, judge
from core.reports.models import GuardAlarm
from core.sales.models import Import
from core.segments.models import Membership, Segment, SegmentDay, SegmentMask, SegmentRule
from core.segments.rules import GENERATED
from core.settings import Settings

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LIMITS = guards.limits()
LONG_AGO = NOW - timedelta(days=500)


def add_segment(session: Session, /, number: int, name: str, size: int = 0, **fields: object) -> None:
    row = {"id": number, "name": name, "title_ru": name, "title_en": name, "rule": "letters >= 0"}
    row |= {"created_at": LONG_AGO, "refreshed_at": NOW, "size": size, "family": "own"} | fields
    session.execute(insert(Segment), [row])


def add_people(session: Session, /, count: int, bought: int = 0, **fields: object) -> None:
    rows = [{"id": who, "telegram_id": who, "status": "active"} for who in range(1, count + 1)]
    session.execute(insert(Subscriber), [{**row, "created_at": LONG_AGO, **fields} for row in rows])
    profiles = [
        {
            "subscriber_id": who,
            "touched_at": LONG_AGO,
            "purchases_count": int(who <= bought),
            "purchases_total": 1000 * (who <= bought),
            "last_purchase_at": NOW - timedelta(days=70) if who <= bought else None,
        }
        for who in range(1, count + 1)
    ]
    session.execute(insert(Profile), profiles)


def join(session: Session, number: int, people: range, entered: datetime = LONG_AGO) -> None:
    rows = [{"segment_id": number, "subscriber_id": who, "entered_at": entered} for who in people]
    session.execute(insert(Membership), rows)
    known = {row.subscriber_id: row for row in session.scalars(select(SegmentMask))}
    for who in people:
        if who in known:
            known[who].mask |= 1 << (number - 1)
        else:
            session.add(SegmentMask(subscriber_id=who, block=0, mask=1 << (number - 1)))
    session.flush()


def add_days(session: Session, number: int, sizes: list[int], last: date) -> None:
    rows = [
        {"segment_id": number, "day": last - timedelta(days=ago), "size": size, "entered": 2, "left": 2}
        for ago, size in enumerate(reversed(sizes))
    ]
    session.execute(insert(SegmentDay), rows)


def watch(db: Database, now: datetime = NOW) -> tuple[guards.Alarm, ...]:
    guards.watch(db, now, Settings(_env_file=None))  # type: ignore[call-arg]
    return db.read_now(guards.shown, now, 99)


async def test_a_segment_that_fails_or_is_not_computed_is_told(db: Database) -> None:
    def story(session: Session) -> None:
        add_segment(session, 1, "fresh", 10)
        add_segment(session, 2, "old", 20, refreshed_at=NOW - timedelta(hours=25))
        add_segment(session, 3, "older", 5, refreshed_at=NOW - timedelta(hours=50))
        add_segment(session, 4, "broken", 7, error="unknown field `x`")
        add_segment(session, 5, "off", 9, refreshed_at=None, enabled=False)
        add_segment(session, 6, "young", 0, refreshed_at=None, created_at=NOW)
        found = {one.subject: one for one in checks.stale(session, NOW, LIMITS)}
        assert set(found) == {"old", "error:broken"}
        assert found["old"].facts == {"segment": "old", "count": 2, "hours": 50}
        assert found["error:broken"].people == 7

    db.write_now(story)


async def test_a_failing_segment_of_the_longest_name_is_an_alarm_of_its_own(db: Database) -> None:
    names = ["x" * 63 + letter for letter in "ab"]

    def story(session: Session) -> None:
        for number, name in enumerate(names, 1):
            add_segment(session, number, name, 10, error="unknown field `x`")

    db.write_now(story)
    alarms = watch(db)
    assert {one.facts["segment"] for one in alarms} == set(names)
    longest = GuardAlarm.__table__.c.subject.type.length  # type: ignore[attr-defined]
    assert all(len(one.subject) <= longest for one in alarms)
    assert db.read_now(guards.shown, NOW, 99) == watch(db, NOW + timedelta(hours=1))


async def test_coverage_speaks_of_a_share_of_the_active(db: Database) -> None:
    def story(session: Session) -> None:
        add_people(session, 100)
        add_segment(session, 1, GENERATED, 50, is_preset=True, preset=GENERATED)
        assert checks.uncovered(session, NOW, LIMITS) == []  # exactly on the threshold
        session.execute(update(Segment).values(size=51))
        (found,) = checks.uncovered(session, NOW, LIMITS)
        assert (found.people, found.facts["share"], found.facts["active"]) == (51, 0.51, 100)
        session.execute(update(Segment).values(created_at=NOW))
        assert checks.uncovered(session, NOW, LIMITS) == []  # made today: let it fill first

    db.write_now(story)


async def test_coverage_is_told_with_the_numbers_its_button_opens(db: Database) -> None:
    def story(session: Session) -> None:
        add_people(session, 100)
        add_segment(session, 1, GENERATED, 60, is_preset=True, preset=GENERATED)

    db.write_now(story)
    assert [one.facts["people"] for one in watch(db)] == [60]
    db.write_now(lambda session: session.execute(update(Segment).values(size=55)))
    (alarm,) = db.read_now(guards.shown, NOW)  # the guards look again tomorrow
    assert (alarm.people, alarm.facts["people"], alarm.facts["share"]) == (55, 55, 0.55)
    db.write_now(lambda session: session.execute(update(Segment).values(size=50)))
    assert db.read_now(guards.shown, NOW) == ()


async def test_a_segment_resting_on_one_source_is_told_unless_the_base_does_or_its_rule_asks_for_it(
    db: Database,
) -> None:
    def story(session: Session) -> None:
        add_people(session, 300)
        session.execute(update(Subscriber).values(joined_at=LONG_AGO))
        session.execute(update(Subscriber).where(Subscriber.id <= 80).values(source="ads"))
        file = update(Subscriber).where(Subscriber.id > 240)
        session.execute(file.values(telegram_id=None, joined_at=None, status="known"))
        made = (
            ("on_ads", range(1, 61), "letters >= 0"),
            ("asked", range(1, 61), "source = ads"),
            ("mixed", range(50, 120), "letters >= 0"),
            ("filed", range(241, 301), "letters >= 0"),
            ("few", range(1, 20), "letters >= 0"),
        )
        for number, (name, people, rule) in enumerate(made, 1):
            add_segment(session, number, name, len(people), rule=rule)
            join(session, number, people)
        found = {one.facts["segment"]: one for one in sources.one_source(session, NOW, LIMITS)}
        assert {name: (one.facts["source"], one.facts["share"]) for name, one in found.items()} == {
            "on_ads": ("ads", 1.0),
            "filed": ("", 1.0),
        }
        session.execute(update(Subscriber).values(source="ads"))  # now the whole base came so
        assert sources.one_source(session, NOW, LIMITS) == []

    db.write_now(story)


async def test_buyers_without_a_letter_are_told_while_others_get_them(db: Database) -> None:
    def letters(session: Session, people: range, at: datetime) -> None:
        made = {"name": "x", "audience": "letters >= 0", "created_at": at, "started_at": at, "key": str(at)}
        campaign = session.scalar(insert(Campaign).returning(Campaign.id), [{**made, "state": "running"}])
        rows = [
            {
                "campaign_id": campaign,
                "subscriber_id": who,
                "occasion": "once",
                "lane": 3,
                "state": "sent",
                "due_at": at,
                "finished_at": at,
            }
            for who in people
        ]
        session.execute(insert(Delivery), rows)

    def story(session: Session) -> None:
        add_people(session, 40, bought=15)
        for days in (3, 9):
            letters(session, range(16, 41), NOW - timedelta(days=days))
        letters(session, range(1, 41), NOW - timedelta(days=31))
        (found,) = checks.ignored(session, NOW, LIMITS)
        assert (found.people, found.money) == (15, 15_000)
        assert found.facts == {"days": 30, "buyers": 15, "letters": 2.0}
        letters(session, range(1, 2), NOW - timedelta(days=1))
        assert checks.ignored(session, NOW, LIMITS) == []

    db.write_now(story)


async def test_a_vip_who_fell_silent_is_a_person_to_call(db: Database) -> None:
    def story(session: Session) -> None:
        add_people(session, 4, bought=3)
        add_segment(session, 1, "was_vip", 3)
        join(session, 1, range(1, 2), NOW - timedelta(days=2))
        join(session, 1, range(2, 3), NOW - timedelta(days=31))
        join(session, 1, range(3, 4), LONG_AGO)  # there as the segment began
        (found,) = checks.was_vip(session, NOW, LIMITS)
        assert (found.subject, found.subscriber_id, found.money) == ("1", 1, 1000)
        assert found.facts == {"purchases": 1, "days": 70}

    db.write_now(story)


def calm(size: int, days: int = 30) -> list[Day]:
    return [Day(size + (ago % 3) - 1, 6) for ago in range(days)]


def test_a_jump_is_far_beyond_noise_and_beyond_all_of_the_days_before() -> None:
    days = calm(120)
    assert judge([*days, Day(360, 240)], LIMITS) is not None
    assert judge([*days, Day(200, 80)], LIMITS) is None  # not twice as many
    assert judge([*calm(10), Day(29, 20)], LIMITS) is None  # too few people
    assert judge([*days[-10:], Day(360, 240)], LIMITS) is None  # too short a history
    down = judge([*days, Day(40, 80)], LIMITS)
    assert down is not None
    assert round(down.ratio, 1) == 3.0
    weekly = [Day(size, 40) for size in (40, 100) * 15]
    assert judge([*weekly, Day(100, 60)], LIMITS) is None  # it does so all the time
    ordinary = [100, 101, *([102] * 19)]
    assert judge([*days, Day(360, 240)], LIMITS, ordinary).last_year == 1.01  # type: ignore[union-attr]
    christmas = [100] * 10 + [290] * 11
    assert judge([*days, Day(360, 240)], LIMITS, christmas) is None


def test_a_calm_base_is_alarmed_less_than_once_a_month() -> None:
    """Sixty segments a year, sizes 30 to 20,000, clustered coming and going, weekends, growth and decline."""
    dice = random.Random(20260302)
    alarms = 0
    for _ in range(60):
        size = int(10 ** dice.uniform(1.5, 4.3))
        share, drift = dice.uniform(0.002, 0.15), dice.uniform(-0.002, 0.002)
        days: list[Day] = []
        for day in range(365 + jumps.WINDOW):
            mean = size * share * (0.5 if day % 7 > 4 else 1.2) * dice.gammavariate(2, 0.5)
            came = _poisson(dice, mean * (1 + drift / share))
            left = min(_poisson(dice, mean), size + came)
            size = max(size + came - left, 5)
            days.append(Day(size, came + left))
            if len(days) > jumps.WINDOW and judge(days[-jumps.WINDOW - 2 :], LIMITS) is not None:
                alarms += 1
    a_month = alarms / 12
    print(f"false alarms of sixty calm segments: {a_month:.2f} a month")
    assert a_month <= 1


def _poisson(dice: random.Random, mean: float) -> int:
    if mean > 50:
        return max(round(dice.gauss(mean, mean**0.5)), 0)
    count, product, floor = 0, dice.random(), 2.718281828459045**-mean
    while product > floor:
        count, product = count + 1, product * dice.random()
    return count


async def test_a_jump_names_what_happened_and_stays_one_alarm_for_all_it_moved(db: Database) -> None:
    today = local_day(NOW, activity.zone())

    def story(session: Session) -> None:
        for number, name in ((1, "at_risk"), (2, "lapsed"), (3, "calm"), (4, "changed")):
            add_segment(session, number, name, 100)
            session.add(SegmentRule(segment_id=number, rule="letters >= 0", since=LONG_AGO))
        add_days(session, 1, [*([120, 121] * 15), 360], today)
        add_days(session, 2, [*([50, 50, 51] * 10), 250], today)
        add_days(session, 3, [50] * 30, today)
        add_days(session, 4, [*([90] * 29), 30, 31], today)  # yesterday
        session.add(SegmentRule(segment_id=4, rule="letters >= 1", since=NOW - timedelta(days=1)))
        made = {"kind": "purchases", "file_name": "orders.csv", "file_hash": "x", "counts": {"added": 900}}
        session.execute(insert(Import), [{**made, "started_at": NOW - timedelta(hours=2)}])

    db.write_now(story)
    found = {one.facts["segments"][0]["segment"]: one for one in watch(db) if one.guard == "jump"}
    assert set(found) == {"at_risk", "changed"}
    risk = found["at_risk"].facts
    assert [(one["segment"], one["before"], one["after"]) for one in risk["segments"]] == [
        ("at_risk", 121, 360),
        ("lapsed", 51, 250),
    ]
    assert [(one["kind"], one["name"], one["count"]) for one in risk["causes"]] == [
        ("import", "orders.csv", 900)
    ]
    assert found["changed"].facts["causes"][0]["kind"] == "rule"
    assert [one.guard for one in watch(db, NOW + timedelta(days=2))] == ["stale"]  # two days on it is over


async def test_what_is_done_after_a_jump_was_seen_changes_neither_its_alarm_nor_its_cause(
    db: Database,
) -> None:
    today, hour = local_day(NOW, activity.zone()), timedelta(hours=1)

    def story(session: Session) -> None:
        for number, name in ((1, "at_risk"), (2, "lapsed"), (3, "later")):
            add_segment(session, number, name, 100)
        add_days(session, 1, [*([120, 121] * 15), 360], today)
        add_days(session, 2, [*([50, 50, 51] * 10), 250], today)
        add_days(session, 3, [50] * 31, today)

    def imported(session: Session) -> None:
        made = {"kind": "purchases", "file_name": "orders.csv", "file_hash": "x", "counts": {"added": 900}}
        session.execute(insert(Import), [{**made, "started_at": NOW + hour}])
        of_today = (SegmentDay.segment_id == 3, SegmentDay.day == today)
        session.execute(update(SegmentDay).where(*of_today).values(size=400))
        grown = (SegmentDay.segment_id == 2, SegmentDay.day == today)
        session.execute(update(SegmentDay).where(*grown).values(size=900))  # the greatest by now

    db.write_now(story)
    (first,) = watch(db)
    assert first.facts["causes"] == []
    db.write_now(imported)
    for later in (NOW + 2 * hour, NOW + 4 * hour):
        found = {one.number: one for one in watch(db, later)}
        assert set(found) == {first.number, first.number + 1}
        assert found[first.number].subject == first.subject
        assert found[first.number].facts["causes"] == []
        assert [one["segment"] for one in found[first.number].facts["segments"]] == ["lapsed", "at_risk"]
        other = found[first.number + 1].facts
        assert other["segments"][0]["segment"] == "later"
        assert [one["name"] for one in other["causes"]] == ["orders.csv"]


async def test_an_alarm_is_told_once_until_it_has_gone_for_good(db: Database) -> None:
    def error(text: str | None) -> None:
        db.write_now(lambda session: session.execute(update(Segment).values(error=text, refreshed_at=at)))

    at = NOW
    db.write_now(add_segment, 1, "broken", 7, error="bad")
    (one,) = watch(db)
    assert db.read_now(guards.shown, NOW, untold_to=7) == (one,)
    db.write_now(guards.mark_told, [one.number], 7, NOW)
    assert db.read_now(guards.shown, NOW, untold_to=7) == ()
    assert db.read_now(guards.shown, NOW, untold_to=8) == (one,)  # another owner has not heard
    assert [seen.number for seen in db.read_now(guards.shown, NOW)] == [one.number]
    for hours, text in ((2, None), (4, "bad")):  # gone, and back at once: the same
        at = NOW + timedelta(hours=hours)
        error(text)
        watch(db, at)
    assert db.read_now(guards.shown, at, untold_to=7) == ()
    assert [seen.number for seen in db.read_now(guards.shown, at)] == [one.number]
    at = NOW + timedelta(days=1)
    error(None)
    assert watch(db, at) == ()
    at = NOW + timedelta(days=10)
    error("bad")
    (again,) = watch(db, at)
    assert again.number != one.number
    assert db.read_now(guards.shown, at, untold_to=7) == (again,)


async def test_a_snooze_holds_even_if_the_cause_comes_and_goes(db: Database) -> None:
    db.write_now(add_segment, 1, "broken", 7, error="bad")
    (one,) = watch(db)
    assert db.write_now(guards.snooze, one.number, NOW, 30)
    assert not db.write_now(guards.snooze, 99, NOW, 30)
    assert watch(db, NOW + timedelta(days=1)) == ()
    db.write_now(lambda session: session.execute(update(Segment).values(error=None)))
    fresh = update(Segment).values(refreshed_at=NOW + timedelta(days=12))
    db.write_now(lambda session: session.execute(fresh))
    assert watch(db, NOW + timedelta(days=12)) == ()
    db.write_now(lambda session: session.execute(update(Segment).values(error="bad")))
    assert watch(db, NOW + timedelta(days=25)) == ()
    assert len(watch(db, NOW + timedelta(days=31))) == 1


async def test_three_are_shown_the_most_money_first_and_nothing_when_all_is_well(db: Database) -> None:
    db.write_now(add_segment, 1, "well", 7)
    assert watch(db) == ()

    def story(session: Session) -> None:
        for number, money in enumerate((10, 5000, 0, 70), 1):
            alarm = {"guard": "stale", "subject": str(number), "people": number, "money": money}
            session.execute(insert(GuardAlarm), [{**alarm, "first_at": NOW, "seen_at": NOW, "facts": {}}])

    db.write_now(story)
    assert [one.subject for one in db.read_now(guards.shown, NOW)] == ["2", "4", "1"]


async def test_guards_look_when_due_and_nothing_twice(db: Database) -> None:
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    db.write_now(add_segment, 1, "broken", 7, error="bad")
    assert guards.watch(db, NOW, settings) == 1
    assert guards.watch(db, NOW, settings) == 0
    assert set(db.read_now(state._due, NOW + timedelta(hours=1))) == {"quick"}
    assert set(db.read_now(state._due, NOW + timedelta(days=1))) == {"quick", "daily"}
    assert set(db.read_now(state._due, NOW - timedelta(days=3))) == {"quick", "daily"}  # a clock set back


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("jump_ration=3", "no threshold `jump_ration`, did you mean `jump_ratio`"),
        ("jump_ratio=many", "jump_ratio should be a number from 1.2 to 100"),
        ("jump_ratio=1", "from 1.2 to 100"),
        ("jump_ratio", "from 1.2 to 100"),
        ("source_share=nan", "from 0.5 to 1"),
    ],
)
def test_a_wrong_threshold_is_told_in_a_sentence(given: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        guards.limits(given)


def test_the_page_tells_every_threshold_as_it_is() -> None:
    page = (Path(__file__).parents[2] / "docs" / "guards.md").read_text(encoding="utf-8")
    for one in guards.LIMITS:
        assert f"| `{one.name}` | {one.default:g} | {one.low:g} – {one.high:g} | {one.meaning} |" in page
    for name in (*state.QUICK, *state.DAILY):
        assert f"## {name}\n" in page
