"""Logs: the token is in none of them."""

from __future__ import annotations

import logging

import pytest
import structlog

from bot import logs
from core.settings import load

TOKEN = "123456789:AAF-secret_secret_secret_secret"


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_the_token_is_scrubbed_from_every_kind_of_line(
    log_format: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = logging.getLogger().handlers
    logs.configure(load(log_format=log_format))
    log = structlog.get_logger("test")
    log.info("ours", url=f"https://x/bot{TOKEN}/getMe", nested={"a": [TOKEN]})
    logging.getLogger("aiogram").warning("theirs %s", TOKEN)
    try:
        raise RuntimeError(TOKEN)
    except RuntimeError:
        log.exception("failed")
    written = capsys.readouterr().err
    logging.getLogger().handlers = before
    structlog.reset_defaults()
    assert "ours" in written
    assert "theirs" in written
    assert "RuntimeError" in written
    assert "AAF-secret" not in written
