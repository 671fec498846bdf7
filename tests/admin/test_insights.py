"""The owner's window of insights: pictures, sentences, tables, definitions, groups kept by a tap."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aiogram.methods import DeleteMessage, EditMessageMedia, SendDocument, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile

from bot.admin import insight_texts as texts
from bot.admin import insight_words as words
from bot.admin import insights
from bot.admin.insight_callbacks import InsightTap
from bot.admin.insight_views import report_keyboard
from bot.admin.views import visible_length
from bot.texts import LOCALES, Texts
from core.db import Database
from core.reports import charts_insights, clusters
from tests.admin.windows import STRANGER, Window, buttons
from tests.reports import shop
from tests.reports.test_hidden import people as two_groups
from tests.reports.test_insights import men, shoppers


@pytest.fixture
def key_customers(db: Database) -> Database:
    db.write_now(shop.segment, 1, "unanswered >= 5", 100)
    db.write_now(shop.fill, list(men()))
    return db


def text_of(call: object) -> str:
    return str(getattr(call, "caption", None) or getattr(call, "text", None) or call.media.caption)  # type: ignore[attr-defined]


async def test_the_menu_leads_to_every_report(key_customers: Database) -> None:
    window = Window(key_customers)
    (menu,) = await window.writes("/insights")
    assert len(buttons(menu)) == 6
    for label, data in buttons(menu).items():
        calls = await window.taps(data)
        assert visible_length(text_of(calls[-1])) <= 1024, label
        how = next(one for name, one in buttons(calls[-1]).items() if name.startswith(("❓", "✏️")))
        assert isinstance((await window.taps(how))[-1], SendMessage)
    assert await window.writes("/insights", who=STRANGER) == []


async def test_a_table_of_two_fields_is_chosen_turned_and_taken_home(key_customers: Database) -> None:
    window = Window(key_customers)
    (menu,) = await window.writes("/insights")
    start = (await window.taps(buttons(menu)["🔀 Таблица по двум полям"]))[-1]
    rows = (await window.taps(buttons(start)["✏️ Выбрать свои поля"]))[-1]
    columns = (await window.taps(buttons(rows)["Город"]))[-1]
    assert "В строках — «Город»" in text_of(columns)
    found = (await window.taps(buttons(columns)["Письма подряд без ответа"]))[-1]
    assert isinstance(found, SendPhoto | EditMessageMedia)
    assert "▲ <b>Казань × от 9</b>: 62" in text_of(found)
    for label in ("Выручка", "Средний заказ", "Доля покупателей", "90 дн", "🔄 Повернуть"):
        shown = (await window.taps(buttons(found)[label]))[-1]
        assert isinstance(shown, EditMessageMedia), label
    for label, start_bytes in (("⬇️ CSV", b"\xef\xbb\xbf"), ("⬇️ Excel", b"PK")):
        sent = (await window.taps(buttons(found)[label]))[-1]
        assert isinstance(sent, SendDocument)
        assert isinstance(sent.document, BufferedInputFile)
        assert sent.document.data.startswith(start_bytes)


async def test_the_card_of_a_segment_says_what_tells_it_apart(key_customers: Database) -> None:
    window = Window(key_customers)
    tap = InsightTap(act="open", report="common", number=1).pack()
    calls = await window.taps(tap)
    assert isinstance(calls[-1], SendPhoto)
    assert "• Город: <b>Казань</b> — 62\u00a0%, в остальной базе 18\u00a0% (+" in text_of(calls[-1])
    assert "Не сравнивали то, что решает само правило: " in text_of(calls[-1])
    gone = await window.taps(InsightTap(act="open", report="common", number=99).pack())
    assert "больше нет" in text_of(gone[-1])


async def test_goods_and_pairs_are_one_tap_apart(db: Database) -> None:
    db.write_now(shop.fill, list(shoppers()))
    window = Window(db)
    found = (await window.taps(InsightTap(act="open", report="goods").pack()))[-1]
    assert isinstance(found, SendPhoto)
    pairs = (await window.taps(buttons(found)["🧺 Что берут вместе"]))[-1]
    assert "Кто взял «cup», берёт и «saucer»: 75\u00a0% (30 чел.)" in text_of(pairs)


async def test_a_hidden_group_is_kept_with_a_tap(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    db.write_now(shop.fill, list(two_groups()))
    for name in ("REFERENCES", "RESTARTS", "SPLITS"):  # how groups are judged is tested with the reports
        monkeypatch.setattr(clusters, name, 1)
    window = Window(db)
    about = (await window.taps(InsightTap(act="open", report="hidden").pack()))[-1]
    found = (await window.taps(buttons(about)["🫥 Поискать"]))[-1]
    assert "Нашлось групп: <b>2</b>" in text_of(found)
    monkeypatch.setattr(insights, "find_groups", None)  # what was found is held for the tap
    kept = (await window.taps(buttons(found)["💾 Сохранить группу 2"]))[-1]
    assert "сохранён, в нём будет около 100 чел." in text_of(kept)
    table = (await window.taps(buttons(found)["⬇️ CSV"]))[-1]
    assert table_of(table)[0].startswith("Группа;Чем отличается;Людей;")
    assert len(table_of(table)) == 3
    stale = InsightTap(act="keep", report="hidden", what="0badc0de").pack()
    gone = (await window.taps(stale))[-1]
    assert "Этой группы больше нет" in text_of(gone)
    assert "🫥 Поискать" in buttons(gone)
    old = InsightTap(act="keep", report="hidden", number=2).pack()  # a button of an earlier version
    assert "Этой группы больше нет" in text_of((await window.taps(old))[-1])


def table_of(sent: object) -> list[str]:
    assert isinstance(sent, SendDocument)
    assert isinstance(sent.document, BufferedInputFile)
    return sent.document.data.decode("utf-8-sig").splitlines()


async def test_a_field_is_found_by_its_name_for_rows_and_then_for_columns(key_customers: Database) -> None:
    window = Window(key_customers)
    await window.taps(InsightTap(act="pick", report="cross", what="people").pack())
    (none,) = await window.writes("гороскоп")
    assert "Поля «гороскоп» не нашлось" in text_of(none)
    (found,) = await window.writes("города")
    assert "Город" in buttons(found)
    columns = (await window.taps(buttons(found)["Город"]))[-1]
    assert "В строках — «Город»" in text_of(columns)
    (found,) = await window.writes("без ответа")
    shown = (await window.taps(buttons(found)["Письма подряд без ответа"]))[-1]
    assert "▲ <b>Казань × от 9</b>: 62" in text_of(shown)


async def test_what_is_about_purchases_itself_is_in_no_ranking_but_in_the_table(db: Database) -> None:
    rules = ("purchases >= 1", 'in segment s1 and city = "Тула"', "city = Уфа")
    for number, rule in enumerate(rules, 1):
        db.write_now(shop.segment, number, rule, 20)
    men = [
        shop.Man(city="Уфа" if who % 3 else "Тула", segments=[1, 2, 3], bought=[(5, 10_000, "", "")])
        for who in range(40)
    ]
    db.write_now(shop.fill, [*men, *(shop.Man() for _ in range(20))])
    window = Window(db)
    shown = (await window.taps(InsightTap(act="open", report="spend").pack()))[-1]
    assert isinstance(shown, SendPhoto)
    assert "Больше всего приносит «Часть 3»" in text_of(shown)
    assert "Сегменты, которые сами про покупки" in text_of(shown)
    lines = table_of((await window.taps(buttons(shown)["⬇️ CSV"]))[-1])
    assert [(line.split(";")[0], line.split(";")[-1]) for line in lines[1:4]] == [
        ("Часть 1", "да"), ("Часть 2", "да"), ("Часть 3", ""),
    ]  # fmt: skip


async def test_stages_and_links_are_taken_home_as_tables(db: Database) -> None:
    men = [shop.Man(age=18.0 + who, silent=2 * who, bought=[(5, 100 * who, "", "")]) for who in range(1, 61)]
    db.write_now(shop.fill, men)
    window = Window(db)
    stages = (await window.taps(InsightTap(act="open", report="stages").pack()))[-1]
    lines = table_of((await window.taps(buttons(stages)["⬇️ CSV"]))[-1])
    assert [line.split(";")[0] for line in lines[:2]] == ["Шаг", "Пришли в бота"]
    links = (await window.taps(InsightTap(act="open", report="links").pack()))[-1]
    assert isinstance(links, SendPhoto)
    assert "чем больше «дней молчания», тем <b>больше</b> «сумма покупок»: +1,00" in text_of(links)
    assert "не сравнивали: там одно следует из другого" in text_of(links)
    lines = table_of((await window.taps(buttons(links)["⬇️ CSV"]))[-1])
    assert lines[0].startswith("Первое;Второе;Сила связи;")


def test_names_of_columns_are_hyphenated_once_and_of_rows_stay_out_of_the_cells() -> None:
    assert "--" not in charts_insights._heading("Санкт-Петербург", 9.0, 9.0)
    room = charts_insights.NARROW - charts_insights.NAMES
    assert charts_insights._fitting(len("Нижний Новгород"), room, 12.5) < 12.5


def test_a_difference_and_a_title_read_well_in_a_line() -> None:
    assert words.points((-0.0832, -0.0769), "ru") == "−8,3…−7,7"
    assert words.points((0.0, 0.004), "en") == "+0.0…0.4"
    assert words.before_value("ответ на вопрос «кто вы сейчас?»", 40) == "Кто вы сейчас?"
    assert words.before_value("город", 40) == "Город:"


async def test_what_takes_long_says_so_until_it_is_there(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insights, "PATIENCE", 0.0)
    calls = await Window(db).taps(InsightTap(act="open", report="links").pack())
    told, gone = (
        next(call for call in calls if isinstance(call, kind)) for kind in (SendMessage, DeleteMessage)
    )
    assert text_of(told).startswith("⏳ Считаю по всей базе")
    assert calls.index(told) < calls.index(gone)
    assert "⏳" not in text_of(calls[-1])


async def test_an_empty_base_is_told_in_every_report(db: Database) -> None:
    window = Window(db)
    for report in ("goods", "pairs", "spend", "stages", "links"):
        calls = await window.taps(InsightTap(act="open", report=report).pack())
        assert text_of(calls[-1])
    assert "больше нет" in text_of((await window.taps(InsightTap(act="show", report="what").pack()))[-1])


def test_every_word_exists_in_both_languages_and_takes_the_same_values() -> None:
    found = {}
    for language in ("ru", "en"):
        text = (LOCALES / language / "insights.ftl").read_text(encoding="utf-8")
        parts = re.split(r"^([a-z][a-z0-9-]*) =", text, flags=re.MULTILINE)[1:]
        found[language] = {
            key: set(re.findall(r"\$([a-z_]+)", body))
            for key, body in zip(parts[::2], parts[1::2], strict=True)
        }
    assert found["ru"] == found["en"]
    code = "".join(file.read_text() for file in Path(words.__file__).parent.glob("insight*.py"))
    assert set(re.findall(r'"(insights-[a-z-]+[a-z])"', code)) <= set(found["ru"])
    assert {f"insights-how-{one}" for one in texts.EXPLAINED} <= set(found["ru"])


def test_buttons_carry_at_most_64_bytes() -> None:
    say = Texts()["ru"]
    tap = InsightTap(act="show", report="common", first=words.code("я" * 64), second=words.code("ю"),
                     what="category", days=3660, number=10**6)  # fmt: skip
    rows = report_keyboard(say, tap, [("people", "insights-measure-people")]).inline_keyboard
    assert all(len(str(one.callback_data).encode()) <= 64 for row in rows for one in row)
