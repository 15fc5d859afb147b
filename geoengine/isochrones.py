"""Areas that can be reached within cut-offs, drawn from one field of times."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import contourpy
import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray

from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork
from geoengine.travel_times import Direction

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

DS_PER_MIN = 600
FAR = 1e12
"""Time and distance, inside the kernels only, of a place that no street leads to."""


@dataclass(frozen=True, eq=False)
class TimeField:
    """
    How long it takes between each point of a grid and a start, by the street nearest to it.

    Parameters
    ----------
    x_m, y_m
        Grid lines, metres in the network's CRS, shapes (columns,) and (rows,); multiples of the
        spacing, so that fields of neighbouring starts share their grid.
    time_ds
        Deciseconds, shape (rows, columns), with the walk to the street; infinite where the
        nearest street cannot be reached or none is near.
    street_m
        Distance to the nearest street, shape (rows, columns); infinite where none is near.
    """

    x_m: FloatArray
    y_m: FloatArray
    time_ds: FloatArray
    street_m: FloatArray


def around(
    network: StreetNetwork,
    node_ds: IntArray,
    starts: Positions,
    cutoffs_min: Sequence[float],
    *,
    direction: Direction = "to",
    spacing_m: float = 20.0,
    egress_m: float = 60.0,
) -> list[Any]:
    """
    Draw the area within each cut-off of any of the starts.

    A place belongs to the street nearest to it, as an address does, and is reached when that
    street is and the walk to it, at the speed off the network, still fits. So what lies across a
    river is not reached because its far bank is near. Streets in no connection with any start
    are passed over, not drawn as gaps.

    Parameters
    ----------
    network
        The streets.
    node_ds
        Deciseconds between each node and the nearest start, shape (nodes,), such as a column of
        `Nearest.node_ds`; `UNREACHED` beyond the longest cut-off.
    starts
        Where the starts join the network; each reaches along its own chain directly.
    cutoffs_min
        Longest times in minutes, inclusive.
    direction
        Whether people travel *to* a start or *from* it; differs only on one-way streets.
    spacing_m
        Between the points where time is worked out.
    egress_m
        Farthest that anybody is taken to live from a street.

    Returns
    -------
    list of shapely.MultiPolygon
        One a cut-off, in their order and the network's CRS, valid; a shorter one lies within a
        longer one; empty where nothing is reached.

    Raises
    ------
    ValueError
        If shapes disagree, or a cut-off or distance is not positive.

    Examples
    --------
    A street of 1 km runs east, and a nursery stands where it begins. At one metre a second,
    five minutes reach 300 m along it.

    >>> from geoengine.network.streets import from_edges
    >>> x_m, seconds = np.array([0.0, 1000.0]), np.array([1000.0])
    >>> street = from_edges(x_m, np.zeros(2), [0], [1], seconds, off_network_m_per_s=1.0)
    >>> zero = np.zeros(1, np.int32)
    >>> nursery = Positions(zero, zero, zero, zero * 1.0, zero * 1.0, zero * 1.0)
    >>> [area] = around(street, np.array([0, UNREACHED], np.int32), nursery, [5])
    >>> [round(side) for side in area.bounds]
    [-60, -60, 300, 60]
    """
    if not len(cutoffs_min) or min(cutoffs_min) <= 0:
        raise ValueError(f"cutoffs_min must be positive minutes, not {list(cutoffs_min)}")
    field = times(
        network,
        node_ds,
        starts,
        max(cutoffs_min),
        direction=direction,
        spacing_m=spacing_m,
        egress_m=egress_m,
    )
    ds_per_m = 10 / network.off_network_m_per_s
    return [
        _outline(field, cutoff * DS_PER_MIN, egress_m * ds_per_m, spacing_m * ds_per_m, ds_per_m)
        for cutoff in cutoffs_min
    ]


def times(
    network: StreetNetwork,
    node_ds: IntArray,
    starts: Positions,
    longest_min: float,
    *,
    direction: Direction = "to",
    spacing_m: float = 20.0,
    egress_m: float = 60.0,
) -> TimeField:
    """
    Work out the time of each point of a grid over everything within reach.

    Parameters
    ----------
    network, node_ds, starts, direction, spacing_m, egress_m
        As for `around`.
    longest_min
        Minutes that the grid has room for.

    Raises
    ------
    ValueError
        As for `around`.
    """
    if node_ds.shape != network.node_x_m.shape:
        raise ValueError(
            f"node_ds has shape {node_ds.shape}, but there are {len(network.node_x_m)} nodes"
        )
    if starts.chain.max(initial=-1) >= len(network.chain_tail):
        raise ValueError("starts join a chain that the network does not have")
    if not (spacing_m > 0 and egress_m > 0):
        raise ValueError(f"spacing_m {spacing_m} and egress_m {egress_m} must be positive")

    by_chain = np.argsort(starts.chain, kind="stable")
    chain = starts.chain[by_chain]
    own_first = np.searchsorted(chain, np.arange(len(network.chain_tail) + 1))
    own = np.column_stack((starts.along_ds[by_chain], starts.leg_ds[by_chain]))
    streets = (
        network.chain_tail, network.chain_head, network.chain_two_way, network.first_point,
        network.point_x_m, network.point_y_m, network.point_ds, np.ascontiguousarray(node_ds),
        own.astype(np.int32), own_first.astype(np.int64), int(direction == "to"),
    )  # fmt: skip
    west, south, east, north = _extent(*streets, longest_min * DS_PER_MIN)
    if west > east:
        nowhere = np.empty((0, 0))
        return TimeField(np.empty(0), np.empty(0), nowhere, nowhere)
    margin = egress_m + spacing_m
    x_m = _lines(west - margin, east + margin, spacing_m)
    y_m = _lines(south - margin, north + margin, spacing_m)
    joined = _joined(network, node_ds, chain[chain >= 0])
    time_ds, street_m = _stamp(*streets, joined, x_m, y_m, spacing_m, margin)
    time_ds[time_ds >= FAR] = np.inf
    street_m[street_m >= FAR] = np.inf
    return TimeField(x_m, y_m, time_ds + street_m * 10 / network.off_network_m_per_s, street_m)


def _lines(low: float, high: float, spacing: float) -> FloatArray:
    return np.arange(np.floor(low / spacing), np.ceil(high / spacing) + 1) * spacing


def _joined(network: StreetNetwork, node_ds: IntArray, chain: IntArray) -> BoolArray:
    """Say which chains touch a part of the network that any start lies in."""
    part, tail, head = network.node_part, network.chain_tail, network.chain_head
    among = np.zeros(int(part.max(initial=0)) + 1, dtype=bool)
    among[part[node_ds != UNREACHED]] = True
    among[part[tail[chain]]] = True
    among[part[head[chain]]] = True
    joined: BoolArray = among[part[tail]] | among[part[head]]
    return joined


_STREETS = (
    "int32[::1], int32[::1], boolean[::1], int64[::1], float64[::1], float64[::1], int32[::1], "
    "int32[::1], int32[:, ::1], int64[::1], int64"
)


@njit(
    "float64(int64, float64, int32[::1], int32[::1], boolean[::1], int64[::1], int32[::1], "
    "int32[::1], int32[:, ::1], int64[::1], int64)",
    cache=True,
    nogil=True,
)
def _time_at(
    c: int, place: float,
    tail: IntArray, head: IntArray, two_way: BoolArray, first_point: LongArray, ds: IntArray,
    node_ds: IntArray, own: IntArray, own_first: LongArray, to: int,
) -> float:  # fmt: skip
    """Return the time at a place along a chain, by either end or from a start on the chain."""
    best = FAR
    if node_ds[tail[c]] != UNREACHED and (two_way[c] or to == 0):
        best = node_ds[tail[c]] + place
    if node_ds[head[c]] != UNREACHED and (two_way[c] or to == 1):
        best = min(best, node_ds[head[c]] + ds[first_point[c + 1] - 1] - place)
    for s in range(own_first[c], own_first[c + 1]):
        ahead = own[s, 0] - place if to == 1 else place - own[s, 0]
        if ahead >= 0 or two_way[c]:
            best = min(best, own[s, 1] + abs(ahead))
    return best


@njit(f"UniTuple(float64, 4)({_STREETS}, float64)", cache=True, nogil=True)
def _extent(
    tail: IntArray, head: IntArray, two_way: BoolArray, first_point: LongArray, x: FloatArray,
    y: FloatArray, ds: IntArray, node_ds: IntArray, own: IntArray, own_first: LongArray, to: int,
    limit: float,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Return the bounds of every street piece reached in any part; west > east if none is."""
    west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
    for c in range(len(tail)):
        first, last = own_first[c], own_first[c + 1]
        if node_ds[tail[c]] > limit and node_ds[head[c]] > limit and first == last:
            continue
        for p in range(first_point[c], first_point[c + 1] - 1):
            t = FAR
            for q in (p, p + 1):
                t = min(t, _time_at(
                    c, ds[q], tail, head, two_way, first_point, ds, node_ds, own, own_first, to,
                ))  # fmt: skip
            for s in range(first, last):
                if ds[p] <= own[s, 0] <= ds[p + 1]:
                    t = min(t, float(own[s, 1]))
            if t <= limit:
                west, east = min(west, x[p], x[p + 1]), max(east, x[p], x[p + 1])
                south, north = min(south, y[p], y[p + 1]), max(north, y[p], y[p + 1])
    return west, south, east, north


@njit(
    "UniTuple(int64, 2)(float64, float64, float64, float64, float64, int64)",
    cache=True,
    nogil=True,
)
def _span(a: float, b: float, margin: float, start: float, spacing: float, count: int) -> tuple[
    int, int
]:  # fmt: skip
    """Return the first grid line within the margin of a piece, and the one past the last."""
    first = int(np.ceil((min(a, b) - margin - start) / spacing))
    last = int(np.floor((max(a, b) + margin - start) / spacing))
    return max(0, first), min(count, last + 1)


@njit(
    f"UniTuple(float64[:, ::1], 2)({_STREETS}, boolean[::1], float64[::1], float64[::1], "
    "float64, float64)",
    cache=True,
    nogil=True,
)
def _stamp(
    tail: IntArray, head: IntArray, two_way: BoolArray, first_point: LongArray, x: FloatArray,
    y: FloatArray, ds: IntArray, node_ds: IntArray, own: IntArray, own_first: LongArray, to: int,
    joined: BoolArray, grid_x: FloatArray, grid_y: FloatArray, spacing: float, margin: float,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Give each grid point within the margin of a street its time at, and distance to, it."""
    time = np.full((len(grid_y), len(grid_x)), FAR)
    near = np.full((len(grid_y), len(grid_x)), FAR)
    for c in range(len(tail)):
        if not joined[c]:
            continue
        for p in range(first_point[c], first_point[c + 1] - 1):
            west, east = _span(x[p], x[p + 1], margin, grid_x[0], spacing, len(grid_x))
            south, north = _span(y[p], y[p + 1], margin, grid_y[0], spacing, len(grid_y))
            dx, dy, lasts = x[p + 1] - x[p], y[p + 1] - y[p], ds[p + 1] - ds[p]
            square = dx * dx + dy * dy
            for j in range(south, north):
                for i in range(west, east):
                    gx, gy = grid_x[i] - x[p], grid_y[j] - y[p]
                    share = (gx * dx + gy * dy) / square if square > 0 else 0.0
                    share = min(1.0, max(0.0, share))
                    off = np.hypot(gx - share * dx, gy - share * dy)
                    if off > margin or off > near[j, i]:
                        continue
                    t = _time_at(
                        c, ds[p] + share * lasts, tail, head, two_way, first_point, ds, node_ds,
                        own, own_first, to,
                    )  # fmt: skip
                    if off < near[j, i] or t < time[j, i]:
                        near[j, i], time[j, i] = off, t
    return time, near


def _outline(
    field: TimeField, cutoff_ds: float, egress_ds: float, step_ds: float, ds_per_m: float
) -> Any:
    """Draw the line where the time, or the longest walk to a street, is just used up."""
    if not field.time_ds.size:
        return shapely.MultiPolygon()
    late = np.maximum(field.time_ds - cutoff_ds, field.street_m * ds_per_m - egress_ds)
    # Within one step of the line the excess is exact; beyond it only its sign matters, so it is
    # capped, lest what is never reached push the line inwards.
    late = np.clip(late, -step_ds, step_ds)
    # A line through a grid point could touch itself there.
    late[np.abs(late) < step_ds * 1e-6] = -step_ds * 1e-6
    drawn = contourpy.contour_generator(
        x=field.x_m, y=field.y_m, z=late, fill_type=contourpy.FillType.OuterOffset
    ).filled(-2 * step_ds, 0.0)
    outlines = [
        [shapely.linearrings(points[a:b]) for a, b in pairwise(at) if b - a > 3]
        for points, at in zip(*drawn, strict=True)
    ]
    area = shapely.multipolygons([shapely.Polygon(ring[0], ring[1:]) for ring in outlines if ring])
    return area if shapely.is_valid(area) else _polygons_of(shapely.make_valid(area))


def _polygons_of(area: Any) -> Any:
    parts = shapely.get_parts(shapely.get_parts(area))
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
