"""Whatever is wrong with a file, its owner reads a sentence that says what and where."""

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from geoengine import errors
from geoengine.sources import boundaries, indicators, population, postcodes, provision

BNG = "EPSG:27700"
POSTCODES = pd.DataFrame(
    {"x_m": [449784.0], "y_m": [88480.0], "area_code": [None], "live": [True], "homes": [True]},
    index=pd.Index(["PO30 1AE"], name="postcode"),
)
READERS: dict[str, Callable[[Path], Any]] = {
    "areas": lambda path: boundaries.read_areas(path, crs=BNG),
    "small areas": lambda path: boundaries.read_small_areas(path, crs=BNG),
    "authorities": lambda path: boundaries.read_authorities(path, crs=BNG),
    "wards": lambda path: boundaries.read_wards(path, crs=BNG),
    "deprivation": indicators.read_deprivation,
    "population": population.read,
    "postcodes": lambda path: postcodes.read(path, crs=BNG),
    "provision": lambda path: provision.read(path, crs=BNG, service="nursery", postcodes=POSTCODES),
}
IMD = "LSOA21CD,IMD_rank,IMD_decile\nE01000001,29199,9\nE01000002,1,1\n"
PEOPLE = "LSOA21CD,0-4,Total\nE01000001,5,1500\nE01000002,7,1400\n"
PLACES = "URN,Name,Postcode,Places\n1,Acorns,PO30 1AE,20\n2,Oaks,PO30 1AE,30\n"
CODES = "postcode,easting,northing\nPO30 1AE,449784,88480\nPO30 1AF,449778,88538\n"

FILLED = (["E01000001", 5, 9], ["E01000002", 7, 9])
QUOTED = "".join(
    f'"{line.replace(",", chr(34) + "," + chr(34))}"\n' for line in PEOPLE.splitlines()
)

Maker = Callable[[Path], Path]


def text(content: str, name: str = "table.csv", encoding: str = "utf-8") -> Maker:
    return raw(content.encode(encoding), name)


def raw(content: bytes, name: str = "table.csv") -> Maker:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def excel(*rows: list[Any], name: str = "table.xlsx", header: str = "LSOA21CD,0-4,Total") -> Maker:
    def make(folder: Path) -> Path:
        book = openpyxl.Workbook()
        book.active.append(header.split(","))
        for row in rows:
            book.active.append(row)
        book.save(folder / name)
        return folder / name

    return make


def cut(make: Maker, share: float = 0.6) -> Maker:
    def make_cut(folder: Path) -> Path:
        path = make(folder)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])
        return path

    return make_cut


def features(*told: tuple[dict[str, Any], dict[str, Any] | None], crs: str = "") -> Maker:
    collection: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties, "geometry": shape}
            for properties, shape in told
        ],
    }
    if crs:
        collection["crs"] = {"type": "name", "properties": {"name": crs}}
    return text(json.dumps(collection), "areas.geojson")


def square(west: float = -3.0, south: float = 53.0, size: float = 0.01) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def area(code: str = "E01000001") -> dict[str, Any]:
    return {"LSOA21CD": code}


def saved(name: str, to: int = 4326, drop: str = "", **columns: Any) -> Maker:
    """Save two squares, 3 by 53 numbers from the origin, with the columns."""

    def make(folder: Path) -> Path:
        shapes = [shapely.box(-3, 53, -2.99, 53.01), shapely.box(-2.99, 53, -2.98, 53.01)]
        told = columns or {"LSOA21CD": ["E01000001", "E01000002"]}
        frame = gpd.GeoDataFrame(told, geometry=shapes, crs=4326).to_crs(to)
        path = folder / name
        if name.endswith("parquet"):
            frame.to_parquet(path)
        else:
            frame.to_file(path)
        if drop:
            path.with_suffix(drop).unlink()
        return path

    return make


def parquet(**columns: Any) -> Maker:
    def make(folder: Path) -> Path:
        pd.DataFrame(columns).to_parquet(folder / "table.parquet")
        return folder / "table.parquet"

    return make


def zipped(*members: tuple[str, str], name: str = "tables.zip") -> Maker:
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as held:
            for member, content in members:
                held.writestr(member, content)
        return folder / name

    return make


def bomb(name: str, member: str) -> Maker:
    def make(folder: Path) -> Path:
        with (
            zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as held,
            held.open(member, "w", force_zip64=True) as stream,
        ):
            for _ in range(80):
                stream.write(bytes(1 << 20))
        return folder / name

    return make


def gzip_bomb(folder: Path) -> Path:
    with gzip.open(folder / "bomb.csv.gz", "wb") as stream:
        for _ in range(80):
            stream.write(b" " * (1 << 20))
    return folder / "bomb.csv.gz"


def folder_itself(folder: Path) -> Path:
    (folder / "inside.csv").write_text(PEOPLE)
    return folder


def misnamed(folder: Path) -> Path:
    (folder / "population_2024.csv").write_text(PEOPLE)
    return folder / "population_2023.csv"


def nowhere(folder: Path) -> Path:
    return folder / "no such folder" / "table.csv"


def locked(folder: Path) -> Path:
    """Write the start of the container in which Excel keeps what a password locks."""
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    content += "EncryptedPackage".encode("utf-16-le") + bytes(480)
    return raw(content, "locked.xlsx")(folder)


def old_excel_cut_short(folder: Path) -> Path:
    return raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old.xls")(folder)


def unworked_formula(folder: Path) -> Path:
    return excel(["E01000001", "=2+3", 1500])(folder)


def huge_sheet(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["LSOA21CD", "0-4"])
    book.active.cell(row=1_048_576, column=16_384, value="x")
    book.save(folder / "huge.xlsx")
    return folder / "huge.xlsx"


def projection_of_nothing(folder: Path) -> Path:
    path = saved("a.shp")(folder)
    (folder / "a.prj").write_text('PROJCS["British' + chr(127) + "[[")
    return path


def no_features(folder: Path) -> Path:
    return text('{"type": "FeatureCollection", "features": []}', "areas.geojson")(folder)


def swapped(folder: Path) -> Path:
    return features((area(), square(53.0, -3.0)))(folder)


NOT_A_CODE = "is not a code: nine characters are wanted"
CUT = "damaged or cut short"

BROKEN: list[tuple[str, str, Maker, str]] = [
    # The file itself
    ("missing", "population", misnamed, "there is no such file; that folder has population_2024"),
    ("missing folder", "deprivation", nowhere, "there is no such file, and no folder"),
    ("folder", "population", folder_itself, "this is a folder, not a file; give the file in it"),
    ("folder of boundaries", "areas", folder_itself, "this is a folder, not a file"),
    ("empty", "population", raw(b""), "the file is empty; download it again"),
    ("empty map", "areas", raw(b"", "areas.gpkg"), "the file is empty; download it again"),
    ("only spaces", "population", raw(b" \n \n"), "no row of it can be read as the header"),
    ("web page", "deprivation", text("<!DOCTYPE html><html>Sign in</html>"), "a web page (HTML)"),
    ("web page for a map", "areas", text("\n <html></html>", "a.geojson"), "a web page (HTML)"),
    ("pdf", "population", raw(b"%PDF-1.7 ..."), "this is a PDF"),
    ("junk", "population", raw(bytes(range(1, 9)) * 64), "not a table in any format known here"),
    ("NUL bytes", "population", raw(PEOPLE.encode() + b"\0\0"), "row 4: it holds NUL bytes"),
    ("json for a table", "population", text('{"a": 1}', "a.json"), "this is not a table"),
    ("table for a map", "areas", text(IMD), "this is a table without shapes"),
    ("workbook for a map", "areas", excel(["E01000001", 5, 9]), "this is a table without shapes"),
    # Archives
    ("zip cut short", "population", cut(zipped(("a.csv", PEOPLE))), CUT),
    ("zip of nothing", "population", zipped(), "the archive holds 0 tables"),
    (
        "zip of many",
        "population",
        zipped(("a.csv", PEOPLE), ("b.csv", PEOPLE)),
        "the archive holds 2 tables (a.csv, b.csv); unpack it",
    ),
    ("zip bomb", "population", bomb("bomb.zip", "a.csv"), "no published table does; it was not"),
    ("xlsx bomb", "population", bomb("b.xlsx", "xl/workbook.xml"), "no published table does"),
    ("zip bomb for a map", "areas", bomb("b.zip", "a.shp"), "no published table does"),
    ("gzip bomb", "postcodes", gzip_bomb, "no published table does; it was not opened"),
    ("gzip cut short", "postcodes", cut(raw(gzip.compress(CODES.encode()), "a.csv.gz")), CUT),
    # Workbooks
    ("xlsx cut short", "population", cut(excel(["E01000001", 5, 9])), CUT),
    ("xlsx without parts", "population", zipped(("xl/workbook.xml", "x"), name="a.xlsx"), CUT),
    ("xls cut short", "population", old_excel_cut_short, CUT),
    ("password", "population", locked, "this workbook is locked by a password"),
    ("unworked formula", "population", unworked_formula, "cell B2 holds a formula without its"),
    (
        "sheet without end",
        "population",
        zipped(
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", "<a><table:table><table:table-row></a>"),
            name="a.ods",
        ),
        CUT,
    ),
    ("empty sheets", "population", excel(header=""), "no sheet of the workbook holds anything"),
    ("sheet to the far corner", "population", huge_sheet, "more than any published table"),
    (
        "spreadsheet error",
        "population",
        text("LSOA21CD,0-4\nE01000001,#REF!\n"),
        "'0-4' must be a number, but is '#REF!', a spreadsheet error",
    ),
    # Delimited text
    ("header alone", "population", text("LSOA21CD,0-4\n"), "a header but not one row below it"),
    ("header alone of places", "provision", text("URN,Name\n"), "a header but not one row below"),
    ("header alone of postcodes", "postcodes", text("postcode,easting,northing\n"), "not one row"),
    (
        "ragged rows",
        "provision",
        text(PLACES + "3,Elms, Ash and Co,PO30 1AE,5\n"),
        "row 4: it has more cells than the header's 4; put quotation marks around text that holds",
    ),
    (
        "open quotation",
        "provision",
        text(PLACES + '3,"Elms,PO30 1AE,5\n4,Ash,PO30 1AE,6\n'),
        "row 4: a quotation mark is opened here and never closed",
    ),
    ("cut short", "population", raw(PEOPLE.encode()[:-8]), "ends in the middle of its last row"),
    (
        "number cut short",
        "deprivation",
        text("LSOA21CD,IMD_rank,IMD_decile\nE01000001,29199,9\nE010000"),
        "ends in the middle of its last row ('E010000')",
    ),
    # Codes
    ("no codes", "deprivation", text("a,b\n1,2\n"), "no column holds area (LSOA"),
    ("codes of wards", "population", text("code,0-4\nE05000001,4\n"), "no area (LSOA"),
    ("code misspelled", "deprivation", text(IMD + "E0100003,3,1\n"), "row 4: 'E0100003' in"),
    ("code misspelled, told how", "deprivation", text(IMD + "E0100003,3,1\n"), NOT_A_CODE),
    (
        "code twice",
        "deprivation",
        text(IMD + "E01000001,3,1\n"),
        "row 4: 'area_code' E01000001 stands more than once",
    ),
    (
        "code twice in lower case",
        "population",
        text(PEOPLE + "e01000001,5,1500\n"),
        "row 4: 'area_code' E01000001 stands more than once",
    ),
    (
        "two census years",
        "deprivation",
        text("LSOA11CD,IMD_decile\nE01000001,3\nE01035762,4\n"),
        "row 3: 'E01035762' was first given in 2021, but column 'LSOA11CD' says 2011",
    ),
    # Deprivation
    ("no index", "deprivation", text("LSOA21CD,x\nE01000001,3\n"), "no column holds a rank, dec"),
    ("decile 11", "deprivation", text("LSOA21CD,IMD_decile\nE01000001,11\n"), "at most 10"),
    ("decile 0", "deprivation", text("LSOA21CD,IMD_decile\nE01000001,0\n"), "must be at least 1"),
    ("half decile", "deprivation", text("LSOA21CD,IMD_decile\nE01000001,2.5\n"), "must be whole"),
    ("decile missing", "deprivation", text(IMD + "E01000003,,\n"), "'E01000003' has no rank, dec"),
    (
        "rank beyond the nation",
        "deprivation",
        text("LSOA21CD,IMD_rank\nE01000001,40000\n"),
        "rank 40000 of 'E01000001' is more than the 33,755 areas that England ranked",
    ),
    ("rank in words", "deprivation", text(IMD + "E01000003,first,1\n"), "but is 'first'"),
    (
        "turned round",
        "deprivation",
        text("LSOA21CD,IMD_rank,IMD_decile\nE01000001,1,10\nE01000002,33000,1\n"),
        "run against each other in England",
    ),
    (
        "scores of a part",
        "deprivation",
        text("LSOA21CD,IMD_score\nE01000001,9.5\n"),
        "deciles follow from scores only when all the nation's 33,755 areas are there",
    ),
    ("health first", "deprivation", text("LSOA21CD,ahah\nE01000001,1\n"), "1 is the healthiest"),
    # Population
    ("negative people", "population", text(PEOPLE + "E01000003,-3,9\n"), "must be at least 0"),
    ("people missing", "population", text(PEOPLE + "E01000003,,9\n"), "'people' is missing for"),
    ("people withheld", "population", text(PEOPLE + "E01000003,c,9\n"), "'people' is missing for"),
    ("people in words", "population", text(PEOPLE + "E01000003,five,9\n"), "but is 'five'"),
    ("no people", "population", text("LSOA21CD,x\nE01000001,3\n"), "no column tells people by age"),
    ("ages missing", "population", text("LSOA21CD,0,1\nE01000001,3,4\n"), "ages 2, 3, 4 missing"),
    (
        "wrong bands",
        "population",
        text("LSOA21CD,0-9\nE01000001,3\n"),
        "people aged 0 to 4 cannot be made up from the bands that the file tells: 0 to 9",
    ),
    ("huge number", "population", text(PEOPLE + "E01000003,1e300,9\n"), "larger than anything"),
    ("infinite", "population", text(PEOPLE + "E01000003,inf,9\n"), "must be a number, but is 'inf"),
    ("infinite in Parquet", "population", parquet(LSOA21CD=["E01000001"], **{"0-4": [np.inf]}),
     "must be a number, but is inf"),
    ("age twice", "population", text("LSOA21CD,age_0,0\nE01000001,1,1\n"), "two columns tell the"),
    (
        "long, twice",
        "population",
        text("GEOGRAPHY_CODE,C_AGE_NAME,OBS_VALUE\nE01000001,Age 0,1\nE01000001,Age 0,2\n"),
        "row 3: 'E01000001' has a second number of people aged Age 0",
    ),
    (
        "long, no age",
        "population",
        text(
            "GEOGRAPHY_CODE,C_AGE_NAME,OBS_VALUE\n"
            "E01000001,Age 0,1\nE01000001,Age 1,1\nE01000001,Old,2\n"
        ),
        "row 4: 'Old' is not an age or a band",
    ),
    # Postcodes
    ("no postcodes", "postcodes", text("a,easting,northing\nx,1,2\n"), "no column holds postcodes"),
    ("no coordinates", "postcodes", text("postcode,b\nPO30 1AE,1\n"), "no columns of eastings and"),
    ("no postcode at all", "postcodes", text("postcode,easting,northing\nx,4,5\n"), "no row has a"),
    ("postcode twice", "postcodes", text(CODES + "po301ae,449784,88480\n"), "more than once"),
    (
        "off the grid",
        "postcodes",
        text(CODES + "PO30 1AG,88480,4497840\n"),
        "row 4: easting 88480 and northing 4.49784e+06 are not on the National Grid",
    ),
    (
        "latitude and longitude swapped",
        "postcodes",
        text("postcode,lat,long\nPO30 1AE,-1.29,50.69\n"),
        "the columns of latitude and longitude are swapped",
    ),
    (
        "in France",
        "postcodes",
        text("postcode,lat,long\nPO30 1AE,50.69,-1.29\nPO30 1AF,43.6,1.4\n"),
        "row 3: latitude 43.6 and longitude 1.4 are not in the United Kingdom",
    ),
    ("easting in words", "postcodes", text(CODES + "PO30 1AG,far,1\n"), "but is 'far'"),
    # Provision
    ("negative places", "provision", text(PLACES + "3,Elms,PO30 1AE,-5\n"), "must be at least 0"),
    ("places in words", "provision", text(PLACES + "3,Elms,PO30 1AE,12 places\n"), "'12 places'"),
    ("formula as text", "provision", text(PLACES + "3,Elms,PO30 1AE,=A1\n"), "a formula; save the"),
    ("id twice", "provision", text(PLACES + "2,Elms,PO30 1AE,5\n"), "row 4: 'provision_id' 2 st"),
    (
        "strange status",
        "provision",
        text("URN,Name,Status\n1,A,Sleeping\n"),
        "row 2: status 'Sleeping' is not known to mean open or shut",
    ),
    ("degrees swapped", "provision", text("name,lat,lon\nA,-1.29,50.69\n"), "are swapped"),
    ("map of nothing", "provision", no_features, "the file holds no features"),
    # Boundaries
    ("no features", "areas", no_features, "the file holds no features"),
    ("geojson cut short", "areas", cut(features((area(), square()))), "no shapes can be read"),
    ("json of something else", "areas", text('{"a": 1}', "a.geojson"), "no shapes can be read"),
    ("geopackage cut short", "areas", cut(saved("areas.gpkg"), 0.3), "no shapes can be read"),
    ("flatgeobuf cut short", "areas", cut(saved("areas.fgb")), "no layer with shapes"),
    ("geoparquet cut short", "areas", cut(saved("areas.parquet")), "no shapes can be read"),
    ("parquet without shapes", "areas", parquet(LSOA21CD=["E01000001"]), "no shapes can be read"),
    ("parquet cut short", "population", cut(parquet(LSOA21CD=["E01000001"], a=[1])), CUT),
    ("shapefile without shx", "areas", saved("a.shp", drop=".shx"), "lacks its .shx beside it"),
    ("shapefile without dbf", "areas", saved("a.shp", drop=".dbf"), "no column holds area"),
    ("zip without shapes", "areas", zipped(("a.txt", "x")), "no shapes can be read"),
    (
        "no CRS",
        "areas",
        saved("a.shp", drop=".prj", to=3857),
        "does not tell its coordinate system, and its numbers",
    ),
    ("projection of nothing", "areas", projection_of_nothing, "coordinate system"),
    (
        "a CRS on the other side of the world",
        "areas",
        features((area(), square(449_784, 88_480, 100)), crs="urn:ogc:def:crs:EPSG::2193"),
        "every shape is elsewhere: with the file's coordinate system (EPSG:2193) it lies outside",
    ),
    ("coordinates swapped", "areas", swapped, "latitude and longitude are swapped"),
    (
        "metres said to be degrees",
        "areas",
        features((area(), square(449_784, 88_480, 100))),
        "they are metres of the British National Grid",
    ),
    (
        "degrees said to be metres",
        "areas",
        features((area(), square()), crs="EPSG:27700"),
        "the file says its positions are metres (EPSG:27700), but they are degrees",
    ),
    (
        "one in France",
        "areas",
        features((area(), square()), (area("E01000002"), square(1.4, 43.6))),
        "row 2: feature 2: with the file's coordinate system (EPSG:4326) it lies outside",
    ),
    ("a point", "areas", features((area(), {"type": "Point", "coordinates": [-3, 53]})),
     "'E01000001' is a Point, but must be a polygon"),
    ("no shape", "areas", features((area(), square()), (area("E01000002"), None)), "has no shape"),
    ("no ground", "areas", features((area(), square(size=0.0))), "encloses no ground"),
    ("code twice on the map", "areas", features((area(), square()), (area(), square(-2.9))),
     "row 2: 'area_code' E01000001 stands more than once"),
    ("census years mixed on the map", "areas",
     features(({"LSOA11CD": "E01035762"}, square())), "was first given in 2021"),
    ("no code on the map", "areas", features(({"x": "y"}, square())), "no column holds area"),
    ("areas for output areas", "small areas", features((area(), square())), "no column holds out"),
    ("areas for wards", "wards", features((area(), square())), "no column holds ward codes"),
    ("areas for authorities", "authorities", features((area(), square())), "no column holds local"),
    (
        "fewer than no people",
        "small areas",
        features(({"OA21CD": "E00000001", "population": -4}, square())),
        "'people' must be at least 0, but is -4",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reader", "make", "told"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_broken_file_is_refused_with_a_sentence(reader, make, told, tmp_path):
    with pytest.raises((errors.SourceError, errors.TableError)) as caught:
        READERS[reader](make(tmp_path))
    assert told in str(caught.value)
    assert len(str(caught.value)) < 2500


FINE: list[tuple[str, str, Maker]] = [
    ("byte order mark", "population", text(PEOPLE, encoding="utf-8-sig")),
    ("byte order mark become letters", "population", text("ï»¿" + PEOPLE)),
    ("Windows letters", "population", text(PEOPLE.replace("5,", "5,"), encoding="cp1252")),
    ("Windows letters in a name", "provision", text(PLACES.replace("Oaks", "Café"), "a", "cp1252")),
    ("UTF-16", "population", text(PEOPLE, encoding="utf-16")),
    ("semicolons", "population", text(PEOPLE.replace(",", ";"))),
    ("tabs", "population", text(PEOPLE.replace(",", "\t"), "table.txt")),
    ("bars", "population", text(PEOPLE.replace(",", "|"))),
    ("Windows line ends", "population", text(PEOPLE.replace("\n", "\r\n"))),
    ("old Macintosh line ends", "population", text(PEOPLE.replace("\n", "\r"))),
    ("ten rows of preamble", "population", text("A note, with commas\n" * 10 + PEOPLE)),
    ("blank rows about", "population", text("\n\n" + PEOPLE.replace("\nE", "\n\nE"))),
    ("no last line end", "population", text(PEOPLE.rstrip())),
    ("an empty last column", "population", text(PEOPLE.replace("\n", ",\n"))),
    ("every cell quoted", "population", text(QUOTED)),
    ("csv called xlsx", "population", text(PEOPLE, "table.xlsx")),
    ("xlsx called csv", "population", excel(*FILLED, name="table.csv")),
    ("csv in a zip", "population", zipped(("Data/a.csv", PEOPLE), ("Documents/b.csv", "x"))),
    ("csv in a gzip", "population", raw(gzip.compress(PEOPLE.encode()), "a.csv.gz")),
    ("Parquet", "population", parquet(LSOA21CD=["E01000001", "E01000002"], **{"0-4": [5, 7]})),
    ("thousands commas", "population", text(PEOPLE.replace("1500", '" 1,500 "'))),
    ("lower case codes", "population", text(PEOPLE.replace("E01", "e01"))),
    ("spaces round codes", "population", text(PEOPLE.replace("E01000001", " E01000001 "))),
    ("headings in capitals", "population", text(PEOPLE.replace("Total", "TOTAL "))),
    ("degrees without a CRS", "areas", saved("areas.shp", drop=".prj")),
    ("GeoJSON called json", "areas", saved("areas.json")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reader", "make"), [case[1:] for case in FINE], ids=[case[0] for case in FINE]
)
def test_an_odd_file_that_can_be_understood_is_read(reader, make, tmp_path):
    reading = READERS[reader](make(tmp_path))
    assert len(reading.frame) == 2
    assert reading.rows_read == 2
    if reader == "population":
        assert reading.frame["people"].tolist() == [5, 7]
