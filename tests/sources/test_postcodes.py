"""Postcode directories: old and new headers, none at all, and postcodes without a place."""

import gzip
import zipfile

import pytest

from geoengine import errors
from geoengine.sources import postcodes

BNG = "EPSG:27700"
OLD = (
    "pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,osward,usertype,oseast1m,osnrth1m,osgrdind,ctry,"
    "oa11,lsoa11,lat,long,oa21,lsoa21\n"
)
NEW = (
    "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,lad25cd,ctry25cd,"
    "lsoa21cd,lat,long\n"
)


def test_the_directory_to_2024_tells_terminated_large_and_unplaced_postcodes(write):
    text = OLD + (
        '"PO301AE","PO30 1AE","PO30 1AE","198001","","E99999999","E06000046","E05000001","0",'
        '"0449784","0088480","1","E92000001","E00000001","E01017322",50.693845,-1.296528,'
        '"E00000001","E01017323"\n'
        "PO301AF,PO30 1AF,PO30 1AF,198001,200506,,,,1,0449778,0088538,1,E92000001,,E99999999,"
        "50.694367,-1.296605,,E99999999\n"
        "PO301AG,PO30 1AG,PO30 1AG,198001,,,,,0,,,9,E92000001,,,99.999999,0.000000,,\n"
    )
    reading = postcodes.read(write("ONSPD_NOV_2023_UK.csv", text), crs=BNG)
    assert reading.frame.fillna({"area_code": "?"}).reset_index().to_numpy().tolist() == [
        ["PO30 1AE", 449784.0, 88480.0, "E01017323", True, True],
        ["PO30 1AF", 449778.0, 88538.0, "?", False, False],
    ]
    assert reading.left_out.to_dict("records") == [
        {"row": 4, "value": "PO30 1AG", "reason": "no grid reference"}
    ]
    assert reading.facts["layout"] == "postcode directory, header to 2024"
    assert reading.notes == ("Terminated postcodes, which no one has now: 1.",)
    older = postcodes.read(write("ONSPD.csv", text), crs=BNG, vintage="2011")
    assert older.frame["area_code"].fillna("?").tolist() == ["E01017322", "?"]


def test_the_directory_from_2025_has_years_in_its_names(write):
    text = NEW + (
        "CH5 1AB,CH5  1AB,CH5 1AB,198001,,0,329000,368000,1,W00000001,W06000005,W92000004,"
        "W01000332,53.2,-3.06\n"
    )
    reading = postcodes.read(write("NSPL.csv", text, encoding="utf-8-sig"), crs=BNG)
    assert reading.frame.index.tolist() == ["CH5 1AB"]
    assert reading.facts == {
        "layout": "postcode directory, header from 2025",
        "placed_by": "grid reference",
        "area_column": "lsoa21cd",
    }


CODE_POINT = (
    '"CH1 4QL",10,337994,366678,"W92000004","","W11000023","","W06000005","W05000001"\n'
    '"CH1 4QM",90,0,0,"W92000004","","W11000023","","W06000005","W05000001"\n'
)


def test_code_point_open_has_no_header_whether_file_gzip_folder_or_zip(write, tmp_path):
    plain = write("ch.csv", CODE_POINT)
    packed = write("ch.csv.gz", gzip.compress(CODE_POINT.encode()))
    folder = tmp_path / "Data"
    folder.mkdir()
    (folder / "ch.csv").write_text(CODE_POINT)
    (folder / "po.csv").write_text('"PO301AE",10,449784,88480,"E92000001","","","","",""\n')
    archive = tmp_path / "codepo_gb.zip"
    with zipfile.ZipFile(archive, "w") as held:
        held.writestr("Doc/Code-Point_Open_Column_Headers.csv", "PC,PQ\nPostcode,Quality\n")
        held.writestr("Data/CSV/ch.csv", CODE_POINT)
        held.writestr("Data/CSV/po.csv", '"PO301AE",10,449784,88480,"E92","","","","",""\n')
    for path, expected in (
        (plain, ["CH1 4QL"]),
        (packed, ["CH1 4QL"]),
        (folder, ["CH1 4QL", "PO30 1AE"]),
        (archive, ["CH1 4QL", "PO30 1AE"]),
    ):
        reading = postcodes.read(path, crs=BNG)
        assert reading.frame.index.tolist() == expected
        assert reading.left_out["reason"].tolist() == ["no grid reference"]
        assert reading.facts["layout"] == "Code-Point Open"


def test_latitude_and_longitude_will_do(write):
    text = "Postcode,Latitude,Longitude\nPO30 1AE,50.693845,-1.296528\n"
    reading = postcodes.read(write("free.csv", text), crs=BNG)
    assert reading.frame["x_m"].iloc[0] == pytest.approx(449784, abs=3)
    assert reading.frame["y_m"].iloc[0] == pytest.approx(88480, abs=3)


def test_belfast_is_on_the_irish_grid(write):
    # City Hall: Irish Grid J 338 739, latitude 54.5965, longitude -5.9301.
    text = NEW + "BT1 5GS,BT1  5GS,BT1 5GS,198001,,0,333800,373900,1,,,,,54.5965,-5.9301\n"
    by_grid = postcodes.read(write("ni.csv", text), crs="EPSG:29903").frame
    assert by_grid[["x_m", "y_m"]].iloc[0].tolist() == pytest.approx([333800, 373900], abs=1)
    by_degrees = postcodes.read(
        write("deg.csv", "postcode,lat,long\nBT1 5GS,54.5965,-5.9301\n"), crs="EPSG:29903"
    ).frame
    assert by_degrees[["x_m", "y_m"]].iloc[0].tolist() == pytest.approx([333800, 373900], abs=120)


def test_only_the_surroundings_are_kept_and_the_rest_is_counted(write):
    text = "postcode,easting,northing\nPO30 1AE,449784,88480\nCH1 4QL,337994,366678\n"
    reading = postcodes.read(
        write("free.csv", text), crs=BNG, within=(440_000, 80_000, 460_000, 100_000)
    )
    assert reading.frame.index.tolist() == ["PO30 1AE"]
    assert reading.notes == ("Postcodes outside the study's surroundings, not kept: 1.",)


def test_what_is_not_a_postcode_is_left_out_and_told(write):
    text = "postcode,easting,northing\nPO30 1AE,449784,88480\nhello,449784,88480\n"
    reading = postcodes.read(write("free.csv", text), crs=BNG)
    assert reading.left_out.to_dict("records") == [
        {"row": 3, "value": "hello", "reason": "not a postcode"}
    ]


def test_a_postcode_twice_is_a_fault_in_its_second_row(write):
    text = "postcode,easting,northing\nPO30 1AE,449784,88480\npo301ae,449784,88480\n"
    with pytest.raises(errors.TableError, match="row 3: 'postcode' PO30 1AE stands more than once"):
        postcodes.read(write("free.csv", text), crs=BNG)
