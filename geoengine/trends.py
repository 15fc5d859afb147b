"""Whether a series rises or falls, and whether it is long enough to tell."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import factorial, prod
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from geoengine.significance import never_zero

FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]

EXACT_UP_TO = 40
MARKED_POINTS = 5
MARKED_CHI2 = 9.54953570608324
"""The chi-square, of one degree of freedom, that one series in 500 exceeds by chance."""
WIDTH_95 = 3.92


@dataclass(frozen=True, eq=False)
class MannKendall:
    """
    Whether each series rises or falls, from the order of its values alone.

    Parameters
    ----------
    s
        Pairs of values that rise less those that fall, shape (series,).
    tau
        Kendall's tau-b of the values and time, shape (series,); NaN where all values are equal or
        fewer than two are known.
    p
        Two-sided, never 0; NaN as for `tau`.
    least_p
        What `p` would be if the series rose all along: no trend can be told below it.
    points
        How many values are known, shape (series,).
    """

    s: LongArray
    tau: FloatArray
    p: FloatArray
    least_p: FloatArray
    points: LongArray


def mann_kendall(values: ArrayLike, *, exact: bool = True) -> MannKendall:
    """
    Test each series for a trend.

    Parameters
    ----------
    values
        Shape (series, steps), in order of time; NaN where unknown: that step is left out.
    exact
        Whether `p` counts all orders of the values, ties as they are, up to 40 values; otherwise,
        and beyond, it is the normal approximation with its correction for continuity.

    Raises
    ------
    ValueError
        If `values` is not a table.

    Notes
    -----
    Steps are taken as independent of each other: where each leans on the one before, `p` is too
    small.

    References
    ----------
    Mann, H. B. (1945) Nonparametric tests against trend. Econometrica 13, 245-259. Kendall, M. G.
    (1975) Rank correlation methods, 4th ed. Griffin.

    Examples
    --------
    Even four values that rise all along may do so by chance, one time in twelve up or down.

    >>> mann_kendall([[1, 2, 3, 4]]).p.round(3)
    array([0.083])
    """
    table = _table(values)
    steps = table.shape[1]
    s = np.zeros(len(table), dtype=np.int64)
    for earlier in range(steps - 1):
        rise = np.sign(table[:, earlier + 1 :] - table[:, [earlier]])
        s += np.nan_to_num(rise).sum(axis=1).astype(np.int64)
    points = np.isfinite(table).sum(axis=1)
    tau, p, least = (np.full(len(table), np.nan) for _ in range(3))
    for i, ties in enumerate(_ties(table)):
        pairs, untied = points[i] * (points[i] - 1) // 2, _untied(ties)
        if untied:
            tau[i] = s[i] / np.sqrt(float(pairs) * untied)
            count = exact and points[i] <= EXACT_UP_TO
            chance = _exact_p if count else _normal_p
            p[i], least[i] = chance(ties, abs(int(s[i]))), chance(ties, untied)
    return MannKendall(s, tau, never_zero(p), never_zero(least), points)


def fingertips_markers(
    value: ArrayLike, lower: ArrayLike, upper: ArrayLike,
    *, better: Literal["high", "low"] | None = None,
) -> list[str]:  # fmt: skip
    """
    Mark recent trends as England's public health profiles (Fingertips) do.

    A line through the last five values, weighted by their precision, must be steeper than one in
    500 is by chance, and keep its direction whichever value is left out.

    Parameters
    ----------
    value, lower, upper
        Yearly values and their 95 % limits, shape (series, years), in order of time; NaN where
        unknown.
    better
        Which way is better, if either is.

    Returns
    -------
    list of str
        "increasing", "decreasing", each with "_better" or "_worse" where `better` is given,
        "no_change", or "cannot_be_calculated" where fewer than five years have a value with an
        interval of some width. (Fingertips' own code says "no change" of a series without any
        intervals.)

    Raises
    ------
    ValueError
        If the shapes disagree.

    References
    ----------
    Department of Health and Social Care, Fingertips technical guidance: recent trends.

    Examples
    --------
    >>> share = np.array([[10.0, 11, 12, 13, 14]])
    >>> fingertips_markers(share, share - 0.5, share + 0.5, better="low")
    ['increasing_worse']
    """
    values, low, high = _table(value), _table(lower), _table(upper)
    if not values.shape == low.shape == high.shape:
        raise ValueError(f"shapes disagree: {values.shape}, {low.shape}, {high.shape}")
    ways = {None: ("", ""), "high": ("_better", "_worse"), "low": ("_worse", "_better")}
    up, down = "increasing" + ways[better][0], "decreasing" + ways[better][1]
    marks = []
    for row, width in zip(values, high - low, strict=True):
        recent = np.flatnonzero(np.isfinite(row) & np.isfinite(width))[-MARKED_POINTS:]
        if len(recent) < MARKED_POINTS or not (width[recent] > 0).all():
            marks.append("cannot_be_calculated")
            continue
        slopes, chi2 = _weighted_slopes(row[recent], (WIDTH_95 / width[recent]) ** 2)
        steady = (slopes < 0).all() or (slopes >= 0).all()
        way = up if slopes[0] > 0 else down
        marks.append(way if chi2 > MARKED_CHI2 and steady else "no_change")
    return marks


def _weighted_slopes(values: FloatArray, weight: FloatArray) -> tuple[FloatArray, float]:
    """Return the slope of all values and without each, and the chi-square of the first."""
    steps = np.arange(1.0, len(values) + 1)
    used = np.vstack((np.ones(len(values)), 1 - np.eye(len(values)))) * weight
    total, at, height = used.sum(axis=1), used @ steps, used @ values
    square = total * (used @ steps**2) - at**2
    slopes = (total * (used @ (steps * values)) - at * height) / square
    return slopes, float(slopes[0] ** 2 * square[0] / total[0])


def _table(values: ArrayLike) -> FloatArray:
    table = np.asarray(values, dtype=float)
    if table.ndim != 2:
        raise ValueError(f"values must have shape (series, steps), not {table.shape}")
    if np.isinf(table).any():
        raise ValueError("values must be finite, or NaN where unknown")
    return table


def _ties(table: FloatArray) -> list[tuple[int, ...]]:
    """Return how many times each value of a series stands, of each series."""
    ordered = np.sort(table, axis=1)
    alike = (np.diff(ordered, axis=1) == 0).any(axis=1)
    points = np.isfinite(table).sum(axis=1)
    return [
        tuple(sorted(Counter(row[: points[i]].tolist()).values())) if alike[i] else (1,) * points[i]
        for i, row in enumerate(ordered)
    ]


def _untied(ties: tuple[int, ...]) -> int:
    points = sum(ties)
    return points * (points - 1) // 2 - sum(t * (t - 1) // 2 for t in ties)


def _exact_p(ties: tuple[int, ...], s: int) -> float:
    """Return the share of orders whose |S| is as great, of which half are the others reversed."""
    falls = (_untied(ties) - s) // 2
    orders = factorial(sum(ties)) // prod(factorial(t) for t in ties)
    return 1.0 if s == 0 else 2 * _orders_up_to(ties)[falls] / orders


@lru_cache(maxsize=1024)
def _orders_up_to(ties: tuple[int, ...]) -> tuple[int, ...]:
    """
    Count the orders of values with at most 0, 1, 2 … pairs that fall.

    Their generating function is the Gaussian multinomial coefficient: the product of 1 - qⁱ up to
    the number of values, divided by the same product for each value that stands several times.
    """
    size = _untied(ties) + 1
    count = [1] + [0] * (size - 1)
    for i in range(1, sum(ties) + 1):
        for at in range(size - 1, i - 1, -1):
            count[at] -= count[at - i]
    for i in (j for t in ties for j in range(1, t + 1)):
        for at in range(i, size):
            count[at] += count[at - i]
    for at in range(1, size):
        count[at] += count[at - 1]
    return tuple(count)


def _normal_p(ties: tuple[int, ...], s: int) -> float:
    def term(t: int) -> int:
        return t * (t - 1) * (2 * t + 5)

    variance = (term(sum(ties)) - sum(term(t) for t in ties)) / 18
    return float(min(2 * special.ndtr(-max(s - 1, 0) / np.sqrt(variance)), 1.0))
