"""How far it is to walk along the drawn streets, to plant truths that hold."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from geoengine.demo.sheet import IntArray, Sheet
from geoengine.demo.terrain import FloatArray


class Walks:
    """Distances on foot over a drawn sheet."""

    def __init__(self, sheet: Sheet) -> None:
        points = sheet.points()
        self._points = points
        a, b, way = sheet.legs()
        public = np.array([tags.get("access") != "private" for tags in sheet.tags])
        street = (sheet.is_street() & public)[way]
        a, b = a[street], b[street]
        metres = np.hypot(*(points[a] - points[b]).T) + 0.01
        self._graph = coo_array((metres, (a, b)), shape=(sheet.count, sheet.count)).tocsr()
        self._used = np.unique(np.concatenate([a, b]))
        self._tree = KDTree(points[self._used])

    def node(self, x: FloatArray, y: FloatArray) -> IntArray:
        """Return the street node nearest to each point."""
        return np.asarray(self._used[self._tree.query(np.column_stack([x, y]))[1]], dtype=np.int64)

    def metres(self, starts: IntArray, ends: IntArray, limit_m: float) -> FloatArray:
        """Return the walk from the nearest start to each end, inf beyond the limit."""
        starts = np.unique(starts)
        spots = self._points[starts]
        low, high = spots.min(axis=0) - limit_m, spots.max(axis=0) + limit_m
        near = np.flatnonzero(((self._points >= low) & (self._points <= high)).all(axis=1))
        part = self._graph[near][:, near]
        reached = np.full(len(self._points) + 1, np.inf)
        reached[near] = dijkstra(
            part,
            directed=False,
            indices=np.searchsorted(near, starts),
            limit=limit_m,
            min_only=True,
        )
        return np.asarray(reached[ends])
