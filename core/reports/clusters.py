"""k-means that may say "there are no groups": how many, how distinct, how stable, against smooth data.

The number of groups is that of the greatest silhouette (Rousseeuw 1987; of a sample) among 2…6. Groups are
believed only if
- the silhouette is at least 0.25, under which Kaufman and Rousseeuw (1990) see no structure,
- it is clearly (by 0.05) above the same k on every one of eighteen data sets without groups: normal ones
  with the same covariance (as in SigClust, Liu et al. 2008), uniform ones in the box of the principal axes
  (as in the gap statistic, Tibshirani et al. 2001), and ones whose fields go together as ours do and are
  each as skewed, but smoothed to one mode (the critical bandwidth of Silverman 1981),
- two halves of the people give the same groups: adjusted Rand index (Hubert and Arabie 1985) of at least 0.8,
  the mean of six splits.
scipy's k-means serves: scikit-learn would add 40 MB for three short functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
MOST_GROUPS = 6
RESTARTS, ROUNDS = 6, 25
SILHOUETTE_OF = 1500  # people
REFERENCES = 6  # of each kind
MARGIN = 0.05
SPLITS = 6
LEAST_SILHOUETTE, LEAST_STABILITY = 0.25, 0.8
GRID, LOW_PEAK = 200, 0.02  # bins of a histogram; a share of the highest peak
SMALLEST_GROUP = 0.02  # of the people


@dataclass(frozen=True)
class Clusters:
    """Centres of the groups and how far they can be believed."""

    centres: Floats
    silhouette: float
    chance: float  # the greatest silhouette of data without groups
    stability: float

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(self.centres)

    @property
    def is_real(self) -> bool:
        """Whether there are groups at all."""
        return (
            self.silhouette >= LEAST_SILHOUETTE
            and self.silhouette > self.chance + MARGIN
            and self.stability >= LEAST_STABILITY
        )


def find(points: Floats, seed: int = 1) -> Clusters | None:
    """Look for groups; None where there are too few different people even to look."""
    rng = np.random.default_rng(seed)
    tried = [_tried(points, count, rng) for count in range(2, MOST_GROUPS + 1)]
    known = [one for one in tried if one is not None]
    if not known:
        return None
    centres, distinct = max(known, key=lambda one: one[1])
    count = len(centres)
    return Clusters(centres, distinct, _by_chance(points, count, rng), _stability(points, count, rng))


def _tried(points: Floats, count: int, rng: np.random.Generator) -> tuple[Floats, float] | None:
    centres = kmeans(points, count, rng)
    if centres is None:
        return None
    labels = nearest(points, centres)
    if np.bincount(labels, minlength=count).min() < SMALLEST_GROUP * len(points):
        return None
    return centres, silhouette(points, labels, rng)


def kmeans(points: Floats, count: int, rng: np.random.Generator, restarts: int = RESTARTS) -> Floats | None:
    """Return the centres of the tightest of several runs; None if no run keeps all groups filled."""
    from scipy.cluster.vq import ClusterError, kmeans2

    best: tuple[float, Floats] | None = None
    for _ in range(restarts):
        try:
            centres, labels = kmeans2(points, count, iter=ROUNDS, minit="++", missing="raise", rng=rng)
        except ClusterError:
            continue
        spread = float(((points - centres[labels]) ** 2).sum())
        if best is None or spread < best[0]:
            best = spread, centres
    return None if best is None else best[1]


def nearest(points: Floats, centres: Floats) -> Ints:
    """Return the number of the nearest centre of each person."""
    distances = (centres**2).sum(1) - 2 * points @ centres.T
    return np.asarray(distances.argmin(1), np.int64)


def silhouette(points: Floats, labels: Ints, rng: np.random.Generator) -> float:
    """Return the mean silhouette, from -1 to 1, of a sample of the people."""
    if len(points) > SILHOUETTE_OF:
        chosen = rng.choice(len(points), SILHOUETTE_OF, replace=False)
        points, labels = points[chosen], labels[chosen]
    names, place, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    if len(names) < 2:
        return -1.0
    square = (points**2).sum(1)
    distances = np.sqrt(np.maximum(square[:, None] + square[None, :] - 2 * points @ points.T, 0))
    np.fill_diagonal(distances, 0)
    sums = distances @ np.eye(len(names))[place]
    row = np.arange(len(points))
    own = sums[row, place] / np.maximum(sizes[place] - 1, 1)
    others = sums / sizes
    others[row, place] = np.inf
    other = others.min(1)
    widths = np.where(sizes[place] > 1, (other - own) / np.maximum(np.maximum(own, other), 1e-12), 0.0)
    return float(widths.mean())


def rand_index(first: Ints, second: Ints) -> float:
    """Return the adjusted Rand index of two groupings: 1 for the same, about 0 by chance.

    >>> round(rand_index(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])), 6)
    1.0
    """
    table = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(table, (first, second), 1)

    def pairs(counts: Floats) -> float:
        return float((counts * (counts - 1) / 2).sum())

    both, rows, columns = pairs(table), pairs(table.sum(1)), pairs(table.sum(0))
    chance = rows * columns / pairs(np.array([float(len(first))]))
    most = (rows + columns) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def _by_chance(points: Floats, count: int, rng: np.random.Generator) -> float:
    """Return the greatest silhouette that data without groups reach."""
    middle = points.mean(0)
    _, _, axes = np.linalg.svd(points - middle, full_matrices=False)
    turned = (points - middle) @ axes.T
    spread, low, high = turned.std(0), turned.min(0), turned.max(0)
    size = (min(len(points), 2 * SILHOUETTE_OF), turned.shape[1])
    found = [-1.0]
    for _ in range(REFERENCES):
        skewed = _skewed(points, size[0], rng)
        for made in (rng.normal(0, spread, size), rng.uniform(low, high, size), skewed):
            centres = kmeans(made, count, rng, restarts=2)
            if centres is not None:
                found.append(silhouette(made, nearest(made, centres), rng))
    return max(found)


def _skewed(points: Floats, size: int, rng: np.random.Generator) -> Floats:
    """Draw people whose fields have one mode each and go together as ours: a normal copula of their ranks."""
    from scipy.special import ndtri

    ranks = points.argsort(0, kind="stable").argsort(0, kind="stable")
    together = np.corrcoef(ndtri((ranks + 0.5) / len(points)), rowvar=False)
    drawn = rng.multivariate_normal(np.zeros(len(together)), together, size, method="eigh")
    places = drawn.argsort(0).argsort(0)
    return np.column_stack(
        [
            np.sort(one_mode(column, size, rng))[place]
            for column, place in zip(points.T, places.T, strict=True)
        ]
    )


def one_mode(column: Floats, size: int, rng: np.random.Generator) -> Floats:
    """Draw values like these, smoothed just so much that they have one mode: as skewed, without groups."""
    from scipy.ndimage import gaussian_filter1d

    heights, edges = np.histogram(column, bins=GRID, range=(column.min(), column.max() + 1e-9))
    padded = np.pad(heights.astype(float), GRID)
    low, high = 0.0, float(GRID)
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if _modes(gaussian_filter1d(padded, middle)) <= 1 else (middle, high)
    width = float(edges[1] - edges[0])
    drawn = rng.choice(column, size) + rng.normal(0, high * width, size)
    spread = np.std(drawn) or 1.0
    return np.asarray((drawn - drawn.mean()) * (np.std(column) / spread) + column.mean())


def _modes(heights: Floats) -> int:
    """Count the peaks, those too low to matter left out."""
    rising = np.diff(heights) > 0
    peaks = np.flatnonzero(rising[:-1] & ~rising[1:]) + 1
    return int((heights[peaks] > LOW_PEAK * heights.max()).sum())


def _stability(points: Floats, count: int, rng: np.random.Generator) -> float:
    """Return how alike the groups of two halves are, as both see everybody."""
    found = []
    for _ in range(SPLITS):
        order = rng.permutation(len(points))
        halves = [kmeans(points[part], count, rng) for part in np.array_split(order, 2)]
        if halves[0] is None or halves[1] is None:
            return 0.0
        found.append(rand_index(nearest(points, halves[0]), nearest(points, halves[1])))
    return float(np.mean(found))
