"""Areas of any kind with a figure for each, in one file or in two that share a code."""

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoengine.errors import Fault, SourceError
from geoengine.published.headers import names_like, squash
from geoengine.published.shapes import polygons, read_shapes
from geoengine.published.tables import Published, read_table
from geoengine.published.withheld import Figures, figures, impossible, position
from geoengine.tables import Reading, no_rows

NAMES = (r".*name", r".*nm\d*", r"label")


def read(
    areas: Path, *, crs: str, value: str, population: str = "", around: str = "",
    table: Path | None = None, code: str = "",
) -> Reading:  # fmt: skip
    """
    Read areas, and the figure of each.

    Parameters
    ----------
    areas
        Any file of polygons.
    crs
        A projected CRS.
    value
        The column of figures; a count of people where `population` is given.
    population
        The column of those that they are counted among.
    around
        The column of another figure, of the areas around.
    table
        Where the figures are, if not in the file of areas itself.
    code
        The column that names each area, in both files; by default the first in the file of
        areas (and in the table, if there is one) whose cells are all there and all different.

    Returns
    -------
    Reading
        The areas by `area_code`: `name`, `value`, `of` (NaN without population), `around` (NaN
        without), `suppressed` (any of these), `geometry`; an area without a row in the table has no
        figure. Rows of the table without an area are left out. Facts: `code_column`.

    Raises
    ------
    SourceError
        If a file or column cannot be used, a code stands twice, or a figure is impossible.
    """
    wanted = [re.escape(squash(name)) for name in (value, population, around, code) if name]
    shapes = read_shapes(areas, crs=crs, known=names_like(*wanted))
    held = shapes.table
    if table is not None:
        held = read_table(table, known=names_like(*wanted), enough=len(wanted))
    column = _code_column(shapes.table, held, code)
    codes = shapes.table.text(column)
    _refuse_doubtful(shapes.table, codes, column)
    geometry, notes = polygons(shapes, codes, shapes.table.rows, shapes.geometry)
    named = shapes.table.find(*NAMES)
    at, left_out = np.arange(len(codes)), no_rows()
    if table is not None:
        at, left_out = _matched(held, shapes.table.names[column], codes)
    faults: list[Fault] = []
    asked = {"value": value, "of": population, "around": around}
    told = {part: figures(held, column, faults) for part, column in asked.items() if column}
    if population:
        faults += impossible(held, told["value"].number, told["of"].number, value, population)
    if faults:
        raise SourceError(faults)
    frame = gpd.GeoDataFrame(
        {
            "name": codes if named is None else shapes.table.text(named).fillna(codes),
            **{part: _placed(told[part], at) if part in told else np.nan for part in asked},
            "suppressed": np.any([_withheld(part, at) for part in told.values()], axis=0),
        },
        geometry=geometry,
        crs=crs,
    ).set_axis(pd.Index(codes, name="area_code"), axis=0)
    facts = {"code_column": shapes.table.names[column]}
    return Reading(frame, len(held), left_out, (*shapes.notes, *notes), facts)


def _code_column(table: Published, held: Published, code: str) -> int:
    if code:
        faults: list[Fault] = []
        found = position(table, code, faults)
        if found is None:
            raise SourceError(faults)
        return found
    for at, cells in table.columns.items():
        shared = held.find(re.escape(squash(table.names[at]))) is not None
        if pd.api.types.is_float_dtype(cells.dtype) or not shared:
            continue
        told = table.text(at)
        if told.notna().all() and told.is_unique:
            return at
    raise SourceError.of(
        table.source,
        f"no column names each area once in every file; it has the columns {table.headings()}",
    )


def _refuse_doubtful(table: Published, codes: pd.Series, column: int) -> None:
    name = table.names[column]
    faults = [
        Fault(table.source, int(table.rows[at]), f"'{name}' is empty")
        for at in np.flatnonzero(codes.isna())
    ]
    faults += [
        Fault(table.source, int(table.rows[at]), f"'{codes[at]}' stands more than once")
        for at in np.flatnonzero(codes.duplicated() & codes.notna())
    ]
    if faults:
        raise SourceError(faults)


def _matched(
    table: Published, name: str, codes: pd.Series
) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Return the row of the table for each area, -1 for none, and the rows of no area."""
    faults: list[Fault] = []
    column = position(table, name, faults)
    if column is None:
        raise SourceError(faults)
    told = table.text(column)
    _refuse_doubtful(table, told, column)
    strange = ~told.isin(codes)
    if not len(told):
        raise SourceError.of(table.source, "the table has a heading, but no rows")
    if strange.all():
        raise SourceError.of(
            table.source,
            f"no '{name}' is one of the areas', such as '{codes.iloc[0]}'; it has '{told.iloc[0]}'",
        )
    left_out = pd.DataFrame(
        {
            "row": table.rows[strange],
            "value": told[strange].to_numpy(dtype=object),
            "reason": "no such area",
        }
    )
    return pd.Index(told).get_indexer(pd.Index(codes)), left_out


def _placed(held: Figures, at: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(at >= 0, held.number[at], np.nan)


def _withheld(held: Figures, at: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (at >= 0) & held.suppressed[at]
