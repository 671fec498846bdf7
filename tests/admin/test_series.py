"""/series in the owner's chat, and `kvizor series` beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiogram.methods import SendPhoto

from core import migrate
from core.db import Database
from core.mailing.series import advancing, shipped
from tests.admin.windows import NOW, Window, buttons
from tests.mailing.people import add_people
from tests.mailing.series.test_stories import buys, tag
from tests.mailing.series.world import SALES, kept


async def test_a_series_is_looked_at_before_it_is_switched_on_and_tells_the_truth(db: Database) -> None:
    before = NOW - timedelta(days=1)
    db.write_now(add_people, 4, before)
    db.write_now(kept, SALES, before, is_on=False)
    for who in (1, 2):
        db.write_now(tag, who, before)
    window = Window(db)

    listed = (await window.writes("/series"))[-1]
    assert "⏸ Продажа — продаёт" in listed.text  # type: ignore[attr-defined]
    assert {"Продажа", "➕ Первая неделя", "➕ Новый покупатель"} <= buttons(listed).keys()

    card = (await window.taps(buttons(listed)["Продажа"]))[-1]
    assert "Вошли: <b>0</b>" in card.text  # type: ignore[attr-defined]
    asked = (await window.taps(buttons(card)["▶️ Включить…"]))[-1]
    assert "Уже у порога: 2" in asked.text  # type: ignore[attr-defined]
    assert "В день в последнее время: <b>0</b>" in asked.text  # type: ignore[attr-defined]
    on = (await window.taps(buttons(asked)["✅ Включить"]))[-1]
    assert "✅ включена" in on.text  # type: ignore[attr-defined]
    assert "Вошли: <b>0</b>" in on.text  # type: ignore[attr-defined]

    sure = (await window.taps(buttons(on)["👥 Взять всех сейчас…"]))[-1]
    assert "можно взять одной кнопкой: <b>2</b>" in sure.text  # type: ignore[attr-defined]
    taken = (await window.taps(buttons(sure)["✅ Взять"]))[-1]
    assert "Вошли: <b>2</b>" in taken.text  # type: ignore[attr-defined]
    advancing.advance(db, NOW)
    db.write_now(buys, 1, NOW)

    again = (await window.taps(buttons(listed)["Продажа"]))[-1]
    assert "• идут сейчас — 1" in again.text  # type: ignore[attr-defined]
    assert "• достигли цели — 1" in again.text  # type: ignore[attr-defined]
    assert "1. ✉️ <code>first</code> — дошли 2, отправлено 0, сейчас 1" in again.text  # type: ignore[attr-defined]
    assert isinstance((await window.taps(buttons(again)["📊 Шаги картинкой"]))[-1], SendPhoto)
    stop = (await window.taps(buttons(again)["⏹ Остановить у всех…"]))[-1]
    stopped = (await window.taps(buttons(stop)["⏹ Остановить"]))[-1]
    assert "• остановлены вами — 1" in stopped.text  # type: ignore[attr-defined]
    off = (await window.taps(buttons(again)["⏸ Выключить"]))[-1]
    assert "⏸ выключена" in off.text  # type: ignore[attr-defined]


async def test_a_series_that_is_gone_is_said_to_be(db: Database) -> None:
    calls = await Window(db).taps("sr:card:77:")
    assert [call.text for call in calls] == ["Этой серии больше нет. Откройте /series."]  # type: ignore[attr-defined]


def test_series_are_checked_kept_switched_and_told_in_the_terminal(
    database_url: str, shell: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("TELEGRAM_API_URL", raising=False)
    db = Database(database_url)
    migrate.upgrade(db)
    from core.segments import presets

    db.write_now(presets.install, NOW)
    db.close_now()

    def kvizor(*arguments: str) -> tuple[str, str]:
        _, out, err = shell("series", *arguments)
        return out, err.strip()

    for name in ("onboarding", "welcome"):
        path = str(shipped.FOLDER / f"{name}.yaml")
        assert json.loads(kvizor("check", path, "--json")[0])["ok"]
        assert json.loads(kvizor("on", name, "--preview", "--json")[0])["a_day"] == 0
        assert kvizor("on", name)[0].strip() == f"{name} is on."
    listed = {one["name"]: one["on"] for one in json.loads(kvizor("list", "--json")[0])}
    assert {name for name, is_on in listed.items() if is_on} == {"onboarding", "welcome"}
    assert listed.keys() == set(shipped.names())

    Path("own.yaml").write_text(SALES, encoding="utf-8")
    assert kvizor("check", "own.yaml")[0].strip() == "sales is in order: 3 steps."
    assert kvizor("add", "own.yaml")[0].strip() == "sales is kept and off."
    assert kvizor("on", "sales")[0].strip() == "sales is on."
    assert json.loads(kvizor("enroll", "sales", "status = active", "--yes", "--json")[0]) == {
        "found": 0, "will_enter": 0, "reasons": {}, "entered": 0,
    }  # fmt: skip
    told = json.loads(kvizor("show", "sales", "--json")[0])
    assert (told["entered"], told["active"], [step["key"] for step in told["steps"]]) == (
        0, 0, ["first", "second", "third"],
    )  # fmt: skip
    assert kvizor("stop", "sales", "--person", "7")[0].strip() == "Stopped: 0."
    assert kvizor("stop", "sales")[0].strip() == "Stopped: 0."
    assert kvizor("off", "sales")[0].strip() == "sales is off."
    assert "There is no series 'salse'" in kvizor("show", "salse")[1]

    Path("bad.yaml").write_text(SALES.replace("selling", "pushy").replace("purchases >= 1", "purchase >= 1"))
    told_bad = kvizor("check", "bad.yaml")[1].splitlines()
    assert told_bad == ["bad.yaml:4:7: `pushy` cannot stand here; write one of selling, regular"]
    Path("bad.yaml").write_text(SALES.replace("purchases >= 1", "purchase >= 1"), encoding="utf-8")
    assert "bad.yaml:7:7: the rule `purchase >= 1` cannot be used" in kvizor("check", "bad.yaml")[1]
    assert "did you mean `purchases`" in kvizor("check", "bad.yaml")[1]
