"""The holdout: people who are written nothing, so that what letters bring is told from what comes anyway."""

from __future__ import annotations

from dataclasses import dataclass

from core.mailing.experiments.arms import Arm, Sample, check_arm, compare, welch
from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.intervals import newcombe
from core.mailing.experiments.normal import upper_point

LEAST, MOST = 0.05, 0.10
SALT = "holdout"  # one for all campaigns: whoever is held out of one is held out of all


@dataclass(frozen=True, slots=True)
class Effect:
    """What the letters brought to all who were to get them: so many buyers, or so much money, more."""

    amount: float
    low: float
    high: float
    p: float

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def effect(treated: Arm, control: Arm, level: float = 0.05) -> Effect:
    """Return x_t − n_t·x_c/n_c with its interval: n_t times Newcombe's interval of the two rates.

    By intention to treat: `treated` are all who were to be written to, whether a letter reached them or not.

    >>> found = effect(Arm(9000, 450), Arm(1000, 40))
    >>> round(found.amount), round(found.low), round(found.high)
    (90, -42, 193)
    """
    check_arm(treated, "The treated part")
    check_arm(control, "The holdout")
    pair = (treated.successes, treated.people), (control.successes, control.people)
    low, high = newcombe(*pair, upper_point(level / 2))
    amount = treated.successes - treated.people * control.rate
    return Effect(amount, treated.people * low, treated.people * high, compare(control, treated).p)


def money(treated: Sample, control: Sample, level: float = 0.05) -> Effect:
    """Return n_t·(mean_t − mean_c) with its interval by Welch, in the unit of the means."""
    p, (low, high) = welch(control, treated, level)
    n = treated.people
    return Effect(n * (treated.mean - control.mean), n * low, n * high, p)


def check(share: float) -> None:
    """Raise ExperimentError where a holdout is neither 0 nor between 5 and 10 %."""
    if share and not LEAST <= share <= MOST:
        raise ExperimentError(f"The holdout: {share:.4g} is outside the 5–10 % it may be; choose one.")
