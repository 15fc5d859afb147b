"""p-values: never 0, and adjusted for many tests so that a map has few false findings."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Correction = Literal["benjamini_hochberg", "benjamini_yekutieli", "none"]

LEAST_P = 1e-300
"""A p-value smaller than this is written as this: near it floating-point numbers end."""


def never_zero(p: FloatArray) -> FloatArray:
    """
    Return p-values that are above 0, as chance never rules anything out.

    Parameters
    ----------
    p
        p-values; NaN where nothing was tested, which it stays.

    Returns
    -------
    numpy.ndarray
        The same, `LEAST_P` where they are less.

    Examples
    --------
    >>> never_zero(np.array([0.0, 1e-40, np.nan]))
    array([1.e-300, 1.e-040,     nan])
    """
    return np.asarray(np.maximum(p, LEAST_P))


def benjamini_hochberg(p: FloatArray) -> FloatArray:
    """
    Return the least false discovery rate at which each test would be a finding.

    Parameters
    ----------
    p
        p-values, shape (tests,); NaN where nothing was tested, which does not count among the
        tests.

    Returns
    -------
    numpy.ndarray
        Adjusted p-values (q), shape (tests,); NaN where `p` is.

    Raises
    ------
    ValueError
        If a p-value is not from 0 to 1.

    Notes
    -----
    Holds for independent tests and for those that tend to agree, as overlapping neighbourhoods
    do.

    References
    ----------
    Benjamini, Y. & Hochberg, Y. (1995) Controlling the false discovery rate: a practical and
    powerful approach to multiple testing. Journal of the Royal Statistical Society B 57(1),
    289-300. doi:10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, np.nan, 0.03])).round(3)
    array([0.03, 0.04,  nan, 0.04])
    """
    p = np.asarray(p, dtype=np.float64)
    if ((p < 0) | (p > 1)).any():
        raise ValueError("a p-value must be from 0 to 1")
    q = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    if not len(tested):
        return q
    order = tested[np.argsort(p[tested], kind="stable")]
    scaled = p[order] * (len(order) / np.arange(1, len(order) + 1))
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return q


def benjamini_yekutieli(p: FloatArray) -> FloatArray:
    """
    Return adjusted p-values that hold however the tests depend on each other.

    Parameters
    ----------
    p
        As for `benjamini_hochberg`.

    Returns
    -------
    numpy.ndarray
        Adjusted p-values, larger than `benjamini_hochberg`'s by the sum of 1/1 to 1/tests.

    References
    ----------
    Benjamini, Y. & Yekutieli, D. (2001) The control of the false discovery rate in multiple
    testing under dependency. Annals of Statistics 29(4), 1165-1188. doi:10.1214/aos/1013699998
    """
    p = np.asarray(p, dtype=np.float64)
    tests = np.count_nonzero(~np.isnan(p))
    adjusted: FloatArray = np.minimum(
        benjamini_hochberg(p) * np.sum(1 / np.arange(1, tests + 1)), 1
    )
    return adjusted


CORRECTIONS: dict[Correction, Callable[[FloatArray], FloatArray]] = {
    "benjamini_hochberg": benjamini_hochberg,
    "benjamini_yekutieli": benjamini_yekutieli,
    "none": np.copy,
}
"""How p-values can be adjusted for many tests."""
TOLD: dict[Correction, str] = {
    "benjamini_hochberg": "Benjamini–Hochberg",
    "benjamini_yekutieli": "Benjamini–Yekutieli",
}
"""What an adjustment is called."""
