"""Neighbours by how near areas are: the k nearest, within a distance, within minutes."""

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd

from geoengine.neighbours.contiguity import check_projected
from geoengine.neighbours.links import FloatArray, LongArray, Neighbours, from_links
from geoengine.travel_times import TravelTimes

Weigh = Callable[[FloatArray], FloatArray]
"""Metres or seconds → weights, positive and finite; any of `geoengine.decay` will do."""


def nearest(points: gpd.GeoDataFrame, k: int) -> Neighbours:
    """
    Make the k nearest other areas neighbours, each counting 1.

    Parameters
    ----------
    points
        A point for each area, where its people live rather than its middle, in a projected CRS.
    k
        How many, at least 1 and less than there are areas.

    Returns
    -------
    Neighbours
        Not mutual: a remote area's nearest have nearer ones. Of areas equally far, those that
        come first.

    Raises
    ------
    ValueError
        If the CRS is geographic, a geometry is not a point, or `k` is out of range.
    """
    from scipy.spatial import cKDTree

    xy = _coordinates(points)
    count = len(xy)
    if not 1 <= k < count:
        raise ValueError(f"k must be from 1 to {count - 1} for {count} areas, not {k}")
    tree = cKDTree(xy)
    found = np.empty((count, k), np.int64)
    rows, reach = np.arange(count), min(k + 2, count)
    while len(rows):
        _, near = tree.query(xy[rows], k=reach)
        apart = ((xy[near] - xy[rows][:, None]) ** 2).sum(axis=2)
        apart[near == rows[:, None]] = -1  # the area itself, which is then left out
        order = np.lexsort((near, apart))
        near = np.take_along_axis(near, order, axis=1)
        apart = np.take_along_axis(apart, order, axis=1)
        # Areas as far as the last one found may lie beyond what was looked at.
        sure = (apart[:, k] < apart[:, -1]) | (reach == count)
        found[rows[sure]] = near[sure, 1 : k + 1]
        rows, reach = rows[~sure], min(2 * reach, count)
    return from_links(
        points.index, np.repeat(np.arange(count), k), found.ravel(), made=f"the {k} nearest areas"
    )


def within_distance(
    points: gpd.GeoDataFrame, distance_m: float, *, weigh: Weigh | None = None
) -> Neighbours:
    """
    Make all areas within a straight-line distance neighbours.

    Parameters
    ----------
    points
        As for `nearest`.
    distance_m
        Furthest apart, metres, inclusive.
    weigh
        What a neighbour counts by its metres, such as `lambda metres: 1 / metres`; by default 1.

    Raises
    ------
    ValueError
        If the CRS is geographic, a geometry is not a point, the distance is not positive, or a
        weight is not positive and finite.

    Examples
    --------
    >>> places = gpd.GeoDataFrame(
    ...     index=["a", "b", "c"], geometry=gpd.points_from_xy([0, 30, 90], [0, 40, 0], crs=27700)
    ... )
    >>> within_distance(places, 50).neighbour
    array([1, 0], dtype=int32)
    """
    from scipy.spatial import cKDTree

    xy = _coordinates(points)
    if not 0 < distance_m < np.inf:
        raise ValueError(f"distance_m must be positive, not {distance_m}")
    pairs = cKDTree(xy).query_pairs(distance_m, output_type="ndarray")
    apart = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    made = f"areas within {distance_m:,.0f} m"
    return _mutual(points.index, pairs[:, 0], pairs[:, 1], apart, weigh, made)


def within_time(
    times: TravelTimes, ids: pd.Index, limit_s: float, *, weigh: Weigh | None = None
) -> Neighbours:
    """
    Make areas neighbours that are within a travel time of each other, there and back.

    Parameters
    ----------
    times
        Times between the areas' points, which are both origins and provisions, in one order.
    ids
        The areas' codes, in that order.
    limit_s
        Longest time in seconds, inclusive; the slower of the two directions counts.
    weigh
        What a neighbour counts by those seconds; by default 1.

    Returns
    -------
    Neighbours
        Mutual. An area whose point has no network has no neighbours.

    Raises
    ------
    ValueError
        If the times are not between as many areas, or end below the limit.
    """
    count = len(ids)
    if not len(times.first_pair) - 1 == times.provisions == count:
        raise ValueError(
            f"times are from {len(times.first_pair) - 1} to {times.provisions} places, "
            f"but there are {count} areas"
        )
    if not 0 < limit_s <= times.cutoff_s:
        raise ValueError(
            f"limit_s must be positive and at most the {times.cutoff_s:g} s that times were "
            f"searched for, not {limit_s:g}"
        )
    one = np.repeat(np.arange(count), np.diff(times.first_pair))
    other = times.provision.astype(np.int64)
    seconds = times.time_ds / 10
    there, back = (one < other) & (seconds <= limit_s), (one > other) & (seconds <= limit_s)
    _, at, again = np.intersect1d(
        (one * count + other)[there],
        (other * count + one)[back],
        assume_unique=True,
        return_indices=True,
    )
    slower = np.maximum(seconds[there][at], seconds[back][again])
    made = f"areas within {limit_s / 60:g} minutes of each other"
    return _mutual(ids, one[there][at], other[there][at], slower, weigh, made)


def _mutual(
    ids: pd.Index, one: LongArray, other: LongArray, apart: FloatArray, weigh: Weigh | None,
    made: str,
) -> Neighbours:  # fmt: skip
    with np.errstate(divide="ignore"):
        weight = np.ones(len(apart)) if weigh is None else weigh(apart)
    return from_links(
        ids,
        np.concatenate((one, other)),
        np.concatenate((other, one)),
        np.concatenate((weight, weight)),
        made=made if weigh is None else f"{made}, nearer ones counting more",
    )


def _coordinates(points: gpd.GeoDataFrame) -> FloatArray:
    check_projected(points)
    other = points.index[(points.geom_type != "Point") | points.geometry.is_empty]
    if len(other):
        raise ValueError(f"every area needs a point, but '{other[0]}' has none")
    return np.column_stack((points.geometry.x, points.geometry.y))
