"""The shipped re-engagement: on, off, in whose words, once in a silence."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing import campaigns, content, playbooks
from core.mailing.campaigns import CampaignError
from core.mailing.models import CampaignVariant, Content, Delivery
from core.mailing.tick import tick
from core.quizzes.models import Answer
from core.segments import presets, refresh
from tests.mailing.people import add_people

MOSCOW = ZoneInfo("Europe/Moscow")
ROLES = ("freelancer", "owner", "manager", "wholesaler", "starting")


def give_roles(session: Session, now: datetime) -> None:
    for who, role in enumerate(ROLES, 1):
        session.add(
            Answer(subscriber_id=who, quiz="entry", question="role", folded=role, text=role, answered_at=now)
        )


async def test_every_text_of_every_playbook_is_fit_to_be_sent_in_both_languages(db: Database) -> None:
    for name in playbooks.names():
        for variant in playbooks.draft(name, MOSCOW).variants:
            assert list(variant.contents) == ["ru", "en"]
            for words in variant.contents.values():
                content.check(words.text)
                assert content.template(words.text).render(content.Reader(first_name="Ann")).count("Ann") == 1
                assert any(
                    button.action == "quiz" for row in content.check_buttons(words.buttons) for button in row
                )


async def test_it_writes_at_noon_of_the_business(db: Database, now: datetime) -> None:
    db.write_now(presets.install, now)
    nine_utc = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # noon in Moscow, this very moment
    campaign_id = db.write_now(playbooks.switch_on, "reengagement", nine_utc, MOSCOW)
    assert db.read_now(campaigns.status, campaign_id).due_at == nine_utc + timedelta(days=1)

    db.write_now(playbooks.switch_off, "reengagement")
    db.write_now(playbooks.switch_on, "reengagement", nine_utc - timedelta(hours=1), MOSCOW)
    assert db.read_now(campaigns.status, campaign_id).due_at == nine_utc


async def test_the_silent_get_one_letter_in_the_words_of_their_segment(db: Database, now: datetime) -> None:
    db.write_now(presets.install, now)
    db.write_now(add_people, 5, now - timedelta(days=20))
    db.write_now(add_people, 1, now - timedelta(days=20), first=6, language="en")
    db.write_now(add_people, 1, now - timedelta(days=3), first=7)
    db.write_now(give_roles, now)
    refresh.refresh_all(db, now)
    campaign_id = db.write_now(playbooks.switch_on, "reengagement", now - timedelta(hours=1), MOSCOW)

    assert tick(db, now) == 1

    rows = db.read_now(
        lambda s: s.execute(
            select(Delivery.subscriber_id, Content.text, CampaignVariant.rule, Content.language)
            .join(Content, Content.id == Delivery.content_id)
            .join(CampaignVariant, CampaignVariant.content_id == Content.id)
            .where(Delivery.campaign_id == campaign_id, Delivery.state == "planned")
            .order_by(Delivery.subscriber_id)
        ).all()
    )
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row[2] for row in rows] == [
        "in segment freelancers", "in segment owners", "in segment managers", "in segment wholesalers",
        "in segment starting", None,
    ]  # fmt: skip
    assert [row[3] for row in rows] == ["", "", "", "", "", "en"]


async def test_switching_twice_changes_nothing_and_after_a_rest_it_is_the_same_campaign(
    db: Database, now: datetime
) -> None:
    db.write_now(presets.install, now)
    first = db.write_now(playbooks.switch_on, "reengagement", now, MOSCOW)
    assert db.write_now(playbooks.switch_on, "reengagement", now, MOSCOW) == first
    assert [book.is_on for book in db.read_now(playbooks.list_)] == [True]

    db.write_now(playbooks.switch_off, "reengagement")
    db.write_now(playbooks.switch_off, "reengagement")
    listed = db.read_now(playbooks.list_)
    assert [(book.name, book.is_on, book.campaign_id) for book in listed] == [("reengagement", False, first)]

    assert db.write_now(playbooks.switch_on, "reengagement", now, MOSCOW) == first
    variants = db.read_now(lambda s: s.scalars(select(CampaignVariant)).all())
    assert len(variants) == 12, "the texts shipped now, not once more beside the old ones"


async def test_an_unknown_playbook_is_told_with_those_that_are_there(db: Database, now: datetime) -> None:
    with pytest.raises(CampaignError, match="there are: reengagement"):
        db.write_now(playbooks.switch_on, "nonsense", now, MOSCOW)
