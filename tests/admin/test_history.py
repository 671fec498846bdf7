"""The owner asks who was in a segment on a past day, and who moved from where to where."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from aiogram.methods import AnswerCallbackQuery, SendDocument, SendPhoto
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from bot.admin.callbacks import HistoryTap, MovementTap
from bot.admin.history import past_day
from core import clock
from core.db import Database
from core.people import subscribers
from core.people.models import Subscriber
from core.segments import rules
from core.segments.models import Membership, Segment
from tests.admin.windows import STRANGER, Window, buttons


def people(session: Session) -> None:
    now = clock.now()
    for name, title in (("calm", "Спокойные"), ("wild", "Бурные")):
        rules.define(session, name, "letters >= 0", (title, title), now - timedelta(days=300))
    for number, name in enumerate(("Анна", "Борис <b>", "Вера"), 1):
        subscribers.meet(session, subscribers.Sender(number, name), now)


def lived(session: Session) -> None:
    now = clock.now()
    session.execute(update(Subscriber).values(created_at=now - timedelta(days=200)))
    session.execute(delete(Membership))  # what meeting them has made
    session.execute(update(Segment).values(size=1))
    moved, came = now - timedelta(days=10), now - timedelta(days=100)
    stays = [(1, 1, came, moved), (2, 1, moved, None), (1, 2, came, None), (2, 3, came, None)]
    rows = [
        {"segment_id": number, "subscriber_id": who, "entered_at": entered, "left_at": left}
        for number, who, entered, left in stays
    ]
    session.execute(insert(Membership), rows)


@pytest.fixture
def base(db: Database) -> Database:
    db.write_now(people)
    db.write_now(lived)
    return db


async def test_a_past_day_is_chosen_by_a_button_typed_and_taken_as_a_file(base: Database) -> None:
    window = Window(base)
    _, asked = await window.taps(HistoryTap(action="open", number=1).pack())
    assert "Кто был в сегменте <b>Спокойные</b>" in asked.text  # type: ignore[attr-defined]
    month = next(data for words, data in buttons(asked).items() if words.startswith("Месяц назад"))
    _, shown = await window.taps(month)
    told = shown.text  # type: ignore[attr-defined]
    assert "было <b>2</b> человека" in told
    assert "С тех пор не уходили: 1." in told
    assert "Борис &lt;b&gt;: с " in told
    assert "и до сих пор" in told
    _, file = await window.taps(buttons(shown)["⬇️ Скачать список"])
    assert isinstance(file, SendDocument)
    assert len(window.session.documents[0].decode("utf-8-sig").splitlines()) == 3

    await window.taps(HistoryTap(action="ask", number=1).pack())
    (sorry,) = await window.writes("когда-нибудь")
    assert "Не получилось прочитать дату" in sorry.text  # type: ignore[attr-defined]
    (ahead,) = await window.writes("01.01.2999")
    assert "ещё впереди" in ahead.text  # type: ignore[attr-defined]
    (before,) = await window.writes("01.01.1999")
    assert "сегмента ещё не было" in before.text  # type: ignore[attr-defined]
    assert await window.writes("вчера") == []  # answered: nothing waits for a day any more


async def test_buttons_of_what_is_gone_or_foreign_do_nothing_wrong(base: Database) -> None:
    window = Window(base)
    for action in ("open", "day", "ask", "csv"):
        tap = HistoryTap(action=action, number=99, day="2026-01-01").pack()  # type: ignore[arg-type]
        (answer,) = await window.taps(tap)
        assert isinstance(answer, AnswerCallbackQuery)
        assert "больше нет" in str(answer.text)
        assert await window.taps(tap, who=STRANGER) == []
    assert await window.taps(HistoryTap(action="day", number=1, day="2026-99-99").pack()) == []
    assert await window.writes("/movement", who=STRANGER) == []


async def test_movement_is_a_picture_with_words_a_table_and_months(base: Database) -> None:
    window = Window(base)
    (choice,) = await window.writes("/movement")
    assert list(buttons(choice)) == ["Ваши сегменты"]
    _, picture = await window.taps(buttons(choice)["Ваши сегменты"])
    assert isinstance(picture, SendPhoto)
    assert "Перешли 1 из 3 (33\u00a0%)." in str(picture.caption)
    assert "• Спокойные → Бурные: <b>1</b>" in str(picture.caption)
    _, table = await window.taps(buttons(picture)["⬇️ Таблица"])
    assert isinstance(table, SendDocument)
    _, months = await window.taps(buttons(picture)["По месяцам"])
    said = months.text  # type: ignore[attr-defined]
    assert 3 <= said.count("→ ") - said.count("• ") <= 6  # a span of days each
    assert "перешли 1 из 3\n• Спокойные → Бурные: <b>1</b>" in said
    assert "в начале здесь никого не было\n• не были здесь → Спокойные: <b>2</b>" in said
    assert "все 3 на местах" in said
    assert "0 из" not in said
    assert "ни в одном" not in said
    (_, again) = await window.taps(MovementTap(action="show", family="gone").pack())
    assert "Между какими сегментами" in again.text  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1 марта", date(2025, 3, 1)),
        ("5.02", date(2026, 2, 5)),
        ("6.2", date(2025, 2, 6)),
        ("29 февраля", date(2024, 2, 29)),
        ("1 March 2024", date(2024, 3, 1)),
        ("2026-01-31", date(2026, 1, 31)),
        ("Вчера", date(2026, 2, 4)),
        ("31.02.2025", None),
        ("32 мая", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_type_it(typed: str, day: date | None) -> None:
    assert past_day(typed, date(2026, 2, 5)) == day
