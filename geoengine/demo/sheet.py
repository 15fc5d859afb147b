"""The map sheet: nodes and ways with tags, as OpenStreetMap holds them."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geoengine.demo.terrain import FloatArray

IntArray = NDArray[np.int64]
Tags = dict[str, str]
NOT_ON_FOOT = frozenset({"motorway", "motorway_link"})


@dataclass
class Sheet:
    """
    A map being drawn.

    `block` of a way is the block that its houses belong to; -1 for none, -2 for both sides of
    an edge between blocks, which `edge` then names.
    """

    parts: list[FloatArray] = field(default_factory=list)
    count: int = 0
    ways: list[IntArray] = field(default_factory=list)
    tags: list[Tags] = field(default_factory=list)
    block: list[int] = field(default_factory=list)
    edge: list[int] = field(default_factory=list)
    node_tags: dict[int, Tags] = field(default_factory=dict)

    def nodes(self, points: FloatArray) -> IntArray:
        """Add nodes at these points, shape (n, 2), and return their numbers."""
        self.parts.append(np.asarray(points, dtype=float).reshape(-1, 2))
        first = self.count
        self.count += len(self.parts[-1])
        return np.arange(first, self.count, dtype=np.int64)

    def way(self, refs: IntArray, tags: Tags, block: int = -1, edge: int = -1) -> int:
        """Add a way through these nodes and return its number."""
        refs = np.asarray(refs, dtype=np.int64)
        refs = refs[np.concatenate([[True], refs[1:] != refs[:-1]])]
        if len(refs) < 2:
            return -1
        self.ways.append(refs)
        self.tags.append(tags)
        self.block.append(block)
        self.edge.append(edge)
        return len(self.ways) - 1

    def points(self) -> FloatArray:
        """Return all nodes' places, metres, shape (nodes, 2)."""
        if len(self.parts) != 1:
            self.parts = [np.vstack([*self.parts, np.empty((0, 2))])]
        return self.parts[0]

    def legs(self) -> tuple[IntArray, IntArray, IntArray]:
        """Return both nodes and the way of every straight piece of every way."""
        size = np.array([len(refs) for refs in self.ways], dtype=np.int64)
        every = np.concatenate(self.ways)
        of = np.repeat(np.arange(len(size)), size)
        same = of[1:] == of[:-1]
        return every[:-1][same], every[1:][same], of[1:][same]

    def is_street(self) -> NDArray[np.bool_]:
        """Return whether each way can be walked, shape (ways,)."""
        return np.array(
            ["highway" in tags and tags["highway"] not in NOT_ON_FOOT for tags in self.tags]
        )

    def component(self) -> IntArray:
        """Return the number of the walkable piece that each node belongs to, shape (nodes,)."""
        a, b, way = self.legs()
        street = self.is_street()[way]
        graph = coo_array(
            (np.ones(street.sum(), dtype=np.int8), (a[street], b[street])),
            shape=(self.count, self.count),
        )
        return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)

    def planarise(self) -> None:
        """Give streets that cross on the level a node in common."""
        points = self.points()
        a, b, way = self.legs()
        level = self.is_street() & np.array(["bridge" not in tags for tags in self.tags])
        size = np.array([len(refs) for refs in self.ways], dtype=np.int64)
        first = np.cumsum(size - 1) - (size - 1)
        fine = np.flatnonzero(level[way])
        lines = shapely.linestrings(np.stack([points[a[fine]], points[b[fine]]], axis=1))
        one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
        pairs = np.unique(np.column_stack([one, other])[one < other], axis=0)
        meeting = shapely.intersection(lines[pairs[:, 0]], lines[pairs[:, 1]])
        nodes = self.nodes(shapely.get_coordinates(meeting))
        added: dict[int, list[tuple[int, float, int]]] = {}
        for side in (0, 1):
            leg = fine[pairs[:, side]]
            along = shapely.line_locate_point(lines[pairs[:, side]], meeting)
            for node, at, s in zip(nodes.tolist(), leg.tolist(), along.tolist(), strict=True):
                street = int(way[at])
                added.setdefault(street, []).append((at - int(first[street]), s, node))
        for street, stops in sorted(added.items()):
            refs = self.ways[street].tolist()
            for position, _, node in sorted(stops, reverse=True):
                refs.insert(position + 1, node)
            self.ways[street] = np.array(refs, dtype=np.int64)

    def prune(self) -> None:
        """Rub out streets that cannot be reached from the rest."""
        component = self.component()
        street = self.is_street()
        first = np.array([refs[0] for refs in self.ways])
        size = np.bincount(
            component[np.concatenate([w for w, s in zip(self.ways, street, strict=True) if s])]
        )
        keep = ~street | (component[first] == int(np.argmax(size)))
        self._keep(keep)

    def _keep(self, keep: NDArray[np.bool_]) -> None:
        self.ways = [refs for refs, stays in zip(self.ways, keep, strict=True) if stays]
        self.tags = [tags for tags, stays in zip(self.tags, keep, strict=True) if stays]
        self.edge = [edge for edge, stays in zip(self.edge, keep, strict=True) if stays]
        self.block = [block for block, stays in zip(self.block, keep, strict=True) if stays]
