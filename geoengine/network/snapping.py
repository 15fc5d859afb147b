"""Join points to positions along streets, with the distance that it took."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.network.streets import StreetNetwork

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

ISLAND_LENGTH_M = 1000.0
"""Streets that make a cut-off part a real island rather than a slip of the map."""
ISLAND_DETOUR_M = 100.0
"""A point joins an island only if the main network is this much further away."""


@dataclass(frozen=True, eq=False)
class SegmentGrid:
    """
    Which street pieces pass through each square of a grid.

    Parameters
    ----------
    x_m, y_m
        South-west corner of the grid.
    cell_m
        Side of a square.
    columns, rows
        Size of the grid.
    first
        Square q (row by row) holds `segment[first[q]:first[q + 1]]`.
    segment
        The pieces, each named by the network point that it starts from.
    """

    x_m: float
    y_m: float
    cell_m: float
    columns: int
    rows: int
    first: LongArray
    segment: IntArray


@dataclass(frozen=True, eq=False)
class Positions:
    """
    Where points meet the network.

    Parameters
    ----------
    chain
        Chain that each point joins, shape (points,); -1 where there is no network in reach.
    along_ds
        Cost from the chain's tail to the place of joining, deciseconds, shape (points,).
    leg_ds
        Time on foot between the point and the street, deciseconds, shape (points,).
    distance_m
        Straight distance to the street, shape (points,); NaN where `chain` is -1.
    x_m, y_m
        Place of joining, shape (points,); NaN where `chain` is -1.
    """

    chain: IntArray
    along_ds: IntArray
    leg_ds: IntArray
    distance_m: FloatArray
    x_m: FloatArray
    y_m: FloatArray

    @property
    def joined(self) -> BoolArray:
        """Whether each point has a place on the network, shape (points,)."""
        return self.chain >= 0


def grid(network: StreetNetwork, *, cell_m: float = 100.0) -> SegmentGrid:
    """
    Sort a network's street pieces into squares, to find the nearest quickly.

    Parameters
    ----------
    network
        The network.
    cell_m
        Side of a square; made larger where the network is so wide that there would be more than
        four squares for each point.
    """
    x, y = network.point_x_m, network.point_y_m
    west, south = float(x.min()), float(y.min())
    width, height = float(np.ptp(x)), float(np.ptp(y))
    while (width / cell_m + 1) * (height / cell_m + 1) > max(4 * len(x), 64):
        cell_m *= 2
    columns, rows = int(width / cell_m) + 1, int(height / cell_m) + 1
    last = np.zeros(len(x), dtype=bool)
    last[network.first_point[1:] - 1] = True
    first, segment = _sort_into_squares(x, y, last, west, south, cell_m, columns, rows)
    return SegmentGrid(west, south, cell_m, columns, rows, first, segment)


def snap(
    network: StreetNetwork,
    index: SegmentGrid,
    x_m: FloatArray,
    y_m: FloatArray,
    *,
    limit_m: float,
) -> Positions:
    """
    Join each point to the nearest place along a street.

    The street is one of the largest connected part; a point joins another part only where that
    part has at least `ISLAND_LENGTH_M` of streets and the largest is at least `ISLAND_DETOUR_M`
    further away. The leg to the street is charged at the network's speed on foot.

    Parameters
    ----------
    network, index
        The network and its `grid`.
    x_m, y_m
        Points in the network's CRS, metres, shape (points,).
    limit_m
        Beyond this distance a point has no network, inclusive.

    Examples
    --------
    A street of 100 m runs east; a house stands 30 m north of its middle.

    >>> from geoengine.network.streets import from_edges
    >>> street = from_edges(np.array([0.0, 100.0]), np.zeros(2), [0], [1], np.array([75.0]))
    >>> house = snap(street, grid(street), np.array([50.0]), np.array([30.0]), limit_m=500)
    >>> house.along_ds.tolist(), house.distance_m.tolist(), house.leg_ds.tolist()
    ([375], [30.0], [225])
    """
    x_m, y_m = np.array(x_m, dtype=float), np.array(y_m, dtype=float)
    part = np.where(
        network.node_part[network.chain_tail] == network.node_part[network.chain_head],
        network.node_part[network.chain_tail],
        -1,
    )
    island = (part > 0) & (network.part_length_m[np.maximum(part, 0)] >= ISLAND_LENGTH_M)
    point, distance, share = _nearest(network, index, part == 0, x_m, y_m, limit_m)
    further = np.where(np.isnan(distance), np.inf, distance)
    far = np.flatnonzero(further >= ISLAND_DETOUR_M)
    other = _nearest(network, index, island, x_m[far], y_m[far], limit_m)
    choose = other[1] + ISLAND_DETOUR_M <= further[far]
    for mine, theirs in zip((point, distance, share), other, strict=True):
        mine[far[choose]] = theirs[choose]
    return _positions(network, point, distance, share)


def _nearest(
    network: StreetNetwork, index: SegmentGrid, chains: BoolArray,
    x_m: FloatArray, y_m: FloatArray, limit_m: float,
) -> tuple[LongArray, FloatArray, FloatArray]:  # fmt: skip
    if not chains.any():
        nowhere = np.full(len(x_m), np.nan)
        return np.full(len(x_m), -1, np.int64), nowhere, nowhere.copy()
    usable = np.repeat(chains, np.diff(network.first_point))
    return _nearest_segment(
        np.asarray(network.point_x_m), np.asarray(network.point_y_m), usable, index.x_m, index.y_m,
        index.cell_m, index.columns, index.rows, np.asarray(index.first),
        np.asarray(index.segment), x_m, y_m, float(limit_m),
    )  # fmt: skip


def _positions(
    network: StreetNetwork, point: LongArray, distance_m: FloatArray, share: FloatArray
) -> Positions:
    joined = point >= 0
    at = np.where(joined, point, 0)
    chain = np.searchsorted(network.first_point, at, side="right") - 1
    share = np.where(joined, share, 0.0)
    start, end = (
        network.point_ds[at],
        network.point_ds[np.minimum(at + 1, len(network.point_ds) - 1)],
    )
    along = np.rint(start + share * (end - start))
    x, y = network.point_x_m, network.point_y_m
    after = np.minimum(at + 1, len(x) - 1)
    leg = np.rint(np.where(joined, distance_m, 0.0) / network.off_network_m_per_s * 10)
    return Positions(
        np.where(joined, chain, -1).astype(np.int32),
        np.where(joined, along, 0).astype(np.int32),
        leg.astype(np.int32),
        distance_m,
        np.where(joined, x[at] + share * (x[after] - x[at]), np.nan),
        np.where(joined, y[at] + share * (y[after] - y[at]), np.nan),
    )


@njit(
    "Tuple((int64[::1], int32[::1]))(float64[::1], float64[::1], boolean[::1],"
    " float64, float64, float64, int64, int64)",
    cache=True,
)
def _sort_into_squares(
    x: FloatArray, y: FloatArray, last: BoolArray,
    west: float, south: float, cell_m: float, columns: int, rows: int,
) -> tuple[LongArray, IntArray]:  # fmt: skip
    """List each piece in every square that its bounding box touches."""
    first = np.zeros(columns * rows + 1, np.int64)
    segment = np.empty(0, np.int32)
    for count_only in (True, False):
        for p in range(len(x) - 1):
            if last[p]:
                continue
            left = int((min(x[p], x[p + 1]) - west) / cell_m)
            right = int((max(x[p], x[p + 1]) - west) / cell_m)
            low = int((min(y[p], y[p + 1]) - south) / cell_m)
            high = int((max(y[p], y[p + 1]) - south) / cell_m)
            for row in range(low, high + 1):
                for column in range(left, right + 1):
                    q = row * columns + column
                    if not count_only:
                        segment[first[q]] = p
                    first[q + (1 if count_only else 0)] += 1
        if count_only:
            for q in range(columns * rows):
                first[q + 1] += first[q]
            segment = np.empty(first[-1], np.int32)
        else:
            for q in range(columns * rows, 0, -1):
                first[q] = first[q - 1]
            first[0] = 0
    return first, segment


@njit(
    "Tuple((int64[::1], float64[::1], float64[::1]))(float64[::1], float64[::1], boolean[::1],"
    " float64, float64, float64, int64, int64, int64[::1], int32[::1],"
    " float64[::1], float64[::1], float64)",
    cache=True,
    nogil=True,
)
def _nearest_segment(
    px: FloatArray, py: FloatArray, usable: BoolArray,
    west: float, south: float, cell_m: float, columns: int, rows: int,
    first: LongArray, segment: IntArray, x: FloatArray, y: FloatArray, limit_m: float,
) -> tuple[LongArray, FloatArray, FloatArray]:  # fmt: skip
    """Search squares in rings around each point until no nearer piece can lie further out."""
    found = np.full(len(x), -1, np.int64)
    distance = np.full(len(x), np.nan)
    share = np.full(len(x), np.nan)
    rings = int(limit_m / cell_m) + 1
    for i in range(len(x)):
        column = int(np.floor((x[i] - west) / cell_m))
        row = int(np.floor((y[i] - south) / cell_m))
        best = limit_m * limit_m
        for ring in range(rings + 1):
            if found[i] >= 0 and (ring - 1) * cell_m > 0 and ((ring - 1) * cell_m) ** 2 > best:
                break
            for r in range(row - ring, row + ring + 1):
                if r < 0 or r >= rows:
                    continue
                edge = r == row - ring or r == row + ring
                step = 1 if edge or ring == 0 else 2 * ring
                for c in range(column - ring, column + ring + 1, step):
                    if c < 0 or c >= columns:
                        continue
                    q = r * columns + c
                    for j in range(first[q], first[q + 1]):
                        p = segment[j]
                        if not usable[p]:
                            continue
                        dx, dy = px[p + 1] - px[p], py[p + 1] - py[p]
                        length = dx * dx + dy * dy
                        t = 0.0
                        if length > 0:
                            t = ((x[i] - px[p]) * dx + (y[i] - py[p]) * dy) / length
                            t = min(1.0, max(0.0, t))
                        ax, ay = px[p] + t * dx - x[i], py[p] + t * dy - y[i]
                        square = ax * ax + ay * ay
                        if square < best or (square == best and (found[i] < 0 or p < found[i])):
                            best, found[i], share[i] = square, p, t
        if found[i] >= 0:
            distance[i] = np.sqrt(best)
    return found, distance, share
