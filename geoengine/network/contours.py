"""Lines around what is within limits on a grid of times, as rings that never touch."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

NEAREST = 1 / 64
"""Share of a square that a line keeps away from its middle, lest two lines touch there."""

# Facing north, east, south and west out of a cell: the corner ahead on the left, and the way on.
# The corner ahead on the right is the one ahead on the left when facing one further round.
_LEFT_ROW, _LEFT_COLUMN = (1, 1, 0, 0), (0, 1, 1, 0)
_ON_ROW, _ON_COLUMN = (1, 0, -1, 0), (0, 1, 0, -1)


@njit(inline="always")
def _late(time: int, limit: int, step: float) -> float:
    """Return how late a time is: exact near the limit, and no more than a step beyond it."""
    return min(max(float(time - limit), -step), step)


@njit(
    "Tuple((float64[:, ::1], int64[::1], int64[::1], int64[::1]))"
    "(int32[:, ::1], int64[::1], float64)",
    cache=True,
    nogil=True,
)
def rings(
    time_ds: IntArray, limits: LongArray, step_ds: float
) -> tuple[FloatArray, LongArray, LongArray, LongArray]:
    """
    Draw the lines around what is within each limit.

    A line crosses between two neighbouring squares in proportion to how far the one is within
    the limit and the other beyond, each counted up to one step: so what is never reached does
    not push the line inwards. Lines of one limit never touch, and what is within a limit lies
    within what is within a later one.

    Parameters
    ----------
    time_ds
        Time of each square, deciseconds, shape (rows, columns); beyond every limit all along the
        frame.
    limits
        Deciseconds, inclusive, ascending, shape (limits,).
    step_ds
        Time that it takes to cross one square.

    Returns
    -------
    point
        Column and row, in squares from the middle of the first, shape (points, 2).
    first
        Ring i holds points `first[i]` to `first[i + 1]`, what is within on its left, its first
        point not repeated; shape (rings + 1,).
    limit
        Which limit each ring is of, ascending, shape (rings,).
    shell
        Which ring each is a hole in, shape (rings,); itself where it is an outer ring.

    References
    ----------
    Lorensen, W. E. & Cline, H. E. (1987) Marching cubes. Computer Graphics 21(4), 163-169.
    Suzuki, S. & Abe, K. (1985) Topological structural analysis of digitized binary images by
    border following. Computer Vision, Graphics, and Image Processing 30(1), 32-46 (holes).

    Examples
    --------
    One square of three is reached; the line runs half way to those that never are.

    >>> never = 10_000
    >>> time = np.full((3, 3), never, np.int32)
    >>> time[1, 1] = 0
    >>> point, *_ = rings(time, np.array([50]), 20.0)
    >>> point.tolist()
    [[0.5, 1.0], [1.0, 0.5], [1.5, 1.0], [1.0, 1.5]]
    """
    rows, columns = time_ds.shape
    level, slot = np.zeros((rows, columns), np.uint8), np.empty((rows, columns), np.int32)
    edge, edges = np.empty((1024, 2), np.int32), 0
    for r in range(rows):
        for k in range(len(limits)):
            limit_ds = np.int32(limits[k])
            for c in range(columns):
                level[r, c] += time_ds[r, c] > limit_ds
        while edges + columns > len(edge):
            edge = np.concatenate((edge, np.empty_like(edge)))
        for c in range(1, columns):
            if level[r, c] != level[r, c - 1]:
                edge[edges, 0], edge[edges, 1] = r, c - 1
                slot[r, c - 1] = edges
                edges += 1
    # Every ring crosses from one square to the next in some row, and is followed from the first
    # such place: an outer ring from its left, a hole from within what surrounds it, whose line is
    # the last one crossed in that row.
    ring_of = np.empty(edges, np.int64)
    point, points = np.empty((1024, 2)), 0
    ring, count = np.empty((64, 3), np.int64), 0
    for k in range(len(limits)):
        ring_of[:] = -1
        last = -1
        for e in range(edges):
            r0, c0 = edge[e]
            west, east = level[r0, c0] <= k, level[r0, c0 + 1] <= k
            if west == east:
                continue
            if ring_of[e] < 0:
                if count == len(ring):
                    ring = np.concatenate((ring, np.empty_like(ring)))
                ring[count, 0], ring[count, 1] = points, k
                ring[count, 2] = count if east else ring[last, 2]
                begin = points
                facing = 0 if west else 2
                r, c = (r0, c0) if west else (r0 - 1, c0)
                in_r, in_c, out_r, out_c = r0, c0, r0, c0 + 1
                if east:
                    in_c, out_c = c0 + 1, c0
                while True:
                    inside = max(-_late(time_ds[in_r, in_c], limits[k], step_ds), NEAREST * step_ds)
                    outside = _late(time_ds[out_r, out_c], limits[k], step_ds)
                    share = min(inside / (inside + outside), 1 - NEAREST)
                    x, y = in_c + share * (out_c - in_c), in_r + share * (out_r - in_r)
                    straight = points - begin >= 2 and (
                        (point[points - 1, 0] == x and point[points - 2, 0] == x)
                        or (point[points - 1, 1] == y and point[points - 2, 1] == y)
                    )
                    points -= straight
                    if points == len(point):
                        point = np.concatenate((point, np.empty_like(point)))
                    point[points, 0], point[points, 1] = x, y
                    points += 1
                    if in_r == out_r:
                        ring_of[slot[in_r, min(in_c, out_c)]] = count
                    right = (facing + 1) % 4
                    ahead_left = level[r + _LEFT_ROW[facing], c + _LEFT_COLUMN[facing]] <= k
                    ahead_right = level[r + _LEFT_ROW[right], c + _LEFT_COLUMN[right]] <= k
                    turn = 0
                    if ahead_left:
                        turn = 1 if ahead_right else 0
                    elif ahead_right:
                        middle = 0.0
                        for i in range(2):
                            for j in range(2):
                                middle += _late(time_ds[r + i, c + j], limits[k], step_ds)
                        turn = 1 if middle <= 0 else 3
                    else:
                        turn = 3
                    facing = (facing + turn) % 4
                    right = (facing + 1) % 4
                    in_r, in_c = r + _LEFT_ROW[facing], c + _LEFT_COLUMN[facing]
                    out_r, out_c = r + _LEFT_ROW[right], c + _LEFT_COLUMN[right]
                    r, c = r + _ON_ROW[facing], c + _ON_COLUMN[facing]
                    if in_r == r0 and out_r == r0 and min(in_c, out_c) == c0:
                        break
                count += 1
            last = ring_of[e]
    first = np.append(ring[:count, 0], points)
    return point[:points].copy(), first, ring[:count, 1].copy(), ring[:count, 2].copy()
