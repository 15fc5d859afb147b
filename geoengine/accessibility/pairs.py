"""Who can reach what and how soon, as sparse rows, and what each pair counts for."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geoengine.decay import Decay
from geoengine.travel_times import TravelTimes

FloatArray = NDArray[np.float64]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Pairs:
    """
    Origins, the destinations that each can reach, and the seconds between, from any table.

    A pair that is not there cannot be made, or takes longer than the table goes.

    Parameters
    ----------
    first_pair
        Pairs of origin i are `first_pair[i]` to `first_pair[i + 1]`, shape (origins + 1,).
    destination
        Position of each pair's destination, ascending within an origin, shape (pairs,).
    seconds
        Travel time of each pair (or any other cost), finite and not negative, shape (pairs,).
    destinations
        How many destinations there are.
    """

    first_pair: LongArray
    destination: NDArray[np.integer[Any]]
    seconds: FloatArray
    destinations: int

    @property
    def origins(self) -> int:
        """How many origins there are."""
        return len(self.first_pair) - 1

    @cached_property
    def origin(self) -> LongArray:
        """Position of each pair's origin, shape (pairs,)."""
        return np.repeat(np.arange(self.origins), np.diff(self.first_pair))

    def turned(self) -> "Pairs":
        """
        Return the pairs with origins for destinations, for the passive form of any measure.

        Active measures say what people reach; passive ones say whom a provision reaches.

        Examples
        --------
        >>> pairs = pair_up([0, 1, 1], [0, 0, 1], [60.0, 120.0, 180.0], origins=2, destinations=2)
        >>> pairs.turned().seconds
        array([ 60., 120., 180.])
        """
        return pair_up(
            self.destination,
            self.origin,
            self.seconds,
            origins=self.destinations,
            destinations=self.origins,
        )


Times = Pairs | TravelTimes
"""What every measure takes: our own travel times, or pairs from anybody's table."""


def pair_up(
    origin: Any, destination: Any, seconds: Any, *, origins: int, destinations: int
) -> Pairs:
    """
    Bring a long table of pairs, in any order, into rows by origin.

    Parameters
    ----------
    origin, destination
        Positions, shape (pairs,).
    seconds
        Travel time of each pair (or any other cost), shape (pairs,).
    origins, destinations
        How many there are of each.

    Raises
    ------
    ValueError
        If a pair stands twice, a position is out of range, or a time is negative or not finite.

    Examples
    --------
    >>> pairs = pair_up([1, 0], [0, 0], [120.0, 60.0], origins=2, destinations=1)
    >>> pairs.seconds, pairs.first_pair
    (array([ 60., 120.]), array([0, 1, 2]))
    """
    row = np.asarray(origin, dtype=np.int64)
    column = np.asarray(destination, dtype=np.int64)
    cost = np.asarray(seconds, dtype=np.float64)
    if not len(row) == len(column) == len(cost):
        raise ValueError(f"{len(row)} origins, {len(column)} destinations and {len(cost)} times")
    for position, count in ((row, origins), (column, destinations)):
        if len(position) and (position.min() < 0 or position.max() >= count):
            raise ValueError(f"a position is not one of the {count} from 0 to {count - 1}")
    if not (np.isfinite(cost) & (cost >= 0)).all():
        raise ValueError("travel times must be finite and not negative; leave out the others")
    key = row * max(destinations, 1) + column
    order = np.argsort(key, kind="stable")
    if (np.diff(key[order]) == 0).any():
        raise ValueError("a pair of origin and destination stands more than once")
    first = np.searchsorted(row[order], np.arange(origins + 1)).astype(np.int64)
    return Pairs(first, column[order].astype(np.int32), cost[order], destinations)


def pairs_of(times: Times) -> Pairs:
    """Return travel times as pairs with seconds; pairs are returned as they are."""
    if isinstance(times, Pairs):
        return times
    return Pairs(times.first_pair, times.provision, times.time_ds / 10, times.provisions)


def weigh(times: Times, decay: Decay | None) -> Any:
    """
    Return what each pair counts for, as a sparse matrix.

    Parameters
    ----------
    times
        The pairs.
    decay
        Weight by seconds; by default all pairs in the table count alike.

    Returns
    -------
    scipy.sparse.csr_array
        Weights, shape (origins, destinations); those of pairs that do not count are 0.

    Raises
    ------
    ValueError
        If the decay gives a weight that is negative or not finite.
    """
    if isinstance(times, Pairs):
        column, count = times.destination, times.destinations
        weight = _weights(times.seconds, decay)
    else:
        column, count = times.provision, times.provisions
        if decay is None:
            weight = np.ones(len(column))
        else:
            longest = int(times.time_ds.max(initial=0))
            weight = _weights(np.arange(longest + 1) / 10, decay)[times.time_ds]
    first = times.first_pair
    if len(column) <= np.iinfo(np.int32).max:
        column, first = column.astype(np.int32), first.astype(np.int32)
    return csr_array((weight, column, first), shape=(len(first) - 1, count))


def _weights(seconds: FloatArray, decay: Decay | None) -> FloatArray:
    if decay is None:
        return np.ones(len(seconds))
    weight = np.asarray(decay(seconds), dtype=np.float64)
    if weight.shape != seconds.shape:
        raise ValueError(
            f"the decay returned shape {weight.shape} for times of shape {seconds.shape}"
        )
    if not (np.isfinite(weight) & (weight >= 0)).all():
        raise ValueError("the decay returned a weight that is negative or not finite")
    return weight


def check_amounts(amounts: FloatArray, count: int, what: str, *, unknown: bool = True) -> None:
    """
    Refuse amounts of the wrong number, negative or infinite ones, and NaN unless allowed.

    Raises
    ------
    ValueError
        Saying which.
    """
    if np.shape(amounts) != (count,):
        raise ValueError(f"there are {len(amounts)} {what}, but {count} wanted")
    if (amounts < 0).any() or np.isinf(amounts).any():
        raise ValueError(f"the {what} must be finite and not negative")
    if not unknown and np.isnan(amounts).any():
        raise ValueError(f"the {what} must all be known")


def per(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return part / whole; 0 where the whole is 0, NaN where the part is unknown."""
    return np.divide(part, whole, out=np.where(np.isnan(part), np.nan, 0.0), where=whole > 0)


def sum_known(weights: Any, amounts: FloatArray) -> FloatArray:
    """
    Add up weighted amounts in reach, passing over unknown ones.

    Returns
    -------
    numpy.ndarray
        Shape (origins,): 0 where nothing is in reach, NaN where all that is has an unknown
        amount.
    """
    known = np.isfinite(amounts)
    total = np.asarray(weights @ np.where(known, amounts, 0.0))
    if known.all():
        return total
    counted = np.asarray(weights @ known.astype(float))
    in_reach = np.asarray(weights @ np.ones(len(amounts)))
    return np.where((in_reach > 0) & (counted == 0), np.nan, total)
