"""Places of one age band or session in reach, beside the children they are for."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import accessibility, analysis, intake, travel_times
from geoengine.analysis import Journeys
from geoengine.network import modes
from geoengine.store import Cache
from geoengine.study.sections import Supply

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Matched:
    """
    What each area has in reach for its children of one band.

    Parameters
    ----------
    areas
        Index `area_code`: `children` of the band, NaN where unknown; `places_per_100` of them,
        NaN where there is no figure; `state`: `known`, `not_covered` (no home is on a street) or
        `unknown` (nobody knows how many children there are, or how many places in reach).
    settings
        How many settings count.
    unknown
        Of how many of them the places are unknown: they are passed over, never taken for 0.
    places
        Their places that are known, in all.
    mode, cutoff_min
        How people get there, and the longest acceptable journey, minutes.
    people
        What the children are called.
    """

    areas: pd.DataFrame
    settings: int
    unknown: int
    places: float
    mode: modes.Mode
    cutoff_min: float
    people: str


def of(found: Journeys, name: str, cache: Cache) -> Matched:
    """
    Share the places of a band among all its children within reach (two-step floating catchment).

    Parameters
    ----------
    found
        The study and its files.
    name
        One of the study's `[supply.<name>]`.
    cache
        What earlier runs kept, where the band is for another mode than the study's.

    Notes
    -----
    A setting counts if it is open, on the map, and has places of the band: any that the columns
    asked for tell, or, where the band is not told by columns, any for its ages.

    References
    ----------
    Luo, W. & Wang, F. (2003) Measures of spatial accessibility to health care in a GIS
    environment. Environment and Planning B 30(6), 865-884. doi:10.1068/b29120
    """
    study, inputs, grounds = found.study, found.inputs, found.grounds
    asked = study.supply[name]
    ages = study.ages_of(name)
    network, index, mode = grounds.network, grounds.index, modes.MODES[study.travel.mode]
    if asked.mode not in ("", study.travel.mode):
        mode = modes.MODES[asked.mode]
        network, index = analysis.network_of(study, mode, cache, inputs.ways)
    homes = intake.spread_homes(inputs.areas, inputs.readings, f"supply.{name}")
    settings, places = _supplied(inputs.provision, asked, ages)
    children = homes["people"].to_numpy(dtype=float)
    at_home = analysis.place(study, network, index, homes)
    cutoff_min = asked.cutoff_min or study.travel.cutoff_min
    pairs = travel_times.within(
        network, at_home, analysis.place(study, network, index, settings),
        cutoff_s=cutoff_min * 60, direction=analysis.direction_of(study),
    )  # fmt: skip
    ratio = accessibility.two_step_floating_catchment(pairs, places, children)
    ratio[~at_home.joined] = np.nan
    areas = _by_area(homes["area_code"].to_numpy(), children, ratio, at_home.joined)
    told = inputs.readings[f"supply.{name}"].frame["people"].reindex(inputs.areas.index)
    areas = areas.reindex(inputs.areas.index).assign(children=told.astype(float))
    areas["state"] = areas["state"].fillna("unknown")
    return Matched(
        areas[["children", "places_per_100", "state"]], len(settings),
        int(np.isnan(places).sum()), float(np.nansum(places)), mode, cutoff_min,
        asked.people or f"children aged {ages[0]} to {ages[1]}",
    )  # fmt: skip


def _supplied(
    provision: gpd.GeoDataFrame, asked: Supply, ages: tuple[int, int]
) -> tuple[gpd.GeoDataFrame, FloatArray]:
    """Return the settings that count, and how many places of the band each has."""
    there = provision["open"].astype(bool) & (provision["placed_by"] != "unplaced")
    if asked.places:
        told = provision[[f"places: {column}" for column in asked.places]].to_numpy(dtype=float)
        places = told.sum(axis=1)
        there &= ~(places == 0)
    else:
        places = provision["capacity"].to_numpy(dtype=float)
        there &= ~(provision["age_from"] > ages[1]) & ~(provision["age_to"] < ages[0])
    kept = there.to_numpy(dtype=bool)
    return provision[kept], places[kept]


def _by_area(
    codes: NDArray[np.object_], children: FloatArray, ratio: FloatArray, joined: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return each area's mean over its homes, by their children, or alike if there are none."""
    homes = pd.DataFrame({"code": codes, "children": children, "ratio": ratio, "joined": joined})
    living = homes.groupby("code")["children"].transform("sum") > 0
    known = homes["ratio"].notna()
    homes["weight"] = homes["children"].where(living, 1.0) * known
    homes["part"] = homes["ratio"].fillna(0.0) * homes["weight"]
    by_area = homes.groupby("code")
    weight, part, joins = (by_area[column].sum() for column in ("weight", "part", "joined"))
    state = np.select([weight > 0, joins == 0], ["known", "not_covered"], "unknown")
    return pd.DataFrame({"places_per_100": (100 * part / weight).where(weight > 0), "state": state})
