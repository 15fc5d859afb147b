"""Origins: the people of each area, spread over the places where they live."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoengine.tables import ORIGINS

LongArray = NDArray[np.int64]


def spread(
    areas: gpd.GeoDataFrame,
    people: pd.Series,
    *,
    others: pd.Series | None = None,
    small_areas: gpd.GeoDataFrame | None = None,
    postcodes: pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """
    Spread each area's people over its output areas, and theirs over their postcodes.

    The people of an area are shared among its output areas by their residents where those are
    known for all of them, else equally (output areas are drawn to hold much the same number of
    households); those of an output area equally among its live residential postcodes. What has
    no smaller place within it is put at a point inside it.

    Parameters
    ----------
    areas
        `tables.AREAS`.
    people
        People of each area, index `area_code`; areas without a figure get no origin.
    others
        Everybody else in each area, index `area_code`, spread alike; NaN, or not named, where
        unknown.
    small_areas
        `tables.SMALL_AREAS` in the same CRS; those outside the areas are passed over.
    postcodes
        `tables.POSTCODES` in the same CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        `tables.ORIGINS`; the people of an area's origins add up to its people.
    """
    areas = areas.loc[areas.index.isin(people.index)].sort_index()
    rest = pd.Series(dtype=float) if others is None else others
    places = _places_of_areas(areas, people.reindex(areas.index), rest.reindex(areas.index))
    if small_areas is not None and len(small_areas):
        places = _divide(places, _small_places(areas, small_areas))
    if postcodes is not None and len(postcodes):
        places = _divide(places, _postcode_places(places, areas, postcodes))
    frame = gpd.GeoDataFrame(
        {name: places[name] for name in ("area_code", "people", "others")},
        geometry=gpd.points_from_xy(places["x_m"], places["y_m"]),
        crs=areas.crs,
    )
    frame.index = pd.Index(places["origin_id"], name="origin_id")
    return ORIGINS.check(frame)


def _places_of_areas(areas: gpd.GeoDataFrame, people: pd.Series, others: pd.Series) -> pd.DataFrame:
    inside = shapely.point_on_surface(areas.geometry.to_numpy())
    return pd.DataFrame(
        {
            "origin_id": areas.index.to_numpy(dtype=object),
            "area_code": areas.index.to_numpy(dtype=object),
            "holder": areas.index.to_numpy(dtype=object),
            "people": people.to_numpy(dtype=float),
            "others": others.to_numpy(dtype=float),
            "x_m": shapely.get_x(inside),
            "y_m": shapely.get_y(inside),
            "geometry": areas.geometry.to_numpy(),
        }
    )


def _small_places(areas: gpd.GeoDataFrame, small_areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return output areas with the area that holds each and its share of the area's people."""
    small_areas = small_areas.sort_index()
    inside = shapely.point_on_surface(small_areas.geometry.to_numpy())
    named = small_areas["area_code"].to_numpy(dtype=object)
    known = pd.Series(named).isin(areas.index).to_numpy()
    silent = pd.isna(named) if known.any() else np.ones(len(named), dtype=bool)
    at = _holder(areas.geometry.to_numpy(), inside)
    placed = silent & (at >= 0)
    named = np.where(placed, areas.index.to_numpy(dtype=object)[at], named)
    known = known | placed
    small = pd.DataFrame(
        {
            "origin_id": small_areas.index.to_numpy(dtype=object),
            "holder": named,
            "weight": small_areas["people"].to_numpy(dtype=float),
            "x_m": shapely.get_x(inside),
            "y_m": shapely.get_y(inside),
            "geometry": small_areas.geometry.to_numpy(),
        }
    )[known]
    counted = small.groupby("holder")["weight"].transform(lambda part: part.notna().all())
    total = small.groupby("holder")["weight"].transform("sum")
    return small.assign(weight=small["weight"].where(counted & (total > 0), 1.0))


def _postcode_places(
    places: pd.DataFrame, areas: gpd.GeoDataFrame, postcodes: pd.DataFrame
) -> pd.DataFrame:
    """Return the live residential postcodes with the place that holds each."""
    used = postcodes[postcodes["live"] & postcodes["homes"]].sort_index()
    points = shapely.points(used["x_m"].to_numpy(), used["y_m"].to_numpy())
    at = _holder(places["geometry"].to_numpy(), points)
    said = used["area_code"].to_numpy(dtype=object)
    agrees = pd.isna(said) | ~pd.Series(said).isin(areas.index).to_numpy()
    agrees |= places["area_code"].to_numpy(dtype=object)[at] == said
    kept = (at >= 0) & agrees
    return pd.DataFrame(
        {
            "origin_id": used.index.to_numpy(dtype=object)[kept],
            "holder": places["origin_id"].to_numpy(dtype=object)[at[kept]],
            "weight": 1.0,
            "x_m": used["x_m"].to_numpy()[kept],
            "y_m": used["y_m"].to_numpy()[kept],
            "geometry": points[kept],
        }
    )


def _holder(shapes: NDArray[np.object_], points: NDArray[np.object_]) -> LongArray:
    """Return the first shape that each point lies in, shape (points,); -1 for none."""
    point, shape = shapely.STRtree(shapes).query(points, predicate="intersects")
    at = np.full(len(points), len(shapes), np.int64)
    np.minimum.at(at, point, shape)
    return np.where(at == len(shapes), -1, at)


def _divide(places: pd.DataFrame, smaller: pd.DataFrame) -> pd.DataFrame:
    """Replace each place by the smaller places within it, where it has any."""
    held = smaller.merge(
        places[["origin_id", "area_code", "people", "others"]],
        left_on="holder", right_on="origin_id", suffixes=("", "_of_holder"),
    )  # fmt: skip
    weight = held["weight"] / held.groupby("holder")["weight"].transform("sum")
    held = held.assign(people=held["people"] * weight, others=held["others"] * weight)
    whole = places[~places["origin_id"].isin(held["holder"])]
    columns = ["origin_id", "area_code", "people", "others", "x_m", "y_m", "geometry"]
    divided = pd.concat([held[columns], whole[columns]], ignore_index=True)
    return divided.sort_values(["area_code", "origin_id"], ignore_index=True)
