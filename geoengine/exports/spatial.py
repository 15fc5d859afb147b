"""Writers of the formats that GIS programs read; equal layers make equal files."""

import contextlib
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geoengine.exports.values import (
    collection,
    compact,
    geojson_shapes,
    plain,
    with_unit,
    write_text,
)

FILE_DECIMALS = 6
"""Of a degree, about a decimetre, as RFC 7946 advises."""
UNTIMED = "1970-01-01T00:00:00.000Z"
"""Written as the time of change, so that equal layers make equal files."""


def write_geojson(frame: Any, _entry: Mapping[str, Any], facts: str, out: Path) -> None:
    """Write RFC 7946: right-handed rings, six decimals, no member 'crs'; the facts are a member."""
    names = [str(name) for name in frame.columns if name != "geometry"]
    rows = zip(*(plain(frame[name]) for name in names), strict=True)
    shapes = geojson_shapes(frame, FILE_DECIMALS, strict=True)
    id_name = str(frame.index.name)
    features = (
        f'{{"type":"Feature","id":{compact(str(at))},"properties":'
        f'{compact({id_name: str(at), **dict(zip(names, row, strict=True))})},"geometry":{shape}}}'
        for at, row, shape in zip(frame.index, rows, shapes, strict=True)
    )
    write_text(out, collection(features, f'"metadata":{compact(json.loads(facts))},'))


def write_parquet(frame: Any, entry: Mapping[str, Any], facts: str, out: Path) -> None:
    """Write GeoParquet, or Parquet where there are no shapes; the facts are a key of the file."""
    import pyarrow.parquet as pq

    if entry["geometry"] == "none":
        frame.to_parquet(out)
    else:
        frame.to_parquet(out, schema_version="1.1.0", write_covering_bbox=True)
    if facts:
        table = pq.read_table(out)
        known = {**(table.schema.metadata or {}), b"geoengine": facts.encode()}
        pq.write_table(table.replace_schema_metadata(known), out)


def write_flatgeobuf(frame: Any, entry: Mapping[str, Any], facts: str, out: Path) -> None:
    """Write FlatGeobuf; the facts are in its header."""
    # A spatial index has no place for a feature without geometry.
    indexed = "NO" if frame.geometry.isna().any() or not len(frame) else "YES"
    _write_gdal(
        frame,
        entry,
        out,
        driver="FlatGeobuf",
        layer_metadata={"geoengine": compact(json.loads(facts))},
        layer_options={
            "SPATIAL_INDEX": indexed,
            "TITLE": str(entry["title"]),
            "DESCRIPTION": str(entry["method"]),
        },
    )


def write_geopackage(frame: Any, entry: Mapping[str, Any], facts: str, out: Path) -> None:
    """Write a GeoPackage with the columns' titles, and the facts as its metadata."""
    _write_gdal(
        frame,
        entry,
        out,
        driver="GPKG",
        dataset_options={"VERSION": "1.2"},
        layer_options={"IDENTIFIER": str(entry["title"]), "DESCRIPTION": str(entry["method"])},
    )
    with contextlib.closing(sqlite3.connect(out)) as package, package:
        package.executescript(_EXTENSIONS)
        package.executemany(
            "INSERT INTO gpkg_data_columns (table_name, column_name, name, title)"
            " VALUES (?, ?, ?, ?)",
            [(entry["layer_id"], name, said, said) for name, said in _titles(entry).items()],
        )
        package.execute(
            "INSERT INTO gpkg_metadata (id, md_scope, md_standard_uri, mime_type, metadata)"
            " VALUES (1, 'dataset', 'https://json-schema.org', 'application/json', ?)",
            (facts,),
        )
        package.execute(
            "INSERT INTO gpkg_metadata_reference"
            " (reference_scope, table_name, timestamp, md_file_id) VALUES ('table', ?, ?, 1)",
            (entry["layer_id"], UNTIMED),
        )


def _titles(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return each column's title with its unit; one that is not unique names its column too."""
    titles: dict[str, str] = {}
    for column in entry["columns"]:
        said = with_unit(column)
        name = column["name"]
        titles[name] = f"{said} [{name}]" if said in titles.values() else said
    return titles


_EXTENSIONS = """
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
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT ''
);
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL, md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id)
);
INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_metadata', NULL, 'gpkg_metadata',
   'http://www.geopackage.org/spec121/#extension_metadata', 'read-write'),
  ('gpkg_metadata_reference', NULL, 'gpkg_metadata',
   'http://www.geopackage.org/spec121/#extension_metadata', 'read-write');
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
