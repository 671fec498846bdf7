"""The owner's experiments: two letters agreed, dealt and judged in the chat; the winner; the journal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiogram.methods import SendMessage
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import clock
from core.db import Database, note_touched
from core.mailing import campaigns
from core.mailing.experiments.models import Experiment
from core.mailing.models import CampaignVariant, Delivery
from core.people import subscribers
from core.segments import rules
from tests.admin.windows import Window, buttons
from tests.mailing.people import add_people


@pytest.fixture
def base(db: Database) -> Database:
    def fill(session: Session) -> None:
        now = clock.now()
        subscribers.meet(session, subscribers.Sender(1, "Анна"), now)
        add_people(session, 500, now, first=10)
        rules.define(session, "everyone", "letters >= 0", ("Все люди", "Everyone"), now)
        note_touched(session, range(1, 511), now)

    db.write_now(fill)
    return db


async def begun(window: Window) -> str:
    """A letter with its second text; returns the draft window's text."""
    await window.taps("as:write:1")
    count = (await window.writes("Скидка 10 % до пятницы"))[-1]
    menu = (await window.taps(buttons(count)["🧪 Проверить"]))[-1]
    asked = (await window.taps(buttons(menu)["✍️ Второй текст"]))[-1]
    assert isinstance(asked, SendMessage)
    assert "второй вариант письма" in asked.text
    return (await window.writes("Подарок к заказу до пятницы"))[-1]  # type: ignore[return-value]


def answer(session: Session, share: dict[int, float]) -> None:
    """Every letter is sent; so many people of each variant respond."""
    now = clock.now()
    session.execute(
        update(Delivery)
        .where(Delivery.state == "planned")
        .values(state="sent", started_at=now, finished_at=now, message_id=Delivery.id)
    )
    for arm, part in share.items():
        ids = session.scalars(select(Delivery.id).where(Delivery.arm == arm).order_by(Delivery.id)).all()
        came = update(Delivery).where(Delivery.id.in_(ids[: round(len(ids) * part)]))
        session.execute(came.values(answered_at=now))
    campaigns.finish(session, 1, now)


async def test_two_letters_are_compared_and_the_winner_goes_to_the_rest(
    base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window(base)
    shown = await begun(window)
    text = shown.text  # type: ignore[attr-defined]
    assert "<b>A</b>: Скидка 10 % до пятницы" in text
    assert "<b>B</b>: Подарок к заказу до пятницы" in text
    assert "Письмо получат 500 человек, по 250 человек на вариант." in text
    assert "видна разница от +" in text
    assert "🎯 отклик" in buttons(shown)  # no button in the letter: a tap cannot be the goal
    shown = (await window.taps(buttons(shown)["👥 Пробуем на 100 % людей"]))[-1]
    assert "🏆 Победителя отправлю сам" in buttons(shown)
    twice = buttons(shown)["⏳ 3 дн."]
    for _ in range(2):
        shown = (await window.taps(twice))[-1]
    assert "⏳ 7 дн." in buttons(shown)
    (launch,) = (data for words, data in buttons(shown).items() if words.startswith("✅ Отправить: "))
    progress = (await window.taps(launch, message_id=77))[-1]
    assert "🧪 Что показала проверка" in buttons(progress)
    base.write_now(answer, {0: 0.05, 1: 0.35})
    waiting = (await window.taps(buttons(progress)["🧪 Что показала проверка"]))[-1]
    assert "Пока рано" in waiting.text  # type: ignore[attr-defined]
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=8))
    over = (await window.taps(buttons(waiting)["🔄 Обновить"]))[-1]
    assert "B лучше A: +" in over.text  # type: ignore[attr-defined]
    send = buttons(over)["🏆 Отправить B остальным"]
    for _ in range(2):
        await window.taps(send)
    totals = base.read_now(campaigns.status, 1).totals
    assert (totals.audience, totals.pending + totals.sent) == (502, 500)
    rest = select(Delivery.content_id).where(Delivery.arm.is_(None), Delivery.state == "planned").distinct()
    second = select(CampaignVariant.content_id).where(CampaignVariant.arm == 1)
    assert base.read_now(lambda s: s.scalars(rest).all() == s.scalars(second).all())
    journal = (await window.writes("/experiments"))[-1]
    assert "победил B" in journal.text  # type: ignore[attr-defined]
    assert "Дальше проверьте кнопку" in journal.text  # type: ignore[attr-defined]


async def test_a_letter_without_a_test_again_is_for_everybody(base: Database) -> None:
    window = Window(base)
    shown = await begun(window)
    old = next(data for words, data in buttons(shown).items() if words.startswith("✅"))
    count = (await window.taps(buttons(shown)["← Без проверки"]))[-1]
    assert "✅ Отправить: 500" in buttons(count)
    assert (await window.taps(old))[0].show_alert  # type: ignore[attr-defined]
    assert base.read_now(lambda s: s.scalar(select(Experiment.campaign_id))) is None
    await window.taps(buttons(count)["✅ Отправить: 500"])
    assert base.read_now(lambda s: s.scalars(select(Delivery.arm).distinct()).all()) == [None]


async def test_another_text_ends_the_comparison(base: Database) -> None:
    window = Window(base)
    await begun(window)
    await window.taps("al:edit:1:1")
    await window.writes("Совсем другое письмо")
    assert base.read_now(lambda s: s.scalar(select(Experiment.campaign_id))) is None


async def test_a_tenth_without_a_letter_shows_what_letters_bring(base: Database) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    count = (await window.writes("Скидка 10 %"))[-1]
    menu = (await window.taps(buttons(count)["🧪 Проверить"]))[-1]
    shown = (await window.taps(buttons(menu)["🫥 10 % без письма"]))[-1]
    assert "Измеряем, что приносит рассылка" in shown.text  # type: ignore[attr-defined]
    shown = (await window.taps(buttons(shown)["🫥 Без письма: 10 %"]))[-1]
    shown = (await window.taps(buttons(shown)["🫥 Без письма: 5 %"]))[-1]  # a letter alone keeps its holdout
    assert list(buttons(shown))[:3] == ["🎯 покупка", "⏳ 7 дн.", "🫥 Без письма: 10 %"]
    launch = next(data for words, data in buttons(shown).items() if words.startswith("✅"))
    progress = (await window.taps(launch, message_id=77))[-1]
    assert "без письма: контрольная группа" in progress.text  # type: ignore[attr-defined]
    unwritten = select(func.count(Delivery.id)).where(Delivery.reason == "holdout")
    assert 25 < (base.read_now(lambda s: s.scalar(unwritten)) or 0) < 80


async def test_the_same_text_twice_is_asked_for_again(base: Database) -> None:
    window = Window(base)
    await window.taps("as:write:1")
    count = (await window.writes("Скидка"))[-1]
    menu = (await window.taps(buttons(count)["🧪 Проверить"]))[-1]
    await window.taps(buttons(menu)["✍️ Второй текст"])
    again = (await window.writes("Скидка"))[-1]
    assert "Так не получится" in again.text  # type: ignore[attr-defined]
    assert "Сравниваем два письма" in (await window.writes("Подарок"))[-1].text  # type: ignore[attr-defined]


async def test_the_journal_of_an_empty_base_says_where_to_begin(base: Database) -> None:
    (shown,) = await Window(base).writes("/experiments")
    assert "Опытов ещё не было." in shown.text  # type: ignore[attr-defined]
    assert "проверьте два текста одного письма" in shown.text  # type: ignore[attr-defined]
    assert (await Window(base).taps("ex:look:99:0:0"))[0].show_alert  # type: ignore[attr-defined]
