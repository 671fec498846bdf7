"""The journal: what was tried before, what came of it, and what is worth trying next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from core.mailing.experiments.models import Experiment
from core.mailing.models import Campaign

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

# start: nothing was tried yet; wait: one is running; split: the last split broke; larger: the last two showed
# no difference; holdout: nobody was ever held out; text, buttons, file: what was never tried by itself;
# again: all of it was tried once.
Next = Literal["start", "wait", "split", "larger", "holdout", "text", "buttons", "file", "again"]
KINDS: tuple[Next, ...] = ("text", "buttons", "file")


@dataclass(frozen=True, slots=True)
class Past:
    """One experiment of the journal. `outcome` is None while it runs or waits for its launch."""

    campaign_id: int
    name: str
    state: str
    goal: str
    changes: tuple[str, ...]
    variants: int
    holdout: float
    outcome: str | None
    winner: int | None
    started_at: datetime | None
    decided_at: datetime | None


def past(session: Session, most: int = 50) -> list[Past]:
    """Return the experiments, the newest first."""
    query = (
        select(Experiment, Campaign.name, Campaign.state)
        .join(Campaign, Campaign.id == Experiment.campaign_id)
        .where(Campaign.state != "cancelled")
        .order_by(Experiment.campaign_id.desc())
        .limit(most)
    )
    return [
        Past(
            one.campaign_id,
            name,
            state,
            one.goal,
            tuple(one.changes),
            len(one.shares),
            one.holdout,
            one.outcome,
            one.winner,
            one.started_at,
            one.decided_at,
        )
        for one, name, state in session.execute(query)
    ]


def suggestion(found: Sequence[Past]) -> Next:
    """Return what to try next, out of the journal with the newest first.

    >>> suggestion([])
    'start'
    """
    over = [one for one in found if one.outcome is not None]
    if any(one.outcome is None and one.state != "draft" for one in found):
        return "wait"
    if not over:
        return "start"
    if over[0].outcome == "srm":
        return "split"
    tests = [one for one in over if one.variants > 1]
    if len(tests) >= 2 and all(one.outcome in ("same", "disagree") for one in tests[:2]):
        return "larger"
    tried = {one.changes[0] for one in tests if len(one.changes) == 1}
    untried: Next | None = next((kind for kind in KINDS if kind not in tried), None)
    if untried is not None:
        return untried
    return "holdout" if not any(one.holdout for one in over) else "again"
