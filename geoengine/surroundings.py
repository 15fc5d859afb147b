"""Who is whose neighbour, asked for in a word: `queen`, `knn:8`, `band:2000`, `minutes:15`."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoengine import travel_times
from geoengine.errors import GeoEngineError
from geoengine.neighbours import (
    Neighbours,
    contiguity,
    joined_by_streets,
    nearest,
    within_distance,
    within_time,
)
from geoengine.network import snapping
from geoengine.network.snapping import Positions, SegmentGrid
from geoengine.network.streets import StreetNetwork
from geoengine.study.weights import Weights
from geoengine.travel_times import TravelTimes


@dataclass(frozen=True, eq=False)
class Streets:
    """
    What travel times between areas are measured on.

    Parameters
    ----------
    network, index
        What can be travelled, and how to find it by place.
    snap_limit_m
        An area whose point is further from any street is off the network: it has no neighbours
        by time.
    """

    network: StreetNetwork
    index: SegmentGrid
    snap_limit_m: float


def neighbours(
    weights: Weights, areas: gpd.GeoDataFrame, points: gpd.GeoDataFrame, streets: Streets | None
) -> Neighbours:
    """
    Find the neighbours of areas.

    Parameters
    ----------
    weights
        What makes them so.
    areas
        Their outlines by area code, in a projected CRS.
    points
        Where the people of each area are, in the same order.
    streets
        For neighbours by time; borders are then also crossed where a street leads over water.

    Raises
    ------
    GeoEngineError
        If neighbours by time are asked for without streets, or more neighbours than areas.
    """
    if weights.kind in ("queen", "rook"):
        bridges = joined_by_streets(areas, streets.network) if streets else ()
        return contiguity(areas, corners=weights.kind == "queen", bridges=bridges)
    if weights.kind == "knn":
        if weights.number >= len(areas):
            raise GeoEngineError(
                f"weights knn:{weights.number:g} ask for more neighbours than {len(areas)} "
                f"area{'s' * (len(areas) != 1)} can have"
            )
        return nearest(points, int(weights.number))
    if weights.kind == "band":
        return within_distance(points, weights.number)
    if streets is None:
        raise GeoEngineError(
            f"weights minutes:{weights.number:g} need streets to measure the minutes on"
        )
    limit_s = weights.number * 60
    at = _snapped(points, streets)
    times = travel_times.within(streets.network, at, at, cutoff_s=limit_s)
    found = within_time(times, areas.index, limit_s)
    return replace(found, off_network=areas.index[~at.joined])


def between(points: gpd.GeoDataFrame, streets: Streets, *, limit_s: float) -> TravelTimes:
    """
    Return the times between the points of areas along streets, up to a limit.

    Raises
    ------
    GeoEngineError
        If no point is near any street.
    """
    at = _snapped(points, streets)
    return travel_times.within(streets.network, at, at, cutoff_s=limit_s)


def off_network(points: gpd.GeoDataFrame, streets: Streets) -> pd.Index:
    """
    Return the codes of the areas whose points are not near any street.

    Raises
    ------
    GeoEngineError
        If no point is near any street.
    """
    off: pd.Index = points.index[~_snapped(points, streets).joined]
    return off


def _snapped(points: gpd.GeoDataFrame, streets: Streets) -> Positions:
    x, y = shapely.get_x(points.geometry), shapely.get_y(points.geometry)
    at = snapping.snap(
        streets.network, streets.index, np.asarray(x), np.asarray(y), limit_m=streets.snap_limit_m
    )
    if not at.joined.any():
        raise GeoEngineError(
            f"none of the {len(points)} areas is within {streets.snap_limit_m:g} m of a street; "
            "give the streets of where the areas are"
        )
    return at


def lived_in(areas: gpd.GeoDataFrame, origins: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return where the people of each area are: the home nearest to the mean of its homes.

    Parameters
    ----------
    areas
        Outlines by area code.
    origins
        `tables.ORIGINS`; an area without homes gets a point on its ground.

    Returns
    -------
    geopandas.GeoDataFrame
        A point for each area, in the order and CRS of `areas`.
    """
    ground = shapely.point_on_surface(areas.geometry.to_numpy())
    at = areas.index.get_indexer(pd.Index(origins["area_code"]))
    x, y = (np.asarray(part(origins.geometry)) for part in (shapely.get_x, shapely.get_y))
    people = origins["people"].to_numpy(dtype=float)
    held = (at >= 0) & (people > 0)
    at, x, y, people = at[held], x[held], y[held], people[held]
    total = np.bincount(at, people, minlength=len(areas)).astype(np.float64)
    off = np.hypot(x - _mean(at, x, people, total)[at], y - _mean(at, y, people, total)[at])
    order = np.lexsort((off, at))
    first = order[np.unique(at[order], return_index=True)[1]]
    ground[at[first]] = shapely.points(x[first], y[first])
    return gpd.GeoDataFrame(geometry=ground, index=areas.index, crs=areas.crs)


def _mean(
    at: NDArray[np.int64], value: NDArray[np.float64], people: NDArray[np.float64],
    total: NDArray[np.float64],
) -> NDArray[np.float64]:  # fmt: skip
    return np.bincount(at, value * people, minlength=len(total)) / np.where(total > 0, total, 1.0)
