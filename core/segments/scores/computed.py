"""All scores of everyone from the facts: pure columns, stored by job.py and compared with by a rebuild."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.segments.fields import MINOR
from core.segments.scores import churn, clv, facts, health, lead, lifecycle, rfm
from core.segments.scores.columns import COLUMNS, NONE, Table
from core.segments.scores.lead import WHOLE, thousandths
from core.segments.scores.scheme import SHIPPED

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.segments.scores.churn import Churn
    from core.segments.scores.clv import Value
    from core.segments.scores.facts import Facts
    from core.segments.scores.health import Health
    from core.segments.scores.lifecycle import Lifecycle
    from core.segments.scores.orders import Flags, Floats, Ints
    from core.segments.scores.rfm import Rfm
    from core.segments.scores.scheme import Scheme

CLV_DAYS = 365


@dataclass(frozen=True, slots=True)
class Computed:
    """The table to store, and what it was made from: the owner's window is drawn of these."""

    table: Table
    facts: Facts
    rfm: Rfm
    life: Lifecycle
    health: Health
    rhythm: Churn
    value: Value


def computed(session: Session, now: datetime, scheme: Scheme = SHIPPED) -> Computed:
    """Return everyone's scores as of the local day of `now`, from facts alone: what is stored is not read."""
    return of_facts(facts.read(session, now, scheme), scheme)


def of_facts(known: Facts, scheme: Scheme = SHIPPED) -> Computed:
    """Return everyone's scores of facts in hand."""
    columns = {column.name: column.array(len(known.ids)) for column in COLUMNS}
    orders, as_of = known.orders, known.as_of
    bought = orders.counts_since(-(1 << 40)) > 0

    scored = rfm.rfm(orders, as_of)
    who = scored.person
    columns["rfm"][who] = scored.cells
    columns["rfm_r"][who], columns["rfm_f"][who] = scored.recency, scored.frequency
    columns["rfm_m"][who] = scored.monetary

    life = lifecycle.lifecycle(orders, as_of, _edges(known, scheme))
    columns["lifecycle"][who] = life.state[who]

    acts = facts.engagement(known, scheme.lead)
    engaged = percents(acts, thousandths(scheme.lead.engagement_cap))
    columns["engagement"][known.in_bot] = engaged[known.in_bot]
    _lead(columns, known, acts, known.in_bot & ~bought, scheme)

    sound = _health(columns, known, engaged, who, scheme)

    rhythm = churn.churn(orders, as_of)
    own = rhythm.known
    columns["churn"][own] = rhythm.state[own]
    columns["interval_days"][own] = rhythm.half_days[own]
    columns["next_purchase_at"][own] = rhythm.next_day[own]

    value = clv.value(orders, as_of, CLV_DAYS)
    money = value.clv if value.models.purchases is None else two_digits(value.clv)
    columns["clv"][value.customers.person] = np.rint(money * MINOR).astype(np.int64)
    return Computed(Table(known.ids, columns).with_any_value(), known, scored, life, sound, rhythm, value)


def _edges(known: Facts, scheme: Scheme) -> lifecycle.Thresholds:
    return lifecycle.thresholds(
        known.orders,
        known.as_of,
        at_risk_days=scheme.at_risk_days,
        lapsed_days=scheme.lapsed_days,
        new_days=scheme.new_days,
    )


def _lead(columns: dict[str, Ints], known: Facts, acts: Ints, who: Flags, scheme: Scheme) -> None:
    fit = np.clip(known.fit, 0, thousandths(scheme.lead.fit_cap)) * bool(scheme.lead.answers)
    score = percents(fit + acts, thousandths(scheme.lead.most))[who]
    columns["lead"][who] = score
    columns["lead_group"][who] = lead.groups(score)
    columns["fit"][who] = percents(fit[who], 100 * WHOLE)


def _health(columns: dict[str, Ints], known: Facts, engaged: Ints, who: Ints, scheme: Scheme) -> Health:
    """Write health with its parts for those who have bought; of others there is no customer to be healthy."""
    outcome = health.outcome(known.orders, known.as_of)
    parts: dict[str, Floats] = {
        "consumption": health.consumption(known.letters, known.unanswered, engaged, known.in_bot)[who],
        "activation": health.activation(known.milestones, len(scheme.milestones), known.in_bot)[who],
        "outcome": outcome[who],
    }
    money = known.orders.money_since(-(1 << 40))[who]
    median = float(np.median(money)) if len(money) else 0.0
    sound = health.health(parts, money, median, scheme.weights)
    columns["health"][who] = whole(sound.score)
    columns["health_group"][who] = sound.group
    answered = health.answered(known.letters, known.unanswered, known.in_bot)
    columns["answered"][who] = whole(answered[who])
    columns["activation"][who], columns["outcome"][who] = whole(parts["activation"]), whole(parts["outcome"])
    return sound


def whole(values: Floats) -> Ints:
    """Return values as whole numbers, half up, NaN as NONE."""
    known = ~np.isnan(values)
    return np.where(known, np.floor(np.where(known, values, 0) + 0.5), NONE).astype(np.int64)


def two_digits(money: Floats) -> Floats:
    """Return money to two significant digits: a projection knows no more, and a finer one changes daily."""
    step = 10.0 ** (np.floor(np.log10(np.maximum(money, 1e-2))) - 1)
    return np.asarray(np.rint(money / step) * step, np.float64)


def percents(part: Ints, of: int) -> Ints:
    """Return shares in whole percent, half up; of nothing 0."""
    return np.asarray((200 * part + of) // (2 * of) if of else np.zeros(len(part), np.int64), np.int64)
