"""Personal time: noon by each reader's clock, and the hour at which he answers, planned as one statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing import audiences, best_hour, campaigns, dry_run, timing
from core.mailing.best_hour import Rates
from core.mailing.campaigns import CampaignError
from core.mailing.models import Campaign, Delivery
from core.people import preferences
from core.people.preferences import OWN_CHOICE
from tests.mailing.people import add_people, draft, planned_campaign

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)  # 9:00 in Moscow, 13:00 in Novosibirsk
DAY = timedelta(days=1)
ZONES = {1: "Asia/Kamchatka", 2: "Asia/Novosibirsk", 3: "Europe/Kaliningrad", 4: "America/New_York"}


def settle(session: Session, zones: dict[int, str]) -> None:
    add_people(session, 6, NOW - DAY)
    for who, zone in zones.items():
        preferences.set_zone(session, who, zone, NOW, origin=OWN_CHOICE)


def due(session: Session, campaign_id: int) -> dict[int, datetime]:
    rows = select(Delivery.subscriber_id, Delivery.due_at).where(Delivery.campaign_id == campaign_id)
    return {who: at for who, at in session.execute(rows)}  # noqa: C416 - Row is no tuple for dict()


def plan(db: Database, **fields: object) -> dict[int, datetime]:
    campaign_id = db.write_now(planned_campaign, NOW, **fields)
    audiences.due(db, NOW)
    assert db.read_now(campaigns.status_of, campaign_id) == "running"
    return db.read_now(due, campaign_id)


async def test_noon_strikes_for_each_by_his_own_clock_and_tomorrow_where_it_is_over(db: Database) -> None:
    db.write_now(settle, ZONES)
    found = plan(db, timing="local", wall_at="2026-03-02T12:00")
    assert found == {
        1: datetime(2026, 3, 3, 0, 0, tzinfo=UTC),
        2: datetime(2026, 3, 3, 5, 0, tzinfo=UTC),
        3: datetime(2026, 3, 2, 10, 0, tzinfo=UTC),
        4: datetime(2026, 3, 2, 17, 0, tzinfo=UTC),
        5: datetime(2026, 3, 2, 9, 0, tzinfo=UTC),  # the business's clock, where nobody told his
        6: datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    }


async def test_the_range_is_told_before_the_launch_and_a_later_day_is_kept(db: Database) -> None:
    db.write_now(settle, ZONES)
    letter = draft(timing="local", wall_at="2026-03-05T12:00")
    seen = db.read_now(dry_run.foresee, letter, NOW)
    assert (seen.begins_at, seen.ends_at) == (
        datetime(2026, 3, 5, 0, 0, tzinfo=UTC),
        datetime(2026, 3, 5, 17, 0, tzinfo=UTC),
    )
    assert seen.finishes_at is not None
    assert seen.finishes_at > datetime(2026, 3, 5, 17, 0, tzinfo=UTC)
    campaign_id = db.write_now(campaigns.create, letter, "k", NOW)
    db.write_now(campaigns.launch, campaign_id, NOW)
    audiences.due(db, NOW)
    assert db.read_now(campaigns.status_of, campaign_id) == "scheduled"
    audiences.due(db, datetime(2026, 3, 4, 22, 0, tzinfo=UTC))
    found = db.read_now(due, campaign_id).values()
    assert (min(found), max(found)) == (seen.begins_at, seen.ends_at)


async def test_summer_time_counts_on_the_day_of_the_letter(db: Database) -> None:
    db.write_now(settle, {4: "America/New_York"})  # its clock is moved on 8 March 2026
    late = db.read_now(dry_run.foresee, draft(timing="local", wall_at="2026-03-09T12:00"), NOW)
    assert late.ends_at == datetime(2026, 3, 9, 16, 0, tzinfo=UTC)


async def test_a_repeating_campaign_leaves_at_one_moment(db: Database) -> None:
    with pytest.raises(CampaignError, match="one moment for everybody"):
        db.write_now(campaigns.create, draft(timing="best", repeat="daily"), "k", NOW)


def history(session: Session, answers: dict[int, dict[int, tuple[int, int]]]) -> None:
    """Letters by person and Moscow hour: so many sent, so many answered."""
    old = Campaign(
        name="old", audience="", key="old", purpose="advertising", created_at=NOW, state="finished"
    )
    session.add(old)
    session.flush()
    rows = []
    for who, hours in answers.items():
        for hour, (sent, answered) in hours.items():
            at = datetime(2026, 2, 1, hour - 3, 5, tzinfo=UTC)
            rows += [
                {
                    "campaign_id": old.id, "subscriber_id": who, "occasion": f"{hour}:{i}", "lane": 3,
                    "state": "sent", "due_at": at, "finished_at": at,
                    "answered_at": at if i < answered else None,
                }
                for i in range(sent)
            ]  # fmt: skip
    session.execute(insert(Delivery), rows)


async def test_the_best_hour_is_the_bases_and_anothers_only_by_his_own_answers(db: Database) -> None:
    db.write_now(settle, {})
    everybody = {10: (100, 10), 19: (100, 40)}
    db.write_now(
        history, {1: everybody, 2: {10: (30, 14), 19: (30, 0)}, 3: {10: (2, 2)}, 4: {10: (3, 3), 19: (3, 2)}}
    )
    found = plan(db, timing="best", wall_at="2026-03-02")
    assert {who: at.hour + 3 for who, at in found.items()} == {1: 19, 2: 10, 3: 19, 4: 19, 5: 19, 6: 19}


async def test_who_chose_a_part_of_the_day_gets_the_best_hour_of_it(db: Database) -> None:
    db.write_now(settle, {1: "Europe/Moscow"})
    db.write_now(preferences.set_best_time, 1, "morning", NOW)
    db.write_now(history, {2: {10: (100, 10), 11: (100, 15), 19: (100, 40)}, 1: {15: (9, 9)}})
    found = plan(db, timing="best", wall_at="2026-03-02")
    assert (found[1].hour + 3, found[5].hour + 3) == (11, 19)


async def test_a_base_that_answered_little_is_written_to_at_noon(db: Database) -> None:
    db.write_now(settle, {})
    db.write_now(history, {1: {19: (29, 29)}})
    assert {at.hour + 3 for at in plan(db, timing="best", wall_at="2026-03-02").values()} == {12}


@given(
    st.dictionaries(st.integers(9, 20), st.tuples(st.integers(1, 60), st.integers(0, 60)), max_size=12),
    st.integers(9, 20),
)
def test_a_persons_hour_is_always_by_day_and_the_bases_while_he_is_silent(
    counts: dict[int, tuple[int, int]], best: int
) -> None:
    base = Rates({hour: 0.2 if hour == best else 0.1 for hour in best_hour.HOURS})
    mine = {hour: (letters, min(letters, answers)) for hour, (letters, answers) in counts.items()}
    assert best_hour.own(mine, base) in best_hour.HOURS
    assert best_hour.own({hour: (letters, 0) for hour, (letters, _) in mine.items()}, base) == best


def test_planning_begins_before_the_hour_strikes_anywhere() -> None:
    wall = datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001 - what a clock on a wall shows
    first = wall.replace(tzinfo=UTC) - timedelta(hours=14)
    assert timing.begins(wall) == first
