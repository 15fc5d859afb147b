"""Chance by counting: the exact distribution of sums of whole numbers drawn at random."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.hotspots.permutations import Tails
from geoengine.neighbours import Neighbours

FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]

MOST_STEPS = 3e8
"""Additions that counting may take: about a third of a second."""
LARGEST_LOG = 600.0
"""Ways of drawing are counted in floating point, which ends at e to the 709."""


def count_ways(value: FloatArray, neighbours: Neighbours, *, stays: bool = True) -> Tails | None:
    """
    Compare the sum around each area with all ways of putting the values there.

    Parameters
    ----------
    value
        What is shuffled, shape (areas,), all finite.
    neighbours
        Whose values are summed up.
    stays
        Whether an area keeps its own value while the others are shuffled; otherwise its own is
        shuffled too (Gi*).

    Returns
    -------
    Tails
        Exact probabilities; NaN for areas with no neighbours. `None` where counting is no way:
        values are not whole numbers or too many different ones, or an area's neighbours count
        unlike.

    Notes
    -----
    With a value v standing m times, the ways of drawing k values of sum s are the coefficients
    of y^k t^s in the product of (1 + y t^v)^m over all v. For values of 0 and 1 this is the
    hypergeometric distribution.

    References
    ----------
    Pagano, M. & Tritchler, D. (1983) On obtaining permutation distributions in polynomial time.
    Journal of the American Statistical Association 78(382), 435-440.
    doi:10.1080/01621459.1983.10477990
    """
    size = np.diff(neighbours.first)
    longest = int(size.max(initial=0))
    alike = neighbours.weight == neighbours.weight[neighbours.first[neighbours.area]]
    if longest == 0 or not alike.all() or (value % 1 != 0).any():
        return None
    whole = value - value.min()
    most = float(np.sort(whole)[::-1][:longest].sum())
    level, times = np.unique(whole, return_counts=True)
    tables = len(level) if stays else 1
    steps = tables * len(level) * longest**2 / 2 * (most + 1)
    if steps > MOST_STEPS or _log_ways(len(value), longest) > LARGEST_LOG:
        return None
    found = np.bincount(neighbours.area, whole[neighbours.neighbour], minlength=len(value))
    low, high = np.full(len(value), np.nan), np.full(len(value), np.nan)
    for kept in level if stays else (None,):
        others = times if kept is None else times - (level == kept)
        ways = _ways(level.astype(np.int64), others.astype(np.int64), longest, int(most))
        here = (size > 0) & ((whole == kept) if stays else True)
        total = ways.sum(axis=1)[size[here]]
        at = size[here], found[here].astype(np.int64)
        low[here] = np.cumsum(ways, axis=1)[at] / total
        high[here] = np.cumsum(ways[:, ::-1], axis=1)[:, ::-1][at] / total
    return Tails(np.minimum(low, 1), np.minimum(high, 1), "all ways, counted")


def _log_ways(count: int, drawn: int) -> float:
    """Return the logarithm of the largest number of ways there may be."""
    drawn = min(drawn, count // 2)
    return math.lgamma(count + 1) - math.lgamma(drawn + 1) - math.lgamma(count - drawn + 1)


@njit(cache=True, nogil=True)
def _ways(level: LongArray, times: LongArray, longest: int, most: int) -> FloatArray:
    """Return the ways of drawing each number of values with each sum, shape (k + 1, sums)."""
    ways = np.zeros((longest + 1, most + 1))
    ways[0, 0] = 1.0
    for v, m in zip(level, times):  # noqa: B905 - compiled
        for k in range(longest, 0, -1):
            choose = 1.0
            for j in range(1, min(m, k) + 1):
                choose *= (m - j + 1) / j
                for s in range(v * j, most + 1):
                    ways[k, s] += choose * ways[k - j, s - v * j]
    return ways
