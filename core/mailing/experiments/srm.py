"""Sample ratio mismatch: whether the parts have the sizes the split was to give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.mailing.experiments.errors import ExperimentError

if TYPE_CHECKING:
    from collections.abc import Sequence

ALARM = 0.001  # so seldom by chance that it is no chance (Fabijan et al. 2019)


def mismatch(people: Sequence[int], planned: Sequence[float]) -> float:
    """Return the chi-square p of these sizes under the planned shares; under ALARM the split is broken.

    >>> round(mismatch([5000, 5100], [1, 1]), 4), mismatch([5000, 5500], [1, 1]) < ALARM
    (0.3197, True)

    Pearson 1900. Raises ExperimentError where a planned share is not positive or one is missing.
    """
    if len(people) != len(planned):
        raise ExperimentError(
            f"The planned split names {len(planned)} parts, there are {len(people)}; name a share for each."
        )
    if min(planned) <= 0:
        raise ExperimentError("The planned split: every part's share must be above 0, e.g. 50,50.")
    total, shares = sum(people), sum(planned)
    if total == 0:
        return 1.0
    from scipy.special import chdtrc

    expected = [total * share / shares for share in planned]
    statistic = sum((seen - due) ** 2 / due for seen, due in zip(people, expected, strict=True))
    return float(chdtrc(len(people) - 1, statistic))
