"""Care: complaints, reviews, renewals, lost customers, those who got stuck, the most valuable ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database, note_touched
from core.mailing.models import CampaignVariant, Delivery, PromoCode
from core.people import archive
from core.people.activity import record
from core.people.attributes import add_tag, set_attribute
from core.people.models import Profile
from core.segments import refresh
from core.segments.scores.models import Score
from tests.mailing.people import launch_all, planned_campaign, reasons
from tests.mailing.playbooks.life import living, tags, taps


def buys(session: Session, /, who: int, now: datetime, times: int = 1) -> None:
    profile = session.get_one(Profile, who)
    profile.purchases_count += times
    session.flush()
    note_touched(session, [who], now)


def renews_on(session: Session, /, who: int, day: date, now: datetime) -> None:
    set_attribute(session, who, "renewal_at", day, now, origin="test")


def labelled(session: Session, /, who: int, tag: str, now: datetime) -> None:
    add_tag(session, who, tag, now, origin="test")


def stage(session: Session, /, who: int, name: str, now: datetime) -> None:
    """The day's computation put him, a customer, into a stage of life."""
    session.get_one(Profile, who).purchases_count = 3
    session.merge(Score(subscriber_id=who, lifecycle=name, computed_at=now))
    session.flush()
    note_touched(session, [who], now)


def rule_got(session: Session, who: int) -> str | None:
    rows = select(CampaignVariant.rule).join(Delivery, Delivery.content_id == CampaignVariant.content_id)
    return session.scalars(rows.where(Delivery.subscriber_id == who).order_by(Delivery.id)).first()


async def test_a_complaint_is_apologised_for_and_stops_promotions_until_it_is_settled(
    db: Database, now: datetime
) -> None:
    world = living(db, now, "review_request", "complaint")
    for who in (1, 2):
        db.write_now(buys, who, now)
    world.step()
    world.later(days=22)
    db.write_now(taps, 1, "question", "tag.content", world.now)
    db.write_now(taps, 2, "question", "tag.complained", world.now)
    db.write_now(labelled, 3, "vip", world.now)
    db.write_now(labelled, 3, "complained", world.now)
    world.step()
    world.later(days=1)
    assert world.letters(1) == ["question", "review"]
    assert world.letters(2) == ["question", "apology"]
    assert world.states("review_request") == {"finished": 1, "rule": 1}
    assert db.read_now(rule_got, 3) == "lifecycle = vip or tag vip"
    assert {"manager_irina", archive.PAUSED} <= db.read_now(tags, 3)

    held = db.write_now(planned_campaign, world.now, "ad", purpose="advertising")
    launch_all(db, world.now)
    told = db.read_now(reasons, held)
    assert told[2] == told[3] == ("suppressed", "promotions_paused")
    assert told[1][0] == "planned"

    world.later(days=6)
    db.write_now(taps, 2, "mended", "tag.complaint_settled", world.now)
    world.step()
    assert not {archive.PAUSED, "complained"} & db.read_now(tags, 2)
    assert archive.PAUSED in db.read_now(tags, 3)
    world.later(days=10)
    assert archive.PAUSED not in db.read_now(tags, 3)


async def test_a_renewal_is_spoken_of_at_90_30_and_7_days_and_no_more_when_it_is_done(
    db: Database, now: datetime
) -> None:
    world = living(db, now, "renewal")
    today = now.date()
    db.write_now(renews_on, 1, today + timedelta(days=40), now)
    db.write_now(renews_on, 2, today + timedelta(days=20), now)
    db.write_now(renews_on, 3, today + timedelta(days=40), now)
    world.step()
    world.later(days=12)
    db.write_now(renews_on, 3, today + timedelta(days=405), world.now)
    world.later(days=25)
    assert world.letters(1) == ["year", "choice", "practical"]
    assert world.letters(2) == ["choice", "practical"]
    assert world.letters(3) == ["year", "choice"]
    assert world.states("renewal") == {"finished": 2, "goal": 1}


async def test_the_lost_get_three_letters_with_a_gift_in_the_last_and_the_stuck_two(
    db: Database, now: datetime
) -> None:
    world = living(db, now, "win_back", "activation_nudge", "vip", "upsell")
    db.write_now(stage, 1, "lapsed", now)
    db.write_now(stage, 2, "vip", now)
    refresh.refresh_all(db, now)
    world.step()
    world.later(days=8)
    refresh.refresh_all(db, world.now)  # a week without the quiz has passed
    world.step()
    world.later(days=1)
    db.write_now(lambda s: record(s, 4, "quiz_finished", world.now))
    world.later(days=20)
    assert {"question", "news", "gift"} <= set(world.letters(1))
    gifts = db.read_now(lambda s: list(s.execute(select(PromoCode.subscriber_id, PromoCode.step)).all()))
    assert gifts == [(1, "gift")]
    of_vip = [one for one in world.letters(2) if one in ("priority", "evening", "early")]
    assert of_vip == ["priority", "evening"]
    assert world.letters(4) == ["half_way"]  # he finished before the second
    assert world.letters(5) == ["half_way", "in_words"]
