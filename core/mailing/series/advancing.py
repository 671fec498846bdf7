"""Advancing: whose letter has ended goes on to the next step, whose step is due has it done.

Everything goes by chunks: numbers are read on a snapshot, each chunk is read again inside its write, under
its lock, and what it decides is written with it. So a crash between two writes loses nothing and doubles
nothing, and a second run finds nothing to do. Memory does not grow with the number of people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, literal_column, select, update

from core.errors import KvizorError
from core.mailing.ledger import DELIVERIES
from core.mailing.series import doing, following, leaving, plans
from core.mailing.series.doing import ROUND, TOUCHING, Decision, Here
from core.mailing.series.enrolling import ENROLLMENTS, MANY
from core.mailing.series.leaving import OCCASION, Stand
from core.people.choices import Preference
from core.people.models import Profile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.db import Database
    from core.mailing.series.plans import Plan, Stage

_ACTIVE: ColumnElement[str] = literal_column("'active'")  # a partial index is found by a literal only
_SERIES_LANE: ColumnElement[int] = literal_column("2")
_FOLLOWED = (
    update(DELIVERIES).where(DELIVERIES.c.id == bindparam("b_id")).values(followed_at=bindparam("b_now"))
)


def advance(db: Database, now: datetime) -> bool:
    """Do all that is due in all series; returns whether letters were written into the ledger."""
    written = False
    for _ in range(ROUND):
        settled = _settle(db, now)
        done, letters = _perform(db, now)
        written = written or letters
        if not settled and not done:
            break
    return written


# -- letters that have ended ----------------------------------------------------------------------------


def _settle(db: Database, now: datetime) -> int:
    settled, most = 0, MANY
    while ids := db.read_now(_unfollowed, most):
        followed = db.write_now(settle, ids, now)
        settled += followed.letters
        most = TOUCHING if followed.touching else MANY
    return settled


@dataclass(frozen=True, slots=True)
class Followed:
    """What one write did: letters whose end was followed, and how many people finished by them."""

    letters: int
    touching: int


def _unfollowed(session: Session, most: int) -> list[int]:
    d = DELIVERIES.c
    ended = select(d.id).where(
        d.lane == _SERIES_LANE, d.followed_at.is_(None), d.parent_id.is_(None), d.finished_at.is_not(None)
    )
    return list(session.connection().scalars(ended.order_by(d.finished_at, d.id).limit(most)))


def settle(session: Session, ids: Sequence[int], now: datetime) -> Followed:
    """Let those whose letter has ended go on to their next step, counted from the letter's real end.

    At most TOUCHING people finish in one write: their segments are computed in it.
    """
    d = DELIVERIES.c
    letters = (
        session.connection()
        .execute(
            select(d.id, d.campaign_id, d.subscriber_id, d.occasion, d.finished_at)
            .where(d.id.in_(ids), d.followed_at.is_(None))
            .order_by(d.finished_at, d.id)
        )
        .all()
    )
    lock(session, [row.subscriber_id for row in letters])
    places = _places(session, sorted({_number(row.occasion) for row in letters}))
    known = plans.of(session, {place.series_id for place in places.values()})
    over = _over(session, known, list(places.values()), now)
    decided: dict[int, list[Decision]] = {number: [] for number in known}
    followed: list[int] = []
    touching = 0
    for row in letters:
        place = places.get(_number(row.occasion))
        if place is not None:
            plan = known[place.series_id]
            stage = plan.stage(place.step_id)
            if stage.campaign_id == row.campaign_id:
                one = _next(plan, stage, place, over.get(place.id), row.finished_at, now)
                if one.is_touching and touching == TOUCHING:
                    break
                touching += one.is_touching
                decided[plan.id].append(one)
        followed.append(row.id)
    for number, decisions in decided.items():
        doing.write(session, known[number], decisions, now)
    session.connection().execute(_FOLLOWED, [{"b_id": number, "b_now": now} for number in followed])
    return Followed(len(followed), touching)


def _number(occasion: str) -> int:
    """Return whose letter it was, 0 for one of no series."""
    number = occasion.removeprefix(OCCASION)
    return int(number) if number != occasion and number.isdigit() else 0


def _next(
    plan: Plan, stage: Stage, place: Any, end: str | None, finished_at: datetime, now: datetime
) -> Decision:
    stand = Stand(place.id, place.subscriber_id, place.step_id)
    if end is not None:
        return Decision(stand, end=end)
    return doing.forward(plan, stage, stand, max(finished_at, place.entered_at), place.time_zone)


def _places(session: Session, enrollments: Sequence[int]) -> dict[int, Any]:
    """Read who stands at a letter that was written, locked on PostgreSQL."""
    e = ENROLLMENTS.c
    query = (
        select(e.id, e.series_id, e.subscriber_id, e.step_id, e.entered_at, Preference.time_zone)
        .outerjoin(Preference, Preference.subscriber_id == e.subscriber_id)
        .where(e.id.in_(enrollments), e.state == _ACTIVE, e.due_at.is_(None))
        .order_by(e.id)
        .with_for_update(of=ENROLLMENTS)
    )
    return {row.id: row for row in session.connection().execute(query)} if enrollments else {}


def _over(session: Session, known: dict[int, Plan], places: Sequence[Any], now: datetime) -> dict[int, str]:
    """Return which of these enrollments have to end, and how."""
    over: dict[int, str] = {}
    for number, plan in known.items():
        mine = [place.id for place in places if place.series_id == number]
        try:
            over |= {stand.enrollment_id: end for stand, end in leaving.exits(session, plan, mine, now)}
        except KvizorError as error:
            following.stand_still(session, number, str(error))
    return over


def lock(session: Session, people: Sequence[int]) -> None:
    """On PostgreSQL take these people before their enrollments, as every write that touches them does."""
    if people and session.get_bind().dialect.name != "sqlite":
        mine = select(Profile.subscriber_id).where(Profile.subscriber_id.in_(people))
        session.execute(mine.order_by(Profile.subscriber_id).with_for_update()).all()


# -- steps that are due ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Due:
    """One look at the due steps of a series: by step, whose."""

    steps: dict[int, list[int]]


def _perform(db: Database, now: datetime) -> tuple[int, bool]:
    done, written = 0, False
    for plan in db.read_now(plans.live):
        try:
            for stage in plan.stages:
                if stage.kind == "wait" and not stage.is_removed:
                    _cut_short(db, plan, stage, now)
            while due := db.read_now(_due, plan, now):
                before = done
                for step_id, ids in due.steps.items():
                    count, letters = _do(db, plan, plan.stage(step_id), ids, now)
                    done, written = done + count, written or letters
                if done == before:  # switched off or edited meanwhile
                    break
        except KvizorError as error:
            db.write_now(following.stand_still, plan.id, str(error))
    return done, written


def _due(session: Session, plan: Plan, now: datetime) -> _Due | None:
    e = ENROLLMENTS.c
    due = select(e.id, e.step_id).where(e.series_id == plan.id, e.state == _ACTIVE, e.due_at <= now)
    steps: dict[int, list[int]] = {}
    for number, step_id in session.connection().execute(due.order_by(e.due_at, e.id).limit(MANY)):
        steps.setdefault(step_id, []).append(number)
    return _Due(steps) if steps else None


def _do(db: Database, plan: Plan, stage: Stage, ids: Sequence[int], now: datetime) -> tuple[int, bool]:
    """Do one step for these people, in writes that stay short."""
    look = db.read_now(doing.look, plan, stage, now)
    size = TOUCHING if stage.kind == "tag" else MANY
    done, written = 0, False
    for start in range(0, len(ids), size):
        count, letters = db.write_now(_do_some, plan.id, look, ids[start : start + size], now)
        done, written = done + count, written or letters
    return done, written


def _bounded(decisions: Sequence[Decision]) -> list[Decision]:
    """Leave those to the next look whose segments would make this write long."""
    touching = [one for one in decisions if one.is_touching]
    left = {one.stand for one in touching[TOUCHING:]}
    return [one for one in decisions if one.stand not in left]


def _do_some(
    session: Session, series_id: int, look: Here, ids: Sequence[int], now: datetime
) -> tuple[int, bool]:
    plan = plans.of(session, [series_id])[series_id]
    if (
        not plan.is_on or plan.revision != look.revision
    ):  # switched off or edited since: the next look sees it
        return 0, False
    people = session.scalars(select(ENROLLMENTS.c.subscriber_id).where(ENROLLMENTS.c.id.in_(ids)))
    lock(session, list(people))
    decisions = _bounded(doing.decide(session, plan, look, ids, now))
    doing.write(session, plan, decisions, now)
    return len(decisions), any(one.letter is not None for one in decisions)


def _cut_short(db: Database, plan: Plan, stage: Stage, now: datetime) -> None:
    """Look for people whose waiting is over by the mere passing of time."""
    after = 0
    while ids := db.read_now(following.waiting_for, plan, stage, after, now):
        db.write_now(following.cut_short, stage, ids, now)
        after = ids[-1]
