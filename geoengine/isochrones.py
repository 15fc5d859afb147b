"""Areas that can be reached within cut-offs, drawn from the time of every place on the ground."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from geoengine.network import contours, reach
from geoengine.network.ground import Ground, KeptGround
from geoengine.network.search import UNREACHED, nodes_of_each
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork
from geoengine.travel_times import Direction, Nearest

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]

STARTS_A_BLOCK = 16
NEVER = 2**30
"""Time of what is not reached; more than any, with room to add to it."""
FINEST_M = 5.0
SQUARES = 60_000
"""Squares within a band's bounds beyond which it is drawn on squares twice as wide."""


@dataclass(frozen=True)
class Fidelity:
    """
    How well a drawn area tells the homes in reach from the others.

    Parameters
    ----------
    inside, beyond
        Homes inside the area, and how many of them are in truth beyond the cut-off.
    reached, outside
        Homes within the cut-off, and how many of them the area leaves out.
    """

    inside: int
    beyond: int
    reached: int
    outside: int


def around(
    network: StreetNetwork,
    ground: Ground,
    found: Nearest,
    starts: Positions,
    cutoffs_min: Sequence[float],
    *,
    direction: Direction = "to",
) -> list[Any]:
    """
    Draw the area within each cut-off of any of the starts.

    A place belongs to the street nearest to it, as an address does, and is reached when that
    street is and the walk to it still fits. So what lies across a river is not reached because
    its far bank is near, and ground further from any street than the survey went is not drawn.

    Parameters
    ----------
    network, ground
        The streets, and the ground around them.
    found
        What was found from the starts.
    starts
        Where the starts join the network.
    cutoffs_min
        Longest times in minutes, inclusive.
    direction
        Whether people travel *to* a start or *from* it; differs only on one-way streets.

    Returns
    -------
    list of shapely.MultiPolygon
        One a cut-off, in their order and the network's CRS, valid; a shorter one lies within a
        longer one; empty where nothing is reached.

    Raises
    ------
    ValueError
        If a cut-off is not positive.
    """
    limits = _limits(cutoffs_min)
    node = np.flatnonzero(found.node_ds[:, 0] <= limits.max()).astype(np.int32)
    searched = (np.array([0, len(node)]), node, found.node_ds[node, 0])
    groups = np.array([0, len(starts.chain)])
    return list(_draw(network, ground, searched, starts, groups, limits, direction)[0])


def around_each(
    network: StreetNetwork,
    ground: Ground,
    starts: Positions,
    cutoffs_min: Sequence[float],
    *,
    direction: Direction = "to",
    threads: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.object_]:
    """
    Draw the area within each cut-off of each of many starts.

    Parameters
    ----------
    network, ground, cutoffs_min, direction
        As for `around`.
    starts
        Where the starts join the network; around one without network all areas are empty.
    threads
        How many blocks of starts are worked on side by side; the result is the same for any
        number.
    progress
        Called with the starts done so far and their number.

    Returns
    -------
    numpy.ndarray of shapely.MultiPolygon
        Shape (starts, cutoffs), each as `around` draws it for the start alone.

    Raises
    ------
    ValueError
        If a cut-off is not positive.
    """
    limits = _limits(cutoffs_min)
    # Starts that are neighbours are drawn in turn: the ground that they read is still at hand.
    order = np.argsort(starts.chain, kind="stable")
    turn = Positions(*(part[order] for part in vars(starts).values()))
    given = reach.searches(network, turn, direction)

    def of_block(at: int, end: int) -> NDArray[np.object_]:
        asked = (*given(at, end), limits.max())
        searched = nodes_of_each(*asked)
        block = Positions(*(part[at:end] for part in vars(turn).values()))
        alone = np.arange(end - at + 1)
        return _draw(network, ground, searched, block, alone, limits, direction)

    done = reach.by_blocks(
        of_block, len(starts.chain), STARTS_A_BLOCK, threads=threads, progress=progress
    )  # fmt: skip
    areas = np.empty((len(order), len(limits)), dtype=object)
    areas[order] = np.concatenate([areas[:0], *done])
    return areas


def around_here(
    ground: KeptGround,
    found: Nearest,
    starts: Positions,
    cutoffs_min: Sequence[float],
    *,
    direction: Direction = "to",
) -> list[Any]:
    """
    Draw as `around` does where no ground has been surveyed, surveying as little as will do.

    Parameters
    ----------
    ground
        What has been surveyed so far of the network's ground, and will be.
    found, starts, cutoffs_min, direction
        As for `around`.

    Returns
    -------
    list of shapely.MultiPolygon
        As `around` draws them. Each cut-off has squares of at least `FINEST_M`, as fine as
        `SQUARES` of them allow for itself or, to spare a survey, half as wide again.

    Raises
    ------
    ValueError
        If a cut-off is not positive.
    """
    limits = _limits(cutoffs_min)
    order = np.argsort(limits)[::-1]
    areas: list[Any] = [shapely.MultiPolygon()] * len(limits)
    surveyed: Ground | None = None
    groups: list[list[int]] = []
    for at in order.tolist():
        bounds_m = _extent(ground, found, starts, int(limits[at]))
        if bounds_m is None:
            break
        west, south, east, north = bounds_m
        finest_m = max(FINEST_M, float(np.ceil(np.sqrt((east - west) * (north - south) / SQUARES))))
        if surveyed is None or surveyed.spacing_m > 1.5 * finest_m:
            surveyed = ground.survey(finest_m, bounds_m)
            groups.append([])
        groups[-1].append(at)
        [areas[at]] = around(
            ground.network, surveyed, found, starts, [cutoffs_min[at]], direction=direction
        )
    # Lines on squares of different sizes may cross by a fraction of them.
    for longer, shorter in pairwise(groups):
        for at in longer:
            both = shapely.union(areas[at], areas[shorter[0]])
            areas[at] = shapely.multipolygons(shapely.get_parts(both))
    return areas


def _extent(
    ground: KeptGround, found: Nearest, starts: Positions, limit: int
) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of all that can be within a limit; None for nothing."""
    network = ground.network
    ends = (network.chain_tail, network.chain_head)
    soonest = np.minimum(*(found.node_ds[end, 0] for end in ends))
    soonest[starts.chain[starts.joined]] = 0
    used = np.flatnonzero(soonest <= limit)
    if not len(used):
        return None
    spare_m = (limit - soonest[used]) / 10 * network.off_network_m_per_s
    near_m = np.minimum(spare_m, ground.limit_m)[:, None]
    bounds = ground.chain_bounds_m[used]
    west, south = (bounds[:, :2] - near_m).min(axis=0)
    east, north = (bounds[:, 2:] + near_m).max(axis=0)
    return west, south, east, north


def _limits(cutoffs_min: Sequence[float]) -> LongArray:
    if not len(cutoffs_min) or not min(cutoffs_min) > 0:
        raise ValueError(f"cutoffs_min must be positive minutes, not {list(cutoffs_min)}")
    return reach.limits_ds([cutoff * 60 for cutoff in cutoffs_min])


def fidelity(
    area: Any, x_m: FloatArray, y_m: FloatArray, seconds: FloatArray, cutoff_min: float
) -> Fidelity:
    """
    Count the homes on the wrong side of a drawn line.

    Parameters
    ----------
    area
        From `around`.
    x_m, y_m
        Homes, metres, shape (homes,).
    seconds
        Their time to or from the start, shape (homes,); inf where unreachable, NaN without
        network.
    cutoff_min
        The area's cut-off, minutes, inclusive.
    """
    inside = np.zeros(len(x_m), dtype=bool)
    west, south, east, north = area.bounds
    near = np.flatnonzero((x_m >= west) & (x_m <= east) & (y_m >= south) & (y_m <= north))
    shapely.prepare(area)
    inside[near] = shapely.contains_xy(area, x_m[near], y_m[near])
    reached = seconds <= cutoff_min * 60
    return Fidelity(
        int(inside.sum()), int((inside & ~reached).sum()),
        int(reached.sum()), int((reached & ~inside).sum()),
    )  # fmt: skip


def _draw(
    network: StreetNetwork, ground: Ground, searched: tuple[Any, ...], starts: Positions,
    groups: LongArray, limits: LongArray, direction: Direction,
) -> NDArray[np.object_]:  # fmt: skip
    """Return the areas around groups of starts, shape (groups, limits), in the limits' order."""
    ascending, at = np.unique(limits, return_inverse=True)
    given = (
        *_streets(network, direction), *searched, groups, *reach.by_chain(starts, groups),
        ascending, ground.sparser, ground.chain_bounds_m,
        ground.west_m, ground.south_m, ground.spacing_m, ground.limit_m,
        network.off_network_m_per_s / 10, SQUARES,
    )  # fmt: skip
    point, size, of_area, shell = _rings_around(*given)
    line = shapely.linearrings(point, indices=np.repeat(np.arange(len(size)), size))
    by_shell = np.argsort(shell, kind="stable")
    outer = shell == np.arange(len(shell))
    number = np.cumsum(outer) - 1
    areas = np.full(len(ascending) * (len(groups) - 1), shapely.MultiPolygon(), dtype=object)
    if outer.any():
        polygon = shapely.polygons(line[by_shell], indices=number[shell[by_shell]])
        shapely.multipolygons(polygon, indices=of_area[outer], out=areas)
    return areas.reshape(-1, len(ascending))[:, at]


def _streets(network: StreetNetwork, direction: Direction) -> tuple[Any, ...]:
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


# What a kernel knows of a street: its times at the tail and the head, its cost, and the first of
# the starts on it. A street that nothing is known of is `_UNUSED`, one without a start `_USED`.
_BY_TAIL, _BY_HEAD, _WHOLE, _SEAT = range(4)
_USED, _UNUSED = -1, -2


@njit(inline="always")
def _onto_streets(
    tail: IntArray, head: IntArray, two_way: BoolArray,
    first: LongArray, arc: IntArray, to: bool, node: int, time: int,
    street: IntArray, used: IntArray, count: int,
) -> int:  # fmt: skip
    """Carry a junction's time onto the streets that meet there; return how many are used."""
    for a in range(first[node], first[node + 1]):
        c = arc[a, 2]
        if tail[c] == node and (two_way[c] or not to):
            street[c, _BY_TAIL] = time
        if head[c] == node and (two_way[c] or to):
            street[c, _BY_HEAD] = time
        used[count] = c
        count += street[c, _SEAT] == _UNUSED
        street[c, _SEAT] = _USED
    return count


@njit(cache=True, nogil=True)
def _window(
    bounds: FloatArray, street: IntArray, used: IntArray, limit: int, m_per_ds: float,
    furthest_m: float,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Return west, south, east and north of all that can be within a limit."""
    west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
    for c in used:
        soonest = 0 if street[c, _SEAT] >= 0 else min(street[c, _BY_TAIL], street[c, _BY_HEAD])
        if soonest > limit:
            continue
        # A metre more, as times are rounded.
        near_m = min((limit - soonest) * m_per_ds, furthest_m) + 1
        west, south = min(west, bounds[c, 0] - near_m), min(south, bounds[c, 1] - near_m)
        east, north = max(east, bounds[c, 2] + near_m), max(north, bounds[c, 3] + near_m)
    return west, south, east, north


@njit(cache=True, nogil=True)
def _time_squares(
    sparser: tuple[tuple[IntArray, ...], ...], street: IntArray, by_node: IntArray,
    tail: IntArray, head: IntArray, two_way: BoolArray,
    starts: tuple[IntArray, IntArray, IntArray], starts_end: int,
    to: bool, corner: tuple[int, int], shape: tuple[int, int], stride: int,
) -> IntArray:  # fmt: skip
    """Return the time of every so many squares from a corner; what is off the ground has none."""
    level = 0
    while level < len(sparser) - 1 and stride % 2 == 0:
        level, stride = level + 1, stride // 2
    chain, along, leg = sparser[level]
    start_chain, start_along, start_leg = starts
    time = np.full(shape, NEVER, np.int32)
    rows, columns = (chain.shape[0] - 1) // stride + 1, (chain.shape[1] - 1) // stride + 1
    for i in range(max(1, -corner[0]), min(shape[0] - 1, rows - corner[0])):
        r = (corner[0] + i) * stride
        for j in range(max(1, -corner[1]), min(shape[1] - 1, columns - corner[1])):
            k = (corner[1] + j) * stride
            c = chain[r, k]
            if c < 0:
                continue
            s = street[c, _SEAT]
            if s == _UNUSED:
                continue
            back = along[r, k]
            on = street[c, _WHOLE] - back
            best = min(street[c, _BY_TAIL] + back, street[c, _BY_HEAD] + on)
            if back == 0:
                best = min(best, by_node[tail[c]])
            if on == 0:
                best = min(best, by_node[head[c]])
            while 0 <= s < starts_end and start_chain[s] == c:
                ahead = start_along[s] - back if to else back - start_along[s]
                if ahead >= 0 or two_way[c]:
                    best = min(best, abs(ahead) + start_leg[s])
                s += 1
            time[i, j] = min(best + leg[r, k], NEVER)
    return time


@njit(cache=True, nogil=True)
def _take_in(
    time: IntArray, corner: tuple[int, int], stride: int,
    finer: IntArray, finer_corner: tuple[int, int], finer_stride: int, limit: int,
) -> None:  # fmt: skip
    """Have coarser squares take in all that finer ones around them have within a limit."""
    ratio, bits = stride // finer_stride, 0
    while 1 << bits < ratio:
        bits += 1
    for i in range(finer.shape[0]):
        r = finer_corner[0] + i
        south, north = (r >> bits) - corner[0], ((r + ratio - 1) >> bits) - corner[0]
        for j in range(finer.shape[1]):
            if finer[i, j] > limit:
                continue
            c = finer_corner[1] + j
            west, east = (c >> bits) - corner[1], ((c + ratio - 1) >> bits) - corner[1]
            time[south, west] = min(time[south, west], limit)
            time[south, east] = min(time[south, east], limit)
            time[north, west] = min(time[north, west], limit)
            time[north, east] = min(time[north, east], limit)


@njit(
    "Tuple((float64[:, ::1], int64[::1], int64[::1], int64[::1]))"
    "(int32[::1], int32[::1], int32[::1], boolean[::1], int64[::1], int32[:, ::1],"
    " int64[::1], int32[:, ::1], boolean, int64[::1], int32[::1], int32[::1],"
    " int64[::1], int32[::1], int32[::1], int32[::1], int64[::1],"
    " UniTuple(UniTuple(int32[:, ::1], 3), 4), float64[:, ::1],"
    " float64, float64, float64, float64, float64, int64)",
    cache=True,
    nogil=True,
)
def _rings_around(
    tail: IntArray, head: IntArray, whole: IntArray, two_way: BoolArray, out_first: LongArray,
    out_arc: IntArray, in_first: LongArray, in_arc: IntArray, to: bool, node_first: LongArray,
    node: IntArray, node_ds: IntArray, start_first: LongArray, start_chain: IntArray,
    start_along: IntArray, start_leg: IntArray, limits: LongArray,
    sparser: tuple[tuple[IntArray, ...], ...], bounds: FloatArray,
    west_m: float, south_m: float, spacing_m: float, furthest_m: float, m_per_ds: float,
    most: int,
) -> tuple[FloatArray, LongArray, LongArray, LongArray]:  # fmt: skip
    """Time the ground around each group of starts and draw lines on it; return the rings."""
    chains, levels = len(tail), len(limits)
    by_node = np.full(len(out_first) - 1, UNREACHED, np.int32)
    street = np.full((chains, 4), NEVER, np.int32)
    street[:, _WHOLE], street[:, _SEAT] = whole, _UNUSED
    used = np.empty(chains + 1, np.int32)
    point, points = np.empty((1024, 2)), 0
    ring, rings = np.empty((64, 3), np.int64), 0
    for g in range(len(start_first) - 1):
        count = 0
        for i in range(node_first[g], node_first[g + 1]):
            by_node[node[i]] = node_ds[i]
            count = _onto_streets(
                tail, head, two_way, out_first, out_arc, to, node[i], node_ds[i],
                street, used, count,
            )  # fmt: skip
            if len(in_arc) > 0:
                count = _onto_streets(
                    tail, head, two_way, in_first, in_arc, to, node[i], node_ds[i],
                    street, used, count,
                )  # fmt: skip
        for i in range(start_first[g + 1] - 1, start_first[g] - 1, -1):
            c = start_chain[i]
            if c >= 0:
                used[count] = c
                count += street[c, _SEAT] == _UNUSED
                street[c, _SEAT] = i
        finer, finer_corner, finer_stride = np.empty((0, 0), np.int32), (0, 0), 1
        k = 0
        while k < levels:
            # Limits that are drawn on squares of one size are drawn together.
            corner, shape, stride, end = (0, 0), (0, 0), finer_stride, k
            while end < levels:
                west, south, east, north = _window(
                    bounds, street, used[:count], limits[end], m_per_ds, furthest_m
                )  # fmt: skip
                if not north >= south:
                    end += 1
                    continue
                wide = stride
                while (east - west) * (north - south) > most * (wide * spacing_m) ** 2:
                    wide *= 2
                if wide > stride and end > k and shape[0] > 0:
                    break
                side = wide * spacing_m
                stride, end = wide, end + 1
                corner = (
                    int(np.floor((south - south_m) / side)) - 1,
                    int(np.floor((west - west_m) / side)) - 1,
                )
                shape = (
                    int(np.ceil((north - south_m) / side)) + 2 - corner[0],
                    int(np.ceil((east - west_m) / side)) + 2 - corner[1],
                )
            if shape[0] == 0:
                break
            time = _time_squares(
                sparser, street, by_node, tail, head, two_way,
                (start_chain, start_along, start_leg), start_first[g + 1], to,
                corner, shape, stride,
            )  # fmt: skip
            if k > 0 and len(finer) > 0:
                _take_in(time, corner, stride, finer, finer_corner, finer_stride, limits[k - 1])
            side = stride * spacing_m
            line, first, limit, shell = contours.rings(time, limits[k:end], side / m_per_ds)
            while points + len(line) > len(point):
                point = np.concatenate((point, np.empty_like(point)))
            for i in range(len(line)):
                point[points + i, 0] = west_m + (corner[1] + line[i, 0]) * side
                point[points + i, 1] = south_m + (corner[0] + line[i, 1]) * side
            points += len(line)
            while rings + len(limit) > len(ring):
                ring = np.concatenate((ring, np.empty_like(ring)))
            for i in range(len(limit)):
                ring[rings + i, 0] = first[i + 1] - first[i]
                ring[rings + i, 1] = g * levels + k + limit[i]
                ring[rings + i, 2] = rings + shell[i]
            rings += len(limit)
            finer, finer_corner, finer_stride, k = time, corner, stride, end
        for i in range(node_first[g], node_first[g + 1]):
            by_node[node[i]] = UNREACHED
        for c in used[:count]:
            street[c, _BY_TAIL], street[c, _BY_HEAD], street[c, _SEAT] = NEVER, NEVER, _UNUSED
    return (
        point[:points].copy(), ring[:rings, 0].copy(), ring[:rings, 1].copy(),
        ring[:rings, 2].copy(),
    )  # fmt: skip
