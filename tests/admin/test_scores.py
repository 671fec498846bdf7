"""/scores: groups, thresholds and tests as the last run stored them, and the way to the segments."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from aiogram.methods import SendMessage, SendPhoto
from sqlalchemy.orm import Session

from bot.admin.people_views import tap
from bot.admin.score_points import points_text
from bot.admin.score_views import PAGES, Page, ScoreTap
from core.db import Database
from core.people import activity
from core.people.models import Profile
from core.quizzes.loader import load_folder
from core.segments import presets, rules
from core.segments.refresh import refresh_all
from core.segments.scores.job import compute, last_findings
from core.segments.scores.lead import EventPoints, Points
from core.segments.scores.scheme import Scheme
from tests.admin.windows import NOW, Window, buttons, loaded
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


async def test_points_of_answers_are_told_in_the_words_of_the_quizzes_that_are_here(db: Database) -> None:
    db.write_now(add_people, 3, NOW)
    compute(db, NOW)
    told, _ = await page_of(Window(db), "points")
    assert "«role»" not in told
    assert "квизах, которых сейчас нет (вопросов: 9)" in told
    library = load_folder(Path("quizzes"))
    told = points_text(loaded()["ru"], db.read_now(last_findings)["lead"]["points"], library)
    assert "• «Кто вы сейчас?»: Продаю оптом <b>+12</b>" in told
    assert "которых сейчас нет" not in told


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
    assert "➕ Ещё" not in "".join(health)
    _, rfm = await page_of(window, "rfm")
    assert {"Чемпионы", "Нельзя потерять"} < set(rfm)
    waiting = (await window.taps(rfm["➕ Ещё группы: 8"]))[-1]
    assert "＋ Спят" in buttons(waiting)
    await window.taps(buttons(waiting)["＋ Спят"])
    _, rfm = await page_of(window, "rfm")
    assert {"Спят", "➕ Ещё группы: 7"} < set(rfm)


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
    db.write_now(base, NOW)
    compute(db, NOW)
    first = db.read_now(last_findings)["tests"]
    compute(db, NOW + timedelta(days=1))
    assert db.read_now(last_findings)["tests"] == first
    compute(db, NOW + timedelta(days=30))
    assert db.read_now(last_findings)["tests"]["month"] == "2026-04"


async def test_a_card_tells_what_scores_are_made_of_by_the_owners_own_points(db: Database) -> None:
    db.write_now(add_people, 12, NOW)
    db.write_now(buy, [(who, who, 1_000 * who) for who in range(1, 8)], NOW)
    db.write_now(letters, 1)
    db.write_now(came, 9)
    db.write_now(rules.define, "sound", "health >= 0", ("Здоровые", "Sound"), NOW)
    points = Points(events={"started": EventPoints(20, 30)}, engagement_cap=40)
    compute(db, NOW, Scheme(points, {"consumption": 1, "activation": 0, "outcome": 3}))
    refresh_all(db, NOW)
    window = Window(db)
    card = str(getattr((await window.taps(tap("card", 1)))[-1], "text", ""))
    assert "× 75 % + письма 0 × 25 %)" in card
    assert "ожидаемые покупки" not in card  # seven buyers are too few for a projection
    why = str(getattr((await window.taps(tap("whyof", 1, 1)))[-1], "text", ""))
    assert "× 75 % + письма 0 × 25 %)" in why
    lead = str(getattr((await window.taps(tap("card", 9)))[-1], "text", ""))
    assert "готовность купить: 50 из 100 · холодный (ответы 0 + действия 20 из 40)" in lead


def letters(session: Session, who: int) -> None:
    profile = session.get_one(Profile, who)
    profile.letters_received, profile.unanswered = 4, 4


def came(session: Session, who: int) -> None:
    activity.record(session, who, "started", NOW)
