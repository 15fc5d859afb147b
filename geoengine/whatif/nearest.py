"""Who is nearest, kept exact while provisions open, close and move: only what changes is done."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geoengine.network.search import UNREACHED
from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork
from geoengine.travel_times import Direction, Nearest, at_positions

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Streets:
    """
    What never changes: the streets in the order of the search, and the places along them.

    Parameters
    ----------
    first, arc
        Arcs along which times spread from provisions, as for `network.search.nearest`.
    back_first, back_arc
        The same arcs against their direction.
    tail, head, whole_ds, two_way
        Ends, cost and openness of each chain.
    to
        Whether people travel to the provision.
    first_place, place
        Places on chain c: `place[first_place[c]:first_place[c + 1]]`.
    along_ds, leg_ds
        Of each place, as in `Positions`.
    """

    first: LongArray
    arc: IntArray
    back_first: LongArray
    back_arc: IntArray
    tail: IntArray
    head: IntArray
    whole_ds: IntArray
    two_way: BoolArray
    to: bool
    first_place: LongArray
    place: IntArray
    along_ds: IntArray
    leg_ds: IntArray

    @classmethod
    def of(cls, network: StreetNetwork, places: Positions, direction: Direction) -> "Streets":
        """Return the streets of a network with places to carry times to."""
        out = np.asarray(network.out_first), np.asarray(network.out_arc)
        back = np.asarray(network.in_first), np.asarray(network.in_arc)
        spread, against = (back, out) if direction == "to" else (out, back)
        count = np.bincount(places.chain + 1, minlength=len(network.chain_tail) + 1)
        return cls(
            *spread, *against, np.asarray(network.chain_tail), np.asarray(network.chain_head),
            network.chain_ds, np.asarray(network.chain_two_way), direction == "to",
            np.cumsum(count), np.argsort(places.chain, kind="stable").astype(np.int32),
            places.along_ds, places.leg_ds,
        )  # fmt: skip


@dataclass(eq=False)
class LiveNearest:
    """
    The nearest provision of every node and place, changed in place as provisions change.

    A provision's position in the arrays is its label; of those equally near, the smallest label
    counts, as in `travel_times.find_nearest`. New provisions get the next labels.

    Parameters
    ----------
    streets
        What never changes.
    node_ds, node_label
        Deciseconds to the nearest provision and its label, shape (nodes,); `UNREACHED` and -1
        where there is none.
    place_ds, place_label
        The same for each place, with its leg, shape (places,).
    chain, along_ds, leg_ds
        Where each provision joins the streets, as in `Positions`; chain is -1 where it is closed
        or has no network, shape (provisions,).
    first_on, next_on
        The provisions on each chain as a linked list, -1 at its end: the first of each chain,
        shape (chains,), and the one after each provision, shape (provisions,).

    References
    ----------
    Ramalingam, G. & Reps, T. (1996) An incremental algorithm for a generalization of the
    shortest-path problem. Journal of Algorithms 21(2), 267-305 (an edit costs no more than the
    region that it changes, and its border).
    """

    streets: Streets
    node_ds: IntArray
    node_label: IntArray
    place_ds: IntArray
    place_label: IntArray
    chain: IntArray
    along_ds: IntArray
    leg_ds: IntArray
    first_on: IntArray
    next_on: IntArray

    @classmethod
    def of(
        cls,
        network: StreetNetwork,
        found: Nearest,
        places: Positions,
        provisions: Positions,
        *,
        direction: Direction,
    ) -> "LiveNearest":
        """
        Take up what `travel_times.find_nearest` found, ready for changes.

        Parameters
        ----------
        network, provisions, direction
            As they were given to the search.
        found
            Its result, for any number of nearest.
        places
            Places along the streets to which times are to be carried.
        """
        nearest = Nearest(
            found.origin_s, found.origin_provision,
            np.ascontiguousarray(found.node_ds[:, :1]),
            np.ascontiguousarray(found.node_provision[:, :1]),
        )  # fmt: skip
        place_ds, place_label = at_positions(
            network, nearest, places, provisions, direction=direction
        )
        first_on = np.full(len(network.chain_tail), -1, np.int32)
        next_on = np.full(len(provisions.chain), -1, np.int32)
        for label in np.flatnonzero(provisions.joined).tolist():
            chain = provisions.chain[label]
            next_on[label], first_on[chain] = first_on[chain], label
        return cls(
            Streets.of(network, places, direction),
            nearest.node_ds[:, 0], nearest.node_provision[:, 0], place_ds[:, 0], place_label[:, 0],
            provisions.chain.copy(), provisions.along_ds.copy(), provisions.leg_ds.copy(),
            first_on, next_on,
        )  # fmt: skip

    def copy(self) -> "LiveNearest":
        """Return another that changes alone."""
        return replace(
            self,
            **{
                field.name: getattr(self, field.name).copy()
                for field in fields(self)
                if field.name != "streets"
            },
        )

    def close(self, labels: Sequence[int] | IntArray) -> IntArray:
        """
        Close provisions: who was nearest to one of them finds the next nearest.

        Returns
        -------
        numpy.ndarray
            The places whose time or provision is another now, ascending.
        """
        gone = np.asarray(labels, np.int32)
        gone = gone[self.chain[gone] >= 0]
        at, s = self._spots(), self.streets
        chains = self.chain[gone]
        nodes = _close(
            s.first, s.arc, s.back_first, s.back_arc, s.tail, s.head, s.whole_ds, s.two_way, s.to,
            *at, gone, self.first_on, self.next_on, self.node_ds, self.node_label,
        )  # fmt: skip
        return self._carry(nodes, chains)

    def open(self, spots: Positions, labels: Sequence[int] | IntArray | None = None) -> IntArray:
        """
        Open provisions, all at once.

        Parameters
        ----------
        spots
            Where they join the streets; those that have no network change nothing.
        labels
            Labels of closed provisions to open again there, shape (spots,); by default the next
            ones are given.

        Returns
        -------
        numpy.ndarray
            The places whose time or provision is another now, ascending.
        """
        count = len(self.chain)
        fresh = (
            np.arange(count, count + len(spots.chain), dtype=np.int32)
            if labels is None
            else np.asarray(labels, np.int32)
        )
        more = max(0, int(fresh.max(initial=-1)) + 1 - count)
        for name in ("chain", "along_ds", "leg_ds", "next_on"):
            column = np.concatenate((getattr(self, name), np.full(more, -1, np.int32)))
            setattr(self, name, column)
        self.chain[fresh] = spots.chain
        self.along_ds[fresh], self.leg_ds[fresh] = spots.along_ds, spots.leg_ds
        fresh = fresh[spots.chain >= 0]
        s = self.streets
        nodes = _open(
            s.first, s.arc, s.tail, s.head, s.whole_ds, s.two_way, s.to,
            *self._spots(), fresh, self.first_on, self.next_on, self.node_ds, self.node_label,
        )  # fmt: skip
        return self._carry(nodes, self.chain[fresh])

    def _spots(self) -> tuple[IntArray, IntArray, IntArray]:
        return self.chain, self.along_ds, self.leg_ds

    def _carry(self, nodes: IntArray, chains: IntArray) -> IntArray:
        s = self.streets
        return _carry(
            nodes, chains, s.first, s.arc, s.back_first, s.back_arc,
            s.tail, s.head, s.whole_ds, s.two_way, s.to, s.first_place, s.place, s.along_ds,
            s.leg_ds, self.along_ds, self.leg_ds, self.first_on, self.next_on,
            self.node_ds, self.node_label, self.place_ds, self.place_label,
        )  # fmt: skip


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
def _close(
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
def _open(
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
def _carry(
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
