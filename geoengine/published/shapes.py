"""Shapes as published: any format that GDAL reads, GeoParquet too, brought to the study's CRS."""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from geoengine.errors import Fault, SourceError
from geoengine.published import files
from geoengine.published.headers import score
from geoengine.published.tables import Published

DRIVERS = frozenset(
    {"ESRI Shapefile", "GPKG", "GeoJSON", "GeoJSONSeq", "ESRIJSON", "TopoJSON", "FlatGeobuf"}
    | {"GML", "KML", "LIBKML", "MapInfo File", "OpenFileGDB"}
)
LONLAT = "EPSG:4326"
UK = (-9.5, 49.0, 2.5, 61.5)
"""West, south, east and north of the United Kingdom, degrees."""
GRID = (0.0, 0.0, 700_000.0, 1_300_000.0)
"""The same in metres of the British National Grid."""


@dataclass(frozen=True, eq=False)
class Shapes:
    """
    Features as published.

    Parameters
    ----------
    table
        Their attributes.
    geometry
        Their geometries in the study's CRS, shape (features,); None where a feature has none.
    notes
        Sentences on what was assumed.
    """

    table: Published
    geometry: NDArray[Any]
    notes: tuple[str, ...]


def read_shapes(path: Path, *, crs: str, known: re.Pattern[str]) -> Shapes:
    """
    Read the features of a file and bring them to the study's CRS.

    Parameters
    ----------
    path
        Shapefile (also zipped), GeoPackage, GeoJSON, TopoJSON, GML, FlatGeobuf or GeoParquet.
    crs
        The study's projected CRS.
    known
        Matches the squashed names of the columns sought; of several layers, the one with most
        of them is read.

    Raises
    ------
    SourceError
        If the file is missing, damaged or holds no shapes; if its CRS is unknown; or if its
        shapes lie outside the United Kingdom, as when longitude and latitude are swapped.
    """
    frame, notes = _opened(path, known)
    if not len(frame):
        raise SourceError.of(path, "the file holds no features")
    frame, guessed = _with_crs(path, frame)
    notes += guessed
    _refuse_elsewhere(path, frame)
    attributes = frame.drop(columns=frame.geometry.name)
    table = Published(
        str(path),
        tuple(str(name) for name in attributes.columns),
        {at: attributes.iloc[:, at].reset_index(drop=True) for at in range(attributes.shape[1])},
        np.arange(1, len(frame) + 1, dtype=np.int64),
        {"format": "shapes", "crs": _spoken(frame.crs)},
    )
    try:
        geometry = shapely.force_2d(frame.geometry.to_crs(crs).to_numpy())
    except pyproj.exceptions.ProjError as error:
        raise SourceError.of(path, f"its shapes cannot be brought to {crs}: {error}") from error
    return Shapes(table, geometry, tuple(notes))


def _spoken(crs: Any) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)


def _opened(path: Path, known: re.Pattern[str]) -> tuple[Any, list[str]]:
    kind = files.kind_of(path)
    if kind == "parquet":
        return _read_parquet(path), []
    if kind in ("text", "workbook", "gzip"):
        raise SourceError.of(
            path,
            "this is a table without shapes; give boundaries as GeoPackage, GeoJSON, Shapefile "
            "or GeoParquet",
        )
    where = files.same_or_packed(path)
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            layer, notes = _layer(path, where, known)
            held = pyogrio.read_info(where, layer=layer)
            frame = pyogrio.read_dataframe(where, layer=layer, fid_as_index=False)
    except (pyogrio.errors.CRSError, pyproj.exceptions.ProjError, UnboundLocalError) as error:
        # pyogrio stumbles over a local variable where GDAL cannot export the CRS that it read.
        raise SourceError.of(
            path,
            "its coordinate system cannot be understood; mend the .prj file beside a shapefile, "
            "or save with a CRS such as EPSG:27700",
        ) from error
    except (RuntimeError, OSError, ValueError, shapely.errors.ShapelyError) as error:
        raise SourceError.of(path, _unreadable(path, str(error))) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise SourceError.of(path, "the file holds a table without shapes")
    if 0 <= len(frame) < held["features"]:
        raise SourceError.of(
            path, f"only {len(frame)} of its {held['features']} features can be read; it is damaged"
        )
    serious = [str(one.message) for one in told if "corrupt" in str(one.message).lower()]
    return frame, notes + [f"While reading the shapes: {message}" for message in serious]


def _unreadable(path: Path, told: str) -> str:
    if path.suffix.lower() == ".shp":
        absent = [
            ending
            for ending in (".shx", ".dbf")
            if not path.with_suffix(ending).exists()
            and not path.with_suffix(ending.upper()).exists()
        ]
        if absent:
            return (
                f"the shapefile lacks its {' and '.join(absent)} beside it; unpack all the files "
                "of the download into one folder, or give the zip"
            )
    return f"no shapes can be read from it ({told[:160].strip()}); download it again"


def _layer(path: Path, where: Any, known: re.Pattern[str]) -> tuple[str, list[str]]:
    layers = [(str(name), kind) for name, kind in pyogrio.list_layers(where)]
    spatial = [name for name, kind in layers if kind is not None]
    if not spatial:
        raise SourceError.of(path, "the file holds no layer with shapes")
    driver = pyogrio.read_info(where, layer=spatial[0])["driver"]
    if driver not in DRIVERS:
        raise SourceError.of(path, f"boundaries are not read from {driver} files")
    if len(spatial) == 1:
        return spatial[0], []
    found = {name: score(pyogrio.read_info(where, layer=name)["fields"], known) for name in spatial}
    best = max(spatial, key=lambda name: found[name])
    return best, [f"Of the {len(spatial)} layers in the file, '{best}' was read."]


def _read_parquet(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        pq.read_table(path).validate(full=True)
        return gpd.read_parquet(path)
    except (pa.ArrowException, OSError, ValueError, KeyError, shapely.errors.ShapelyError) as error:
        told = str(error)
        if "geo" in told.lower() and "metadata" in told.lower():
            told = "it has no geometry column"
        raise SourceError.of(path, f"no shapes can be read from it ({told[:160]})") from error


def _within(bounds: NDArray[np.float64], box: tuple[float, float, float, float]) -> Any:
    west, south, east, north = box
    return (
        (bounds[..., 0] >= west)
        & (bounds[..., 1] >= south)
        & (bounds[..., 2] <= east)
        & (bounds[..., 3] <= north)
    )


def _with_crs(path: Path, frame: Any) -> tuple[Any, list[str]]:
    """Give shapes the CRS that they plainly have where the file does not tell it."""
    if frame.crs is not None:
        return frame, []
    bounds = np.asarray(frame.total_bounds, dtype=float)
    if bool(_within(bounds, UK)):
        note = "The file does not tell its coordinate system; its numbers are degrees (EPSG:4326)."
        return frame.set_crs(LONLAT), [note]
    if bool(_within(bounds, GRID)) and bounds[2] > 1000:
        note = (
            "The file does not tell its coordinate system; its numbers fit the British National "
            "Grid (EPSG:27700)."
        )
        return frame.set_crs("EPSG:27700"), [note]
    raise SourceError.of(
        path,
        "the file does not tell its coordinate system, and its numbers (from "
        f"{bounds[0]:g}, {bounds[1]:g} to {bounds[2]:g}, {bounds[3]:g}) are neither degrees in the "
        "United Kingdom nor the British National Grid; keep the .prj file beside a shapefile, or "
        "save with a CRS",
    )


def _refuse_elsewhere(path: Path, frame: Any) -> None:
    """Refuse shapes that the CRS told puts outside the United Kingdom."""
    bounds = frame.geometry.bounds.to_numpy(dtype=float)
    given = np.isfinite(bounds).all(axis=1)
    if not given.any():
        return
    swapped = bounds[:, [1, 0, 3, 2]]
    if frame.crs.is_geographic and _within(swapped[given], UK).all():
        raise SourceError.of(
            path,
            "latitude and longitude are swapped: the first number of each position must be the "
            "longitude (about -3 in the United Kingdom)",
        )
    if not frame.crs.is_geographic and _within(bounds[given], UK).all():
        raise SourceError.of(
            path,
            f"the file says its positions are metres ({_spoken(frame.crs)}), but they are degrees; "
            "save it with CRS EPSG:4326",
        )
    if frame.crs.is_geographic:
        degrees = bounds
        grid = _within(bounds[given], GRID).all() and (np.abs(bounds[given]) > 180).any()
        if grid:
            raise SourceError.of(
                path,
                f"the file says its positions are degrees ({_spoken(frame.crs)}), but they are "
                "metres of the British National Grid; save it with CRS EPSG:27700",
            )
    else:
        degrees = _in_degrees(frame)
    outside = given & ~_within(np.where(np.isfinite(degrees), degrees, 999.0), UK)
    if not outside.any():
        return
    reason = (
        f"with the file's coordinate system ({_spoken(frame.crs)}) it lies outside the United "
        "Kingdom; the coordinate system or the coordinates are wrong"
    )
    if outside.sum() == given.sum():
        raise SourceError.of(path, "every shape is elsewhere: " + reason)
    raise SourceError(
        Fault(str(path), int(at) + 1, f"feature {int(at) + 1}: {reason}")
        for at in np.flatnonzero(outside)
    )


def _in_degrees(frame: Any) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):
        return np.asarray(frame.geometry.to_crs(LONLAT).bounds.to_numpy(dtype=float))


def polygons(
    shapes: Shapes, codes: pd.Series, rows: NDArray[np.int64], geometry: NDArray[Any]
) -> tuple[NDArray[Any], list[str]]:
    """
    Return valid polygons, with a note of which were repaired.

    Parameters
    ----------
    shapes
        Where they came from, for messages.
    codes, rows
        The code and feature number of each, shape (features,).
    geometry
        Their geometries, shape (features,).

    Raises
    ------
    SourceError
        For each feature without shape, or whose shape is not a polygon.
    """
    source = shapes.table.source
    absent = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    flat = np.isin(shapely.get_type_id(geometry), [3, 6])
    faults = [
        Fault(source, int(rows[at]), f"'{codes.iloc[at]}' has no shape")
        for at in np.flatnonzero(absent)
    ]
    faults += [
        Fault(
            source,
            int(rows[at]),
            f"'{codes.iloc[at]}' is a {geometry[at].geom_type}, but must be a polygon",
        )
        for at in np.flatnonzero(~absent & ~flat)
    ]
    if faults:
        raise SourceError(faults)
    broken = ~shapely.is_valid(geometry)
    if not broken.any():
        return geometry, []
    mended = geometry.copy()
    mended[broken] = [_polygonal(shape) for shape in shapely.make_valid(geometry[broken])]
    lost = shapely.is_empty(mended)
    if lost.any():
        raise SourceError(
            Fault(source, int(rows[at]), f"'{codes.iloc[at]}' encloses no ground")
            for at in np.flatnonzero(lost)
        )
    names = ", ".join(codes[broken].head(5)) + (" and others" if broken.sum() > 5 else "")
    return mended, [f"Outlines that crossed themselves, repaired: {int(broken.sum())} ({names})."]


def _polygonal(shape: Any) -> Any:
    """Return the parts of a shape that enclose ground."""
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(shape))
        if part.geom_type in ("Polygon", "MultiPolygon")
    ]
    return shapely.union_all(parts) if parts else shapely.Polygon()
