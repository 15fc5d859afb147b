"""The loops that keep shortest times right while provisions open and close."""

import heapq
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.network.search import UNREACHED

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]


@njit(inline="always")
def _better(time: int, label: int, old_time: int, old_label: int) -> bool:
    return time < old_time or (time == old_time and label < old_label)


@njit(inline="always")
def _seed(
    tail: IntArray, head: IntArray, whole: IntArray, two_way: BoolArray, to: bool,
    chain: int, along: int, leg: int, second: bool,
) -> tuple[int, int]:  # fmt: skip
    """Return a node next to a provision and the cost between them; -1 where there is no way."""
    at_tail = second != to
    cost = along if at_tail else whole[chain] - along
    if second and not two_way[chain] and cost > 0:
        return -1, 0
    return (tail[chain] if at_tail else head[chain]), cost + leg


@njit(cache=True, nogil=True)
def _settle(
    first: LongArray, arc: IntArray, heap: Any, node_ds: IntArray, node_label: IntArray,
    touched: Any,
) -> None:  # fmt: skip
    """Spread the times of the nodes in the heap to all that they improve."""
    while len(heap) > 0:
        key = heapq.heappop(heap)
        t, n = key >> 32, key & 0xFFFFFFFF
        if t != node_ds[n]:
            continue
        k = node_label[n]
        for a in range(first[n], first[n + 1]):
            m, reach = arc[a, 0], t + arc[a, 1]
            if reach < UNREACHED and _better(reach, k, node_ds[m], node_label[m]):
                if node_label[m] != k:
                    touched.append(m)
                node_ds[m], node_label[m] = reach, k
                heapq.heappush(heap, (reach << 32) | m)


@njit(
    "int32[::1](int64[::1], int32[:, ::1], int64[::1], int32[:, ::1], int32[::1], int32[::1],"
    " int32[::1], boolean[::1], boolean, int32[::1], int32[::1], int32[::1], int32[::1],"
    " int32[::1], int32[::1], int32[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def remove(
    first: LongArray, arc: IntArray, back_first: LongArray, back_arc: IntArray, tail: IntArray,
    head: IntArray, whole: IntArray, two_way: BoolArray, to: bool, chain: IntArray,
    along: IntArray, leg: IntArray, gone: IntArray, first_on: IntArray, next_on: IntArray,
    node_ds: IntArray, node_label: IntArray,
) -> IntArray:  # fmt: skip
    """
    Take provisions out and repair the times of the nodes that were theirs.

    These nodes hang together: on a shortest way to a node that is a provision's, every node is
    that provision's. What borders on them keeps its time and is where the repair begins.
    """
    shut = np.zeros(len(chain), np.bool_)
    touched = [np.int32(0) for _ in range(0)]
    for g in gone:
        shut[g] = True
    for g in gone:
        c = chain[g]
        if first_on[c] == g:
            first_on[c] = next_on[g]
        else:
            p = first_on[c]
            while next_on[p] != g:
                p = next_on[p]
            next_on[p] = next_on[g]
        for second in (False, True):
            near, _ = _seed(tail, head, whole, two_way, to, c, along[g], leg[g], second)
            if near >= 0 and node_label[near] >= 0 and shut[node_label[near]]:
                touched.append(np.int32(near))
                node_label[near] = -1
    done = 0
    while done < len(touched):
        n = touched[done]
        done += 1
        for a in range(first[n], first[n + 1]):
            m = arc[a, 0]
            if node_label[m] >= 0 and shut[node_label[m]]:
                touched.append(m)
                node_label[m] = -1
    for n_ in touched:
        node_ds[n_] = UNREACHED
    heap = [np.int64(0) for _ in range(0)]
    found = len(touched)
    for i in range(found):
        n = touched[i]
        best, who = UNREACHED, -1
        for a in range(back_first[n], back_first[n + 1]):
            m = back_arc[a, 0]
            reach = np.int64(node_ds[m]) + back_arc[a, 1]
            if (
                node_label[m] >= 0
                and reach < UNREACHED
                and _better(reach, node_label[m], best, who)
            ):
                best, who = reach, node_label[m]
        if who >= 0:
            node_ds[n], node_label[n] = best, who
            heapq.heappush(heap, (np.int64(best) << 32) | n)
    for g in gone:
        chain[g] = -1
    for p in range(len(chain)):
        if chain[p] >= 0:
            for second in (False, True):
                near, t = _seed(tail, head, whole, two_way, to, chain[p], along[p], leg[p], second)
                if near >= 0 and _better(t, p, node_ds[near], node_label[near]):
                    node_ds[near], node_label[near] = t, p
                    heapq.heappush(heap, (np.int64(t) << 32) | near)
    again = [np.int32(0) for _ in range(0)]
    _settle(first, arc, heap, node_ds, node_label, again)
    return np.array(touched)


@njit(
    "int32[::1](int64[::1], int32[:, ::1], int32[::1], int32[::1], int32[::1], boolean[::1],"
    " boolean, int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1],"
    " int32[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def add(
    first: LongArray, arc: IntArray, tail: IntArray, head: IntArray, whole: IntArray,
    two_way: BoolArray, to: bool, chain: IntArray, along: IntArray, leg: IntArray,
    fresh: IntArray, first_on: IntArray, next_on: IntArray, node_ds: IntArray,
    node_label: IntArray,
) -> IntArray:  # fmt: skip
    """Search from new provisions only as far as they are nearer than any other."""
    touched = [np.int32(0) for _ in range(0)]
    heap = [np.int64(0) for _ in range(0)]
    for p in fresh:
        c = chain[p]
        next_on[p], first_on[c] = first_on[c], p
        for second in (False, True):
            n, t = _seed(tail, head, whole, two_way, to, c, along[p], leg[p], second)
            if n >= 0 and _better(t, p, node_ds[n], node_label[n]):
                if node_label[n] != p:
                    touched.append(np.int32(n))
                node_ds[n], node_label[n] = t, p
                heapq.heappush(heap, (np.int64(t) << 32) | n)
    _settle(first, arc, heap, node_ds, node_label, touched)
    return np.array(touched)


@njit(
    "int32[::1](int32[::1], int32[::1], int64[::1], int32[:, ::1], int64[::1], int32[:, ::1],"
    " int32[::1], int32[::1], int32[::1], boolean[::1], boolean, int64[::1], int32[::1],"
    " int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1],"
    " int32[::1], int32[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def carry(
    nodes: IntArray, more: IntArray, first: LongArray, arc: IntArray, back_first: LongArray,
    back_arc: IntArray, tail: IntArray, head: IntArray, whole: IntArray, two_way: BoolArray,
    to: bool, first_place: LongArray, place: IntArray, place_along: IntArray,
    place_leg: IntArray, along: IntArray, leg: IntArray, first_on: IntArray, next_on: IntArray,
    node_ds: IntArray, node_label: IntArray, place_ds: IntArray,
    place_label: IntArray,
) -> IntArray:  # fmt: skip
    """Carry times anew to the places on all chains next to the nodes, and on the others given."""
    due = np.zeros(len(tail), np.bool_)
    chains = [np.int32(0) for _ in range(0)]
    for c in more:
        if not due[c]:
            due[c] = True
            chains.append(c)
    for n in nodes:
        for a in range(first[n], first[n + 1]):
            c = arc[a, 2]
            if not due[c]:
                due[c] = True
                chains.append(c)
        for a in range(back_first[n], back_first[n + 1]):
            c = back_arc[a, 2]
            if not due[c]:
                due[c] = True
                chains.append(c)
    changed = [np.int32(0) for _ in range(0)]
    for c in chains:
        t, h = tail[c], head[c]
        for j in range(first_place[c], first_place[c + 1]):
            i = place[j]
            back, on = place_along[i], whole[c] - place_along[i]
            best, who = UNREACHED, -1
            if node_label[t] >= 0 and (two_way[c] or not to or back == 0):
                best, who = node_ds[t] + back + place_leg[i], node_label[t]
            if node_label[h] >= 0 and (two_way[c] or to or on == 0):
                time = node_ds[h] + on + place_leg[i]
                if _better(time, node_label[h], best, who):
                    best, who = time, node_label[h]
            p = first_on[c]
            while p >= 0:
                ahead = along[p] - back if to else back - along[p]
                if ahead >= 0 or two_way[c]:
                    time = abs(ahead) + place_leg[i] + leg[p]
                    if _better(time, p, best, who):
                        best, who = time, p
                p = next_on[p]
            if best != place_ds[i] or who != place_label[i]:
                place_ds[i], place_label[i] = best, who
                changed.append(i)
    return np.sort(np.array(changed))
