"""A layer as a file to keep, with what is known of it inside the file and beside it."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoengine.errors import ResultsError, UnknownFormatError
from geoengine.exports import sheets, spatial
from geoengine.exports.drawn import write_layer
from geoengine.exports.formats import FORMATS, format_of, formats_of
from geoengine.exports.values import rounded, without_noise, write_text
from geoengine.layers import Layer

WRITERS = {
    "geojson": spatial.write_geojson,
    "gpkg": spatial.write_geopackage,
    "csv": sheets.write_csv,
    "xlsx": sheets.write_xlsx,
    "parquet": spatial.write_parquet,
    "fgb": spatial.write_flatgeobuf,
}
TOLD = (
    *("layer_id", "title", "question", "value", "unit", "columns", "classes", "sentence"),
    *("people", "people_title", "findings", "attribution", "method", "as_of"),
)


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
    check_format(entry, fmt)
    try:
        frame = readable(parquet, entry)
    except OSError as error:
        raise _failed(entry, out, error) from error
    return write(frame, entry, fmt, out, facts={"run": run} if run else {})


def write(
    frame: Any, entry: Mapping[str, Any], fmt: str, out: Path, *, facts: Mapping[str, Any]
) -> tuple[Path, Path]:
    """
    Write rows of a layer, as `readable` has them, in a format that other programs read.

    Parameters
    ----------
    frame
        The rows, in the order to be written.
    entry
        The layer's description, from `layers.json`.
    fmt
        A key of `FORMATS`.
    out
        The file to be written; it appears when it is complete.
    facts
        What else its metadata say, as plain values.

    Returns
    -------
    tuple of pathlib.Path
        The file, and `<file>.metadata.json` beside it. The same metadata are inside a GeoJSON
        (member `metadata`), a GeoPackage (`gpkg_metadata`), a workbook (sheet `about`), a
        Parquet file (key `geoengine`) and a FlatGeobuf (item `geoengine` of the header).
        `content_sha256` is the SHA-256 of the same rows as CSV, so that it is the same whatever
        the format.

    Raises
    ------
    UnknownFormatError
        If layers, or layers without geometry, are not exported in that format.
    ResultsError
        If the file cannot be written.
    """
    check_format(entry, fmt)
    sidecar = out.with_name(out.name + ".metadata.json")
    told = metadata(frame, entry, facts)
    try:
        with tempfile.TemporaryDirectory(suffix=".partial", dir=out.parent) as folder:
            partial = Path(folder) / out.name
            WRITERS[fmt](frame, entry, _indented(told), partial)
            write_text(Path(folder) / sidecar.name, [_indented({"file": out.name, **told})])
            (Path(folder) / sidecar.name).replace(sidecar)
            partial.replace(out)
    except OSError as error:
        raise _failed(entry, out, error) from error
    return out, sidecar


def check_format(entry: Mapping[str, Any], fmt: str) -> None:
    """
    Refuse a format that a layer is not exported in.

    Raises
    ------
    UnknownFormatError
        If layers, or layers without geometry, are not exported in it.
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


def metadata(frame: Any, entry: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a file says of itself: the layer's description, the facts, and a hash."""
    said = {key: entry[key] for key in TOLD} | {"features": len(frame)}
    if entry["geometry"] != "none":
        said["crs"] = "WGS 84, longitude and latitude in degrees (OGC:CRS84)"
    content = hashlib.sha256(sheets.as_csv(frame, entry)).hexdigest()
    return {**said, **facts, "content_sha256": content}


def _indented(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _failed(entry: Mapping[str, Any], out: Path, error: OSError) -> ResultsError:
    return ResultsError(
        f"{out}: could not export the layer '{entry['layer_id']}': {error.strerror or error}"
    )


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
            WRITERS[chosen](without_noise(frame), {"geometry": "none"}, "", partial)
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
    labels = {step["key"]: str(step["label"]) for step in entry["classes"]}
    states = {step["key"]: str(step["label"]) for step in entry["classes"] if step["state"]}
    keys = frame.pop("class_key")
    frame.insert(0, "class", keys.map(labels).astype(object))
    frame.insert(1, "state", keys.map(states).astype(object))
    for name in frame.select_dtypes("floating").columns:
        frame[name] = rounded(frame[name].where(np.isfinite(frame[name])).to_numpy(dtype=float))
    return frame
