"""Settings: what is wrong is named, with the remedy, and the token never shown."""

from __future__ import annotations

import pytest

from core.errors import SettingsError
from core.settings import load


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.chdir(str(tmp_path))
    for name in ("BOT_TOKEN", "ADMIN_IDS", "TIME_ZONE", "RATE_LIMIT"):
        monkeypatch.delenv(name, raising=False)


def test_everything_has_a_default() -> None:
    settings = load()
    assert settings.bot_token == ""
    assert settings.admin_ids == ()
    assert settings.database_url == "sqlite:///var/kvizor.db"


def test_owners_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_IDS", " 12, 34 ,")
    assert load().admin_ids == (12, 34)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ADMIN_IDS", "anna", "ADMIN_IDS.*integer.*anna"),
        ("TIME_ZONE", "Moscow", "TIME_ZONE.*no such time zone.*Europe/Moscow"),
        ("CURRENCY", "rubles", "CURRENCY"),
        ("RATE_LIMIT", "0", "RATE_LIMIT"),
        ("RATE_RESERVE", "30", "RATE_RESERVE.*below RATE_LIMIT"),
        ("TELEGRAM_API_URL", "localhost", "TELEGRAM_API_URL.*http"),
        ("SANDBOX_PORT", "70000", "SANDBOX_PORT"),
    ],
)
def test_a_wrong_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=words):
        load()


def test_a_wrong_token_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "123456-secretpart")
    with pytest.raises(SettingsError, match=r"BOT_TOKEN.*BotFather") as caught:
        load()
    assert "secretpart" not in str(caught.value)
