"""What the web map draws: a layer's geometry and values apart, and the shapes beneath."""

import hashlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geoengine.degrees import WGS84
from geoengine.errors import Fault, TableError
from geoengine.exports.values import (
    collection,
    compact,
    geojson_shapes,
    plain,
    without_noise,
    write_text,
)
from geoengine.layers import Layer, legend

if TYPE_CHECKING:
    import geopandas as gpd

MAP_DECIMALS = 5
"""Of a degree, about a metre."""
BOUNDS_DECIMALS = 6
CHANCE_UNIT = "probability"
RESERVED = {"class", "state", "class_key", "geometry", "longitude", "latitude", "fid", "bbox"}


def write_layer(layer: Layer, folder: Path) -> dict[str, Any]:
    """
    Write a layer's table, geometry and values, and return its description.

    Parameters
    ----------
    layer
        Its geometry may be in any CRS; files are in longitude and latitude.
    folder
        Where `<layer_id>.parquet` (lossless), `<layer_id>.values.json` and
        `<shapes>.geometry.json` are written; layers of the same shapes share that file.

    Returns
    -------
    dict
        What `layers.json` says of it; `shapes` is 16 hexadecimal digits that change whenever the
        shapes do, null where it has none. Numbers that are NaN or infinite are null in
        `.values.json`; the class of the feature says which state that is.

    Raises
    ------
    TableError
        If the table lacks a column that the layer names, an id stands twice, or a feature's
        class is not in the legend.
    """
    _check(layer)
    frame = _table(layer)
    described = _describe(layer, frame) | {"shapes": None}
    path = folder / f"{layer.layer_id}.parquet"
    if layer.geometry == "none":
        frame.to_parquet(path)
    else:
        frame.to_parquet(path, schema_version="1.1.0")
        described["shapes"] = _write_geometry(frame, folder)
    values = {
        "ids": [str(name) for name in frame.index],
        "class_key": plain(frame["class_key"]),
        "columns": {
            str(name): plain(frame[name])
            for name in frame.columns
            if name not in ("class_key", "geometry")
        },
    }
    write_text(folder / f"{layer.layer_id}.values.json", [compact(values)])
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
    chances = [column.name for column in layer.columns if column.unit == CHANCE_UNIT]
    return without_noise(frame, chances=chances).rename_axis(index=layer.frame.index.name or "id")


def _describe(layer: Layer, frame: Any) -> dict[str, Any]:
    bounds = None
    if layer.geometry != "none":
        found = [round(float(side), BOUNDS_DECIMALS) for side in frame.total_bounds]
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


def _write_geometry(frame: "gpd.GeoDataFrame", folder: Path) -> str:
    """Write shapes under a name of their own, unless they stand there already."""
    text = "".join(_map_geometry(frame.sort_index()))
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    path = folder / f"{name}.geometry.json"
    if not path.exists():
        write_text(path, [text])
    return name


def _map_geometry(frame: "gpd.GeoDataFrame") -> Iterator[str]:
    shapes = geojson_shapes(frame, MAP_DECIMALS)
    features = (
        f'{{"type":"Feature","id":{compact(str(name))},"properties":{{}},"geometry":{shape}}}'
        for name, shape in zip(frame.index, shapes, strict=True)
    )
    return collection(features)


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
        f'{{"type":"Feature","properties":{compact(dict(zip(names, values, strict=True)))},'
        f'"geometry":{shape}}}'
        for values, shape in zip(told, shapes, strict=True)
    )
    write_text(path, collection(features))
