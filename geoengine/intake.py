"""What a study's files hold: each read by its reader, and its tables brought together by area."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoengine import candidates
from geoengine.errors import Fault, SourceError
from geoengine.origins import spread
from geoengine.sources import (
    boundaries,
    features,
    indicators,
    outcomes,
    population,
    postcodes,
    provision,
)
from geoengine.sources import streets as street_files
from geoengine.store import Cache
from geoengine.study import Study
from geoengine.tables import Reading, Ways

BoolArray = NDArray[np.bool_]
Progress = Callable[[str, int, int], None]

BORDER_M = 250.0
"""A setting this close outside a coarsened outline (on a quay, say) still counts as inside."""
POSTCODE_MARGIN_M = 20_000.0
"""Postcodes this far around the areas are kept, to place settings across the border."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """
    What a study's files hold, each table checked.

    Parameters
    ----------
    areas
        The areas studied: `tables.AREAS` with `decile`, `rank`, `people` and `others` (everybody
        who is not of the ages studied), NaN where unknown.
    elsewhere
        Areas of the boundary file that are not studied.
    population
        People of each studied area in the population file, index `area_code`.
    small_areas, postcodes
        As read, or `None` where the study names no file.
    provision
        As read, with `eligible` and `abroad`.
    candidates
        Buildings of the studied areas in which the service could open: `tables.CANDIDATES`.
    ways
        Streets.
    basemap
        What is drawn beneath the layers.
    need
        The deprivation of every area in its file, also of those not studied.
    outcomes
        Each of the study's indicators by its name: `tables.OUTCOMES`.
    readings
        What each file's reader said, by the name of the setting.
    """

    areas: gpd.GeoDataFrame
    elsewhere: gpd.GeoDataFrame
    population: pd.Series
    small_areas: gpd.GeoDataFrame | None
    postcodes: pd.DataFrame | None
    provision: gpd.GeoDataFrame
    candidates: gpd.GeoDataFrame
    ways: Ways
    basemap: gpd.GeoDataFrame
    need: pd.DataFrame
    outcomes: dict[str, pd.DataFrame]
    readings: dict[str, Reading]


def read(study: Study, progress: Progress) -> Inputs:
    """
    Read every file of a study.

    Raises
    ------
    FaultsError
        If a file cannot be used; says what is wrong with it.
    """
    areas, elsewhere, readings = read_people(study, progress)
    progress("Reading the provision", 0, 0)
    readings["provision"] = _read_provision(study, readings)
    readings["candidates"] = candidates.read(study, readings)
    progress("Reading the streets", 0, 0)
    ways = read_ways(study)
    readings["basemap"] = _read_basemap(study)
    optional = {name: reading.frame for name, reading in readings.items()}
    people, buildings = readings["population"].frame["people"], readings["candidates"].frame
    return Inputs(
        areas=areas,
        elsewhere=elsewhere,
        population=people[people.index.isin(areas.index)],
        small_areas=optional.get("small_areas"),
        postcodes=optional.get("postcodes"),
        provision=_qualified(study, readings["provision"].frame, areas, elsewhere),
        candidates=buildings[~_abroad(buildings.geometry.to_numpy(), areas, elsewhere)],
        ways=ways,
        basemap=readings["basemap"].frame,
        need=readings["deprivation"].frame,
        outcomes={name: readings[f"indicators.{name}"].frame for name in study.indicators},
        readings=readings,
    )


def read_people(
    study: Study, progress: Progress
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, dict[str, Reading]]:
    """
    Read the areas studied, those elsewhere, and all that says who lives where.

    Raises
    ------
    FaultsError
        If a file cannot be used; says what is wrong with it.
    """
    crs = study.study.crs
    progress("Reading the areas", 0, 0)
    readings = {
        "boundaries": boundaries.read_areas(
            study.boundaries.areas, crs=crs, lookup=study.boundaries.lookup
        )
    }
    if study.boundaries.small_areas is not None:
        readings["small_areas"] = boundaries.read_small_areas(study.boundaries.small_areas, crs=crs)
    if study.boundaries.authorities is not None:
        readings["authorities"] = boundaries.read_authorities(study.boundaries.authorities, crs=crs)
    if study.boundaries.wards is not None:
        readings["wards"] = boundaries.read_wards(study.boundaries.wards, crs=crs)
    progress("Reading deprivation and population", 0, 0)
    readings["deprivation"] = indicators.read_deprivation(
        study.deprivation.file,
        index=study.deprivation.index,
        direction=cast("indicators.Direction | None", study.deprivation.direction or None),
    )
    readings["population"] = population.read(
        study.population.file, ages=study.population.ages, sheet=study.population.sheet or None
    )
    for name in study.supply:
        readings[f"supply.{name}"] = population.read(
            study.population.file, ages=study.ages_of(name), sheet=study.population.sheet or None
        )
    for name, asked in study.indicators.items():
        readings[f"indicators.{name}"] = outcomes.read(
            asked.file,
            value=asked.value,
            count=asked.count,
            population=asked.population,
            period=asked.period,
        )
    areas, elsewhere = _studied(study, readings)
    if study.postcodes is not None:
        progress("Reading the postcodes", 0, 0)
        west, south, east, north = areas.total_bounds
        margin = POSTCODE_MARGIN_M
        readings["postcodes"] = postcodes.read(
            study.postcodes.file,
            crs=crs,
            within=(west - margin, south - margin, east + margin, north + margin),
        )
    return areas, elsewhere, readings


def read_steady(study: Study, cache: Cache, progress: Progress) -> Inputs:
    """
    Read every file of a study, all of which must stay as they are meanwhile.

    What is made of them is kept by their hashes, which must be those of what was read.

    Parameters
    ----------
    study
        What to read.
    cache
        Knows the files, or gets to know them before they are read.
    progress
        As for `read`.

    Raises
    ------
    FaultsError
        If a file cannot be used, or was changed before all were read.
    """
    before = cache.contents(study.files)
    inputs = read(study, progress)
    after = cache.afresh().contents(study.files)
    changed = [study.files[name] for name in before if before[name] != after[name]]
    if changed:
        raise SourceError(
            Fault(str(path), 0, "was changed while it was read; run again once it is whole")
            for path in changed
        )
    return inputs


def homes_of(study: Study, progress: Progress) -> gpd.GeoDataFrame:
    """
    Return where a study's people live, `tables.ORIGINS`, reading no more than that takes.

    Raises
    ------
    FaultsError
        If a file cannot be used; says what is wrong with it.
    """
    areas, _, readings = read_people(study, progress)
    return spread_homes(areas, readings)


def spread_homes(
    areas: gpd.GeoDataFrame, readings: dict[str, Reading], who: str = "population"
) -> gpd.GeoDataFrame:
    """Return where the people of a population live, from what `read_people` read."""
    told = {name: reading.frame for name, reading in readings.items()}
    people = told[who]["people"]
    return spread(
        areas, people[people.index.isin(areas.index)], others=areas["others"],
        small_areas=told.get("small_areas"), postcodes=told.get("postcodes"),
    )  # fmt: skip


def provision_of(
    study: Study,
    areas: gpd.GeoDataFrame,
    elsewhere: gpd.GeoDataFrame,
    readings: dict[str, Reading],
) -> gpd.GeoDataFrame:
    """Return a study's provision with `suits`, `eligible` and `abroad`, by id."""
    return _qualified(study, _read_provision(study, readings).frame, areas, elsewhere)


def _studied(
    study: Study, readings: dict[str, Reading]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Part the areas studied from the others, and give them their ward, need and people."""
    areas = readings["boundaries"].frame.sort_index()
    code = study.study.authority
    inside = shapely.point_on_surface(areas.geometry.to_numpy())
    if "wards" in readings:
        wards = readings["wards"].frame
        at = _lies_in(wards.geometry.to_numpy(), inside)
        names = np.where(at >= 0, wards["name"].to_numpy(dtype=object)[at], None)
        areas = areas.assign(ward_name=areas["ward_name"].where(areas["ward_name"].notna(), names))
    if code and "authorities" in readings:
        outlines = readings["authorities"].frame
        at = _lies_in(outlines.geometry.to_numpy(), inside)
        names = np.where(at >= 0, outlines.index.to_numpy(dtype=object)[at], None)
        areas = areas.assign(
            authority_code=areas["authority_code"].where(areas["authority_code"].notna(), names)
        )
    own = np.ones(len(areas), dtype=bool)
    if code:
        own = (areas["authority_code"] == code).to_numpy(dtype=bool)
        if not own.any():
            held = ", ".join(sorted({str(c) for c in areas["authority_code"].dropna()})[:8])
            raise SourceError.of(
                study.boundaries.areas,
                f"holds no area of the authority {code}; it holds those of {held or 'unknown ones'}"
                ". Set study.authority, or give [boundaries] authorities or a lookup",
            )
    need = readings["deprivation"].frame
    told = readings["population"].frame
    people, everybody = told["people"], told["all_people"]
    areas = areas.assign(
        decile=need["decile"].reindex(areas.index).astype(float),
        rank=need["rank"].reindex(areas.index).astype(float),
        people=people.reindex(areas.index).astype(float),
        others=(everybody - people).reindex(areas.index).astype(float),
    )
    return areas[own], areas[~own]


def _lies_in(shapes: NDArray[np.object_], points: NDArray[np.object_]) -> NDArray[np.int64]:
    point, shape = shapely.STRtree(shapes).query(points, predicate="intersects")
    at = np.full(len(points), -1, np.int64)
    at[point[::-1]] = shape[::-1]
    return at


def _read_provision(study: Study, readings: dict[str, Reading]) -> Reading:
    asked, crs = study.provision, study.study.crs
    if asked.file is None:
        assert study.streets.file is not None
        return features.read_provision(
            study.streets.file, crs=crs, service=asked.service, tags=asked.osm
        )
    return provision.read(
        asked.file,
        crs=crs,
        service=asked.service,
        postcodes=readings["postcodes"].frame if "postcodes" in readings else None,
        columns=asked.columns,
        where=asked.where,
        places=tuple(dict.fromkeys(c for part in study.supply.values() for c in part.places)),
    )


def read_ways(study: Study) -> Ways:
    """Return the ways of a study's street map: a file, or a place's."""
    file, place = study.streets.file, study.streets.place
    return street_files.read(file) if file else street_files.from_place(place)


def _read_basemap(study: Study) -> Reading:
    file = study.streets.file
    if file is None or file.suffix.lower() == ".graphml":
        return features.no_basemap()
    return features.read_basemap(file)


def _qualified(
    study: Study,
    found: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    elsewhere: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Say which provision counts, and which lies outside the authority."""
    youngest, oldest = study.population.ages
    suits = ~(found["age_from"] > oldest) & ~(found["age_to"] < youngest)
    placed = found["placed_by"] != "unplaced"
    abroad = placed.to_numpy() & _abroad(found.geometry.to_numpy(), areas, elsewhere)
    return found.assign(
        suits=suits, eligible=suits & placed & found["open"].astype(bool), abroad=abroad
    ).sort_index()


def _abroad(
    points: NDArray[np.object_], areas: gpd.GeoDataFrame, elsewhere: gpd.GeoDataFrame
) -> BoolArray:
    """Say which points lie outside the areas studied, or in one of the others."""
    own = shapely.union_all(areas.geometry.to_numpy())
    shapely.prepare(own)
    abroad = shapely.distance(points, own) > BORDER_M
    if len(elsewhere):
        abroad |= _lies_in(elsewhere.geometry.to_numpy(), points) >= 0
    return np.asarray(abroad)
