"""Scores of the whole base: the first fill, a run that changes nothing, and the day after with its purchases.

    python -m benchmarks.scores [--people 100000] [--people 1000000] [--database URL]

Builds people with 20 daily counters and two purchases each on the average (half of the people buy), an answer
of the entry quiz, and a weekly letter. Two of ten are active these weeks, three were last active more than 30
days ago, five are silent for more than 120 days; on the day after two of a hundred act and one of a thousand
buys. Prints wall clock, CPU and peak memory of a
process that does nothing else, and the longest time the writer was held. Target: a million people in under a
minute and under 1 GB.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.orm import Session

from core.db import Database
from core.migrate import upgrade
from core.people import activity
from core.segments.scores import job
from core.segments.scores.computed import computed

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Moscow")
KINDS = (
    "started",
    "quiz_started",
    "quiz_finished",
    "wrote",
    "message_clicked",
    "price_viewed",
    "seen",
    "read",
)
ROLES = ("starting", "owner", "manager", "freelancer", "wholesaler")
COUNTERS, HISTORY_DAYS = 20, 720
LARGEST_INSERT = 50_000  # people


def main() -> None:
    """Build each size, then measure it in a process of its own: peak memory is of the work alone."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, action="append")
    parser.add_argument("--database", help="a PostgreSQL base that is empty; default: a SQLite file")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    activity.use_zone(ZONE)
    if arguments.measure:
        measure(arguments.database)
        return
    for people in arguments.people or [100_000, 1_000_000]:
        with tempfile.TemporaryDirectory() as folder:
            url = arguments.database or f"sqlite:///{Path(folder) / 'bench.db'}"
            built = build(url, people)
            print(f"\n# {people:,} people, {url.split(':')[0]} (built in {built:.0f} s)", flush=True)
            command = [sys.executable, "-m", "benchmarks.scores", "--measure", "--database", url]
            subprocess.run(command, check=True, env=os.environ)


# -- what is measured -------------------------------------------------------------------------------


def measure(url: str) -> None:
    """Print the three runs."""
    db = Database(url)
    held = watch(db)
    print(f"  {'':<26}{'wall':>8}{'CPU':>8}   written  dropped")
    show("first fill", lambda: job.compute(db, NOW))
    show("nothing changed", lambda: job.compute(db, NOW))
    db.write_now(next_day)
    held.pop()  # this one is of the benchmark itself
    show("the day after", lambda: job.compute(db, NOW + timedelta(days=1)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory {peak:.0f} MB; the writer was held {max(held) * 1000:.0f} ms at most,", end=" ")
    print(f"{sorted(held)[len(held) // 2] * 1000:.0f} ms in the median of {len(held)} writes")
    made = db.read_now(computed, NOW + timedelta(days=1)).table
    left = len(made.unlike(db.read_now(job.stored)))
    print(f"  kept = computed from facts: {f'no, {left} rows differ' if left else 'yes'}")
    db.close_now()


def show(name: str, work: Any) -> None:
    """Print one run."""
    wall, cpu = time.perf_counter(), time.process_time()
    done = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"  {name:<26}{wall:>7.1f}s{cpu:>7.1f}s{done.written:>10,}{done.dropped:>9,}", flush=True)


def watch(db: Database) -> list[float]:
    """Return a list that grows by the seconds every write takes, its COMMIT with it."""
    held: list[float] = []
    plain = db.write_now

    def write_now(verb: Any, *args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return plain(verb, *args, **kwargs)
        finally:
            held.append(time.perf_counter() - start)

    db.write_now = write_now  # type: ignore[method-assign]
    return held


def next_day(session: Session) -> None:
    """Let one in fifty write and one in a thousand buy, with what that leaves in the profile out of sight."""
    session.execute(
        text(
            "INSERT INTO daily_counts (subscriber_id, kind, day, count)"
            " SELECT id, 'wrote', :day, 1 FROM subscribers WHERE id % 50 = 0"
        ),
        {"day": day(session.connection(), -1)},
    )
    session.execute(
        text(
            "INSERT INTO purchases"
            " (order_id, subscriber_id, at, amount, currency, base_amount, product, category)"
            " SELECT 'n' || id, id, :at, 250000, 'RUB', 250000, '', '' FROM subscribers WHERE id % 1000 = 7"
        ),
        {"at": stamp(session.connection(), NOW + timedelta(hours=20))},
    )


# -- the base ---------------------------------------------------------------------------------------


def build(url: str, people: int) -> float:
    """Make the base inside the database, by arithmetic on the numbers of people; returns the seconds."""
    started = time.perf_counter()
    db = Database(url)
    upgrade(db)
    raw = db.url.set(drivername="sqlite" if db.is_sqlite else "postgresql+psycopg")
    engine = create_engine(raw, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if db.is_sqlite:
            connection.exec_driver_sql("PRAGMA synchronous = OFF")
            connection.exec_driver_sql("PRAGMA temp_store = MEMORY")
        helpers(connection, db.is_sqlite)
        for first in range(1, people + 1, LARGEST_INSERT):
            for statement in TABLES:
                run(connection, statement, first, min(first + LARGEST_INSERT - 1, people))
        connection.exec_driver_sql("ANALYZE" if db.is_sqlite else "VACUUM ANALYZE")
    engine.dispose()
    db.close_now()
    return time.perf_counter() - started


def helpers(connection: Connection, is_sqlite: bool) -> None:
    """Make small tables of numbers, days and words that the large ones are crossed from."""
    date_type, moment_type = ("TEXT", "TEXT") if is_sqlite else ("DATE", "TIMESTAMPTZ")
    for name, columns in (
        ("n", "n BIGINT PRIMARY KEY"),
        ("day_of", f"n INTEGER PRIMARY KEY, day {date_type}, at {moment_type}"),
        ("kind_of", "n INTEGER PRIMARY KEY, kind TEXT"),
        ("role_of", "n INTEGER PRIMARY KEY, role TEXT"),
    ):
        connection.execute(text(f"CREATE TEMPORARY TABLE {name} ({columns})"))
    insert(connection, "n", [{"n": number} for number in range(LARGEST_INSERT)])
    days = [
        {"n": ago, "day": day(connection, ago), "at": stamp(connection, NOW - timedelta(days=ago))}
        for ago in range(HISTORY_DAYS + 1)
    ]
    insert(connection, "day_of", days)
    insert(connection, "kind_of", [{"n": n, "kind": kind} for n, kind in enumerate(KINDS)])
    insert(connection, "role_of", [{"n": n, "role": role} for n, role in enumerate(ROLES)])


def insert(connection: Connection, name: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows of one shape."""
    marks = ", ".join(f":{column}" for column in rows[0])
    connection.execute(text(f"INSERT INTO {name} VALUES ({marks})"), rows)


def day(connection: Connection, ago: int) -> Any:
    """Return a day as its database stores it."""
    found: date = (NOW - timedelta(days=ago)).date()
    return found.isoformat() if connection.dialect.name == "sqlite" else found


def stamp(connection: Connection, at: datetime) -> Any:
    """Return a moment as its database stores it."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if connection.dialect.name == "sqlite" else at


def run(connection: Connection, statement: str, first: int, last: int) -> None:
    """Run one statement for a range of people."""
    connection.execute(text(statement), {"first": first, "count": last - first + 1})


PERSON = "(SELECT n + :first AS id FROM n WHERE n < :count) p"
MIXED = "(p.id * 7919 + {0} * 104729)"  # spreads people over days, kinds and sums
SUBSCRIBERS = (
    "INSERT INTO subscribers"
    " (id, telegram_id, status, first_name, last_name, username, language_code, language,"
    " is_premium, created_at, joined_at)"
    " SELECT p.id, p.id + 10000000, 'active', 'Имя', '', '', 'ru', 'ru', false, d.at, d.at"
    f" FROM {PERSON} JOIN day_of d ON d.n = {MIXED.format(1)} % 700"
)
PROFILES = (
    "INSERT INTO profiles (subscriber_id, unanswered, letters_received, purchases_count, purchases_total,"
    " touched_at)"
    f" SELECT p.id, p.id % 9, 9 + p.id % 40, 0, 0, d.at FROM {PERSON} JOIN day_of d ON d.n = p.id % 90"
)
ANSWERS = (
    "INSERT INTO answers (subscriber_id, quiz, question, folded, text, answered_at)"
    " SELECT p.id, 'entry', 'role', r.role, r.role, d.at"
    f" FROM {PERSON} JOIN role_of r ON r.n = p.id % 5 JOIN day_of d ON d.n = 90"
)
DAILY_COUNTS = (
    "INSERT INTO daily_counts (subscriber_id, kind, day, count)"
    " SELECT p.id, k.kind, d.day, 1 + (p.id + c.n) % 3"
    f" FROM {PERSON} CROSS JOIN (SELECT n FROM n WHERE n < {COUNTERS}) c"
    f" JOIN kind_of k ON k.n = (c.n + p.id) % {len(KINDS)}"
    f" JOIN day_of d ON d.n = 30 * (c.n / {len(KINDS)}) + {MIXED.format('c.n')} % 30"
    " + CASE WHEN p.id % 10 < 2 THEN 0 WHEN p.id % 10 < 5 THEN 30 ELSE 120 END"
)
# of every two people one buys, 1 to 10 times
PURCHASES = (
    "INSERT INTO purchases (order_id, subscriber_id, at, amount, currency, base_amount, product, category)"
    " SELECT p.id || '-' || c.n, p.id, d.at, s.amount, 'RUB', s.amount, '', ''"
    " FROM (SELECT n + :first AS id, 1 + ((n + :first) * 31) % 10 AS buys FROM n WHERE n < :count) p"
    " CROSS JOIN (SELECT n FROM n WHERE n < 10) c"
    " CROSS JOIN (SELECT n * 1700 + 30000 AS amount, n FROM n WHERE n < 97) s"
    f" JOIN day_of d ON d.n = ({MIXED.format(3)} + c.n * (11 + p.id % 83)) % {HISTORY_DAYS}"
    " WHERE p.id % 2 = 0 AND c.n < p.buys * p.buys / 9 + 1 AND s.n = (p.id * 13 + c.n * 7) % 97"
)
TABLES = (SUBSCRIBERS, PROFILES, ANSWERS, DAILY_COUNTS, PURCHASES)


if __name__ == "__main__":
    main()
