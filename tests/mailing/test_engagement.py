"""Unanswered letters: each is looked at once, and the count does not depend on how often ticks run."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing import engagement
from core.mailing.campaigns import Variant
from core.mailing.ledger import Lane
from core.mailing.letters import Words
from core.mailing.models import Delivery
from core.people import subscribers
from core.people.models import DailyCount, Event, Profile, Tag
from tests.mailing.people import add_people, planned_campaign

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def sent(
    session: Session, campaign_id: int, who: int, at: datetime, message_id: int, lane: Lane = Lane.BROADCAST
) -> None:
    session.execute(
        insert(Delivery).values(
            campaign_id=campaign_id, subscriber_id=who, occasion=f"test:{message_id}", lane=int(lane),
            state="sent", due_at=at, started_at=at, finished_at=at, message_id=message_id,
        )
    )  # fmt: skip


def unanswered(session: Session, who: int = 1) -> int:
    return session.scalar(select(Profile.unanswered).where(Profile.subscriber_id == who)) or 0


def campaign(db: Database, now: datetime) -> int:
    db.write_now(add_people, 2, now - 30 * DAY)
    return db.write_now(planned_campaign, now)


async def test_a_letter_counts_when_the_grace_is_over_and_only_once(db: Database, now: datetime) -> None:
    campaign_id = campaign(db, now)
    db.write_now(sent, campaign_id, 1, now, 11)

    for moment, count in ((now + 23 * HOUR, 0), (now + DAY, 1), (now + 2 * DAY, 1)):
        engagement.mature(db, moment)
        assert db.read_now(unanswered) == count
    row = db.read_now(
        lambda s: s.execute(select(Profile.matured_until).where(Profile.subscriber_id == 1)).scalar()
    )
    assert row == now


async def test_transactional_letters_and_answered_ones_do_not_count(db: Database, now: datetime) -> None:
    campaign_id = campaign(db, now)
    db.write_now(sent, campaign_id, 1, now, 11, Lane.TRANSACTIONAL)
    db.write_now(sent, campaign_id, 1, now, 12, Lane.SERIES)
    db.write_now(sent, campaign_id, 1, now, 13)
    found = db.write_now(engagement.answered, 1, 13, now + HOUR)
    engagement.mature(db, now + DAY)

    assert found is not None
    assert found.first
    assert db.read_now(unanswered) == 1


async def test_a_sign_of_life_answers_all_before_it(db: Database, now: datetime) -> None:
    campaign_id = campaign(db, now)
    db.write_now(sent, campaign_id, 1, now, 11)
    db.write_now(sent, campaign_id, 1, now + 2 * HOUR, 12)
    db.write_now(subscribers.alive, 1, now + HOUR)
    engagement.mature(db, now + 2 * DAY)
    assert db.read_now(unanswered) == 1

    db.write_now(subscribers.alive, 1, now + 2 * DAY)
    assert db.read_now(unanswered) == 0


async def test_only_ones_own_letters_are_answered_and_the_first_answer_stays(
    db: Database, now: datetime
) -> None:
    campaign_id = campaign(db, now)
    db.write_now(sent, campaign_id, 1, now, 11)
    delivery = db.read_now(lambda s: s.scalar(select(Delivery.id).where(Delivery.message_id == 11)))
    assert delivery is not None

    assert db.write_now(engagement.answered, 2, 11, now) is None
    assert db.write_now(engagement.tapped, 2, delivery, "quiz", now) is None
    assert db.write_now(engagement.answered, 1, 99, now) is None
    first = db.write_now(engagement.tapped, 1, delivery, "quiz", now + HOUR)
    again = db.write_now(engagement.tapped, 1, delivery, "quiz", now + 2 * HOUR)
    assert (first and first.first, again and again.first) == (True, False)
    assert db.read_now(lambda s: s.scalar(select(Delivery.answered_at))) == now + HOUR
    assert db.read_now(lambda s: len(s.scalars(select(Event)).all())) == 1, "a double tap is one click"
    assert db.read_now(lambda s: s.scalar(select(DailyCount.count))) == 1


HISTORY = st.lists(
    st.tuples(st.integers(0, 200), st.sampled_from(["letter", "alive", "answer"])), max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORY, every=st.integers(1, 300))
async def test_the_count_is_the_same_however_often_ticks_run(
    db: Database, now: datetime, history: list[tuple[int, str]], every: int
) -> None:
    """Two people live the same history; the first is ticked every hour, both once more at the end."""
    if db.read_now(lambda s: s.scalar(select(Profile.subscriber_id).limit(1))) is None:
        campaign(db, now)

    def clear(session: Session) -> None:
        session.query(Delivery).delete()
        fresh = {"unanswered": 0, "last_seen_at": now - DAY, "matured_until": None}
        session.execute(update(Profile).values(**fresh))

    acts = sorted({(hour, act) for hour, act in history})
    ends = []
    for step in (1, every, 1000):
        db.write_now(clear)
        letters: list[datetime] = []
        seen, answered_ids = now - DAY, set()
        for hour in range(251):
            moment = now + hour * HOUR
            for _, act in (one for one in acts if one[0] == hour):
                if act == "letter":
                    letters.append(moment)
                    db.write_now(sent, 1, 1, moment, len(letters))
                elif act == "alive":
                    seen = moment
                    db.write_now(subscribers.alive, 1, moment)
                elif letters:
                    answered_ids.add(len(letters))
                    db.write_now(engagement.answered, 1, len(letters), moment)
                    seen = moment
                    db.write_now(subscribers.alive, 1, moment)
            if hour % step == 0 and any(abs(hour - act[0] - grace) < 2 for act in acts for grace in (0, 24)):
                engagement.mature(db, moment)
        engagement.mature(db, now + 250 * HOUR)
        ends.append(db.read_now(unanswered))
        expected = sum(
            1
            for number, at in enumerate(letters, 1)
            if at > seen and number not in answered_ids and at <= now + 226 * HOUR
        )
        assert ends[-1] == expected

    assert len(set(ends)) == 1


async def test_a_button_labels_whoever_taps_it_only_where_the_letter_has_it(
    db: Database, now: datetime
) -> None:
    db.write_now(add_people, 1, now)
    asks = Words("Почему?", buttons=[[{"text": "Дорого", "action": "tag.expensive"}]])
    campaign_id = db.write_now(planned_campaign, now, "why", variants=[Variant({"ru": asks})])
    db.write_now(sent, campaign_id, 1, now, 11)
    delivery_id = db.read_now(lambda s: s.scalars(select(Delivery.id)).one())
    for code in ("tag.vip", "tag.", "vip", "tag.expensive", "tag.expensive"):
        assert db.write_now(engagement.tapped, 1, delivery_id, code, now) is not None
    assert db.read_now(lambda s: list(s.scalars(select(Tag.tag)))) == ["expensive"]
    assert db.write_now(engagement.tapped, 2, delivery_id, "tag.expensive", now) is None
