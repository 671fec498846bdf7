"""The canary: a few people get a broadcast first; when they take it badly the rest is not written to.

Badly means: of those the letter reached, more blocked the bot or opted out within REACTION than is usual
here. What is usual is told by the last letters of other broadcasts; as they are a sample too, the upper
Wilson bound of their rate is the norm. The verdict is the exact binomial tail against that norm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, insert, or_, select, update

from core.db import table
from core.mailing.ledger import DELIVERIES, PLANNED, Lane, State
from core.mailing.models import Campaign, Canary
from core.people.models import Subscriber

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from core.db import Database

SMALLEST = 100  # audiences up to this have no canary
SHARE, LEAST, MOST = 0.05, 20, 200  # of the audience, in people
REACTION = timedelta(minutes=5)  # how long after a letter leaving counts as its doing
MEMORY = 20_000  # letters of other broadcasts the norm is taken from, the last ones
MEMORY_DAYS = 90
FEW = 200  # letters under which the norm is not known yet
UNKNOWN_NORM, LEAST_NORM = 0.01, 0.005
FEWEST_LEAVERS = 3  # never on one or two people
SURE = 0.01  # how rare it must be under the norm
_Z = 1.6449  # the one-sided 95 % bound
CANARIES, PEOPLE = table(Canary), table(Subscriber)


class Stage(StrEnum):
    """Where a campaign stands with its first few; nothing stored: not asked yet, or nobody goes first."""

    OFF = "off"  # the owner wants none
    GOING = "going"
    PASSED = "passed"
    STOPPED = "stopped"  # taken badly; the owners are yet to be told
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the first few took a letter: `left` of `reached` people, against the norm of `known` letters."""

    campaign_id: int
    name: str
    reached: int
    left: int
    norm: float
    known: int
    waiting: int = 0  # people who have not been written to

    @property
    def is_bad(self) -> bool:
        """Whether more left than chance under the norm explains."""
        if self.left < FEWEST_LEAVERS:
            return False
        return tail(self.left, self.reached, self.norm) < SURE


def size(audience: int) -> int:
    """Return how many go first.

    >>> size(100), size(101), size(1240), size(1_000_000)
    (0, 20, 62, 200)
    """
    return 0 if audience <= SMALLEST else min(MOST, max(LEAST, round(audience * SHARE)))


def tail(successes: int, trials: int, rate: float) -> float:
    """Return the exact chance of at least so many successes.

    >>> round(tail(3, 20, 0.01), 5), round(tail(0, 20, 0.01), 1)
    (0.001, 1.0)
    """
    below = sum(
        math.comb(trials, k) * rate**k * (1.0 - rate) ** (trials - k)
        for k in range(min(successes, trials + 1))
    )
    return max(0.0, 1.0 - below)


def upper_bound(successes: int, trials: int) -> float:
    """Return the upper Wilson bound (one-sided, 95 %) of a rate.

    >>> round(upper_bound(10, 1000), 4)
    0.0167
    """
    rate, z2 = successes / trials, _Z * _Z
    spread = _Z * math.sqrt(rate * (1.0 - rate) / trials + z2 / (4.0 * trials * trials))
    return (rate + z2 / (2.0 * trials) + spread) / (1.0 + z2 / trials)


def norm_of(left: int, known: int) -> float:
    """Return the rate of leaving that is usual here; where there are few letters yet, one in a hundred."""
    return UNKNOWN_NORM if known < FEW else max(LEAST_NORM, upper_bound(left, known))


def is_asked(purpose: str, lane: int, stage: str | None) -> bool:
    """Say whether a campaign sends to a few first: advertising broadcasts do, unless their owner said no."""
    return purpose == "advertising" and lane == Lane.BROADCAST and stage != Stage.OFF


# -- the first few -----------------------------------------------------------------------------------


def draw(session: Session, campaign_id: int) -> list[int]:
    """Choose by lot who goes first among those due first; empty where nobody does."""
    campaign = session.get_one(Campaign, campaign_id)
    if not is_asked(campaign.purpose, campaign.lane, campaign.canary):
        return []
    planned = DELIVERIES.c.campaign_id == campaign_id, DELIVERIES.c.state == PLANNED
    count = session.scalar(select(func.count()).where(*planned)) or 0
    first = select(DELIVERIES.c.id).where(*planned).order_by(DELIVERIES.c.due_at, func.random())
    return list(session.scalars(first.limit(size(count)))) if size(count) else []


def send_first(session: Session, campaign_id: int, ids: Sequence[int]) -> None:
    """Let these deliveries go before all others of their campaign."""
    if ids:
        session.execute(insert(Canary), [{"delivery_id": i, "campaign_id": campaign_id} for i in ids])
        going = update(Campaign).where(Campaign.id == campaign_id)
        session.execute(going.values(canary=Stage.GOING, canary_at=None))


def of_campaign(campaign_id: ColumnElement[int]) -> Select[tuple[int]]:
    """Return the SELECT of the deliveries that go first."""
    return select(CANARIES.c.delivery_id).where(CANARIES.c.campaign_id == campaign_id)


# -- how they took it --------------------------------------------------------------------------------


def judge_all(db: Database, now: datetime) -> int:
    """Look at every campaign whose first few were written to long enough ago; returns how many go on."""
    going = select(Campaign.id).where(Campaign.canary == Stage.GOING, Campaign.state == "running")
    found = db.read_now(lambda session: list(session.scalars(going)))
    return sum(_judge(db, campaign_id, now) for campaign_id in found)


def _judge(db: Database, campaign_id: int, now: datetime) -> bool:
    ready_at = db.read_now(_ready_at, campaign_id, now)
    if ready_at is None or now < ready_at:
        if ready_at is not None:
            db.write_now(_look_at, campaign_id, ready_at)
        return False
    verdict = db.read_now(verdict_of, campaign_id, now)
    return db.write_now(_decide, verdict)


def _ready_at(session: Session, campaign_id: int, now: datetime) -> datetime | None:
    """Return when the last of the first few had time to react; None while letters are under way."""
    c = DELIVERIES.c
    mine = CANARIES.join(DELIVERIES, c.id == CANARIES.c.delivery_id)
    of_it = CANARIES.c.campaign_id == campaign_id
    due = or_(c.state == State.STARTED.value, and_(c.state == State.PLANNED.value, c.due_at <= now))
    if session.execute(select(c.id).select_from(mine).where(of_it, due).limit(1)).first() is not None:
        return None
    seen = select(func.count(), func.max(c.finished_at)).select_from(mine).where(of_it)
    there, finished_at = session.execute(seen).one()
    if not there:  # all of them were erased meanwhile
        return now
    return finished_at + REACTION if finished_at is not None else None


def _look_at(session: Session, campaign_id: int, at: datetime) -> None:
    session.execute(update(Campaign).where(Campaign.id == campaign_id).values(canary_at=at))


def verdict_of(session: Session, campaign_id: int, now: datetime) -> Verdict:
    """Return how the first few took the letter, and what is usual."""
    campaign, c = session.get_one(Campaign, campaign_id), DELIVERIES.c
    first = c.id.in_(select(CANARIES.c.delivery_id).where(CANARIES.c.campaign_id == campaign_id))
    reached, left = _counted(session, select(c.id).where(first, c.state == State.SENT.value))
    others = (
        select(c.id)
        .join(Campaign, Campaign.id == c.campaign_id)
        .where(
            c.state == State.SENT.value,
            c.campaign_id != campaign_id,
            c.finished_at > now - timedelta(days=MEMORY_DAYS),
            Campaign.purpose == "advertising",
            Campaign.lane == int(Lane.BROADCAST),
        )
        .order_by(c.id.desc())
        .limit(MEMORY)
    )
    known, usual = _counted(session, others)
    planned = select(func.count()).where(c.campaign_id == campaign_id, c.state == PLANNED)
    rest = session.scalar(planned) or 0
    return Verdict(campaign_id, campaign.name, reached, left, norm_of(usual, known), known, rest)


def _counted(session: Session, letters: Select[tuple[int]]) -> tuple[int, int]:
    """Count letters, and those after which their reader left within REACTION."""
    chosen = letters.subquery()
    rows = session.execute(
        select(DELIVERIES.c.finished_at, PEOPLE.c.blocked_at, PEOPLE.c.opted_out_at)
        .join(chosen, chosen.c.id == DELIVERIES.c.id)
        .join(PEOPLE, PEOPLE.c.id == DELIVERIES.c.subscriber_id)
    )
    count = left = 0
    for finished_at, blocked_at, opted_out_at in rows:
        count += 1
        left += any(
            at is not None and finished_at <= at <= finished_at + REACTION
            for at in (blocked_at, opted_out_at)
        )
    return count, left


def _decide(session: Session, verdict: Verdict) -> bool:
    """Let the rest go, or pause; returns whether they go."""
    going = update(Campaign).where(
        Campaign.id == verdict.campaign_id, Campaign.canary == Stage.GOING, Campaign.state == "running"
    )
    if not verdict.is_bad:
        return bool(session.execute(going.values(canary=Stage.PASSED)).rowcount)  # type: ignore[attr-defined]
    session.execute(going.values(canary=Stage.STOPPED, state="paused"))
    return False


def stopped(session: Session, now: datetime) -> list[Verdict]:
    """Return the verdicts the owners have not been told of."""
    found = select(Campaign.id).where(Campaign.canary == Stage.STOPPED).order_by(Campaign.id)
    return [verdict_of(session, campaign_id, now) for campaign_id in session.scalars(found)]


def mark_told(session: Session, campaign_id: int) -> None:
    """The owners know."""
    told = update(Campaign).where(Campaign.id == campaign_id, Campaign.canary == Stage.STOPPED)
    session.execute(told.values(canary=Stage.TOLD))
