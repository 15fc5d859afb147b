"""A layer comes back from every file as it went in, and no file can mislead or harm its reader."""

import csv
import hashlib
import json
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import python_calamine
import shapely

from geoengine.errors import ResultsError, TableError, UnknownFormatError
from geoengine.exports import FORMATS, convert, defused, formats_of, sheets, write_layer
from geoengine.layers import Layer, LayerClass, LayerColumn

GDAL = {"geojson": "GeoJSON", "gpkg": "GPKG", "fgb": "FlatGeobuf"}


def square(x: float, y: float, side: float = 100.0) -> shapely.Polygon:
    return shapely.box(x, y, x + side, y + side)


def areas() -> Layer:
    """Three squares in a row in Flintshire: one reached, one without a way, one unknown."""
    holed = square(325_200, 370_000).difference(square(325_240, 370_040, 20))
    frame = gpd.GeoDataFrame(
        {
            "class_key": ["0-5", "unreachable", "unknown"],
            "name": ["Mold East", "=cmd|' /C calc'!A0", None],
            "minutes": [4.25, np.inf, np.nan],
            "children": [12, 30, 0],
            "share": [1 / 3, 1.0, np.nan],
            "covered": [True, False, True],
        },
        geometry=[square(325_000, 370_000), square(325_100, 370_000), holed],
        crs="EPSG:27700",
        index=pd.Index(["W01000001", "W01000002", "W01000003"], name="area_code"),
    )
    return Layer(
        layer_id="areas",
        title="Walk to the nearest nursery",
        question="How far is it?",
        frame=frame,
        geometry="polygon",
        value="minutes",
        unit="minutes",
        palette="minutes",
        classes=(
            LayerClass("0-5", "up to 5 minutes", 0, 5),
            LayerClass("unreachable", "no way to walk there", state=True),
            LayerClass("unknown", "not known", state=True),
        ),
        columns=(
            LayerColumn("name", "Area"),
            LayerColumn("minutes", "Walk", "minutes"),
            LayerColumn("children", "Children under 5", "people"),
            LayerColumn("share", "Share beyond"),
            LayerColumn("covered", "Covered"),
        ),
        people="children",
        people_title="children under 5",
        attribution=("Contains OS data © Crown copyright",),
        method="Shortest way on foot.",
        as_of={"boundaries": "2021"},
    )


def points() -> Layer:
    frame = gpd.GeoDataFrame(
        {"class_key": ["0-5", "0-5"], "name": ["Ysgol Tŷ Ffynnon", "-1+1"], "minutes": [1.0, 2.0]},
        geometry=[shapely.Point(325_000, 370_000), None],
        crs="EPSG:27700",
        index=pd.Index(["p1", "p2"], name="provision_id"),
    )
    columns = (LayerColumn("name", "Name"), LayerColumn("minutes", "Walk", "minutes"))
    return replace(
        areas(), layer_id="provision", frame=frame, geometry="point", columns=columns, people=""
    )


def unplaced() -> Layer:
    frame = pd.DataFrame(
        {"class_key": ["unknown"], "name": ["Name withheld"], "minutes": [np.nan]},
        index=pd.Index(["p9"], name="provision_id"),
    )
    columns = (LayerColumn("name", "Name"), LayerColumn("minutes", "Walk", "minutes"))
    return replace(
        areas(), layer_id="unplaced", frame=frame, geometry="none", columns=columns, people=""
    )


def exported(layer: Layer, fmt: str, folder: Path) -> Path:
    entry = write_layer(layer, folder)
    out = folder / f"out{FORMATS[fmt].suffix}"
    convert(folder / f"{layer.layer_id}.parquet", entry, fmt, out, run="0123456789ab")
    return out


def read(path: Path) -> Any:
    """Read with GDAL, which this project did not write."""
    return pyogrio.read_dataframe(path)


# ------------------------------------------------------------ for the web map


def test_the_map_finds_each_features_shape_by_its_id(tmp_path: Path) -> None:
    entry = write_layer(areas(), tmp_path)
    shapes = json.loads((tmp_path / f"{entry['shapes']}.geometry.json").read_text())
    values = json.loads((tmp_path / "areas.values.json").read_text())
    assert [shape["id"] for shape in shapes["features"]] == values["ids"]
    assert values["ids"] == ["W01000001", "W01000002", "W01000003"]
    assert all(shape["properties"] == {} for shape in shapes["features"])


def test_layers_of_the_same_shapes_share_one_file_in_whatever_order_they_list_them(
    tmp_path: Path,
) -> None:
    first, turned = areas(), areas()
    turned = replace(turned, layer_id="turned", frame=turned.frame.iloc[::-1])
    moved = replace(first, layer_id="moved", frame=first.frame.set_geometry(
        first.frame.geometry.translate(100), crs=first.frame.crs))  # fmt: skip
    names = [write_layer(layer, tmp_path)["shapes"] for layer in (first, turned, moved)]
    assert names[0] == names[1] != names[2]
    assert len(list(tmp_path.glob("*.geometry.json"))) == 2
    listed = json.loads((tmp_path / "turned.values.json").read_text())["ids"]
    assert listed == ["W01000003", "W01000002", "W01000001"]


def test_the_maps_values_are_numbers_or_null_and_never_infinite(tmp_path: Path) -> None:
    write_layer(areas(), tmp_path)
    assert json.loads((tmp_path / "areas.values.json").read_text()) == {
        "ids": ["W01000001", "W01000002", "W01000003"],
        "class_key": ["0-5", "unreachable", "unknown"],
        "columns": {
            "name": ["Mold East", "=cmd|' /C calc'!A0", None],
            "minutes": [4.25, None, None],
            "children": [12, 30, 0],
            "share": [0.333333, 1, None],
            "covered": [True, False, True],
        },
    }


def test_the_lossless_table_keeps_what_the_map_cannot_say(tmp_path: Path) -> None:
    write_layer(areas(), tmp_path)
    found = gpd.read_parquet(tmp_path / "areas.parquet")
    assert found.crs == "EPSG:4326"
    assert found.index.name == "area_code"
    assert found["minutes"].tolist()[:2] == [4.25, np.inf]
    assert found["share"].iloc[0] == 1 / 3
    back = found.geometry.to_crs("EPSG:27700")
    assert shapely.hausdorff_distance(back.iloc[0], square(325_000, 370_000)) < 1e-3


def test_the_description_counts_features_and_people_by_class(tmp_path: Path) -> None:
    entry = write_layer(areas(), tmp_path)
    assert [(line["key"], line["features"], line["people"]) for line in entry["classes"]] == [
        ("0-5", 1, 12.0),
        ("unreachable", 1, 30.0),
        ("unknown", 1, 0.0),
    ]
    assert entry["features"] == 3
    west, south, east, north = entry["bounds"]
    assert -3.13 < west < east < -3.11
    assert 53.21 < south < north < 53.23
    assert json.loads(json.dumps(entry, allow_nan=False)) == entry


def test_a_layer_without_places_writes_no_geometry(tmp_path: Path) -> None:
    entry = write_layer(unplaced(), tmp_path)
    assert entry["bounds"] is None
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "unplaced.parquet",
        "unplaced.values.json",
    ]


def test_a_layer_without_features_is_still_a_layer(tmp_path: Path) -> None:
    entry = write_layer(replace(areas(), frame=areas().frame.iloc[:0]), tmp_path)
    assert (entry["features"], entry["bounds"]) == (0, None)
    for fmt in FORMATS:
        out = tmp_path / f"empty{FORMATS[fmt].suffix}"
        convert(tmp_path / "areas.parquet", entry, fmt, out)
        assert out.stat().st_size > 0


def test_every_fault_of_a_layer_is_told_at_once(tmp_path: Path) -> None:
    frame = areas().frame.drop(columns="share").rename(index={"W01000002": "W01000001"})
    frame["class_key"] = ["0-5", "5-10", "unknown"]
    with pytest.raises(TableError) as raised:
        write_layer(replace(areas(), frame=frame), tmp_path)
    assert raised.value.args[0].splitlines() == [
        "layer areas: no column 'share'",
        "layer areas: 'W01000001' stands more than once",
        "layer areas: '5-10' is not a class of its legend",
    ]


# -------------------------------------------------------------- for downloads


@pytest.mark.parametrize("fmt", list(GDAL))
def test_gdal_reads_back_values_states_and_gaps(tmp_path: Path, fmt: str) -> None:
    path = exported(areas(), fmt, tmp_path)
    assert pyogrio.read_info(path)["driver"] == GDAL[fmt]
    found = read(path).sort_values("area_code").reset_index(drop=True)
    assert found["class"].tolist() == ["up to 5 minutes", "no way to walk there", "not known"]
    assert found["state"].isna().tolist() == [True, False, False]
    assert found["minutes"].iloc[0] == 4.25
    assert found["minutes"].isna().tolist() == [False, True, True]
    assert found["children"].tolist() == [12, 30, 0]
    assert found["name"].tolist()[:2] == ["Mold East", "=cmd|' /C calc'!A0"]
    assert found["covered"].astype(bool).tolist() == [True, False, True]
    assert "class_key" not in found.columns


@pytest.mark.parametrize("fmt", list(GDAL))
def test_gdal_reads_back_the_same_places(tmp_path: Path, fmt: str) -> None:
    found = read(exported(areas(), fmt, tmp_path)).sort_values("area_code")
    assert found.crs == "EPSG:4326"
    for shape, drawn in zip(
        found.to_crs("EPSG:27700").geometry, areas().frame.geometry, strict=True
    ):
        assert shape.is_valid
        assert shapely.hausdorff_distance(shape, drawn) < 0.2


def test_geoparquet_carries_the_same_columns(tmp_path: Path) -> None:
    found = gpd.read_parquet(exported(areas(), "parquet", tmp_path))
    assert found.columns.tolist() == [
        *("class", "state", "name", "minutes", "children", "share", "covered", "geometry")
    ]
    assert found["minutes"].isna().tolist() == [False, True, True]
    assert found.index.tolist() == ["W01000001", "W01000002", "W01000003"]


def test_geojson_keeps_to_rfc_7946(tmp_path: Path) -> None:
    text = exported(areas(), "geojson", tmp_path).read_text(encoding="utf-8")
    content = json.loads(text, parse_constant=lambda word: pytest.fail(word))
    assert set(content) == {"type", "metadata", "features"}
    holed = content["features"][2]
    assert holed["id"] == holed["properties"]["area_code"] == "W01000003"
    assert holed["properties"]["minutes"] is None
    outer, hole = (shapely.LinearRing(ring) for ring in holed["geometry"]["coordinates"])
    assert outer.is_ccw
    assert not hole.is_ccw
    for coordinate in np.ravel(holed["geometry"]["coordinates"][0]):
        assert round(coordinate, 6) == coordinate


def test_a_feature_without_a_place_stays_in_every_format(tmp_path: Path) -> None:
    for fmt in GDAL:
        found = read(exported(points(), fmt, tmp_path)).sort_values("provision_id")
        assert found["name"].tolist() == ["Ysgol Tŷ Ffynnon", "-1+1"]
        assert found.geometry.isna().tolist() == [False, True]


def test_a_spreadsheet_sees_text_and_numbers_but_no_formula(tmp_path: Path) -> None:
    raw = exported(areas(), "csv", tmp_path).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert rows == [
        ["area_code", "class", "state", "name", "minutes", "children", "share", "covered"],
        ["W01000001", "up to 5 minutes", "", "Mold East", "4.25", "12", "0.333333", "yes"],
        [
            *("W01000002", "no way to walk there", "no way to walk there"),
            *("'=cmd|' /C calc'!A0", "", "30", "1", "no"),
        ],
        ["W01000003", "not known", "not known", "", "", "0", "", "yes"],
    ]


def test_points_in_a_spreadsheet_have_longitude_and_latitude(tmp_path: Path) -> None:
    found = pd.read_csv(exported(points(), "csv", tmp_path))
    assert found["longitude"].tolist()[0] == pytest.approx(-3.12, abs=0.01)
    assert found["latitude"].tolist()[0] == pytest.approx(53.22, abs=0.01)
    assert found["longitude"].isna().tolist() == [False, True]
    assert found["name"].tolist() == ["Ysgol Tŷ Ffynnon", "'-1+1"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_of_text_starts_as_a_formula_does(start: str) -> None:
    assert defused(f"{start}1") == f"'{start}1"


@pytest.mark.parametrize("fmt", list(FORMATS))
def test_equal_layers_make_equal_files(tmp_path: Path, fmt: str) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        exported(areas(), fmt, tmp_path / name)
        files = sorted((tmp_path / name).iterdir())
        made.append({file.name: file.read_bytes() for file in files})
    assert made[0] == made[1]


@pytest.mark.parametrize("fmt", list(FORMATS))
def test_metadata_stand_beside_every_file(tmp_path: Path, fmt: str) -> None:
    out = exported(areas(), fmt, tmp_path)
    said = json.loads((tmp_path / f"{out.name}.metadata.json").read_text(encoding="utf-8"))
    assert said["file"] == out.name
    assert said["run"] == "0123456789ab"
    assert said["unit"] == "minutes"
    assert said["attribution"] == ["Contains OS data © Crown copyright"]
    assert said["as_of"] == {"boundaries": "2021"}
    assert said["columns"][1] == {"name": "minutes", "title": "Walk", "unit": "minutes"}
    assert [step["label"] for step in said["classes"]][1] == "no way to walk there"


def inside(path: Path) -> dict[str, Any]:
    """Read the metadata that are inside a file."""
    if path.suffix == ".geojson":
        return json.loads(path.read_text(encoding="utf-8"))["metadata"]
    if path.suffix == ".parquet":
        return json.loads(pq.read_metadata(path).metadata[b"geoengine"])
    if path.suffix == ".fgb":
        return json.loads(pyogrio.read_info(path)["layer_metadata"]["geoengine"])
    with sqlite3.connect(path) as package:
        ((text,),) = package.execute(
            "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference"
            " ON id = md_file_id WHERE table_name = 'areas' AND mime_type = 'application/json'"
        )
        return json.loads(text)


@pytest.mark.parametrize("fmt", ["geojson", "gpkg", "parquet", "fgb"])
def test_the_same_metadata_are_inside_the_file(tmp_path: Path, fmt: str) -> None:
    out = exported(areas(), fmt, tmp_path)
    beside = json.loads((tmp_path / f"{out.name}.metadata.json").read_text(encoding="utf-8"))
    assert {"file": out.name, **inside(out)} == beside


def test_every_format_tells_the_hash_of_its_rows_as_csv(tmp_path: Path) -> None:
    told = set()
    for fmt in FORMATS:
        out = exported(areas(), fmt, tmp_path)
        beside = (tmp_path / f"{out.name}.metadata.json").read_text(encoding="utf-8")
        told.add(json.loads(beside)["content_sha256"])
    assert told == {hashlib.sha256((tmp_path / "out.csv").read_bytes()).hexdigest()}


def hostile() -> Layer:
    """Names that a spreadsheet, or XML, would take for something else; and a code all of digits."""
    names = ["=1+1", "+44", "-3", "@SUM(A1)", "\tx", "\rx", "#N/A", "0012", "bell \a", "<b>&amp;"]
    frame = pd.DataFrame(
        {"class_key": "unknown", "name": names, "minutes": np.arange(10.0)},
        index=pd.Index([f"00{at}" for at in range(10)], name="provision_id"),
    )
    return replace(unplaced(), frame=frame)


def test_a_workbook_holds_what_was_given_as_text_and_numbers(tmp_path: Path) -> None:
    path = exported(hostile(), "xlsx", tmp_path)
    wanted = [name.replace("\a", "\ufffd").replace("\r", "\n") for name in hostile().frame["name"]]
    sheet = openpyxl.load_workbook(path)["unplaced"]
    assert [cell.value for cell in sheet["D"][1:]] == wanted
    assert {cell.data_type for cell in sheet["D"]} == {"s"}
    assert [cell.value for cell in sheet["A"][1:3]] == ["000", "001"]
    assert [cell.value for cell in sheet["E"][1:3]] == [0, 1]
    kept_as_text = [cell.quotePrefix for cell in sheet["D"][1:]]
    assert kept_as_text == [True] * 6 + [False] * 4
    rows = python_calamine.load_workbook(path).get_sheet_by_name("unplaced").to_python()
    assert rows[0] == ["provision_id", "class", "state", "name", "minutes"]
    assert [row[3] for row in rows[1:]] == wanted
    assert rows[1][0] == "000"


def test_a_workbook_says_in_its_second_sheet_what_it_is(tmp_path: Path) -> None:
    path = exported(areas(), "xlsx", tmp_path)
    book = python_calamine.load_workbook(path)
    assert book.sheet_names == ["areas", "about"]
    about = book.get_sheet_by_name("about").to_python()
    told = {row[0]: row[1:] for row in about if row[0]}
    assert told["title"][0] == "Walk to the nearest nursery"
    assert told["as_of"][:2] == ["boundaries", "2021"]
    assert told["run"][0] == "0123456789ab"
    start = next(at for at, row in enumerate(about) if row[0] == "columns")
    assert about[start][1:4] == ["name", "title", "unit"]
    assert about[start + 2][1:4] == ["minutes", "Walk", "minutes"]


def test_a_workbook_tells_gaps_from_noughts_and_yes_from_no(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(exported(areas(), "xlsx", tmp_path))["areas"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, min_col=3)]
    assert rows == [
        [None, "Mold East", 4.25, 12, 0.333333, True],
        ["no way to walk there", "=cmd|' /C calc'!A0", None, 30, 1, False],
        ["not known", None, None, 0, None, True],
    ]


def test_more_rows_than_a_sheet_holds_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "SHEET_ROWS", 3)
    with pytest.raises(ResultsError) as raised:
        exported(areas(), "xlsx", tmp_path)
    assert raised.value.args[0] == (
        "out.xlsx: the layer has 3 rows, but a sheet holds 2 below its heading; export it as CSV"
    )


def test_a_geopackage_shows_titles_and_units_beside_the_column_names(tmp_path: Path) -> None:
    path = exported(areas(), "gpkg", tmp_path)
    with sqlite3.connect(path) as package:
        titles = dict(package.execute("SELECT column_name, name FROM gpkg_data_columns"))
        contents = package.execute("SELECT table_name, identifier, last_change FROM gpkg_contents")
        assert contents.fetchall() == [
            ("areas", "Walk to the nearest nursery", "1970-01-01T00:00:00.000Z")
        ]
    assert titles["minutes"] == "Walk (minutes)"
    _, table = pyogrio.read_arrow(path)
    alias = table.schema.field("minutes").metadata[b"GDAL:OGR:alternative_name"]
    assert alias.decode() == "Walk (minutes)"
    assert pyogrio.list_layers(path).tolist() == [["areas", "MultiPolygon"]]


def test_columns_of_one_title_are_told_apart_in_a_geopackage(tmp_path: Path) -> None:
    columns = (LayerColumn("name", "Area"), LayerColumn("covered", "Area"))
    path = exported(replace(areas(), columns=columns), "gpkg", tmp_path)
    with sqlite3.connect(path) as package:
        titles = dict(package.execute("SELECT column_name, title FROM gpkg_data_columns"))
    assert titles == {"name": "Area", "covered": "Area [covered]"}


def test_a_layer_without_places_is_offered_as_a_table_only(tmp_path: Path) -> None:
    entry = write_layer(unplaced(), tmp_path)
    assert [form.key for form in formats_of(entry)] == ["csv", "xlsx", "parquet"]
    with pytest.raises(UnknownFormatError) as raised:
        convert(tmp_path / "unplaced.parquet", entry, "gpkg", tmp_path / "x.gpkg")
    assert raised.value.args[0] == (
        "The layer 'unplaced' has no places on the map, so it is not exported as GeoPackage. "
        "Choose one of: csv, xlsx, parquet"
    )
    for fmt in ("csv", "xlsx", "parquet"):
        exported(unplaced(), fmt, tmp_path)
    assert pd.read_parquet(tmp_path / "out.parquet").loc["p9", "state"] == "not known"


def test_an_unknown_format_is_told_with_those_there_are(tmp_path: Path) -> None:
    entry = write_layer(areas(), tmp_path)
    with pytest.raises(UnknownFormatError) as raised:
        convert(tmp_path / "areas.parquet", entry, "shp", tmp_path / "x.shp")
    assert raised.value.args[0] == (
        "Layers are not exported as 'shp'. Choose one of: geojson, gpkg, csv, xlsx, parquet, fgb"
    )


def test_a_failed_export_leaves_the_last_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = exported(areas(), "csv", tmp_path)
    before = sorted((file.name, file.stat().st_size) for file in tmp_path.iterdir())

    def full(*_given: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ResultsError, match="could not export the layer 'areas': No space left"):
        exported(areas(), "csv", tmp_path)
    assert out.exists()
    assert sorted((file.name, file.stat().st_size) for file in tmp_path.iterdir()) == before


def test_rounding_never_breaks_a_shape(tmp_path: Path) -> None:
    """A spike thinner than the last decimal would fold onto itself when it is rounded."""
    x, y = 325_000.0, 370_000.0
    spike = [(x + 100, y + 50), (x + 200, y + 50.001), (x + 200, y + 50.002), (x + 100, y + 50.01)]
    body = shapely.Polygon([(x, y), (x + 100, y), *spike, (x + 100, y + 100), (x, y + 100)])
    frame = areas().frame.iloc[:1].set_geometry([body], crs="EPSG:27700")
    found = read(exported(replace(areas(), frame=frame), "geojson", tmp_path))
    assert found.geometry.is_valid.all()
    assert found.to_crs("EPSG:27700").area.iloc[0] == pytest.approx(10_000, rel=0.01)


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="ogrinfo (gdal-bin) is not installed")
@pytest.mark.parametrize("fmt", list(GDAL))
def test_ogrinfo_finds_nothing_to_warn_about(tmp_path: Path, fmt: str) -> None:
    path = exported(areas(), fmt, tmp_path)
    done = subprocess.run(
        ["ogrinfo", "-al", "-so", str(path)], capture_output=True, text=True, check=True
    )
    assert "Feature Count: 3" in done.stdout
    assert done.stderr == ""
