"""Neighbours by a common border, and areas that a street joins across water."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoengine.errors import Fault, TableError
from geoengine.neighbours.links import LongArray, Neighbours, from_links
from geoengine.network.streets import StreetNetwork

TOLERANCE_M = 1.0
LONGEST_CROSSING_M = 3000.0
"""The longest bridges of the British Isles, the Humber's and the Severn's, are shorter."""


def contiguity(
    areas: gpd.GeoDataFrame,
    *,
    corners: bool = True,
    tolerance_m: float = TOLERANCE_M,
    bridges: Iterable[tuple[str, str]] = (),
) -> Neighbours:
    """
    Make areas neighbours that share a border, each counting 1.

    Parameters
    ----------
    areas
        Polygons by area code, in a projected CRS.
    corners
        Whether meeting at a corner is enough (queen contiguity); otherwise more than four times
        the tolerance of border must be shared (rook).
    tolerance_m
        Borders as near as this are shared: published outlines leave slivers.
    bridges
        Pairs of codes to make neighbours too, such as `joined_by_streets` finds.

    Returns
    -------
    Neighbours
        Mutual.

    Raises
    ------
    ValueError
        If the CRS is geographic.
    TableError
        If a bridge names an area that is not there, or one area twice.

    Examples
    --------
    Two by two squares: those across the middle meet at a corner only.

    >>> squares = [shapely.box(x, y, x + 100, y + 100) for y in (0, 100) for x in (0, 100)]
    >>> grid = gpd.GeoDataFrame(index=list("abcd"), geometry=squares, crs="EPSG:27700")
    >>> len(contiguity(grid).neighbour), len(contiguity(grid, corners=False).neighbour)
    (12, 8)
    """
    check_projected(areas)
    shapes = areas.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    one, other = tree.query(shapes, predicate="dwithin", distance=tolerance_m)
    once = one < other
    one, other = one[once], other[once]
    if not corners:
        edges = shapely.boundary(shapes)
        near = shapely.buffer(edges, tolerance_m) if tolerance_m else edges
        border_m = shapely.length(shapely.intersection(edges[one], near[other]))
        one, other = one[border_m > 4 * tolerance_m], other[border_m > 4 * tolerance_m]
    pairs = np.column_stack((one, other))
    made = "areas that share a border" if corners else "areas that share a side"
    joined = _positions(areas.index, bridges)
    if len(joined):
        pairs = np.unique(np.concatenate((pairs, np.sort(joined, axis=1))), axis=0)
        made += " or a crossing"
    return from_links(
        areas.index,
        np.concatenate((pairs[:, 0], pairs[:, 1])),
        np.concatenate((pairs[:, 1], pairs[:, 0])),
        made=made,
    )


def joined_by_streets(
    areas: gpd.GeoDataFrame,
    network: StreetNetwork,
    *,
    longest_crossing_m: float = LONGEST_CROSSING_M,
) -> list[tuple[str, str]]:
    """
    List the pairs of areas that a street leads between, with no other area in between.

    Parameters
    ----------
    areas
        Polygons by area code that do not overlap, in the network's CRS.
    network
        The streets.
    longest_crossing_m
        A street may run this far through no area at all (over water, say) and still join the
        areas at its ends; metres.

    Returns
    -------
    list
        Pairs of codes in the order of `areas`, each once.

    Raises
    ------
    ValueError
        If the areas' CRS is not the network's.

    Notes
    -----
    Areas are looked up at the points that a street was drawn with. A street that forks over water
    joins nothing beyond the fork.
    """
    check_projected(areas)
    if areas.crs != network.crs:
        raise ValueError(f"areas are in {areas.crs}, but the streets in {network.crs}")
    points = shapely.points(network.point_x_m, network.point_y_m)
    at, found = shapely.STRtree(areas.geometry.to_numpy()).query(points, predicate="intersects")
    area = np.full(len(points), len(areas))
    np.minimum.at(area, at, found)  # a point on a border is in the area that comes first
    chain = network.point_chain
    known = np.flatnonzero(area < len(areas))
    step_m = np.hypot(np.diff(network.point_x_m), np.diff(network.point_y_m))
    along_m = np.concatenate(([0.0], np.cumsum(step_m)))
    here, there = known[:-1], known[1:]
    gap_m = np.where(there == here + 1, 0.0, along_m[there] - along_m[here])
    crosses = (
        (chain[here] == chain[there])
        & (area[here] != area[there])
        & (gap_m <= longest_crossing_m)
    )  # fmt: skip
    pairs = np.sort(np.column_stack((area[here], area[there]))[crosses], axis=1)
    return [(areas.index[i], areas.index[j]) for i, j in np.unique(pairs, axis=0).tolist()]


def check_projected(areas: gpd.GeoDataFrame) -> None:
    """Refuse areas whose coordinates are not metres on a plane."""
    if areas.crs is None or not areas.crs.is_projected:
        raise ValueError(
            f"neighbours need a projected CRS, in metres, but the areas' is "
            f"{'unknown' if areas.crs is None else areas.crs}; use to_crs('EPSG:27700'), say"
        )


def _positions(ids: pd.Index, bridges: Iterable[tuple[str, str]]) -> LongArray:
    named = list(bridges)
    at = ids.get_indexer(pd.Index([code for pair in named for code in pair])).reshape(-1, 2)
    faults = [
        Fault("bridges", 0, f"there is no area '{code}'")
        for pair, positions in zip(named, at.tolist(), strict=True)
        for code, position in zip(pair, positions, strict=True)
        if position < 0
    ]
    faults += [
        Fault("bridges", 0, f"'{one}' is joined to itself") for one, other in named if one == other
    ]
    if faults:
        raise TableError(faults)
    return at.astype(np.int64)
