"""What a run found out, as plain numbers for the owner's window: groups, thresholds, and tests of the scores.

The tests go back over the owner's own history; they take longer than the scores, so they are made with the
first run of a month and carried over by the others.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from core.people import activity
from core.segments.fields import MINOR
from core.segments.scores import churn, clv, health, lead, lifecycle, rfm
from core.segments.scores.columns import NONE
from core.segments.scores.orders import Orders, day_of, of_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.segments.scores.columns import Table
    from core.segments.scores.computed import Computed
    from core.segments.scores.orders import Ints
    from core.segments.scores.scheme import Scheme

TESTED_PEOPLE = 50_000  # a test of more says the same


def findings(made: Computed, scheme: Scheme, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the findings of a run; `before` are those of the last one."""
    month = day_of(made.facts.as_of).strftime("%Y-%m")
    kept = before.get("tests")
    is_fresh = isinstance(kept, dict) and kept.get("month") == month
    return {
        "people": len(made.facts.ids),
        "buyers": len(made.rfm.person),
        "rfm": _rfm(made),
        "lifecycle": _lifecycle(made),
        "health": {
            "groups": _counts(made.health.group, health.GROUPS),
            "weights": dict(scheme.weights),
            "milestones": list(scheme.milestones),
            "with": {name: int((~np.isnan(each)).sum()) for name, each in made.health.measures.items()},
        },
        "lead": {"groups": _stored(made.table, "lead_group", lead.GROUPS), "points": _points(scheme)},
        "churn": {"groups": _stored(made.table, "churn", churn.STATES)},
        "clv": {
            "params": made.value.models.params(),
            "is_expected": made.value.models.purchases is not None,
            "total": _minor(made.value.clv.sum()),
        },
        "basis": basis(made, scheme),
        "tests": kept if is_fresh else {"month": month} | _tests(_some(made.facts.orders), made.facts.as_of),
    }


def basis(made: Computed, scheme: Scheme) -> dict[str, str]:
    """Return what all scores depend on at once, as marks: scores of another basis cannot be compared."""
    orders = made.facts.orders
    people = made.facts.ids
    digest = hashlib.sha256()
    for each in (
        people[orders.person], orders.day, orders.amount,
        people[orders.refund_person], orders.refund_day, orders.refund,
    ):  # fmt: skip
        digest.update(np.ascontiguousarray(each).tobytes())
    return {
        "scheme": hashlib.sha256(repr(scheme).encode()).hexdigest()[:16],
        "zone": str(activity.zone()),
        "orders": digest.hexdigest()[:16],
    }


def _points(scheme: Scheme) -> dict[str, Any]:
    points = scheme.lead
    return {
        "events": {kind: [one.points, one.days] for kind, one in points.events.items()},
        "answers": {question: dict(each) for question, each in points.answers.items()},
        "fit_cap": points.fit_cap,
        "engagement_cap": points.engagement_cap,
    }


def _minor(money: float) -> int:
    return round(float(money) * MINOR)


def _counts(positions: Ints, names: Sequence[str]) -> dict[str, int]:
    found = np.bincount(positions[positions >= 0], minlength=len(names)).tolist()
    return dict(zip(names, found, strict=True))


def _stored(table: Table, name: str, names: Sequence[str]) -> dict[str, int]:
    positions: Ints = table.columns[name].astype(np.int64)
    return _counts(positions[positions != NONE], names)


def _rfm(made: Computed) -> dict[str, Any]:
    """Return count and money of each of the ten cells, and the counts of the grid: R from 5, F from 1."""
    scored = made.rfm
    places = (5 - scored.recency) * 5 + scored.frequency - 1
    grid = np.bincount(places, minlength=25).reshape(5, 5).tolist()
    count = np.bincount(scored.cells, minlength=len(rfm.SEGMENTS)).tolist()
    money = np.bincount(scored.cells, scored.money, minlength=len(rfm.SEGMENTS))
    cells = {name: [count[n], _minor(money[n])] for n, name in enumerate(rfm.SEGMENTS)}
    return {"grid": grid, "cells": cells, "days": _history(made)}


def _history(made: Computed) -> int:
    """Return the days since the first purchase; 0 before any."""
    bought = made.facts.orders.day
    return int(made.facts.as_of - bought.min()) if len(bought) else 0


def _lifecycle(made: Computed) -> dict[str, Any]:
    edges, orders, as_of = made.life.thresholds, made.facts.orders, made.facts.as_of
    later = lifecycle.later_activity(orders, as_of, lifecycle.NEW_DAYS)
    return {
        "states": _counts(made.life.state, lifecycle.STATES),
        "at_risk_days": edges.at_risk_days,
        "lapsed_days": edges.lapsed_days,
        "new_days": edges.new_days,
        "vip_money": _minor(edges.vip_money) if np.isfinite(edges.vip_money) else None,
        "gaps": edges.gaps,
        "is_from_gaps": edges.is_from_gaps,
        "later": {state: [each.people, each.bought] for state, each in later.items() if state != "prospect"},
    }


def _some(orders: Orders) -> Orders:
    """Return the orders of at most TESTED_PEOPLE buyers, evenly taken by their numbers."""
    buyers = np.unique(orders.person)
    step = -(-len(buyers) // TESTED_PEOPLE)
    if step <= 1:
        return orders
    place = np.full(len(orders.people), NONE, np.int64)
    chosen = buyers[step // 2 :: step]
    place[chosen] = np.arange(len(chosen))
    person = np.concatenate([orders.person, orders.refund_person])
    day = np.concatenate([orders.day, orders.refund_day])
    amount = np.concatenate([orders.amount, -orders.refund])
    inside = place[person] != NONE
    return of_columns(chosen, place[person[inside]], day[inside], amount[inside])


def _tests(orders: Orders, as_of: int) -> dict[str, Any]:
    if not len(orders.day):
        return {"health": None, "holdout": None}
    tested = health.backtest(orders, as_of)
    means = [
        health.mean_auc(each.score_auc for each in tested),
        health.mean_auc(each.rfm_auc for each in tested),
    ]
    low = [sum(each.low_people for each in tested), sum(each.low_bought for each in tested)]
    found = clv.own_holdout(orders, as_of)
    return {
        "health": None if None in means else {"months": len(tested), "auc": means, "at_risk": low},
        "holdout": None
        if found is None
        else {
            "weeks": found.weeks,
            "expected": found.expected,
            "actual": found.actual,
            "customer": found.per_customer,
            "customer_plain": found.per_customer_plain,
        },
    }
