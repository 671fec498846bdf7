"""Series: people enter, get letters on their days, leave at once when it is over."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import mydata, privacy, tick
from core.db import Database, note_touched
from core.mailing import caps
from core.mailing.depending import depending_on
from core.mailing.models import Delivery
from core.mailing.series import enrolling, leaving, shelf
from core.mailing.series.definition import SeriesError
from core.mailing.series.models import Enrollment
from core.people import attributes, subscribers
from core.people.models import Event, Profile, Tag
from core.segments import audience, refresh, rules
from tests.mailing.people import add_people
from tests.mailing.series.world import SALES, World, kept, reasons, text_of, texts


def tag(session: Session, /, who: int, now: datetime, name: str = "lead") -> None:
    attributes.add_tag(session, who, name, now, origin="test")


def buys(session: Session, /, who: int, now: datetime) -> None:
    """A purchase as its counters tell it."""
    profile = session.get_one(Profile, who)
    profile.purchases_count += 1
    session.flush()
    note_touched(session, [who], now)


@pytest.fixture
def world(db: Database, now: datetime) -> World:
    db.write_now(add_people, 5, now)
    return World(db, now)


async def test_letters_come_on_their_days_and_the_end_is_told_to_rules(world: World) -> None:
    world.db.write_now(kept, SALES, world.now)
    world.db.write_now(tag, 1, world.now)
    began = world.now
    world.step()
    world.later(days=4)

    assert [(one.step, one.at - began) for one in world.got()] == [
        ("first", timedelta()),
        ("second", timedelta(days=2)),
        ("third", timedelta(days=3)),
    ]
    assert world.states() == {"finished": 1}
    rule = 'finished series "sales" and purchases = 0'
    assert world.db.read_now(audience.count, rule, world.now) == 1


async def test_a_purchase_ends_the_series_at_once_and_is_told_apart(world: World) -> None:
    world.db.write_now(kept, SALES, world.now)
    for who in (1, 2):
        world.db.write_now(tag, who, world.now)
    world.step()
    world.db.write_now(buys, 1, world.now)

    assert world.states() == {"goal": 1, "active": 1}
    world.later(days=5)
    assert world.letters(1) == ["first"]
    assert world.letters(2) == ["first", "second", "third"]
    finished = world.db.read_now(
        lambda s: list(s.scalars(select(Event.subscriber_id).where(Event.kind == "series_finished")))
    )
    assert finished == [2]


async def test_a_letter_that_waits_is_closed_by_the_fact_that_ends_the_series(world: World) -> None:
    world.db.write_now(kept, SALES, world.now)
    world.db.write_now(tag, 1, world.now)
    from core.mailing.series import advancing

    advancing.advance(world.db, world.now)  # written out, not yet sent
    world.db.write_now(buys, 1, world.now)
    assert world.db.read_now(reasons) == {"series_goal": 1}
    world.later(days=5)
    assert world.letters() == []
    assert world.states() == {"goal": 1}


async def test_opting_out_and_blocking_end_it_each_by_its_name(world: World) -> None:
    world.db.write_now(kept, SALES, world.now)
    for who in (1, 2):
        world.db.write_now(tag, who, world.now)
    world.step()
    world.db.write_now(subscribers.opt_out, 1, world.now, "u1")
    world.db.write_now(subscribers.mark_blocked, 1002, world.now, "u2")
    assert world.states() == {"opted_out": 1, "blocked": 1}
    world.later(days=5)
    assert len(world.letters()) == 2


async def test_whoever_may_not_be_written_to_or_has_reached_the_goal_does_not_enter(world: World) -> None:
    world.db.write_now(kept, SALES, world.now)
    world.db.write_now(subscribers.opt_out, 1, world.now, "u1")
    world.db.write_now(buys, 2, world.now)
    for who in (1, 2, 3):
        world.db.write_now(tag, who, world.now)
    assert world.states() == {"active": 1}


async def test_a_letter_leaves_at_its_hour_of_the_person_and_on_its_weekdays(world: World) -> None:
    world.db.write_now(
        kept,
        text_of(
            """
            - {key: hello, letter: {text: Здравствуйте}}
            - {key: later, after: 1 day, at: "10:00", weekdays: [mon, thu], letter: {text: Потом}}
            """
        ),
        world.now,
    )
    from core.people import preferences

    world.db.write_now(preferences.set_zone, 2, "Asia/Yekaterinburg", world.now, origin="settings")
    for who in (1, 2):
        world.db.write_now(tag, who, world.now)
    world.step()  # Monday 2 March, 12:00 in Moscow
    world.later(days=7)
    later = {one.who: one.at for one in world.got() if one.step == "later"}
    assert later == {
        1: datetime(2026, 3, 5, 7, 0, tzinfo=UTC),  # Thursday 10:00 in Moscow
        2: datetime(2026, 3, 5, 5, 0, tzinfo=UTC),  # and in Yekaterinburg
    }


async def test_the_next_pause_begins_when_the_letter_has_really_gone(world: World) -> None:
    world.db.write_now(kept, SALES, world.now)
    world.db.write_now(tag, 1, world.now)
    world.db.write_now(shelf.switch_off, "sales", world.now)
    world.later(days=3)
    assert world.letters() == []
    world.db.write_now(shelf.switch_on, "sales", world.now)
    world.step()
    began = world.now
    world.later(days=4)
    assert [one.at - began for one in world.got()] == [timedelta(), timedelta(days=2), timedelta(days=3)]


async def test_a_step_whose_condition_does_not_hold_is_left_out_and_counted(world: World) -> None:
    world.db.write_now(
        kept,
        text_of(
            """
            - {key: all, letter: {text: Всем}}
            - {key: few, after: 1 day, if: tag vip, letter: {text: Немногим}}
            - {key: end, after: 1 day, letter: {text: Конец}}
            """
        ),
        world.now,
    )
    world.db.write_now(tag, 2, world.now, "vip")
    for who in (1, 2):
        world.db.write_now(tag, who, world.now)
    world.step()
    world.later(days=3)
    assert world.letters(1) == ["all", "end"]
    assert world.letters(2) == ["all", "few", "end"]
    assert world.db.read_now(reasons) == {"condition": 1}


async def test_a_condition_is_asked_again_inside_the_attempt(world: World) -> None:
    world.db.write_now(kept, text_of("- {key: few, if: tag vip, letter: {text: Немногим}}"), world.now)
    world.db.write_now(tag, 1, world.now, "vip")
    world.db.write_now(tag, 1, world.now)
    from core.mailing.series import advancing

    advancing.advance(world.db, world.now)
    world.db.write_now(lambda s: s.delete(s.get_one(Tag, (1, "vip"))))
    world.step()
    assert world.letters() == []
    assert world.db.read_now(reasons) == {"segment_left": 1}
    assert world.states() == {"finished": 1}


async def test_words_are_chosen_by_rule_and_language(world: World) -> None:
    world.db.write_now(
        kept,
        text_of(
            """
            - key: hello
              letter:
                - rule: tag vip
                  text: {ru: Особое, en: Special}
                - text: {ru: Обычное, en: Usual}
            """
        ),
        world.now,
    )
    world.db.write_now(tag, 2, world.now, "vip")
    world.db.write_now(add_people, 1, world.now, first=6, language="en")
    for who in (1, 2, 6):
        world.db.write_now(tag, who, world.now)
    world.step()
    assert world.db.read_now(texts) == ["Обычное", "Особое", "Usual"]


async def test_tags_are_given_and_taken_and_rules_see_them_at_once(world: World) -> None:
    world.db.write_now(rules.define, "warm", "tag warm", ("Тёплые", "Warm"), world.now)
    refresh.refresh_all(world.db, world.now)
    world.db.write_now(
        kept,
        text_of("- {key: mark, tag: {add: [Warm], remove: lead}}\n- {key: x, letter: {text: Х}}"),
        world.now,
    )
    world.db.write_now(tag, 1, world.now)
    world.step()
    assert world.db.read_now(audience.count, "in segment warm and not tag lead", world.now) == 1
    assert world.letters() == ["x"]


async def test_waiting_ends_by_its_rule_or_after_its_days(world: World) -> None:
    world.db.write_now(
        kept,
        text_of(
            """
            - {key: ask, letter: {text: Ответите?}}
            - {key: wait, wait: {until: tag answered, days: 5}}
            - {key: next, letter: {text: Дальше}}
            """
        ),
        world.now,
    )
    for who in (1, 2):
        world.db.write_now(tag, who, world.now)
    world.step()
    began = world.now
    world.later(days=1)
    world.db.write_now(tag, 1, world.now, "answered")
    world.step()
    world.later(days=6)
    came = {one.who: one.at - began for one in world.got() if one.step == "next"}
    assert came[1] == timedelta(days=1)
    assert came[2] == timedelta(days=5)


async def test_a_series_hands_on_to_another_without_a_letter_the_person_has_had(world: World) -> None:
    world.db.write_now(
        kept,
        text_of(
            """
            - {key: a, letter: {text: А}}
            - {key: case, after: 1 day, letter_key: case, letter: {text: Случай из практики}}
            - {key: b, after: 1 day, letter: {text: Б}}
            """,
            name="warming", starts="{hand: true}",
        ),
        world.now,
    )  # fmt: skip
    world.db.write_now(
        kept,
        text_of(
            """
            - {key: story, letter_key: case, letter: {text: Случай из практики}}
            - {key: on, after: 1 day, series: warming}
            """
        ),
        world.now,
    )
    world.db.write_now(tag, 1, world.now)
    world.step()
    world.later(days=5)
    assert world.letters(1) == ["story", "a", "b"]
    assert world.db.read_now(reasons) == {"had_already": 1}
    assert world.states("sales") == world.states("warming") == {"finished": 1}


async def test_whoever_enters_a_segment_by_himself_meets_the_series_and_no_one_else(world: World) -> None:
    world.db.write_now(rules.define, "big", "tag big", ("Крупные", "Big"), world.now)
    world.db.write_now(tag, 1, world.now, "big")
    refresh.refresh_all(world.db, world.now)
    world.db.write_now(kept, text_of("- {key: x, letter: {text: Х}}", starts="{segment: big}"), world.now)
    world.db.write_now(tag, 2, world.now, "big")
    world.step()
    assert world.letters() == ["x"]
    assert world.got()[0].who == 2
    # a new rule moves people who did nothing
    world.db.write_now(rules.define, "big", "status = active", ("Крупные", "Big"), world.now)
    refresh.refresh_all(world.db, world.now)
    world.step()
    assert len(world.letters()) == 1


async def test_a_move_that_only_time_brought_is_met_too(world: World) -> None:
    rule = ("silent", "last_seen more than 14 days ago", ("Молчат", "Silent"))
    world.db.write_now(rules.define, *rule, world.now)
    refresh.refresh_all(world.db, world.now)
    world.db.write_now(kept, text_of("- {key: x, letter: {text: Х}}", starts="{segment: silent}"), world.now)
    world.now += timedelta(days=15)
    refresh.refresh_all(world.db, world.now)
    world.step()
    assert len(world.letters()) == 5


async def test_a_letter_above_the_cap_is_put_off_and_never_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caps, "_business", caps.Caps(day=1))
    world.db.write_now(
        kept,
        text_of(
            """
            - {key: a, letter: {text: А}}
            - {key: b, after: 1 hour, letter: {text: Б}}
            - {key: c, after: 1 hour, letter: {text: В}}
            """,
            purpose="advertising",
        ),
        world.now,
    )
    world.db.write_now(tag, 1, world.now)
    world.step()
    began = world.now
    world.later(days=4)
    assert [one.step for one in world.got()] == ["a", "b", "c"]
    assert [(one.at - began).days for one in world.got()] == [0, 1, 2]
    assert world.db.read_now(reasons) == {}


async def test_reentry_is_by_choice(world: World) -> None:
    step = "- {key: x, letter: {text: Х}}"
    for name, again in (("never", "never"), ("each", "each"), ("after", "{days: 30}")):
        world.db.write_now(kept, text_of(step, name=name, starts="{event: seen}", again=again), world.now)

    def see(session: Session) -> None:
        from core.people.activity import record

        record(session, 1, "seen", world.now)

    def entered() -> list[int]:
        return [world.states(name).total() for name in ("never", "each", "after")]

    world.db.write_now(see)
    world.step()
    assert entered() == [1, 1, 1]
    world.later(hours=1)
    world.db.write_now(see)
    world.step()
    assert entered() == [1, 2, 1]
    world.later(days=31)
    world.db.write_now(see)
    world.step()
    assert entered() == [1, 3, 2]


async def test_a_date_is_met_once_a_year_so_many_days_before(world: World) -> None:
    world.db.write_now(
        kept,
        text_of(
            '- {key: gift, at: "10:00", letter: {text: Подарок}}',
            starts="{date: birthday, days: -3}", again="each",
        ),
        world.now,
    )  # fmt: skip
    from datetime import date

    world.db.write_now(attributes.set_attribute, 1, "birthday", date(1990, 3, 10), world.now, origin="test")
    world.later(days=14)
    assert [(one.who, one.at) for one in world.got()] == [(1, datetime(2026, 3, 7, 7, 0, tzinfo=UTC))]
    world.now = datetime(2027, 3, 6, 9, 0, tzinfo=UTC)
    world.step()
    world.later(days=3)
    assert len(world.got()) == 2


async def test_many_are_enrolled_by_hand_after_a_preview(world: World) -> None:
    world.db.write_now(kept, text_of("- {key: x, letter: {text: Х}}", starts="{hand: true}"), world.now)
    world.db.write_now(subscribers.opt_out, 5, world.now, "u5")
    reach = world.db.read_now(enrolling.preview, "sales", "last_seen within 100 days", world.now)
    assert (reach.found, reach.will_enter, reach.reasons) == (5, 4, {"opted_out": 1})
    assert enrolling.enroll_all(world.db, "sales", "status = active", world.now, "one") == 4
    assert enrolling.enroll_all(world.db, "sales", "status = active", world.now, "two") == 0
    assert world.db.read_now(enrolling.preview, "sales", "status = active", world.now).reasons == {
        "already_in": 4
    }
    assert world.db.write_now(leaving.stop_person, "sales", 1, world.now)
    assert not world.db.write_now(leaving.stop_person, "sales", 1, world.now)
    assert leaving.stop_all(world.db, "sales", world.now) == 3
    assert world.states() == {"by_hand": 4}


async def test_a_series_that_is_off_takes_nobody_in(world: World) -> None:
    world.db.write_now(kept, SALES, world.now, is_on=False)
    world.db.write_now(tag, 1, world.now)
    world.step()
    assert world.states() == {}
    with pytest.raises(SeriesError, match="is off: nobody enters it"):
        enrolling.enroll_all(world.db, "sales", "status = active", world.now, "one")
    world.now += timedelta(minutes=1)
    world.db.write_now(shelf.switch_on, "sales", world.now)
    world.db.write_now(note_touched, [1], world.now)
    assert world.states() == {}  # his tag is older than the switch


async def test_a_whole_tick_does_it_all(world: World) -> None:
    from core.settings import Settings

    world.db.write_now(kept, SALES, world.now)
    world.db.write_now(tag, 1, world.now)
    for step in tick.steps(world.db, world.now, Settings(_env_file=None)):
        if step.name == "series":
            assert step.run()
            assert not step.run()
    planned = world.db.read_now(lambda s: s.scalar(select(Delivery.occasion)))
    assert planned == f"enrollment:{world.db.read_now(lambda s: s.scalar(select(Enrollment.id)))}"


async def test_what_asks_for_a_segment_names_the_series_that_begins_by_it(world: World) -> None:
    world.db.write_now(rules.define, "big", "tag big", ("Крупные", "Big"), world.now)
    world.db.write_now(kept, text_of("- {key: x, letter: {text: Х}}", starts="{segment: big}"), world.now)
    found = world.db.read_now(depending_on, "big")
    assert [(one.name, one.state, one.writes_to_newcomers) for one in found] == [("Продажа", "running", True)]


async def test_a_person_sees_his_series_in_words_and_is_let_go_when_forgotten(world: World) -> None:
    world.db.write_now(kept, SALES, world.now)
    world.db.write_now(tag, 1, world.now)
    told = world.db.read_now(mydata.collect, 1, world.now)
    assert [(one["title_ru"], one["state"]) for one in told["series"]] == [("Продажа", "active")]
    world.db.write_now(privacy.forget, 1, world.now)
    assert world.states() == {"blocked": 1}
    privacy.erase(world.db, 1)
    assert world.states() == {"blocked": 1}  # the sum of a series stays true
