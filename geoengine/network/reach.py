"""Which stretches of which streets are within a time: exact, cut where the time is used up."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.network.search import UNREACHED, bucket_count, larger, settle
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Direction = Literal["to", "from"]
Found = TypeVar("Found")

STARTS_A_BLOCK = 64

# The place of a word's lowest one: Leiserson, C. E., Prokop, H. & Randall, K. H. (1998) Using
# de Bruijn sequences to index a 1 in a computer word. MIT Laboratory for Computer Science.
_NONE, _ONE, _ALL = np.uint64(0), np.uint64(1), np.uint64(2**64 - 1)
_TOP, _DE_BRUIJN = np.uint64(58), np.uint64(0x03F79D71B4CB0A89)
_PLACE = np.empty(64, np.uint8)
_PLACE[(_DE_BRUIJN << np.arange(64, dtype=np.uint64)) >> _TOP] = np.arange(64)


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
    The parts of streets within each time of each of many starts, in little room.

    Nearly all streets in reach are so from end to end, and streets that are neighbours mostly
    have numbers that are: so those in reach from end to end are held as runs of numbers.

    Parameters
    ----------
    cutoffs_s
        The times, seconds, inclusive, as they were asked for.
    chain_ds
        Cost of each whole chain, deciseconds, shape (chains,).
    first_run
        Runs of start i within time j are rows `first_run[i, j]` to `first_run[i, j + 1]`, shape
        (starts, cutoffs + 1).
    run
        Chains within from end to end: from `run[r, 0]` up to but not `run[r, 1]`, shape
        (runs, 2).
    first_cut
        Which stretches of `cut` are of start i within time j, as for `first_run`.
    cut
        The stretches of all chains that are not within from end to end.
    """

    cutoffs_s: tuple[float, ...]
    chain_ds: IntArray
    first_run: LongArray
    run: IntArray
    first_cut: LongArray
    cut: Stretches

    def of(self, start: int, cutoff: int) -> Stretches:
        """Return the stretches of one start within one of the times, both by position."""
        begin, end = self.run[slice(*self.first_run[start, cutoff : cutoff + 2])].T
        size = end - begin
        whole = np.repeat(end - size.cumsum(dtype=np.int32), size)
        whole += np.arange(len(whole), dtype=np.int32)
        own = slice(*self.first_cut[start, cutoff : cutoff + 2])
        chain = np.concatenate((whole, self.cut.chain[own]))
        from_ds = np.concatenate((np.zeros_like(whole), self.cut.from_ds[own]))
        to_ds = np.concatenate((self.chain_ds[whole], self.cut.to_ds[own]))
        order = np.argsort(chain, kind="stable")
        return Stretches(chain[order], from_ds[order], to_ds[order])


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
    whole = np.array([0, len(starts.chain)])
    streets = (*_streets(network, direction), *by_chain(starts, whole))
    given = (np.ascontiguousarray(node_ds, np.int32), *streets, limits)
    found = _of_any(*given)
    return _gathered(network, (cutoff_s,), [found], np.zeros(1, np.int64)).of(0, 0)


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
    # Starts that are neighbours are searched from in turn: what they read is still at hand.
    order = np.argsort(starts.chain, kind="stable")
    turn = Positions(*(part[order] for part in vars(starts).values()))
    streets, given = _streets(network, direction), searches(network, turn, direction)

    def of_block(at: int, end: int) -> tuple[Any, ...]:
        own = (part[at:end] for part in (turn.chain, turn.along_ds, turn.leg_ds))
        everything = (*given(at, end), *streets, *own, limits)
        found: tuple[Any, ...] = _of_each(*everything)
        return found

    done = by_blocks(of_block, len(order), STARTS_A_BLOCK, threads=threads, progress=progress)
    return _gathered(network, tuple(cutoffs_s), list(done), order)


def _gathered(
    network: StreetNetwork, cutoffs_s: tuple[float, ...], done: list[Any], order: LongArray
) -> EachReach:
    """Put together what blocks of starts reach, the starts having been taken in an order."""
    count = (len(order), len(cutoffs_s))
    runs, run, cuts, cut = zip(*done, strict=True) if done else [()] * 4
    none = np.empty((0, 3), np.int32)
    chain, from_ds, to_ds = np.ascontiguousarray(np.concatenate((none, *cut)).T)
    return EachReach(
        cutoffs_s, network.chain_ds,
        _first(runs, count, order), np.concatenate((none[:, :2], *run)),
        _first(cuts, count, order), Stretches(chain, from_ds, to_ds),
    )  # fmt: skip


def _first(sizes: Sequence[LongArray], count: tuple[int, int], order: LongArray) -> LongArray:
    """Return where the rows of each start and time begin and end."""
    ends = np.cumsum(np.concatenate((np.zeros(0, np.int64), *sizes))).reshape(count)
    first = np.zeros((count[0], count[1] + 1), np.int64)
    first[order, 1:] = ends
    first[order[1:], 0] = ends[:-1, -1]
    return first


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
    work: Callable[[int, int], Found],
    count: int,
    size: int,
    *,
    threads: int,
    progress: Callable[[int, int], None] | None,
) -> Iterator[Found]:
    """
    Work on many starts block by block, side by side.

    Parameters
    ----------
    work
        Given the positions of the first start of a block and of the one after its last; what it
        returns comes out in order.
    count
        How many starts there are.
    size
        How many make a block.
    threads, progress
        As for `each`.
    """

    def block(at: int) -> Found:
        return work(at, min(at + size, count))

    with ThreadPoolExecutor(max(threads, 1)) as pool:
        try:
            for done, result in enumerate(pool.map(block, range(0, count, size)), 1):
                if progress is not None:
                    progress(min(done * size, count), count)
                yield result
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def searches(
    network: StreetNetwork, starts: Positions, direction: Direction
) -> Callable[[int, int], tuple[Any, ...]]:
    """Return a function of what a kernel searches by from each start of a block."""
    first, arc = arcs(network, direction)
    node, cost, label = seeds(network, starts, arriving=direction == "to")
    own = np.searchsorted(label, np.arange(len(starts.chain) + 1)).astype(np.int64)

    def of_block(at: int, end: int) -> tuple[Any, ...]:
        rows = slice(own[at], own[end])
        return first, arc, own[at : end + 1] - own[at], node[rows], cost[rows]

    return of_block


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


def by_chain(starts: Positions, groups: LongArray) -> tuple[Any, ...]:
    """Return the arrays that a kernel reads of starts, those of each group in order of chain."""
    group = np.repeat(np.arange(len(groups) - 1), np.diff(groups))
    order = np.lexsort((starts.chain, group))
    return starts.chain[order], starts.along_ds[order], starts.leg_ds[order]


def _streets(network: StreetNetwork, direction: Direction) -> tuple[Any, ...]:
    """Return the arrays that a kernel cuts streets by, and whether it runs towards starts."""
    return (
        network.first_chain, np.asarray(network.chain_tail), np.asarray(network.chain_head),
        network.chain_ds, np.asarray(network.chain_two_way), direction == "to",
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _pieces(
    by_tail: int, by_head: int, whole: int, limit: int, two_way: bool, to: bool,
    starts: tuple[IntArray, IntArray, IntArray], first: int, end: int, piece: LongArray,
) -> int:  # fmt: skip
    """List what is reached of one street from its ends and its own starts; return how many."""
    piece[0, 0], piece[0, 1] = 0, min(by_tail, whole)
    count = 1 if by_tail >= 0 else 0
    for s in range(first, end + 1):
        if s < end:
            rest, place = limit - starts[2][s], starts[1][s]
            begin = max(place - rest, 0) if two_way or to else place
            stop = min(place + rest, whole) if two_way or not to else place
        else:
            rest, begin, stop = by_head, max(whole - by_head, 0), whole
        if rest < 0:
            continue
        at = count
        while at > 0 and piece[at - 1, 0] > begin:
            piece[at, 0], piece[at, 1] = piece[at - 1, 0], piece[at - 1, 1]
            at -= 1
        piece[at, 0], piece[at, 1] = begin, stop
        count += 1
    kept = 0
    for i in range(1, count):
        if piece[i, 0] <= piece[kept, 1]:
            piece[kept, 1] = max(piece[kept, 1], piece[i, 1])
        else:
            kept += 1
            piece[kept, 0], piece[kept, 1] = piece[i, 0], piece[i, 1]
    return min(count, kept + 1)


@njit(inline="always")
def _lowest_one(word: np.uint64) -> int:
    place: int = _PLACE[((word & (~word + _ONE)) * _DE_BRUIJN) >> _TOP]
    return place


@njit(cache=True, nogil=True)
def _cut(
    time: IntArray, marked: NDArray[np.uint64], span: tuple[int, int], streets: Any,
    starts: tuple[IntArray, IntArray, IntArray], own: tuple[int, int], limit: int,
    run: IntArray, runs: int, cut: IntArray, cuts: int, piece: LongArray,
) -> tuple[IntArray, int, IntArray, int]:  # fmt: skip
    """
    Cut the streets whose tails are marked where a limit is used up; return the rows filled.

    Those within from end to end are added to the runs, stretches of the others to the cuts.
    """
    first_chain, tail, head, whole, two_way, to = streets
    own_chain, after = starts[0], own[0]
    while after < own[1] and own_chain[after] < 0:
        after += 1
    next_own = own_chain[after] if after < own[1] else -1
    run_end = -1
    for word in range(span[0], span[1]):
        left, at = marked[word], 0
        while left != 0:
            # Nodes marked one after the other have chains that are numbered one after the other.
            at += _lowest_one(left)
            left = marked[word] >> np.uint64(at)
            begin = first_chain[(word << 6) + at]
            at += 64 if left == _ALL else _lowest_one(~left)
            left = marked[word] >> np.uint64(at) if at < 64 else _NONE
            end = first_chain[(word << 6) + at]
            c = begin
            while c < end:
                begin = c
                while c < end and c != next_own and two_way[c]:
                    by_tail, by_head = time[tail[c]], time[head[c]]
                    if max(by_tail, by_head) > limit or by_tail + by_head + whole[c] > 2 * limit:
                        break
                    c += 1
                run_to, pieces = c, 0
                if c < end:
                    by_tail = limit - time[tail[c]] if two_way[c] or not to else -1
                    by_head = limit - time[head[c]] if two_way[c] or to else -1
                    if c == next_own:
                        first = after
                        while after < own[1] and own_chain[after] == c:
                            after += 1
                        next_own = own_chain[after] if after < own[1] else -1
                        pieces = _pieces(
                            by_tail, by_head, whole[c], limit, two_way[c], to, starts, first,
                            after, piece,
                        )  # fmt: skip
                    elif max(by_tail, by_head) >= whole[c]:
                        run_to = c + 1
                    else:
                        if by_tail >= 0:
                            piece[0, 0], piece[0, 1] = 0, by_tail
                            pieces = 1
                        if by_head >= 0:
                            piece[pieces, 0], piece[pieces, 1] = whole[c] - by_head, whole[c]
                            pieces += 1
                    if pieces == 1 and piece[0, 0] == 0 and piece[0, 1] == whole[c]:
                        run_to, pieces = c + 1, 0
                if run_to > begin:
                    if begin != run_end:
                        if runs == len(run):
                            run = larger(run)
                        run[runs, 0] = begin
                        runs += 1
                    run_end = run_to
                    run[runs - 1, 1] = run_end
                while cuts + pieces > len(cut):
                    cut = larger(cut)
                for i in range(pieces):
                    cut[cuts, 0], cut[cuts, 1], cut[cuts, 2] = c, piece[i, 0], piece[i, 1]
                    cuts += 1
                c += 1
    return run, runs, cut, cuts


@njit(inline="always")
def _mark(marked: NDArray[np.uint64], node: int) -> int:
    word = node >> 6
    marked[word] |= _ONE << np.uint64(node & 63)
    return word


@njit(
    "Tuple((int64[::1], int32[:, ::1], int64[::1], int32[:, ::1]))"
    "(int64[::1], int32[:, ::1], int64[::1], int32[::1], int32[::1],"
    " int64[::1], int32[::1], int32[::1], int32[::1], boolean[::1], boolean,"
    " int32[::1], int32[::1], int32[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def _of_each(
    first: LongArray, arc: IntArray, seed_first: LongArray, seed_node: IntArray,
    seed_ds: IntArray, first_chain: LongArray, tail: IntArray, head: IntArray, whole: IntArray,
    two_way: BoolArray, to: bool, own_chain: IntArray, own_along: IntArray, own_leg: IntArray,
    limits: LongArray,
) -> tuple[LongArray, IntArray, LongArray, IntArray]:  # fmt: skip
    """Search from each start, cut the streets; return how many runs and cuts, start by start."""
    streets, starts = (first_chain, tail, head, whole, two_way, to), (own_chain, own_along, own_leg)
    sources, longest = len(seed_first) - 1, limits.max()
    time = np.full(len(first) - 1, UNREACHED, np.int32)
    marked = np.zeros((len(time) >> 6) + 1, np.uint64)
    bucket = np.full(bucket_count(arc, seed_ds, longest), -1, np.int32)
    pool, piece = np.empty((1024, 4), np.int32), np.empty((3, 2), np.int64)
    run, runs, cut, cuts = np.empty((1024, 2), np.int32), 0, np.empty((1024, 3), np.int32), 0
    each_runs = np.empty(sources * len(limits), np.int64)
    each_cuts = np.empty(sources * len(limits), np.int64)
    for s in range(sources):
        seeds = slice(seed_first[s], seed_first[s + 1])
        given = first, arc, seed_node[seeds], seed_ds[seeds], longest, time, bucket
        made = settle(*given, pool)
        while made < 0:
            pool = larger(pool)
            made = settle(*given, pool)
        low, high = len(marked), 0
        for i in range(made):
            word = _mark(marked, pool[i, 0])
            low, high = min(low, word), max(high, word + 1)
        if own_chain[s] >= 0:
            word = _mark(marked, tail[own_chain[s]])
            low, high = min(low, word), max(high, word + 1)
        for k in range(len(limits)):
            had = runs, cuts
            run, runs, cut, cuts = _cut(
                time, marked, (low, high), streets, starts, (s, s + 1), limits[k],
                run, runs, cut, cuts, piece,
            )  # fmt: skip
            each_runs[s * len(limits) + k] = runs - had[0]
            each_cuts[s * len(limits) + k] = cuts - had[1]
        for i in range(made):
            time[pool[i, 0]] = UNREACHED
        marked[low:high] = 0
    return each_runs, run[:runs].copy(), each_cuts, cut[:cuts].copy()


@njit(
    "Tuple((int64[::1], int32[:, ::1], int64[::1], int32[:, ::1]))"
    "(int32[::1], int64[::1], int32[::1], int32[::1], int32[::1], boolean[::1], boolean,"
    " int32[::1], int32[::1], int32[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def _of_any(
    time: IntArray, first_chain: LongArray, tail: IntArray, head: IntArray, whole: IntArray,
    two_way: BoolArray, to: bool, own_chain: IntArray, own_along: IntArray, own_leg: IntArray,
    limits: LongArray,
) -> tuple[LongArray, IntArray, LongArray, IntArray]:  # fmt: skip
    """Cut all streets around the starts together, the time of each node being known."""
    streets, starts = (first_chain, tail, head, whole, two_way, to), (own_chain, own_along, own_leg)
    marked = np.zeros((len(time) >> 6) + 1, np.uint64)
    for n in range(len(time)):
        _mark(marked, n)
    piece = np.empty((len(own_chain) + 2, 2), np.int64)
    run, runs, cut, cuts = _cut(
        time, marked, (0, len(marked)), streets, starts, (0, len(own_chain)), limits[0],
        np.empty((1024, 2), np.int32), 0, np.empty((1024, 3), np.int32), 0, piece,
    )  # fmt: skip
    return np.array([runs]), run[:runs].copy(), np.array([cuts]), cut[:cuts].copy()


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
