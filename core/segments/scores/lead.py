"""Lead score: how near someone without a purchase is to the first one, 0–100.

Fit comes from answers and does not fade; engagement comes from events, each of which fades in a straight line
to nothing, with a cap for a group of events and for all together. Sums are of whole thousandths of a point:
so they are the same in whatever order, and in whatever database, they are added up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.errors import KvizorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.segments.scores.orders import Ints

GROUPS = ("cold", "warm", "hot")
_UNCAPPED = 1e9
LONGEST_DAYS = 3660
WHOLE = 1000  # thousandths in a point
COLD_UNTIL, WARM_UNTIL = 50, 75  # the last score of its group, as in health
CUSTOMER = "customer"  # has bought: no lead any more


class PointsError(KvizorError):
    """The points of the lead score cannot be used."""


def thousandths(points: float) -> int:
    """Return points as whole thousandths."""
    return round(points * WHOLE)


@dataclass(frozen=True, slots=True)
class EventPoints:
    """What one event is worth on its day, falling to nothing in a straight line within `days`."""

    points: float
    days: int = 30
    group: str = ""  # events of a group share its cap; without one the event is a group by itself

    def left(self, age: float) -> int:
        """Return the thousandths of a point left after so many days, cut to whole; of the future none."""
        if not 0 <= age < self.days:
            return 0
        return math.trunc(thousandths(self.points) * (self.days - age) / self.days)


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
        if any(one.days != int(one.days) or one.days > LONGEST_DAYS for one in self.events.values()):
            raise PointsError(f"The days an event fades in are whole ones, at most {LONGEST_DAYS}.")
        worth = [one.points for one in self.events.values()]
        worth += [points for each in self.answers.values() for points in each.values()]
        if not all(map(math.isfinite, worth)):
            raise PointsError("Points of the lead score are finite numbers.")

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of events there are."""
        return tuple(sorted({one.group or kind for kind, one in self.events.items()}))

    def group_cap(self, group: str) -> float:
        """Return the cap of a group of events; without one only that of all together holds."""
        return self.group_caps.get(group, _UNCAPPED)

    @property
    def most(self) -> float:
        """The most anybody can reach: caps of the parts in use."""
        return self.fit_cap * bool(self.answers) + self.engagement_cap * bool(self.events)


@dataclass(frozen=True, slots=True)
class Lead:
    """The score of one person with its two parts, in points."""

    fit: float
    engagement: float  # in points
    score: int

    @property
    def group(self) -> str:
        """cold, warm or hot."""
        return GROUPS[(self.score > COLD_UNTIL) + (self.score > WARM_UNTIL)]


def groups(scores: Ints) -> Ints:
    """Return the group of each score, as a position in GROUPS."""
    return (scores > COLD_UNTIL).astype("int64") + (scores > WARM_UNTIL)


def lead(points: Points, answers: Iterable[tuple[str, str]], events: Iterable[tuple[str, float]]) -> Lead:
    """Score one person: answers as (question, answer), events as (kind, age in days)."""
    worth = (points.answers.get(question, {}).get(answer, 0.0) for question, answer in answers)
    fit = capped(sum(map(thousandths, worth)), points.fit_cap)
    groups: dict[str, int] = {}
    for kind, age in events:
        one = points.events.get(kind)
        if one is not None:
            groups[one.group or kind] = groups.get(one.group or kind, 0) + one.left(age)
    total = sum(min(left, thousandths(points.group_cap(group))) for group, left in groups.items())
    engagement = capped(total, points.engagement_cap)
    score = percent(fit + engagement, thousandths(points.most))
    return Lead(fit / WHOLE, engagement / WHOLE, score)


def capped(sum_of_thousandths: int, cap: float) -> int:
    """Return a sum between nothing and its cap."""
    return min(max(sum_of_thousandths, 0), thousandths(cap))


def percent(part: int, whole: int) -> int:
    """Return a share as a whole percent, half up; of nothing 0."""
    return (200 * part + whole) // (2 * whole) if whole else 0
