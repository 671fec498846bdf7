"""Refresh of segments: our one scan beside hand-written SQL for the same rules and one query a segment.

    python -m benchmarks.refresh --people 100000 [--people 1000000] [--database URL] [--folder DIR]

Builds people with 20 events a head (as daily counters) and 1.5 purchases, then times interleaved in one run:
the hand-written scan, the full refresh with nothing changed and 1 % changed, the touched 1 %, one person,
one query a segment; for 30 column rules and for 30 of the shipped segments. Ratios are judged by design.md
§12. BENCH_DATABASE_URL names an empty PostgreSQL base; without it a SQLite file is made.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, create_engine, delete, text
from sqlalchemy.orm import Session

from benchmarks import refresh_base as base
from core.db import Database
from core.migrate import upgrade
from core.people import activity
from core.segments import refresh, rules
from core.segments.models import Membership, Segment, SegmentDay, SegmentMask, SegmentRefresh, SegmentRule
from core.segments.scores import job

ZONE = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROLES = base.ROLES
PART = 50_000
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
_ATTRIBUTE = "EXISTS (SELECT 1 FROM attributes a WHERE a.subscriber_id = s.id AND a.key = '{}'{})"
_BIRTHDAY = (
    " AND a.moment < :today AND length(a.folded) = 10 AND substr(a.folded, 6, 5) >= '03-02'"
    " AND substr(a.folded, 6, 5) < '03-10'"
)
_TAPPED = (
    "(SELECT coalesce(sum(d.count), 0) FROM daily_counts d WHERE d.subscriber_id = s.id"
    " AND d.kind = 'tapped' AND d.day >= '2026-01-31') >= 3"
)
_SPENT = (
    "(SELECT coalesce(sum(o.base_amount), 0) FROM purchases o WHERE o.subscriber_id = s.id"
    " AND o.at >= :day90) > 100000"
)
_STATE = "(p.purchases_count > 0 AND coalesce(c.lifecycle, '') = '{}')"
# 30 of the segments that ship, of every kind there is: as Kvizor's rule, and by hand
SHIPPED_RULES: list[tuple[str, str]] = [
    *((f"quiz entry.role = {role}", _ANSWER.format(role)) for role in ROLES),
    *((f"lifecycle = {state}", _STATE.format(state)) for state in ("new", "at_risk", "vip", "lapsed")),
    *(
        (
            f"status = active and last_seen more than {n} days ago",
            f"s.status = 'active' AND p.last_seen_at < :ago{n}",
        )
        for n in (14, 30, 90)
    ),
    *(
        (f"status = active and unanswered >= {n}", f"s.status = 'active' AND p.unanswered >= {n}")
        for n in (3, 5)
    ),
    ("status = active and purchases = 0", "s.status = 'active' AND p.purchases_count = 0"),
    ("purchases >= 1", "p.purchases_count >= 1"),
    *((f"rfm = {cell}", f"coalesce(c.rfm, '') = '{cell}'") for cell in ("champions", "cant_lose")),
    ("health_group = key", "coalesce(c.health_group, '') = 'key'"),
    ("lead_group = hot", "coalesce(c.lead_group, '') = 'hot'"),
    ("status = active and joined within 7 days", "s.status = 'active' AND s.joined_at >= :ago7"),
    ("first_purchase within 30 days", "p.first_purchase_at >= :ago30"),
    ("birthday within next 7 days", _ATTRIBUTE.format("birthday", _BIRTHDAY)),
    ("attr.gender = female", _ATTRIBUTE.format("gender", " AND a.folded = 'female'")),
    ("attr.gender is unknown", f"NOT {_ATTRIBUTE.format('gender', '')}"),
    (
        "event tapped at least 3 times within 30 days",
        _TAPPED,
    ),
    (
        "spent more than 1000 within 90 days",
        _SPENT,
    ),
    ("status = blocked", "s.status = 'blocked'"),
    (
        "status = active and advertising_consent = no",
        "s.status = 'active' AND s.advertising_consent_at IS NULL",
    ),
    (
        "in segment rule_4 and in segment rule_10",
        f"{_ANSWER.format('freelancer')} AND s.status = 'active' AND p.last_seen_at < :ago14",
    ),
]


def main() -> None:
    """Read the arguments, run each size, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, action="append")
    parser.add_argument("--database", default=os.environ.get("BENCH_DATABASE_URL"), help="an empty base")
    parser.add_argument("--folder", help="where the SQLite file is made")
    arguments = parser.parse_args()
    activity.use_zone(ZONE)
    for people in arguments.people or [100_000]:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            run(people, arguments.database or f"sqlite:///{Path(folder) / 'bench.db'}")


def run(people: int, url: str) -> None:
    """Build a base of this size and time both mixes."""
    db = Database(url)
    upgrade(db)
    took = timed(lambda: build(db, people))
    print(
        f"\n# {people:,} people, {db.url.get_backend_name()} (built and scored in {took:.0f} s)", flush=True
    )
    began = peak_mb()
    mix(db, people, "30 column rules", COLUMN_RULES)
    mix(db, people, "the shipped mix", SHIPPED_RULES)
    print(f"peak RSS {peak_mb():.0f} MB, {peak_mb() - began:.0f} MB above the build", flush=True)
    db.close_now()


def mix(db: Database, people: int, title: str, chosen: list[tuple[str, str]]) -> None:
    """Time one set of rules."""
    by_hand = [sql for _, sql in chosen]
    db.write_now(forget_segments)
    db.write_now(define, chosen)
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
        f"SELECT s.id, m.mask FROM subscribers s JOIN profiles p ON p.subscriber_id = s.id {scores(rules)} "
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
            people = f"subscribers s JOIN profiles p ON p.subscriber_id = s.id {scores([rule])}"
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


def scores(rules: list[str]) -> str:
    """Join the scores only where a rule asks for one, as a person would."""
    asked = any(" c." in rule or "(c." in rule for rule in rules)
    return "LEFT JOIN scores c ON c.subscriber_id = s.id" if asked else ""


def cutoffs(connection: Connection, sql: str) -> dict[str, object]:
    """Return the moments the SQL asks for, as its database stores them."""
    today = datetime(2026, 3, 2, tzinfo=ZONE).astimezone(UTC)
    moments = {f"ago{days}": NOW - timedelta(days=days) for days in (7, 14, 30, 60, 90, 180)}
    moments |= {"today": today, "day90": today - timedelta(days=90)}
    sqlite = connection.dialect.name == "sqlite"
    return {
        name: moment.strftime("%Y-%m-%d %H:%M:%S.%f") if sqlite else moment
        for name, moment in moments.items()
        if re.search(f":{name}\\b", sql)
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


def define(session: Session, chosen: list[tuple[str, str]]) -> None:
    """Define these rules under their numbers."""
    for number, (rule, _) in enumerate(chosen, 1):
        rules.define(session, f"rule_{number}", rule, (rule[:60], rule[:60]), NOW)


def forget_segments(session: Session) -> None:
    """Start a mix without the segments of the one before."""
    for table in (SegmentRefresh, SegmentDay, SegmentRule, SegmentMask, Membership, Segment):
        session.execute(delete(table))


def build(db: Database, people: int) -> None:
    """Insert people with all that hangs on them, by a few statements a part."""
    url = db.url.set(drivername="sqlite" if db.is_sqlite else "postgresql+psycopg")
    engine = create_engine(url)
    for first in range(1, people + 1, PART):
        with engine.begin() as opened:
            connection = opened.execution_options(no_parameters=True)  # a % is the SQL's own
            if db.is_sqlite:
                connection.exec_driver_sql("PRAGMA cache_size = -200000")
            for statement in base.statements(db.is_sqlite, first, min(first + PART - 1, people), NOW):
                connection.exec_driver_sql(statement)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)" if db.is_sqlite else "VACUUM ANALYZE")
    engine.dispose()
    job.compute(db, NOW)


def stamp(db: Database, moment: datetime) -> object:
    """Return a moment as the database stores it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") if db.is_sqlite else moment


if __name__ == "__main__":
    main()
