"""The verdict: who is better, or that it cannot be said yet, with the interval that holds at this look."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from core.mailing.experiments import sequential, srm
from core.mailing.experiments.arms import Arm, Comparison, check_arm, compare
from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.intervals import newcombe
from core.mailing.experiments.normal import upper_tail
from core.mailing.experiments.plan import MOST_ARMS

if TYPE_CHECKING:
    from collections.abc import Sequence

# winner: one is better than every other; srm: the split is broken, nothing may be concluded; early: not yet;
# disagree: z and the exact test differ; same: the end, no difference shown.
Outcome = Literal["winner", "srm", "early", "disagree", "same"]
LETTERS = "ABCDEF"
_WIDEST = 38.0  # a boundary beyond it is never reached


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parts compared: the difference second − first with its interval at this look."""

    first: int
    second: int
    test: Comparison
    difference: float
    low: float
    high: float
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be said now. `level` is the p-value a pair must stay under at this look."""

    outcome: Outcome
    arms: tuple[Arm, ...]
    pairs: tuple[Pair, ...]
    winner: int | None = None
    srm_p: float | None = None
    look: int = 1
    information: float = 1.0
    level: float = 0.05

    @property
    def decision(self) -> str:
        """`A`, `B`, …, `none` or `srm`."""
        if self.winner is not None:
            return LETTERS[self.winner]
        return "srm" if self.outcome == "srm" else "none"


def judge(
    arms: Sequence[Arm],
    *,
    planned: Sequence[float] | None = None,
    looks: Sequence[float] = (1.0,),
    spending: Sequence[float] | None = None,
    alpha: float = 0.05,
) -> Verdict:
    """Judge these parts at the last of `looks` (information fractions, 1 the planned end).

    `spending` gives each look's place in the plan where it is not its information: then the last of them
    is Verdict.information. `planned` are the shares of the split; without them the sizes are not checked.
    More than two parts are compared pair by pair, Holm 1979, each at its own group-sequential level (Maurer
    & Bretz 2013). The interval is the repeated one of Jennison & Turnbull 1989: it covers at every look.

    Raises ExperimentError where a number cannot be.
    """
    if not 2 <= len(arms) <= MOST_ARMS:
        raise ExperimentError(f"{len(arms)} parts: an experiment compares 2 to {MOST_ARMS}.")
    for number, arm in enumerate(arms):
        check_arm(arm, f"Part {LETTERS[number]}")
    srm_p = srm.mismatch([arm.people for arm in arms], planned) if planned is not None else None
    levels = _levels(len(arms) * (len(arms) - 1) // 2, looks, spending, alpha)
    found = _pairs(arms, levels)
    winner = _winner(len(arms), found)
    over = (looks if spending is None else spending)[-1]
    outcome: Outcome
    if srm_p is not None and srm_p < srm.ALARM:
        outcome, winner = "srm", None
    elif winner is not None:
        outcome = "winner"
    else:
        outcome = _undecided(found, levels, over)
    level = 2 * upper_tail(levels[0])
    return Verdict(outcome, tuple(arms), found, winner, srm_p, len(looks), over, level)


def _levels(
    count: int, looks: Sequence[float], spending: Sequence[float] | None, alpha: float
) -> list[float]:
    """What each pair must cross at this look, from the strongest (alpha / count) to the weakest."""
    bounds = [sequential.boundaries(looks, alpha / (count - place), spending)[-1] for place in range(count)]
    return [min(bound, _WIDEST) for bound in bounds]


def _pairs(arms: Sequence[Arm], levels: Sequence[float]) -> tuple[Pair, ...]:
    """All pairs; Holm goes from the smallest p and stops at the first that is not sure."""
    near = 2 * 2 * upper_tail(levels[-1])  # a pair far from any boundary needs no exact test
    numbers = list(combinations(range(len(arms)), 2))
    tests = {pair: compare(arms[pair[0]], arms[pair[1]], near) for pair in numbers}
    sure: dict[tuple[int, int], float] = {}
    for pair, bound in zip(sorted(numbers, key=lambda pair: tests[pair].z_p), levels, strict=True):
        low, high = _interval(arms, pair, bound)
        if not _agree(tests[pair], 2 * upper_tail(bound)) or low <= 0 <= high:
            break
        sure[pair] = bound
    return tuple(
        Pair(
            *pair,
            tests[pair],
            arms[pair[1]].rate - arms[pair[0]].rate,
            *_interval(arms, pair, sure.get(pair, levels[0])),
            pair in sure,
        )
        for pair in numbers
    )


def _agree(test: Comparison, level: float) -> bool:
    """Whether z and the exact test both stay under the level."""
    return test.z_p < level and test.exact_p is not None and test.exact_p < level


def _interval(arms: Sequence[Arm], pair: tuple[int, int], bound: float) -> tuple[float, float]:
    first, second = arms[pair[0]], arms[pair[1]]
    return newcombe((second.successes, second.people), (first.successes, first.people), bound)


def _winner(count: int, found: Sequence[Pair]) -> int | None:
    """The part that is surely better than every other."""
    beaten = [
        (pair.second, pair.first) if pair.test.z > 0 else (pair.first, pair.second)
        for pair in found
        if pair.is_sure
    ]
    return next(
        (arm for arm in range(count) if sum(better == arm for better, _ in beaten) == count - 1), None
    )


def _undecided(found: Sequence[Pair], levels: Sequence[float], information: float) -> Outcome:
    level = 2 * upper_tail(levels[0])
    if any(_differ(pair.test, level) for pair in found):
        return "disagree"
    return "early" if information < 1 else "same"


def _differ(test: Comparison, level: float) -> bool:
    return test.exact_p is not None and (test.z_p < level) != (test.exact_p < level)
