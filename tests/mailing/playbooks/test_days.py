"""Days: holidays in words for men, for women and for the rest; birthdays, that of 29 February too."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing import promo
from core.mailing.models import CampaignVariant, Delivery, PromoCode
from core.mailing.series import counts, shelf, source
from core.mailing.series.definition import is_calendar
from core.people.attributes import set_attribute
from tests.mailing.playbooks.life import living
from tests.mailing.series.world import text_of


def known(session: Session, /, key: str, values: dict[int, object], now: datetime) -> None:
    for who, value in values.items():
        set_attribute(session, who, key, value, now, origin="test")  # type: ignore[arg-type]


def rules_got(session: Session) -> dict[int, str | None]:
    """Which variant each person was written."""
    rows = select(Delivery.subscriber_id, CampaignVariant.rule).join(
        CampaignVariant, CampaignVariant.content_id == Delivery.content_id
    )
    return dict(session.execute(rows.where(Delivery.state == "sent")).all())  # type: ignore[arg-type]


def gifts(session: Session) -> dict[int, str]:
    return dict(session.execute(select(PromoCode.subscriber_id, PromoCode.step)).all())  # type: ignore[arg-type]


async def test_8_march_is_met_on_its_eve_in_three_ways_and_only_women_get_the_gift(
    db: Database, now: datetime
) -> None:
    world = living(db, now, "holiday_8_march")
    world.db.write_now(known, "gender", {1: "female", 2: "female", 3: "male"}, now)
    number = world.db.read_now(shelf.find, "holiday_8_march").id
    assert number
    assert world.db.read_now(counts.ahead, "holiday_8_march", now).a_day == 6 / 14
    world.later(days=4)
    assert world.got() == []
    world.later(days=2)

    assert {one.at for one in world.got()} == {datetime(2026, 3, 7, 7, 30, tzinfo=UTC)}
    women, men = "in segment women", "in segment men"
    assert world.db.read_now(rules_got) == {1: women, 2: women, 3: men, 4: None, 5: None, 6: None}
    assert world.db.read_now(gifts) == {1: "greeting", 2: "greeting"}

    world.later(days=2)
    world.now = datetime(2027, 3, 6, 22, 0, tzinfo=UTC)
    world.step()
    world.later(days=1)
    assert len(world.letters(1)) == 2  # and every year again


async def test_23_february_is_no_day_of_march(db: Database, now: datetime) -> None:
    world = living(db, now, "holiday_23_february")
    world.later(days=3)
    assert world.states("holiday_23_february") == {}
    world.db.write_now(known, "gender", {1: "male", 2: "female"}, now)
    world.now = datetime(2027, 2, 21, 22, 0, tzinfo=UTC)
    world.step()
    world.later(days=1)
    got = world.db.read_now(rules_got)
    assert (got[1], got[2], got[3]) == ("in segment men", "in segment women", None)
    assert {one.at for one in world.got()} == {datetime(2027, 2, 22, 8, 0, tzinfo=UTC)}


async def test_a_birthday_on_29_february_is_met_on_the_28th_where_there_is_no_29th(
    db: Database, now: datetime
) -> None:
    world = living(db, now, "birthday")
    world.db.write_now(known, "birthday", {1: date(1992, 2, 29), 2: date(1992, 3, 1)}, now)
    for year in (2027, 2028):
        world.now = datetime(year, 2, 26, 22, 0, tzinfo=UTC)
        world.step()
        world.later(days=4)
    days = [(one.who, one.at.date()) for one in world.got() if one.step == "gift"]
    assert days == [
        (1, date(2027, 2, 28)),
        (2, date(2027, 3, 1)),
        (1, date(2028, 2, 29)),
        (2, date(2028, 3, 1)),
    ]


async def test_whoever_used_the_gift_is_not_reminded_of_it(db: Database, now: datetime) -> None:
    world = living(db, now, "birthday")
    world.db.write_now(known, "birthday", {1: date(1990, 3, 4), 2: date(1990, 3, 4)}, now)
    world.later(days=3)
    code = world.db.read_now(lambda s: s.scalar(select(PromoCode.code).where(PromoCode.subscriber_id == 1)))
    assert world.db.write_now(promo.redeem, str(code), world.now)
    world.later(days=25)
    assert world.letters(1) == ["gift"]
    assert world.letters(2) == ["gift", "reminder"]


def test_a_day_of_the_calendar_is_told_from_a_date_of_a_person() -> None:
    text = text_of("- {key: a, letter: {text: А}}", starts="{date: '12-31'}", again="each")
    assert source.load(text, "x.yaml").definition.start.what == "12-31"
    assert [is_calendar(one) for one in ("1-1", "13-01", "00-10", "02-29", "12-31")] == [False] * 4 + [True]
