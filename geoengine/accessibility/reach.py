"""What is in reach, with nobody else counted: how soon, how much, and how soon so much."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.accessibility.pairs import (
    BoolArray,
    FloatArray,
    LongArray,
    Times,
    check_amounts,
    pairs_of,
    sum_known,
    weigh,
)
from geoengine.decay import Decay, binary

SLICES = 64

Statistic = Literal["mean", "median", "min", "max"]
_STATISTIC: dict[str, Callable[..., Any]] = {
    "mean": np.mean,
    "median": np.median,
    "min": np.min,
    "max": np.max,
}


def nearest(
    times: Times, k: int = 1, *, among: BoolArray | None = None
) -> tuple[FloatArray, LongArray]:
    """
    Find the k nearest destinations of each origin, nearest first.

    Parameters
    ----------
    times
        The pairs.
    k
        How many, at least 1.
    among
        Which destinations count, shape (destinations,); by default all.

    Returns
    -------
    seconds
        Shape (origins, k): inf where fewer than k can be reached.
    destination
        Their positions, shape (origins, k): -1 where there is none. Of destinations equally
        near, the one that comes first.

    Raises
    ------
    ValueError
        If `k` is less than 1.

    Examples
    --------
    >>> from geoengine.accessibility import pair_up
    >>> pairs = pair_up([0, 0], [0, 1], [300.0, 120.0], origins=2, destinations=2)
    >>> seconds, destination = nearest(pairs)
    >>> seconds.ravel(), destination.ravel()
    (array([120.,  inf]), array([ 1, -1]))
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    pairs = pairs_of(times)
    counted = np.ones(pairs.destinations, dtype=bool) if among is None else np.asarray(among)
    return _nearest(pairs.first_pair, pairs.destination, pairs.seconds, counted, k)


def mean_of_nearest(times: Times, k: int, *, among: BoolArray | None = None) -> FloatArray:
    """
    Average the times to the k nearest destinations: access with a choice.

    Parameters
    ----------
    times, k, among
        As for `nearest`.

    Returns
    -------
    numpy.ndarray
        Seconds, shape (origins,); inf where fewer than k can be reached.
    """
    return np.asarray(nearest(times, k, among=among)[0].mean(axis=1))


def cumulative(times: Times, supply: FloatArray, *, cutoff_s: float) -> FloatArray:
    """
    Add up what can be reached within a cut-off.

    Parameters
    ----------
    times
        The pairs.
    supply
        Amount at each destination, shape (destinations,); NaN where unknown, which is passed
        over.
    cutoff_s
        Longest time, seconds, inclusive.

    Returns
    -------
    numpy.ndarray
        Shape (origins,): 0 where nothing is in reach, NaN where all that is has an unknown
        amount.

    Raises
    ------
    ValueError
        If the shapes disagree, an amount is negative, or the cut-off is not positive.

    Examples
    --------
    >>> from geoengine.accessibility import pair_up
    >>> pairs = pair_up([0, 0, 1], [0, 1, 1], [300.0, 120.0, 900.0], origins=2, destinations=2)
    >>> cumulative(pairs, np.array([30.0, 10.0]), cutoff_s=600)
    array([40.,  0.])
    """
    return gravity(times, supply, decay=binary(cutoff_s))


def cumulative_over(
    times: Times, supply: FloatArray, *, cutoffs_s: Sequence[float], statistic: Statistic = "mean"
) -> FloatArray:
    """
    Summarise what can be reached over an interval of cut-offs, so that no single one decides.

    Parameters
    ----------
    times, supply
        As for `cumulative`.
    cutoffs_s
        The cut-offs, seconds, each inclusive.
    statistic
        How the amounts at the cut-offs are summarised.

    Returns
    -------
    numpy.ndarray
        Shape (origins,); NaN where the amount at any of the cut-offs is unknown.

    Raises
    ------
    ValueError
        As for `cumulative`, or if there is no cut-off.

    References
    ----------
    Tomasiello, D. B., Herszenhut, D., Oliveira, J. L. A., Braga, C. K. V. & Pereira, R. H. M.
    (2023) A time interval metric for cumulative opportunity accessibility. Applied Geography
    157, 103007. doi:10.1016/j.apgeog.2023.103007
    """
    if len(cutoffs_s) == 0:
        raise ValueError("an interval needs at least one cut-off")
    amounts = [cumulative(times, supply, cutoff_s=cutoff_s) for cutoff_s in cutoffs_s]
    return np.asarray(_STATISTIC[statistic](amounts, axis=0))


def gravity(times: Times, supply: FloatArray, *, decay: Decay | None = None) -> FloatArray:
    """
    Add up what can be reached, each amount counting less the longer it takes.

    Parameters
    ----------
    times
        The pairs.
    supply
        Amount at each destination, shape (destinations,); NaN where unknown, which is passed
        over. In the passive form, with turned pairs, people at each origin.
    decay
        One of `geoengine.decay`, or any function of seconds; by default all pairs count alike.

    Returns
    -------
    numpy.ndarray
        Shape (origins,): 0 where nothing counts, NaN where all that does has an unknown amount.

    Raises
    ------
    ValueError
        If the shapes disagree, an amount is negative, or the decay returns no weights.

    References
    ----------
    Hansen, W. G. (1959) How accessibility shapes land use. Journal of the American Institute of
    Planners 25(2), 73-76. doi:10.1080/01944365908978307

    Examples
    --------
    >>> from geoengine import decay
    >>> from geoengine.accessibility import pair_up
    >>> pairs = pair_up([0, 0], [0, 1], [300.0, 600.0], origins=1, destinations=2)
    >>> gravity(pairs, np.array([30.0, 10.0]), decay=decay.linear(600))
    array([15.])
    """
    weights = weigh(times, decay)
    check_amounts(supply, weights.shape[1], "amounts")
    return sum_known(weights, supply)


def time_to_reach(times: Times, supply: FloatArray, wanted: FloatArray | float) -> FloatArray:
    """
    Return how long it takes to reach a wanted amount: dual access.

    Parameters
    ----------
    times
        The pairs.
    supply
        Amount at each destination, shape (destinations,); NaN where unknown, which counts for
        nothing.
    wanted
        Amount to be reached, for all origins or of shape (origins,).

    Returns
    -------
    numpy.ndarray
        Seconds, shape (origins,): inf where so much is never reached, 0 where none is wanted,
        NaN where the amount wanted is unknown.

    Raises
    ------
    ValueError
        If the shapes disagree, or an amount is negative.

    References
    ----------
    Cui, M. & Levinson, D. (2020) Primal and dual access. Geographical Analysis 52(3), 452-474.
    doi:10.1111/gean.12220

    Examples
    --------
    >>> from geoengine.accessibility import pair_up
    >>> pairs = pair_up([0, 0], [0, 1], [300.0, 120.0], origins=1, destinations=2)
    >>> time_to_reach(pairs, np.array([30.0, 10.0]), 25)
    array([300.])
    """
    pairs = pairs_of(times)
    check_amounts(supply, pairs.destinations, "amounts")
    wants = np.broadcast_to(np.asarray(wanted, dtype=float), (pairs.origins,))
    check_amounts(wants, pairs.origins, "amounts wanted")
    known = np.nan_to_num(supply)
    seconds = _time_to_reach(pairs.first_pair, pairs.destination, pairs.seconds, known, wants)
    seconds[np.isnan(wants)] = np.nan
    return seconds


def balancing_time(times: Times, supply: FloatArray, demand: FloatArray) -> FloatArray:
    """
    Return how long it takes to reach as many places as people live at each origin.

    Parameters
    ----------
    times, supply
        As for `time_to_reach`.
    demand
        People at each origin, shape (origins,).

    Returns
    -------
    numpy.ndarray
        Seconds, shape (origins,): inf where so many are never reached, 0 where nobody lives,
        NaN where nobody knows how many do. The exact time; round it up to compare with tables
        that count in whole minutes.

    References
    ----------
    Barboza, M. H. C., Carneiro, M. S., Falavigna, C., Luz, G. & Orrico, R. (2021) Balancing
    time: using a new accessibility measure in Rio de Janeiro. Journal of Transport Geography
    90, 102924. doi:10.1016/j.jtrangeo.2020.102924
    """
    return time_to_reach(times, supply, demand)


@njit(cache=True, nogil=True)
def _nearest(
    first: LongArray,
    destination: NDArray[np.integer[Any]],
    seconds: FloatArray,
    among: BoolArray,
    k: int,
) -> tuple[FloatArray, LongArray]:
    """Keep the k soonest of each row in order, by insertion."""
    origins = len(first) - 1
    best = np.full((origins, k), np.inf)
    who = np.full((origins, k), -1, np.int64)
    for i in range(origins):
        for p in range(first[i], first[i + 1]):
            if seconds[p] >= best[i, k - 1] or not among[destination[p]]:
                continue
            at = k - 1
            while at > 0 and seconds[p] < best[i, at - 1]:
                best[i, at], who[i, at] = best[i, at - 1], who[i, at - 1]
                at -= 1
            best[i, at], who[i, at] = seconds[p], destination[p]
    return best, who


@njit(cache=True, nogil=True)
def _time_to_reach(
    first: LongArray,
    destination: NDArray[np.integer[Any]],
    seconds: FloatArray,
    supply: FloatArray,
    wanted: FloatArray,
) -> FloatArray:
    """Add up each row by slices of time, and look for the pair only in the slice that decides."""
    found = np.zeros(len(wanted))
    sums = np.empty(SLICES)
    for i in range(len(wanted)):
        if not wanted[i] > 0:
            continue
        row, where = seconds[first[i] : first[i + 1]], destination[first[i] : first[i + 1]]
        per_s = _slices_per_second(row)
        sums[:] = 0.0
        for p in range(len(row)):
            sums[int(row[p] * per_s)] += supply[where[p]]
        b, sooner = 0, 0.0
        while b < SLICES and sooner + sums[b] < wanted[i]:
            sooner += sums[b]
            b += 1
        found[i] = np.inf
        if b < SLICES:
            here = np.array([p for p in range(len(row)) if int(row[p] * per_s) == b])
            amounts = np.array([supply[where[p]] for p in here])
            found[i] = min(_select(row[here], amounts, wanted[i] - sooner), row[here].max())
    return found


@njit(cache=True, nogil=True, fastmath={"nnan", "ninf", "nsz"})
def _slices_per_second(seconds: FloatArray) -> float:
    """Return a factor that brings all times below the number of slices."""
    longest = 0.0
    for p in range(len(seconds)):
        longest = max(longest, seconds[p])
    return (SLICES - 0.5) / longest if longest > 1e-300 else 0.0


@njit(cache=True, nogil=True)
def _select(seconds: FloatArray, amounts: FloatArray, wanted: float) -> float:
    """Narrow down to the side of a pivot that the wanted amount is reached on, in place."""
    start, end, found = 0, len(seconds), np.inf
    while start < end:
        pivot = seconds[(start + end) // 2]
        middle, same_end = _part(seconds, amounts, start, end, pivot)
        sooner, same = amounts[start:middle].sum(), amounts[middle:same_end].sum()
        if wanted <= sooner:
            end = middle
        elif wanted <= sooner + same:
            found, end = pivot, start
        else:
            wanted -= sooner + same
            start = same_end
    return found


@njit(cache=True, nogil=True)
def _part(
    seconds: FloatArray, amounts: FloatArray, start: int, end: int, pivot: float
) -> tuple[int, int]:
    """Bring what is sooner than the pivot before what equals it, and that before the rest."""
    at, sooner, later = start, start, end
    while at < later:
        here = seconds[at]
        if here == pivot:
            at += 1
            continue
        other = sooner if here < pivot else later - 1
        seconds[at], seconds[other] = seconds[other], here
        amounts[at], amounts[other] = amounts[other], amounts[at]
        if here < pivot:
            sooner += 1
            at += 1
        else:
            later -= 1
    return sooner, later
