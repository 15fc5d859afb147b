"""What is drawn beneath the layers: sea, parks, water, streets and the names of places."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoengine.analysis import Journeys
from geoengine.degrees import to_metres

SIMPLIFIED_M = 2.0
STREET_KINDS = {
    "motorway": ("motorway", "motorway_link", "trunk", "trunk_link"),
    "major": ("primary", "primary_link", "secondary", "secondary_link"),
    "minor": (
        "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "road",
        "pedestrian",
    ),
    "path": ("footway", "path", "cycleway", "bridleway", "track", "steps", "service"),
}  # fmt: skip


def draw(analysis: Journeys) -> gpd.GeoDataFrame:
    """
    Return what is drawn beneath the layers, lowest first.

    Returns
    -------
    geopandas.GeoDataFrame
        `kind` (sea, water, park, rail, path, minor, major, motorway, authority, and places by
        size) and `name`, in the study's CRS.
    """
    inputs, crs = analysis.inputs, analysis.study.study.crs
    beneath = inputs.basemap[["kind", "name", "geometry"]].to_crs(crs)
    beneath.geometry = shapely.simplify(beneath.geometry.to_numpy(), SIMPLIFIED_M)
    streets = [
        (kind, lines) for kind in ("path", "minor", "major", "motorway")
        if (lines := _streets_of(analysis, STREET_KINDS[kind])) is not None
    ]  # fmt: skip
    outline = shapely.union_all(inputs.areas.geometry.to_numpy())
    drawn = gpd.GeoDataFrame(
        {"kind": [*(kind for kind, _ in streets), "authority"], "name": None},
        geometry=[*(lines for _, lines in streets), shapely.simplify(outline, SIMPLIFIED_M)],
        crs=crs,
    )
    order = ("sea", "park", "water", "path", "minor", "major", "motorway", "rail", "authority",
             "suburb", "village", "town", "city")  # fmt: skip
    both = pd.concat([beneath, drawn], ignore_index=True)
    at = both["kind"].map({kind: place for place, kind in enumerate(order)})
    both = both.iloc[np.argsort(at.to_numpy(), kind="stable")]
    return gpd.GeoDataFrame(both[~both.geometry.is_empty], crs=crs)


def _streets_of(analysis: Journeys, kinds: tuple[str, ...]) -> Any:
    ways = analysis.inputs.ways
    chosen = np.flatnonzero(ways.tags["highway"].isin(kinds).to_numpy())
    if len(chosen) == 0:
        return None
    sizes = np.diff(ways.first_ref)[chosen]
    start = np.concatenate(([0], np.cumsum(sizes)))
    rows = np.arange(start[-1]) - np.repeat(start[:-1] - ways.first_ref[:-1][chosen], sizes)
    x, y = to_metres(analysis.study.study.crs).transform(ways.longitude, ways.latitude)
    long_enough = np.repeat(sizes >= 2, sizes)
    lines = shapely.linestrings(
        np.column_stack((x, y))[ways.ref[rows]][long_enough],
        indices=np.repeat(np.cumsum(sizes >= 2) - 1, sizes)[long_enough],
    )
    merged = shapely.line_merge(shapely.multilinestrings(lines))
    return shapely.multilinestrings(
        shapely.simplify(shapely.get_parts(merged), SIMPLIFIED_M, preserve_topology=False)
    )
