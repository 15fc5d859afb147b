"""Boxes that features are asked for by: two corners, in the order of a CRS's own axes."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely

from geoengine.errors import GeoEngineError

SIDE_PARTS = 64
"""Parts that each side is cut into, for they bend when the box is put into another CRS."""
FURTHEST = 1e9
"""No place on earth has a coordinate as far from 0 in any CRS."""


def corners(numbers: Sequence[float], *, round_it: bool) -> tuple[float, float, float, float]:
    """
    Return west, south, east and north of four numbers, or of six that have heights too.

    Parameters
    ----------
    numbers
        The lower corner's coordinates, then the upper one's.
    round_it
        Whether the CRS goes round the earth, so that west may lie east of east.

    Raises
    ------
    GeoEngineError
        If these are no corners of a box on earth.

    Examples
    --------
    >>> corners([1, 2, 0, 3, 4, 9], round_it=True)
    (1, 2, 3, 4)
    """
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise GeoEngineError(
            "bbox must be four numbers with commas between, like -3.5,51.5,-2.9,51.7"
        )
    west, south, east, north = numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])
    if max(map(abs, (west, south, east, north))) > FURTHEST:
        raise GeoEngineError("bbox must lie on earth")
    if north < south or (east < west and not round_it):
        raise GeoEngineError("bbox must have its lower corner first")
    return west, south, east, north


def shape(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    """Return a box as a geometry with points along its sides, in two where it has the date line."""
    if west <= east:
        return _flat(west, south, east, north)
    sides = [(west, 180.0), (-180.0, east)]
    return shapely.union_all([_flat(left, south, right, north) for left, right in sides])


def _flat(west: float, south: float, east: float, north: float) -> shapely.Geometry:
    if (west, south) == (east, north):
        return shapely.Point(west, south)
    part = np.linspace(0, 1, SIDE_PARTS, endpoint=False)[:, None]
    around = np.array([(west, south), (east, south), (east, north), (west, north), (west, south)])
    sides = [start + (end - start) * part for start, end in pairwise(around)]
    ring = np.concatenate([*sides, around[:1]])
    flat = west == east or south == north
    return shapely.linestrings(ring) if flat else shapely.polygons(ring)
