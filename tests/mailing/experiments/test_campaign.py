"""A campaign as an experiment: agreed before launch, dealt by the planning statement, judged by its looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing import audiences, campaigns, dry_run
from core.mailing.campaigns import Variant
from core.mailing.experiments import holdout, launching, looking
from core.mailing.experiments.assigning import HELD
from core.mailing.experiments.earned import earned
from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.launching import Terms
from core.mailing.experiments.models import Experiment, ExperimentLook
from core.mailing.experiments.split import PRIME, arm_of, place
from core.mailing.letters import Words
from core.mailing.models import Campaign, CampaignVariant, Delivery
from core.people.models import Event
from core.sales.models import Purchase
from tests.mailing.people import add_people, draft

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
A, B = Words("Скидка 10 %"), Words("Подарок к заказу")


def trial(
    session: Session, /, terms: Terms, others: int = 1, key: str = "spring", purpose: str = "advertising"
) -> int:
    """A draft with variants A, B…"""
    campaign_id = campaigns.create(session, draft(variants=[Variant({"ru": A})], purpose=purpose), key, NOW)
    contents = [{"ru": Words(f"{B.text} {number}")} for number in range(others)]
    launching.set_up(session, campaign_id, contents, terms)
    return campaign_id


def launched(db: Database, people: int, terms: Terms, others: int = 1) -> int:
    db.write_now(add_people, people, NOW)
    campaign_id = db.write_now(trial, terms, others)
    db.write_now(campaigns.launch, campaign_id, NOW)
    audiences.due(db, NOW)
    return campaign_id


def sent(session: Session, /, campaign_id: int, now: datetime = NOW) -> None:
    """Everything planned is sent at this moment, and the campaign finished."""
    mine = update(Delivery).where(Delivery.campaign_id == campaign_id, Delivery.state == "planned")
    session.execute(mine.values(state="sent", started_at=now, finished_at=now, message_id=Delivery.id))
    campaigns.finish(session, campaign_id, now)


def dealt(session: Session, /, campaign_id: int) -> dict[int, tuple[int | None, int | None, str, str | None]]:
    rows = session.execute(
        select(
            Delivery.subscriber_id, Delivery.arm, Delivery.content_id, Delivery.state, Delivery.reason
        ).where(Delivery.campaign_id == campaign_id)
    )
    return {who: (arm, content, state, reason) for who, arm, content, state, reason in rows}


def tap(session: Session, /, campaign_id: int, shares: dict[int, float], at: datetime) -> None:
    """The first people of each arm tap, so many of it."""
    for arm, share in shares.items():
        rows = session.execute(
            select(Delivery.id, Delivery.subscriber_id)
            .where(Delivery.campaign_id == campaign_id, Delivery.arm == arm)
            .order_by(Delivery.id)
        ).all()
        detail = {"campaign": campaign_id}
        facts = [
            {
                "subscriber_id": who,
                "kind": "message_clicked",
                "at": at,
                "detail": detail,
                "key": f"tap:{number}:a",
            }
            for number, who in rows[: round(len(rows) * share)]
        ]
        for fact in facts:
            known = session.scalar(select(Event.id).where(Event.key == fact["key"]))
            if known is None:
                session.execute(insert(Event), [fact])


def test_everybody_gets_the_variant_his_number_and_the_salt_say(db: Database) -> None:
    campaign_id = launched(db, 400, Terms(shares=(1, 1, 2)), others=2)
    found = db.read_now(dealt, campaign_id)
    salt = db.read_now(lambda session: session.get_one(Experiment, campaign_id).salt)
    assert {who: arm for who, (arm, *_) in found.items()} == {
        who: arm_of(salt, who, [1, 1, 2]) for who in range(1, 401)
    }
    rows = select(CampaignVariant.content_id, CampaignVariant.arm)
    arms = dict(db.read_now(lambda session: session.execute(rows).all()))
    assert all(arms[content] == arm for arm, content, *_ in found.values())


def test_the_preview_counts_each_variant_and_the_holdout(db: Database) -> None:
    db.write_now(add_people, 1000, NOW)
    campaign_id = db.write_now(trial, Terms(goal="purchase", holdout=0.1))
    found = db.read_now(dry_run.preview, campaign_id, NOW)
    held = sum(place(holdout.SALT, who) < int(PRIME * 0.1) for who in range(1, 1001))
    assert found.reasons == {"holdout": held}
    assert 60 < held < 140
    assert min(found.contents.values()) > 380
    assert found.audience == 1000


def test_the_holdout_is_the_same_people_in_every_campaign_and_the_last_reason(db: Database) -> None:
    db.write_now(add_people, 600, NOW)
    db.write_now(add_people, 40, NOW, first=601, status="blocked")
    held = []
    for key in ("spring", "summer"):
        campaign_id = db.write_now(trial, Terms(goal="purchase", holdout=0.1), 1, key)
        db.write_now(campaigns.launch, campaign_id, NOW)
        audiences.due(db, NOW)
        found = db.read_now(dealt, campaign_id)
        held.append({who for who, (arm, *_) in found.items() if arm == HELD})
        assert {found[who][2:] for who in held[-1]} == {("suppressed", "holdout")}
        assert all(arm is None for who, (arm, *_) in found.items() if who > 600)
    assert held[0] == held[1]


def test_a_part_is_tried_and_the_rest_gets_the_winner_once(db: Database) -> None:
    campaign_id = launched(db, 2000, Terms(tested=0.5, window_hours=48))
    db.write_now(sent, campaign_id)
    tried = db.read_now(dealt, campaign_id)
    assert 900 < len(tried) < 1100
    db.write_now(tap, campaign_id, {0: 0.04, 1: 0.14}, NOW + HOUR)
    with pytest.raises(ExperimentError, match="no rest that waits"):
        db.write_now(looking.send_rest, campaign_id, 1, NOW + 2 * HOUR)
    found = looking.look(db, campaign_id, NOW + 48 * HOUR)
    assert found.verdict is not None
    assert (found.verdict.decision, found.is_final, found.offers_rest) == ("B", True, True)
    assert db.write_now(looking.send_rest, campaign_id, 1, NOW + 49 * HOUR)
    assert not db.write_now(looking.send_rest, campaign_id, 0, NOW + 49 * HOUR)
    db.write_now(campaigns.pause, campaign_id)  # in mid-planning: what is left is planned when it goes on
    db.write_now(campaigns.resume, campaign_id)
    audiences.due(db, NOW + 49 * HOUR)
    everybody = db.read_now(dealt, campaign_id)
    assert len(everybody) == 2000
    assert {who: everybody[who] for who in tried} == tried
    better = {content for arm, content, *_ in tried.values() if arm == 1}
    assert {content for who, (_, content, *_) in everybody.items() if who not in tried} == better
    assert all(arm is None for who, (arm, *_) in everybody.items() if who not in tried)
    db.write_now(sent, campaign_id, NOW + 49 * HOUR)
    again = looking.look(db, campaign_id, NOW + 60 * HOUR)
    assert again.verdict == found.verdict
    assert not again.offers_rest


def test_each_look_that_brings_something_is_stored_and_an_idle_one_is_not(db: Database) -> None:
    campaign_id = launched(db, 800, Terms(window_hours=100))
    assert looking.look(db, campaign_id, NOW + HOUR).verdict is None  # nobody has got a letter yet
    db.write_now(sent, campaign_id)
    db.write_now(tap, campaign_id, {0: 0.05, 1: 0.05}, NOW + HOUR)
    first = looking.look(db, campaign_id, NOW + 10 * HOUR)
    idle = looking.look(db, campaign_id, NOW + 20 * HOUR)
    assert (first.looks, idle.looks) == (1, 1)
    db.write_now(tap, campaign_id, {0: 0.08, 1: 0.07}, NOW + 25 * HOUR)
    second = looking.look(db, campaign_id, NOW + 30 * HOUR)
    assert second.looks == 2
    assert second.verdict is not None
    assert (second.verdict.outcome, second.is_final) == ("early", False)
    assert second.verdict.information == pytest.approx(0.3)
    end = looking.look(db, campaign_id, NOW + 101 * HOUR)
    assert end.verdict is not None
    assert (end.verdict.outcome, end.is_final, end.looks) == ("same", True, 3)
    late = NOW + 200 * HOUR
    db.write_now(tap, campaign_id, {1: 0.9}, late)  # after the end nothing counts
    assert looking.look(db, campaign_id, late + HOUR).verdict == end.verdict


def test_a_large_difference_ends_the_experiment_before_its_time(db: Database) -> None:
    campaign_id = launched(db, 2000, Terms(window_hours=100))
    db.write_now(sent, campaign_id)
    db.write_now(tap, campaign_id, {0: 0.05, 1: 0.15}, NOW + HOUR)
    found = looking.look(db, campaign_id, NOW + 50 * HOUR)
    assert found.verdict is not None
    assert (found.verdict.decision, found.is_final) == ("B", True)


def test_a_variant_that_could_not_be_sent_breaks_the_split(db: Database) -> None:
    campaign_id = launched(db, 2000, Terms(window_hours=10))

    def broken(session: Session) -> None:
        mine = update(Delivery).where(
            Delivery.campaign_id == campaign_id, Delivery.arm == 1, Delivery.id % 4 == 0
        )
        session.execute(mine.values(state="failed", reason="content"))

    db.write_now(broken)
    db.write_now(sent, campaign_id)
    db.write_now(tap, campaign_id, {0: 0.05, 1: 0.25}, NOW + HOUR)
    found = looking.look(db, campaign_id, NOW + 10 * HOUR)
    assert found.verdict is not None
    assert (found.verdict.decision, found.is_final) == ("srm", True)


def test_the_winner_is_sent_by_itself_where_that_was_agreed(db: Database) -> None:
    campaign_id = launched(db, 2000, Terms(tested=0.5, window_hours=10, rollout="auto"))
    db.write_now(sent, campaign_id)
    db.write_now(tap, campaign_id, {0: 0.05, 1: 0.06}, NOW + HOUR)
    looking.advance(db, NOW + HOUR)
    looking.advance(db, NOW + 5 * HOUR)
    assert db.read_now(campaigns.status_of, campaign_id) == "finished"
    for _ in range(2):
        looking.advance(db, NOW + 10 * HOUR)
    audiences.due(db, NOW + 10 * HOUR)
    found = db.read_now(dealt, campaign_id)
    assert len(found) == 2000
    contents = {arm: content for arm, content, *_ in found.values() if arm is not None}
    rest = {content for arm, content, *_ in found.values() if arm is None}
    assert rest == {contents[0]}  # no difference was shown: the first letter
    assert db.read_now(lambda session: session.scalar(select(func.count(ExperimentLook.id)))) == 2


def test_what_the_letters_earned_is_told_against_the_holdout(db: Database) -> None:
    campaign_id = launched(db, 2000, Terms(goal="purchase", holdout=0.1, window_hours=72))
    db.write_now(sent, campaign_id)

    def buy(session: Session) -> None:
        rows = session.execute(select(Delivery.subscriber_id, Delivery.arm).order_by(Delivery.id)).all()
        written = [who for who, arm in rows if arm != HELD]
        unwritten = [who for who, arm in rows if arm == HELD]
        buyers = [*written[: len(written) // 5], *unwritten[: len(unwritten) // 20]]
        orders = [
            {"order_id": str(who), "subscriber_id": who, "at": NOW + HOUR, "amount": 100_00,
             "currency": "RUB", "base_amount": 100_00, "product": "", "category": ""}
            for who in buyers
        ]  # fmt: skip
        session.execute(insert(Purchase), orders)

    db.write_now(buy)
    found = looking.look(db, campaign_id, NOW + 73 * HOUR)
    assert found.treated is not None
    assert found.held is not None
    assert found.treated.people + found.held.people == 2000
    assert found.effect is not None
    assert found.earned is not None
    expected = found.treated.successes - found.treated.people * found.held.successes / found.held.people
    assert found.effect.amount == pytest.approx(expected)
    assert found.effect.low > 0
    assert found.earned.amount == pytest.approx(expected * 100_00)
    assert found.earned.low < found.earned.amount < found.earned.high


def test_all_letters_together_have_one_control_group(db: Database) -> None:
    db.write_now(add_people, 1500, NOW)
    for key, share in (("spring", 0.1), ("summer", 0.05)):
        terms = Terms(goal="purchase", shares=(1,), holdout=share, window_hours=24)
        campaign_id = db.write_now(trial, terms, 0, key)
        db.write_now(campaigns.launch, campaign_id, NOW)
        audiences.due(db, NOW)
        db.write_now(sent, campaign_id)
        looking.look(db, campaign_id, NOW + HOUR)

    def buy(session: Session) -> None:
        common = {"at": NOW + HOUR, "amount": 500_00, "currency": "RUB", "base_amount": 500_00}
        orders = [{"order_id": f"{who}", "subscriber_id": who, **common} for who in range(1, 1501, 4)]
        session.execute(insert(Purchase), [{**one, "product": "", "category": ""} for one in orders])

    db.write_now(buy)
    found = db.read_now(earned, NOW - HOUR, NOW + 2 * HOUR)
    assert found is not None
    least, most = (int(PRIME * share) for share in (0.05, 0.1))
    places = {who: place(holdout.SALT, who) for who in range(1, 1501)}
    assert found.held.people == sum(here < least for here in places.values())
    assert found.treated.people == sum(here >= most for here in places.values())
    assert found.treated.successes == sum(here >= most and who % 4 == 1 for who, here in places.items())
    assert found.money.amount == pytest.approx(found.buyers.amount * 500_00)
    assert (found.campaigns, found.buyers.low < found.buyers.amount < found.buyers.high) == (2, True)
    assert db.read_now(earned, NOW + HOUR, NOW + 2 * HOUR) is None


def test_a_holdout_needs_no_second_letter(db: Database) -> None:
    campaign_id = launched(
        db, 500, Terms(goal="purchase", shares=(1,), holdout=0.05, window_hours=24), others=0
    )
    db.write_now(sent, campaign_id)
    running = looking.look(db, campaign_id, NOW + 2 * HOUR)
    assert (running.verdict, running.is_final) == (None, False)
    found = looking.look(db, campaign_id, NOW + 25 * HOUR)
    assert found.is_final
    assert found.effect is not None


def test_the_owner_is_told_before_launch_what_can_be_seen(db: Database) -> None:
    db.write_now(add_people, 1000, NOW)
    campaign_id = db.write_now(trial, Terms(base=0.05))
    told = db.read_now(launching.tell, campaign_id, 1000, NOW)
    assert (told.each, told.base, told.changes) == (500, 0.05, ("text",))
    assert told.lift == pytest.approx(0.0466, abs=2e-3)
    assert not told.changes_several
    few = db.read_now(launching.tell, campaign_id, 6, NOW)
    assert few.lift is None or few.lift > 0.8


def test_several_changes_at_once_are_flagged(db: Database) -> None:
    campaign_id = db.write_now(trial, Terms())
    other = {"ru": Words("Иначе", buttons=[[{"text": "Хочу", "action": "want"}]])}
    db.write_now(launching.set_up, campaign_id, [other], Terms())
    told = db.read_now(launching.tell, campaign_id, 100, NOW)
    assert told.changes == ("text", "buttons")
    assert told.changes_several


def test_a_draft_becomes_plain_again(db: Database) -> None:
    campaign_id = db.write_now(trial, Terms())
    db.write_now(launching.drop, campaign_id)
    rows = db.read_now(lambda session: session.execute(select(CampaignVariant.arm)).all())
    assert [arm for (arm,) in rows] == [None]
    with pytest.raises(ExperimentError, match="no experiment"):
        looking.look(db, campaign_id, NOW)


@pytest.mark.parametrize(
    ("terms", "others", "purpose", "sentence"),
    [
        (Terms(shares=(1,)), 1, "advertising", "a share for each"),
        (Terms(shares=(1, 0)), 1, "advertising", "above 0"),
        (Terms(goal="joy"), 1, "advertising", "goal 'joy'"),
        (Terms(holdout=0.3, goal="purchase"), 1, "advertising", "5–10 %"),
        (Terms(holdout=0.1), 1, "advertising", "cannot answer"),
        (Terms(holdout=0.1, goal="purchase"), 1, "service", "promised"),
        (Terms(window_hours=0), 1, "advertising", "window"),
        (Terms(tested=0), 1, "advertising", "tested"),
        (Terms(rollout="luck"), 1, "advertising", "owner or auto"),
        (Terms(shares=(1,)), 0, "advertising", "nothing to compare"),
    ],
)
def test_terms_that_cannot_be_are_told_and_nothing_is_stored(
    db: Database, terms: Terms, others: int, purpose: str, sentence: str
) -> None:
    with pytest.raises(ExperimentError, match=sentence):
        db.write_now(trial, terms, others, "spring", purpose)
    assert db.read_now(lambda session: session.scalar(select(func.count(Experiment.campaign_id)))) == 0


def test_the_same_letter_twice_is_no_experiment(db: Database) -> None:
    campaign_id = db.write_now(trial, Terms())
    with pytest.raises(ExperimentError, match="the same letter"):
        db.write_now(launching.set_up, campaign_id, [{"ru": A}], Terms())
    assert db.read_now(lambda session: session.get_one(Campaign, campaign_id).state) == "draft"
