"""Gamma-Gamma: what a customer's average purchase is worth, by maximum likelihood.

Source: Fader & Hardie (2013), The Gamma-Gamma Model of Monetary Value. A purchase is Gamma(p, ν) with
ν ~ Gamma(q, v); the number of purchases is taken to say nothing of their size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from core.segments.scores.orders import Floats

START = (1.0, 2.0, 1.0)
_SMALLEST, _LARGEST = 1e-3, 1e4
_LEAST_CUSTOMERS = 10
_FITTED = 50_000  # customers: more of them move no parameter by what an owner could notice


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """The three parameters; v in units of money."""

    p: float
    q: float
    v: float
    log_likelihood: float

    @property
    def mean(self) -> float:
        """The average purchase of a customer of whom nothing is known."""
        return self.p * self.v / (self.q - 1)

    def expected(self, x: Floats, average: Floats) -> Floats:
        """Return the expected average purchase after x repeat purchases of such an average (equation 5)."""
        known = np.where(x > 0, average, 0.0)
        return np.asarray(self.p * (self.v + known * x) / (self.p * x + self.q - 1), np.float64)


def fit(x: Floats, average: Floats) -> GammaGamma | str:
    """Return the fit to customers with repeat purchases and a positive average, or why there is none."""
    from scipy.optimize import minimize

    usable = (x > 0) & (average > 0)
    x, average = x[usable], average[usable]
    if len(x) < _LEAST_CUSTOMERS:
        return f"only {len(x)} customers have a repeat purchase with a sum"
    x, average = _thinned(x, average)
    unit = float(average.mean())  # sums of any currency become numbers about 1
    found = minimize(
        _loss,
        np.log(START),
        (x, average / unit),
        method="L-BFGS-B",
        bounds=[(np.log(_SMALLEST), np.log(_LARGEST))] * 3,
        options={"maxiter": 1000, "ftol": 1e-13},
    )
    p, q, v = (float(value) for value in np.exp(found.x))
    if not np.isfinite(found.fun) or max(p, q, v) > _LARGEST * 0.99 or min(p, v) < _SMALLEST * 1.01:
        return "the sums hardly differ or differ without pattern"
    if q <= 1:
        return "a few huge purchases outweigh all others, so an average cannot be foretold"
    return GammaGamma(p, q, v * unit, -float(found.fun) * len(x) - len(x) * float(np.log(unit)))


def _thinned(x: Floats, average: Floats) -> tuple[Floats, Floats]:
    """Return at most _FITTED customers, evenly taken from all in the order of number and average."""
    step = -(-len(x) // _FITTED)
    chosen = np.lexsort((average, x))[step // 2 :: step]
    return x[chosen], average[chosen]


def _loss(logs: Floats, x: Floats, average: Floats) -> float:
    from scipy.special import gammaln

    p, q, v = np.exp(logs)
    shape = p * x
    value = (
        gammaln(shape + q)
        - gammaln(shape)
        - gammaln(q)
        + q * np.log(v)
        + (shape - 1) * np.log(average)
        + shape * np.log(x)
        - (shape + q) * np.log(v + x * average)
    )
    return -float(value.mean())
