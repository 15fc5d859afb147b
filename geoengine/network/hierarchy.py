"""Shortest times without a cut-off: a hierarchy of the streets, with costs that may change."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.network import dissection
from geoengine.network.search import UNREACHED
from geoengine.network.streets import StreetNetwork

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
Times = NDArray[np.uint16] | NDArray[np.int32]

SOURCES_A_BLOCK = 256
# What kernels hold for a time that there is none of: twice it, and a cost on top, is an int32.
_FAR = 2**30 - 1
_LONGEST_DS = _FAR // 2


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """
    The order in which junctions part the streets, and every short cut it can take: no cost.

    Nodes are named by their rank here, the last that part the most. A node's arcs lead to higher
    nodes only, which all lie on its way up the tree to the root.

    Parameters
    ----------
    rank
        Rank of each node of the network, shape (nodes,).
    first, head
        Arcs of the node ranked r lead to `head[first[r]:first[r + 1]]`, ascending; the first of
        them is its parent in the tree.
    depth
        How many nodes lie above each rank, shape (nodes,).
    chain_arc
        Arc that runs along each chain, shape (chains,); -1 where the chain is a circle.
    chain_rises
        Whether the chain's tail ranks below its head, shape (chains,).
    """

    rank: IntArray
    first: LongArray
    head: IntArray
    depth: IntArray
    chain_arc: IntArray
    chain_rises: BoolArray


@dataclass(frozen=True, eq=False)
class Metric:
    """
    What the arcs of a hierarchy cost.

    Parameters
    ----------
    hierarchy
        The hierarchy.
    cost_ds
        Deciseconds along each chain from tail to head and from head to tail, shape (chains, 2);
        `UNREACHED` where it may not be travelled.
    up_ds, down_ds
        Least cost along each arc from the lower to the higher node and back by way of lower
        nodes alone, deciseconds, shape (arcs,); 2**30 - 1 where there is no way.
    """

    hierarchy: Hierarchy
    cost_ds: IntArray
    up_ds: IntArray
    down_ds: IntArray


@dataclass(frozen=True, eq=False)
class Ends:
    """
    The one or two nodes between which places lie.

    Parameters
    ----------
    node
        Nodes of the network at both ends of a place's chain, shape (places, 2).
    cost_ds
        Cost between the place and each, in the direction of travel, deciseconds, shape
        (places, 2); `UNREACHED` where that end is of no use.
    """

    node: IntArray
    cost_ds: IntArray

    @classmethod
    def at_nodes(cls, nodes: NDArray[Any]) -> "Ends":
        """Return places at nodes themselves."""
        cost = np.full((len(nodes), 2), UNREACHED, np.int32)
        cost[:, 0] = 0
        return cls(np.column_stack((nodes, nodes)).astype(np.int32), cost)


def build(network: StreetNetwork) -> Hierarchy:
    """
    Build the hierarchy of a network; it holds for any speeds and closures.

    References
    ----------
    Dibbelt, J., Strasser, B. & Wagner, D. (2016) Customizable contraction hierarchies. ACM
    Journal of Experimental Algorithmics 21, 1.5. doi:10.1145/2886843
    """
    tail, head = np.asarray(network.chain_tail), np.asarray(network.chain_head)
    nodes = len(network.node_x_m)
    rank = np.empty(nodes, np.int32)
    rank[dissection.order(network.node_x_m, network.node_y_m, tail, head)] = np.arange(nodes)
    rank = _after_children(*_contract(*_upward(rank[tail], rank[head], nodes)))[rank]
    first, above = _contract(*_upward(rank[tail], rank[head], nodes))
    low, high = np.minimum(rank[tail], rank[head]), np.maximum(rank[tail], rank[head])
    return Hierarchy(
        rank, first, above, _depths(first, above), _find(first, above, low, high),
        rank[tail] < rank[head],
    )  # fmt: skip


def costs(network: StreetNetwork) -> IntArray:
    """
    Return what each chain costs as the network has it.

    Returns
    -------
    numpy.ndarray
        Deciseconds from tail to head and from head to tail, shape (chains, 2); `UNREACHED` where
        the chain may not be travelled.
    """
    there = network.chain_ds
    back = np.where(network.chain_two_way, there, UNREACHED)
    return np.column_stack((there, back)).astype(np.int32)


def customise(hierarchy: Hierarchy, cost_ds: IntArray) -> Metric:
    """
    Give a hierarchy its costs: other speeds and closed streets need no more than this.

    Parameters
    ----------
    hierarchy
        The hierarchy.
    cost_ds
        As `costs` returns them; `UNREACHED` closes a chain in that direction.

    Raises
    ------
    ValueError
        If there is not a pair of costs for each chain, one is negative, or those that are not
        `UNREACHED` add up to more than 621 days.
    """
    chains = len(hierarchy.chain_arc)
    if cost_ds.shape != (chains, 2):
        raise ValueError(f"cost_ds has shape {cost_ds.shape}, but there are {chains} chains")
    if (cost_ds < 0).any():
        raise ValueError(f"cost_ds must be at least 0, but is {cost_ds.min()}")
    open_ds = np.where(cost_ds == UNREACHED, 0, cost_ds).max(axis=1, initial=0)
    if open_ds.sum(dtype=np.int64) > _LONGEST_DS:
        raise ValueError(
            f"the costs add up to {open_ds.sum(dtype=np.int64)} ds; at most {_LONGEST_DS} can be"
        )
    up_ds, down_ds = _customise(
        hierarchy.first, hierarchy.head, hierarchy.chain_arc, hierarchy.chain_rises,
        np.minimum(cost_ds, _FAR).astype(np.int32),
    )  # fmt: skip
    return Metric(hierarchy, cost_ds.astype(np.int32), up_ds, down_ds)


def table(
    metric: Metric,
    sources: Ends,
    targets: Ends,
    *,
    arriving: bool,
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> Times:
    """
    Find the shortest time between every source and every target by way of their ends.

    The sources had better be the fewer. A search climbs from each source to the root; its times
    then come down to all targets, for a block of sources at once, along no more than the nodes
    above the targets.

    Parameters
    ----------
    metric
        What is travelled, at what cost.
    sources, targets
        Places by their ends; both ends of one are the same node or those of a chain.
    arriving
        Whether people travel to the sources, rather than from them.
    threads
        How many blocks are worked side by side; the result is the same for any number.
    progress
        Called with the sources done so far and their number; starts over once where two bytes
        prove too few for the times.

    Returns
    -------
    numpy.ndarray
        Deciseconds, shape (targets, sources): of two bytes where every time fits (up to 109
        minutes), else of four. The largest number of the type is where there is no way.

    Raises
    ------
    ValueError
        If the ends of a place are neither the same node nor those of a chain.

    References
    ----------
    Delling, D., Goldberg, A. V. & Werneck, R. F. (2011) Faster batched shortest paths in road
    networks. ATMOS 2011, 52-63 (restricted sweeps).

    Examples
    --------
    A street of 30 s between two dead ends; then it is closed.

    >>> from geoengine.network.streets import from_edges
    >>> x_m, seconds = np.array([0.0, 100.0, 200.0]), np.array([10.0, 20.0])
    >>> street = from_edges(x_m, np.zeros(3), [0, 1], [1, 2], seconds)
    >>> hierarchy = build(street)
    >>> ends = Ends.at_nodes(np.array([0, 1]))
    >>> table(customise(hierarchy, costs(street)), ends, ends, arriving=True).tolist()
    [[0, 300], [300, 0]]
    >>> shut = np.full_like(costs(street), UNREACHED)
    >>> table(customise(hierarchy, shut), ends, ends, arriving=True).tolist()
    [[0, 65535], [65535, 0]]
    """
    hierarchy = metric.hierarchy
    climb_ds, sweep_ds = metric.up_ds, metric.down_ds
    if arriving:
        climb_ds, sweep_ds = sweep_ds, climb_ds
    above = hierarchy.depth[hierarchy.head]
    source, source_ds = _by_rank(hierarchy, sources)
    target, target_ds = _by_rank(hierarchy, targets)
    node, node_depth, arc_first, arc_depth, arc_ds = _restrict(
        hierarchy.first, hierarchy.head, hierarchy.depth, above, sweep_ds, target[:, 0].copy()
    )
    row = np.full(len(hierarchy.rank), -1, np.int32)
    row[node] = np.arange(len(node), dtype=np.int32)
    order = np.argsort(row[target[:, 0]], kind="stable").astype(np.int32)
    hung = np.searchsorted(row[target[order, 0]], np.arange(len(node) + 1)).astype(np.int64)
    high_depth, target_ds = hierarchy.depth[target[order, 1]], target_ds[order]

    def fill(times: Times, at: int) -> bool:
        who = slice(at, at + SOURCES_A_BLOCK)
        fits: bool = _sweep(
            hierarchy.first, hierarchy.head, hierarchy.depth, above, climb_ds, source[who],
            source_ds[who], row, node_depth, arc_first, arc_depth, arc_ds,
            hung, order, target_ds, high_depth, times, at,
        )  # fmt: skip
        return fits

    times: Times = np.empty((len(target), len(source)), np.uint16)
    if not _filled(times, fill, threads, progress):
        times = np.empty(times.shape, np.int32)
        _filled(times, fill, threads, progress)
    return times


def _filled(
    times: Times,
    fill: Callable[[Times, int], bool],
    threads: int,
    progress: Callable[[int, int], None] | None,
) -> bool:
    """Fill the columns block by block, unless a time does not fit; say whether all of them do."""
    count = times.shape[1]
    with ThreadPoolExecutor(max(1, threads)) as pool:
        try:
            blocks = pool.map(partial(fill, times), range(0, count, SOURCES_A_BLOCK))
            for done, fits in enumerate(blocks, 1):
                if not fits:
                    return False
                if progress is not None:
                    progress(min(done * SOURCES_A_BLOCK, count), count)
        finally:
            pool.shutdown(cancel_futures=True)
    return True


def _by_rank(hierarchy: Hierarchy, places: Ends) -> tuple[IntArray, IntArray]:
    """Return the ranks of places' ends, the lower one first, with what the kernels hold as cost."""
    node = hierarchy.rank[places.node]
    turned = node[:, 0] > node[:, 1]
    node[turned] = node[turned, ::-1]
    cost = np.minimum(places.cost_ds, _FAR)
    cost[turned] = cost[turned, ::-1]
    apart = node[:, 0] != node[:, 1]
    if (_find(hierarchy.first, hierarchy.head, node[apart, 0], node[apart, 1]) < 0).any():
        raise ValueError("the two ends of a place must be the same node or those of a chain")
    return node, cost


def _upward(one: IntArray, two: IntArray, nodes: int) -> tuple[LongArray, IntArray]:
    """List, for each node, the higher ones that it shares a chain with, ascending."""
    low, high = np.minimum(one, two).astype(np.int64), np.maximum(one, two)
    pair = np.unique((low * nodes + high)[low < high])
    first = np.searchsorted(pair, np.arange(nodes + 1) * nodes).astype(np.int64)
    return first, (pair % max(nodes, 1)).astype(np.int32)


def _find(first: LongArray, head: IntArray, low: IntArray, high: IntArray) -> IntArray:
    """Return the arc from each lower to its higher node; -1 where there is none."""
    nodes = len(first) - 1
    arcs = np.repeat(np.arange(nodes), np.diff(first)) * nodes + head
    wanted = low.astype(np.int64) * nodes + high
    at = np.searchsorted(arcs, wanted)
    there = np.append(arcs, -1)[at] == wanted
    return np.where(there, at, -1).astype(np.int32)


@njit("Tuple((int64[::1], int32[::1]))(int64[::1], int32[::1])", cache=True, nogil=True)
def _contract(first: LongArray, head: IntArray) -> tuple[LongArray, IntArray]:
    """Link the higher neighbours of each node to each other, from the lowest node upwards."""
    nodes = len(first) - 1
    arc = np.empty(4 * len(head) + 1, np.int32)
    arc_first = np.zeros(nodes + 1, np.int64)
    child, sibling = np.full(nodes, -1, np.int32), np.full(nodes, -1, np.int32)
    seen = np.full(nodes, -1, np.int32)
    at = 0
    for v in range(nodes):
        while at + nodes - v > len(arc):
            arc = np.concatenate((arc, np.empty_like(arc)))
        for a in range(first[v], first[v + 1]):
            seen[head[a]] = v
            arc[at] = head[a]
            at += 1
        c = child[v]
        while c >= 0:
            for a in range(arc_first[c] + 1, arc_first[c + 1]):
                if seen[arc[a]] != v:
                    seen[arc[a]] = v
                    arc[at] = arc[a]
                    at += 1
            c = sibling[c]
        # By hand: kernels that sort through numba, compiled in different processes and kept, are
        # taken for each other when they are loaded into one.
        for a in range(arc_first[v] + 1, at):
            b, mine = a, arc[a]
            while b > arc_first[v] and arc[b - 1] > mine:
                arc[b] = arc[b - 1]
                b -= 1
            arc[b] = mine
        if at > arc_first[v]:
            parent = arc[arc_first[v]]
            sibling[v], child[parent] = child[parent], v
        arc_first[v + 1] = at
    return arc_first, arc[:at].copy()


@njit("int32[::1](int64[::1], int32[::1])", cache=True, nogil=True)
def _after_children(first: LongArray, head: IntArray) -> IntArray:
    """Return new ranks, of the same hierarchy, in which every subtree is one stretch."""
    nodes = len(first) - 1
    size = np.ones(nodes, np.int32)
    for v in range(nodes):
        if first[v] < first[v + 1]:
            size[head[first[v]]] += size[v]
    rank, room = np.empty(nodes, np.int32), np.empty(nodes, np.int32)
    over = nodes
    for v in range(nodes - 1, -1, -1):
        if first[v] < first[v + 1]:
            parent = head[first[v]]
            rank[v] = room[parent] - 1
            room[parent] -= size[v]
        else:
            rank[v] = over - 1
            over -= size[v]
        room[v] = rank[v]
    return rank


@njit("int32[::1](int64[::1], int32[::1])", cache=True, nogil=True)
def _depths(first: LongArray, head: IntArray) -> IntArray:
    depth = np.zeros(len(first) - 1, np.int32)
    for v in range(len(depth) - 1, -1, -1):
        if first[v] < first[v + 1]:
            depth[v] = depth[head[first[v]]] + 1
    return depth


@njit(
    "Tuple((int32[::1], int32[::1]))"
    "(int64[::1], int32[::1], int32[::1], boolean[::1], int32[:, ::1])",
    cache=True,
    nogil=True,
)
def _customise(
    first: LongArray, head: IntArray, chain_arc: IntArray, rises: BoolArray, cost: IntArray
) -> tuple[IntArray, IntArray]:
    """Let the arcs of each node, lowest first, improve those between its higher neighbours."""
    up, down = np.full(len(head), _FAR, np.int32), np.full(len(head), _FAR, np.int32)
    for c in range(len(chain_arc)):
        a = chain_arc[c]
        if a >= 0:
            up[a] = min(up[a], cost[c, 0 if rises[c] else 1])
            down[a] = min(down[a], cost[c, 1 if rises[c] else 0])
    for v in range(len(first) - 1):
        for i in range(first[v], first[v + 1]):
            at = first[head[i]]
            for j in range(i + 1, first[v + 1]):
                while head[at] != head[j]:
                    at += 1
                up[at] = min(up[at], down[i] + up[j])
                down[at] = min(down[at], down[j] + up[i])
    return up, down


@njit(
    "Tuple((int32[::1], int32[::1], int64[::1], int32[::1], int32[::1]))"
    "(int64[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def _restrict(
    first: LongArray, head: IntArray, depth: IntArray, above: IntArray, cost: IntArray,
    target: IntArray,
) -> tuple[IntArray, IntArray, LongArray, IntArray, IntArray]:  # fmt: skip
    """Return the nodes above the targets, highest first: rank, depth, and arcs that can be used."""
    nodes = len(first) - 1
    wanted = np.zeros(nodes, np.bool_)
    rows, arcs = 0, 0
    for v in target:
        while not wanted[v]:
            wanted[v] = True
            rows += 1
            arcs += first[v + 1] - first[v]
            if first[v] == first[v + 1]:
                break
            v = head[first[v]]
    node, node_depth = np.empty(rows, np.int32), np.empty(rows, np.int32)
    row_first = np.zeros(rows + 1, np.int64)
    arc_depth, arc_ds = np.empty(arcs, np.int32), np.empty(arcs, np.int32)
    row, at = 0, 0
    for v in range(nodes - 1, -1, -1):
        if not wanted[v]:
            continue
        node[row], node_depth[row] = v, depth[v]
        for a in range(first[v], first[v + 1]):
            if cost[a] < _FAR:
                arc_depth[at], arc_ds[at] = above[a], cost[a]
                at += 1
        row += 1
        row_first[row] = at
    return node, node_depth, row_first, arc_depth[:at].copy(), arc_ds[:at].copy()


_SWEEP = (
    "boolean(int64[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[:, ::1],"
    " int32[:, ::1], int32[::1], int32[::1], int64[::1], int32[::1], int32[::1],"
    " int64[::1], int32[::1], int32[:, ::1], int32[::1], {}[:, ::1], int64)"
)


@njit([_SWEEP.format("uint16"), _SWEEP.format("int32")], cache=True, nogil=True)
def _sweep(
    first: LongArray, head: IntArray, depth: IntArray, above: IntArray, climb_ds: IntArray,
    source: IntArray, source_ds: IntArray, row_of: IntArray,
    row_depth: IntArray, row_first: LongArray, arc_depth: IntArray, arc_ds: IntArray,
    hung: LongArray, target: IntArray, target_ds: IntArray, high_depth: IntArray,
    times: Times, column: int,
) -> bool:  # fmt: skip
    """
    Fill the columns of a block of sources, side by side; give up at a time that does not fit.

    All nodes above one are on a single way up. Going down the tree, a stack of one row for each
    depth holds all that is looked at again, and stays in the processor's cache.
    """
    count = len(source)
    height = depth.max() + 1
    entry = np.full(len(row_depth), -1, np.int32)
    after = np.empty(count * height, np.int32)
    lane, value = np.empty_like(after), np.empty_like(after)
    up = np.empty(height, np.int32)
    made = 0
    for s in range(count):
        v = source[s, 0]
        up[: depth[v] + 1] = _FAR
        up[depth[v]] = source_ds[s, 0]
        high = depth[source[s, 1]]
        up[high] = min(up[high], source_ds[s, 1])
        while True:
            t = up[depth[v]]
            if t < _FAR:
                if row_of[v] >= 0:
                    lane[made], value[made], after[made] = s, t, entry[row_of[v]]
                    entry[row_of[v]] = made
                    made += 1
                for a in range(first[v], first[v + 1]):
                    up[above[a]] = min(up[above[a]], t + climb_ds[a])
            if first[v] == first[v + 1]:
                break
            v = head[first[v]]

    stack = np.empty((height, count), np.int32)
    nowhere = np.iinfo(times.dtype).max
    longest = np.int32(0)
    for i in range(len(row_depth)):
        mine = stack[row_depth[i]]
        mine[:] = _FAR
        e = entry[i]
        while e >= 0:
            mine[lane[e]] = value[e]
            e = after[e]
        for a in range(row_first[i], row_first[i + 1]):
            theirs = stack[arc_depth[a]]
            for s in range(count):
                mine[s] = min(mine[s], np.int32(theirs[s] + arc_ds[a]))
        for j in range(hung[i], hung[i + 1]):
            high_end = stack[high_depth[j]]
            out = times[target[j], column : column + count]
            for s in range(count):
                t = min(
                    np.int32(mine[s] + target_ds[j, 0]), np.int32(high_end[s] + target_ds[j, 1])
                )
                far = t >= _FAR
                longest = max(longest, np.int32(0) if far else t)
                out[s] = nowhere if far else t
            if longest >= nowhere:
                return False
    return True
