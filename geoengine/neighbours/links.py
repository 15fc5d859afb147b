"""Neighbours: the links between areas and their weights, as compressed sparse rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """
    The neighbours of each area, as compressed sparse rows; made by the functions beside it.

    Parameters
    ----------
    ids
        The areas' codes, in order, unique.
    first
        Neighbours of area i are `first[i]` to `first[i + 1]`, shape (areas + 1,).
    neighbour
        Position of each neighbour, ascending within an area, shape (links,). An area may be its
        own neighbour; being neighbours need not be mutual.
    weight
        How much each counts, positive and finite, shape (links,).
    made
        How they were found, in words that go on the card of a map.
    off_network
        Codes of the areas that are not near any street, where neighbours are by travel time; they
        have none.
    """

    ids: pd.Index
    first: LongArray
    neighbour: IntArray
    weight: FloatArray
    made: str
    off_network: pd.Index = field(default_factory=lambda: pd.Index([]))

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.ids)

    @property
    def area(self) -> LongArray:
        """Position of the area that each link belongs to, shape (links,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.first))

    @property
    def islands(self) -> pd.Index:
        """Codes of the areas that have no neighbour but themselves."""
        others = self.neighbour != self.area
        alone = np.bincount(self.area[others], minlength=len(self)) == 0
        islands: pd.Index = self.ids[alone]
        return islands

    @property
    def is_mutual(self) -> bool:
        """Whether every neighbour is a neighbour in return, with the same weight."""
        one_way = self.matrix() - self.matrix().T
        return bool((one_way.data == 0).all())

    def matrix(self) -> Any:
        """Return the weights as a `scipy.sparse.csr_array` of shape (areas, areas)."""
        return csr_array((self.weight, self.neighbour, self.first), shape=(len(self), len(self)))

    def parts(self) -> IntArray:
        """Return the connected part each area lies in, numbered from 0, shape (areas,)."""
        _, part = connected_components(self.matrix(), directed=False)
        return np.asarray(part, dtype=np.int32)

    def among(self, kept: BoolArray) -> "Neighbours":
        """
        Return the neighbours among some of the areas only.

        Parameters
        ----------
        kept
            Which areas, shape (areas,).
        """
        links = kept[self.area] & kept[self.neighbour]
        place = np.cumsum(kept) - 1
        first = np.concatenate(([0], np.cumsum(links)))[self.first]
        return replace(
            self,
            ids=self.ids[kept],
            first=np.concatenate((first[:-1][kept], first[-1:])),
            neighbour=place[self.neighbour[links]].astype(np.int32),
            weight=self.weight[links],
        )

    def row_standardised(self) -> "Neighbours":
        """
        Return the same neighbours with weights that add up to 1 for each area.

        Examples
        --------
        >>> chain = from_links(["a", "b", "c"], [0, 1, 1, 2], [1, 0, 2, 1])
        >>> chain.row_standardised().weight
        array([1. , 0.5, 0.5, 1. ])
        """
        total = np.bincount(self.area, self.weight, minlength=len(self))
        return replace(self, weight=self.weight / total[self.area])

    def with_self(self, weight: float | None = None) -> "Neighbours":
        """
        Return the neighbours with each area its own neighbour too.

        Parameters
        ----------
        weight
            How much an area counts for itself; by default as much as its heaviest neighbour,
            or 1 where it has none.
        """
        bare = self.without_self()
        if weight is None:
            heaviest = np.zeros(len(self))
            np.maximum.at(heaviest, bare.area, bare.weight)
            own = np.where(heaviest > 0, heaviest, 1.0)
        else:
            own = np.full(len(self), weight)
        each = np.arange(len(self))
        whole = from_links(
            self.ids,
            np.concatenate((bare.area, each)),
            np.concatenate((bare.neighbour, each)),
            np.concatenate((bare.weight, own)),
            made=f"{bare.made}, and the area itself",
        )
        return replace(whole, off_network=self.off_network)

    def without_self(self) -> "Neighbours":
        """Return the neighbours with no area its own."""
        others = self.neighbour != self.area
        first = np.concatenate(([0], np.cumsum(others)))[self.first]
        return replace(
            self, first=first, neighbour=self.neighbour[others], weight=self.weight[others]
        )

    def to_graph(self) -> Any:
        """Return a `libpysal.graph.Graph`; there, an area without neighbours has a link of 0."""
        from libpysal.graph import Graph

        alone = np.flatnonzero(np.diff(self.first) == 0)
        area = np.concatenate((self.area, alone))
        order = np.argsort(area, kind="stable")
        neighbour = np.concatenate((self.neighbour, alone))[order]
        weight = np.concatenate((self.weight, np.zeros(len(alone))))[order]
        ids = self.ids.to_numpy()
        return Graph.from_arrays(ids[area[order]], ids[neighbour], weight)


def from_links(
    ids: Sequence[Any] | pd.Index,
    area: ArrayLike,
    neighbour: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    made: str = "neighbours as given",
) -> Neighbours:
    """
    Make neighbours from a list of links.

    Parameters
    ----------
    ids
        The areas' codes.
    area, neighbour
        Positions of the two areas of each link, shape (links,); a link makes the second a
        neighbour of the first, not the other way round.
    weight
        How much each counts, shape (links,); by default 1.
    made
        How they were found.

    Raises
    ------
    ValueError
        If a code or a link stands twice, a position is out of range, or a weight is not
        positive and finite.

    Examples
    --------
    Three areas in a row.

    >>> chain = from_links(["a", "b", "c"], [0, 1, 1, 2], [1, 0, 2, 1])
    >>> chain.neighbour[chain.first[1] : chain.first[2]]
    array([0, 2], dtype=int32)
    """
    index = pd.Index(ids)
    links = np.asarray(area, np.int64), np.asarray(neighbour, np.int64)
    value = np.ones(len(links[0])) if weight is None else np.asarray(weight, np.float64)
    if not len(links[0]) == len(links[1]) == len(value):
        raise ValueError(
            f"{len(links[0])} areas, {len(links[1])} neighbours and {len(value)} weights disagree"
        )
    for positions in links:
        if ((positions < 0) | (positions >= len(index))).any():
            raise ValueError(f"a link's positions must be from 0 to {len(index) - 1}")
    if not index.is_unique:
        raise ValueError(f"'{index[index.duplicated()][0]}' stands more than once among the ids")
    bad = np.flatnonzero(~(np.isfinite(value) & (value > 0)))
    if len(bad):
        one, other = index[links[0][bad[0]]], index[links[1][bad[0]]]
        raise ValueError(
            f"a weight must be positive and finite, but is {value[bad[0]]:g} "
            f"between '{one}' and '{other}'"
        )
    order = np.argsort(links[0] * len(index) + links[1], kind="stable")
    links = links[0][order], links[1][order]
    again = np.flatnonzero((np.diff(links[0]) == 0) & (np.diff(links[1]) == 0))
    if len(again):
        one, other = index[links[0][again[0]]], index[links[1][again[0]]]
        raise ValueError(f"the link from '{one}' to '{other}' stands more than once")
    first = np.searchsorted(links[0], np.arange(len(index) + 1)).astype(np.int64)
    return Neighbours(index, first, links[1].astype(np.int32), value[order], made)


def from_graph(graph: Any, *, made: str = "neighbours as given") -> Neighbours:
    """
    Take the neighbours of a `libpysal.graph.Graph`, whose links of 0 mean no neighbour.

    Parameters
    ----------
    graph
        The graph.
    made
        How its neighbours were found.
    """
    table = graph.adjacency
    table = table[table != 0]
    ids = pd.Index(graph.unique_ids)
    return from_links(
        ids,
        ids.get_indexer(table.index.get_level_values("focal")),
        ids.get_indexer(table.index.get_level_values("neighbor")),
        table.to_numpy(dtype=float),
        made=made,
    )
