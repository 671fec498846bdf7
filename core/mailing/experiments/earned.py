"""What the mailings earned: all who were to be written to against those who are held out of every letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Double, case, cast, func, select

from core.mailing.experiments import holdout
from core.mailing.experiments.arms import Arm, Sample
from core.mailing.experiments.counting import sample_of
from core.mailing.experiments.models import Experiment
from core.mailing.experiments.split import PRIME, place
from core.mailing.ledger import DELIVERIES
from core.sales.models import Purchase

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from core.mailing.experiments.holdout import Effect


@dataclass(frozen=True, slots=True)
class Earned:
    """What letters with a holdout brought since the first of them; money in minor units, base currency."""

    since: datetime
    campaigns: int
    treated: Arm
    held: Arm
    buyers: Effect
    money: Effect


def earned(session: Session, since: datetime, now: datetime) -> Earned | None:
    """Return the effect of all campaigns with a holdout that began in this time; None without one.

    The same people are held out of every letter, so all letters together have one control group. Where the
    shares differed from letter to letter, those who were held out of some of them only are on neither side.
    """
    mine = (Experiment.holdout > 0) & (Experiment.started_at >= since)
    began, count, least, most = session.execute(
        select(
            func.min(Experiment.started_at),
            func.count(),
            func.min(Experiment.holdout),
            func.max(Experiment.holdout),
        ).where(mine)
    ).one()
    if began is None:
        return None
    rows = session.execute(_sides(mine, least, most, began, now))
    found = {held: (Arm(people, int(buyers)), sample_of(people, total, squares))
             for held, people, buyers, total, squares in rows}  # fmt: skip
    (treated, spent), (held, unspent) = (found.get(side, (Arm(0, 0), Sample(0, 0, 0))) for side in (0, 1))
    if min(treated.people, held.people) < 2:
        return None
    effect, money = holdout.effect(treated, held), holdout.money(spent, unspent)
    return Earned(began, count, treated, held, effect, money)


def _sides(mine: Any, least: float, most: float, began: datetime, now: datetime) -> Select[Any]:
    table = DELIVERIES.c
    here = place(holdout.SALT, table.subscriber_id)
    people = (
        select(table.subscriber_id, case((here < int(PRIME * least), 1), else_=0).label("held"))
        .join(Experiment, Experiment.campaign_id == table.campaign_id)
        .where(mine, table.arm.is_not(None), table.parent_id.is_(None))
        .where((here < int(PRIME * least)) | (here >= int(PRIME * most)))
        .distinct()
        .subquery()
    )
    bought = (Purchase.subscriber_id == people.c.subscriber_id) & Purchase.at.between(began, now)
    sums = (
        select(func.coalesce(func.sum(Purchase.base_amount), 0))
        .where(bought)
        .correlate(people)
        .scalar_subquery()
    )
    orders = select(Purchase.id).where(bought, Purchase.amount > 0).correlate(people).exists()
    spent = select(
        people.c.held, cast(sums, Double).label("spent"), case((orders, 1), else_=0).label("buyer")
    ).subquery()
    return select(
        spent.c.held,
        func.count(),
        func.sum(spent.c.buyer),
        func.sum(spent.c.spent),
        func.sum(spent.c.spent * spent.c.spent),
    ).group_by(spent.c.held)
