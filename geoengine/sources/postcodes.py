"""Postcode directories as published → where each postcode is."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine import tables
from geoengine.errors import Fault, SourceError
from geoengine.published import files, places, values
from geoengine.published.codes import AREA
from geoengine.published.headers import names_like, squash
from geoengine.published.tables import Published, members, read_table
from geoengine.tables import Reading

AREAS = (r"lsoa21(?:cd|code)?", r"dz22(?:cd)?", r"lsoa11(?:cd|code)?", r"lsoa(?:code|cd)?")
NAMES = {
    "postcode": (r"pcds", r"pcd(?:8|2)?", r"pcd7", r"postcodes?\d?", r"pc", r"unitpostcode"),
    "easting": (r"oseast1m", r"east1m", r"eastings?", r"xcoordinate", r"ea", r"x"),
    "northing": (r"osnrth1m", r"north1m", r"northings?", r"ycoordinate", r"no", r"y"),
    "latitude": (r"lat(?:itude)?",),
    "longitude": (r"long?", r"lng", r"longitude"),
    "quality": (
        r"osgrdind",
        r"gridind",
        r"pq",
        r"(?:positional)?quality(?:indicator)?",
        r"positionalqualityindicator",
    ),
    "ended": (r"doterm", r"dateoftermination", r"terminated"),
    "user": (r"usertype", r"usrtypind"),
    "area": AREAS,
}
"""The columns read, by the squashed names under which the directories publish them."""

CODE_POINT = (
    "Postcode",
    "Positional_quality_indicator",
    "Eastings",
    "Northings",
    "Country_code",
    "NHS_regional_HA_code",
    "NHS_HA_code",
    "Admin_county_code",
    "Admin_district_code",
    "Admin_ward_code",
)
"""The header of Code-Point Open, whose files have none."""

KNOWN = names_like(*(pattern for patterns in NAMES.values() for pattern in patterns))
NO_PLACE = {"osgrdind": 9, "gridind": 9}
CODE_POINT_NO_PLACE = 90
NO_LATITUDE = 99.0
"""A latitude beyond this stands where there is none."""


def read(
    path: Path,
    *,
    crs: str,
    within: tuple[float, float, float, float] | None = None,
    vintage: str | None = None,
) -> Reading:
    """
    Read a directory of postcodes.

    Parameters
    ----------
    path
        The ONS Postcode Directory or National Statistics Postcode Lookup (old or new header),
        Code-Point Open (one CSV, its zip, or the folder of its CSVs), or any table of
        postcodes with eastings and northings or latitudes and longitudes.
    crs
        The study's projected CRS.
    within
        West, south, east and north in the study's CRS; postcodes elsewhere are not kept and
        are counted in the notes.
    vintage
        Census year of the areas told for each postcode, where the directory has several;
        the newest by default.

    Returns
    -------
    Reading
        `geoengine.tables.POSTCODES`. Terminated postcodes are kept and not `live`. Left out:
        postcodes without a grid reference, and what is not a postcode. Facts: `layout`,
        `area_column`, `placed_by`.

    Raises
    ------
    SourceError
        If the file is no such directory, or its coordinates are swapped or impossible.
    TableError
        If a postcode stands in it twice.
    """
    parts = _tables(path)
    read_rows = sum(len(table) for table in parts)
    if not read_rows:
        raise SourceError.of(path, "there is a header but not one row below it")
    pieces = [_placed(table, crs=crs, vintage=vintage) for table in parts]
    frame = pd.concat([piece.frame for piece in pieces])
    rows = np.concatenate([piece.rows for piece in pieces])
    left_out = pd.concat([piece.left_out for piece in pieces], ignore_index=True)
    notes: list[str] = []
    if within is not None:
        west, south, east, north = within
        inside = (frame["x_m"].between(west, east) & frame["y_m"].between(south, north)).to_numpy(
            dtype=bool
        )
        elsewhere = int((~inside).sum())
        if elsewhere:
            notes.append(f"Postcodes outside the study's surroundings, not kept: {elsewhere:,}.")
        frame, rows = frame[inside], rows[inside]
    ended = int((~frame["live"]).sum())
    if ended:
        notes.append(f"Terminated postcodes, which no one has now: {ended:,}.")
    tables.POSTCODES.check(frame, source=str(path), rows=rows.tolist())
    return Reading(frame, read_rows, left_out, tuple(notes), pieces[0].facts)


@dataclass(frozen=True, eq=False)
class _Piece:
    """The postcodes of one table."""

    frame: pd.DataFrame
    rows: NDArray[np.int64]
    left_out: pd.DataFrame
    facts: dict[str, str]


def _wanted(names: Sequence[str]) -> set[int]:
    """Return one column for each field, and those of all census years of areas."""
    squashed = [squash(name) for name in names]
    chosen = {at for at, name in enumerate(squashed) if re.fullmatch("|".join(AREAS), name)}
    for patterns in NAMES.values():
        found = (
            at
            for pattern in patterns
            for at, name in enumerate(squashed)
            if name and re.fullmatch(pattern, name)
        )
        chosen |= set(itertools.islice(found, 1))
    return chosen


def _tables(path: Path) -> list[Published]:
    """Return the tables of a directory, which Code-Point Open splits by postcode area."""
    if path.is_dir():
        paths = sorted(
            file
            for file in path.rglob("*.csv")
            if not {part.casefold() for part in file.parts} & {"doc", "docs", "documents"}
        )
        if not paths:
            raise SourceError.of(path, "the folder holds no CSV file")
        return [_table(one) for one in paths]
    if files.kind_of(path) == "archive":
        named = [
            name
            for name in members(path, ".csv")
            if re.search(r"(?:^|/)data/csv/[a-z]{1,2}\.csv$", name.casefold())
        ]
        if named:
            return [_member(path, name) for name in named]
    return [_table(path)]


def _member(path: Path, name: str) -> Published:
    return read_table(path, known=KNOWN, wanted=_wanted, header=CODE_POINT, member=name)


def _table(path: Path) -> Published:
    headless = _is_headless(path)
    return read_table(path, known=KNOWN, wanted=_wanted, header=CODE_POINT if headless else None)


def _is_headless(path: Path) -> bool:
    """Say whether the first line of a file is already a postcode of Code-Point Open."""
    first = files.first_cells(path)
    return (
        len(first) == len(CODE_POINT)
        and places.spelled(pd.Series(first[:1])).iloc[0] is not None
        and first[2].isdigit()
    )


def _placed(table: Published, *, crs: str, vintage: str | None) -> _Piece:
    found = {name: table.find(*patterns) for name, patterns in NAMES.items()}
    postcode = found["postcode"]
    if postcode is None:
        raise SourceError.of(
            table.source, f"no column holds postcodes; it has the columns {table.headings()}"
        )
    given = values.spell(table.columns[postcode])
    names = places.spelled(given)
    x, y, placed_by = _coordinates(table, found, names, crs)
    unplaced = np.isnan(x) | np.isnan(y)
    no_postcode = names.isna().to_numpy(dtype=bool)
    kept = ~unplaced & ~no_postcode
    if not kept.any():
        what = "postcode" if no_postcode.all() else "grid reference"
        raise SourceError.of(table.source, f"no row has a {what}, such as '{given.iloc[0]}'")
    left_out = pd.DataFrame(
        {
            "row": table.rows[~kept],
            "value": given[~kept].to_numpy(dtype=object),
            "reason": np.where(no_postcode[~kept], "not a postcode", "no grid reference"),
        }
    )
    area, column = _area(table, vintage)
    frame = pd.DataFrame(
        {
            "x_m": x[kept],
            "y_m": y[kept],
            "area_code": area[kept],
            "live": _live(table, found["ended"])[kept],
            "homes": _homes(table, found["user"])[kept],
        },
        index=pd.Index(names[kept], name="postcode"),
    )
    facts = {"layout": _layout(table), "placed_by": placed_by}
    if column:
        facts["area_column"] = column
    return _Piece(frame, table.rows[kept], left_out, facts)


def _layout(table: Published) -> str:
    names = {squash(name) for name in table.names}
    if names >= {squash(name) for name in CODE_POINT}:
        return "Code-Point Open"
    if "oseast1m" in names:
        return "postcode directory, header to 2024"
    if "east1m" in names:
        return "postcode directory, header from 2025"
    return "postcodes with coordinates"


def _coordinates(
    table: Published, found: dict[str, int | None], names: pd.Series, crs: str
) -> tuple[NDArray[np.float64], NDArray[np.float64], str]:
    """Return easting and northing in the study's CRS, NaN where there is no grid reference."""
    faults: list[Fault] = []
    told = {
        name: table.number(position, faults)
        for name, position in found.items()
        if name in ("easting", "northing", "latitude", "longitude", "quality")
        and position is not None
    }
    if faults:
        raise SourceError(faults)
    without = _no_grid_reference(table, found["quality"], told.get("quality"))
    x, y = np.full(len(table), np.nan), np.full(len(table), np.nan)
    placed_by = []
    if "easting" in told and "northing" in told:
        irish = names.fillna("").str.startswith("BT").to_numpy(dtype=bool)
        east = np.where(without, np.nan, told["easting"])
        x, y = places.from_grid(table, east, told["northing"], crs=crs, irish=irish)
        placed_by.append("grid reference")
    if "latitude" in told and "longitude" in told:
        latitude = np.where(without | (told["latitude"] > NO_LATITUDE), np.nan, told["latitude"])
        other_x, other_y = places.from_degrees(table, told["longitude"], latitude, crs=crs)
        x, y = np.where(np.isnan(x), other_x, x), np.where(np.isnan(y), other_y, y)
        placed_by.append("longitude and latitude")
    if not placed_by:
        raise SourceError.of(
            table.source,
            "no columns of eastings and northings, or of latitude and longitude; it has "
            f"{table.headings()}",
        )
    return x, y, placed_by[0]


def _no_grid_reference(
    table: Published, position: int | None, quality: NDArray[np.float64] | None
) -> NDArray[np.bool_]:
    if position is None or quality is None:
        return np.zeros(len(table), dtype=bool)
    worst = NO_PLACE.get(squash(table.names[position]), CODE_POINT_NO_PLACE)
    return np.asarray(quality == worst)


def _area(table: Published, vintage: str | None) -> tuple[NDArray[np.object_], str | None]:
    """Return the area of each postcode, missing where the directory has a pseudo-code."""
    position = None
    if vintage is not None:
        position = table.find(rf"(?:lsoa|dz|soa){vintage[2:]}(?:cd|code)?")
    if position is None:
        position = table.find(*NAMES["area"])
    if position is None:
        return np.full(len(table), None, dtype=object), None
    told = values.spell(table.columns[position]).str.upper()
    areas = told.where(told.str.fullmatch(AREA.code.pattern).to_numpy(dtype=bool), None)
    return areas.to_numpy(dtype=object), table.names[position]


def _live(table: Published, position: int | None) -> NDArray[np.bool_]:
    if position is None:
        return np.ones(len(table), dtype=bool)
    return table.text(position).isna().to_numpy(dtype=bool)


def _homes(table: Published, position: int | None) -> NDArray[np.bool_]:
    if position is None:
        return np.ones(len(table), dtype=bool)
    return np.asarray(values.spell(table.columns[position]) != "1", dtype=bool)
