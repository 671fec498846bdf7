"""BG/NBD: how many purchases to expect of whom, by maximum likelihood.

Source: Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2). A
customer buys at a rate λ ~ Gamma(r, α) and after each purchase leaves with probability p ~ Beta(a, b).
Per customer: x repeat purchases, the last of them at t, observed until T; time in weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from core.segments.scores.orders import Floats

STARTS = ((1.0, 1.0, 1.0, 1.0), (0.3, 5.0, 0.8, 3.0), (1.0, 20.0, 0.2, 2.0))
_SMALLEST, _LARGEST = 1e-4, 1e4  # a parameter that leaves these bounds has no finite optimum
_TRIED, _FITTED = 5_000, 50_000  # customers: more of them move no parameter by what an owner could notice
_LEAST_DROP_OUT = 1e-5  # a/(a+b), the mean chance to leave after a purchase: below it nobody is seen to


@dataclass(frozen=True, slots=True)
class Repeats:
    """Repeat purchases of customers, in weeks since the first: count x, moment of the last t, observed T."""

    x: Floats
    t: Floats
    T: Floats

    def thinned(self, most: int) -> Repeats:
        """Return at most so many customers, evenly taken from all in the order of T, x and t.

        In that order also when all are taken: sums, and so fits, are the same however customers were given.
        """
        step = -(-len(self.x) // most)
        chosen = np.lexsort((self.t, self.x, self.T))[step // 2 :: step]
        return Repeats(self.x[chosen], self.t[chosen], self.T[chosen])


@dataclass(frozen=True, slots=True)
class Bgnbd:
    """The four parameters (per week) and the log-likelihood they reach."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    @property
    def doubt(self) -> str | None:
        """Why the fit must not be used, in words; None for a sound one."""
        if self.a / (self.a + self.b) < _LEAST_DROP_OUT:
            return "nobody is seen to leave in this time, so the model cannot tell silence from leaving"
        return None

    def expected(self, seen: Repeats, weeks: float) -> Floats:
        """Return the expected number of purchase days within so many weeks after T (equation 10)."""
        a = self.a + 1e-9 if self.a == 1 else self.a
        z = weeks / (self.alpha + seen.T + weeks)
        c = a + self.b + seen.x - 1
        while_staying: Floats = c / (a - 1) * (1 - _stay(self.r + seen.x, self.b + seen.x, c, z))
        return np.asarray(np.maximum(while_staying, 0) * self.alive(seen), np.float64)

    def alive(self, seen: Repeats) -> Floats:
        """Return P(still a customer); 1 for everybody without a repeat purchase, whatever his silence."""
        with np.errstate(over="ignore"):
            odds = (self.a / (self.b + np.maximum(seen.x, 1) - 1)) * np.exp(
                (self.r + seen.x) * np.log((self.alpha + seen.T) / (self.alpha + seen.t))
            )
        return np.where(seen.x > 0, 1 / (1 + odds), 1.0)


def _stay(a: Floats, b: Floats, c: Floats, z: Floats) -> Floats:
    """Return (1 − z)^a · 2F1(a, b; c; z), the mean of (b)_k / (c)_k over k ~ NB(a, z).

    By Euler's transformation, which bears many purchases; where it overflows, as written; where both do, the
    mean of k is put for k: then k is all but certain, or the ratio hardly depends on it.
    """
    from scipy.special import gammaln, hyp2f1

    with np.errstate(all="ignore"):
        euler = (1 - z) ** (c - b) * hyp2f1(c - a, c - b, c, z)
        plain = (1 - z) ** a * hyp2f1(a, b, c, z)
        k = a * z / (1 - z)
        at_mean = np.exp(gammaln(b + k) - gammaln(b) - gammaln(c + k) + gammaln(c))
    found: Floats = np.where(np.isfinite(euler), euler, np.where(np.isfinite(plain), plain, at_mean))
    return found


def fit(seen: Repeats) -> Bgnbd:
    """Return the best fit within bounds; where the optimum is not finite, its `doubt` says so.

    All starts are tried on few customers, the best is followed on many. Raises ValueError without customers.
    """
    from scipy.optimize import minimize

    if not len(seen.x):
        raise ValueError("no customers")
    limits = [(np.log(_SMALLEST), np.log(_LARGEST))] * 4
    options = {"maxiter": 1000, "ftol": 1e-13, "gtol": 1e-7}

    def follow(start: Floats, some: Repeats) -> Any:
        return minimize(_loss, start, (some,), method="L-BFGS-B", jac=True, bounds=limits, options=options)

    few, many = seen.thinned(_TRIED), seen.thinned(_FITTED)
    best = min((follow(np.log(start), few) for start in STARTS), key=lambda found: float(found.fun))
    if len(many.x) > len(few.x):
        best = follow(best.x, many)
    r, alpha, a, b = (float(value) for value in np.exp(best.x))
    return Bgnbd(r, alpha, a, b, log_likelihood(seen, r, alpha, a, b))


def log_likelihood(seen: Repeats, r: float, alpha: float, a: float, b: float) -> float:
    """Return the log-likelihood of the parameters (equation 7), summed over the customers."""
    return -float(_loss(np.log([r, alpha, a, b]), seen)[0]) * len(seen.x)


def _loss(logs: Floats, seen: Repeats) -> tuple[float, Floats]:
    """Return minus the mean log-likelihood and its gradient by the logarithms of the parameters."""
    from scipy.special import betaln, digamma, gammaln

    r, alpha, a, b = np.exp(logs)
    x, repeated = seen.x, seen.x > 0
    stay, leave = alpha + seen.T, alpha + seen.t
    last = b + np.where(repeated, x, 1.0) - 1
    ln_stay = -(r + x) * np.log(stay)
    ln_leave = np.where(repeated, np.log(a) - np.log(last) - (r + x) * np.log(leave), -np.inf)
    both = np.logaddexp(ln_stay, ln_leave)
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b) + both
    left = np.exp(ln_leave - both)  # weight of having left, 0 for those without a repeat purchase
    d_r = digamma(r + x) - digamma(r) + np.log(alpha) - (1 - left) * np.log(stay) - left * np.log(leave)
    d_alpha = r / alpha - (r + x) * ((1 - left) / stay + left / leave)
    d_a = digamma(a + b) - digamma(a + b + x) + left / a
    d_b = digamma(a + b) - digamma(a + b + x) + digamma(b + x) - digamma(b) - left / last
    slopes = np.array([d_r.mean() * r, d_alpha.mean() * alpha, d_a.mean() * a, d_b.mean() * b])
    return -float(value.mean()), -slopes
