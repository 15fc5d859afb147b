"""Which areas lie outside what chance allows around one rate, and where its limits run."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from geoengine.rates.counts import FloatArray, check_confidence, quotient, usable
from geoengine.rates.intervals import exact

Overdispersion = Literal["none", "multiplicative", "additive"]
WINSORISED = 0.1
HALVINGS = 64


@dataclass(frozen=True, eq=False)
class Funnel:
    """
    Control limits of each area around one baseline.

    Parameters
    ----------
    value
        The proportion, or the ratio of events to those expected; shape (areas,), NaN where there
        is none.
    lower, upper
        Limits of that value, shape (areas,).
    outside
        -1 below the lower limit, 1 above the upper one, 0 between or where there is no value,
        shape (areas,).
    baseline
        What the limits are drawn around.
    phi
        Spiegelhalter's overdispersion: the mean squared z-score, a tenth winsorised at either
        end. Chance alone gives about 1 or less; NaN where no area has a value.
    tau2
        Variance between areas beyond chance, in squared units of the value; 0 where there is no
        more than chance gives.

    References
    ----------
    Spiegelhalter, D. J. (2005) Funnel plots for comparing institutional performance. Statistics
    in Medicine 24, 1185-1202; (2005) Handling over-dispersion of performance indicators. Quality
    and Safety in Health Care 14, 347-351.
    """

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    outside: NDArray[np.int8]
    baseline: float
    phi: float
    tau2: float


def proportions(
    count: ArrayLike, people: ArrayLike, *, baseline: float | None = None,
    confidence: float = 0.95, overdispersion: Overdispersion = "none",
) -> Funnel:  # fmt: skip
    """
    Draw a funnel around a proportion.

    An area is outside when its Wilson interval excludes the baseline. This is what England's
    public health profiles do; it is not the Wilson interval of the baseline.

    Parameters
    ----------
    count, people
        Those of whom something holds, and all; shape (areas,). NaN where unknown.
    baseline
        Proportion to compare with; by default that of all areas together.
    confidence
        0.95 and 0.998 are usual.
    overdispersion
        What to do where areas differ more than by chance: nothing; multiply each area's variance
        by `phi`, where it is above 1; or add `tau2` to it.

    Raises
    ------
    ValueError
        If numbers are wrong as for `wilson`, or the baseline is not between 0 and 1.

    Examples
    --------
    Around 40 %, 100 people may be 9.6 points off.

    >>> funnel = proportions([30, 50, 400], [100, 100, 1000], baseline=0.4)
    >>> funnel.upper.round(3), funnel.outside
    (array([0.496, 0.496, 0.43 ]), array([-1,  1,  0], dtype=int8))
    """
    check_confidence(confidence)
    count, people, known = usable(count, people, within=True)
    if baseline is None:
        baseline = _overall(count[known], people[known])
    elif not 0 <= baseline <= 1:
        raise ValueError(f"baseline must lie between 0 and 1, not {baseline:g}")
    variance = quotient(np.full(count.shape, baseline * (1 - baseline)), people, known)
    share = quotient(count, people, known)
    phi, tau2 = dispersion((share - baseline)[known], variance[known])
    lower, upper = _normal(baseline, variance, confidence, overdispersion, phi, tau2)
    upper = np.minimum(upper, 1)
    return Funnel(share, lower, upper, _side(share, lower, upper), baseline, phi, tau2)


def ratios(
    count: ArrayLike, expected: ArrayLike,
    *, confidence: float = 0.95, overdispersion: Overdispersion = "none",
) -> Funnel:  # fmt: skip
    """
    Draw a funnel around the ratio of events to those expected.

    An area is outside when the exact interval of its count excludes what was expected.

    Parameters
    ----------
    count
        Events, shape (areas,); NaN where unknown or suppressed.
    expected
        Events expected, such as people times a rate, shape (areas,); above 0.
    confidence
        As for `proportions`.
    overdispersion
        As for `proportions`; limits that allow for it are normal ones.

    Raises
    ------
    ValueError
        If the shapes disagree or a number is negative.

    Examples
    --------
    Two events have an upper limit of 7.22: where 8 are expected, they are too few.

    >>> ratios([2, 2], [8.0, 7.0]).outside
    array([-1,  0], dtype=int8)
    """
    check_confidence(confidence)
    count, expected, known = usable(count, expected)
    ratio = quotient(count, expected, known)
    variance = quotient(np.ones(count.shape), expected, known)
    phi, tau2 = dispersion((ratio - 1)[known], variance[known])
    if overdispersion != "none":
        lower, upper = _normal(1.0, variance, confidence, overdispersion, phi, tau2)
        return Funnel(ratio, lower, upper, _side(ratio, lower, upper), 1.0, phi, tau2)
    lowest, highest = exact(count, confidence=confidence)
    outside = np.where(expected > highest, -1, np.where(expected < lowest, 1, 0))
    few, many = (_touching(expected, side, confidence) for side in (1, 0))
    lower, upper = quotient(few, expected, known), quotient(many, expected, known)
    return Funnel(ratio, lower, upper, np.where(known, outside, 0).astype(np.int8), 1.0, phi, tau2)


def dispersion(deviation: FloatArray, variance: FloatArray) -> tuple[float, float]:
    """
    Return how much more areas differ than by chance, as a factor and as a variance.

    Parameters
    ----------
    deviation, variance
        Each area's from the baseline, and what chance gives; shape (areas,), all known.

    Returns
    -------
    phi, tau2
        As in `Funnel`.
    """
    certain = variance > 0
    if not certain.any():
        return float("nan"), 0.0
    weight = 1 / variance[certain]
    z = np.sort(deviation[certain] * np.sqrt(weight))
    areas, cut = len(z), int(WINSORISED * len(z))
    phi = float(np.mean(np.clip(z, z[cut], z[areas - 1 - cut]) ** 2))
    rest = weight.sum() - (weight**2).sum() / weight.sum()
    beyond = areas * phi - (areas - 1)
    return phi, float(beyond / rest) if beyond > 0 and rest > 0 else 0.0


def _normal(
    baseline: float, variance: FloatArray, confidence: float,
    overdispersion: Overdispersion, phi: float, tau2: float,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    if overdispersion == "multiplicative":
        variance = variance * np.fmax(phi, 1)
    elif overdispersion == "additive":
        variance = variance + tau2
    elif overdispersion != "none":
        raise ValueError(f"there is no overdispersion called {overdispersion!r}")
    half = special.ndtri(0.5 + confidence / 2) * np.sqrt(variance)
    return np.maximum(baseline - half, 0), baseline + half


def _side(value: FloatArray, lower: FloatArray, upper: FloatArray) -> NDArray[np.int8]:
    return ((value > upper).astype(np.int8) - (value < lower)).astype(np.int8)


def _touching(expected: FloatArray, side: int, confidence: float) -> FloatArray:
    """Find the count whose lower or upper limit is what was expected; 0 where none is as low."""
    below = np.zeros(expected.shape)
    above = 2 * expected + 100
    for _ in range(HALVINGS):
        middle = (below + above) / 2
        less = exact(middle, confidence=confidence)[side] < expected
        below, above = np.where(less, middle, below), np.where(less, above, middle)
    return below


def _overall(count: FloatArray, people: FloatArray) -> float:
    total = people.sum()
    return float(count.sum() / total) if total > 0 else float("nan")
