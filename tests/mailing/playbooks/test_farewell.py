"""The farewell: who stays, who goes, who says nothing; nobody is asked twice; the door stays open."""

from __future__ import annotations

from datetime import datetime

from core.db import Database
from core.mailing.series import enrolling, shelf, shipped
from core.people import archive, subscribers
from core.segments import audience
from tests.mailing.people import launch_all, planned_campaign, reasons
from tests.mailing.playbooks.life import living, silent, tags, taps, writes
from tests.mailing.series.world import World

ASKED = "second_chance"
LEAVES, STAYS, FADES, SAYS_NOTHING, WRITES = 1, 2, 3, 4, 5


def asked(db: Database, now: datetime, *people: int) -> World:
    """These people have left five letters unanswered and were asked whether they stay."""
    made = living(db, now, "farewell", "welcome")
    for who in people:
        db.write_now(silent, who, 5, now)
    made.step()
    made.later(hours=2)
    return made


async def test_each_answer_has_its_way_and_silence_has_one_too(db: Database, now: datetime) -> None:
    world = asked(db, now, LEAVES, STAYS, FADES, SAYS_NOTHING, WRITES)
    db.write_now(taps, LEAVES, ASKED, "tag.archived", world.now)
    assert world.states("farewell") == {"archived": 1, "active": 4}  # at once
    for who in (STAYS, FADES):
        db.write_now(taps, who, ASKED, "tag.second_chance", world.now)
    world.later(days=2)
    db.write_now(writes, WRITES, world.now)  # a message while the question stands is a yes
    world.later(days=6)
    assert world.letters(WRITES) == world.letters(STAYS) == [ASKED, "trial_list", "trial_calendar"]
    for who in (STAYS, WRITES):
        db.write_now(writes, who, world.now)
    db.write_now(silent, FADES, 2, world.now)
    world.later(days=14)

    assert world.letters(LEAVES) == [ASKED]
    assert world.letters(STAYS) == [ASKED, "trial_list", "trial_calendar"]
    assert world.letters(FADES) == [ASKED, "trial_list", "trial_calendar", "last_word"]
    assert world.letters(SAYS_NOTHING) == [ASKED, "goodbye"]
    assert world.states("farewell") == {"archived": 3, "finished": 2}
    assert db.read_now(tags, STAYS) == {"farewell_soft"}
    for who in (LEAVES, SAYS_NOTHING):
        assert archive.ARCHIVED in db.read_now(tags, who)
    db.write_now(taps, LEAVES, ASKED, "tag.archived", world.now)  # a second tap on it opens nothing
    assert archive.ARCHIVED in db.read_now(tags, LEAVES)


async def test_the_archived_get_no_advertising_until_a_word_or_a_button_opens_the_door(
    db: Database, now: datetime
) -> None:
    world = asked(db, now, 1, 2, 3)
    world.later(days=9)
    held = db.write_now(planned_campaign, world.now, "ad", purpose="advertising")
    launch_all(db, world.now)
    told = db.read_now(reasons, held)
    assert told[1] == told[2] == told[3] == ("suppressed", "archived")
    assert told[6][0] == "planned"

    db.write_now(writes, 1, world.now)
    db.write_now(taps, 2, "goodbye", "back", world.now)
    db.write_now(subscribers.opt_out, 3, world.now, "out")
    db.write_now(writes, 3, world.now)  # an opt-out is stronger than the door
    assert db.read_now(tags, 1) == db.read_now(tags, 2) == {"farewell_soft"}
    assert db.read_now(audience.count, "event came_back", world.now) == 3
    again = db.write_now(
        planned_campaign, world.now, "ad2", purpose="advertising", audience="status in (active, stopped)"
    )
    launch_all(db, world.now)
    told = db.read_now(reasons, again)
    assert (told[1][0], told[2][0], told[3]) == ("planned", "planned", ("suppressed", "opted_out"))


async def test_nobody_is_asked_twice_in_either_tone(db: Database, now: datetime) -> None:
    world = asked(db, now, 3)
    world.later(days=9)
    db.write_now(writes, 3, world.now)
    db.write_now(shipped.keep, "farewell_hard", world.now)
    db.write_now(shelf.switch_on, "farewell_hard", world.now)
    for who in (3, 4):
        db.write_now(silent, who, 11, world.now)
    world.step()
    world.later(hours=3)
    assert world.letters(3) == [ASKED, "goodbye"]
    assert world.letters(4) == [ASKED]  # five unanswered were enough for the soft one, which has him
    assert world.states("farewell_hard") == {"rule": 1}
    assert db.read_now(enrolling.preview, "farewell", "unanswered >= 5", world.now).will_enter == 0


async def test_the_hard_tone_goes_the_same_way(db: Database, now: datetime) -> None:
    world = living(db, now, "farewell_hard")
    db.write_now(silent, 1, 10, now)
    world.step()
    world.later(days=9)
    assert world.letters(1) == [ASKED, "goodbye"]
    assert archive.ARCHIVED in db.read_now(tags, 1)
