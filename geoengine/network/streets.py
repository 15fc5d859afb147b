"""StreetNetwork: compressed arrays of junctions, streets between them and travel costs."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.degrees import to_metres
from geoengine.errors import SourceError
from geoengine.network.modes import Mode, passable, rules
from geoengine.tables import Ways

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StreetNetwork:
    """
    What one mode can travel, as arrays that a file can be mapped to.

    Streets are cut at junctions only. A *node* is a junction or a dead end; a *chain* is the
    street between two nodes, with every original point on it kept. Costs are whole deciseconds,
    rounded where they have been added up along a chain, so that no error adds up.

    Parameters
    ----------
    node_x_m, node_y_m
        Metres in `crs`, shape (nodes,), nodes ordered along a Hilbert curve.
    node_part
        Connected part of each node, shape (nodes,): any two nodes of a part reach each other;
        part 0 has the most nodes.
    part_length_m
        Length of the streets with both ends in each part, metres, shape (parts,).
    chain_tail, chain_head
        Nodes at the ends of each chain, shape (chains,), chains in order of their tails; every
        chain may be travelled from tail to head.
    chain_two_way
        Whether it may be travelled from head to tail too, at the same cost, shape (chains,).
    first_point
        Chain c holds points `first_point[c]` to `first_point[c + 1]`, ends included,
        shape (chains + 1,).
    point_x_m, point_y_m
        Metres in `crs`, shape (points,).
    point_ds
        Cost from the chain's tail, deciseconds, shape (points,); 0 at the tail.
    point_id
        OpenStreetMap's node id, shape (points,).
    out_first, out_arc
        Arcs leaving node n: rows `out_first[n]` to `out_first[n + 1]` of `out_arc`, whose columns
        are the node reached, the cost in deciseconds and the chain.
    in_first, in_arc
        The same for arcs arriving at n, with the node that they come from; the very same arrays
        where every chain is two-way.
    crs
        The projected CRS, e.g. "EPSG:27700".
    mode
        Name of the travel mode.
    off_network_m_per_s
        Speed from a door to the street, on foot.
    """

    node_x_m: FloatArray
    node_y_m: FloatArray
    node_part: IntArray
    part_length_m: FloatArray
    chain_tail: IntArray
    chain_head: IntArray
    chain_two_way: BoolArray
    first_point: LongArray
    point_x_m: FloatArray
    point_y_m: FloatArray
    point_ds: IntArray
    point_id: LongArray
    out_first: LongArray
    out_arc: IntArray
    in_first: LongArray
    in_arc: IntArray
    crs: str
    mode: str
    off_network_m_per_s: float

    @property
    def chain_ds(self) -> IntArray:
        """Cost of each whole chain, deciseconds, shape (chains,)."""
        return self.point_ds[self.first_point[1:] - 1]

    @cached_property
    def first_chain(self) -> LongArray:
        """Chains with their tail at node n are `first_chain[n]` to `first_chain[n + 1]`."""
        tails = np.bincount(self.chain_tail, minlength=len(self.node_x_m))
        return np.concatenate(([0], np.cumsum(tails))).astype(np.int64)

    @property
    def point_chain(self) -> IntArray:
        """Chain of each point, shape (points,)."""
        chains = np.arange(len(self.chain_tail), dtype=np.int32)
        return np.repeat(chains, np.diff(self.first_point))


def build(ways: Ways, mode: Mode, *, crs: str) -> StreetNetwork:
    """
    Build the network that one mode can travel.

    Streets meet only where they share a point. A barrier that the mode cannot pass ends the
    streets that meet at it. Turn restrictions are not modelled.

    Parameters
    ----------
    ways
        Streets as read.
    mode
        The mode; its rules decide which ways are open, in which direction and how fast.
    crs
        A projected CRS in metres.

    Raises
    ------
    SourceError
        If the mode may travel none of the ways.

    Notes
    -----
    Lengths are straight lines between points in `crs`; a national grid's scale error (below
    0.05 % in EPSG:27700) is in them.
    """
    tail, head, way, two_way, speed_kph = _segments(ways, mode)
    if len(tail) == 0:
        raise SourceError.of("streets", f"no street in the extract is open to '{mode.name}'")
    x_m, y_m = _project(ways.longitude, ways.latitude, crs)
    tail, head, origin, delay_s = _close_barriers(ways, mode, tail, head)
    x_m, y_m = x_m[origin], y_m[origin]
    seconds = np.hypot(x_m[head] - x_m[tail], y_m[head] - y_m[tail]) * 3.6 / speed_kph[way]
    seconds += delay_s[origin[tail]] / 2 + delay_s[origin[head]] / 2
    return _contract(
        tail, head, two_way, seconds, x_m, y_m, ways.node_id[origin],
        crs=crs, mode=mode.name, off_network_m_per_s=mode.off_network_kph / 3.6,
    )  # fmt: skip


def from_edges(
    x_m: FloatArray,
    y_m: FloatArray,
    tail: NDArray[Any],
    head: NDArray[Any],
    seconds: FloatArray,
    *,
    two_way: BoolArray | None = None,
    crs: str = "EPSG:27700",
    mode: str = "walk",
    off_network_m_per_s: float = 4.8 / 3.6,
) -> StreetNetwork:
    """
    Build a network from edges between numbered points.

    Parameters
    ----------
    x_m, y_m
        Points, metres in `crs`, shape (points,).
    tail, head
        Positions of each edge's ends, shape (edges,).
    seconds
        Time along each edge, shape (edges,), at least 0.
    two_way
        Whether each edge may be travelled both ways, shape (edges,); all may when not given.

    Raises
    ------
    ValueError
        If the shapes disagree, or a time is negative or not finite.
    """
    both = np.ones(len(tail), dtype=bool) if two_way is None else two_way
    if not len(tail) == len(head) == len(seconds) == len(both):
        raise ValueError(f"{len(tail)} tails, {len(head)} heads and {len(seconds)} times disagree")
    if not (np.isfinite(seconds).all() and (np.asarray(seconds) >= 0).all()):
        raise ValueError("every time must be finite and at least 0 seconds")
    ids = np.arange(len(x_m), dtype=np.int64)
    tails, heads = (np.ascontiguousarray(ends, np.int64) for ends in (tail, head))
    return _contract(
        tails, heads, both, np.asarray(seconds, float), np.asarray(x_m, float),
        np.asarray(y_m, float), ids, crs=crs, mode=mode, off_network_m_per_s=off_network_m_per_s,
    )  # fmt: skip


def _project(longitude: FloatArray, latitude: FloatArray, crs: str) -> tuple[Any, Any]:
    x_m, y_m = to_metres(crs).transform(longitude, latitude)
    return x_m, y_m


def _segments(
    ways: Ways, mode: Mode
) -> tuple[LongArray, LongArray, LongArray, BoolArray, FloatArray]:
    """Return the pieces of open ways between neighbouring points, turned to run forward."""
    rule = rules(mode, ways.tags)
    way_of_ref = np.repeat(np.arange(len(ways.way_id)), np.diff(ways.first_ref))
    way = way_of_ref[:-1]
    keep = (
        (way_of_ref[1:] == way)
        & (rule.forward | rule.backward)[way]
        & (ways.ref[1:] != ways.ref[:-1])
    )
    tail, head, way = (
        ways.ref[:-1][keep].astype(np.int64),
        ways.ref[1:][keep].astype(np.int64),
        way[keep],
    )
    against = ~rule.forward[way]
    tail, head = np.where(against, head, tail), np.where(against, tail, head)
    two_way = (rule.forward & rule.backward)[way]
    return tail, head, way, two_way, rule.speed_kph


def _close_barriers(
    ways: Ways, mode: Mode, tail: LongArray, head: LongArray
) -> tuple[LongArray, LongArray, LongArray, FloatArray]:
    """Give every segment that meets a closed barrier an end of its own there."""
    nodes = len(ways.node_id)
    at = np.flatnonzero(ways.barrier >= 0)
    kinds = np.array([*ways.barrier_names, ""], dtype=object)[ways.barrier[at]]
    delay_s = np.zeros(nodes)
    delay_s[at] = [mode.barrier_delay_s.get(kind, 0.0) for kind in kinds]
    origin = np.arange(nodes)
    if len(at) == 0:
        return tail, head, origin, delay_s
    import pandas as pd

    barrier = pd.Series(kinds, index=at)
    shut = np.zeros(nodes, dtype=bool)
    shut[at] = ~passable(mode, barrier, ways.barrier_access.reindex(at))
    ends = np.concatenate((tail, head))
    cut = np.flatnonzero(shut[ends])
    origin = np.concatenate((origin, ends[cut]))
    ends = ends.copy()
    ends[cut] = nodes + np.arange(len(cut))
    return ends[: len(tail)], ends[len(tail) :], origin, delay_s


def _contract(
    tail: LongArray, head: LongArray, two_way: BoolArray, seconds: FloatArray,
    x_m: FloatArray, y_m: FloatArray, ids: LongArray,
    *, crs: str, mode: str, off_network_m_per_s: float,
) -> StreetNetwork:  # fmt: skip
    first, order = _incidence(tail, head, len(x_m))
    junction = _junctions(tail, two_way, first, order)
    point, ends, flip, segment = _chains(tail, head, two_way, first, order, junction)
    sizes = np.diff(ends)
    chain = np.repeat(np.arange(len(sizes)), sizes)
    steps = np.where(segment >= 0, seconds[segment], 0.0)
    along_s = _along(steps, ends)
    chain_two_way = two_way[segment[ends[:-1] + 1]]
    forward = np.arange(len(point))
    backward = (ends[:-1] + ends[1:] - 1)[chain] - forward
    take = np.where(flip[chain], backward, forward)
    total = along_s[ends[1:] - 1][chain]
    along_s = np.where(flip[chain], total - along_s[take], along_s)
    point = point[take]

    nodes = np.unique(point[np.concatenate((ends[:-1], ends[1:] - 1))])
    nodes = nodes[np.argsort(_hilbert(x_m[nodes], y_m[nodes]), kind="stable")]
    number = np.full(len(x_m), -1, np.int32)
    number[nodes] = np.arange(len(nodes), dtype=np.int32)
    chain_tail, chain_head = number[point[ends[:-1]]], number[point[ends[1:] - 1]]
    by_place = np.lexsort((ids[point[ends[:-1] + 1]], chain_head, chain_tail))
    gather, first_point = _gather(ends, by_place)
    chain_tail, chain_head = chain_tail[by_place], chain_head[by_place]
    chain_two_way = chain_two_way[by_place]
    point = point[gather]
    point_ds = np.rint(along_s[gather] * 10).astype(np.int32)
    cost = point_ds[first_point[1:] - 1]
    out_first, out_arc = _arcs(chain_tail, chain_head, cost, chain_two_way, len(nodes))
    in_first, in_arc = out_first, out_arc
    if not chain_two_way.all():
        in_first, in_arc = _arcs(chain_head, chain_tail, cost, chain_two_way, len(nodes))
    part, part_length_m = _parts(
        out_first, out_arc, chain_tail, chain_head, first_point, x_m[point], y_m[point]
    )
    return StreetNetwork(
        x_m[nodes], y_m[nodes], part, part_length_m, chain_tail, chain_head, chain_two_way,
        first_point, x_m[point], y_m[point], point_ds, ids[point],
        out_first, out_arc, in_first, in_arc, crs, mode, off_network_m_per_s,
    )  # fmt: skip


@njit("Tuple((int64[::1], int64[::1]))(int64[::1], int64[::1], int64)", cache=True)
def _incidence(tail: LongArray, head: LongArray, nodes: int) -> tuple[LongArray, LongArray]:
    """List the segments at each node; one that begins and ends there stands twice."""
    first = np.zeros(nodes + 1, np.int64)
    for s in range(len(tail)):
        first[tail[s] + 1] += 1
        first[head[s] + 1] += 1
    for n in range(nodes):
        first[n + 1] += first[n]
    order = np.empty(2 * len(tail), np.int64)
    fill = first.copy()
    for s in range(len(tail)):
        order[fill[tail[s]]] = s
        fill[tail[s]] += 1
        order[fill[head[s]]] = s
        fill[head[s]] += 1
    return first, order


@njit(
    "boolean[::1](int64[::1], boolean[::1], int64[::1], int64[::1])",
    cache=True,
)
def _junctions(
    tail: LongArray, two_way: BoolArray, first: LongArray, order: LongArray
) -> BoolArray:
    """Find the nodes where a chain must end: not two segments, or two that do not follow on."""
    junction = np.ones(len(first) - 1, np.bool_)
    for n in range(len(junction)):
        if first[n + 1] - first[n] != 2:
            continue
        a, b = order[first[n]], order[first[n] + 1]
        if a == b or two_way[a] != two_way[b]:
            continue
        junction[n] = not two_way[a] and (tail[a] == n) == (tail[b] == n)
    return junction


@njit(
    "Tuple((int64[::1], int64[::1], boolean[::1], int64[::1]))"
    "(int64[::1], int64[::1], boolean[::1], int64[::1], int64[::1], boolean[::1])",
    cache=True,
)
def _chains(
    tail: LongArray, head: LongArray, two_way: BoolArray,
    first: LongArray, order: LongArray, junction: BoolArray,
) -> tuple[LongArray, LongArray, BoolArray, LongArray]:  # fmt: skip
    """Follow segments from junction to junction, then around circles that have none."""
    segments = len(tail)
    used = np.zeros(segments, np.bool_)
    point = np.empty(2 * segments, np.int64)
    via = np.empty(2 * segments, np.int64)
    ends = np.empty(segments + 1, np.int64)
    flip = np.zeros(segments, np.bool_)
    ends[0] = 0
    chains, at = 0, 0
    for circles in range(2):
        for n in range(len(junction)):
            if not (junction[n] or circles):
                continue
            for i in range(first[n], first[n + 1]):
                s = order[i]
                if used[s]:
                    continue
                flip[chains] = not two_way[s] and tail[s] != n
                point[at], via[at] = n, -1
                at += 1
                here = n
                while True:
                    used[s] = True
                    here = head[s] if tail[s] == here else tail[s]
                    point[at], via[at] = here, s
                    at += 1
                    if junction[here] or here == n:
                        break
                    s = order[first[here]] + order[first[here] + 1] - s
                chains += 1
                ends[chains] = at
    return point[:at].copy(), ends[: chains + 1].copy(), flip[:chains].copy(), via[:at].copy()


@njit("float64[::1](float64[::1], int64[::1])", cache=True)
def _along(steps: FloatArray, ends: LongArray) -> FloatArray:
    """Add up seconds from the start of each chain."""
    total = np.empty(len(steps))
    for c in range(len(ends) - 1):
        total[ends[c]] = 0.0
        for p in range(ends[c] + 1, ends[c + 1]):
            total[p] = total[p - 1] + steps[p]
    return total


def _gather(ends: LongArray, chains: LongArray) -> tuple[LongArray, LongArray]:
    """Return the positions of the points of chains put in another order, and where each starts."""
    sizes = np.diff(ends)[chains]
    first = np.concatenate(([0], np.cumsum(sizes)))
    return np.arange(first[-1]) - np.repeat(first[:-1] - ends[:-1][chains], sizes), first


def _arcs(
    start: IntArray, end: IntArray, cost: IntArray, two_way: BoolArray, nodes: int
) -> tuple[LongArray, IntArray]:
    """List the arcs at each node, in order of the node at their other end."""
    chain = np.arange(len(start), dtype=np.int32)
    origin = np.concatenate((start, end[two_way]))
    other = np.concatenate((end, start[two_way]))
    chains = np.concatenate((chain, chain[two_way]))
    order = np.lexsort((chains, other, origin))
    arcs = np.column_stack((other, cost[chains], chains))[order].astype(np.int32)
    first = np.concatenate(([0], np.cumsum(np.bincount(origin, minlength=nodes))))
    return first.astype(np.int64), np.ascontiguousarray(arcs)


def _parts(
    out_first: LongArray, out_arc: IntArray, tail: IntArray, head: IntArray,
    first_point: LongArray, x_m: FloatArray, y_m: FloatArray,
) -> tuple[IntArray, FloatArray]:  # fmt: skip
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    nodes = len(out_first) - 1
    arcs = csr_array(
        (np.ones(len(out_arc), np.int8), out_arc[:, 0], out_first), shape=(nodes, nodes)
    )
    count, label = connected_components(arcs, directed=True, connection="strong")
    size = np.bincount(label, minlength=count)
    seen = np.full(count, nodes, np.int64)
    np.minimum.at(seen, label, np.arange(nodes))
    rank = np.empty(count, np.int32)
    rank[np.lexsort((seen, -size))] = np.arange(count, dtype=np.int32)
    part: IntArray = rank[label].astype(np.int32)
    step = np.hypot(np.diff(x_m, append=0.0), np.diff(y_m, append=0.0))
    step[first_point[1:] - 1] = 0.0
    length_m = np.add.reduceat(step, first_point[:-1])
    inside = part[tail] == part[head]
    total_m = np.bincount(part[tail][inside], length_m[inside], minlength=count)
    return part, total_m.astype(np.float64)


def _hilbert(x_m: FloatArray, y_m: FloatArray, order: int = 16) -> LongArray:
    """Return each point's place on a Hilbert curve, so that neighbours lie close in memory."""
    side = (1 << order) - 1
    span = max(np.ptp(x_m), np.ptp(y_m), 1e-9)
    x = ((x_m - x_m.min()) / span * side).astype(np.int64)
    y = ((y_m - y_m.min()) / span * side).astype(np.int64)
    place = np.zeros(len(x), np.int64)
    for bit in range(order - 1, -1, -1):
        s = 1 << bit
        right, up = (x & s) > 0, (y & s) > 0
        place += s * s * ((3 * right) ^ up)
        turn = ~up
        mirror = turn & right
        x = np.where(mirror, side - x, x)
        y = np.where(mirror, side - y, y)
        x, y = np.where(turn, y, x), np.where(turn, x, y)
    return place
