"""Registers of services as published → places on the map, and supply that cannot be placed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoengine import tables
from geoengine.errors import Fault, SourceError
from geoengine.published import files, places, registers, values
from geoengine.published.headers import names_like, squash
from geoengine.published.registers import FIELDS, OPEN, PRACTICES, SHUT
from geoengine.published.shapes import read_shapes
from geoengine.published.tables import Published, members, read_table
from geoengine.tables import Reading

KNOWN = names_like(*(pattern for patterns in FIELDS.values() for pattern in patterns))
WITHHELD = "Name withheld"
UNNAMED = "Name not given"
UNKNOWN_KIND = "building"
AFTER_EARLY_YEARS = 5.0
"""Youngest age of a childcare provider that is on Ofsted's later registers only, years."""


def read(
    path: Path,
    *,
    crs: str,
    service: str,
    postcodes: pd.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, Sequence[Any]] | None = None,
    places: Sequence[str] = (),
) -> Reading:
    """
    Read the places that offer a service.

    Parameters
    ----------
    path
        A register as published (Ofsted, GIAS, Care Inspectorates, NHS practices) or any table
        or map of services, with a point, coordinates or a postcode of each.
    crs
        The study's projected CRS.
    service
        What they offer, such as 'nursery'.
    postcodes
        `geoengine.tables.POSTCODES`, to place those that have only a postcode.
    columns
        Column of the file for a field (`id`, `name`, `postcode`, `capacity`, `status`,
        `age_from`, `age_to`, `longitude`, `latitude`, `easting`, `northing`) that is not found
        by itself; empty text for a field not to be read.
    where
        Values that a column must have for its row to be of this service.
    places
        Columns that tell places of an age band or session.

    Returns
    -------
    Reading
        `geoengine.tables.PROVISION`, with the further columns `postcode` and, for each of
        `places`, `places: <column>`, NaN where unknown. Those that cannot be placed are in it,
        without geometry and with the reason. Facts: `layout`, and the column read for each
        field.

    Raises
    ------
    SourceError
        If the file is no such register, a column or value asked for is not there, a number is
        none, or a status is not known to mean open or shut.
    TableError
        If an id stands twice, or a number of places or an age is below 0.
    """
    register, geometry, rows_read = _register(path, crs, columns or {}, where or {})
    placed = _placed(register, geometry, crs, postcodes)
    frame = _frame(register, placed, service, crs).assign(**_by_band(register, places))
    table = register.table
    tables.PROVISION.check(frame, source=table.source, rows=table.rows.tolist())
    facts = {"layout": registers.layout(table)} | {
        f"{field}_column": table.names[position] for field, position in register.fields.items()
    }
    return Reading(frame, rows_read, notes=(*register.notes, *placed.notes), facts=facts)


def read_candidates(
    path: Path,
    *,
    crs: str,
    postcodes: pd.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    where: Mapping[str, Sequence[Any]] | None = None,
) -> Reading:
    """
    Read the buildings of a council in which a service could open, in use or not.

    Parameters
    ----------
    path
        A list of assets: any table or map with a point, coordinates or a postcode of each.
    crs, postcodes, where
        As for `read`.
    columns
        As for `read`, of the fields `id`, `name`, `kind`, `postcode` and coordinates.

    Returns
    -------
    Reading
        `geoengine.tables.CANDIDATES`; what cannot be placed is left out, with the reason.

    Raises
    ------
    SourceError
        If the file is no such list, a column or value asked for is not there, or a number is
        none.
    TableError
        If an id stands twice.
    """
    register, geometry, rows_read = _register(path, crs, columns or {}, where or {})
    placed = _placed(register, geometry, crs, postcodes)
    if register.faults:
        raise SourceError(register.faults)
    table, there = register.table, placed.placed_by != "unplaced"
    ids, kinds = _ids(register), register.text("kind").fillna(UNKNOWN_KIND)
    frame = gpd.GeoDataFrame(
        {"name": register.text("name").fillna(UNNAMED), "kind": kinds},
        geometry=placed.points,
        crs=crs,
    ).set_axis(pd.Index(ids, name="candidate_id"), axis=0)[there]
    lost = pd.DataFrame({"row": table.rows, "value": ids, "reason": placed.reason})[~there]
    tables.CANDIDATES.check(frame, source=table.source, rows=table.rows[there].tolist())
    return Reading(frame, rows_read, lost, notes=(*register.notes, *placed.notes))


def _register(
    path: Path, crs: str, columns: Mapping[str, str], where: Mapping[str, Sequence[Any]]
) -> tuple["_Register", NDArray[Any], int]:
    """Open a file: the rows wanted, the shape of each or None, and how many rows there are."""
    table, geometry, notes = _opened(path, crs)
    if not len(table):
        raise SourceError.of(path, "there is a header but not one row below it")
    chosen, told = registers.chosen(table, where)
    kept = table.only(chosen)
    fields = registers.fields(kept, columns)
    return _Register(kept, fields, [*notes, *told]), geometry[chosen], len(table)


@dataclass(frozen=True, eq=False)
class _Register:
    """A table of services and the column of each field read."""

    table: Published
    fields: dict[str, int]
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def text(self, name: str) -> pd.Series:
        if name not in self.fields:
            return pd.Series([None] * len(self.table), dtype=object)
        return self.table.text(self.fields[name])

    def spelled(self, name: str) -> pd.Series:
        if name not in self.fields:
            return pd.Series([""] * len(self.table), dtype=object)
        return values.spell(self.table.columns[self.fields[name]])

    def number(self, name: str) -> NDArray[np.float64]:
        if name not in self.fields:
            return np.full(len(self.table), np.nan)
        return self.table.number(self.fields[name], self.faults)


@dataclass(frozen=True, eq=False)
class _Placed:
    """Where each service is: points, how they were found, and why there is none."""

    points: NDArray[Any]
    placed_by: NDArray[np.object_]
    reason: NDArray[np.object_]
    notes: list[str]


def _opened(path: Path, crs: str) -> tuple[Published, NDArray[Any], list[str]]:
    """Return the rows of a table or map, and the shape of each or None."""
    if _is_map(path):
        shapes = read_shapes(path, crs=crs, known=KNOWN)
        return shapes.table, shapes.geometry, list(shapes.notes)
    table = read_table(
        path, known=KNOWN, enough=3, header=PRACTICES if _is_practices(path) else None
    )
    return table, np.full(len(table), None, dtype=object), []


def _is_map(path: Path) -> bool:
    kind = files.kind_of(path)
    if kind == "parquet":
        return _has_geometry(path)
    if kind == "archive":
        return any(members(path, ending) for ending in (".shp", ".gpkg", ".geojson", ".gml"))
    return kind in ("json", "geometry")


def _has_geometry(path: Path) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.read_schema(path).metadata or {}
    except (pa.ArrowException, OSError, ValueError) as error:
        raise SourceError.of(
            path, f"the Parquet file is damaged or cut short ({error}); download it again"
        ) from error
    return b"geo" in metadata


def _is_practices(path: Path) -> bool:
    """Say whether the first line of a file is already a practice of epraccur."""
    cells = files.first_cells(path)
    return (
        len(cells) == len(PRACTICES)
        and re.fullmatch(r"[A-Z0-9]{5,6}", cells[0]) is not None
        and cells[10].isdigit()
    )


def _frame(register: _Register, placed: _Placed, service: str, crs: str) -> Any:
    capacity = _capacity(register)
    age_from, age_to = register.number("age_from"), register.number("age_to")
    age_from = _early_years(register, age_from)
    is_open = _open(register)
    if register.faults:
        raise SourceError(register.faults)
    names = register.text("name")
    hidden = (register.spelled("name").str.casefold() == "redacted").to_numpy(dtype=bool)
    given = names.where(~hidden, WITHHELD).fillna(UNNAMED)
    return gpd.GeoDataFrame(
        {
            "service": [service] * len(given),
            "name": given,
            "capacity": capacity,
            "age_from": age_from,
            "age_to": age_to,
            "open": is_open,
            "placed_by": placed.placed_by,
            "unplaced_reason": placed.reason,
            "postcode": places.spelled(register.text("postcode")),
        },
        geometry=placed.points,
        crs=crs,
    ).set_axis(pd.Index(_ids(register), name="provision_id"), axis=0)


def _ids(register: _Register) -> pd.Series:
    """Return the id that the register gives, or else the number of the row."""
    kind = register.table.find("osmtype")
    if kind is not None and "id" in register.fields:
        return register.table.text(kind) + "/" + register.text("id")
    rows = pd.Series([f"row-{row}" for row in register.table.rows], dtype=object)
    return register.text("id").fillna(rows)


def _capacity(register: _Register) -> NDArray[np.float64]:
    """Return the places of each, NaN where unknown, filling gaps with the register's estimates."""
    capacity = register.number("capacity")
    if "capacity" not in register.fields:
        register.notes.append("The file does not tell how many places there are.")
        return capacity
    column = register.fields["capacity"]
    if squash(register.table.names[column]) == "schoolcapacity":
        register.notes.append("Places are the capacity of the whole school.")
    estimated = register.table.find("placesincludingestimates")
    if estimated not in (None, column):
        guessed = register.table.number(estimated, register.faults)
        filled = int((np.isnan(capacity) & ~np.isnan(guessed)).sum())
        capacity = np.where(np.isnan(capacity), guessed, capacity)
        if filled:
            register.notes.append(f"Places known only as the register's estimate: {filled}.")
    unknown = int(np.isnan(capacity).sum())
    markers = values.withheld(register.table.columns[column])
    if unknown:
        told = ", ".join(f"'{marker}'" for marker in markers)
        register.notes.append(
            f"Places unknown: {unknown} of {len(capacity)}"
            + (f" (the file has {told})." if told else ".")
        )
    return capacity


def _by_band(register: _Register, columns: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Return the places that each column tells, NaN where unknown."""
    found = {}
    for column, position in registers.positions(register.table, columns).items():
        number = register.table.number(position, register.faults)
        register.faults.extend(
            Fault(
                register.table.source,
                int(register.table.rows[at]),
                f"'{column}' must be at least 0 places, but is {number[at]:g}",
            )
            for at in np.flatnonzero(number < 0)
        )
        unknown = int(np.isnan(number).sum())
        if unknown:
            register.notes.append(f"Places unknown in '{column}': {unknown} of {len(number)}.")
        found[f"places: {column}"] = number
    if register.faults:
        raise SourceError(register.faults)
    return found


def _early_years(register: _Register, age_from: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the youngest age, which Ofsted's registers tell where no column does."""
    if "early_years" in register.fields:
        on = register.spelled("early_years").str.casefold().isin(["y", "yes", "true", "1"])
        known = register.spelled("early_years") != ""
    elif "registers" in register.fields:
        combination = register.spelled("registers").str.upper()
        on = combination.str.contains("EYR", regex=False) | (combination == "ALL")
        known = combination != ""
    else:
        return age_from
    open_to = np.where(on, 0.0, AFTER_EARLY_YEARS)
    late = int((known & ~on).sum())
    if late:
        register.notes.append(
            "Not on the Early Years Register, so taking no child under "
            f"{AFTER_EARLY_YEARS:g}: {late}."
        )
    return np.where(np.isnan(age_from) & known.to_numpy(dtype=bool), open_to, age_from)


def _open(register: _Register) -> NDArray[np.bool_]:
    """Return whether each takes people now."""
    spelled = register.spelled("status")
    told = spelled.map(squash)
    dated = told.str.fullmatch(r"(?:19|20)\d{6}|\d{8}") & (told != "")
    if "status" not in register.fields or dated.any():
        register.notes.append("The file does not tell which are open; all were taken as open.")
        return np.ones(len(register.table), dtype=bool)
    silent = told == ""
    strange = ~told.isin(OPEN | SHUT) & ~silent
    for at in np.flatnonzero(strange.to_numpy(dtype=bool)):
        register.faults.append(
            Fault(
                register.table.source,
                int(register.table.rows[at]),
                f"status '{spelled.iloc[at]}' is not known to mean open or shut (such as Active, "
                "Open, Closed); name another column in the study, or none with status = ''",
            )
        )
    if silent.any():
        register.notes.append(f"Without a status, taken as open: {int(silent.sum())}.")
    shut = int(told.isin(SHUT).sum())
    if shut:
        register.notes.append(f"Shut or not yet open: {shut}.")
    return (told.isin(OPEN) | silent).to_numpy(dtype=bool)


def _placed(
    register: _Register, geometry: NDArray[Any], crs: str, postcodes: pd.DataFrame | None
) -> _Placed:
    """Place each by its shape, its coordinates or its postcode, whichever it has first."""
    notes: list[str] = []
    points = _points(register, geometry, notes)
    for x_field, y_field, bring in (
        ("longitude", "latitude", places.from_degrees),
        ("easting", "northing", places.from_grid),
    ):
        if x_field in register.fields and y_field in register.fields:
            x, y = bring(
                register.table, register.number(x_field), register.number(y_field), crs=crs
            )
            points = _filled(points, x, y)
    placed_by = np.where(shapely.is_missing(points), "unplaced", "coordinates").astype(object)
    points, by_postcode, reason = _by_postcode(register, points, postcodes, notes)
    placed_by[by_postcode] = "postcode"
    unplaced = int((placed_by == "unplaced").sum())
    if unplaced:
        notes.append(f"Without a place on the map: {unplaced} of {len(points)}.")
    reason[placed_by != "unplaced"] = None
    return _Placed(points, placed_by, reason, notes)


def _filled(points: NDArray[Any], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[Any]:
    empty = shapely.is_missing(points) & np.isfinite(x) & np.isfinite(y)
    filled = points.copy()
    filled[empty] = shapely.points(x[empty], y[empty])
    return filled


def _points(register: _Register, geometry: NDArray[Any], notes: list[str]) -> NDArray[Any]:
    """Return a point in each shape, None where there is no shape."""
    points = geometry.copy()
    points[shapely.is_empty(points)] = None
    kinds = shapely.get_type_id(points)
    drawn = (kinds >= 1) & (kinds <= 6)
    if drawn.any():
        points[drawn] = shapely.point_on_surface(points[drawn])
        notes.append(f"Drawn as lines or areas, a point inside taken: {int(drawn.sum())}.")
    register.faults.extend(
        Fault(
            register.table.source,
            int(register.table.rows[at]),
            f"its shape is a {points[at].geom_type}, but must be a point or an area",
        )
        for at in np.flatnonzero(kinds > 6)
    )
    return points


def _by_postcode(
    register: _Register,
    points: NDArray[Any],
    postcodes: pd.DataFrame | None,
    notes: list[str],
) -> tuple[NDArray[Any], NDArray[np.bool_], NDArray[np.object_]]:
    """Place those that have only a postcode, and say of the others why they have no place."""
    given = register.spelled("postcode")
    spelled = places.spelled(given)
    hidden = given.str.casefold() == "redacted"
    hidden |= register.spelled("name").str.casefold() == "redacted"
    reason = np.where(
        hidden,
        "address withheld by the register",
        np.where(given == "", "no postcode given", "postcode '" + given + "' is not a postcode"),
    ).astype(object)
    none = np.zeros(len(points), dtype=bool)
    known = spelled.notna().to_numpy(dtype=bool)
    if postcodes is None:
        reason[known] = "no postcode directory was given"
        return points, none, reason
    place = postcodes.index.get_indexer(pd.Index(spelled.fillna("")))
    reason[known] = [f"postcode {one} is not in the directory" for one in spelled[known]]
    found = shapely.is_missing(points) & known & (place >= 0)
    x, y = (postcodes[column].to_numpy(dtype=float)[place] for column in ("x_m", "y_m"))
    ended = int((found & ~postcodes["live"].to_numpy(dtype=bool)[place]).sum())
    if ended:
        notes.append(f"With a terminated postcode, placed where it was: {ended}.")
    return _filled(points, np.where(found, x, np.nan), y), found, reason
