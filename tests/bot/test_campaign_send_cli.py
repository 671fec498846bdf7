"""`kvizor campaign send`: what a script reads, and what a person is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from bot.campaign_cli import app
from bot.campaign_send_cli import NO_BOT
from bot.single import only_one
from core import clock
from core.db import Database
from core.mailing import campaigns, ledger
from core.mailing.models import Delivery
from tests.mailing.people import add_people, change

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FILE = """\
name: Spring
audience: status in (active, stopped)
purpose: service
content:
  ru: {text: Привет}
"""


@pytest.fixture
def folder(db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("ADMIN_IDS", "77")
    monkeypatch.delenv("TELEGRAM_API_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    db.write_now(add_people, 4, NOW)
    db.write_now(change, 1, status="stopped")
    (tmp_path / "spring.yaml").write_text(FILE, encoding="utf-8")
    return tmp_path


def kvizor(*arguments: str, code: int = 0) -> tuple[str, str]:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.stdout, result.stderr


@pytest.mark.parametrize(("language", "line"), [("ru", "4 − 1 отписался = 3"), ("en", "4 − 1 opted out = 3")])
def test_a_dry_run_tells_the_reconciled_line_in_the_language_of_the_business(
    folder: Path, monkeypatch: pytest.MonkeyPatch, language: str, line: str
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    out, _ = kvizor("send", "spring.yaml", "--dry-run")
    assert line in out
    assert "≈" in out
    told = json.loads(kvizor("send", "spring.yaml", "--dry-run", "--json")[0])
    assert (told["audience"], told["will_get"], told["reasons"]) == (4, 3, {"opted_out": 1})
    assert json.loads(kvizor("list", "--json")[0]) == []


def test_a_file_is_sent_once_and_who_sends_it_is_told(folder: Path, db: Database) -> None:
    out, err = kvizor("send", "spring.yaml", "--json")
    made = json.loads(out)
    assert (made["is_new"], made["bot_runs"], made["state"]) == (True, False, "running")
    assert NO_BOT in err
    if db.is_sqlite:
        with only_one(db):  # as the running bot does
            out, err = kvizor("send", "spring.yaml")
            assert not err
    out, _ = kvizor("send", "spring.yaml")
    assert (
        out
        == f"Campaign {made['id']} was made from this file before, it is running; nothing is sent twice.\n"
    )
    status = db.read_now(campaigns.status, made["id"])
    assert (status.totals.audience, status.totals.pending, status.progress_chat_id) == (4, 3, 77)


def test_it_is_paused_resumed_cancelled_and_waited_for(folder: Path, db: Database) -> None:
    number = str(json.loads(kvizor("send", "spring.yaml", "--json")[0])["id"])
    assert "resume" in kvizor("pause", number)[0]
    out, _ = kvizor("send", "spring.yaml", "--json", "--wait", code=2)
    assert json.loads(out)["state"] == "paused"
    kvizor("resume", number)
    kvizor("cancel", number)
    totals = db.read_now(ledger.totals, int(number))
    assert (totals.suppressed, totals.pending) == (4, 0)
    assert totals.reasons == {"opted_out": 1, "cancelled": 3}


def test_the_failed_are_tried_again_where_they_can_be_reached(folder: Path, db: Database) -> None:
    number = int(json.loads(kvizor("send", "spring.yaml", "--json")[0])["id"])
    failed = update(Delivery).where(Delivery.state == "planned").values(state="failed", reason="blocked")
    db.write_now(lambda session: session.execute(failed) and None)
    db.write_now(change, 2, status="blocked")
    assert json.loads(kvizor("resend", str(number), "--failed", "--json")[0]) == {"id": number, "failed": 2}
    assert json.loads(kvizor("resend", str(number), "--failed", "--json")[0])["failed"] == 0
    totals = db.read_now(ledger.totals, number)
    assert (totals.failed, totals.resent, totals.pending) == (3, 2, 0)
    assert db.read_now(campaigns.status_of, number) == "running"


def test_copies_are_counted_changed_and_taken_back(folder: Path, db: Database) -> None:
    number = int(json.loads(kvizor("send", "spring.yaml", "--json")[0])["id"])
    sent = update(Delivery).where(Delivery.state == "planned")
    old = sent.where(Delivery.subscriber_id == 2).values(
        state="sent", message_id=1, finished_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    fresh = sent.values(state="sent", message_id=2, finished_at=clock.now())
    db.write_now(lambda session: [session.execute(one) for one in (old, fresh)] and None)
    assert kvizor("recall", str(number), "--dry-run", code=0)[0] == (
        "Copies: 3, of them 1 older than 48 hours: those stay.\n"
    )
    db.write_now(campaigns.finish, number, clock.now())
    (folder / "mended.yaml").write_text(FILE.replace("Привет", "Здравствуйте"), encoding="utf-8")
    changed = json.loads(kvizor("edit", str(number), "mended.yaml", "--json")[0])
    assert changed == {"id": number + 1, "copies": 3, "within": 3}
    assert json.loads(kvizor("edit", str(number), "mended.yaml", "--json")[0])["id"] == number + 1
    out, err = kvizor("recall", str(number))
    assert f"The change is campaign {number + 2}" in out
    assert NO_BOT in err
    totals = db.read_now(ledger.totals, number + 2)
    assert (totals.audience, totals.pending, totals.reasons) == (3, 2, {"too_late": 1})
