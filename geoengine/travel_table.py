"""The whole table of travel times between origins and provisions, however far apart they are."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoengine.network import hierarchy
from geoengine.network.hierarchy import Ends, Metric, Times
from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork
from geoengine.travel_times import Direction

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TravelTable:
    """
    Times between all origins and all provisions.

    Parameters
    ----------
    time_ds
        Deciseconds door to door, shape (origins, provisions): of two bytes where every time fits
        (up to 109 minutes), else of four. The largest number of the type is where there is no
        way, or no network at either end.
    origin_joined, provision_joined
        Whether each has a place on the network, shapes (origins,) and (provisions,).
    """

    time_ds: Times
    origin_joined: BoolArray
    provision_joined: BoolArray

    def seconds(self, origins: slice = slice(None)) -> FloatArray:
        """
        Return the times of some origins, or of all.

        Parameters
        ----------
        origins
            Which rows; eight bytes a pair are a lot for all.

        Returns
        -------
        numpy.ndarray
            Seconds, shape (origins, provisions): inf where there is no way, NaN where either end
            has no network.
        """
        time = self.time_ds[origins]
        seconds = np.where(time == _nowhere(time), np.inf, time / 10)
        seconds[~self.origin_joined[origins]] = np.nan
        seconds[:, ~self.provision_joined] = np.nan
        return seconds


def between(
    network: StreetNetwork,
    metric: Metric,
    origins: Positions,
    provisions: Positions,
    *,
    direction: Direction = "to",
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> TravelTable:
    """
    Find the time between every origin and every provision, with no cut-off.

    Parameters
    ----------
    network
        What is travelled.
    metric
        Its hierarchy and what its chains cost, the network's own costs or others: a place keeps
        its share of a chain whose cost is another, and cannot be left or come to along one that
        is closed.
    origins, provisions
        Where they join the network.
    direction
        Whether people travel *to* the provision or it (an outreach worker) *from* there to them.
    threads
        How many searches run side by side; the result is the same for any number.
    progress
        Called with the provisions searched so far and their number; starts over once where two
        bytes prove too few for the times.

    Raises
    ------
    ValueError
        If the metric is that of another network.

    Examples
    --------
    A home 10 s from the west end of a street, a nursery 15 s from its east end.

    >>> from geoengine.network.snapping import grid, snap
    >>> from geoengine.network.streets import from_edges
    >>> street = from_edges(np.array([0.0, 100.0]), np.zeros(2), [0], [1], np.array([100.0]))
    >>> home, nursery = (
    ...     snap(street, grid(street), np.array([x_m]), np.zeros(1), limit_m=9) for x_m in (10, 85)
    ... )
    >>> metric = hierarchy.customise(hierarchy.build(street), hierarchy.costs(street))
    >>> between(street, metric, home, nursery).seconds().tolist()
    [[75.0]]
    """
    chains = len(network.chain_tail)
    if metric.cost_ds.shape[0] != chains or len(metric.hierarchy.rank) != len(network.node_x_m):
        raise ValueError(
            f"the metric is of {len(metric.hierarchy.rank)} nodes and {metric.cost_ds.shape[0]} "
            f"chains, but the network has {len(network.node_x_m)} and {chains}"
        )
    arriving = direction == "to"
    time_ds = hierarchy.table(
        metric,
        _ends(network, metric, provisions, leaving=not arriving),
        _ends(network, metric, origins, leaving=arriving),
        arriving=arriving,
        threads=threads,
        progress=progress,
    )
    origin, provision, straight_ds = _on_one_chain(
        network, metric, origins, provisions, arriving=arriving
    )
    if straight_ds.max(initial=0) >= _nowhere(time_ds):
        time_ds = _widened(time_ds)
    time_ds[origin, provision] = np.minimum(time_ds[origin, provision], straight_ds)
    return TravelTable(time_ds, origins.joined, provisions.joined)


def _nowhere(time_ds: Times) -> int:
    return int(np.iinfo(time_ds.dtype).max)


def _widened(time_ds: Times) -> IntArray:
    wide = time_ds.astype(np.int32)
    wide[time_ds == _nowhere(time_ds)] = UNREACHED
    return wide


@dataclass(frozen=True, eq=False)
class _Shares:
    """
    How places divide their chains, each way: from tail to head, and back.

    Parameters
    ----------
    part_ds, rest_ds
        Cost between the chain's tail and the place, and between the place and its head,
        shape (places, 2).
    shut
        Whether the chain may not be travelled, shape (places, 2).
    """

    part_ds: LongArray
    rest_ds: LongArray
    shut: BoolArray


def _shares(network: StreetNetwork, metric: Metric, places: Positions) -> _Shares:
    chain = np.maximum(places.chain, 0)
    given = network.chain_ds[chain].astype(np.int64)[:, None]
    shut = metric.cost_ds[chain] == UNREACHED
    whole = np.where(shut, given, metric.cost_ds[chain])
    along = places.along_ds[:, None]
    part = np.rint(along * whole / np.maximum(given, 1)).astype(np.int64)
    return _Shares(part, whole - part, shut)


def _ends(network: StreetNetwork, metric: Metric, places: Positions, *, leaving: bool) -> Ends:
    """Return the cost between each place and the two ends of its chain, with its leg."""
    chain = np.maximum(places.chain, 0)
    split = _shares(network, metric, places)
    near, far = (1, 0) if leaving else (0, 1)
    cost = np.column_stack((split.part_ds[:, near], split.rest_ds[:, far])) + places.leg_ds[:, None]
    rest_ds = network.chain_ds[chain] - places.along_ds
    cost[split.shut[:, near] & (places.along_ds > 0), 0] = UNREACHED
    cost[split.shut[:, far] & (rest_ds > 0), 1] = UNREACHED
    cost[~places.joined] = UNREACHED
    node = np.column_stack((network.chain_tail[chain], network.chain_head[chain]))
    return Ends(node.astype(np.int32), cost.astype(np.int32))


def _on_one_chain(
    network: StreetNetwork, metric: Metric, origins: Positions, provisions: Positions,
    *, arriving: bool,
) -> tuple[LongArray, LongArray, LongArray]:  # fmt: skip
    """Return origin, provision and time of pairs that can go straight along a common chain."""
    origin, provision = _sharing(origins.chain, provisions.chain)
    ours, theirs = (_shares(network, metric, places) for places in (origins, provisions))
    ahead = provisions.along_ds[provision] - origins.along_ds[origin]
    back = ((ahead < 0) == arriving).astype(int)
    back[ahead == 0] = 0
    time = np.abs(theirs.part_ds[provision, back] - ours.part_ds[origin, back])
    open_ = (ahead == 0) | ~ours.shut[origin, back]
    time += origins.leg_ds[origin] + provisions.leg_ds[provision]
    return origin[open_], provision[open_], time[open_]


def _sharing(one: IntArray, two: IntArray) -> tuple[LongArray, LongArray]:
    """Return all pairs of places that lie on the same chain."""
    order = np.argsort(two, kind="stable")
    low, high = (np.searchsorted(two[order], one, side=side) for side in ("left", "right"))
    count = np.where(one >= 0, high - low, 0)
    who = np.repeat(np.arange(len(one)), count)
    nth = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    return who, order[low[who] + nth]
