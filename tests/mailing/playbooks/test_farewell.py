"""The farewell: who stays, who goes, who says nothing; nobody is asked twice; the door stays open."""

from __future__ import annotations

from datetime import datetime

import pytest

from core.db import Database
from core.mailing.series import enrolling
from core.people import archive, subscribers
from core.segments import audience
from tests.mailing.people import launch_all, planned_campaign, reasons
from tests.mailing.playbooks.life import living, silent, tags, taps, writes
from tests.mailing.series.world import World

ASKED = "second_chance"


@pytest.fixture
def world(db: Database, now: datetime) -> World:
    made = living(db, now, "farewell", "welcome", "onboarding")
    for who in (1, 2, 3):
        db.write_now(silent, who, 5, now)
    made.step()
    made.later(hours=2)
    return made


async def test_whoever_leaves_is_archived_at_once_and_hears_no_more(world: World) -> None:
    world.db.write_now(taps, 1, ASKED, "tag.archived", world.now)
    assert world.states("farewell") == {"archived": 1, "active": 2}
    world.later(days=30)
    assert world.letters(1) == [ASKED]
    world.db.write_now(taps, 1, ASKED, "tag.archived", world.now)  # a second tap opens nothing
    assert archive.ARCHIVED in world.db.read_now(tags, 1)


async def test_whoever_stays_gets_two_letters_and_is_free_when_he_answers(world: World) -> None:
    world.db.write_now(taps, 2, ASKED, "tag.second_chance", world.now)
    world.later(days=2)
    assert world.letters(2) == [ASKED, "trial_list"]
    world.later(days=4)
    world.db.write_now(writes, 2, world.now)
    world.later(days=12)
    assert world.letters(2) == [ASKED, "trial_list", "trial_calendar"]
    assert world.db.read_now(tags, 2) == {"farewell_soft"}
    assert world.states("farewell")["finished"] == 1


async def test_whoever_stays_and_falls_silent_again_is_let_go_after_the_trial(world: World) -> None:
    world.db.write_now(taps, 2, ASKED, "tag.second_chance", world.now)
    world.later(days=8)
    world.db.write_now(silent, 2, 2, world.now)
    world.later(days=10)
    assert world.letters(2)[-2:] == ["trial_calendar", "last_word"]
    assert archive.ARCHIVED in world.db.read_now(tags, 2)


async def test_whoever_says_nothing_gets_one_goodbye_and_is_archived(world: World) -> None:
    world.later(days=30)
    assert world.letters(3) == [ASKED, "goodbye"]
    assert world.db.read_now(tags, 3) == {"farewell_soft", archive.ARCHIVED}
    assert world.states("farewell") == {"archived": 3}


async def test_a_message_while_the_question_stands_is_a_yes(world: World) -> None:
    world.later(days=2)
    world.db.write_now(writes, 3, world.now)
    world.later(days=2)
    assert world.letters(3) == [ASKED, "trial_list"]


async def test_the_archived_are_left_out_of_advertising_and_of_series_until_they_write(world: World) -> None:
    world.later(days=30)
    held = world.db.write_now(planned_campaign, world.now, "ad", purpose="advertising")
    launch_all(world.db, world.now)
    assert world.db.read_now(reasons, held)[3] == ("suppressed", "archived")
    assert world.db.read_now(reasons, held)[6][0] == "planned"

    world.db.write_now(writes, 3, world.now)  # the door
    assert world.db.read_now(tags, 3) == {"farewell_soft"}
    assert world.db.read_now(audience.count, "event came_back", world.now) == 1
    again = world.db.write_now(planned_campaign, world.now, "ad2", purpose="advertising")
    launch_all(world.db, world.now)
    assert world.db.read_now(reasons, again)[3][0] == "planned"


async def test_a_button_of_the_goodbye_is_a_door_too(world: World) -> None:
    world.later(days=30)
    world.db.write_now(taps, 3, "goodbye", "back", world.now)
    assert archive.ARCHIVED not in world.db.read_now(tags, 3)


async def test_nobody_is_asked_twice_in_either_tone(world: World, db: Database) -> None:
    from core.mailing.series import shelf, shipped

    world.later(days=30)
    world.db.write_now(writes, 3, world.now)
    db.write_now(shipped.keep, "farewell_hard", world.now)
    db.write_now(shelf.switch_on, "farewell_hard", world.now)
    for who in (3, 4):
        world.db.write_now(silent, who, 11, world.now)
    world.step()
    world.later(days=1)
    assert world.letters(3) == [ASKED, "goodbye"]
    assert world.letters(4) == [ASKED]  # five unanswered were enough for the soft one, which has him
    assert world.states("farewell_hard") == {"rule": 1}
    reach = world.db.read_now(enrolling.preview, "farewell", "unanswered >= 5", world.now)
    assert reach.will_enter == 0


async def test_the_hard_tone_goes_the_same_way(db: Database, now: datetime) -> None:
    world = living(db, now, "farewell_hard")
    db.write_now(silent, 1, 10, now)
    world.step()
    world.later(days=30)
    assert world.letters(1) == [ASKED, "goodbye"]
    assert archive.ARCHIVED in db.read_now(tags, 1)


async def test_an_opt_out_is_stronger_than_the_door(world: World) -> None:
    world.later(days=30)
    world.db.write_now(subscribers.opt_out, 3, world.now, "out")
    world.db.write_now(writes, 3, world.now)
    held = world.db.write_now(
        planned_campaign, world.now, "ad", purpose="advertising", audience="joined is known"
    )
    launch_all(world.db, world.now)
    assert world.db.read_now(reasons, held)[3] == ("suppressed", "opted_out")
