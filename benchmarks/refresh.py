"""Refresh of segments: our one scan beside hand-written SQL for the same rules and one query a segment.

    python -m benchmarks.refresh --people 100000 [--people 1000000] [--database URL]

Builds people with 20 events a head (as daily counters) and 1.5 purchases, then times interleaved in one run:
the hand-written scan, the full refresh with nothing changed and 1 % changed, the touched 1 %, one person,
one query a segment; for 30 column rules and for the shipped segments. Ratios are judged by design.md §12.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, text
from sqlalchemy.orm import Session

from core.db import Database
from core.migrate import upgrade
from core.people import activity
from core.segments import presets, refresh
from core.segments.models import Membership, Segment, SegmentDay, SegmentMask, SegmentRefresh, SegmentRule

ZONE = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROLES = ("starting", "owner", "manager", "freelancer", "wholesaler")
BATCH = 20_000
ROUNDS = 3

# 30 rules over columns: as Kvizor's rule, and as a person would write the SQL by hand
COLUMN_RULES: list[tuple[str, str]] = [
    *(
        (f"last_seen more than {n} days ago", f"p.last_seen_at < :ago{n}")
        for n in (7, 14, 30, 60, 90, 180)
    ),
    *((f"last_seen within {n} days", f"p.last_seen_at >= :ago{n}") for n in (7, 14, 30, 60, 90, 180)),
    *((f"unanswered >= {n}", f"p.unanswered >= {n}") for n in (1, 3, 5, 7)),
    *(
        (f"letters >= {n} and purchases = 0", f"p.letters_received >= {n} AND p.purchases_count = 0")
        for n in (7, 14, 21)
    ),
    *((f"purchases >= {n}", f"p.purchases_count >= {n}") for n in (1, 2, 3)),
    *((f"spent >= {n}", f"p.purchases_total >= {n}00") for n in (1000, 10000)),
    ("status = active", "s.status = 'active'"),
    ("status = blocked", "s.status = 'blocked'"),
    ("status = active and unanswered >= 3", "s.status = 'active' AND p.unanswered >= 3"),
    (
        "purchases >= 1 and last_purchase more than 90 days ago",
        "p.purchases_count >= 1 AND p.last_purchase_at < :ago90",
    ),
    (
        "status = active and purchases = 0 and last_seen more than 30 days ago",
        "s.status = 'active' AND p.purchases_count = 0 AND p.last_seen_at < :ago30",
    ),
    ("joined within 30 days", "s.joined_at >= :ago30"),
]  # fmt: skip

_ANSWER = (
    "EXISTS (SELECT 1 FROM answers a WHERE a.subscriber_id = s.id AND a.quiz = 'entry'"
    " AND a.question = 'role' AND a.folded = '{}')"
)
SHIPPED_BY_HAND = [
    *(_ANSWER.format(role) for role in ROLES),
    *(f"s.status = 'active' AND p.last_seen_at < :ago{n}" for n in (14, 30, 90)),
    *(f"s.status = 'active' AND p.unanswered >= {n}" for n in (3, 5)),
    "s.status = 'active' AND p.purchases_count = 0",
    "p.purchases_count >= 1",
    "s.status = 'blocked'",
    "s.status = 'active' AND s.advertising_consent_at IS NULL",
    f"{_ANSWER.format('freelancer')} AND s.status = 'active' AND p.last_seen_at < :ago14",
]


def main() -> None:
    """Read the arguments, run each size, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, action="append")
    parser.add_argument("--database", help="a PostgreSQL base that is empty; default: a SQLite file")
    arguments = parser.parse_args()
    activity.use_zone(ZONE)
    for people in arguments.people or [100_000]:
        with tempfile.TemporaryDirectory() as folder:
            run(people, arguments.database or f"sqlite:///{Path(folder) / 'bench.db'}")


def run(people: int, url: str) -> None:
    """Build a base of this size and time both mixes."""
    db = Database(url)
    upgrade(db)
    took = timed(lambda: build(db, people))
    print(f"\n# {people:,} people, {db.url.get_backend_name()} (built in {took:.0f} s)")
    base = peak_mb()
    by_hand = [sql for _, sql in COLUMN_RULES]
    mix(db, people, "30 column rules", by_hand, define_columns)
    mix(db, people, "the shipped segments", SHIPPED_BY_HAND, lambda session: presets.install(session, NOW))
    print(f"peak RSS {peak_mb():.0f} MB, {peak_mb() - base:.0f} MB above the build")
    db.close_now()


def mix(
    db: Database, people: int, title: str, by_hand: list[str], define: Callable[[Session], object]
) -> None:
    """Time one set of rules."""
    db.write_now(forget_segments)
    db.write_now(define)
    first = timed(lambda: refresh.refresh_all(db, NOW))
    check(db, by_hand)
    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        measure(times, "hand-written one scan", lambda: scan_by_hand(db, by_hand))
        measure(times, "full, nothing changed", lambda: refresh.refresh_all(db, NOW))
        measure(times, "one query a segment", lambda: query_a_segment(db, by_hand))
    one_percent = random.Random(7).sample(range(1, people + 1), people // 100)
    for turn in range(ROUNDS):
        measure(times, "touched 1 %, nothing moves", lambda: touch(db, one_percent))
        change(db, one_percent, turn)
        measure(times, "full, 1 % changed", lambda: refresh.refresh_all(db, NOW))
        change(db, one_percent, turn + 100)
        measure(times, "touched 1 %, they move", lambda: touch(db, one_percent))
    measure(times, "one person, nothing moves", lambda: [touch(db, [i]) for i in one_percent[:200]], 200)
    medians = {name: statistics.median(found) for name, found in times.items()}
    report(title, first, medians)


def report(title: str, first: float, medians: dict[str, float]) -> None:
    """Print seconds, and the ratios with their targets."""
    hand, full = medians["hand-written one scan"], medians["full, nothing changed"]
    print(f"\n{title}\n  {'first fill':<28}{first:>10.4f} s")
    for name, seconds in medians.items():
        print(f"  {name:<28}{seconds:>10.4f} s")
    print(f"  full / hand-written          {full / hand:>9.2f} ×   target ≤ 2")
    target = "target ≤ 0.05" if title.startswith("30") else "no target for this mix"
    print(f"  full / one query a segment   {full / medians['one query a segment']:>9.3f} ×   {target}")
    touched = medians["touched 1 %, nothing moves"] / full
    print(f"  touched 1 % / full           {touched:>9.3f} ×   target ≤ 0.15")
    person = medians["one person, nothing moves"] * 1000
    print(f"  one person                   {person:>9.2f} ms  target ≤ 5")


# -- what is timed ----------------------------------------------------------------------------------


def scan_by_hand(db: Database, rules: list[str]) -> int:
    """The reference: one scan, literal bits, the same tables, compared with the stored mask."""
    cases = " + ".join(f"CASE WHEN {rule} THEN {1 << bit} ELSE 0 END" for bit, rule in enumerate(rules))
    sql = (
        f"SELECT s.id, m.mask FROM subscribers s JOIN profiles p ON p.subscriber_id = s.id "
        f"LEFT JOIN segment_masks m ON m.subscriber_id = s.id AND m.block = 0 "
        f"WHERE coalesce(m.mask, 0) <> {cases}"
    )
    with db.engine.connect() as connection:
        return len(connection.execute(text(sql), cutoffs(connection, sql)).all())


def query_a_segment(db: Database, rules: list[str]) -> int:
    """The other reference: per rule, who should be in it but is not, and the reverse."""
    moved = 0
    with db.engine.connect() as connection:
        for number, rule in enumerate(rules, 1):
            people = "subscribers s JOIN profiles p ON p.subscriber_id = s.id"
            open_stay = f"m.segment_id = {number} AND m.left_at IS NULL"
            enter = (
                f"SELECT s.id FROM {people} WHERE {rule} AND NOT EXISTS "
                f"(SELECT 1 FROM memberships m WHERE m.subscriber_id = s.id AND {open_stay})"
            )
            leave = (
                f"SELECT m.subscriber_id FROM memberships m WHERE {open_stay} AND NOT EXISTS "
                f"(SELECT 1 FROM {people} WHERE s.id = m.subscriber_id AND {rule})"
            )
            for sql in (enter, leave):
                moved += len(connection.execute(text(sql), cutoffs(connection, sql)).all())
    return moved


def touch(db: Database, ids: list[int]) -> None:
    """Refresh these people as a write of theirs would, in writes of 1,000."""
    for start in range(0, len(ids), 1000):
        db.write_now(refresh.refresh_touched, ids[start : start + 1000], NOW)


def change(db: Database, ids: list[int], turn: int) -> None:
    """Change the facts of these people without touching them."""
    with_days = {"seen": stamp(db, NOW - timedelta(days=(turn * 37) % 200)), "n": turn % 8}

    def write(session: Session) -> None:
        sql = text("UPDATE profiles SET last_seen_at = :seen, unanswered = :n WHERE subscriber_id = :who")
        session.connection().execute(sql, [{**with_days, "who": who} for who in ids])

    db.write_now(write)


def check(db: Database, rules: list[str]) -> None:
    """The references and the refresh must agree, or the comparison means nothing."""
    if scan_by_hand(db, rules) or query_a_segment(db, rules):
        raise SystemExit("the hand-written SQL and the refresh disagree")


def cutoffs(connection: Connection, sql: str) -> dict[str, object]:
    """Return the moments the SQL asks for, as its database stores them."""
    sqlite = connection.dialect.name == "sqlite"
    return {
        f"ago{days}": (NOW - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S.%f")
        if sqlite
        else NOW - timedelta(days=days)
        for days in (7, 14, 30, 60, 90, 180)
        if f":ago{days}" in sql
    }


def measure(times: dict[str, list[float]], name: str, work: Callable[[], object], each: int = 1) -> None:
    """Add one timing."""
    times.setdefault(name, []).append(timed(work) / each)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_mb() -> float:
    """Return the process's peak memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# -- the base ---------------------------------------------------------------------------------------


def define_columns(session: Session) -> None:
    """Define the 30 column rules."""
    for number, (rule, _) in enumerate(COLUMN_RULES, 1):
        presets.define(session, f"rule_{number}", rule, (rule[:60], rule[:60]), NOW)


def forget_segments(session: Session) -> None:
    """Start a mix without the segments of the one before."""
    for table in (SegmentRefresh, SegmentDay, SegmentRule, SegmentMask, Membership, Segment):
        session.execute(delete(table))


def build(db: Database, people: int) -> None:
    """Insert people, profiles, answers, purchases and daily counters by the raw driver."""
    generator = random.Random(20_260_302)
    raw = db.url.set(drivername="sqlite" if db.is_sqlite else "postgresql+psycopg")
    from sqlalchemy import create_engine

    engine = create_engine(raw)
    with engine.begin() as connection:
        if db.is_sqlite:
            connection.exec_driver_sql("PRAGMA synchronous = OFF")
        for start in range(1, people + 1, BATCH):
            rows = [person(generator, number, db) for number in range(start, min(start + BATCH, people + 1))]
            insert(connection, "subscribers", [row[0] for row in rows])
            insert(connection, "profiles", [row[1] for row in rows])
            insert(connection, "answers", [row[2] for row in rows])
            insert(connection, "purchases", [purchase for row in rows for purchase in row[3]])
            insert(connection, "daily_counts", [day for row in rows for day in row[4]])
    with engine.connect() as connection:
        if not db.is_sqlite:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def insert(connection: Connection, table: str, rows: list[dict[str, object]]) -> None:
    """Insert rows of one shape."""
    if rows:
        names = list(rows[0])
        marks = ", ".join(f":{name}" for name in names)
        connection.execute(text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"), rows)


Rows = list[dict[str, object]]


def person(
    generator: random.Random, number: int, db: Database
) -> tuple[dict[str, object], dict[str, object], dict[str, object], Rows, Rows]:
    """Make one person: subscriber, profile, answer, purchases, daily counters of 20 events."""
    joined = NOW - timedelta(days=generator.uniform(0, 700))
    alive_days = (NOW - joined).days * generator.random()
    seen = NOW - timedelta(days=(NOW - joined).days - alive_days)
    bought = list(purchases(generator, number, joined, db)) if generator.random() < 0.45 else []
    moments = sorted(str(row["at"]) if db.is_sqlite else row["at"] for row in bought)  # type: ignore[type-var]
    status = generator.choices(("active", "blocked", "stopped"), (85, 10, 5))[0]
    subscriber = {
        "id": number,
        "telegram_id": 10_000_000 + number,
        "status": status,
        "first_name": f"Имя{number % 500}",
        "last_name": f"Фамилия{number % 900}",
        "username": f"user{number}",
        "language_code": "ru",
        "language": "ru",
        "is_premium": generator.random() < 0.1,
        "source": generator.choice(("vk", "ads_1", "ads_2", "site", None)),
        "created_at": stamp(db, joined),
        "joined_at": stamp(db, joined),
        "blocked_at": stamp(db, seen) if status == "blocked" else None,
        "opted_out_at": stamp(db, seen) if status == "stopped" else None,
        "data_consent_at": stamp(db, joined),
        "advertising_consent_at": stamp(db, joined) if generator.random() < 0.7 else None,
    }
    profile = {
        "subscriber_id": number,
        "last_seen_at": stamp(db, seen),
        "unanswered": min(int((NOW - seen).days / 14), 12),
        "letters_received": generator.randint(0, 40),
        "purchases_count": len(bought),
        "purchases_total": sum(int(str(row["amount"])) for row in bought),
        "first_purchase_at": moments[0] if moments else None,
        "last_purchase_at": moments[-1] if moments else None,
        "touched_at": stamp(db, seen),
    }
    role = generator.choice(ROLES)
    answer = {
        "subscriber_id": number, "quiz": "entry", "question": "role",
        "folded": role, "text": role, "answered_at": stamp(db, joined),
    }  # fmt: skip
    return subscriber, profile, answer, bought, list(daily(generator, number, joined, db))


def purchases(
    generator: random.Random, number: int, joined: datetime, db: Database
) -> Iterator[dict[str, object]]:
    """Make one to six purchases."""
    for order in range(generator.randint(1, 6)):
        amount = generator.randint(500, 900_000)
        at = joined + (NOW - joined) * generator.random()
        yield {
            "order_id": f"{number}-{order}", "subscriber_id": number, "at": stamp(db, at), "amount": amount,
            "currency": "RUB", "base_amount": amount, "product": "course", "category": "",
        }  # fmt: skip


def daily(
    generator: random.Random, number: int, joined: datetime, db: Database
) -> Iterator[dict[str, object]]:
    """Make the daily counters of 20 events on ten days."""
    life = max((NOW - joined).days, 1)
    for offset in {generator.randrange(life) for _ in range(10)}:
        day: date = (joined + timedelta(days=offset)).date()
        kind = "tapped" if offset % 2 else "price_viewed"
        yield {
            "subscriber_id": number,
            "kind": kind,
            "day": day.isoformat() if db.is_sqlite else day,
            "count": 2,
        }


def stamp(db: Database, moment: datetime) -> object:
    """Return a moment as the database stores it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") if db.is_sqlite else moment


if __name__ == "__main__":
    main()
