"""Shares of people with their uncertainty: a share of few people is told with the room it leaves."""

from __future__ import annotations

from dataclasses import dataclass

from core.mailing.experiments import intervals
from core.mailing.experiments.intervals import wilson as wilson

FEW = 30  # people below which a share says little


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of` people. With nobody to divide by there is no rate and no interval."""

    count: int
    of: int

    @property
    def rate(self) -> float | None:
        """The share, 0 to 1."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the true share lies, with 95 % confidence."""
        return wilson(self.count, self.of) if self.of else None

    @property
    def is_few(self) -> bool:
        """Whether there are too few people to conclude anything."""
        return self.of < FEW


def newcombe(first: Share, second: Share) -> tuple[float, float]:
    """Return the interval of a difference of two shares at 95 %: Newcombe's hybrid score (1998, method 10).

    >>> [round(end, 4) for end in newcombe(Share(56, 70), Share(48, 80))]
    [0.0524, 0.3339]

    Raises ValueError where one of them is a share of nobody.
    """
    return intervals.newcombe((first.count, first.of), (second.count, second.of))
