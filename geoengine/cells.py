"""H3 cells over a study area, and what the streets and people in each of them add up to."""

from typing import Any

import geopandas as gpd
import h3
import h3.api.numpy_int as h3_numbers
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geoengine.degrees import WGS84, to_degrees, to_metres
from geoengine.tables import Column, Table

FloatArray = NDArray[np.float64]
CellArray = NDArray[np.uint64]

COARSEST, FINEST = 5, 10
"""Cells of 250 km² and of 1.5 ha: below that a cell holds a handful of homes."""
CELLS_ON_A_MAP = 20_000

CELLS = Table(
    "cells",
    "cell_id",
    (Column("resolution", "whole", "H3 resolution, 0 to 15", at_least=0, at_most=15),),
    geometry=("Polygon",),
)
"""H3 cells in the study's CRS, ordered by id."""


def resolution_for(area_m2: float) -> int:
    """
    Choose the finest cells of which a map of the area holds about 20,000 at most.

    Parameters
    ----------
    area_m2
        Size of the study area, square metres.

    Raises
    ------
    ValueError
        If the area is not positive.

    Examples
    --------
    A city of 190 km², and a county of 2,600 km².

    >>> resolution_for(190e6), resolution_for(2600e6)
    (10, 8)
    """
    if not 0 < area_m2 < np.inf:
        raise ValueError(f"area_m2 must be positive, not {area_m2}")
    for resolution in range(FINEST, COARSEST, -1):
        if area_m2 / h3.average_hexagon_area(resolution, unit="m^2") <= CELLS_ON_A_MAP:
            return resolution
    return COARSEST


def cover(area: Any, *, crs: str, resolution: int) -> gpd.GeoDataFrame:
    """
    Return every cell that shares ground with an area.

    Parameters
    ----------
    area
        A polygon or multipolygon in `crs`, or an array of them.
    crs
        The study's projected CRS.
    resolution
        H3 resolution.

    Returns
    -------
    geopandas.GeoDataFrame
        Keeps the contract `CELLS`.

    Raises
    ------
    ValueError
        If the CRS is not projected.
    """
    _check_projected(crs)
    whole = shapely.union_all(np.atleast_1d(area))
    # H3 finds cells by their centre; a cell that only touches the area has its centre this near.
    around = shapely.buffer(whole, 1.5 * h3.average_hexagon_edge_length(resolution, unit="m"))
    outline = gpd.GeoSeries([around], crs=crs).to_crs(WGS84).iloc[0]
    found = h3_numbers.geo_to_cells(shapely.geometry.mapping(outline), resolution)
    cells = np.sort(np.asarray(found, dtype=np.uint64))
    hexagons = outlines(cells, crs=crs)
    shapely.prepare(whole)
    # Sharing no more than an edge is not sharing ground.
    kept = shapely.intersects(whole, hexagons) & ~shapely.touches(whole, hexagons)
    return CELLS.check(_frame({"resolution": resolution}, cells[kept], hexagons[kept], crs))


def locate(x_m: FloatArray, y_m: FloatArray, *, crs: str, resolution: int) -> CellArray:
    """
    Return the cell that each point lies in.

    Parameters
    ----------
    x_m, y_m
        Metres in `crs`, shape (points,).
    crs
        The study's projected CRS.
    resolution
        H3 resolution.

    Returns
    -------
    numpy.ndarray
        H3 indexes as whole numbers, shape (points,).

    Raises
    ------
    ValueError
        If a coordinate is not finite, or the CRS is not projected.
    """
    _check_projected(crs)
    if not (np.isfinite(x_m).all() and np.isfinite(y_m).all()):
        raise ValueError("every point must have finite coordinates")
    longitude, latitude = to_degrees(crs).transform(x_m, y_m)
    cell = h3_numbers.latlng_to_cell
    degrees = zip(latitude.tolist(), longitude.tolist(), strict=True)
    return np.fromiter((cell(north, east, resolution) for north, east in degrees), np.uint64)


def outlines(cells: CellArray, *, crs: str) -> NDArray[np.object_]:
    """
    Return the outline of each cell in a projected CRS, shape (cells,).

    Neighbours share their corners exactly, so that no gap shows between them.
    """
    rings = [h3_numbers.cell_to_boundary(cell) for cell in cells]
    sizes = np.array([len(ring) for ring in rings], dtype=np.int64)
    corners = np.array([corner for ring in rings for corner in ring]).reshape(-1, 2).round(9)
    x_m, y_m = to_metres(crs).transform(corners[:, 1], corners[:, 0])
    owner = np.repeat(np.arange(len(rings)), sizes)
    hexagons: NDArray[np.object_] = shapely.polygons(
        shapely.linearrings(np.column_stack((x_m, y_m)), indices=owner)
    )
    return hexagons


def summarise(
    cell: CellArray,
    minutes: FloatArray,
    *,
    crs: str,
    home: CellArray | None = None,
    people: FloatArray | None = None,
) -> gpd.GeoDataFrame:
    """
    Sum up the times of the points, and the people, in each cell.

    Parameters
    ----------
    cell
        Cell of each point of a street, from `locate`, shape (points,).
    minutes
        Time at each point, shape (points,); `inf` where unreachable, NaN where not known (the
        point is then not counted).
    crs
        The study's projected CRS.
    home, people
        Cell and number of people of each origin, shape (origins,).

    Returns
    -------
    geopandas.GeoDataFrame
        Index `cell_id`, ascending; one row for each cell with a point or with people:
        `minutes_min, minutes_mean, minutes_max` over the points that are reached (`inf` where
        none of the cell's points is, NaN where it has no point), `share_unreachable` (of its
        points, 0-1; NaN where it has none), `points`, `people` and the hexagon in `crs`.

    Raises
    ------
    ValueError
        If shapes disagree, or a time is negative.

    Examples
    --------
    A cell has three street corners, 4 and 6 minutes from a nursery and beyond a locked gate.

    >>> corner = locate(np.full(3, 326000.0), np.full(3, 372000.0), crs="EPSG:27700", resolution=9)
    >>> found = summarise(corner, np.array([4.0, 6.0, np.inf]), crs="EPSG:27700")
    >>> found[["minutes_min", "minutes_mean", "minutes_max", "points"]].to_numpy().tolist()
    [[4.0, 5.0, 6.0, 3.0]]
    """
    home = np.empty(0, np.uint64) if home is None else home
    people = np.empty(0) if people is None else people
    if len(cell) != len(minutes) or len(home) != len(people):
        raise ValueError(
            f"{len(cell)} cells and {len(minutes)} times, or {len(home)} homes and {len(people)} "
            "numbers of people, disagree"
        )
    if (minutes < 0).any():
        raise ValueError("a time must be at least 0 minutes")
    known = ~np.isnan(minutes)
    cell, minutes = cell[known], minutes[known]
    cells = np.unique(np.concatenate((cell, home[people > 0])))
    at = np.searchsorted(cells, cell)
    lives = np.searchsorted(cells, home[people > 0])

    columns = minutes_in(at, minutes, len(cells))
    columns["people"] = np.bincount(lives, weights=people[people > 0], minlength=len(cells))
    return _frame(columns, cells, outlines(cells, crs=crs), crs)


def minutes_in(at: NDArray[np.integer[Any]], minutes: FloatArray, count: int) -> dict[str, Any]:
    """
    Sum up the times of the points in each of so many cells.

    Parameters
    ----------
    at
        Position of each point's cell, shape (points,).
    minutes
        Time at each point, shape (points,); `inf` where unreachable.
    count
        How many cells there are.

    Returns
    -------
    dict
        The columns of `summarise` that tell of points, each of shape (count,).
    """
    reached = np.isfinite(minutes)
    points = np.bincount(at, minlength=count)
    hits = np.bincount(at[reached], minlength=count)
    total = np.bincount(at[reached], weights=minutes[reached], minlength=count)
    least, most = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(least, at[reached], minutes[reached])
    np.maximum.at(most, at[reached], minutes[reached])
    none = np.where(points == 0, np.nan, np.inf)
    return {
        "minutes_min": np.where(hits > 0, least, none),
        "minutes_mean": np.divide(total, hits, out=none.copy(), where=hits > 0),
        "minutes_max": np.where(hits > 0, most, none),
        "share_unreachable": np.divide(
            points - hits, points, out=np.full(count, np.nan), where=points > 0
        ),
        "points": points,
    }


def _frame(
    columns: dict[str, Any], cells: CellArray, hexagons: NDArray[np.object_], crs: str
) -> gpd.GeoDataFrame:
    ids = pd.Index([h3.int_to_str(cell) for cell in cells.tolist()], name="cell_id", dtype=object)
    return gpd.GeoDataFrame(pd.DataFrame(columns, index=ids), geometry=hexagons, crs=crs)


def _check_projected(crs: str) -> None:
    if not CRS.from_user_input(crs).is_projected:
        raise ValueError(f"cells need points in metres, but {crs} is not a projected CRS")
