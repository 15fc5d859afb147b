"""Layers go out: to the web map's files, and to the formats that analysts ask for."""

import contextlib
import csv
import json
import math
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoengine.errors import Fault, ResultsError, TableError, UnknownFormatError
from geoengine.layers import Layer, legend

if TYPE_CHECKING:
    import geopandas as gpd

WGS84 = "EPSG:4326"
MAP_DECIMALS = 5
"""Of a degree, about a metre: what the web map draws."""
FILE_DECIMALS = 6
"""Of a degree, about a decimetre, as RFC 7946 advises."""
VALUE_DECIMALS = 6
UNTIMED = "1970-01-01T00:00:00.000Z"
"""Written as the time of change, so that equal layers make equal files."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
RESERVED = {"class", "state", "class_key", "geometry", "longitude", "latitude", "fid", "bbox"}


@dataclass(frozen=True)
class Format:
    """
    A file format that layers are exported in.

    Parameters
    ----------
    key
        What it is asked for by.
    title
        What a download link calls it.
    suffix
        Of the file's name, with its dot.
    media_type
        For the web.
    needs_geometry
        Whether a layer without geometry cannot be written in it.
    """

    key: str
    title: str
    suffix: str
    media_type: str
    needs_geometry: bool


FORMATS = {
    form.key: form
    for form in (
        Format("geojson", "GeoJSON", ".geojson", "application/geo+json", needs_geometry=True),
        Format(
            "gpkg", "GeoPackage", ".gpkg", "application/geopackage+sqlite3", needs_geometry=True
        ),
        Format("csv", "CSV", ".csv", "text/csv; charset=utf-8", needs_geometry=False),
        Format("parquet", "GeoParquet", ".parquet", "application/x-parquet", needs_geometry=False),
        Format("fgb", "FlatGeobuf", ".fgb", "application/flatgeobuf", needs_geometry=True),
    )
}


# ------------------------------------------------------------ for the web map


def write_layer(layer: Layer, folder: Path) -> dict[str, Any]:
    """
    Write a layer's table, geometry and values, and return its description.

    Parameters
    ----------
    layer
        Its geometry may be in any CRS; files are in longitude and latitude.
    folder
        Where `<layer_id>.parquet` (lossless), `.geometry.json` and `.values.json` are written.

    Returns
    -------
    dict
        What `layers.json` says of it. Numbers that are NaN or infinite are null in
        `.values.json`; the class of the feature says which state that is.

    Raises
    ------
    TableError
        If the table lacks a column that the layer names, an id stands twice, or a feature's
        class is not in the legend.
    """
    _check(layer)
    frame = _table(layer)
    described = _describe(layer, frame)
    path = folder / f"{layer.layer_id}.parquet"
    if layer.geometry == "none":
        frame.to_parquet(path)
    else:
        frame.to_parquet(path, schema_version="1.1.0")
        _write_text(folder / f"{layer.layer_id}.geometry.json", _map_geometry(frame))
    values = {
        "ids": [str(name) for name in frame.index],
        "class_key": plain(frame["class_key"]),
        "columns": {
            str(name): plain(frame[name])
            for name in frame.columns
            if name not in ("class_key", "geometry")
        },
    }
    _write_text(folder / f"{layer.layer_id}.values.json", [_compact(values)])
    return described


def _check(layer: Layer) -> None:
    frame, faults = layer.frame, []
    missing = [name for name in ("class_key", *_shown(layer)) if name not in frame.columns]
    faults += [f"no column '{name}'" for name in missing]
    faults += [f"a column may not be called '{name}'" for name in _shown(layer) if name in RESERVED]
    twice = frame.index[frame.index.duplicated()]
    faults += [f"'{name}' stands more than once" for name in twice[:3]]
    if "class_key" in frame.columns:
        known = [step.key for step in layer.classes]
        strange = sorted({str(key) for key in frame["class_key"].unique() if key not in known})
        faults += [f"'{key}' is not a class of its legend" for key in strange]
    if layer.geometry != "none" and getattr(frame, "crs", None) is None:
        faults.append("no geometry with a coordinate reference system")
    if faults:
        raise TableError(Fault(f"layer {layer.layer_id}", 0, fault) for fault in faults)


def _shown(layer: Layer) -> list[str]:
    names = [column.name for column in layer.columns]
    names += [layer.value, layer.people, layer.sentence]
    return list(dict.fromkeys(name for name in names if name))


def _table(layer: Layer) -> Any:
    names = ["class_key", *_shown(layer)]
    if layer.geometry == "none":
        frame = pd.DataFrame(layer.frame[names])
    else:
        import geopandas as gpd

        shapes = layer.frame.geometry.to_crs(WGS84)
        frame = gpd.GeoDataFrame(layer.frame[names], geometry=shapes)
    return frame.rename_axis(index=layer.frame.index.name or "id")


def _describe(layer: Layer, frame: Any) -> dict[str, Any]:
    bounds = None
    if layer.geometry != "none":
        found = [round(float(side), FILE_DECIMALS) for side in frame.total_bounds]
        bounds = found if all(map(math.isfinite, found)) else None
    return {
        "layer_id": layer.layer_id,
        "title": layer.title,
        "question": layer.question,
        "geometry": layer.geometry,
        "value": layer.value,
        "unit": layer.unit,
        "palette": layer.palette,
        "classes": legend(layer),
        "columns": [
            {"name": column.name, "title": column.title, "unit": column.unit}
            for column in layer.columns
        ],
        "sentence": layer.sentence,
        "people": layer.people,
        "people_title": layer.people_title,
        "attribution": list(layer.attribution),
        "findings": list(layer.findings),
        "method": layer.method,
        "as_of": dict(layer.as_of),
        "features": len(frame),
        "bounds": bounds,
    }


def _map_geometry(frame: "gpd.GeoDataFrame") -> Iterator[str]:
    shapes = geojson_shapes(frame, MAP_DECIMALS)
    features = (
        f'{{"type":"Feature","id":{_compact(str(name))},"properties":{{}},"geometry":{shape}}}'
        for name, shape in zip(frame.index, shapes, strict=True)
    )
    return _collection(features)


def write_shapes(frame: "gpd.GeoDataFrame", path: Path) -> None:
    """
    Write a table of shapes that stands under the layers: GeoJSON with its columns as properties.

    Parameters
    ----------
    frame
        Geometry in any CRS; other columns are text, missing where there is none.
    path
        The file, in longitude and latitude.
    """
    frame = frame.to_crs(WGS84)
    names = [name for name in frame.columns if name != "geometry"]
    told = zip(*(plain(frame[name]) for name in names), strict=True)
    shapes = geojson_shapes(frame, MAP_DECIMALS)
    features = (
        f'{{"type":"Feature","properties":{_compact(dict(zip(names, values, strict=True)))},'
        f'"geometry":{shape}}}'
        for values, shape in zip(told, shapes, strict=True)
    )
    _write_text(path, _collection(features))


# -------------------------------------------------------------- for downloads


def formats_of(entry: Mapping[str, Any]) -> list[Format]:
    """Return the formats that a layer can be exported in, given its description."""
    placed = entry["geometry"] != "none"
    return [form for form in FORMATS.values() if placed or not form.needs_geometry]


def format_of(out: Path) -> str:
    """Return the format that a file's name says, or its bare ending where no format has it."""
    suffix = out.suffix.lower()
    named = {form.suffix: form.key for form in FORMATS.values()}
    return named.get(suffix, suffix.lstrip("."))


def convert(
    parquet: Path, entry: Mapping[str, Any], fmt: str, out: Path, *, run: str = ""
) -> tuple[Path, Path]:
    """
    Write a layer of a finished run in a format that other programs read.

    All formats are in longitude and latitude and have the same columns: the feature's id,
    `class` as the legend calls it, `state` (empty where there is a value), then the layer's own.
    What is missing or infinite is null, never a number. Equal layers make equal files.

    Parameters
    ----------
    parquet
        The layer's lossless table.
    entry
        Its description, from `layers.json`.
    fmt
        A key of `FORMATS`.
    out
        The file to be written; it appears when it is complete.
    run
        The run's id, for the metadata.

    Returns
    -------
    tuple of pathlib.Path
        The file, and `<file>.metadata.json` beside it: title, method, sources, vintages, what
        each column and class means.

    Raises
    ------
    UnknownFormatError
        If layers, or layers without geometry, are not exported in that format.
    ResultsError
        If the table is missing or the file cannot be written.
    """
    if fmt not in FORMATS:
        raise UnknownFormatError(
            f"Layers are not exported as '{fmt}'. Choose one of: {', '.join(FORMATS)}"
        )
    if FORMATS[fmt] not in formats_of(entry):
        allowed = ", ".join(form.key for form in formats_of(entry))
        raise UnknownFormatError(
            f"The layer '{entry['layer_id']}' has no places on the map, so it is not exported as "
            f"{FORMATS[fmt].title}. Choose one of: {allowed}"
        )
    sidecar = out.with_name(out.name + ".metadata.json")
    try:
        frame = readable(parquet, entry)
        with tempfile.TemporaryDirectory(suffix=".partial", dir=out.parent) as folder:
            partial = Path(folder) / out.name
            _WRITERS[fmt](frame, entry, partial)
            _write_text(Path(folder) / sidecar.name, [_metadata(entry, out.name, run)])
            (Path(folder) / sidecar.name).replace(sidecar)
            partial.replace(out)
    except OSError as error:
        raise ResultsError(
            f"{out}: could not export the layer '{entry['layer_id']}': {error.strerror or error}"
        ) from error
    return out, sidecar


def write_alone(layer: Layer, out: Path) -> None:
    """
    Write a layer of no run to a file of the format that its name says.

    Raises
    ------
    UnknownFormatError
        If the name says no known format.
    ResultsError
        If the file cannot be written.
    """
    with tempfile.TemporaryDirectory() as folder:
        entry = write_layer(layer, Path(folder))
        convert(Path(folder) / f"{layer.layer_id}.parquet", entry, format_of(out), out)


def write_table(frame: pd.DataFrame, out: Path) -> None:
    """
    Write a table without geometry as CSV or Parquet, as the file's name says.

    Parameters
    ----------
    frame
        The table, with a named index. What is missing stays empty.
    out
        The file to be written; it appears when it is complete.

    Raises
    ------
    UnknownFormatError
        If the name says neither.
    ResultsError
        If the file cannot be written.
    """
    chosen = format_of(out)
    if chosen not in ("csv", "parquet"):
        raise UnknownFormatError(f"{out}: tables are written as .csv or .parquet")
    try:
        with tempfile.TemporaryDirectory(suffix=".partial", dir=out.parent) as folder:
            partial = Path(folder) / out.name
            _WRITERS[chosen](frame, {"geometry": "none"}, partial)
            partial.replace(out)
    except OSError as error:
        raise ResultsError(f"{out}: could not be written: {error.strerror or error}") from error


def readable(parquet: Path, entry: Mapping[str, Any]) -> Any:
    """Spell out classes and states, and let nothing but numbers be a number."""
    if entry["geometry"] == "none":
        frame: Any = pd.read_parquet(parquet)
    else:
        import geopandas as gpd

        frame = gpd.read_parquet(parquet)
    labels = {step["key"]: step["label"] for step in entry["classes"]}
    states = {step["key"]: step["label"] for step in entry["classes"] if step["state"]}
    keys = frame.pop("class_key")
    frame.insert(0, "class", keys.map(labels).astype(object))
    frame.insert(1, "state", keys.map(states).astype(object))
    for name in frame.select_dtypes("floating").columns:
        frame[name] = frame[name].where(np.isfinite(frame[name])).round(VALUE_DECIMALS)
    return frame


_METADATA = (
    *("layer_id", "title", "question", "value", "unit", "columns", "classes", "sentence"),
    *("people", "people_title", "findings", "attribution", "method", "as_of", "features"),
)


def _metadata(entry: Mapping[str, Any], name: str, run: str) -> str:
    said = {"file": name, **{key: entry[key] for key in _METADATA}}
    if entry["geometry"] != "none":
        said["crs"] = "WGS 84, longitude and latitude in degrees (OGC:CRS84)"
    if run:
        said["run"] = run
    return json.dumps(said, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _write_geojson(frame: Any, _entry: Mapping[str, Any], out: Path) -> None:
    """Write RFC 7946: right-handed rings, six decimals, no member 'crs'."""
    names = [str(name) for name in frame.columns if name != "geometry"]
    rows = zip(*(plain(frame[name]) for name in names), strict=True)
    shapes = geojson_shapes(frame, FILE_DECIMALS, strict=True)
    id_name = str(frame.index.name)
    features = (
        f'{{"type":"Feature","id":{_compact(str(at))},"properties":'
        f'{_compact({id_name: str(at), **dict(zip(names, row, strict=True))})},"geometry":{shape}}}'
        for at, row, shape in zip(frame.index, rows, shapes, strict=True)
    )
    _write_text(out, _collection(features))


def _write_csv(frame: Any, entry: Mapping[str, Any], out: Path) -> None:
    """Write what a spreadsheet opens as text and numbers, and never as a formula."""
    columns: dict[str, Sequence[Any]] = {str(frame.index.name): [str(at) for at in frame.index]}
    for name in frame.columns:
        if name != "geometry":
            columns[str(name)] = plain(frame[name])
    if entry["geometry"] == "point":
        columns["longitude"] = plain(frame.geometry.x)
        columns["latitude"] = plain(frame.geometry.y)
    # Excel reads a file as UTF-8 only if it starts with a byte order mark.
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, lineterminator="\r\n")
        lines.writerow([defused(name) for name in columns])
        for row in zip(*columns.values(), strict=True):
            lines.writerow([defused(cell) for cell in row])


def _write_parquet(frame: Any, entry: Mapping[str, Any], out: Path) -> None:
    if entry["geometry"] == "none":
        frame.to_parquet(out)
    else:
        frame.to_parquet(out, schema_version="1.1.0", write_covering_bbox=True)


def _write_flatgeobuf(frame: Any, entry: Mapping[str, Any], out: Path) -> None:
    # A spatial index has no place for a feature without geometry.
    indexed = "NO" if frame.geometry.isna().any() or not len(frame) else "YES"
    _write_gdal(
        frame,
        entry,
        out,
        driver="FlatGeobuf",
        layer_options={"SPATIAL_INDEX": indexed, "TITLE": entry["title"]},
    )


def _write_geopackage(frame: Any, entry: Mapping[str, Any], out: Path) -> None:
    _write_gdal(
        frame,
        entry,
        out,
        driver="GPKG",
        dataset_options={"VERSION": "1.2"},
        layer_options={"IDENTIFIER": entry["title"], "DESCRIPTION": entry["method"]},
    )
    with contextlib.closing(sqlite3.connect(out)) as package, package:
        package.executescript(_SCHEMA_EXTENSION)
        package.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, name, title)"
            " VALUES (?, ?, ?, ?)",
            [(entry["layer_id"], name, said, said) for name, said in _titles(entry).items()],
        )


def _titles(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return each column's title with its unit; one that is not unique names its column too."""
    titles: dict[str, str] = {}
    for column in entry["columns"]:
        said = _with_unit(column)
        name = column["name"]
        titles[name] = f"{said} [{name}]" if said in titles.values() else said
    return titles


def _with_unit(column: Mapping[str, str]) -> str:
    return f"{column['title']} ({column['unit']})" if column["unit"] else column["title"]


_SCHEMA_EXTENSION = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
"""


def _write_gdal(frame: Any, entry: Mapping[str, Any], out: Path, **options: Any) -> None:
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": UNTIMED})
    kinds = {"polygon": "MultiPolygon", "line": "MultiLineString", "point": "Point"}
    pyogrio.write_dataframe(
        frame.reset_index(),
        out,
        layer=entry["layer_id"],
        geometry_type=kinds[entry["geometry"]],
        promote_to_multi=entry["geometry"] != "point",
        **options,
    )


_WRITERS = {
    "geojson": _write_geojson,
    "gpkg": _write_geopackage,
    "csv": _write_csv,
    "parquet": _write_parquet,
    "fgb": _write_flatgeobuf,
}


# --------------------------------------------------------------- plain values


def plain(column: pd.Series) -> list[Any]:
    """
    Return a column as what JSON can say: text, numbers, flags, and `None` for what is missing.

    Numbers are rounded to six decimals; whole ones are whole; infinite ones are `None`.

    Examples
    --------
    >>> plain(pd.Series([1.0, 0.12345678, np.inf, np.nan]))
    [1, 0.123457, None, None]
    >>> plain(pd.Series(["Rhyl", None]))
    ['Rhyl', None]
    """
    if column.dtype.kind == "f":
        numbers = column.to_numpy(dtype=float, na_value=np.nan).round(VALUE_DECIMALS)
        return [_number(number) for number in numbers.tolist()]
    missing = column.isna().to_numpy(dtype=bool)
    values = column.astype(object).tolist()
    return [None if gone else _item(value) for value, gone in zip(values, missing, strict=True)]


def _number(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else value


def _item(value: Any) -> Any:
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return _number(round(float(value), VALUE_DECIMALS))
    return str(value)


def defused(cell: Any) -> Any:
    """
    Keep a spreadsheet from running text as a formula.

    References
    ----------
    OWASP, CSV Injection. https://owasp.org/www-community/attacks/CSV_Injection

    Examples
    --------
    >>> defused("=HYPERLINK(A1)"), defused("Little Acorns"), defused(-3)
    ("'=HYPERLINK(A1)", 'Little Acorns', -3)
    """
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def geojson_shapes(frame: "gpd.GeoDataFrame", decimals: int, *, strict: bool = False) -> list[str]:
    """
    Return each geometry as GeoJSON text, or "null".

    Strict ones have right-handed rings and stay valid when they are rounded.
    """
    import shapely

    shapes = np.array(frame.geometry.array, dtype=object)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    shapes[empty] = None
    # Adding zero turns -0.0 to 0.0.
    rounded = shapely.transform(shapes, lambda points: np.round(points, decimals) + 0.0)
    if strict:
        broken = ~empty & ~shapely.is_valid(rounded) & shapely.is_valid(shapes)
        mended = shapely.set_precision(shapes[broken], 10.0**-decimals)
        rounded[broken] = np.where(shapely.is_empty(mended), rounded[broken], mended)
        rounded = shapely.orient_polygons(rounded)
    return [text or "null" for text in shapely.to_geojson(rounded)]


def _collection(features: Iterable[str]) -> Iterator[str]:
    yield '{"type":"FeatureCollection","features":['
    for number, feature in enumerate(features):
        yield (",\n" if number else "\n") + feature
    yield "\n]}\n"


def _compact(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _write_text(path: Path, pieces: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces)
