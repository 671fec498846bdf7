"""The rules of the ledger: what may start, what is closed and why, what an outcome does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing import campaigns, lease, ledger
from core.mailing.attempts import Result, record_outcomes, start_attempts
from core.mailing.ledger import LEASE, Totals
from core.mailing.messenger import Ambiguous, ContentFault, Fatal, NotSent, Outcome, Refused, Sent
from core.mailing.models import Campaign, Delivery
from core.people.models import Profile, Subscriber
from tests.mailing.people import add_people, change, launch_all, planned_campaign, reasons, states

EARLIER = timedelta(days=1)


def running(db: Database, now: datetime, people: int = 3, **fields: object) -> int:
    db.write_now(add_people, people, now - EARLIER)
    campaign_id = db.write_now(planned_campaign, now, **fields)
    launch_all(db, now)
    db.write_now(lease.take, LEASE, "me", None)
    return campaign_id


def ids_of(session: Session, campaign_id: int) -> dict[int, int]:
    rows = session.execute(
        select(Delivery.subscriber_id, Delivery.id).where(Delivery.campaign_id == campaign_id)
    )
    return {who: delivery for who, delivery in rows}  # noqa: C416 - Row is no tuple for dict()


def start(session: Session, campaign_id: int, now: datetime, fence: int = 1) -> set[int]:
    ids = list(session.scalars(select(Delivery.id).where(Delivery.campaign_id == campaign_id)))
    return start_attempts(session, ids, fence, now)


async def test_what_is_due_starts_once_and_never_again(db: Database, now: datetime) -> None:
    campaign_id = running(db, now)

    assert len(db.write_now(start, campaign_id, now)) == 3
    assert db.write_now(start, campaign_id, now) == set()
    assert db.read_now(states, campaign_id) == {"started": 3}


async def test_an_old_fence_starts_nothing_and_closes_nothing(db: Database, now: datetime) -> None:
    campaign_id = running(db, now)
    db.write_now(change, 1, status="blocked")
    db.write_now(lease.take, LEASE, "another", db.read_now(lease.look, LEASE))

    assert db.write_now(start, campaign_id, now, fence=1) == set()
    assert db.read_now(states, campaign_id) == {"planned": 3}
    assert len(db.write_now(start, campaign_id, now, fence=2)) == 2


async def test_a_paused_campaign_keeps_its_rows_planned(db: Database, now: datetime) -> None:
    campaign_id = running(db, now)
    db.write_now(campaigns.pause, campaign_id)

    assert db.write_now(start, campaign_id, now) == set()
    assert db.read_now(states, campaign_id) == {"planned": 3}

    db.write_now(campaigns.resume, campaign_id)
    assert len(db.write_now(start, campaign_id, now)) == 3


async def test_what_is_not_due_yet_waits(db: Database, now: datetime) -> None:
    campaign_id = running(db, now)

    assert db.write_now(start, campaign_id, now - timedelta(seconds=1)) == set()
    assert db.read_now(states, campaign_id) == {"planned": 3}


@pytest.mark.parametrize(
    ("facts", "purpose", "end"),
    [
        ({"status": "blocked"}, "service", ("suppressed", "blocked")),
        ({"status": "deactivated"}, "service", ("suppressed", "deactivated")),
        ({"status": "unreachable"}, "service", ("suppressed", "unreachable")),
        ({"status": "erased"}, "service", ("suppressed", "erased")),
        ({"status": "stopped"}, "service", ("suppressed", "opted_out")),
        ({"status": "stopped", "advertising_consent_at": None}, "advertising", ("suppressed", "opted_out")),
        ({"advertising_consent_at": None}, "advertising", ("suppressed", "no_advertising_consent")),
        ({"advertising_consent_at": None}, "service", ("started", None)),
        ({}, "advertising", ("started", None)),
    ],
)
async def test_a_person_is_asked_again_at_the_attempt(
    db: Database, now: datetime, facts: dict[str, object], purpose: str, end: tuple[str, str | None]
) -> None:
    campaign_id = running(db, now, purpose=purpose)
    db.write_now(change, 2, **facts)

    db.write_now(start, campaign_id, now)

    assert db.read_now(reasons, campaign_id) == {1: ("started", None), 2: end, 3: ("started", None)}


@pytest.mark.parametrize(
    ("live", "end"), [(True, ("suppressed", "segment_left")), (False, ("started", None))]
)
async def test_a_live_audience_is_asked_again_at_the_attempt(
    db: Database, now: datetime, live: bool, end: tuple[str, str | None]
) -> None:
    campaign_id = running(db, now, audience="purchases = 0", is_live=live)

    def buy(session: Session) -> None:
        session.execute(update(Profile).where(Profile.subscriber_id == 2).values(purchases_count=1))

    db.write_now(buy)
    db.write_now(start, campaign_id, now)

    assert db.read_now(reasons, campaign_id)[2] == end


async def test_a_letter_not_begun_in_time_expires(db: Database, now: datetime) -> None:
    campaign_id = running(db, now, expires_hours=6)
    in_time, late = now + timedelta(hours=5, minutes=59), now + timedelta(hours=6)
    one = db.read_now(ids_of, campaign_id)[1]

    assert db.write_now(start_attempts, [one], 1, in_time) == {one}
    assert db.write_now(start, campaign_id, late) == set()
    assert db.read_now(states, campaign_id) == {"started": 1, "expired": 2}


@pytest.mark.parametrize(
    ("outcome", "end"),
    [
        (Sent(77), ("sent", None)),
        (Refused("blocked"), ("failed", "blocked")),
        (Refused("forbidden", "Forbidden: something new"), ("failed", "forbidden")),
        (ContentFault("can't parse entities"), ("failed", "content")),
        (Ambiguous("TimeoutError"), ("unknown", "TimeoutError")),
        (NotSent(5.0, "chat"), ("planned", None)),
        (NotSent(None, "network"), ("planned", None)),
        (Fatal("401"), ("planned", None)),
    ],
)
async def test_an_outcome_ends_the_attempt(
    db: Database, now: datetime, outcome: Outcome, end: tuple[str, str | None]
) -> None:
    campaign_id = running(db, now)
    db.write_now(start, campaign_id, now)
    delivery = db.read_now(ids_of, campaign_id)[2]

    for _ in range(2):  # told twice, it changes nothing
        db.write_now(record_outcomes, [Result(delivery, 2, outcome)], now)

    assert db.read_now(reasons, campaign_id)[2] == end
    letters = db.read_now(
        lambda s: s.scalar(select(Profile.letters_received).where(Profile.subscriber_id == 2))
    )
    assert letters == (1 if isinstance(outcome, Sent) else 0)


@pytest.mark.parametrize("reason", ["blocked", "deactivated", "unreachable"])
async def test_a_refusal_for_good_is_known_of_the_person(db: Database, now: datetime, reason: str) -> None:
    campaign_id = running(db, now)
    db.write_now(start, campaign_id, now)
    delivery = db.read_now(ids_of, campaign_id)[2]

    db.write_now(record_outcomes, [Result(delivery, 2, Refused(reason))], now)

    assert db.read_now(lambda s: s.scalar(select(Subscriber.status).where(Subscriber.id == 2))) == reason


async def test_what_was_surely_not_sent_starts_again(db: Database, now: datetime) -> None:
    campaign_id = running(db, now)
    started = db.write_now(start, campaign_id, now)
    one = min(started)
    db.write_now(record_outcomes, [Result(one, 1, NotSent(1.0, "chat"))], now)

    assert db.write_now(start, campaign_id, now) == {one}


async def test_a_dead_holders_attempts_become_unknown_and_are_never_repeated(
    db: Database, now: datetime
) -> None:
    campaign_id = running(db, now)
    started = db.write_now(start, campaign_id, now)
    db.write_now(lease.take, LEASE, "another", db.read_now(lease.look, LEASE))

    assert db.write_now(ledger.recover, 1, now) == 0
    assert db.write_now(ledger.recover, 2, now) == 3
    assert db.write_now(start, campaign_id, now, fence=2) == set()

    # The first holder was only slow: what it knows is better than "unknown", and counted once.
    db.write_now(
        record_outcomes, [Result(min(started), 1, Sent(9)), Result(max(started), 3, Refused("x"))], now
    )
    assert db.read_now(states, campaign_id) == {"sent": 1, "unknown": 2}


async def test_the_sum_is_the_audience_and_reasons_are_told(db: Database, now: datetime) -> None:
    campaign_id = running(db, now, people=6, audience="purchases = 0", expires_hours=1)
    db.write_now(change, 5, status="blocked")
    deliveries = db.read_now(ids_of, campaign_id)
    db.write_now(start_attempts, [deliveries[i] for i in (1, 2, 3, 4, 5)], 1, now)
    outcomes = [Sent(1), Refused("blocked"), Ambiguous("reset")]
    db.write_now(record_outcomes, [Result(deliveries[i], i, o) for i, o in enumerate(outcomes, 1)], now)

    assert db.read_now(ledger.totals, campaign_id) == Totals(
        audience=6, sent=1, failed=1, suppressed=1, unknown=1, pending=2, reasons={"blocked": 2}
    )
    assert not db.read_now(ledger.is_finished, campaign_id)


async def test_the_unknown_are_sent_again_only_when_asked_and_only_once(db: Database, now: datetime) -> None:
    campaign_id = running(db, now)
    started = db.write_now(start, campaign_id, now)
    results = [
        Result(i, n, Ambiguous("reset") if n < 3 else Sent(5)) for n, i in enumerate(sorted(started), 1)
    ]
    db.write_now(record_outcomes, results, now)
    assert db.write_now(campaigns.finish, campaign_id, now)

    assert db.write_now(campaigns.resend_unknown, campaign_id, now) == 2
    assert db.write_now(campaigns.resend_unknown, campaign_id, now) == 0
    assert db.read_now(campaigns.status, campaign_id).state == "running"
    assert len(db.write_now(start, campaign_id, now)) == 2

    total = db.read_now(ledger.totals, campaign_id)
    assert (total.audience, total.sent, total.unknown, total.pending, total.resent) == (3, 1, 2, 0, 2)
    assert not db.read_now(ledger.is_finished, campaign_id), "the further attempts are not ended yet"


async def test_waiting_rows_of_a_long_ledger_are_found_by_its_indexes(db: Database, now: datetime) -> None:
    if not db.is_sqlite:
        pytest.skip("EXPLAIN QUERY PLAN is SQLite's")
    running(db, now)
    queries = [
        "SELECT id FROM deliveries WHERE campaign_id = 1 AND state = 'planned' ORDER BY due_at, id LIMIT 5",
        "UPDATE deliveries SET reason = '' WHERE state = 'started' AND fence < 9",
        "SELECT state, reason, count(*) FROM deliveries WHERE campaign_id = 1 GROUP BY state, reason",
    ]
    with db.engine.connect() as connection:
        plans = [
            " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}"))
            for query in queries
        ]
    for plan, index in zip(
        plans, ("ix_deliveries_waiting", "ix_deliveries_started", "ix_deliveries_campaign_id_state_reason"),
        strict=True,
    ):  # fmt: skip
        assert index in plan
        assert "TEMP B-TREE" not in plan


async def test_an_attempt_looks_up_its_few_ids_however_long_the_list_is(db: Database, now: datetime) -> None:
    if not db.is_sqlite:
        pytest.skip("EXPLAIN QUERY PLAN is SQLite's")
    campaign_id = running(db, now)
    seen: list[str] = []

    def explained(session: Session) -> None:
        def explain(_: object, cursor: Any, statement: str, values: Any, *__: object) -> None:
            if statement.startswith("UPDATE deliveries"):
                rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
                seen.append(" ".join(row[3] for row in rows))

        event.listen(session.connection(), "before_cursor_execute", explain)
        start(session, campaign_id, now)

    db.write_now(explained)
    assert len(seen) == 1
    assert "SEARCH deliveries USING INTEGER PRIMARY KEY" in seen[0]


async def test_expiry_and_cancelling_leave_no_row_open(db: Database, now: datetime) -> None:
    late = running(db, now, expires_hours=2)
    launch_all(db, now + timedelta(hours=2))
    assert db.read_now(states, late) == {"expired": 3}

    other = db.write_now(planned_campaign, now, key="other")
    launch_all(db, now)
    db.write_now(campaigns.cancel, other, now)
    launch_all(db, now)
    assert db.read_now(reasons, other) == dict.fromkeys((1, 2, 3), ("suppressed", "cancelled"))
    assert db.read_now(lambda s: s.scalar(select(Campaign.state).where(Campaign.id == other))) == "cancelled"
