"""Lead score: how near someone without a purchase is to the first one, 0–100.

Fit comes from answers and does not fade; engagement comes from events, each of which fades in a straight line
to nothing, with a cap for a group of events and for all together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.errors import KvizorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GROUPS = ("cold", "warm", "hot")
COLD_UNTIL, WARM_UNTIL = 50, 75  # the last score of its group, as in health
CUSTOMER = "customer"  # has bought: no lead any more


class PointsError(KvizorError):
    """The points of the lead score cannot be used."""


@dataclass(frozen=True, slots=True)
class EventPoints:
    """What one event is worth on its day, falling to nothing in a straight line within `days`."""

    points: float
    days: float = 30
    group: str = ""  # events of a group share its cap; without one the event is a group by itself

    def left(self, age: float) -> float:
        """Return what is left of the points after so many days; an event of the future is worth nothing."""
        return self.points * max(0.0, 1 - age / self.days) if age >= 0 else 0.0


@dataclass(frozen=True, slots=True)
class Points:
    """The whole scheme. `answers`: question → answer → points; points may be negative, sums may not."""

    answers: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    events: Mapping[str, EventPoints] = field(default_factory=dict)
    fit_cap: float = 50
    engagement_cap: float = 50
    group_caps: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        numbers = [self.fit_cap, self.engagement_cap, *self.group_caps.values()]
        numbers += [one.days for one in self.events.values()]
        if not all(math.isfinite(number) and number > 0 for number in numbers):
            raise PointsError("Caps and days of the lead score are numbers above zero.")
        worth = [one.points for one in self.events.values()]
        worth += [points for each in self.answers.values() for points in each.values()]
        if not all(map(math.isfinite, worth)):
            raise PointsError("Points of the lead score are finite numbers.")

    @property
    def most(self) -> float:
        """The most anybody can reach: caps of the parts in use."""
        return self.fit_cap * bool(self.answers) + self.engagement_cap * bool(self.events)


SHIPPED = Points(
    events={
        "started": EventPoints(5, 30, "came"),
        "quiz_started": EventPoints(5, 30, "quiz"),
        "quiz_finished": EventPoints(20, 60, "quiz"),
        "wrote": EventPoints(15, 30, "talk"),
        "message_clicked": EventPoints(15, 30, "letters"),
        "price_viewed": EventPoints(20, 14, "interest"),
    },
    group_caps={"came": 5, "quiz": 20, "talk": 25, "letters": 25, "interest": 30},
)


@dataclass(frozen=True, slots=True)
class Lead:
    """The score of one person with its two parts, in points."""

    fit: float
    engagement: float
    score: int

    @property
    def group(self) -> str:
        """cold, warm or hot."""
        return GROUPS[(self.score > COLD_UNTIL) + (self.score > WARM_UNTIL)]


def lead(points: Points, answers: Iterable[tuple[str, str]], events: Iterable[tuple[str, float]]) -> Lead:
    """Score one person: answers as (question, answer), events as (kind, age in days)."""
    fit = sum(points.answers.get(question, {}).get(answer, 0.0) for question, answer in answers)
    fit = min(max(fit, 0.0), points.fit_cap)
    groups: dict[str, float] = {}
    for kind, age in events:
        worth = points.events.get(kind)
        if worth is not None:
            group = worth.group or kind
            groups[group] = groups.get(group, 0.0) + worth.left(age)
    capped = (min(total, points.group_caps.get(group, math.inf)) for group, total in groups.items())
    engagement = min(max(math.fsum(capped), 0.0), points.engagement_cap)
    score = math.floor(100 * (fit + engagement) / points.most + 0.5) if points.most else 0
    return Lead(fit, engagement, score)
