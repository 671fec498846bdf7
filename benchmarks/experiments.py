"""How often an experiment errs and how often it sees what is there, drawn by lot; what planning one costs.

`python -m benchmarks.experiments [times] [people]`: the table of docs/experiments.md.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func, insert, select

from core import migrate
from core.clock import now
from core.db import Database
from core.mailing import audiences, campaigns
from core.mailing.campaigns import Draft, Variant
from core.mailing.experiments import holdout, launching, looking
from core.mailing.experiments.arms import Arm
from core.mailing.experiments.launching import Terms
from core.mailing.experiments.plan import Terms as Wanted
from core.mailing.experiments.plan import people_needed
from core.mailing.experiments.sequential import boundaries
from core.mailing.experiments.verdict import judge
from core.mailing.letters import Words
from core.mailing.models import Delivery
from core.people import activity
from core.people.models import Profile, Subscriber

SEED = 20260301
Lots = np.random.Generator
Counts = np.ndarray


def winners(rates: tuple[float, ...], people: int, count: int, times: int) -> float:
    """The share of experiments with a winner, looked at `count` times, stopped at the first one."""
    lots = np.random.default_rng(SEED + count)
    looks = [look / count for look in range(1, count + 1)]
    won = 0
    for _ in range(times):
        reached, here = [0] * len(rates), 0
        for look in range(1, count + 1):
            upto = round(people * looks[look - 1])
            reached = [
                x + int(lots.binomial(upto - here, rate)) for x, rate in zip(reached, rates, strict=True)
            ]
            here = upto
            if judge([Arm(upto, x) for x in reached], looks=looks[:look]).winner is not None:
                won += 1
                break
    return won / times


def naive(people: int, count: int, times: int) -> float:
    """The same for two equal letters when every look asks p < 0.05."""
    lots = np.random.default_rng(SEED)
    added = np.diff([round(people * look / count) for look in range(count + 1)])
    first, second = (lots.binomial(added, 0.04, (times, count)).cumsum(axis=1) for _ in range(2))
    n = added.cumsum()
    rate = (first + second) / (2 * n)
    z = np.abs(second - first) / n / np.sqrt(np.maximum(rate * (1 - rate), 1e-12) * 2 / n)
    return float((z > 1.96).any(axis=1).mean())


def in_time(people: int, rate: float, lift: float, times: int) -> float:
    """The same in the bot's own way: sent over a fifth of the time, answered late, ten looks by the clock.

    By z alone; the boundaries are those of the information learned on the average.
    """
    lots, shares = np.random.default_rng(SEED), [look / 10 for look in range(1, 11)]
    z, known = [], []
    for _ in range(max(1, times // 500)):
        counts = [_counts(lots, people, share, shares) for share in (rate, rate + lift)]
        (n, x), (m, y) = counts
        pooled = (x + y) / (n + m)
        spread = np.sqrt(np.maximum(pooled * (1 - pooled), 1e-9) * (1 / n + 1 / m))
        z.append(np.abs(y / m - x / n) / spread)
        known.append((n + m) * pooled / (1 - pooled))
    learned = np.maximum.accumulate(np.concatenate(known).mean(axis=0))
    bounds = np.array(boundaries((learned / learned[-1]).tolist(), spending=shares))
    return float((np.concatenate(z) > bounds).any(axis=1).mean())


def _counts(lots: Lots, people: int, rate: float, shares: list[float]) -> tuple[Counts, Counts]:
    """Who has a letter and who has reached the goal at each look, in 500 experiments."""
    sent = lots.uniform(0, 0.2, (500, people))
    at = sent + lots.exponential(0.15, sent.shape)
    came = lots.random(sent.shape) < rate
    people_then = np.stack([(sent <= share).sum(axis=1) for share in shares], axis=1)
    return people_then, np.stack([(came & (at <= share)).sum(axis=1) for share in shares], axis=1)


def coverage(times: int) -> float:
    """How often the interval of a holdout's effect holds the truth."""
    lots, held = np.random.default_rng(SEED), 0
    for _ in range(times):
        found = holdout.effect(
            Arm(2700, int(lots.binomial(2700, 0.06))), Arm(300, int(lots.binomial(300, 0.04)))
        )
        held += found.low <= 2700 * 0.02 <= found.high
    return held / times


def planning(people: int) -> tuple[float, float, float]:
    """Seconds to plan so many people, plain and as an experiment with a holdout, and to look at it."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder)}/base.db")
        migrate.upgrade(db)
        activity.use_zone(ZoneInfo("Europe/Moscow"))
        for first in range(1, people + 1, 1000):
            db.write_now(_fill, first, min(1000, people + 1 - first))
        plain = _timed(lambda: _plan(db, None))
        terms = Terms(goal="purchase", holdout=0.1)
        tried = _timed(lambda: _plan(db, terms))
        looked = _timed(lambda: looking.look(db, 2, now()))
        rows = db.read_now(lambda session: session.scalar(select(func.count(Delivery.id))))
        assert rows == 2 * people, rows
        db.close_now()
    return plain, tried, looked


def _fill(session, first: int, count: int) -> None:  # type: ignore[no-untyped-def]
    moment = now()
    ids = range(first, first + count)
    common = {"status": "active", "language": "ru", "created_at": moment, "joined_at": moment,
              "is_premium": False, "advertising_consent_at": moment}  # fmt: skip
    session.execute(
        insert(Subscriber), [{"id": i, "telegram_id": i, "first_name": "", **common} for i in ids]
    )
    session.execute(
        insert(Profile), [{"subscriber_id": i, "touched_at": moment, "unanswered": 0} for i in ids]
    )


def _plan(db: Database, terms: Terms | None) -> None:
    draft = Draft("Весна", "status = active", [Variant({"ru": Words("А")})], is_live=False)
    campaign_id = db.write_now(campaigns.create, draft, f"key{terms is None}", now())
    if terms is not None:
        db.write_now(launching.set_up, campaign_id, [{"ru": Words("Б")}], terms)
    db.write_now(campaigns.launch, campaign_id, now())
    audiences.due(db, now())


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def main(times: int = 2000, people: int = 200_000) -> None:
    """Print the table."""
    size = people_needed(Wanted(0.04), 0.01)
    for count in (1, 5, 10, 100):
        some = times if count < 100 else times // 2
        won = winners((0.04, 0.04), size, count, some)
        seen = winners((0.04, 0.05), size, count, some)
        plain = naive(size, count, 20_000)
        print(f"{count:>3} looks: false winner {won:.1%} (naive {plain:.1%}), power {seen:.1%}, {some} times")
    print(f"three equal letters, 5 looks: {winners((0.1,) * 3, 2000, 5, times):.1%}")
    for base in (0.05, 0.3):
        print(f"by the clock, 10 looks, {base:.0%}: {in_time(1000, base, 0.0, 5 * times):.1%}")
    print(f"by the clock, 10 looks, 5.0% against 8.05%: {in_time(1000, 0.05, 0.0305, times):.1%}")
    print(f"holdout: the interval holds the truth in {coverage(times):.1%}")
    plain, tried, looked = planning(people)
    print(f"{people} people: planned in {plain:.1f} s, as an experiment {tried:.1f} s, a look {looked:.1f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
