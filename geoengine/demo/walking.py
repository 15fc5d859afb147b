"""How far it is to walk along the drawn streets, to plant truths that hold."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from geoengine.demo.sheet import IntArray, Sheet
from geoengine.demo.terrain import FloatArray

METRES_PER_MINUTE = 80.0


class Walks:
    """Distances on foot over a drawn sheet."""

    def __init__(self, sheet: Sheet) -> None:
        points = sheet.points()
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

    def metres(self, starts: IntArray, limit_m: float) -> FloatArray:
        """Return the distance from the nearest start to every node, inf beyond the limit."""
        return np.asarray(
            dijkstra(
                self._graph, directed=False, indices=np.unique(starts), limit=limit_m, min_only=True
            )
        )


def minutes(metres: FloatArray) -> FloatArray:
    """Return how long it takes to walk this far at 4.8 km/h."""
    return metres / METRES_PER_MINUTE


def within(values: FloatArray, limit: float) -> NDArray[np.bool_]:
    """Return which of the values are within the limit."""
    return np.asarray(values <= limit)
