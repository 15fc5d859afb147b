"""No content of a file, however strange, brings anything but a sentence for its owner."""

import contextlib
import io
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoengine import errors
from geoengine.sources import boundaries, indicators, population, postcodes, provision

BNG = "EPSG:27700"
SUFFIXES = (".csv", ".xlsx", ".ods", ".parquet", ".geojson", ".gpkg", ".shp", ".zip", ".csv.gz")
STARTS = (
    b"",
    b"PK\x03\x04",
    b"PAR1",
    b"\x1f\x8b\x08",
    b"SQLite format 3\x00",
    b"fgb\x03fgb\x00",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b'{"type": "FeatureCollection", "features": [',
    b"<gml",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"LSOA21CD,0-4\nE01000001,",
    b"postcode,easting,northing\nPO30 1AE,",
)
QUICK = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def read_as_everything(path: Path) -> None:
    """Read a file with every reader; only errors made for the user may come out."""
    for read in (
        lambda: boundaries.read_areas(path, crs=BNG),
        lambda: boundaries.read_small_areas(path, crs=BNG),
        lambda: boundaries.read_authorities(path, crs=BNG),
        lambda: indicators.read_deprivation(path),
        lambda: population.read(path),
        lambda: postcodes.read(path, crs=BNG),
        lambda: provision.read(path, crs=BNG, service="nursery"),
    ):
        with contextlib.suppress(errors.GeoEngineError):
            read()


@QUICK
@given(st.sampled_from(STARTS), st.binary(max_size=400), st.sampled_from(SUFFIXES))
def test_any_bytes_bring_a_sentence_at_worst(tmp_path, start, content, suffix):
    path = tmp_path / f"any{suffix}"
    path.write_bytes(start + content)
    read_as_everything(path)


NAMES = st.sampled_from(
    [
        "LSOA21CD", "LSOA11CD", "OA21CD", "IMD_rank", "IMD_decile", "IMD_score", "Domain",
        "Data description", "Data values", "0-4", "F0", "M0", "age_0", "90+", "Total", "Sex",
        "C_AGE_NAME", "OBS_VALUE", "DATE", "postcode", "easting", "northing", "lat", "long",
        "doterm", "gridind", "URN", "Name", "Places", "Status", "Provider URN", "WIMD 2019", "",
    ]
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(
        [
            "E01000001", "E01000002", "W01002040", "S01006506", "95AA01S1", "E00000001", "1", "10",
            "0", "-1", "5.5", "1e309", "nan", "inf", "1,234", "12 places", "PO30 1AE", "BT1 5GS",
            "449784", "88480", "50.7", "-1.3", "Rank", "WIMD", "Age 0", "Aged 4 years and under",
            "All Ages", "Male", "Total", "2024", "Active", "Closed", "REDACTED", "c", "*", "=A1",
            "", " ", '"', "é", "\u2028", "E99999999", "#REF!", "true",
        ]
    ),
    st.text(max_size=6),
)  # fmt: skip
TABLES = st.lists(NAMES, min_size=1, max_size=6).flatmap(
    lambda names: st.tuples(
        st.just(names),
        st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=5),
    )
)


@settings(QUICK, max_examples=60)
@given(TABLES, st.sampled_from(",;\t"), st.sampled_from(["utf-8", "cp1252", "utf-16"]))
def test_any_table_brings_a_sentence_at_worst(tmp_path, table, delimiter, encoding):
    names, rows = table
    told = "\n".join(delimiter.join(row) for row in [names, *rows]) + "\n"
    path = tmp_path / "any.csv"
    path.write_bytes(told.encode(encoding, errors="replace"))
    read_as_everything(path)


def small_files() -> dict[str, bytes]:
    """Return a small good file in each binary format."""
    book = openpyxl.Workbook()
    for row in (["LSOA21CD", "0-4", "IMD_decile"], ["E01000001", 5, 1], ["E01000002", 7, 2]):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    frame = gpd.GeoDataFrame(
        {"LSOA21CD": ["E01000001"], "places": [3]}, geometry=[shapely.box(-3, 53, -2, 54)], crs=4326
    )
    parquet, package = io.BytesIO(), io.BytesIO()
    frame.to_parquet(parquet)
    pd.DataFrame({"LSOA21CD": ["E01000001"], "0-4": [5]}).to_parquet(package)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as members:
        members.writestr("a.csv", "LSOA21CD,0-4\nE01000001,5\n")
    return {
        "a.xlsx": held.getvalue(),
        "a.parquet": parquet.getvalue(),
        "b.parquet": package.getvalue(),
        "a.zip": archive.getvalue(),
        "a.geojson": frame.to_json().encode(),
    }


GOOD = small_files()


@pytest.mark.parametrize("name", sorted(GOOD))
@settings(QUICK, max_examples=15)
@given(data=st.data())
def test_any_damage_to_a_good_file_brings_a_sentence_at_worst(tmp_path, name, data: Any):
    content = bytearray(GOOD[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(1, len(content)))
    path = tmp_path / name
    path.write_bytes(bytes(content[: end if end % 3 == 0 else len(content)]))
    read_as_everything(path)
