"""kill -9 of a real process over real HTTP: the sandbox's log is the truth, the ledger must agree with it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing import campaigns, ledger
from core.mailing.models import Delivery
from core.people.models import Profile, Subscriber
from tests.mailing.people import launch_all, planned_campaign
from tests.sandbox.process import ROOT, TOKEN, SandboxProcess, start_sandbox

PEOPLE, RATE, LEASE = 240, 120, 1.0
SLOWEST = 0.08  # seconds the sandbox takes to answer
MOST_AT_A_KILL = int(RATE * (SLOWEST + 0.05)) + 5  # rate × (latency + commit window), and what was made up


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxProcess]:
    process = start_sandbox(tmp_path / "sandbox.db")
    limits = {"rate": 0, "per_chat_rate": 0, "latency_ms": [20, SLOWEST * 1000]}
    process.post("limits", limits)
    yield process
    process.stop()


def meet(session: Session, chats: list[int], now: datetime) -> None:
    people = [
        {
            "id": i, "telegram_id": chat, "status": "active", "language": "ru", "first_name": f"Имя{i}",
            "created_at": now, "joined_at": now, "advertising_consent_at": now, "is_premium": False,
        }
        for i, chat in enumerate(chats, 1)
    ]  # fmt: skip
    session.execute(insert(Subscriber), people)
    rows = [{"subscriber_id": row["id"], "touched_at": now, "unanswered": 0} for row in people]
    session.execute(insert(Profile), rows)


def prepare(db: Database, sandbox: SandboxProcess) -> int:
    now = datetime.now(UTC)
    made = sandbox.post("people/bulk", {"count": PEOPLE})
    db.write_now(meet, list(range(made["first_id"], made["last_id"] + 1)), now)
    campaign_id = db.write_now(planned_campaign, now, is_live=True)
    launch_all(db, now)
    return campaign_id


def sender(db: Database, sandbox: SandboxProcess) -> subprocess.Popen[bytes]:
    url = db.url.render_as_string(hide_password=False)
    command = [
        sys.executable,
        "-m",
        "tests.mailing.sending_process",
        url,
        sandbox.url,
        TOKEN,
        str(RATE),
        str(LEASE),
    ]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


def delivered(sandbox: SandboxProcess) -> Counter[int]:
    """How often each chat got a letter, by the sandbox's own books."""
    rows = sandbox.get("log?method=sendMessage")
    return Counter(row["chat_id"] for row in rows if row["message_id"] is not None)


def wait_until_delivered(sandbox: SandboxProcess, count: int) -> None:
    deadline = time.monotonic() + 30
    while sandbox.get("stats")["delivered"] < count and time.monotonic() < deadline:
        time.sleep(0.02)


async def test_killed_twice_on_the_way_nobody_gets_it_twice_and_nobody_is_lost(
    db: Database, sandbox: SandboxProcess
) -> None:
    campaign_id = prepare(db, sandbox)
    kill_on_the_way(db, sandbox, (0.3, 0.7), random.Random(7))

    check(db, sandbox, campaign_id, most_unknown=2 * MOST_AT_A_KILL)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(20))
async def test_killed_ten_times_at_random_moments(db: Database, sandbox: SandboxProcess, seed: int) -> None:
    """200 kills in all."""
    dice = random.Random(seed)
    campaign_id = prepare(db, sandbox)
    kill_on_the_way(db, sandbox, sorted(dice.random() * 0.95 for _ in range(10)), dice)

    check(db, sandbox, campaign_id, most_unknown=10 * MOST_AT_A_KILL)


def kill_on_the_way(
    db: Database, sandbox: SandboxProcess, shares: Sequence[float], dice: random.Random
) -> None:
    """Start the process anew after each kill, and let the last one finish."""
    for share in shares:
        process = sender(db, sandbox)
        wait_until_delivered(sandbox, int(PEOPLE * share))
        time.sleep(dice.random() * 0.1)
        process.kill()
        process.wait()
    assert sender(db, sandbox).wait(60) == 0


async def test_faults_of_every_kind_leave_the_ledger_true(db: Database, sandbox: SandboxProcess) -> None:
    campaign_id = prepare(db, sandbox)
    struck = (
        ("status", 0.05, {"code": 403, "description": "Forbidden: bot was blocked by the user"}),
        ("http502_html", 0.03, {}),
        ("drop_after_accept", 0.03, {}),
        ("drop_before_accept", 0.03, {}),
        ("garbage_200", 0.03, {}),
        ("http500_no_description", 0.02, {}),
        ("refuse_429_no_parameters", 0.01, {}),
    )
    rules = [
        {"kind": kind, "probability": share, "seed": number, "method": "sendMessage", **more}
        for number, (kind, share, more) in enumerate(struck)
    ]
    assert len(sandbox.post("faults", rules)) == len(rules)
    assert sender(db, sandbox).wait(90) == 0

    check(db, sandbox, campaign_id, most_unknown=PEOPLE // 5)
    totals = db.read_now(ledger.totals, campaign_id)
    assert totals.unknown > 0
    assert totals.failed > 0


async def test_two_processes_at_once_send_each_letter_once(db: Database, sandbox: SandboxProcess) -> None:
    campaign_id = prepare(db, sandbox)
    both = [sender(db, sandbox), sender(db, sandbox)]
    assert [process.wait(90) for process in both] == [0, 0]

    check(db, sandbox, campaign_id, most_unknown=0)


def check(db: Database, sandbox: SandboxProcess, campaign_id: int, most_unknown: int) -> None:
    """sent ⊆ delivered; delivered − sent ⊆ unknown; nothing twice; the sum is the audience."""
    arrived = delivered(sandbox)
    assert max(arrived.values()) == 1
    got = arrived.keys()
    rows = db.read_now(
        lambda s: s.execute(
            select(Subscriber.telegram_id, Delivery.state).join(
                Delivery, Delivery.subscriber_id == Subscriber.id
            )
        ).all()
    )
    by_state: dict[str, set[int]] = {}
    for chat, state in rows:
        by_state.setdefault(state, set()).add(chat)
    sent, unknown = by_state.get("sent", set()), by_state.get("unknown", set())
    assert sent <= got
    assert got - sent <= unknown
    assert len(unknown) <= most_unknown
    totals = db.read_now(ledger.totals, campaign_id)
    assert totals.pending == 0
    ends = (totals.sent, totals.failed, totals.suppressed, totals.expired, totals.unknown)
    assert sum(ends) == totals.audience == PEOPLE
    assert db.read_now(campaigns.status_of, campaign_id) == "finished"
