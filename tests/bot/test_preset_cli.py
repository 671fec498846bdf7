"""`kvizor segment shipped|on|off|set|another`: what scripts read, and where a wrong value is told."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from core import migrate
from core.db import Database
from core.segments.presets import shipped


def test_shipped_segments_are_listed_set_switched_and_made_once_more(
    database_url: str, shell: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("TELEGRAM_API_URL", raising=False)
    db = Database(database_url)
    migrate.upgrade(db)
    db.close_now()

    def kvizor(*arguments: str) -> tuple[str, str]:
        _, out, err = shell("segment", *arguments)
        return out, err.strip()

    assert kvizor("set", "silent_14", "days=21")[0].startswith("silent_14 is set: Молчат больше 21 дня")
    assert kvizor("another", "source", "source=vk")[0].startswith("source_vk is made")
    assert kvizor("off", "owners")[0].startswith("owners is off")
    assert kvizor("on", "premium")[0].startswith("premium is on")
    found = {one["name"]: one for one in json.loads(kvizor("shipped", "--json")[0])}
    assert len(found) == len(shipped()) + 1
    assert (found["silent_14"]["parameters"], found["silent_14"]["on"]) == ({"days": 21}, True)
    assert found["source_vk"]["rule"] == "source = vk"
    assert (found["owners"]["on"], found["premium"]["on"]) == (False, True)
    shown, _ = kvizor("shipped", "--family", "silence")
    assert "on          0  silent_14              Молчат больше 21 дня" in shown
    assert kvizor("set", "silent_14", "21")[1] == "`silent_14`: `21` should be PARAMETER=VALUE, e.g. days=21."
    assert "0 is outside 1 to 3650" in kvizor("set", "silent_14", "days=0")[1]
    assert "did you mean `silence`" in kvizor("shipped", "--family", "silenc")[1]
    assert "needs a value for region" in kvizor("on", "region")[1]
