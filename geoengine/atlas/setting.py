"""What is near the areas that figures are tested on: neighbours, wards and hexagons."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoengine import cells, figures, surroundings
from geoengine.analysis import Journeys
from geoengine.errors import GeoEngineError
from geoengine.figures import Figure
from geoengine.neighbours import Neighbours, contiguity
from geoengine.study.weights import parse

RESOLUTIONS = (7, 8)
FEWEST_UNITS = 12
"""Fewer wards or hexagons than this are no test of whether a hotspot holds."""
STATES = {
    "not_enough_data": "Not enough figures around it to tell",
    "no_neighbours": "No neighbours to compare it with",
    "no_network": "Not near any street of the map",
    "no_variation": "All areas have the same figure",
    "unreachable": "No way to get there: no figure to compare",
    "not_covered": "Not covered by the street map",
    "nobody": "Nobody to count among",
    "suppressed": "Withheld, to protect small numbers",
    "unknown": "Not known",
}


@dataclass(frozen=True, eq=False)
class Around:
    """
    The areas that figures are tested on, and what is near them.

    Parameters
    ----------
    areas
        From `figures.around`.
    points
        Where the people of each area are.
    neighbours
        The neighbours asked for, the first those that hotspots are found with.
    scales
        Other units, wards and hexagons: their neighbours, and each area's share in them.
    missing
        Why neighbours asked for beside the first cannot be had, in sentences without full stop.
    """

    areas: gpd.GeoDataFrame
    points: gpd.GeoDataFrame
    neighbours: dict[str, Neighbours]
    scales: dict[str, tuple[Neighbours, pd.DataFrame]]
    missing: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Setting:
    """The areas that figures are tested on, with what is near them, shared by all figures."""

    analysis: Journeys
    around: Around

    @property
    def areas(self) -> gpd.GeoDataFrame:
        """The areas studied and those near their border."""
        return self.around.areas

    @property
    def shown(self) -> pd.Series:
        """Which areas are studied, and not just near the border."""
        own = self.areas.index.isin(self.analysis.inputs.areas.index)
        return pd.Series(own, index=self.areas.index)

    def indicator(self, figure: Figure) -> str:
        """Return the name of the study's indicator that a figure is, if it is one."""
        return figure.name if figure.name in self.analysis.study.indicators else ""


def around(analysis: Journeys) -> Around:
    """
    Find what is near the areas of an analysis.

    Raises
    ------
    GeoEngineError
        If the areas cannot have the neighbours asked for.
    """
    areas, asked = figures.around(analysis), analysis.study.hotspots
    points = surroundings.lived_in(areas, analysis.grounds.origins)
    made, missing = {}, []
    for text in dict.fromkeys((asked.weights, *asked.also)):
        try:
            made[text] = surroundings.neighbours(parse(text), areas, points, streets(analysis))
        except GeoEngineError as error:
            if text == asked.weights:
                raise
            missing.append(str(error))
    return Around(areas, points, made, _scales(analysis, str(areas.crs)), tuple(missing))


def streets(analysis: Journeys) -> surroundings.Streets:
    """Return what travel times between an analysis's areas are measured on."""
    grounds = analysis.grounds
    return surroundings.Streets(grounds.network, grounds.index, analysis.study.travel.snap_limit_m)


def _scales(analysis: Journeys, crs: str) -> dict[str, tuple[Neighbours, pd.DataFrame]]:
    inputs, origins = analysis.inputs, analysis.grounds.origins
    found = {}
    wards = inputs.areas[inputs.areas["ward_name"].notna()]
    if wards["ward_name"].nunique() >= FEWEST_UNITS:
        across = pd.DataFrame(
            {"from_code": wards["ward_name"], "area_code": wards.index, "share": 1.0}
        )
        found["wards"] = (contiguity(wards.dissolve("ward_name")), across)
    x, y = (np.asarray(part(origins.geometry)) for part in (shapely.get_x, shapely.get_y))
    people = origins["people"].to_numpy(dtype=float)
    for resolution in RESOLUTIONS:
        cell = cells.locate(x, y, crs=crs, resolution=resolution)
        lived = pd.DataFrame(
            {"from_code": cell, "area_code": origins["area_code"], "share": people}
        )
        across = lived.groupby(["from_code", "area_code"], as_index=False).sum()
        across = across[across["share"] > 0]
        codes = np.unique(across["from_code"])
        if len(codes) < FEWEST_UNITS:
            continue
        hexagons = gpd.GeoDataFrame(
            geometry=cells.outlines(codes, crs=crs), index=pd.Index(codes), crs=crs
        )
        across["share"] /= across.groupby("area_code")["share"].transform("sum")
        km2 = hexagons.geometry.area.mean() / 1e6
        found[f"hexagons of {km2:.1f} km²"] = (contiguity(hexagons), across)
    return found
