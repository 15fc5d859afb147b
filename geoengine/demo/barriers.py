"""What streets keep clear of: water, railways and the shore, as pieces that are quick to find."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geoengine.demo.blocks import COAST, RAIL, RIVER, IntArray
from geoengine.demo.terrain import FloatArray, Terrain

CLEAR_M = {RIVER: 13.0, RAIL: 12.0, COAST: 24.0}


class Barriers:
    """Pieces of every barrier, each widened to the distance that streets keep from it."""

    def __init__(self, terrain: Terrain) -> None:
        shapes, kinds = [], []
        self._rivers = [
            (shapely.STRtree(shapely.points(shapely.get_coordinates(line))), half)
            for line, half in zip(terrain.rivers, terrain.river_half_width_m, strict=True)
        ]
        rivers = [
            (shapely.get_coordinates(line), half, RIVER)
            for line, half in zip(terrain.rivers, terrain.river_half_width_m, strict=True)
        ]
        shore = shapely.get_parts(shapely.boundary(terrain.land))
        others = [(line, RAIL) for line in terrain.rails] + [(line, COAST) for line in shore]
        thin = [
            (shapely.get_coordinates(line), np.zeros(shapely.get_num_points(line)), kind)
            for line, kind in others
        ]
        for points, half, kind in rivers + thin:
            legs = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))
            width = np.maximum(half[:-1], half[1:]) + CLEAR_M[kind]
            shapes.append(shapely.buffer(legs, width, quad_segs=3))
            kinds.append(np.full(len(legs), kind, dtype=np.int64))
        self.shape: NDArray[np.object_] = np.concatenate(shapes)
        self.kind: IntArray = np.concatenate(kinds)
        self._tree = shapely.STRtree(self.shape)

    def half_width_m(self, line: FloatArray) -> float:
        """Return half the width of the river along part of its course."""
        spots = shapely.points(line[[0, len(line) // 2, -1]])
        widths = []
        for tree, half in self._rivers:
            near, gap = tree.query_nearest(spots, return_distance=True, all_matches=False)
            widths.append((float(gap.min()), float(half[near[1]].max())))
        return min(widths)[1]

    def meet(self, shapes: NDArray[np.object_]) -> dict[tuple[int, int], shapely.Geometry]:
        """Return what each shape meets, by its position and the kind of barrier."""
        at, piece = self._tree.query(shapes, predicate="intersects")
        found: dict[tuple[int, int], list[int]] = {}
        for one, other in zip(at.tolist(), piece.tolist(), strict=True):
            found.setdefault((one, int(self.kind[other])), []).append(other)
        return {key: shapely.union_all(self.shape[found[key]]) for key in sorted(found)}


def stretches(line: shapely.LineString, inside: shapely.Geometry) -> FloatArray:
    """Return from where to where a line runs inside a shape, in metres along it, shape (n, 2)."""
    parts = shapely.get_parts(shapely.intersection(line, inside))
    tips = [
        sorted(
            shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(part)[[0, -1]]))
        )
        for part in parts
        if shapely.length(part) > 0
    ]
    merged: list[list[float]] = []
    for low, high in sorted(tips):
        if merged and low - merged[-1][1] < 2.0:
            merged[-1][1] = max(merged[-1][1], float(high))
        else:
            merged.append([float(low), float(high)])
    return np.array(merged).reshape(-1, 2)
