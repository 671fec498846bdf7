"""The command line: what scripts read, and the sentences of what went wrong."""

from __future__ import annotations

import contextlib
import json
import socket
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core import migrate
from core.db import Database
from core.mailing import attempts, campaigns, lease, ledger
from core.mailing.messenger import Ambiguous
from core.mailing.models import Delivery
from core.people.models import Profile
from core.segments import rules
from core.segments.refresh import refresh_all
from tests.mailing.people import add_people, launch_all, planned_campaign

Kvizor = Callable[..., tuple[int, str, str]]
SUM = {"audience", "sent", "failed", "suppressed", "expired", "unknown", "pending"}


@pytest.fixture
def kvizor(database_url: str, shell: Kvizor, monkeypatch: pytest.MonkeyPatch) -> Kvizor:
    """A shell with the base of the test."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("BOT_TOKEN", "123456:not-used-here")
    monkeypatch.delenv("TELEGRAM_API_URL", raising=False)
    return shell


def lost(session: Session, campaign_id: int, now: datetime) -> None:
    """Start the letters to two people and lose the connection before the answer."""
    lease.take(session, ledger.LEASE, "me", None)
    attempts.start_attempts(session, [1, 2], 1, now)
    answers = [attempts.Result(1, 1, Ambiguous("reset")), attempts.Result(2, 2, Ambiguous("reset"))]
    attempts.record_outcomes(session, answers, now)
    session.execute(update(Delivery).where(Delivery.state == "planned").values(state="sent"))
    campaigns.finish(session, campaign_id, now)


@pytest.fixture
def campaign(db: Database, now: datetime) -> int:
    db.write_now(add_people, 3, now)
    campaign_id = db.write_now(planned_campaign, now)
    launch_all(db, now)
    db.write_now(lost, campaign_id, now)
    return campaign_id


async def test_the_sum_of_a_campaign_has_exactly_its_names_for_scripts(kvizor: Kvizor, campaign: int) -> None:
    code, out, _ = kvizor("campaign", "status", campaign, "--json")
    told = json.loads(out)
    assert code == 0
    assert set(told) - {"reasons"} == SUM
    assert told["audience"] == 3 == sum(told[name] for name in SUM - {"audience"})
    assert (told["sent"], told["unknown"]) == (1, 2)
    assert "unknown      2" in kvizor("campaign", "status", campaign)[1]
    assert json.loads(kvizor("campaign", "status", campaign, "--kinds", "--json")[1])["kinds"] == {
        "reader": 1
    }
    assert "sent to: reader 1" in kvizor("campaign", "status", campaign, "--kinds")[1]


@pytest.mark.parametrize("verb", ["status", "resend", "resume"])
async def test_a_campaign_that_does_not_exist_is_not_a_row_of_zeros(
    db: Database, kvizor: Kvizor, verb: str
) -> None:
    assert kvizor("campaign", verb, 99) == (1, "", "There is no campaign 99.\n")


async def test_campaigns_are_listed_with_number_name_and_state(kvizor: Kvizor, campaign: int) -> None:
    assert json.loads(kvizor("campaign", "list", "--json")[1]) == [
        {"id": campaign, "name": "Весна", "state": "finished"}
    ]
    assert kvizor("campaign", "list")[1].split() == [str(campaign), "finished", "Весна"]


async def test_the_unknown_are_sent_again_once_by_the_operators_word(
    db: Database, kvizor: Kvizor, campaign: int
) -> None:
    code, out, _ = kvizor("campaign", "resend", campaign)
    assert (code, out.split(";")[0]) == (0, "Letters to be sent again: 2")
    assert db.read_now(campaigns.status, campaign).state == "running"
    assert kvizor("campaign", "resend", campaign)[1].startswith("Nobody")
    assert db.read_now(ledger.totals, campaign).resent == 2


def buyers(session: Session, now: datetime) -> None:
    add_people(session, 2, now, last_name="a;b,c")
    session.execute(update(Profile).values(purchases_count=1, purchases_total=123450))
    rules.define(session, "everyone", "letters >= 0", ("Все", "Everyone"), now)


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_an_export_is_read_by_pandas_as_it_is_in_any_language(
    db: Database, kvizor: Kvizor, now: datetime, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    import pandas

    db.write_now(buyers, now)
    refresh_all(db, now)
    monkeypatch.setenv("LANGUAGE", language)
    assert kvizor("export", "segment", "everyone", "all.csv") == (0, "2 people written to all.csv.\n", "")
    table = pandas.read_csv("all.csv")
    assert table.columns[0] == ("telegram_id" if language == "en" else "Telegram id")
    totals = table["purchases_total" if language == "en" else "Сумма покупок"]
    assert totals.tolist() == [1234.5, 1234.5]


async def test_an_export_into_a_missing_folder_names_the_folder(
    db: Database, kvizor: Kvizor, now: datetime
) -> None:
    db.write_now(buyers, now)
    code, out, complaint = kvizor("export", "segment", "everyone", "nowhere/all.csv")
    assert (code, out) == (1, "")
    assert "there is no folder nowhere; make it" in complaint


def refusing(message: str) -> tuple[int, threading.Thread]:
    """A PostgreSQL server for one client, whom it refuses with a message; returns its port."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(5)

    def serve() -> None:
        with server, server.accept()[0] as client:
            client.recv(4096)
            fields = f"SFATAL\0VFATAL\0C28P01\0M{message}\0\0".encode()
            client.sendall(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return server.getsockname()[1], thread


@pytest.mark.parametrize("arguments", [("db", "upgrade"), ("segment", "list")])
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ('password authentication failed for user "anna"', "mend user and password in DATABASE_URL"),
        ('database "shop" does not exist', "create this base with `createdb`"),
        ("sorry, too many clients already", "start PostgreSQL there"),
    ],
)
def test_a_server_that_lets_nobody_in_is_told_in_one_sentence_without_the_password(
    kvizor: Kvizor, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], answer: str, words: str
) -> None:
    port, thread = refusing(answer)
    url = f"postgresql://anna:verysecret@127.0.0.1:{port}/shop?sslmode=disable&gssencmode=disable"
    monkeypatch.setenv("DATABASE_URL", url)
    code, _, complaint = kvizor(*arguments)
    thread.join(5)
    assert code == 1
    (sentence,) = [line for line in complaint.splitlines() if line.startswith("The database server")]
    assert f"127.0.0.1:{port}" in sentence
    assert answer in sentence
    assert words in sentence
    assert "verysecret" not in complaint
    assert "Traceback" not in complaint


def test_a_port_where_no_server_listens_is_told_with_what_to_mend(
    kvizor: Kvizor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://anna:verysecret@127.0.0.1:1/shop")
    code, out, complaint = kvizor("db", "upgrade")
    assert (code, out, complaint.count("\n")) == (1, "", 1)
    assert "127.0.0.1:1 cannot be used" in complaint
    assert "Connection refused" in complaint
    assert complaint.endswith("mend host and port in DATABASE_URL.\n")


def test_a_file_that_another_program_holds_is_told_in_a_sentence(
    kvizor: Kvizor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/held.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "held.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        code, out, complaint = kvizor("db", "upgrade")
    assert (code, out, complaint.count("\n")) == (1, "", 1)
    assert "held.db cannot be used (database is locked); end the program that holds it" in complaint


def test_a_statement_of_ours_that_fails_keeps_its_traceback(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/half.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "half.db")) as other:
        other.execute("CREATE TABLE subscribers (id INTEGER)")
    with pytest.raises(OperationalError, match="already exists"):
        migrate.upgrade(database)
    database.close_now()


@pytest.mark.parametrize("given", ["rub", "RUBL", "РУБ", "₽"])
def test_a_currency_that_is_no_code_is_told_what_a_code_is(
    kvizor: Kvizor, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("CURRENCY", given)
    sentence = f"CURRENCY: it should be three capital letters as in ISO 4217, e.g. RUB (given: '{given}').\n"
    assert kvizor("campaign", "list") == (1, "", sentence)
