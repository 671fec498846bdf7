"""The command line: what scripts read, and the sentences of what went wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot import cli
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
def kvizor(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Kvizor:
    """Run a command as the shell would; returns its exit code, its output and its complaint."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("BOT_TOKEN", "123456:not-used-here")
    monkeypatch.delenv("TELEGRAM_API_URL", raising=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["kvizor", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


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
