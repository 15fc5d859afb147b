"""Which stretches of which streets are within a time: exact, cut where the time is used up."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.network.search import UNREACHED, nodes_of_each
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Direction = Literal["to", "from"]
Found = TypeVar("Found")

STARTS_A_BLOCK = 16
NEVER = 2**30
"""Time of a street's end from which it is not reached; more than any, with room to add to it."""


@dataclass(frozen=True, eq=False)
class Stretches:
    """
    The parts of streets within a time, in order of chain and place, none touching the next.

    Parameters
    ----------
    chain
        Street of each stretch, shape (stretches,).
    from_ds, to_ds
        Where it begins and ends along its chain, as cost from the tail, deciseconds, shape
        (stretches,); both ends are within the time.
    """

    chain: IntArray
    from_ds: IntArray
    to_ds: IntArray


@dataclass(frozen=True, eq=False)
class EachReach:
    """
    The parts of streets within each time of each of many starts.

    Parameters
    ----------
    cutoffs_s
        The times, seconds, inclusive, as they were asked for.
    first
        Stretches of start i within time j are rows `first[i, j]` to `first[i, j + 1]`, shape
        (starts, cutoffs + 1).
    stretches
        All of them, start by start and time by time.
    """

    cutoffs_s: tuple[float, ...]
    first: LongArray
    stretches: Stretches

    def of(self, start: int, cutoff: int) -> Stretches:
        """Return the stretches of one start within one of the times, both by position."""
        rows = slice(self.first[start, cutoff], self.first[start, cutoff + 1])
        all_of_them = self.stretches
        return Stretches(
            all_of_them.chain[rows], all_of_them.from_ds[rows], all_of_them.to_ds[rows]
        )


@dataclass(frozen=True, eq=False)
class Searched:
    """
    The junctions within a time of each of some starts.

    Parameters
    ----------
    first
        Those of start i are rows `first[i]` to `first[i + 1]`, shape (starts + 1,).
    node, time_ds
        The junctions and their deciseconds, in no order.
    """

    first: LongArray
    node: IntArray
    time_ds: IntArray


def within(
    network: StreetNetwork,
    node_ds: IntArray,
    starts: Positions,
    cutoff_s: float,
    *,
    direction: Direction = "to",
) -> Stretches:
    """
    Find every stretch of street within a time of any of the starts.

    Parameters
    ----------
    network
        What is travelled.
    node_ds
        Deciseconds between each node and the nearest start, shape (nodes,), such as a column of
        `Nearest.node_ds`.
    starts
        Where the starts join the network; each reaches along its own street directly.
    cutoff_s
        Longest time, seconds, inclusive.
    direction
        Whether people travel *to* a start or *from* it; differs only on one-way streets.

    Examples
    --------
    From the middle of a street of 1 km, walked at a metre a second, 300 s reach 300 m each way.

    >>> from geoengine.network.streets import from_edges
    >>> street = from_edges(np.array([0.0, 1000.0]), np.zeros(2), [0], [1], np.array([1000.0]))
    >>> zero = np.zeros(1, np.int32)
    >>> middle = Positions(zero, zero + 5000, zero, zero * 1.0, zero * 1.0, zero * 1.0)
    >>> found = within(street, np.array([5000, 5000], np.int32), middle, 300)
    >>> found.from_ds.tolist(), found.to_ds.tolist()
    ([2000], [8000])
    """
    limits = limits_ds([cutoff_s])
    node = np.flatnonzero(node_ds <= limits[-1]).astype(np.int32)
    searched = Searched(np.array([0, len(node)]), node, node_ds[node])
    whole = np.array([0, len(starts.chain)])
    given = (*streets_of(network, direction), *reached_of(searched, starts, whole), limits)
    _, chain, begin, end = _stretches(*given)
    return Stretches(chain, begin, end)


def each(
    network: StreetNetwork,
    starts: Positions,
    cutoffs_s: Sequence[float],
    *,
    direction: Direction = "to",
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> EachReach:
    """
    Find every stretch of street within each time of each of many starts.

    One search a start, as far as the longest time, serves all its times.

    Parameters
    ----------
    network
        What is travelled.
    starts
        Where the starts join it; one without network reaches nothing.
    cutoffs_s
        Longest times, seconds, inclusive, in any order.
    direction
        Whether people travel *to* a start or *from* it; differs only on one-way streets.
    threads
        How many blocks of starts are worked on side by side; the result is the same for any
        number.
    progress
        Called with the starts done so far and their number.

    Raises
    ------
    ValueError
        If no cut-off is given, or one is not positive.

    Examples
    --------
    Two starts on a street of 1 km, walked at a metre a second, one at its end, one in its middle.

    >>> from geoengine.network.streets import from_edges
    >>> street = from_edges(np.array([0.0, 1000.0]), np.zeros(2), [0], [1], np.array([1000.0]))
    >>> zero = np.zeros(2, np.int32)
    >>> two = Positions(zero, np.array([0, 5000], np.int32), zero, zero, zero, zero)
    >>> found = each(street, two, [60, 300])
    >>> [found.of(start, 1).to_ds.tolist() for start in (0, 1)]
    [[3000], [8000]]
    """
    limits = limits_ds(cutoffs_s)
    streets = streets_of(network, direction)

    def of_block(searched: Searched, block: Positions, _: int) -> tuple[Any, ...]:
        alone = np.arange(len(block.chain) + 1)
        given = (*streets, *reached_of(searched, block, alone), limits)
        found: tuple[Any, ...] = _stretches(*given)
        return found

    done = list(
        by_blocks(
            of_block, network, starts, int(limits.max()),
            direction=direction, threads=threads, progress=progress,
        )
    )  # fmt: skip
    sizes = np.concatenate([found[0] for found in done] or [np.empty(0, np.int64)])
    ends = np.cumsum(sizes).reshape(len(starts.chain), len(limits))
    begins = np.concatenate(([0], ends[:-1, -1])) if len(ends) else np.empty(0, np.int64)
    return EachReach(
        tuple(cutoffs_s),
        np.column_stack((begins, ends)),
        Stretches(*(_joined([found[part] for found in done]) for part in (1, 2, 3))),
    )


def _joined(parts: list[IntArray]) -> IntArray:
    return np.concatenate(parts) if parts else np.empty(0, np.int32)


def limits_ds(cutoffs_s: Sequence[float]) -> LongArray:
    """
    Return cut-offs in whole deciseconds, shape (cutoffs,).

    Raises
    ------
    ValueError
        If there is none, or one is not positive or does not end.
    """
    asked = np.asarray(cutoffs_s, dtype=float)
    if not len(asked) or not ((asked > 0) & (asked * 10 < UNREACHED)).all():
        raise ValueError(f"cut-offs must be positive times, not {list(cutoffs_s)} seconds")
    return np.floor(asked * 10 + 1e-6).astype(np.int64)


def by_blocks(
    work: Callable[[Searched, Positions, int], Found],
    network: StreetNetwork,
    starts: Positions,
    limit_ds: int,
    *,
    direction: Direction,
    threads: int,
    progress: Callable[[int, int], None] | None,
) -> Iterator[Found]:
    """
    Search from each of many starts, block by block side by side, and work on what is found.

    Parameters
    ----------
    work
        Given what was found from a block of starts, those starts, and the first one's position;
        what it returns comes out in order.
    network, starts, direction, threads, progress
        As for `each`.
    limit_ds
        Longest time, deciseconds, inclusive.
    """
    first, arc = arcs(network, direction)
    node, cost, label = seeds(network, starts, arriving=direction == "to")
    count = len(starts.chain)
    seed_first = np.searchsorted(label, np.arange(count + 1)).astype(np.int64)

    def block(at: int) -> Found:
        end = min(at + STARTS_A_BLOCK, count)
        rows = slice(seed_first[at], seed_first[end])
        found = nodes_of_each(
            first, arc, seed_first[at : end + 1] - seed_first[at], node[rows], cost[rows], limit_ds
        )
        alone = {name: values[at:end] for name, values in vars(starts).items()}
        return work(Searched(*found), Positions(**alone), at)

    with ThreadPoolExecutor(max(threads, 1)) as pool:
        try:
            for done, result in enumerate(pool.map(block, range(0, count, STARTS_A_BLOCK)), 1):
                if progress is not None:
                    progress(min(done * STARTS_A_BLOCK, count), count)
                yield result
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def arcs(network: StreetNetwork, direction: Direction) -> tuple[LongArray, IntArray]:
    """Return the arcs to search along for times *to* or *from* the seeds."""
    if direction == "to":
        return np.asarray(network.in_first), np.asarray(network.in_arc)
    return np.asarray(network.out_first), np.asarray(network.out_arc)


def seeds(
    network: StreetNetwork, places: Positions, *, arriving: bool
) -> tuple[IntArray, IntArray, IntArray]:
    """
    Return the nodes next to each place and the cost between them, in order of place.

    Parameters
    ----------
    network
        What is travelled.
    places
        Where they join it; those without network have no nodes.
    arriving
        Whether the cost is from the node to the place, or from the place to the node.

    Returns
    -------
    node, cost_ds, place
        Shape (seeds,); one or two a place.
    """
    who = np.flatnonzero(places.joined)
    chain, along, leg = places.chain[who], places.along_ds[who], places.leg_ds[who]
    rest = network.chain_ds[chain] - along
    near, far = network.chain_tail[chain], network.chain_head[chain]
    sure, maybe = (along, rest) if arriving else (rest, along)
    both = network.chain_two_way[chain] | (maybe == 0)
    if not arriving:
        near, far = far, near
    label = np.concatenate((who, who[both]))
    order = np.argsort(label, kind="stable")
    node = np.concatenate((near, far[both]))[order]
    cost = np.concatenate((sure + leg, (maybe + leg)[both]))[order]
    return node.astype(np.int32), cost.astype(np.int32), label[order].astype(np.int32)


def streets_of(network: StreetNetwork, direction: Direction) -> tuple[Any, ...]:
    """
    Return the arrays that a kernel reads of a network, and whether it runs towards starts.

    The arcs arriving are left out where every street leads both ways: they are those leaving.
    """
    two_way = np.asarray(network.chain_two_way)
    arriving = slice(0, 0) if two_way.all() else slice(None)
    return (
        np.asarray(network.chain_tail), np.asarray(network.chain_head), network.chain_ds, two_way,
        np.asarray(network.out_first), np.asarray(network.out_arc),
        np.asarray(network.in_first), np.asarray(network.in_arc)[arriving], direction == "to",
    )  # fmt: skip


def reached_of(searched: Searched, starts: Positions, groups: LongArray) -> tuple[Any, ...]:
    """Return the arrays that a kernel reads of a search from groups of starts."""
    group = np.repeat(np.arange(len(groups) - 1), np.diff(groups))
    order = np.lexsort((starts.chain, group))
    return (
        searched.first, searched.node, searched.time_ds,
        groups, starts.chain[order], starts.along_ds[order], starts.leg_ds[order],
    )  # fmt: skip


@njit(inline="always")
def _pieces(
    by_tail: int, by_head: int, whole: int, two_way: bool, to: bool, limit: int, chain: int,
    start: int, starts_end: int, start_chain: IntArray, start_along: IntArray,
    start_leg: IntArray, piece: LongArray,
) -> int:  # fmt: skip
    """List what is reached of one street from its ends and its starts, in order of beginning."""
    count = 0
    if by_tail <= limit:
        piece[0, 0], piece[0, 1] = 0, min(limit - by_tail, whole)
        count = 1
    while start >= 0 and start < starts_end and start_chain[start] == chain:
        rest, place = limit - start_leg[start], start_along[start]
        start += 1
        if rest < 0:
            continue
        begin = max(place - rest, 0) if two_way or to else place
        end = min(place + rest, whole) if two_way or not to else place
        at = count
        while at > 0 and piece[at - 1, 0] > begin:
            piece[at, 0], piece[at, 1] = piece[at - 1, 0], piece[at - 1, 1]
            at -= 1
        piece[at, 0], piece[at, 1] = begin, end
        count += 1
    if by_head <= limit:
        begin, at = max(whole - (limit - by_head), 0), count
        while at > 0 and piece[at - 1, 0] > begin:
            piece[at, 0], piece[at, 1] = piece[at - 1, 0], piece[at - 1, 1]
            at -= 1
        piece[at, 0], piece[at, 1] = begin, whole
        count += 1
    return count


@njit(
    "Tuple((int64[::1], int32[::1], int32[::1], int32[::1]))"
    "(int32[::1], int32[::1], int32[::1], boolean[::1], int64[::1], int32[:, ::1],"
    " int64[::1], int32[:, ::1], boolean, int64[::1], int32[::1], int32[::1],"
    " int64[::1], int32[::1], int32[::1], int32[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def _stretches(
    tail: IntArray, head: IntArray, whole: IntArray, two_way: BoolArray, out_first: LongArray,
    out_arc: IntArray, in_first: LongArray, in_arc: IntArray, to: bool, node_first: LongArray,
    node: IntArray, node_ds: IntArray, start_first: LongArray, start_chain: IntArray,
    start_along: IntArray, start_leg: IntArray, limits: LongArray,
) -> tuple[LongArray, IntArray, IntArray, IntArray]:  # fmt: skip
    """Cut the streets around each group of starts; return how many stretches at each limit."""
    groups, chains = len(start_first) - 1, len(tail)
    time = np.full(len(out_first) - 1, NEVER, np.int32)
    used, seat = np.zeros(chains, np.bool_), np.full(chains, -1, np.int32)
    sizes = np.zeros(groups * len(limits), np.int64)
    made = np.empty((1024, 3), np.int32)
    piece = np.empty((len(start_chain) + 2, 2), np.int64)
    count = 0
    for g in range(groups):
        low, high = chains, -1
        for i in range(node_first[g], node_first[g + 1]):
            n = node[i]
            time[n] = node_ds[i]
            for a in range(out_first[n], out_first[n + 1]):
                c = out_arc[a, 2]
                used[c], low, high = True, min(low, c), max(high, c)
            if len(in_arc) > 0:
                for a in range(in_first[n], in_first[n + 1]):
                    c = in_arc[a, 2]
                    used[c], low, high = True, min(low, c), max(high, c)
        for i in range(start_first[g + 1] - 1, start_first[g] - 1, -1):
            c = start_chain[i]
            if c >= 0:
                seat[c], used[c] = i, True
                low, high = min(low, c), max(high, c)
        for k in range(len(limits)):
            before = count
            for c in range(low, high + 1):
                if not used[c]:
                    continue
                by_tail = time[tail[c]] if two_way[c] or not to else NEVER
                by_head = time[head[c]] if two_way[c] or to else NEVER
                pieces = _pieces(
                    by_tail, by_head, whole[c], two_way[c], to, limits[k], c, seat[c],
                    start_first[g + 1], start_chain, start_along, start_leg, piece,
                )  # fmt: skip
                for i in range(pieces):
                    if i > 0 and piece[i, 0] <= made[count - 1, 2]:
                        made[count - 1, 2] = max(made[count - 1, 2], piece[i, 1])
                        continue
                    if count == len(made):
                        made = np.concatenate((made, np.empty_like(made)))
                    made[count, 0], made[count, 1], made[count, 2] = c, piece[i, 0], piece[i, 1]
                    count += 1
            sizes[g * len(limits) + k] = count - before
        for i in range(node_first[g], node_first[g + 1]):
            time[node[i]] = NEVER
        for c in range(low, high + 1):
            if used[c]:
                seat[c], used[c] = -1, False
    return sizes, made[:count, 0].copy(), made[:count, 1].copy(), made[:count, 2].copy()


def lines(network: StreetNetwork, stretches: Stretches) -> Any:
    """
    Return the stretches as one geometry, cut at the exact point.

    Returns
    -------
    shapely.MultiLineString
        In the network's CRS; stretches without length are passed over.
    """
    import shapely

    parts = []
    for chain, begin, end in zip(
        stretches.chain.tolist(), stretches.from_ds.tolist(), stretches.to_ds.tolist(), strict=True
    ):
        points = slice(int(network.first_point[chain]), int(network.first_point[chain + 1]))
        cost = network.point_ds[points]
        x, y = network.point_x_m[points], network.point_y_m[points]
        if begin == end and cost[-1] > 0:
            continue
        if begin > 0 or end < cost[-1]:
            inner = np.flatnonzero((cost > begin) & (cost < end))
            ends = np.array([begin, end], dtype=float)
            end_x, end_y = np.interp(ends, cost, x), np.interp(ends, cost, y)
            x = np.concatenate((end_x[:1], x[inner], end_x[1:]))
            y = np.concatenate((end_y[:1], y[inner], end_y[1:]))
        parts.append(shapely.linestrings(x, y))
    return shapely.multilinestrings(parts)


def length_m(network: StreetNetwork, stretches: Stretches) -> float:
    """Return the length of all stretches together, metres."""
    return float(lines(network, stretches).length)
