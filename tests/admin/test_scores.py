"""/scores: groups, thresholds and tests as the last run stored them, and the way to the segments."""

from __future__ import annotations

from datetime import timedelta

from aiogram.methods import SendMessage, SendPhoto

from bot.admin.score_views import PAGES, Page, ScoreTap
from core.db import Database
from core.segments import presets, rules
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
    assert "Отвечает на письма: <b>37,5 %</b> оценки" in texts["health"]
    assert "Покупает: <b>62,5 %</b> оценки, данные о 149 из 149" in texts["health"]
    assert "простая сумма RFM" in texts["health"]
    assert "модель ждала" in texts["clv"]
    assert "Чемпионы: <b>" in texts["rfm"]
    assert "истории покупок" not in texts["rfm"]
    assert max(map(len, texts.values())) < 3500
    assert "SCORES_FILE" not in "".join(texts.values())  # nobody has given the owner a file
    (told,) = (await window.taps(pages["lead"]["❓ За что баллы"]))[-1:]
    assert "прошёл квиз до конца: <b>20</b>, гаснет за 60 дней" in str(getattr(told, "text", ""))
    assert "🔥 Готовность" in buttons(told)


async def page_of(window: Window, page: Page) -> tuple[str, dict[str, str]]:
    found = (await window.taps(ScoreTap(page=page).pack()))[-1]
    return str(getattr(found, "text", "")), buttons(found)


async def test_every_group_leads_to_its_segment_or_to_where_it_waits(db: Database) -> None:
    db.write_now(busy)
    db.write_now(presets.install, NOW)
    compute(db, NOW)
    window = Window(db)
    _, health = await page_of(window, "health")
    assert [name for name, data in health.items() if data.startswith("as:card:")] == [
        "Под угрозой",
        "Низкий потенциал",
        "Высокий потенциал",
        "Ключевой",
    ]
    assert "＋ Ещё" not in "".join(health)
    _, rfm = await page_of(window, "rfm")
    assert {"Чемпионы", "Нельзя потерять"} < set(rfm)
    waiting = (await window.taps(rfm["＋ Ещё группы: 8"]))[-1]
    assert "＋ Спят" in buttons(waiting)
    await window.taps(buttons(waiting)["＋ Спят"])
    _, rfm = await page_of(window, "rfm")
    assert {"Спят", "＋ Ещё группы: 7"} < set(rfm)


async def test_stages_stand_in_the_order_a_customer_goes(db: Database) -> None:
    db.write_now(busy)
    compute(db, NOW)
    told, _ = await page_of(Window(db), "lifecycle")
    names = ("Ещё не покупал:", "Новый:", "Активный:", "VIP:", "Под угрозой:", "Ушёл:")
    places = [told.index(name) for name in names]
    assert places == sorted(places)


async def test_a_short_history_says_that_groups_of_rfm_only_compare(db: Database) -> None:
    db.write_now(add_people, 30, NOW)
    db.write_now(buy, [(who, who % 13, 1_000 * who) for who in range(1, 30)], NOW)
    compute(db, NOW)
    told, _ = await page_of(Window(db), "rfm")
    assert "Вашей истории покупок 12 дней" in told
    assert "лишь «купили раньше других»" in told


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
