"""Rates steadied by their fellows: the fewer people stand behind a rate, the less it may stray."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray
from scipy import special

from geoengine.rates.counts import BoolArray, FloatArray, check_confidence, quotient, usable


@dataclass(frozen=True, eq=False)
class Shrunken:
    """
    Rates drawn towards a mean, with the interval of their posterior distribution.

    Parameters
    ----------
    rate
        Shape (areas,); NaN where there is no rate.
    lower, upper
        Limits that leave equal tails of the posterior. They take mean and variance as known: where
        there are few areas, they are too narrow. NaN where the variance is 0.
    mean
        What each rate is drawn to, shape (areas,).
    variance
        How much true rates vary between areas, shape (areas,). Where the method of moments finds
        less than none, it is 0, and the rate is the mean.
    """

    rate: FloatArray
    lower: FloatArray
    upper: FloatArray
    mean: FloatArray
    variance: FloatArray


def poisson_gamma(count: ArrayLike, people: ArrayLike, *, confidence: float = 0.95) -> Shrunken:
    """
    Shrink rates of events to the overall rate, as Marshall does.

    Marshall's estimator is the mean of a gamma posterior with the same two moments: the interval
    is that distribution's.

    Parameters
    ----------
    count
        Events, shape (areas,); NaN where unknown or suppressed.
    people
        People they happen among, shape (areas,); an area with none has no rate.
    confidence
        Share of the posterior within the limits.

    Raises
    ------
    ValueError
        If the shapes disagree or a number is negative.

    References
    ----------
    Marshall, R. J. (1991) Mapping disease and mortality rates using empirical Bayes estimators.
    Applied Statistics 40(2), 283-294. doi:10.2307/2347593

    Examples
    --------
    One case among 10 people says less than 100 among 1,000.

    >>> shrunk = poisson_gamma([1, 100, 20], [10, 1000, 1000])
    >>> shrunk.rate.round(4)
    array([0.0682, 0.0985, 0.0215])
    """
    check_confidence(confidence)
    count, people, known = usable(count, people)
    mean, variance = moments(count[known], people[known])
    return _gamma(
        count, people, known, np.where(known, mean, np.nan), np.where(known, variance, np.nan),
        confidence,
    )  # fmt: skip


def local_poisson_gamma(
    count: ArrayLike, people: ArrayLike, first: ArrayLike, neighbour: ArrayLike,
    *, confidence: float = 0.95,
) -> Shrunken:  # fmt: skip
    """
    Shrink rates of events to the rate of each area and its neighbours.

    Parameters
    ----------
    count, people, confidence
        As for `poisson_gamma`.
    first, neighbour
        Neighbours of area i are `neighbour[first[i]:first[i + 1]]`; the area itself is always
        among those whose mean it is drawn to. Neighbours without a rate are left out. An area
        with no other is drawn to itself: its rate stays, with no variance to tell.

    Raises
    ------
    ValueError
        As for `poisson_gamma`, or if the neighbours are not of these areas.

    References
    ----------
    Marshall (1991), section 3.

    Examples
    --------
    The first two are neighbours, the third has none.

    >>> shrunk = local_poisson_gamma([1, 100, 20], [10, 1000, 1000], [0, 1, 2, 2], [1, 0])
    >>> shrunk.rate.round(4)
    array([0.1 , 0.1 , 0.02])
    """
    check_confidence(confidence)
    count, people, known = usable(count, people)
    first, neighbour = np.asarray(first, np.int64), np.asarray(neighbour, np.int64)
    if len(first) != len(count) + 1 or first[-1] != len(neighbour):
        raise ValueError(f"first and neighbour must list the neighbours of {len(count)} areas")
    if len(neighbour) and not 0 <= neighbour.min() <= neighbour.max() < len(count):
        raise ValueError(f"neighbours must be positions below {len(count)}")
    mean, variance = _local_moments(count, people, known, first, neighbour)
    return _gamma(count, people, known, mean, variance, confidence)


def beta_binomial(count: ArrayLike, people: ArrayLike, *, confidence: float = 0.95) -> Shrunken:
    """
    Shrink proportions to the overall proportion, as Martuzzi and Elliott do.

    For what is not rare, so that the Poisson distribution would overstate chance.

    Parameters
    ----------
    count, people
        Those of whom something holds, and all; shape (areas,). NaN where unknown.
    confidence
        As for `poisson_gamma`.

    Raises
    ------
    ValueError
        If the shapes disagree, a number is negative, or `count` exceeds `people`.

    References
    ----------
    Martuzzi, M. & Elliott, P. (1996) Empirical Bayes estimation of small area prevalence of
    non-rare conditions. Statistics in Medicine 15, 1867-1873.

    Examples
    --------
    >>> beta_binomial([9, 100, 300], [10, 200, 1000]).rate.round(3)
    array([0.484, 0.48 , 0.301])
    """
    check_confidence(confidence)
    count, people, known = usable(count, people, within=True)
    share = quotient(count, people, known)
    total = people[known].sum()
    mean = count[known].sum() / total if total > 0 else np.nan
    size = total / max(int(known.sum()), 1)
    spread = (people[known] * (share[known] - mean) ** 2).sum() / total if total > 0 else np.nan
    chance = mean * (1 - mean)
    variance = max((size * spread - chance) / (size - 1), 0.0) if size > 1 else 0.0
    means, variances = np.where(known, mean, np.nan), np.where(known, variance, np.nan)
    if not variance > 0:
        nothing = np.full(count.shape, np.nan)
        return Shrunken(means, nothing, nothing, means, variances)
    prior = chance / variance - 1
    a, b = prior * mean + count, prior * (1 - mean) + people - count
    tail = (1 - confidence) / 2
    a, b = np.where(known, a, np.nan), np.where(known, b, np.nan)
    return Shrunken(
        a / (a + b), special.betaincinv(a, b, tail), special.betainccinv(a, b, tail),
        means, variances,
    )  # fmt: skip


def standardised(count: ArrayLike, people: ArrayLike) -> FloatArray:
    """
    Return each rate's deviation from the overall rate in standard deviations of its own.

    Rates of few people vary more by chance. These values do not, and suit Moran's I.

    Parameters
    ----------
    count, people
        As for `poisson_gamma`.

    Returns
    -------
    numpy.ndarray
        Shape (areas,); NaN where there is no rate. The variance between areas is taken as 0
        where the method of moments finds less.

    Raises
    ------
    ValueError
        If the shapes disagree or a number is negative.

    References
    ----------
    Assunção, R. M. & Reis, E. A. (1999) A new proposal to adjust Moran's I for population
    density. Statistics in Medicine 18, 2147-2162.

    Examples
    --------
    >>> standardised([1, 100, 20], [10, 1000, 1000]).round(3)
    array([ 0.459,  1.004, -1.014])
    """
    count, people, known = usable(count, people)
    mean, variance = moments(count[known], people[known])
    if not mean > 0:
        return np.where(known, 0.0, np.nan)
    spread = np.sqrt(variance + quotient(np.full(count.shape, mean), people, known))
    return np.asarray((quotient(count, people, known) - mean) / spread)


def moments(count: FloatArray, people: FloatArray) -> tuple[float, float]:
    """Return Marshall's mean of the rates and their variance between areas, at least 0."""
    total = people.sum()
    if not total > 0:
        return float("nan"), float("nan")
    mean = count.sum() / total
    spread = (people * (count / people - mean) ** 2).sum() / total
    return float(mean), float(max(spread - mean * len(people) / total, 0.0))


@njit(
    "Tuple((float64[::1], float64[::1]))"
    "(float64[::1], float64[::1], boolean[::1], int64[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def _local_moments(
    count: FloatArray, people: FloatArray, known: BoolArray,
    first: NDArray[np.int64], neighbour: NDArray[np.int64],
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    areas = len(count)
    mean, variance = np.full(areas, np.nan), np.full(areas, np.nan)
    for i in range(areas):
        if not known[i]:
            continue
        events, total, size = count[i], people[i], 1
        for at in range(first[i], first[i + 1]):
            j = neighbour[at]
            if known[j] and j != i:
                events += count[j]
                total += people[j]
                size += 1
        mean[i] = events / total
        spread = people[i] * (count[i] / people[i] - mean[i]) ** 2
        for at in range(first[i], first[i + 1]):
            j = neighbour[at]
            if known[j] and j != i:
                spread += people[j] * (count[j] / people[j] - mean[i]) ** 2
        variance[i] = max(spread / total - mean[i] * size / total, 0.0)
    return mean, variance


def _gamma(
    count: FloatArray, people: FloatArray, known: BoolArray,
    mean: FloatArray, variance: FloatArray, confidence: float,
) -> Shrunken:  # fmt: skip
    varies = known & (variance > 0)
    scale = np.divide(mean, variance, out=np.full(count.shape, np.nan), where=varies)
    a, b = mean * scale + count, scale + people
    tail = (1 - confidence) / 2
    limits = special.gammaincinv(a, tail) / b, special.gammainccinv(a, tail) / b
    return Shrunken(np.where(varies, a / b, mean), *limits, mean, variance)
