"""Who is nearest, kept exact while provisions open, close and move: only what changes is done."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from geoengine.network.snapping import Positions
from geoengine.network.streets import StreetNetwork
from geoengine.travel_times import Direction, Nearest, at_positions
from geoengine.whatif import repair

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
        nodes = repair.remove(
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
        nodes = repair.add(
            s.first, s.arc, s.tail, s.head, s.whole_ds, s.two_way, s.to,
            *self._spots(), fresh, self.first_on, self.next_on, self.node_ds, self.node_label,
        )  # fmt: skip
        return self._carry(nodes, self.chain[fresh])

    def _spots(self) -> tuple[IntArray, IntArray, IntArray]:
        return self.chain, self.along_ds, self.leg_ds

    def _carry(self, nodes: IntArray, chains: IntArray) -> IntArray:
        s = self.streets
        return repair.carry(
            nodes, chains, s.first, s.arc, s.back_first, s.back_arc,
            s.tail, s.head, s.whole_ds, s.two_way, s.to, s.first_place, s.place, s.along_ds,
            s.leg_ds, self.along_ds, self.leg_ds, self.first_on, self.next_on,
            self.node_ds, self.node_label, self.place_ds, self.place_label,
        )  # fmt: skip
