"""How surprising a count is, if only chance set it apart from what was expected."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from geoengine.rates.counts import BoolArray, FloatArray, usable
from geoengine.significance import never_zero


@dataclass(frozen=True, eq=False)
class Surprise:
    """
    Mid-p values of each count: half the chance of the very count goes to either tail.

    Parameters
    ----------
    high
        Chance of a count as high, shape (areas,); NaN where it cannot be told.
    low
        Chance of a count as low; `high` and `low` add up to 1.
    two_sided
        Twice the smaller one, never 0.

    References
    ----------
    Lancaster, H. O. (1961) Significance tests in discrete distributions. Journal of the American
    Statistical Association 56, 223-234.
    """

    high: FloatArray
    low: FloatArray
    two_sided: FloatArray


def poisson_test(count: ArrayLike, expected: ArrayLike) -> Surprise:
    """
    Compare counts of events with those expected, exactly.

    Parameters
    ----------
    count
        Events, shape (areas,); NaN where unknown.
    expected
        Events expected, shape (areas,); nothing is told where it is 0 or NaN.

    Raises
    ------
    ValueError
        If the shapes disagree, a number is negative, or a count is no whole number.

    Examples
    --------
    None where one is expected: half of exp(-1) is the low tail.

    >>> poisson_test([0], [1.0]).low.round(6)
    array([0.18394])
    """
    count, expected, known = usable(count, expected)
    _check_whole(count)
    one, above = np.maximum(count, 1), count + 1
    return _surprise(
        special.gammainc(above, expected), np.where(count == 0, 1, special.gammainc(one, expected)),
        special.gammaincc(above, expected),
        np.where(count == 0, 0, special.gammaincc(one, expected)),
        known,
    )  # fmt: skip


def binomial_test(count: ArrayLike, people: ArrayLike, share: ArrayLike) -> Surprise:
    """
    Compare how many people something holds for with the share expected, exactly.

    Parameters
    ----------
    count, people
        As for `wilson`.
    share
        Proportion expected, from 0 to 1: one for all, or shape (areas,).

    Raises
    ------
    ValueError
        As for `wilson`, if a number is not whole, or if a share lies outside 0 to 1.

    Examples
    --------
    All of two, where half are expected: half of a quarter.

    >>> binomial_test([2], [2], 0.5).high
    array([0.125])
    """
    count, people, known = usable(count, people, within=True)
    _check_whole(count)
    _check_whole(people)
    share = np.broadcast_to(np.asarray(share, dtype=float), count.shape)
    if ((share < 0) | (share > 1)).any():
        raise ValueError("share must lie between 0 and 1")
    known &= np.isfinite(share)
    first, last = count == 0, count == people
    one, left = np.maximum(count, 1), np.maximum(people - count, 1)
    return _surprise(
        np.where(last, 0, special.betainc(count + 1, left, share)),
        np.where(first, 1, special.betainc(one, people - count + 1, share)),
        np.where(last, 1, special.betaincc(count + 1, left, share)),
        np.where(first, 0, special.betaincc(one, people - count + 1, share)),
        known,
    )  # fmt: skip


def _check_whole(count: FloatArray) -> None:
    broken = np.isfinite(count) & (count != np.floor(count))
    if broken.any():
        at = int(np.flatnonzero(broken)[0])
        raise ValueError(f"counts must be whole numbers, but one is {count[at]:g} at {at}")


def _surprise(
    more: FloatArray, as_many: FloatArray, as_few: FloatArray, fewer: FloatArray, known: BoolArray
) -> Surprise:
    """Halve the chance of the very count: the mean of the tails with it and without it."""
    high = np.where(known, (more + as_many) / 2, np.nan)
    low = np.where(known, (as_few + fewer) / 2, np.nan)
    return Surprise(high, low, never_zero(2 * np.minimum(high, low)))
