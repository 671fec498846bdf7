"""What the owner may set about scores: points of the lead, weights of health, milestones, thresholds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.segments.scores import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.segments.scores.lead import Points


@dataclass(frozen=True, slots=True)
class Scheme:
    """How scores are computed; what the owner's file does not say is as shipped."""

    lead: Points = field(default_factory=lambda: shipped.POINTS)
    weights: Mapping[str, float] = field(default_factory=lambda: shipped.WEIGHTS)
    milestones: tuple[str, ...] = ()  # kinds of events; activation is the share of them reached
    at_risk_days: float | None = None  # None: from the base's own gaps
    lapsed_days: float | None = None
    new_days: int = shipped.NEW_DAYS


SHIPPED = Scheme()
