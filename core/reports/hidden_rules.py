"""A group in the words of a rule: up to three conditions that find nearly the same people.

Conditions are added one by one, each the one that brings the harmonic mean of precision (who is found belongs
to the group) and recall (who belongs to it is found) highest; edges are round numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.reports.bins import round_edge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.reports.hidden_fields import Feature

Floats = np.ndarray[Any, np.dtype[np.float64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
MOST_CONDITIONS = 3
GAIN = 0.01
EDGES = 20
_SINCE = frozenset({"last_purchase", "last_seen", "joined"})


@dataclass(frozen=True, slots=True)
class Approximation:
    """A rule and how well it meets the group, 0 to 1."""

    rule: str
    precision: float
    recall: float

    @property
    def agreement(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def approximate(raw: Floats, features: list[Feature], inside: Bools) -> Approximation | None:
    """Return the rule nearest to a group of these people; None where no condition helps."""
    found = np.ones(len(inside), bool)
    conditions: list[str] = []
    best = _judged("", found, inside)
    candidates = [
        one for place, feature in enumerate(features) for one in _conditions(raw[:, place], feature)
    ]
    while len(conditions) < MOST_CONDITIONS:
        tried = [(text, found & holds) for text, holds in candidates if text not in conditions]
        judged = [_judged(text, those, inside) for text, those in tried]
        if not judged:
            break
        place = max(range(len(judged)), key=lambda number: judged[number].agreement)
        if judged[place].agreement < best.agreement + GAIN:
            break
        best, found = judged[place], tried[place][1]
        conditions.append(tried[place][0])
    return Approximation(" and ".join(conditions), best.precision, best.recall) if conditions else None


def _judged(text: str, found: Bools, inside: Bools) -> Approximation:
    both = int((found & inside).sum())
    return Approximation(text, both / max(int(found.sum()), 1), both / max(int(inside.sum()), 1))


def _conditions(column: Floats, feature: Feature) -> Iterator[tuple[str, Bools]]:
    """Yield conditions of one field as a rule says them, and for whom they hold; never for the unknown."""
    if feature.is_answer:
        yield feature.rule, column == 1
        yield f"not {feature.rule}", column != 1
        return
    known = column[~np.isnan(column)]
    if not len(known):
        return
    for edge in sorted({_edge(value) for value in np.quantile(known, np.linspace(0.02, 0.98, EDGES))}):
        if feature.name in _SINCE:
            if 1 <= edge <= 3650:
                days = f"{edge:.0f} {'day' if edge == 1 else 'days'}"
                yield f"{feature.rule} more than {days} ago", column > edge
                yield f"{feature.rule} within {days}", column <= edge
        elif edge > 0:
            yield f"{feature.rule} >= {edge:.0f}", column >= edge
            yield f"{feature.rule} < {edge:.0f}", column < edge


def _edge(value: float) -> float:
    if value <= 0:
        return 1.0
    return float(np.ceil(value)) if value < 20 else float(round(round_edge(value)))
