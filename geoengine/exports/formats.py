"""The formats that layers are exported in."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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
        Format(
            "xlsx",
            "Excel",
            ".xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            needs_geometry=False,
        ),
        Format("parquet", "GeoParquet", ".parquet", "application/x-parquet", needs_geometry=False),
        Format("fgb", "FlatGeobuf", ".fgb", "application/flatgeobuf", needs_geometry=True),
    )
}


def formats_of(entry: Mapping[str, Any]) -> list[Format]:
    """Return the formats that a layer can be exported in, given its description."""
    placed = entry["geometry"] != "none"
    return [form for form in FORMATS.values() if placed or not form.needs_geometry]


def format_of(out: Path) -> str:
    """Return the format that a file's name says, or its bare ending where no format has it."""
    suffix = out.suffix.lower()
    named = {form.suffix: form.key for form in FORMATS.values()}
    return named.get(suffix, suffix.lstrip("."))
