"""Copies already sent are changed and taken back through the same ledger, at the same pace."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.messenger import TelegramMessenger
from core.db import Database
from core.mailing import audiences, campaigns, copies, dry_run, engagement, ledger
from core.mailing.campaigns import CampaignError, Variant
from core.mailing.copies import EDIT, RECALL, Reach
from core.mailing.letters import Words
from core.mailing.messenger import Ambiguous, Button, Letter, Outcome, Refused, Sent
from core.mailing.models import Delivery
from core.mailing.sender import Sender
from core.mailing.throttle import Throttle
from core.people.models import Profile
from tests.mailing.people import Mailbox, add_people, change, draft, planned_campaign, states
from tests.mailing.test_caps import Caps, caps
from tests.mailing.test_messenger import Server, messenger, server

__all__ = ["messenger", "server"]  # fixtures

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BUTTON = [[{"text": "Да", "action": "yes"}]]


def answer(letter: Letter, number: int) -> Outcome:
    """As Telegram: a new message has a number, a changed one is no new message."""
    return Sent(number) if letter.act == "send" else Sent(0)


async def send(db: Database, mailbox: Mailbox, now: datetime) -> None:
    audiences.due(db, now)
    sender = Sender(db, mailbox, Throttle(1000, 5), now=lambda: now)
    serving = asyncio.create_task(sender.run())
    await sender.drain()
    await sender.stop()
    await serving


@pytest.fixture
async def sent(db: Database, now: datetime) -> tuple[int, Mailbox]:
    """A letter in two languages that five people have and one, who is stopped, has not."""
    db.write_now(add_people, 4, now - DAY)
    db.write_now(add_people, 2, now - DAY, first=5, language="en")
    db.write_now(change, 6, status="stopped")
    variants = [Variant({"ru": Words("Цена {{ first_name }}: 100"), "en": Words("Price: 100")})]
    campaign_id = db.write_now(
        planned_campaign, now, variants=variants, purpose="advertising", audience="letters >= 0"
    )
    mailbox = Mailbox(answer)
    await send(db, mailbox, now)
    return campaign_id, mailbox


FRESH = [Words("Price: 200", buttons=BUTTON), Words("Цена {{ first_name }}: 200", buttons=BUTTON)]


async def test_texts_and_buttons_of_copies_are_changed_each_in_its_language(
    db: Database, now: datetime, sent: tuple[int, Mailbox]
) -> None:
    campaign_id, mailbox = sent
    first = {letter.chat_id: letter for letter in mailbox.delivered}
    db.write_now(change, 1, status="stopped")  # his copy shows the wrong price too
    change_id = db.write_now(copies.edit, campaign_id, FRESH, "e1", now + HOUR)
    assert db.write_now(copies.edit, campaign_id, FRESH, "e1", now + HOUR) == change_id
    await send(db, mailbox, now + HOUR)

    edits = {letter.chat_id: letter for letter in mailbox.delivered[5:]}
    assert {chat: letter.text for chat, letter in edits.items()} == {
        **{1000 + i: f"Цена Имя{i}: 200" for i in range(1, 5)},
        1005: "Price: 200",
    }
    for number, letter in enumerate(mailbox.delivered[:5], 1):
        changed = edits[letter.chat_id]
        assert (changed.act, changed.message_id) == ("edit", number)
        assert changed.delivery_id == first[letter.chat_id].delivery_id, "taps stay the copy's own"
        assert changed.stop == letter.stop, "the way out stays under it"
    totals = db.read_now(ledger.totals, change_id)
    assert (totals.audience, totals.sent, db.read_now(campaigns.status_of, change_id)) == (5, 5, "finished")


async def test_a_change_is_no_letter_to_anybodys_counters(
    db: Database, now: datetime, sent: tuple[int, Mailbox]
) -> None:
    campaign_id, mailbox = sent
    change_id = db.write_now(copies.edit, campaign_id, FRESH, "e1", now)
    await send(db, mailbox, now)
    counted = select(Profile.letters_received).order_by(Profile.subscriber_id)
    assert db.read_now(lambda s: list(s.scalars(counted))) == [1, 1, 1, 1, 1, 0]
    found = db.write_now(engagement.answered, 1, 1, now)
    assert found is not None
    assert found.campaign_id == campaign_id
    engagement.mature(db, now + 2 * DAY)
    unanswered = select(Profile.unanswered).where(Profile.subscriber_id == 2)
    assert db.read_now(lambda s: s.scalar(unanswered)) in (0, 1)
    caps.use(Caps(day=2))
    try:
        again = draft(purpose="advertising")
        assert db.read_now(dry_run.foresee, again, now + HOUR).reasons == {}
    finally:
        caps.use(Caps())
    assert change_id != campaign_id


async def test_who_has_not_got_it_yet_gets_the_new_text_and_a_further_edit_begins_with_it(
    db: Database, now: datetime
) -> None:
    db.write_now(add_people, 10, now - DAY)
    campaign_id = db.write_now(planned_campaign, now, variants=[Variant({"ru": Words("старый")})])
    audiences.due(db, now)

    def half(session: object) -> None:
        session.execute(  # type: ignore[attr-defined]
            update(Delivery).where(Delivery.id <= 5).values(state="sent", message_id=7, finished_at=now)
        )

    db.write_now(half)
    with pytest.raises(CampaignError, match="is running; pause it before"):
        db.write_now(copies.edit, campaign_id, [Words("новый")], "e1", now)
    db.write_now(campaigns.pause, campaign_id)
    db.write_now(copies.edit, campaign_id, [Words("новый")], "e1", now)
    mailbox = Mailbox(answer)
    await send(db, mailbox, now)
    db.write_now(campaigns.resume, campaign_id)
    await send(db, mailbox, now)
    assert Counter((letter.act, letter.text) for letter in mailbox.delivered) == {
        ("edit", "новый"): 5,
        ("send", "новый"): 5,
    }
    with pytest.raises(CampaignError, match="has 1 texts, here are 2"):
        db.write_now(copies.edit, campaign_id, FRESH, "e2", now)
    photo = [Words("x", "photo", file_id="f")]
    with pytest.raises(CampaignError, match="A text cannot become a photo"):
        db.write_now(copies.edit, campaign_id, photo, "e3", now)


async def test_copies_are_taken_back_while_telegram_lets_us(
    db: Database, now: datetime, sent: tuple[int, Mailbox]
) -> None:
    campaign_id, mailbox = sent
    old = update(Delivery).where(Delivery.subscriber_id == 2).values(finished_at=now - 49 * HOUR)
    db.write_now(lambda session: session.execute(old) and None)
    assert db.read_now(copies.reach, campaign_id, RECALL, now) == Reach(5, 4)
    assert db.read_now(copies.reach, campaign_id, EDIT, now) == Reach(5, 5)
    change_id = db.write_now(copies.recall, campaign_id, "r1", now)
    await send(db, mailbox, now)
    assert sorted(letter.chat_id for letter in mailbox.delivered if letter.act == "recall") == [
        1001, 1003, 1004, 1005,
    ]  # fmt: skip
    totals = db.read_now(ledger.totals, change_id)
    assert (totals.audience, totals.sent, totals.suppressed, totals.reasons) == (5, 4, 1, {"too_late": 1})
    with pytest.raises(CampaignError, match="is a change of campaign"):
        db.write_now(copies.recall, change_id, "r2", now)


async def test_a_change_is_paused_and_cancelled_and_errs_as_any_letter(
    db: Database, now: datetime, sent: tuple[int, Mailbox]
) -> None:
    campaign_id, _ = sent
    answers = {1001: Refused("gone"), 1002: Ambiguous("reset")}
    mailbox = Mailbox(lambda letter, number: answers.get(letter.chat_id, Sent(0)))
    change_id = db.write_now(copies.edit, campaign_id, FRESH, "e1", now)
    audiences.due(db, now)
    db.write_now(campaigns.pause, change_id)
    await send(db, mailbox, now)
    assert mailbox.delivered == []
    db.write_now(campaigns.resume, change_id)
    await send(db, mailbox, now)
    assert db.read_now(states, change_id) == {"sent": 3, "failed": 1, "unknown": 1}
    second = db.write_now(copies.edit, campaign_id, FRESH, "e2", now)
    db.write_now(campaigns.cancel, second, now)
    await send(db, mailbox, now)
    assert len(mailbox.delivered) == 3


@pytest.mark.parametrize(
    ("letter", "method", "body"),
    [
        (
            Letter(7, 1001, "Цена: 200", buttons=((Button("Да", action="yes"),),), act="edit", message_id=5),
            "editMessageText",
            {
                "chat_id": 1001, "message_id": 5, "parse_mode": "HTML", "text": "Цена: 200",
                "reply_markup": {"inline_keyboard": [[{"text": "Да", "callback_data": "act:7:yes"}]]},
            },
        ),
        (
            Letter(7, 1001, "Подпись", "photo", "f1", silent=True, act="edit", message_id=5),
            "editMessageCaption",
            {"chat_id": 1001, "message_id": 5, "parse_mode": "HTML", "caption": "Подпись"},
        ),
        (
            Letter(7, 1001, "Подпись", "photo", None, "no.jpg", act="recall", message_id=5),
            "deleteMessage",
            {"chat_id": 1001, "message_id": 5},
        ),
    ],
)  # fmt: skip
async def test_a_change_is_written_as_telegram_reads_it(
    server: Server, messenger: TelegramMessenger, letter: Letter, method: str, body: dict[str, Any]
) -> None:
    server.says(200, {"ok": True, "result": True})
    assert await messenger.send(letter) == Sent(0)
    assert server.calls == [(method, body)]


@pytest.mark.parametrize(
    ("status", "description", "outcome"),
    [
        (400, "Bad Request: message is not modified: specified new message content", Sent(0)),
        (400, "Bad Request: message to edit not found", Refused("gone")),
        (400, "Bad Request: message to delete not found", Refused("gone")),
        (400, "Bad Request: message can't be deleted for everyone", Refused("too_late")),
        (403, "Forbidden: bot was blocked by the user", "blocked"),
        (502, "Bad Gateway", Ambiguous("HTTP 502 Bad Gateway")),
    ],
)
async def test_what_telegram_says_of_a_copy(
    server: Server, messenger: TelegramMessenger, status: int, description: str, outcome: object
) -> None:
    server.says(status, {"ok": False, "error_code": status, "description": description})
    found = await messenger.send(Letter(7, 1001, "x", act="edit", message_id=5))
    assert (found.reason if isinstance(outcome, str) else found) == outcome  # type: ignore[union-attr]
