"""Boundaries arrive in many formats and census years, and come out as one table."""

import json
import zipfile

import geopandas as gpd
import pytest
import shapely

from geoengine import errors
from geoengine.sources import boundaries

BNG = "EPSG:27700"


def test_areas_come_out_in_the_studys_metres(squares):
    reading = boundaries.read_areas(
        squares(["W01000001", "W01002040"], LSOA21NM=["Aber 001A", "Aber 001B"]), crs=BNG
    )
    frame = reading.frame
    assert frame.index.tolist() == ["W01000001", "W01002040"]
    assert frame["name"].tolist() == ["Aber 001A", "Aber 001B"]
    assert frame["nation"].tolist() == ["W", "W"]
    assert frame["vintage"].tolist() == ["2021", "2021"]
    assert frame.crs == BNG
    # A hundredth of a degree at 53° north: 1,112 m by 1,112 m x cos 53° = 0.745 km2.
    assert frame.area.iloc[0] / 1e6 == pytest.approx(0.745, rel=0.01)
    assert (reading.rows_read, len(reading.left_out), reading.notes) == (2, 0, ())


@pytest.mark.parametrize(
    ("suffix", "driver"),
    [
        ("gpkg", "GPKG"),
        ("shp", "ESRI Shapefile"),
        ("fgb", "FlatGeobuf"),
        ("geojson", "GeoJSON"),
        ("gml", "GML"),
        ("parquet", None),
    ],
)
def test_the_format_does_not_matter(squares, tmp_path, suffix, driver):
    frame = gpd.read_file(squares(["E01000001", "E01000002"], name="first.geojson"))
    path = tmp_path / f"same.{suffix}"
    if driver is None:
        frame.to_crs(BNG).to_parquet(path)
    else:
        frame.to_crs(BNG).to_file(path, driver=driver)
    reading = boundaries.read_areas(path, crs=BNG)
    assert sorted(reading.frame.index) == ["E01000001", "E01000002"]
    assert reading.frame.area.iloc[0] / 1e6 == pytest.approx(0.745, rel=0.01)


def test_a_zipped_shapefile_need_not_be_unpacked(squares, tmp_path):
    frame = gpd.read_file(squares(["E01000001"], name="first.geojson"))
    frame.to_file(tmp_path / "areas.shp")
    with zipfile.ZipFile(tmp_path / "areas.zip", "w") as held:
        for path in sorted(tmp_path.glob("areas.[sdp]*")):
            held.write(path, path.name)
    assert len(boundaries.read_areas(tmp_path / "areas.zip", crs=BNG).frame) == 1


def test_topojson_is_read(write):
    topology = {
        "type": "Topology",
        "objects": {
            "areas": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0]], "properties": {"LSOA11CD": "E01000001"}}
                ],
            }
        },
        "arcs": [[[-3.0, 53.0], [-2.99, 53.0], [-2.99, 53.01], [-3.0, 53.0]]],
    }
    reading = boundaries.read_areas(write("areas.topojson", json.dumps(topology)), crs=BNG)
    assert reading.frame["vintage"].tolist() == ["2011"]


def test_a_lost_projection_file_is_told_when_the_numbers_leave_no_doubt(squares, tmp_path):
    frame = gpd.read_file(squares(["E01000001"], name="first.geojson")).to_crs(BNG)
    frame.to_file(tmp_path / "areas.shp")
    (tmp_path / "areas.prj").unlink()
    reading = boundaries.read_areas(tmp_path / "areas.shp", crs=BNG)
    assert reading.notes[0].startswith(
        "The file does not tell its coordinate system; its numbers fit the British National Grid"
    )


@pytest.mark.parametrize(
    ("column", "code", "vintage"),
    [
        ("LSOA11CD", "E01000001", "2011"),
        ("lsoa21_code", "E01000001", "2021"),
        ("F_LSOA11CD", "E01000001", "2011"),
        ("geo_code", "E01035762", "2021"),
        ("DataZone", "S01006506", "2011"),
        ("DataZone", "S01013482", "2022"),
        ("SOA_CODE", "95GG01S1", "2001"),
        ("SDZ2021_cd", "N21000001", "2021"),
    ],
)
def test_the_census_year_is_told_by_the_column_or_the_codes(squares, column, code, vintage):
    reading = boundaries.read_areas(squares([code], code_column=column), crs=BNG)
    assert reading.frame["vintage"].tolist() == [vintage]
    assert reading.facts["vintage"] == vintage


def test_an_untold_census_year_is_assumed_aloud(squares):
    reading = boundaries.read_areas(squares(["E01000001"], code_column="code"), crs=BNG)
    assert reading.notes == (
        "The column 'code' does not tell the census year of its areas; 2021 was assumed.",
    )


def test_the_authority_comes_from_the_file_the_lookup_or_the_study(squares, write):
    plain = squares(["E01000001", "E01000002"])
    told = boundaries.read_areas(plain, crs=BNG, authority="E06000046").frame
    assert told["authority_code"].tolist() == ["E06000046", "E06000046"]

    lookup = write(
        "lookup.csv",
        "LSOA21CD,LSOA21NM,WD24CD,WD24NM,LAD24CD\nE01000002,B,E05000001,Ventnor,E06000046\n",
    )
    reading = boundaries.read_areas(plain, crs=BNG, lookup=lookup)
    assert reading.frame["authority_code"].fillna("?").tolist() == ["?", "E06000046"]
    assert reading.frame["ward_name"].fillna("?").tolist() == ["?", "Ventnor"]
    assert reading.notes == ("Areas that are not in the lookup lookup.csv: 1 of 2.",)

    own = squares(["E01000001"], name="own.geojson", LAD24CD=["E07000001"], WD24NM=["Ryde"])
    frame = boundaries.read_areas(own, crs=BNG, authority="E06000046").frame
    assert frame[["authority_code", "ward_name"]].to_numpy().tolist() == [["E07000001", "Ryde"]]


def test_a_ring_that_crosses_itself_is_mended_and_told(write):
    bow = [[-3.0, 53.0], [-2.98, 53.02], [-2.98, 53.0], [-3.0, 53.02], [-3.0, 53.0]]
    feature = {
        "type": "Feature",
        "properties": {"LSOA21CD": "E01000001"},
        "geometry": {"type": "Polygon", "coordinates": [bow]},
    }
    path = write("bow.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}))
    reading = boundaries.read_areas(path, crs=BNG)
    assert reading.frame.is_valid.all()
    assert reading.frame.geometry.iloc[0].geom_type == "MultiPolygon"
    assert reading.notes == ("Outlines that crossed themselves, repaired: 1 (E01000001).",)


def test_rows_of_another_level_are_left_out_and_told(squares):
    reading = boundaries.read_areas(squares(["E01000001", "E01000002", "E06000046"]), crs=BNG)
    assert len(reading.frame) == 2
    assert reading.left_out.to_dict("records") == [
        {"row": 3, "value": "E06000046", "reason": "not an area (LSOA, Data Zone or SOA)"}
    ]


def test_every_fault_of_a_file_is_told_at_once(squares):
    path = squares(["E01000001", "E0100002", "E01000003", "E010000041"])
    with pytest.raises(errors.SourceError) as caught:
        boundaries.read_areas(path, crs=BNG)
    assert [fault.row for fault in caught.value.faults] == [2, 4]


def test_output_areas_may_know_their_area_and_their_people(squares):
    path = squares(
        ["E00000001", "E00000002"],
        code_column="OA11CD",
        LSOA11CD=["E01000001", "E01000001"],
        population=[120, 340],
    )
    frame = boundaries.read_small_areas(path, crs=BNG).frame
    assert frame["area_code"].tolist() == ["E01000001", "E01000001"]
    assert frame["people"].tolist() == [120.0, 340.0]

    bare = squares(["W00000001"], name="bare.geojson", code_column="oa11_code")
    frame = boundaries.read_small_areas(bare, crs=BNG).frame
    assert frame["area_code"].isna().all()
    assert frame["people"].isna().all()


def test_authorities_and_wards_have_names(squares):
    councils = squares(["E06000046"], code_column="LAD21CD", LAD21NM=["Isle of Wight"])
    assert boundaries.read_authorities(councils, crs=BNG).frame["name"].tolist() == [
        "Isle of Wight"
    ]
    wards = squares(["W05000001"], name="wards.geojson", code_column="WD25CD", WD25NM=["Caldicot"])
    reading = boundaries.read_wards(wards, crs=BNG)
    assert reading.frame.index.name == "ward_code"
    assert reading.frame["name"].tolist() == ["Caldicot"]


def test_a_layer_is_chosen_by_its_columns(squares, tmp_path):
    areas = gpd.read_file(squares(["E01000001"]))
    places = gpd.GeoDataFrame({"label": ["x"]}, geometry=[shapely.Point(-3, 53)], crs=4326)
    path = tmp_path / "both.gpkg"
    places.to_file(path, layer="places", driver="GPKG")
    areas.to_file(path, layer="lsoa", driver="GPKG")
    reading = boundaries.read_areas(path, crs=BNG)
    assert reading.notes == ("Of the 2 layers in the file, 'lsoa' was read.",)
