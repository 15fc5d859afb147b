"""Which stretches of which streets are within a time: exact, cut where the time is used up."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork

IntArray = NDArray[np.int32]
FloatArray = NDArray[np.float64]


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


def within(
    network: StreetNetwork,
    node_ds: IntArray,
    starts: Positions,
    cutoff_s: float,
    *,
    direction: Literal["to", "from"] = "to",
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
    limit = int(np.floor(cutoff_s * 10 + 1e-6))
    whole = network.chain_ds.astype(np.int64)
    both = np.asarray(network.chain_two_way)
    to = direction == "to"
    away_from_tail = both | (not to)
    away_from_head = both | to
    tail_s = limit - node_ds[network.chain_tail].astype(np.int64)
    head_s = limit - node_ds[network.chain_head].astype(np.int64)
    by_tail = np.flatnonzero((tail_s >= 0) & away_from_tail)
    by_head = np.flatnonzero((head_s >= 0) & away_from_head)
    on = np.flatnonzero(starts.joined & (starts.leg_ds <= limit))
    chain, place = starts.chain[on], starts.along_ds[on].astype(np.int64)
    rest = limit - starts.leg_ds[on].astype(np.int64)
    back = np.where(both[chain] | to, rest, 0)
    ahead = np.where(both[chain] | (not to), rest, 0)
    return _merged(
        np.concatenate((by_tail, by_head, chain)),
        np.concatenate((0 * by_tail, whole[by_head] - head_s[by_head], place - back)),
        np.concatenate((tail_s[by_tail], whole[by_head], place + ahead)),
        whole,
    )


def _merged(chain: Any, begin: Any, end: Any, whole: Any) -> Stretches:
    """Clip stretches to their chains and join those that meet."""
    begin, end = np.maximum(begin, 0), np.minimum(end, whole[chain])
    order = np.lexsort((end, begin, chain))
    chain, begin, end = chain[order], begin[order], end[order]
    # Running latest end within a chain: chains are set apart by more than any chain's length.
    apart = chain.astype(np.int64) * (int(whole.max(initial=0)) + 2)
    latest = np.maximum.accumulate(end + apart)
    fresh = np.ones(len(chain), dtype=bool)
    fresh[1:] = begin[1:] + apart[1:] > latest[:-1]
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(chain)) - 1
    return Stretches(
        chain[first].astype(np.int32),
        begin[first].astype(np.int32),
        (latest[last] - apart[last]).astype(np.int32) if len(first) else np.empty(0, np.int32),
    )


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
