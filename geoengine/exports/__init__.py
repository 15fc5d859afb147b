"""Layers go out: to the web map's files, and to the formats that analysts ask for."""

from geoengine.exports.drawn import write_layer, write_shapes
from geoengine.exports.files import (
    check_format,
    convert,
    metadata,
    readable,
    write,
    write_alone,
    write_table,
)
from geoengine.exports.formats import FORMATS, Format, format_of, formats_of
from geoengine.exports.rows import write_rows
from geoengine.exports.values import defused, geojson_shapes, plain

__all__ = [
    "FORMATS",
    "Format",
    "check_format",
    "convert",
    "defused",
    "format_of",
    "formats_of",
    "geojson_shapes",
    "metadata",
    "plain",
    "readable",
    "write",
    "write_alone",
    "write_layer",
    "write_rows",
    "write_shapes",
    "write_table",
]
