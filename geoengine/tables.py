"""The contract of each table that flows through the engine, and the check that enforces it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.errors import Fault, TableError

Frame = TypeVar("Frame", bound=pd.DataFrame)
Kind = Literal["text", "number", "whole", "flag"]


@dataclass(frozen=True)
class Column:
    """
    What a column holds.

    Parameters
    ----------
    name
        The column's name; ends in its unit where it has one that the name can carry.
    kind
        `text`, `number` (float), `whole` (a count) or `flag` (true or false).
    meaning
        What a value is, with its unit and what a missing value means.
    missing
        Whether a value may be missing; says so in `meaning`.
    at_least, at_most
        Inclusive limits of a number.
    allowed
        The only values that a text may take; empty for any.
    """

    name: str
    kind: Kind
    meaning: str
    missing: bool = False
    at_least: float | None = None
    at_most: float | None = None
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """
    A table's contract: the name of its index, its columns, and the shape of its geometry.

    Parameters
    ----------
    name
        What error messages call the table.
    index
        The index's name; its values are unique, non-empty text.
    columns
        The columns that must be there. Others may be there too.
    geometry
        `None`, or the kinds of geometry allowed.
    geometry_missing
        Whether a geometry may be missing.
    """

    name: str
    index: str
    columns: tuple[Column, ...]
    geometry: tuple[str, ...] | None = None
    geometry_missing: bool = False

    def check(self, frame: Frame, *, source: str = "", rows: Sequence[int] | None = None) -> Frame:
        """
        Return the table unchanged if it keeps its contract.

        Parameters
        ----------
        frame
            The table.
        source
            The file that it came from, for messages.
        rows
            The row of the file that each row of the table came from, shape (rows,).

        Raises
        ------
        TableError
            With every fault found, by row.
        """
        place = source or self.name
        faults: list[Fault] = []

        def blame(bad: NDArray[np.bool_], tell: Callable[[int], str]) -> None:
            for position in np.flatnonzero(bad).tolist():
                row = int(rows[position]) if rows is not None else 0
                faults.append(Fault(place, row, tell(position)))

        if frame.index.name != self.index:
            faults.append(
                Fault(place, 0, f"its index is '{frame.index.name}', but must be '{self.index}'")
            )
        ids = frame.index
        empty = np.asarray(ids.isna() | (ids.astype(str) == ""), dtype=bool)
        blame(empty, lambda _: f"'{self.index}' is empty")
        blame(
            np.asarray(ids.duplicated(keep="first"), dtype=bool) & ~empty,
            lambda at: f"'{self.index}' {ids[at]} stands more than once",
        )
        for column in self.columns:
            if column.name not in frame.columns:
                faults.append(Fault(place, 0, f"no column '{column.name}' ({column.meaning})"))
                continue
            _check_column(frame[column.name], column, ids, blame)
        if self.geometry is not None:
            self._check_geometry(frame, place, faults, blame)
        if faults:
            raise TableError(faults)
        return frame

    def _check_geometry(
        self,
        frame: pd.DataFrame,
        place: str,
        faults: list[Fault],
        blame: Callable[[NDArray[np.bool_], Callable[[int], str]], None],
    ) -> None:
        if "geometry" not in frame.columns or getattr(frame, "crs", None) is None:
            faults.append(Fault(place, 0, "no geometry with a coordinate reference system"))
            return
        shapes: Any = frame["geometry"]
        absent = np.asarray(shapes.isna() | shapes.is_empty, dtype=bool)
        if not self.geometry_missing:
            blame(absent, lambda at: f"'{frame.index[at]}' has no geometry")
        kinds = shapes.geom_type.to_numpy()
        allowed = self.geometry or ()
        blame(
            ~absent & ~np.isin(kinds.astype(str), allowed),
            lambda at: f"'{frame.index[at]}' is a {kinds[at]}, but must be {' or '.join(allowed)}",
        )


def _check_column(
    values: pd.Series,
    column: Column,
    ids: pd.Index,
    blame: Callable[[NDArray[np.bool_], Callable[[int], str]], None],
) -> None:
    name = column.name
    absent = values.isna().to_numpy(dtype=bool)
    if not column.missing:
        blame(absent, lambda at: f"'{name}' is missing for '{ids[at]}'")
    if column.kind in ("number", "whole"):
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
        given = values.to_numpy(dtype=object)
        blame(
            ~absent & ~np.isfinite(numbers),
            lambda at: f"'{name}' must be a number, but is {given[at]!r} for '{ids[at]}'",
        )
        if column.kind == "whole":
            finite = np.isfinite(numbers)
            broken = finite & (np.where(finite, numbers, 0) % 1 != 0)
            blame(
                broken,
                lambda at: f"'{name}' must be whole, but is {given[at]} for '{ids[at]}'",
            )
        low = -np.inf if column.at_least is None else column.at_least
        high = np.inf if column.at_most is None else column.at_most
        with np.errstate(invalid="ignore"):
            blame(
                np.isfinite(numbers) & (numbers < low),
                lambda at: f"'{name}' must be at least {low:g}, but is {given[at]} for '{ids[at]}'",
            )
            blame(
                np.isfinite(numbers) & (numbers > high),
                lambda at: f"'{name}' must be at most {high:g}, but is {given[at]} for '{ids[at]}'",
            )
    elif column.kind == "flag":
        blame(
            ~absent & ~values.isin([True, False]).to_numpy(),
            lambda at: f"'{name}' must be true or false, but is {values.iloc[at]!r}",
        )
    elif column.allowed:
        blame(
            ~absent & ~values.isin(column.allowed).to_numpy(),
            lambda at: (
                f"'{name}' must be one of {', '.join(column.allowed)}, "
                f"but is {values.iloc[at]!r} for '{ids[at]}'"
            ),
        )


def no_rows() -> pd.DataFrame:
    """Return the empty list of rows left out: `row`, `value`, `reason`."""
    return pd.DataFrame(
        {
            "row": pd.Series(dtype="int64"),
            "value": pd.Series(dtype=object),
            "reason": pd.Series(dtype=object),
        }
    )


@dataclass(frozen=True)
class Reading:
    """
    A checked table, and what became of every row of the file that it came from.

    Parameters
    ----------
    frame
        The checked table.
    rows_read
        Data rows in the file; `len(frame) + len(left_out)` unless `notes` says why not.
    left_out
        One line for each row not used: `row` as a spreadsheet counts it, the `value` that
        decided, and the `reason` as a short phrase (counted by the health report).
    notes
        Sentences for the health report: repairs, assumptions, oddities.
    facts
        What was found out about the file, such as `vintage`, `index`, `direction`, `crs`,
        `layout`, `code_column`.
    """

    frame: Any
    rows_read: int
    left_out: pd.DataFrame = field(default_factory=no_rows)
    notes: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


AREAS = Table(
    "areas",
    "area_code",
    (
        Column("name", "text", "the area's name; its code where the file has none"),
        Column("nation", "text", "E, W, S or N", allowed=("E", "W", "S", "N")),
        Column("vintage", "text", "census year of the boundary: 2001, 2011, 2021 or 2022"),
        Column("authority_code", "text", "GSS code; missing where unknown", missing=True),
        Column("ward_name", "text", "missing where unknown", missing=True),
    ),
    geometry=("Polygon", "MultiPolygon"),
)
"""Statistical areas (LSOA, Data Zone, SOA) in the study's projected CRS, valid and non-empty."""

SMALL_AREAS = Table(
    "small areas",
    "small_area_code",
    (
        Column("area_code", "text", "area that holds it; missing: found by place", missing=True),
        Column("people", "number", "residents; missing where not known", missing=True, at_least=0),
    ),
    geometry=("Polygon", "MultiPolygon"),
)
"""Census output areas in the study's CRS: where within an area its people live."""

AUTHORITIES = Table(
    "authorities",
    "authority_code",
    (Column("name", "text", "the authority's name"),),
    geometry=("Polygon", "MultiPolygon"),
)
"""Local authority outlines in the study's CRS."""

WARDS = Table(
    "wards",
    "ward_code",
    (Column("name", "text", "the ward's name; its code where the file has none"),),
    geometry=("Polygon", "MultiPolygon"),
)
"""Electoral wards in the study's CRS."""

POPULATION = Table(
    "population",
    "area_code",
    (
        Column("people", "number", "residents in the study's age band", at_least=0),
        Column(
            "all_people", "number", "all residents; missing where unknown", missing=True, at_least=0
        ),
    ),
)
"""People by small area: the age band chosen by the study, and everybody."""

DEPRIVATION = Table(
    "deprivation",
    "area_code",
    (
        Column("nation", "text", "E, W, S or N", allowed=("E", "W", "S", "N")),
        Column("decile", "whole", "1 = most deprived tenth of the nation", at_least=1, at_most=10),
        Column("rank", "whole", "1 = most deprived; missing: not given", missing=True, at_least=1),
        Column("score", "number", "as published; missing where not given", missing=True),
    ),
)
"""Deprivation by area, ranked within its own nation only."""

OUTCOMES = Table(
    "outcomes",
    "outcome_id",
    (
        Column("area_code", "text", "the area that it is about"),
        Column("period", "text", "term or year, in order of time; empty text where there is one"),
        Column("value", "number", "rate or score as published; missing: not given", missing=True),
        Column("count", "number", "people counted; missing: not known", missing=True, at_least=0),
        Column("of", "number", "among how many; missing: not known", missing=True, at_least=0),
        Column(
            "state",
            "text",
            "suppressed: withheld as too small to publish",
            allowed=("known", "suppressed", "unknown"),
        ),
    ),
)
"""What is known of areas, by term: an outcome, take-up, any count, rate or value."""

POSTCODES = Table(
    "postcodes",
    "postcode",
    (
        Column("x_m", "number", "easting in the study's CRS"),
        Column("y_m", "number", "northing in the study's CRS"),
        Column("area_code", "text", "area that holds it; missing: found by place", missing=True),
        Column("live", "flag", "false for a terminated postcode"),
        Column("homes", "flag", "false for a large user (a business with its own postcode)"),
    ),
)
"""Postcodes, spelled with one space before the last three characters ('CH5 1AB')."""

PROVISION = Table(
    "provision",
    "provision_id",
    (
        Column("service", "text", "what is offered, e.g. nursery"),
        Column("name", "text", "as published; 'Name withheld' where redacted"),
        Column("capacity", "number", "places; missing where unknown", missing=True, at_least=0),
        Column("age_from", "number", "youngest age, years; missing: any", missing=True, at_least=0),
        Column("age_to", "number", "oldest age, years; missing: any", missing=True, at_least=0),
        Column("open", "flag", "whether it takes people now"),
        Column(
            "placed_by",
            "text",
            "how it was put on the map; 'unplaced' has no geometry",
            allowed=("coordinates", "postcode", "map", "unplaced"),
        ),
        Column("unplaced_reason", "text", "why it has no place; missing when placed", missing=True),
    ),
    geometry=("Point",),
    geometry_missing=True,
)
"""Places that offer a service, in the study's CRS, with those that could not be placed."""

CANDIDATES = Table(
    "candidates",
    "candidate_id",
    (
        Column("name", "text", "as published; what kind it is where it has no name"),
        Column("kind", "text", "what building it is, e.g. school"),
    ),
    geometry=("Point",),
)
"""Buildings in which a service could open, in the study's CRS."""

ORIGINS = Table(
    "origins",
    "origin_id",
    (
        Column("area_code", "text", "area whose people it stands for"),
        Column("people", "number", "people of the study's age band living there", at_least=0),
        Column(
            "others",
            "number",
            "everybody else living there; missing where unknown",
            missing=True,
            at_least=0,
        ),
    ),
    geometry=("Point",),
)
"""Where people set out from, in the study's CRS."""

BASEMAP = Table(
    "basemap",
    "feature_id",
    (
        Column(
            "kind",
            "text",
            "what is drawn",
            allowed=("sea", "water", "park", "rail", "city", "town", "village", "suburb"),
        ),
        Column("name", "text", "missing where unnamed", missing=True),
    ),
    geometry=("Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
)
"""What is drawn beneath the layers besides streets, in longitude and latitude."""


WAY_TAGS = (
    "highway",
    "oneway",
    "maxspeed",
    "foot",
    "bicycle",
    "access",
    "motor_vehicle",
    "junction",
    "cycleway",
    "vehicle",
    "motorcar",
    "motorroad",
    "oneway:bicycle",
    "ramp",
    "ramp:stroller",
)
"""The tags of a way that decide who may travel it and how fast; commonest first."""


@dataclass(frozen=True, eq=False)
class Ways:
    """
    Streets and paths as an OpenStreetMap extract holds them, before any mode of travel.

    Parameters
    ----------
    node_id
        OpenStreetMap's node ids, int64, shape (nodes,), ascending.
    longitude, latitude
        Degrees (EPSG:4326), float64, shape (nodes,).
    barrier
        Value of the node's `barrier` tag as a position in `barrier_names`, int16, shape
        (nodes,); -1 where it has none.
    barrier_names
        The barrier values that occur.
    barrier_access
        For each barrier node its own access tags: frame indexed by position in `node_id`,
        with any of `WAY_TAGS` as columns; empty where none carries any.
    way_id
        OpenStreetMap's way ids, int64, shape (ways,).
    first_ref
        Way w runs over `ref[first_ref[w]:first_ref[w + 1]]`, int64, shape (ways + 1,).
    ref
        Positions in `node_id`, int32, shape (references,).
    tags
        One row a way, a categorical column for each of `WAY_TAGS`; missing where untagged.
    notes
        Sentences for the health report.
    """

    node_id: NDArray[np.int64]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    barrier: NDArray[np.int16]
    barrier_names: tuple[str, ...]
    barrier_access: pd.DataFrame
    way_id: NDArray[np.int64]
    first_ref: NDArray[np.int64]
    ref: NDArray[np.int32]
    tags: pd.DataFrame
    notes: tuple[str, ...] = ()
