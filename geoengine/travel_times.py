"""Travel times between where people live and where a service is given, to it or from it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

from geoengine.network.reach import arcs, seeds
from geoengine.network.search import UNREACHED, keep_best, many_to_many, nearest, nearest_k
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork

IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Direction = Literal["to", "from"]

NO_LIMIT_DS = UNREACHED - 1
SOURCES_A_BLOCK = 64
_UINT16_MAX = np.iinfo(np.uint16).max


@dataclass(frozen=True, eq=False)
class Nearest:
    """
    The k nearest provisions of each origin and of each node, nearest first.

    Parameters
    ----------
    origin_s
        Seconds door to door, shape (origins, k); inf where fewer than k can be reached, NaN
        where the origin has no network.
    origin_provision
        Position of the provision, shape (origins, k); -1 where there is none.
    node_ds, node_provision
        The same for each node of the network, whole deciseconds, shape (nodes, k);
        `UNREACHED` and -1 where there is none.
    """

    origin_s: FloatArray
    origin_provision: IntArray
    node_ds: IntArray
    node_provision: IntArray


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """
    Times between origins and provisions within a cut-off, as compressed sparse rows.

    Parameters
    ----------
    first_pair
        Pairs of origin i are `first_pair[i]` to `first_pair[i + 1]`, shape (origins + 1,).
    provision
        Position of each pair's provision, ascending within an origin, shape (pairs,).
    time_ds
        Deciseconds door to door, shape (pairs,); two bytes a pair up to 109 minutes.
    provisions
        How many provisions there are.
    cutoff_s
        Longest time, inclusive: a pair that is not here takes longer or cannot be made.
    """

    first_pair: LongArray
    provision: NDArray[np.uint16] | NDArray[np.int32]
    time_ds: NDArray[np.uint16] | NDArray[np.int32]
    provisions: int
    cutoff_s: float

    def to_frame(self, origin_ids: pd.Index, provision_ids: pd.Index) -> pd.DataFrame:
        """
        Return the table that the field exchanges: `from_id, to_id, travel_time_min`.

        Parameters
        ----------
        origin_ids, provision_ids
            Their names, in order.

        Returns
        -------
        pandas.DataFrame
            One row a pair within the cut-off. An origin with none has one row, whose `to_id` and
            `travel_time_min` are missing.
        """
        pairs = np.diff(self.first_pair)
        origin = np.repeat(np.arange(len(pairs)), np.maximum(pairs, 1))
        real = pairs[origin] > 0
        to_id = np.full(len(origin), None, dtype=object)
        to_id[real] = provision_ids.to_numpy(dtype=object)[self.provision]
        minutes = np.full(len(origin), np.nan)
        minutes[real] = self.time_ds / 600
        return pd.DataFrame(
            {
                "from_id": origin_ids.to_numpy(dtype=object)[origin],
                "to_id": to_id,
                "travel_time_min": minutes,
            }
        )


def find_nearest(
    network: StreetNetwork,
    origins: Positions,
    provisions: Positions,
    *,
    k: int = 1,
    direction: Direction = "to",
    limit_s: float | None = None,
) -> Nearest:
    """
    Find the nearest provisions of every origin and every node in one search.

    Parameters
    ----------
    network
        What is travelled.
    origins, provisions
        Where they join it.
    k
        How many to find, at least 1.
    direction
        Whether people travel *to* the provision or it (an outreach worker) *from* there to them.
    limit_s
        Junctions further than this are not searched for, seconds; none: there is no limit.

    Returns
    -------
    Nearest
        Of provisions equally near, the one that comes first.

    Raises
    ------
    ValueError
        If `k` is less than 1.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    first, arc = arcs(network, direction)
    limit_ds = NO_LIMIT_DS if limit_s is None else int(limit_s * 10)
    seed_node, seed_ds, seed_label = seeds(network, provisions, arriving=direction == "to")
    if k == 1:
        time, label = nearest(first, arc, seed_node, seed_ds, seed_label, limit_ds)
        node_ds, node_provision = time[:, None], label[:, None]
    else:
        node_ds, node_provision = nearest_k(first, arc, seed_node, seed_ds, seed_label, k, limit_ds)
    found = Nearest(np.empty((0, k)), np.empty((0, k), np.int32), node_ds, node_provision)
    origin_ds, origin_provision = at_positions(
        network, found, origins, provisions, direction=direction
    )
    seconds = np.where(origin_ds == UNREACHED, np.inf, origin_ds / 10)
    seconds[~origins.joined] = np.nan
    return Nearest(seconds, origin_provision, node_ds, node_provision)


def at_positions(
    network: StreetNetwork,
    found: Nearest,
    places: Positions,
    provisions: Positions,
    *,
    direction: Direction = "to",
) -> tuple[IntArray, IntArray]:
    """
    Carry the times of junctions to places along the streets.

    Parameters
    ----------
    network
        What is travelled.
    found
        The nearest provisions of each node.
    places
        Where to carry them.
    provisions
        The provisions that were searched from.
    direction
        As for `find_nearest`.

    Returns
    -------
    time_ds, provision
        Whole deciseconds with the leg to each place, shape (places, k); `UNREACHED` and -1 where
        there is none.
    """
    chain_first, on_chain = _by_chain(network, provisions)
    return _at_positions(
        found.node_ds, found.node_provision, np.asarray(network.chain_tail),
        np.asarray(network.chain_head), network.chain_ds, np.asarray(network.chain_two_way),
        direction == "to", places.chain, places.along_ds, places.leg_ds,
        chain_first, on_chain, provisions.along_ds, provisions.leg_ds,
    )  # fmt: skip


def at_points(
    network: StreetNetwork, found: Nearest, provisions: Positions, *, direction: Direction = "to"
) -> tuple[FloatArray, IntArray]:
    """
    Carry the times to the nearest provision from junctions to every point of every street.

    Returns
    -------
    seconds, provision
        Shape (points,): inf and -1 where none can be reached.
    """
    chain_first, on_chain = _by_chain(network, provisions)
    seconds, provision = _at_every_point(
        np.ascontiguousarray(found.node_ds[:, 0]), np.ascontiguousarray(found.node_provision[:, 0]),
        np.asarray(network.chain_tail), np.asarray(network.chain_head),
        np.asarray(network.chain_two_way), direction == "to",
        np.asarray(network.first_point), np.asarray(network.point_ds),
        chain_first, on_chain, provisions.along_ds, provisions.leg_ds,
    )  # fmt: skip
    return seconds, provision


def within(
    network: StreetNetwork,
    origins: Positions,
    provisions: Positions,
    *,
    cutoff_s: float,
    direction: Direction = "to",
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> TravelTimes:
    """
    Find every pair of origin and provision within a cut-off.

    One bounded search runs from each provision, against the direction of travel where people
    travel to it.

    Parameters
    ----------
    network
        What is travelled.
    origins, provisions
        Where they join it.
    cutoff_s
        Longest time door to door, seconds, inclusive.
    direction
        As for `find_nearest`.
    threads
        How many searches run side by side; the result is the same for any number.
    progress
        Called with the provisions searched so far and their number.

    Raises
    ------
    ValueError
        If `cutoff_s` is not positive or lasts longer than 59 days.
    """
    if not 0 < cutoff_s < NO_LIMIT_DS / 40:
        raise ValueError(f"cutoff_s must be positive and below {NO_LIMIT_DS // 40}, not {cutoff_s}")
    limit_ds = int(np.floor(cutoff_s * 10 + 1e-6))
    first, arc = arcs(network, direction)
    arriving = direction == "to"
    seed_node, seed_ds, seed_label = seeds(network, provisions, arriving=arriving)
    count = len(provisions.chain)
    seed_first = np.searchsorted(seed_label, np.arange(count + 1)).astype(np.int64)
    order = np.argsort(provisions.chain, kind="stable")
    target_first, target, target_ds = _hang_on_nodes(network, origins, leaving=arriving)

    def block(at: int) -> tuple[LongArray, IntArray, IntArray]:
        who = order[at : at + SOURCES_A_BLOCK]
        sizes = np.diff(seed_first)[who]
        starts = np.concatenate(([0], np.cumsum(sizes)))
        rows = np.arange(starts[-1]) - np.repeat(starts[:-1] - seed_first[who], sizes)
        pair_first, pair_origin, pair_ds = many_to_many(
            first, arc, starts, seed_node[rows], seed_ds[rows],
            target_first, target, target_ds, len(origins.chain), limit_ds,
        )  # fmt: skip
        return np.repeat(who, np.diff(pair_first)), pair_origin, pair_ds

    blocks = range(0, count, SOURCES_A_BLOCK)
    who, origin, time = [], [], []
    for done, (a, b, c) in enumerate(_run(block, blocks, threads), 1):
        who.append(a)
        origin.append(b)
        time.append(c)
        if progress is not None:
            progress(min(done * SOURCES_A_BLOCK, count), count)
    same = _same_chain(network, origins, provisions, limit_ds, arriving=arriving)
    return _rows(
        np.concatenate([*origin, same[0]]).astype(np.int32),
        np.concatenate([*who, same[1]]).astype(np.int32),
        np.concatenate([*time, same[2]]).astype(np.int32),
        len(origins.chain), count, cutoff_s,
    )  # fmt: skip


def _run(
    block: Callable[[int], tuple[LongArray, IntArray, IntArray]], blocks: range, threads: int
) -> Iterator[tuple[LongArray, IntArray, IntArray]]:
    if threads < 2 or len(blocks) < 2:
        yield from map(block, blocks)
        return
    with ThreadPoolExecutor(threads) as pool:
        try:
            yield from pool.map(block, blocks)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _hang_on_nodes(
    network: StreetNetwork, places: Positions, *, leaving: bool
) -> tuple[LongArray, IntArray, IntArray]:
    """List, by node, the places next to it and the cost between."""
    node, cost, label = seeds(network, places, arriving=not leaving)
    order = np.argsort(node, kind="stable")
    nodes = np.arange(len(network.node_x_m) + 1)
    return np.searchsorted(node[order], nodes).astype(np.int64), label[order], cost[order]


def _by_chain(network: StreetNetwork, places: Positions) -> tuple[LongArray, IntArray]:
    order = np.argsort(places.chain, kind="stable").astype(np.int32)
    count = np.bincount(places.chain + 1, minlength=len(network.chain_tail) + 1)
    return np.cumsum(count), order


def _same_chain(
    network: StreetNetwork, origins: Positions, provisions: Positions, limit_ds: int,
    *, arriving: bool,
) -> tuple[LongArray, LongArray, LongArray]:  # fmt: skip
    """Return origin, provision and time of pairs that share a chain: straight along it."""
    chain_first, on_chain = _by_chain(network, provisions)
    here = np.flatnonzero(origins.joined)
    chain = origins.chain[here]
    count = chain_first[chain + 1] - chain_first[chain]
    origin = np.repeat(here, count)
    start = np.concatenate(([0], np.cumsum(count)))[:-1]
    row = np.arange(count.sum()) - np.repeat(start - chain_first[chain], count)
    provision = on_chain[row].astype(np.int64)
    ahead = (provisions.along_ds[provision] - origins.along_ds[origin]).astype(np.int64)
    if not arriving:
        ahead = -ahead
    passable = (ahead >= 0) | network.chain_two_way[origins.chain[origin]]
    time = np.abs(ahead) + origins.leg_ds[origin] + provisions.leg_ds[provision]
    keep = passable & (time <= limit_ds)
    return origin[keep], provision[keep], time[keep]


def _rows(
    origin: IntArray, provision: IntArray, time: IntArray,
    origins: int, provisions: int, cutoff_s: float,
) -> TravelTimes:  # fmt: skip
    """Sort pairs by origin and provision, keeping the shorter of two times of one pair."""
    order, first = _sort_pairs(origin, provision, time, origins, provisions)
    origin, provision, time = origin[order], provision[order], time[order]
    few, soon = provisions <= _UINT16_MAX, cutoff_s * 10 <= _UINT16_MAX
    return TravelTimes(
        first,
        provision.astype(np.uint16) if few else provision,
        time.astype(np.uint16) if soon else time,
        provisions,
        cutoff_s,
    )


@njit(
    "Tuple((int64[::1], int64[::1]))(int32[::1], int32[::1], int32[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def _sort_pairs(
    origin: IntArray, provision: IntArray, time: IntArray, origins: int, provisions: int
) -> tuple[LongArray, LongArray]:
    """Counting sort by provision, then by origin, dropping the longer of a pair's times."""
    count = len(origin)
    fill = np.zeros(provisions + 1, np.int64)
    for i in range(count):
        fill[provision[i] + 1] += 1
    for p in range(provisions):
        fill[p + 1] += fill[p]
    by_provision = np.empty(count, np.int64)
    for i in range(count):
        by_provision[fill[provision[i]]] = i
        fill[provision[i]] += 1
    start = np.zeros(origins + 1, np.int64)
    for i in range(count):
        start[origin[i] + 1] += 1
    for o in range(origins):
        start[o + 1] += start[o]
    order = np.empty(count, np.int64)
    put = start[:-1].copy()
    for j in range(count):
        i = by_provision[j]
        o = origin[i]
        if put[o] > start[o] and provision[order[put[o] - 1]] == provision[i]:
            if time[i] < time[order[put[o] - 1]]:
                order[put[o] - 1] = i
        else:
            order[put[o]] = i
            put[o] += 1
    first = np.zeros(origins + 1, np.int64)
    at = 0
    for o in range(origins):
        for j in range(start[o], put[o]):
            order[at] = order[j]
            at += 1
        first[o + 1] = at
    return order[:at].copy(), first


@njit(
    "Tuple((int32[:, ::1], int32[:, ::1]))(int32[:, ::1], int32[:, ::1], int32[::1], int32[::1],"
    " int32[::1], boolean[::1], boolean, int32[::1], int32[::1], int32[::1],"
    " int64[::1], int32[::1], int32[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def _at_positions(
    node_ds: IntArray, node_label: IntArray, tail: IntArray, head: IntArray, whole_ds: IntArray,
    two_way: NDArray[np.bool_], to: bool, chain: IntArray, along: IntArray, leg: IntArray,
    chain_first: LongArray, on_chain: IntArray, place_along: IntArray, place_leg: IntArray,
) -> tuple[IntArray, IntArray]:  # fmt: skip
    """Carry the best of a chain's two ends, and of places on the chain itself, to positions."""
    k = node_ds.shape[1]
    time = np.full((len(chain), k), UNREACHED, np.int32)
    label = np.full((len(chain), k), -1, np.int32)
    for i in range(len(chain)):
        c = chain[i]
        if c < 0:
            continue
        back, on = along[i], whole_ds[c] - along[i]
        for j in range(k):
            if node_label[tail[c], j] >= 0 and (two_way[c] or not to or back == 0):
                t = node_ds[tail[c], j] + back + leg[i]
                keep_best(time[i], label[i], t, node_label[tail[c], j])
            if node_label[head[c], j] >= 0 and (two_way[c] or to or on == 0):
                t = node_ds[head[c], j] + on + leg[i]
                keep_best(time[i], label[i], t, node_label[head[c], j])
        for j in range(chain_first[c], chain_first[c + 1]):
            p = on_chain[j]
            ahead = place_along[p] - along[i] if to else along[i] - place_along[p]
            if ahead >= 0 or two_way[c]:
                keep_best(time[i], label[i], abs(ahead) + leg[i] + place_leg[p], p)
    return time, label


@njit(
    "Tuple((float64[::1], int32[::1]))(int32[::1], int32[::1], int32[::1], int32[::1],"
    " boolean[::1], boolean, int64[::1], int32[::1], int64[::1], int32[::1], int32[::1],"
    " int32[::1])",
    cache=True,
    nogil=True,
)
def _at_every_point(
    node_ds: IntArray, node_label: IntArray, tail: IntArray, head: IntArray,
    two_way: NDArray[np.bool_], to: bool, first_point: LongArray, point_ds: IntArray,
    chain_first: LongArray, on_chain: IntArray, place_along: IntArray, place_leg: IntArray,
) -> tuple[FloatArray, IntArray]:  # fmt: skip
    """Do as `_at_positions` for the nearest alone and all points, chain by chain; in seconds."""
    seconds = np.full(len(point_ds), np.inf)
    label = np.full(len(point_ds), -1, np.int32)
    for c in range(len(tail)):
        whole = point_ds[first_point[c + 1] - 1]
        t, t_label = node_ds[tail[c]], node_label[tail[c]]
        h, h_label = node_ds[head[c]], node_label[head[c]]
        for i in range(first_point[c], first_point[c + 1]):
            back, on = point_ds[i], whole - point_ds[i]
            best, who = UNREACHED, -1
            if t_label >= 0 and (two_way[c] or not to or back == 0):
                best, who = t + back, t_label
            if h_label >= 0 and (two_way[c] or to or on == 0):
                time = h + on
                if time < best or (time == best and h_label < who):
                    best, who = time, h_label
            for j in range(chain_first[c], chain_first[c + 1]):
                p = on_chain[j]
                ahead = place_along[p] - back if to else back - place_along[p]
                if ahead < 0 and not two_way[c]:
                    continue
                time = abs(ahead) + place_leg[p]
                if time < best or (time == best and p < who):
                    best, who = time, p
            if who >= 0:
                seconds[i], label[i] = best / 10, who
    return seconds, label
