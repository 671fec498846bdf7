"""The owner corrects a letter people have, and takes one back."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from core.db import Database
from core.mailing import campaigns, copies, ledger
from core.mailing.campaigns import Variant
from core.mailing.letters import Words
from core.mailing.models import Content, Delivery
from tests.admin.windows import OWNER, Window, buttons
from tests.mailing.people import add_people, launch_all, planned_campaign

BUTTON = [[{"text": "Да", "action": "yes"}]]


def delivered(session: Session) -> None:
    """Three people have the letter."""
    now = clock.now()
    session.execute(update(Delivery).values(state="sent", message_id=5, finished_at=now))
    campaigns.finish(session, 1, now)
    campaigns.show_progress_in(session, 1, OWNER, 50)


@pytest.fixture
async def window(db: Database) -> Window:
    now = clock.now()
    db.write_now(add_people, 3, now)
    letter = Words("Цена {{ first_name }}: 100", "photo", file_id="f", buttons=BUTTON)
    db.write_now(planned_campaign, now, variants=[Variant({"ru": letter})])
    launch_all(db, now)
    db.write_now(delivered)
    return Window(db)


async def test_a_text_is_corrected_where_people_have_it(window: Window, db: Database) -> None:
    shown = (await window.taps("al:look:1:0"))[-1]
    ask = (await window.taps(buttons(shown)["✏️ Исправить"]))[-1]
    assert "где письмо уже лежит: 3" in ask.text  # type: ignore[attr-defined]
    mend = (await window.writes("Цена {{ first_name"))[-1]
    assert "Исправьте" in mend.text  # type: ignore[attr-defined]
    sample, sure = await window.writes("Цена {{ first_name | default: «друг» }}: 200")
    assert sample.text == "Цена Анна: 200"  # type: ignore[attr-defined]
    go = buttons(sure)["✅ Исправить: 3"]
    progress = (await window.taps(go))[-1]
    assert "правка в чатах" in progress.text  # type: ignore[attr-defined]
    assert "Всего писем в чатах: 3" in progress.text  # type: ignore[attr-defined]
    await window.taps(go)
    change_id = 2
    assert db.read_now(campaigns.status_of, change_id) == "running"
    assert db.read_now(ledger.totals, change_id).pending == 3
    ((_, content),) = db.read_now(copies.words_of, change_id)
    assert (content.kind, content.file_id, content.buttons) == ("photo", "f", BUTTON)
    assert not any("Исправить" in label for label in buttons(progress)), "a change is not changed"


async def test_a_letter_is_taken_back_on_the_second_word(window: Window, db: Database) -> None:
    old = (
        update(Delivery).where(Delivery.subscriber_id == 1).values(finished_at=clock.now() - 3 * copies.LIFE)
    )
    db.write_now(lambda session: session.execute(old) and None)
    shown = (await window.taps("al:look:1:0"))[-1]
    ask = (await window.taps(buttons(shown)["🗑 Отозвать"]))[-1]
    assert "Можем удалить: <b>2</b>. Ещё у 1 оно останется" in ask.text  # type: ignore[attr-defined]
    calls = await window.taps(buttons(ask)["🗑 Удалить: 2"])
    told = "\n".join(call.text for call in calls if getattr(call, "text", None))
    assert "удаляем письмо из чатов" in told
    assert "осталось как есть — 1" in told
    assert "прошло больше 48 часов" in told
    totals = db.read_now(ledger.totals, 2)
    assert (totals.pending, totals.reasons) == (2, {"too_late": 1})


async def test_one_that_runs_again_is_not_changed_by_an_old_button(window: Window, db: Database) -> None:
    shown = (await window.taps("al:look:1:0"))[-1]
    db.write_now(lambda session: session.execute(update(Delivery).values(state="unknown")) and None)
    db.write_now(campaigns.resend_unknown, 1, clock.now())
    assert (await window.taps(buttons(shown)["✏️ Исправить"]))[0].show_alert  # type: ignore[attr-defined]
    assert db.read_now(lambda session: session.scalars(select(Content.id)).all()) == [1]
