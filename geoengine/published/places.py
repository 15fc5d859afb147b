"""Coordinates and postcodes in the columns of a table → points in the study's CRS."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray

from geoengine.errors import Fault, SourceError
from geoengine.published.tables import Published

POSTCODE = re.compile(r"(?:[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}|GIR0AA)")
BRITISH = "EPSG:27700"
IRISH = "EPSG:29903"
LONLAT = "EPSG:4326"
LATITUDES = (49.0, 61.5)
LONGITUDES = (-9.5, 2.5)
EASTINGS = (0.0, 700_000.0)
NORTHINGS = (0.0, 1_300_000.0)


def spelled(postcodes: pd.Series) -> pd.Series:
    """
    Return postcodes with one space before the last three characters; None for what is none.

    Examples
    --------
    >>> spelled(pd.Series(["po301ae", "CH5  1AB", "none"])).tolist()
    ['PO30 1AE', 'CH5 1AB', None]
    """
    squeezed = postcodes.fillna("").astype("string").str.upper().str.replace(r"\s+", "", regex=True)
    shaped = squeezed.str.fullmatch(POSTCODE.pattern).to_numpy(dtype=bool)
    written = squeezed.str.slice(stop=-3) + " " + squeezed.str.slice(start=-3)
    return written.astype(object).where(shaped, None)


def from_grid(
    table: Published,
    east: NDArray[np.float64],
    north: NDArray[np.float64],
    *,
    crs: str,
    irish: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Bring eastings and northings to the study's CRS.

    Parameters
    ----------
    table
        Where they stand, for messages.
    east, north
        Metres of the British National Grid, or of the Irish one; shape (rows,). NaN, and 0 for
        both, mean that there is no grid reference.
    crs
        The study's projected CRS.
    irish
        Which rows are of the Irish Grid, shape (rows,); none by default.

    Returns
    -------
    x, y
        Metres of the study's CRS, shape (rows,); NaN where there is no grid reference.

    Raises
    ------
    SourceError
        For each reference off the grid.
    """
    east, north = _blanked(east, north)
    on = _between(east, EASTINGS) & _between(north, NORTHINGS)
    _refuse(
        table,
        ~np.isnan(east) & ~on,
        lambda at: (
            f"easting {east[at]:g} and northing {north[at]:g} are not on the National Grid "
            "(0 to 700000 and 0 to 1300000 metres)"
        ),
    )
    elsewhere = np.zeros(len(east), dtype=bool) if irish is None else irish
    x, y = np.full(len(east), np.nan), np.full(len(east), np.nan)
    for mine, grid in ((~elsewhere, BRITISH), (elsewhere, IRISH)):
        x[mine], y[mine] = _moved(east[mine], north[mine], grid, crs)
    return x, y


def from_degrees(
    table: Published, longitude: NDArray[np.float64], latitude: NDArray[np.float64], *, crs: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Bring longitudes and latitudes to the study's CRS.

    Parameters
    ----------
    table
        Where they stand, for messages.
    longitude, latitude
        Degrees, shape (rows,). NaN, and 0 for both, mean that there is no position.
    crs
        The study's projected CRS.

    Returns
    -------
    x, y
        Metres of the study's CRS, shape (rows,); NaN where there is no position.

    Raises
    ------
    SourceError
        If the two are swapped, and for each position outside the United Kingdom.
    """
    longitude, latitude = _blanked(longitude, latitude)
    given = ~np.isnan(longitude)
    swapped = _between(longitude, LATITUDES) & _between(latitude, LONGITUDES)
    if given.any() and swapped[given].all():
        raise SourceError.of(
            table.source, "the columns of latitude and longitude are swapped; exchange their names"
        )
    there = _between(latitude, LATITUDES) & _between(longitude, LONGITUDES)
    _refuse(
        table,
        given & ~there,
        lambda at: (
            f"latitude {latitude[at]:g} and longitude {longitude[at]:g} are not in the United "
            "Kingdom"
        ),
    )
    return _moved(longitude, latitude, LONLAT, crs)


def _blanked(
    one: NDArray[np.float64], other: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    nowhere = np.isnan(one) | np.isnan(other) | ((one == 0) & (other == 0))
    return np.where(nowhere, np.nan, one), np.where(nowhere, np.nan, other)


def _between(numbers: NDArray[np.float64], limits: tuple[float, float]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray((numbers >= limits[0]) & (numbers <= limits[1]))


def _refuse(table: Published, wrong: NDArray[np.bool_], tell: Callable[[int], str]) -> None:
    if wrong.any():
        raise SourceError(
            Fault(table.source, int(table.rows[at]), tell(int(at))) for at in np.flatnonzero(wrong)
        )


def _moved(
    x: NDArray[np.float64], y: NDArray[np.float64], given: str, crs: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if given == crs or not len(x):
        return x, y
    move: Any = pyproj.Transformer.from_crs(given, crs, always_xy=True)
    moved_x, moved_y = move.transform(x, y)
    lost = ~(np.isfinite(moved_x) & np.isfinite(moved_y))
    return np.where(lost, np.nan, moved_x), np.where(lost, np.nan, moved_y)
