"""Looking before the end: how much error each look may spend, and the boundary z must cross at it.

Group sequential, two-sided, O'Brien–Fleming spending by Lan & DeMets 1983: looks need be neither planned nor
equally spaced. Boundaries come from the recursive integration of Armitage, McPherson & Rowe 1969 (Jennison &
Turnbull 2000, ch. 19) on the scale of the Brownian motion B = Z·√t.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, isinf, sqrt
from typing import TYPE_CHECKING, Any

from core.mailing.experiments.errors import ExperimentError
from core.mailing.experiments.normal import upper_point, upper_tail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NEVER = float("inf")
MOST_LOOKS = 1000
_TINY = 1e-13  # an increment integration cannot resolve; such a look is as good as the first
LEAST_STEP = 0.002  # of the planned information: a look that brings less is no new look
_PANEL = 12  # Gauss–Legendre nodes a panel
_WIDTH = 3 * sqrt(LEAST_STEP)  # of a panel: fine enough for the narrowest step that may come next


def spent(alpha: float, t: float) -> float:
    """Return the two-sided error spent at information t: 4 − 4Φ(z_{α/4}/√t), the whole from t = 1 on.

    >>> [round(spent(0.05, t), 6) for t in (0.2, 0.5, 1)]
    [1e-06, 0.003051, 0.05]
    """
    if t <= 0:
        return 0.0
    return alpha if t >= 1 else min(alpha, 4 * upper_tail(upper_point(alpha / 4) / sqrt(t)))


def boundaries(
    looks: Sequence[float], alpha: float = 0.05, spending: Sequence[float] | None = None
) -> list[float]:
    """Return the |z| to be reached at each look; `looks` are the information fractions so far, ascending.

    `spending` gives each look's place in the plan where it differs from its information (Lan & DeMets 1989).
    A look that brings no new information is the last one repeated: its boundary falls as more may be spent.

    >>> [round(bound, 3) for bound in boundaries([0.2, 0.4, 0.6, 0.8, 1])]
    [4.877, 3.357, 2.68, 2.29, 2.031]

    Raises ExperimentError for looks that do not ascend within 0 … 1.
    """
    _check(looks, alpha)
    return list(_boundaries(tuple(looks), alpha, tuple(looks if spending is None else spending)))


@lru_cache(maxsize=256)
def _boundaries(looks: tuple[float, ...], alpha: float, places: tuple[float, ...]) -> tuple[float, ...]:
    found: list[float] = []
    start = here = _Walk()  # before and after the last look that was a new one
    used = spent_here = 0.0
    for t, planned in zip(looks, places, strict=True):
        if here.nodes is None or t - here.t >= LEAST_STEP:
            start, used, at = here, spent_here, t
        else:
            at = here.t  # the same look once more: all it may spend together decides its boundary
        total = max(spent(alpha, planned), spent_here)
        if total <= used:
            found.append(NEVER)
            continue
        found.append(start.bound(at, (total - used) / 2))
        here, spent_here = start.stepped(at, found[-1]), total
    return tuple(found)


def _check(looks: Sequence[float], alpha: float) -> None:
    if not 0 < alpha < 1:
        raise ExperimentError(f"alpha is {alpha:g}; it lies between 0 and 1, usually 0.05.")
    if not looks or len(looks) > MOST_LOOKS:
        raise ExperimentError(f"There are {len(looks)} looks; 1 to {MOST_LOOKS} can be made.")
    if any(not 0 < t <= 1 for t in looks) or list(looks) != sorted(looks):
        told = ", ".join(f"{t:g}" for t in looks[:10])
        raise ExperimentError(f"The looks {told}: information grows from look to look, above 0 and up to 1.")


@dataclass(frozen=True)
class _Walk:
    """What is known before a look: the density of B among the walks that have crossed nothing yet."""

    t: float = 0.0
    nodes: NDArray[Any] | None = None
    weights: NDArray[Any] | None = None  # quadrature weight × density

    def tail(self, t: float, bound: float) -> float:
        """P(no crossing before, B(t) > bound·√t)."""
        if self.nodes is None or self.weights is None:
            return upper_tail(bound)
        from scipy.special import ndtr

        return float(self.weights @ ndtr((self.nodes - bound * sqrt(t)) / sqrt(t - self.t)))

    def bound(self, t: float, share: float) -> float:
        """The boundary which this share of all walks crosses upwards here for the first time."""
        alone = upper_point(share)  # of all walks at all: never lower than the bound that is sought
        if self.nodes is None or share < _TINY:
            return alone
        from scipy.optimize import brentq

        if self.tail(t, alone) >= share:
            return alone
        return float(brentq(lambda bound: self.tail(t, bound) - share, -8.0, alone, xtol=1e-10))

    def stepped(self, t: float, bound: float) -> _Walk:
        """Walk on to t, leaving behind what crossed ±bound."""
        spread = sqrt(t - self.t)
        nodes, widths = _grid(min(bound, 9.0) * sqrt(t))
        if self.nodes is None or self.weights is None:
            density = _normal(nodes / spread) / spread
        else:
            steps = (nodes[:, None] - self.nodes[None, :]) / spread
            density = _normal(steps) @ self.weights / spread
        return _Walk(t, nodes, widths * density)


def _grid(edge: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Nodes and weights of Gauss–Legendre panels from −edge to edge."""
    import numpy as np

    nodes, weights = np.polynomial.legendre.leggauss(_PANEL)
    panels = max(4, ceil(2 * edge / _WIDTH))
    half = edge / panels
    middles = (2 * np.arange(panels) + 1) * half - edge
    return (middles[:, None] + half * nodes).ravel(), np.tile(half * weights, panels)


def _normal(x: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    density: NDArray[Any] = np.exp(-0.5 * x * x) / sqrt(2 * np.pi)
    return density


def crossing(looks: Sequence[float], bounds: Sequence[float], drift: float) -> float:
    """Return the chance that |z| crosses a boundary at some look when z at the end is expected to be `drift`.

    With drift 0 it is the type I error; the power of a plan otherwise.
    """
    import numpy as np
    from scipy.special import ndtr

    at, nodes, weights, crossed = 0.0, np.zeros(1), np.ones(1), 0.0
    for t, bound in _new_looks(looks, bounds):
        step, edge = sqrt(t - at), bound * sqrt(t)
        moved = nodes + drift * (t - at)
        crossed += float(weights @ (ndtr((moved - edge) / step) + ndtr((-edge - moved) / step)))
        fresh, widths = _grid(edge)
        density = _normal((fresh[:, None] - moved[None, :]) / step) @ weights / step
        at, nodes, weights = t, fresh, widths * density
    return crossed


def _new_looks(looks: Sequence[float], bounds: Sequence[float]) -> list[tuple[float, float]]:
    """Looks with their lowest boundary, repeated ones as one."""
    found: list[tuple[float, float]] = []
    for t, bound in zip(looks, bounds, strict=True):
        if isinf(bound):
            continue
        if found and t - found[-1][0] < LEAST_STEP:
            found[-1] = found[-1][0], min(bound, found[-1][1])
        else:
            found.append((t, bound))
    return found
