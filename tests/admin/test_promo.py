"""/promo CODE in the owner's chat, and `kvizor promo` beside it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot import cli
from core import clock, migrate
from core.db import Database
from core.mailing.series import advancing
from core.tick import touched
from tests.admin.windows import Window, buttons
from tests.mailing.people import add_people
from tests.mailing.test_promo import code_of, given_gifts


async def test_a_code_is_looked_at_and_redeemed_with_one_tap(db: Database) -> None:
    now = clock.now().replace(microsecond=0)
    db.write_now(add_people, 2, now)
    db.write_now(given_gifts, [1], now)
    advancing.advance(db, now)
    code = db.read_now(code_of, 1)
    window = Window(db)

    card = (await window.writes(f"/promo {code.lower()}"))[-1]
    assert code in card.text  # type: ignore[attr-defined]
    assert "Действует до" in card.text  # type: ignore[attr-defined]
    assert "Имя1" in card.text  # type: ignore[attr-defined]
    button = buttons(card)["✅ Погасить"]
    assert "Погашен сейчас" in (await window.taps(button))[-1].text  # type: ignore[attr-defined]
    again = (await window.taps(button))[-1]
    assert "Уже погашен" in again.text  # type: ignore[attr-defined]
    assert not buttons(again)
    assert "такого кода нет" in (await window.writes("/promo XXXX"))[-1].text.lower()  # type: ignore[attr-defined]
    assert "после команды" in (await window.writes("/promo"))[-1].text  # type: ignore[attr-defined]


def test_the_till_redeems_a_code_from_the_terminal_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'kvizor.db'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    base, now = Database(url, on_touched=touched), clock.now().replace(microsecond=0) - timedelta(minutes=1)
    try:
        migrate.upgrade(base)
        base.write_now(add_people, 1, now)
        base.write_now(given_gifts, [1], now)
        advancing.advance(base, now)
        code = base.read_now(code_of, 1)
    finally:
        base.close_now()

    def told(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as end:
            cli.app(["promo", *words])
        return int(end.value.code or 0), capsys.readouterr().out

    assert told("redeem", code) == (0, f"{code} of Имя1 (gifts/gift) is redeemed. Give the gift.\n")
    status, words = told("redeem", code, "--json")
    assert (status, json.loads(words)["state"], json.loads(words)["ok"]) == (1, "used", False)
    assert told("redeem", "nonsense")[0] == 1
    assert [one["code"] for one in json.loads(told("list", "--json")[1])] == [code]
    assert told("list")[1].startswith(f"{code}  used")
