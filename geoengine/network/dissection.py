"""Order nodes by nested dissection: cut the network in two where few nodes part it, and again."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

# Share of the nodes on each side of a cut at least.
_SIDE = 0.3


def order(x_m: FloatArray, y_m: FloatArray, tail: NDArray[Any], head: NDArray[Any]) -> IntArray:
    """
    Return nodes in the order that they are to be contracted in: those that part others last.

    Parameters
    ----------
    x_m, y_m
        Nodes, metres in any projected CRS, shape (nodes,).
    tail, head
        Ends of each edge, shape (edges,); direction, doubles and circles make no difference.

    Returns
    -------
    numpy.ndarray
        Every node once, shape (nodes,).

    Notes
    -----
    Each piece is looked at from four sides. The nodes furthest to either end, three tenths of the
    piece, must come apart; the fewest nodes that part them are found as a maximum flow in which
    each node passes one unit (Menger's theorem).

    References
    ----------
    George, A. (1973) Nested dissection of a regular finite element mesh. SIAM Journal on
    Numerical Analysis 10(2), 345-363.
    Schild, A. & Sommer, C. (2015) On balanced separators in road networks. SEA 2015, 286-297
    (inertial flow).

    Examples
    --------
    Two squares meet at one corner, the node numbered 3.

    >>> x_m, y_m = np.array([0.0, 1, 1, 2, 3, 3, 4]), np.array([1.0, 2, 0, 1, 2, 0, 1])
    >>> tail, head = np.array([0, 0, 1, 2, 3, 3, 4, 5]), np.array([1, 2, 3, 3, 4, 5, 6, 6])
    >>> order(x_m, y_m, tail, head).tolist()[-1]
    3
    """
    nodes = len(x_m)
    first, neighbour = _neighbours(np.asarray(tail), np.asarray(head), nodes)
    sides = (x_m, y_m, x_m + y_m, x_m - y_m)
    by_side = np.stack([np.argsort(side, kind="stable") for side in sides]).astype(np.int32)
    return _dissect(first, neighbour, by_side)


def _neighbours(
    tail: NDArray[Any], head: NDArray[Any], nodes: int
) -> tuple[LongArray, IntArray]:  # fmt: skip
    """List the other nodes that share an edge with each."""
    apart = tail != head
    one, two = tail[apart].astype(np.int64), head[apart].astype(np.int64)
    pair = np.unique(np.concatenate((one * nodes + two, two * nodes + one)))
    first = np.searchsorted(pair, np.arange(nodes + 1) * nodes).astype(np.int64)
    return first, (pair % max(nodes, 1)).astype(np.int32)


@njit(cache=True, nogil=True)
def _lengthen(goal: int, role: NDArray[np.int8], flow: IntArray, came: IntArray) -> None:
    """Send one more path to a goal, back along the states that its tree came by."""
    v = goal
    flow[1, goal] = goal
    while True:
        before = came[0, v]
        if before == v:
            flow[0, v] = flow[1, v] = -1
        else:
            fresh = role[before] == 1 and flow[1, before] < 0
            flow[0, v], flow[1, before] = before, v
            if fresh:
                return
        v = came[1, before]


@njit(cache=True, nogil=True)
def _part(
    first: LongArray, neighbour: IntArray, piece: IntArray, members: IntArray,
    role: NDArray[np.int8], flow: IntArray, seen: IntArray, came: IntArray, root: IntArray,
    done: IntArray, queue: IntArray, found: IntArray, stamp: int, least: int,
) -> tuple[int, int]:  # fmt: skip
    """
    Count the fewest nodes that part those of role 1 from those of role 2, up to `least`.

    A node is entered (state 0) and left (state 1); one that a path runs through can only be
    entered to send that path another way. `flow` holds the nodes before and after each on its
    path. Every round grows a tree from each free start, and lengthens the flow by every tree
    that meets a free goal: trees share no state, so all of them hold at once.

    Returns
    -------
    cut, stamp
        With `seen[0] == stamp` for nodes that can be entered and `seen[1] == stamp` for those
        that can be left: the nodes between are the cut.
    """
    here = piece[members[0]]
    cut = 0
    while True:
        stamp += 1
        filled, goals = 0, 0
        for v in members:
            if role[v] == 1:
                seen[0, v] = stamp
                if flow[1, v] < 0:
                    seen[1, v] = stamp
                    root[1, v] = v
                    queue[filled] = 2 * v + 1
                    filled += 1
        at = 0
        while at < filled:
            state = queue[at]
            at += 1
            v, leaving = state >> 1, state & 1
            tree = root[leaving, v]
            if done[tree] == stamp:
                continue
            if leaving == 0:
                back = flow[0, v] if flow[1, v] >= 0 else v
                if seen[1, back] != stamp:
                    seen[1, back], root[1, back], came[1, back] = stamp, tree, v
                    queue[filled] = 2 * back + 1
                    filled += 1
                continue
            if flow[1, v] >= 0 and role[v] != 1 and seen[0, v] != stamp:
                seen[0, v], root[0, v], came[0, v] = stamp, tree, v
                queue[filled] = 2 * v
                filled += 1
            for a in range(first[v], first[v + 1]):
                m = neighbour[a]
                if piece[m] != here or seen[0, m] == stamp:
                    continue
                seen[0, m], root[0, m], came[0, m] = stamp, tree, v
                if role[m] == 2 and flow[1, m] < 0:
                    done[tree] = stamp
                    found[goals] = m
                    goals += 1
                    break
                queue[filled] = 2 * m
                filled += 1
        if goals == 0:
            return cut, stamp
        for g in range(goals):
            _lengthen(found[g], role, flow, came)
        cut += goals
        if cut > least:
            return cut, stamp


@njit("int32[::1](int64[::1], int32[::1], int32[:, ::1])", cache=True, nogil=True)
def _dissect(first: LongArray, neighbour: IntArray, by_side: IntArray) -> IntArray:
    """Cut pieces until none is left; a piece is the same stretch of every row of `by_side`."""
    views, nodes = by_side.shape
    piece = np.zeros(nodes, np.int32)
    role = np.zeros(nodes, np.int8)
    best_role = np.zeros(nodes, np.int8)
    flow = np.full((2, nodes), -1, np.int32)
    seen = np.zeros((2, nodes), np.int32)
    came = np.empty((2, nodes), np.int32)
    root = np.empty((2, nodes), np.int32)
    done = np.zeros(nodes, np.int32)
    queue = np.empty(2 * nodes, np.int32)
    found = np.empty(nodes, np.int32)
    spare = np.empty(nodes, np.int32)
    stamp, pieces = 0, 0
    start, end = [0], [nodes]
    while len(start) > 0:
        low, high = start.pop(), end.pop()
        if high - low < 2:
            continue
        share = max(1, int(_SIDE * (high - low)))
        least, balance = high - low + 1, 0
        for view in range(views):
            members = by_side[view, low:high]
            for v in members:
                role[v] = 0
                flow[0, v] = flow[1, v] = -1
            role[members[:share]] = 1
            role[members[len(members) - share :]] = 2
            cut, stamp = _part(
                first, neighbour, piece, members, role, flow, seen, came, root, done, queue,
                found, stamp, least,
            )  # fmt: skip
            if cut > least:
                continue
            before = 0
            for v in members:
                before += seen[1, v] == stamp
            even = min(before, high - low - cut - before)
            if cut == least and even <= balance:
                continue
            least, balance = cut, even
            for v in members:
                best_role[v] = 0
                if seen[1, v] == stamp:
                    best_role[v] = 1
                elif seen[0, v] == stamp:
                    best_role[v] = 2
        middle = low
        for v in by_side[0, low:high]:
            middle += best_role[v] == 1
        for view in range(views):
            members = by_side[view, low:high]
            at = 0
            for wanted in (1, 0, 2):
                for v in members:
                    if best_role[v] == wanted:
                        spare[at] = v
                        at += 1
            members[:] = spare[:at]
        pieces += 2
        for v in by_side[0, low:middle]:
            piece[v] = pieces - 1
        for v in by_side[0, middle : high - least]:
            piece[v] = pieces
        for v in by_side[0, high - least : high]:
            piece[v] = -1
        start.append(low)
        end.append(middle)
        start.append(middle)
        end.append(high - least)
    order: IntArray = by_side[0].copy()
    return order
