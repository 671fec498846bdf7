"""Looking: the state of a running experiment, each look counted, and the end of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from core.mailing.experiments import counting, holdout
from core.mailing.experiments.arms import Arm, Sample
from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.models import Experiment, ExperimentLook
from core.mailing.experiments.sequential import LEAST_STEP, MOST_LOOKS
from core.mailing.experiments.verdict import Verdict, judge
from core.mailing.models import Campaign

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.mailing.experiments.holdout import Effect

AUTO_LOOKS = 5  # looks a tick makes by itself over the whole time
_LEAST_INFORMATION = 1e-9  # nobody reached the goal yet


@dataclass(frozen=True, slots=True)
class Report:
    """Where an experiment stands. `verdict` is of the last look; None while there is nothing to compare."""

    campaign_id: int
    name: str
    goal: str
    changes: tuple[str, ...]
    detectable: float | None
    shares: tuple[float, ...]
    tested: float
    ends_at: datetime | None
    looks: int
    verdict: Verdict | None
    is_final: bool
    rest_arm: int | None
    effect: Effect | None = None
    earned: Effect | None = None  # minor units of the base currency
    treated: Arm | None = None
    held: Arm | None = None

    @property
    def offers_rest(self) -> bool:
        """Whether a winner may be sent to a rest that waits for it."""
        return self.is_final and self.tested < 1 and self.rest_arm is None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was counted of an experiment at one moment; `arms` are empty where there are no variants."""

    window: counting.Window
    is_sent: bool
    arms: list[Arm]
    treated: Arm | None = None
    held: Arm | None = None
    spent: tuple[Sample, Sample] | None = None


def look(db: Database, campaign_id: int, now: datetime) -> Report:
    """Look at an experiment: a new look is stored and spends its part of the error, unless nothing is new.

    A winner, a broken split or the end of the time is final: later looks show it and decide nothing anew.
    People are counted in a snapshot: that takes seconds of a large base. Raises ExperimentError where the
    campaign is no experiment.
    """
    return db.write_now(_note, campaign_id, db.read_now(_seen, campaign_id, now), now)


def _seen(session: Session, campaign_id: int, now: datetime) -> _Seen | None:
    """Count; None before the sending began."""
    found, campaign = _get(session, campaign_id)
    started_at = found.started_at or campaign.started_at
    if started_at is None:
        return None
    window, is_sent = counting.window_of(found, started_at, now), campaign.state == "finished"
    is_open = found.outcome is None and len(found.shares) > 1
    arms = counting.variants(session, found, window) if is_open else []
    if not found.holdout:
        return _Seen(window, is_sent, arms)
    people, spent = counting.by_treatment(session, found, window), counting.money(session, found, window)
    return _Seen(window, is_sent, arms, *people, spent)


def _note(session: Session, campaign_id: int, seen: _Seen | None, now: datetime) -> Report:
    found, campaign = _get(session, campaign_id)
    verdict = _last(session, found)
    if seen is not None:
        found.started_at = found.started_at or seen.window.since
        if found.outcome is None and seen.arms:
            verdict = _look(session, found, seen, now) or verdict
        elif found.outcome is None and len(found.shares) == 1 and now >= _ends_at(found, found.started_at):
            found.outcome, found.decided_at = "same", now  # a holdout alone has an effect, no winner
    session.flush()
    return _report(session, found, campaign, seen, verdict)


def _get(session: Session, campaign_id: int) -> tuple[Experiment, Campaign]:
    found = session.get(Experiment, campaign_id, populate_existing=True)
    campaign = session.get(Campaign, campaign_id, populate_existing=True)
    if found is None or campaign is None:
        raise ExperimentError(f"The campaign {campaign_id} is no experiment; see `kvizor experiment list`.")
    return found, campaign


def _ends_at(found: Experiment, started_at: datetime) -> datetime:
    return started_at + timedelta(hours=found.window_hours)


def _look(session: Session, found: Experiment, seen: _Seen, now: datetime) -> Verdict | None:
    """Store a look if it brings anything new and return its verdict."""
    if any(arm.people == 0 for arm in seen.arms):
        return None
    share = (seen.window.until - seen.window.since) / timedelta(hours=found.window_hours)
    before = _looks(session, found)
    information = _information(seen.arms)
    is_new = share >= 1 or not before or _brings(before[-1], information, share)
    if not is_new or len(before) >= MOST_LOOKS:
        return None
    row = ExperimentLook(
        campaign_id=found.campaign_id,
        number=len(before) + 1,
        at=now,
        share=min(share, 1.0),
        information=max([information, *(one.information for one in before)]),
        is_sent=seen.is_sent,
        parts=[[arm.people, arm.successes] for arm in seen.arms],
    )
    verdict = _judged(found, [*before, row])
    row.outcome = verdict.outcome
    session.add(row)
    if verdict.outcome in ("winner", "srm") or share >= 1:
        found.outcome, found.winner, found.decided_at = verdict.outcome, verdict.winner, now
    return verdict


def _brings(last: ExperimentLook, information: float, share: float) -> bool:
    return information > last.information * (1 + LEAST_STEP) and share > last.share + LEAST_STEP


def _information(arms: list[Arm]) -> float:
    """What a look knows: people × odds of the goal.

    z of the same people at two moments has the correlation √(odds before / odds after), as that of a walk
    with independent increments whose time are the odds; of more people at the same rate √(people before /
    after).
    """
    people, reached = sum(arm.people for arm in arms), sum(arm.successes for arm in arms)
    rate = min(reached / people, 1 - 0.5 / people)
    return max(people * rate / (1 - rate), _LEAST_INFORMATION)


def _looks(session: Session, found: Experiment) -> list[ExperimentLook]:
    mine = select(ExperimentLook).where(ExperimentLook.campaign_id == found.campaign_id)
    return list(session.scalars(mine.order_by(ExperimentLook.number)))


def _last(session: Session, found: Experiment) -> Verdict | None:
    looks = _looks(session, found)
    return _judged(found, looks) if looks else None


def _judged(found: Experiment, looks: list[ExperimentLook]) -> Verdict:
    """Judge the last of these looks. Error is spent by the time that is over, whatever was learned in it."""
    last = looks[-1]
    arms = [Arm(people, successes) for people, successes in last.parts]
    return judge(
        arms,
        planned=found.shares if last.is_sent else None,
        looks=[min(1.0, one.information / last.information) for one in looks],
        spending=[one.share for one in looks],
    )


def _report(
    session: Session, found: Experiment, campaign: Campaign, seen: _Seen | None, verdict: Verdict | None
) -> Report:
    treated, held = (None, None) if seen is None else (seen.treated, seen.held)
    effect = earned = None
    if treated is not None and held is not None and treated.people and held.people:
        effect = holdout.effect(treated, held)
    if seen is not None and seen.spent is not None and min(one.people for one in seen.spent) > 1:
        earned = holdout.money(*seen.spent)
    count = select(func.count()).where(ExperimentLook.campaign_id == found.campaign_id)
    return Report(
        found.campaign_id,
        campaign.name,
        found.goal,
        tuple(found.changes),
        found.detectable,
        tuple(found.shares),
        found.tested,
        None if found.started_at is None else _ends_at(found, found.started_at),
        session.scalar(count) or 0,
        verdict,
        found.outcome is not None,
        found.rest_arm,
        effect,
        earned,
        treated,
        held,
    )


def send_rest(session: Session, campaign_id: int, arm: int, now: datetime) -> bool:
    """Let the rest of the audience get this variant; False if it has been sent already.

    Whoever has a row in the ledger keeps it: nobody is written to twice, the holdout stays unwritten.
    Raises ExperimentError before the end of the experiment.
    """
    found, campaign = _get(session, campaign_id)
    if found.rest_arm is not None:
        return False
    if found.outcome is None or found.tested >= 1 or not 0 <= arm < len(found.shares):
        raise ExperimentError(f"The experiment {campaign.name!r} has no rest that waits for a winner now.")
    ready = update(Campaign).where(Campaign.id == campaign_id, Campaign.state == "finished")
    anew = {"planned_until": 0, "started_at": None, "finished_at": None, "due_at": now}
    moved = session.execute(ready.values(state="planning", **anew))
    if not moved.rowcount:  # type: ignore[attr-defined]
        raise ExperimentError(f"The campaign {campaign.name!r} is {campaign.state}; let it finish first.")
    found.rest_arm, found.rest_at = arm, now
    session.flush()
    return True


def advance(db: Database, now: datetime) -> None:
    """Look by itself a few times, end what is over, and send winners to the rest where that was agreed."""
    for campaign_id in db.read_now(_running):
        if db.read_now(_is_time, campaign_id, now):
            look(db, campaign_id, now)
        db.write_now(_send_by_itself, campaign_id, now)


def _running(session: Session) -> list[int]:
    waits = (Experiment.rollout == "auto") & Experiment.rest_arm.is_(None) & (Experiment.tested < 1)
    query = (
        select(Experiment.campaign_id)
        .join(Campaign, Campaign.id == Experiment.campaign_id)
        .where(Campaign.state == "finished", Experiment.outcome.is_(None) | waits)
    )
    return list(session.scalars(query))


def _send_by_itself(session: Session, campaign_id: int, now: datetime) -> None:
    found, _ = _get(session, campaign_id)
    if found.rollout != "auto" or found.outcome in (None, "srm") or found.tested >= 1:
        return
    if found.rest_arm is None:  # without a winner nothing is known against the first letter
        send_rest(session, campaign_id, found.winner or 0, now)


def _is_time(session: Session, campaign_id: int, now: datetime) -> bool:
    found, campaign = _get(session, campaign_id)
    started_at = found.started_at or campaign.started_at
    if found.outcome is not None or started_at is None:
        return False
    share = (now - started_at) / timedelta(hours=found.window_hours)
    looks = _looks(session, found)
    last = looks[-1].share if looks else 0.0
    return share >= 1 or int(share * AUTO_LOOKS) > int(last * AUTO_LOOKS)
