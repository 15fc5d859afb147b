"""How far the truth may be from a count or a proportion: the intervals public health uses."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from geoengine.rates.counts import FloatArray, check_confidence, quotient, usable

EXACT_BELOW = 10


def wilson(
    count: ArrayLike, people: ArrayLike, *, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """
    Return Wilson's score interval of each proportion.

    Parameters
    ----------
    count, people
        Those of whom something holds, and all; shape (areas,). NaN where unknown.
    confidence
        Share of such intervals that hold the truth.

    Returns
    -------
    lower, upper
        Proportions from 0 to 1; NaN where a number is unknown or nobody is counted.

    Raises
    ------
    ValueError
        If the shapes disagree, a number is negative, or `count` exceeds `people`.

    References
    ----------
    Wilson, E. B. (1927) Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> lower, upper = wilson([65], [100])
    >>> f"{lower[0]:.6f} {upper[0]:.6f}"
    '0.552544 0.736358'
    """
    check_confidence(confidence)
    count, people, known = usable(count, people, within=True)
    return score_interval(quotient(count, people, known), people, _z(confidence))


def score_interval(
    share: FloatArray, people: FloatArray, z: float
) -> tuple[FloatArray, FloatArray]:
    """Return Wilson's interval at so many standard errors; NaN where the share is."""
    centre = share * people + z * z / 2
    half = z / 2 * np.sqrt(z * z + 4 * people * share * (1 - share))
    return (centre - half) / (people + z * z), (centre + half) / (people + z * z)


def byar(count: ArrayLike, *, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """
    Return Byar's approximate interval of the number of events to be expected.

    It holds from about ten events; with fewer, use `exact`.

    Parameters
    ----------
    count
        Events, shape (areas,); NaN where unknown.
    confidence
        As for `wilson`.

    Returns
    -------
    lower, upper
        Events, never below 0; NaN where the count is.

    Raises
    ------
    ValueError
        If a count is negative.

    References
    ----------
    Breslow, N. E. & Day, N. E. (1987) Statistical methods in cancer research II. IARC, p. 69.

    Examples
    --------
    >>> lower, upper = byar([65.0])
    >>> f"{lower[0]:.6f} {upper[0]:.6f}"
    '50.163188 82.849139'
    """
    check_confidence(confidence)
    events, _, _ = usable(count, np.ones(np.shape(count)))
    z, more = _z(confidence), events + 1
    some = np.maximum(events, 1)
    lower = events * np.maximum(1 - 1 / (9 * some) - z / (3 * np.sqrt(some)), 0) ** 3
    return lower, more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3


def exact(count: ArrayLike, *, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """
    Return the exact Poisson interval of the number of events to be expected.

    Parameters
    ----------
    count, confidence
        As for `byar`.

    Returns
    -------
    lower, upper
        Events; the lower is 0 where none happened; NaN where the count is unknown.

    Raises
    ------
    ValueError
        If a count is negative.

    References
    ----------
    Garwood, F. (1936) Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.

    Examples
    --------
    >>> lower, upper = exact([1.0])
    >>> f"{lower[0]:.6f} {upper[0]:.6f}"
    '0.025318 5.571643'
    """
    check_confidence(confidence)
    events, _, _ = usable(count, np.ones(np.shape(count)))
    tail = (1 - confidence) / 2
    lower = np.where(events == 0, 0.0, special.gammaincinv(np.maximum(events, 1e-300), tail))
    return lower, np.asarray(special.gammainccinv(events + 1, tail))


def poisson(count: ArrayLike, *, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """
    Return the interval that England's public health profiles print: exact below ten, then Byar's.

    Parameters
    ----------
    count, confidence
        As for `byar`.

    Returns
    -------
    lower, upper
        Events; NaN where the count is unknown.

    Raises
    ------
    ValueError
        If a count is negative.

    References
    ----------
    Office for Health Improvement and Disparities, Fingertips technical guidance: confidence
    intervals.

    Examples
    --------
    >>> [round(float(limit[0]), 3) for limit in poisson([5.0])]
    [1.623, 11.668]
    """
    few = np.asarray(count, dtype=float) < EXACT_BELOW
    pairs = zip(
        exact(count, confidence=confidence), byar(count, confidence=confidence), strict=True
    )
    lower, upper = (np.where(few, small, large) for small, large in pairs)
    return lower, upper


def _z(confidence: float) -> float:
    return float(special.ndtri(0.5 + confidence / 2))
