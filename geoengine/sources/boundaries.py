"""Boundaries as published → areas, output areas, wards and authorities in the study's CRS."""

import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import tables
from geoengine.errors import Fault, SourceError
from geoengine.published import codes
from geoengine.published.codes import AREA, AUTHORITY, SMALL_AREA, WARD, Level
from geoengine.published.headers import names_like, squash
from geoengine.published.shapes import Shapes, polygons, read_shapes
from geoengine.published.tables import Published, read_table
from geoengine.tables import Reading

KNOWN = names_like(
    AREA.names.pattern, SMALL_AREA.names.pattern, WARD.names.pattern, AUTHORITY.names.pattern
)
WARD_NAMES = (r"(?:wd|ward)(?:20)?\d{0,2}(?:nm|name)", r"electoralwardname", r"ward")
PEOPLE = (
    r"people|population|totalpopulation|allpeople|allages|residents|usualresidents|total|pop(?:20)?\d\d",
)


def read_areas(
    path: Path, *, crs: str, authority: str | None = None, lookup: Path | None = None
) -> Reading:
    """
    Read statistical areas (LSOA, Data Zone or Super Output Area).

    Parameters
    ----------
    path
        Any file of polygons with a column of their codes, found by what stands in it.
    crs
        The study's projected CRS.
    authority
        GSS code of the authority that every area belongs to, for a file that tells none.
    lookup
        A table of area codes and authority codes (and ward names, if it has them), which goes
        before what the boundaries file tells.

    Returns
    -------
    Reading
        `geoengine.tables.AREAS`. Facts: `vintage`, `nations`, `code_column`, `crs`.

    Raises
    ------
    SourceError
        If the file cannot be read as areas, or mixes areas of two census years.
    TableError
        If an area stands in it twice.
    """
    shapes = read_shapes(path, crs=crs, known=AREA.names)
    coded, geometry, notes, column = _parted(shapes, AREA)
    years, assumed = codes.vintages(
        coded.codes, name=column, source=shapes.table.source, rows=coded.table.rows
    )
    frame = gpd.GeoDataFrame(
        {
            "name": _names(coded, column),
            "nation": codes.nation_of(coded.codes),
            "vintage": years,
            "authority_code": _authority(coded.table, authority),
            "ward_name": _first(coded.table, WARD_NAMES),
        },
        geometry=geometry,
        crs=crs,
    ).set_axis(pd.Index(coded.codes, name="area_code"), axis=0)
    if lookup is not None:
        frame, told = _looked_up(frame, lookup)
        notes += told
    facts = {
        "vintage": codes.told(years),
        "nations": ", ".join(sorted(set(frame["nation"]))),
        "code_column": column,
        "crs": shapes.table.facts["crs"],
    }
    return _reading(frame, tables.AREAS, coded, shapes, [*notes, *assumed], facts)


def read_small_areas(path: Path, *, crs: str) -> Reading:
    """
    Read census output areas.

    Parameters
    ----------
    path
        Any file of polygons with a column of output-area codes; the code of the area that
        holds each, and its residents, are read where there are such columns.
    crs
        The study's projected CRS.

    Returns
    -------
    Reading
        `geoengine.tables.SMALL_AREAS`.

    Raises
    ------
    SourceError
        If the file cannot be read as output areas.
    TableError
        If one stands in it twice, or its residents are fewer than none.
    """
    shapes = read_shapes(path, crs=crs, known=SMALL_AREA.names)
    coded, geometry, notes, column = _parted(shapes, SMALL_AREA)
    table = coded.table
    holder = codes.find(table, AREA)
    area_code = _blank(coded) if holder is None else table.text(holder)
    counted = table.find(*PEOPLE)
    faults: list[Fault] = []
    people = np.full(len(table), np.nan) if counted is None else table.number(counted, faults)
    if faults:
        raise SourceError(faults)
    frame = gpd.GeoDataFrame(
        {"area_code": area_code, "people": people}, geometry=geometry, crs=crs
    ).set_axis(pd.Index(coded.codes, name="small_area_code"), axis=0)
    facts = {"code_column": column, "crs": shapes.table.facts["crs"]}
    year = codes.vintage_in(squash(column))
    if year:
        facts["vintage"] = year
    return _reading(frame, tables.SMALL_AREAS, coded, shapes, notes, facts)


def read_authorities(path: Path, *, crs: str) -> Reading:
    """
    Read the outlines of local authorities.

    Parameters
    ----------
    path
        Any file of polygons with a column of local-authority codes.
    crs
        The study's projected CRS.

    Returns
    -------
    Reading
        `geoengine.tables.AUTHORITIES`.

    Raises
    ------
    SourceError
        If the file cannot be read as authorities.
    TableError
        If one stands in it twice.
    """
    return _named(path, crs, AUTHORITY, tables.AUTHORITIES)


def read_wards(path: Path, *, crs: str) -> Reading:
    """
    Read electoral wards.

    Parameters
    ----------
    path
        Any file of polygons with a column of ward codes.
    crs
        The study's projected CRS.

    Returns
    -------
    Reading
        `geoengine.tables.WARDS`.

    Raises
    ------
    SourceError
        If the file cannot be read as wards.
    TableError
        If one stands in it twice.
    """
    return _named(path, crs, WARD, tables.WARDS)


def _named(path: Path, crs: str, level: Level, contract: tables.Table) -> Reading:
    shapes = read_shapes(path, crs=crs, known=level.names)
    coded, geometry, notes, column = _parted(shapes, level)
    frame = gpd.GeoDataFrame({"name": _names(coded, column)}, geometry=geometry, crs=crs).set_axis(
        pd.Index(coded.codes, name=contract.index), axis=0
    )
    facts = {"code_column": column, "crs": shapes.table.facts["crs"]}
    return _reading(frame, contract, coded, shapes, notes, facts)


def _parted(shapes: Shapes, level: Level) -> tuple[codes.Coded, NDArray[Any], list[str], str]:
    """Return the features of a level, their valid polygons, notes and the column of codes."""
    position = codes.require(shapes.table, level)
    coded = codes.keep(shapes.table, position, level)
    geometry = shapes.geometry[coded.table.rows - 1]
    valid, repaired = polygons(shapes, coded.codes, coded.table.rows, geometry)
    return coded, valid, [*shapes.notes, *repaired], shapes.table.names[position]


def _reading(
    frame: Any,
    contract: tables.Table,
    coded: codes.Coded,
    shapes: Shapes,
    notes: list[str],
    facts: dict[str, str],
) -> Reading:
    contract.check(frame, source=shapes.table.source, rows=coded.table.rows.tolist())
    return Reading(frame, coded.rows_read, coded.left_out, tuple(notes), facts)


def _names(coded: codes.Coded, column: str) -> pd.Series:
    """Return each name, from the column called as the codes' column is, or else the code."""
    stem = re.sub(r"(?:cd|code)(?=\d*$)", "", squash(column))
    stems = {stem, re.sub(r"\d+", "", stem)}
    patterns = [rf"{re.escape(stem)}(?:nm|name)" for stem in sorted(stems, key=len, reverse=True)]
    year = re.search(r"\d+$", stem)
    if year:
        patterns.append(rf"{re.escape(stem[: year.start()])}(?:nm|name){year[0]}")
    position = coded.table.find(*patterns, r"(?:area|geography|ward|authority)?name", r"label")
    if position is None:
        return coded.codes
    return coded.table.text(position).fillna(coded.codes)


def _blank(coded: codes.Coded) -> pd.Series:
    return pd.Series([None] * len(coded.table), dtype=object)


def _first(table: Published, patterns: tuple[str, ...]) -> pd.Series:
    position = table.find(*patterns)
    if position is None:
        return pd.Series([None] * len(table), dtype=object)
    return table.text(position)


def _authority(table: Published, given: str | None) -> pd.Series:
    """Return the authority that the file tells for each area, or else the one given."""
    position = codes.find(table, AUTHORITY)
    if position is None or codes.share_of(table.text(position), AUTHORITY) < 0.5:
        return pd.Series([given] * len(table), dtype=object)
    return table.text(position).fillna(given) if given else table.text(position)


def _looked_up(frame: Any, path: Path) -> tuple[Any, list[str]]:
    """Put a lookup's authority and ward in the place of what the boundaries tell."""
    table = read_table(path, known=KNOWN)
    vintage = str(frame["vintage"].mode().iloc[0])
    position = codes.require(table, AREA, vintage=vintage)
    coded = codes.keep(table, position, AREA)
    owner = codes.require(coded.table, AUTHORITY)
    wards = coded.table.find(*WARD_NAMES)
    looked = pd.DataFrame(
        {
            "authority_code": coded.table.text(owner).to_numpy(),
            "ward_name": None if wards is None else coded.table.text(wards).to_numpy(),
        },
        index=coded.codes,
    )
    looked = looked[~looked.index.duplicated(keep="first")].reindex(frame.index)
    absent = int(looked["authority_code"].isna().sum())
    filled = frame.assign(
        authority_code=looked["authority_code"].fillna(frame["authority_code"]),
        ward_name=looked["ward_name"].fillna(frame["ward_name"]),
    )
    if not absent:
        return filled, []
    return filled, [f"Areas that are not in the lookup {path.name}: {absent} of {len(frame)}."]
