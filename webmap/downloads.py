"""Layers as files to keep: the formats offered, made when they are asked for."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webmap.delivery import Body
from webmap.results import Snapshot


@dataclass(frozen=True)
class Offer:
    """
    A format that layers are offered in, as `geoengine.exports.FORMATS` has it.

    The page names the formats without importing the exports, which take a second to import.

    Parameters
    ----------
    key
        What the format is asked for by.
    title
        What the link says.
    suffix
        Of the file's name.
    placed
        Whether only layers with shapes are offered in it.
    """

    key: str
    title: str
    suffix: str
    placed: bool


OFFERS = (
    Offer("geojson", "GeoJSON", ".geojson", placed=True),
    Offer("gpkg", "GeoPackage", ".gpkg", placed=True),
    Offer("csv", "CSV", ".csv", placed=False),
    Offer("xlsx", "Excel", ".xlsx", placed=False),
    Offer("parquet", "GeoParquet", ".parquet", placed=False),
    Offer("fgb", "FlatGeobuf", ".fgb", placed=True),
)


def offers(entry: Mapping[str, Any]) -> list[Offer]:
    """Return the formats that a layer is offered in."""
    return [offer for offer in OFFERS if entry["geometry"] != "none" or not offer.placed]


def file_name(run: Snapshot, layer_id: str, suffix: str) -> str:
    """Return what a downloaded file is called."""
    return f"{layer_id}-{run.run}{suffix}"


def make(run: Snapshot, layer_id: str, fmt: str, *, metadata: bool) -> tuple[str, Body]:
    """
    Return a layer in a format, or the metadata that go with it.

    Parameters
    ----------
    run
        The run.
    layer_id, fmt
        The layer's and the format's key.
    metadata
        Whether the metadata are asked for instead of the layer.

    Returns
    -------
    tuple of str, Body
        The file's name and its content.

    Raises
    ------
    UnknownLayerError, UnknownFormatError
        If there is no such layer, or it isn't exported in that format.
    ResultsError
        If the layer can't be read or written.
    """
    from geoengine import exports

    entry = run.layer(layer_id)
    form = exports.FORMATS.get(fmt)
    name = file_name(run, entry["layer_id"], form.suffix if form else "")
    wanted = f"{name}.metadata.json" if metadata else name
    if wanted not in run.bodies:
        table = run.folder / f"{entry['layer_id']}.parquet"
        with tempfile.TemporaryDirectory() as folder:
            exports.convert(table, entry, fmt, Path(folder) / name, run=run.run)
            for path in Path(folder).iterdir():
                run.bodies[path.name] = Body(path.read_bytes(), _media_type(path, fmt))
    return wanted, run.bodies[wanted]


def _media_type(path: Path, fmt: str) -> str:
    from geoengine import exports

    if path.name.endswith(".metadata.json"):
        return "application/json"
    return exports.FORMATS[fmt].media_type
