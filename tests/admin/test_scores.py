"""/scores: groups, thresholds and tests as the last run stored them, and the way to the segments."""

from __future__ import annotations

from datetime import timedelta

from aiogram.methods import SendMessage, SendPhoto

from bot.admin.score_views import PAGES, ScoreTap
from core.db import Database
from core.segments import rules
from core.segments.scores.job import compute
from tests.admin.windows import NOW, Window, buttons
from tests.mailing.people import add_people
from tests.segments.scores.test_job import base, buy


def busy(session: object, people: int = 160) -> None:
    """A base with enough gaps for thresholds of its own and enough buyers for a model."""
    add_people(session, people, NOW)  # type: ignore[arg-type]
    orders = [
        (who, ago, 1_000 + who * 37 + ago)
        for who in range(1, people - 10)
        for ago in range(3 + who % 50, 60 + who * 7 % 600, 20 + who % 40)
    ]
    buy(session, orders, NOW)  # type: ignore[arg-type]


async def test_before_the_first_run_the_window_says_when_scores_come(db: Database) -> None:
    (shown,) = await Window(db).writes("/scores")
    assert isinstance(shown, SendMessage)
    assert "Оценок пока нет" in shown.text


async def test_a_page_tells_groups_thresholds_and_tests_and_leads_to_segments(db: Database) -> None:
    db.write_now(busy)
    db.write_now(rules.define, "vip", "lifecycle = vip", ("VIP", "VIP"), NOW)
    compute(db, NOW)
    window = Window(db)
    (shown,) = await window.writes("/scores")
    assert isinstance(shown, SendPhoto)
    assert len(buttons(shown)) == len(PAGES)
    texts, pages = {}, {}
    for page in PAGES:
        found = (await window.taps(ScoreTap(page=page).pack()))[-1]
        texts[page], pages[page] = str(getattr(found, "text", "")), buttons(found)
    assert "Пороги взяты из ваших данных" in texts["lifecycle"]
    assert "Проверка на вашей истории" in texts["lifecycle"]
    assert pages["lifecycle"]["VIP"].startswith("as:card:")
    assert "вес 50 %" in texts["health"]
    assert "простая сумма RFM" in texts["health"]
    assert "модель ждала" in texts["clv"]
    assert "Чемпионы: <b>" in texts["rfm"]
    assert "прошёл квиз до конца: <b>20</b>, гаснет за 60 дней" in texts["lead"]
    assert max(map(len, texts.values())) < 3500


async def test_few_people_and_nobody_who_bought_are_told_plainly(db: Database) -> None:
    db.write_now(add_people, 3, NOW)
    compute(db, NOW)
    window = Window(db)
    assert isinstance((await window.writes("/scores"))[0], SendPhoto)
    for page in PAGES:
        assert getattr((await window.taps(ScoreTap(page=page).pack()))[-1], "text", "")


async def test_tests_of_the_scores_are_made_once_a_month(db: Database) -> None:
    from core.segments.scores.job import last_findings

    db.write_now(base, NOW)
    compute(db, NOW)
    first = db.read_now(last_findings)["tests"]
    compute(db, NOW + timedelta(days=1))
    assert db.read_now(last_findings)["tests"] == first
    compute(db, NOW + timedelta(days=30))
    assert db.read_now(last_findings)["tests"]["month"] == "2026-04"
