"""What is in reach, with nobody else counted: how soon, how much, and how soon so much."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geoengine.accessibility.pairs import (
    BoolArray,
    FloatArray,
    Pairs,
    Times,
    check_amounts,
    pairs_of,
    sum_known,
    weigh,
)
from geoengine.decay import Decay, binary

Statistic = Literal["mean", "median", "min", "max"]
_STATISTIC: dict[str, Callable[..., Any]] = {
    "mean": np.mean,
    "median": np.median,
    "min": np.min,
    "max": np.max,
}


def nearest(
    times: Times, k: int = 1, *, among: BoolArray | None = None
) -> tuple[FloatArray, NDArray[np.int64]]:
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
    order = pairs.soonest_first
    if among is not None:
        order = order[np.asarray(among, dtype=bool)[pairs.destination[order]]]
    first = np.searchsorted(pairs.origin[order], np.arange(pairs.origins + 1))
    place = first[:-1, None] + np.arange(k)
    there = place < first[1:, None]
    seconds = np.full(place.shape, np.inf)
    destination = np.full(place.shape, -1, dtype=np.int64)
    found = order[place[there]]
    seconds[there], destination[there] = pairs.seconds[found], pairs.destination[found]
    return seconds, destination


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
    order = pairs.soonest_first
    running = _running_sums(pairs, np.nan_to_num(supply)[pairs.destination[order]])
    enough = running >= wants[pairs.origin]
    reached = np.concatenate(([0], np.cumsum(enough)))[pairs.first_pair]
    first = pairs.first_pair[1:] - np.diff(reached)
    seconds = np.full(pairs.origins, np.inf)
    ever = np.diff(reached) > 0
    seconds[ever] = pairs.seconds[order[first[ever]]]
    seconds[wants == 0] = 0.0
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


def _running_sums(pairs: Pairs, amounts: FloatArray) -> FloatArray:
    """Add amounts up pair by pair, beginning anew at each origin."""
    running = np.empty(len(amounts))
    for start, end in pairwise(pairs.first_pair.tolist()):
        np.cumsum(amounts[start:end], out=running[start:end])
    return running
