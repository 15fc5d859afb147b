"""A layer's features in memory: narrowed, put in order, and told as GeoJSON in any CRS offered."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from geoengine import exports
from geoengine.errors import GeoEngineError, ResultsError
from webmap.api import boxes, filters
from webmap.api.asking import Asked
from webmap.api.crs import CRS84, code_of
from webmap.results import Snapshot

DEGREE_DECIMALS = 6
METRE_DECIMALS = 2
_written = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
GATHERED = (
    (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT, shapely.multipoints),
    (
        shapely.GeometryType.LINESTRING,
        shapely.GeometryType.MULTILINESTRING,
        shapely.multilinestrings,
    ),
    (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON, shapely.multipolygons),
)


@dataclass(frozen=True, eq=False)
class Features:
    """
    The features of a layer.

    Parameters
    ----------
    table
        Index: the feature's id. Then, as exports have it, `class` and `state` as the legend calls
        them (`state` is empty where there is a value), and the layer's columns; null where a
        value is missing, infinite, suppressed or unknown.
    shapes
        Geometries in longitude and latitude, shape (features,), `None` where a feature has none;
        `None` instead for a layer that is a plain table.
    """

    table: pd.DataFrame
    shapes: NDArray[np.object_] | None

    @cached_property
    def columns(self) -> dict[str, filters.Column]:
        """The columns that filters compare, the id first."""
        named = {str(self.table.index.name): self.table.index.to_series()}
        named |= {str(name): self.table[name] for name in self.table}
        return {name: _column(values) for name, values in named.items()}

    @cached_property
    def told(self) -> dict[str, list[Any]]:
        """Each column as JSON tells it, the id first."""
        ids = [str(name) for name in self.table.index]
        rest = {str(name): _one_kind(exports.plain(self.table[name])) for name in self.table}
        return {str(self.table.index.name): ids, **rest}

    @cached_property
    def places(self) -> dict[str, int]:
        """The row of each id."""
        return {str(name): row for row, name in enumerate(self.table.index)}

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The geometries by where they lie."""
        assert self.shapes is not None
        return shapely.STRtree(self.shapes)

    def rows(self, asked: Asked) -> NDArray[np.int64]:
        """
        Return the rows that are asked for, in order, of all pages.

        Raises
        ------
        GeoEngineError
            If the filter or the box can't be worked out.
        """
        keep = np.ones(len(self.table), dtype=bool)
        for name, text in asked.equal:
            keep &= _equal(name, self.columns[name], text)
        if asked.filter is not None:
            keep &= filters.select(
                asked.filter,
                self.columns,
                self.shapes,
                _placer(asked.filter_crs),
                round_it=asked.filter_crs == CRS84,
            )
        if asked.bbox is not None:
            keep &= self._within(asked.bbox, asked.bbox_crs)
        rows = np.flatnonzero(keep)
        for name, descending in reversed(asked.sortby):
            rows = rows[_order(self.columns[name], rows, descending=descending)]
        return rows

    def _within(self, bbox: Sequence[float], crs: str) -> NDArray[np.bool_]:
        keep = np.zeros(len(self.table), dtype=bool)
        if self.shapes is None:
            return keep
        box = boxes.shape(*bbox)
        keep[self.tree.query(_placer(crs)(box), "intersects")] = True
        return keep

    def texts(
        self, rows: NDArray[np.int64], crs: str, properties: Sequence[str] | None
    ) -> Iterator[str]:
        """
        Tell features as GeoJSON.

        Parameters
        ----------
        rows
            Which, in order.
        crs
            The URI of the geometries' CRS; the order of its axes is the CRS's own.
        properties
            The columns told, all for `None`.
        """
        named = self.told if properties is None else {name: self.told[name] for name in properties}
        ids = next(iter(self.told.values()))
        shapes = ["null"] * len(rows) if self.shapes is None else _shapes(self.shapes[rows], crs)
        for row, shape in zip(rows.tolist(), shapes, strict=True):
            said = _written({name: values[row] for name, values in named.items()})
            name = _written(ids[row])
            yield f'{{"type":"Feature","id":{name},"geometry":{shape},"properties":{said}}}'


def of(run: Snapshot, layer_id: str) -> Features:
    """
    Return a layer's features, read at the first question.

    Raises
    ------
    UnknownLayerError
        If the run has no such layer.
    ResultsError
        If the layer's table can't be read.
    """
    entry = run.layer(layer_id)
    return run.keep(f"features {entry['layer_id']}", lambda: _read(run, entry))


def _read(run: Snapshot, entry: Mapping[str, Any]) -> Features:
    path = run.folder / f"{entry['layer_id']}.parquet"
    try:
        frame = exports.readable(path, entry)
    except (OSError, ValueError) as error:
        raise ResultsError(
            f"{path.name} can't be read: the results are unfinished or damaged. "
            "Run the study again."
        ) from error
    if entry["geometry"] == "none":
        return Features(pd.DataFrame(frame), None)
    shapes = np.array(frame.geometry.array, dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    return Features(pd.DataFrame(frame.drop(columns=frame.geometry.name)), _alike(shapes))


def _alike(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Let all be of many parts where some are: programs want one kind of geometry in a layer."""
    kinds = shapely.get_type_id(shapes)
    for single, many, gather in GATHERED:
        if {single, many} <= set(kinds.tolist()):
            shapes[kinds == single] = [gather([each]) for each in shapes[kinds == single]]
    return shapes


def _one_kind(values: list[Any]) -> list[Any]:
    """Write whole numbers like the others: GDAL takes a column's kind from its first ten values."""
    if not any(isinstance(value, float) for value in values):
        return values
    return [float(value) if type(value) is int else value for value in values]


def _column(values: "pd.Series[Any]") -> filters.Column:
    missing = values.isna().to_numpy(dtype=bool)
    if pd.api.types.is_bool_dtype(values.dtype):
        return filters.Column("boolean", values.to_numpy(dtype=bool, na_value=False), missing)
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        return filters.Column("number", numbers, missing)
    texts = np.empty(len(values), dtype=object)
    texts[:] = [
        None if gone else str(text)
        for text, gone in zip(values.astype(object), missing, strict=True)
    ]
    flags = [text for text in values.astype(object)[~missing] if not isinstance(text, bool)]
    if len(values) > missing.sum() and not flags:
        return filters.Column("boolean", texts == "True", missing)
    return filters.Column("string", texts, missing)


def _equal(name: str, column: filters.Column, text: str) -> NDArray[np.bool_]:
    if column.kind == "boolean":
        if text not in ("true", "false"):
            raise GeoEngineError(f"{name} must be true or false, not '{text[:60]}'")
        return np.asarray(~column.missing & (column.values == (text == "true")))
    if column.kind == "string":
        return np.asarray(column.values == text)
    try:
        return np.asarray(column.values == float(text))
    except ValueError:
        raise GeoEngineError(f"{name} must be a number, not '{text[:60]}'") from None


def _order(
    column: filters.Column, rows: NDArray[np.int64], *, descending: bool
) -> NDArray[np.int64]:
    """Return the rows' order, equal ones as they stand; missing values come last either way."""
    missing = column.missing[rows]
    known = np.flatnonzero(~missing)
    _, rank = np.unique(column.values[rows][known], return_inverse=True)
    order = np.argsort(-rank if descending else rank, kind="stable")
    return np.concatenate((known[order], np.flatnonzero(missing)))


def _placer(crs: str) -> Callable[[Any], Any]:
    """Return what turns a geometry of a CRS into longitude and latitude."""
    if crs == CRS84:
        return lambda shape: shape
    # Not always_xy: geometries come in the CRS's own order of axes.
    turn = pyproj.Transformer.from_crs(code_of(crs), "OGC:CRS84")

    def place(shape: Any) -> Any:
        placed = shapely.transform(shape, lambda xy: np.column_stack(turn.transform(*xy.T)))
        if not np.isfinite(shapely.get_coordinates(placed)).all():
            raise GeoEngineError(f"a box or geometry lies outside of what {code_of(crs)} covers")
        return placed

    return place


def _shapes(shapes: NDArray[np.object_], crs: str) -> list[str]:
    frame = gpd.GeoDataFrame(geometry=list(shapes), crs="OGC:CRS84")
    if crs == CRS84:
        return exports.geojson_shapes(frame, DEGREE_DECIMALS, strict=True)
    turn = pyproj.Transformer.from_crs("OGC:CRS84", code_of(crs))
    geographic = pyproj.CRS(code_of(crs)).is_geographic
    turned = shapely.transform(
        np.array(frame.geometry.array, dtype=object),
        lambda xy: np.column_stack(turn.transform(*xy.T)),
    )
    told = gpd.GeoDataFrame(geometry=turned)
    return exports.geojson_shapes(told, DEGREE_DECIMALS if geographic else METRE_DECIMALS)
