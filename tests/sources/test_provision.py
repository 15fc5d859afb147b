"""Registers of services: every place comes out, on the map or with the reason why not."""

import json

import pandas as pd
import pytest
import shapely

from geoengine import errors
from geoengine.sources import provision

BNG = "EPSG:27700"
POSTCODES = pd.DataFrame(
    {
        "x_m": [449784.0, 456453.0],
        "y_m": [88480.0, 77503.0],
        "area_code": ["E01017322", None],
        "live": [True, False],
        "homes": [True, True],
    },
    index=pd.Index(["PO30 1AE", "PO38 1EZ"], name="postcode"),
)
OFSTED = [
    "Web link",
    "Provider URN",
    "Provider type",
    "Provider subtype",
    "Provider status",
    "Individual Register combinations",
    "Provider Early Years Register flag",
    "Provider name",
    "Provider address line 1",
    "Provider town",
    "Postcode",
    "Local authority",
    "Places",
    "Places including estimates",
]


def nurseries() -> list[list[object]]:
    """Return one nursery, one childminder, one after-school club and one that has closed."""
    link = "https://reports.ofsted.gov.uk"
    return [
        [link, 100, "Non-domestic", "Full day care", "Active", "ALL", "Y", "Acorns", "1 High St",
         "Newport", "PO30 1AE", "Isle of Wight", 40, 40],
        [link, 101, "Childminder", "", "Active", "ALL", "Y", "REDACTED", "REDACTED", "REDACTED",
         "REDACTED", "Isle of Wight", 6, 6],
        [link, 102, "Non-domestic", "Out of school", "Active", "CCR-VCR", "N", "After Six", "x",
         "Ventnor", "PO38 1EZ", "Isle of Wight", "", 24],
        [link, 103, "Non-domestic", "Full day care", "Resigned", "ALL", "Y", "Gone", "x", "Ryde",
         "PO33 9ZZ", "Not Recorded", "REDACTED", ""],
    ]  # fmt: skip


def assert_nurseries(reading: object) -> None:
    frame = reading.frame
    assert frame.index.tolist() == ["100", "101", "102", "103"]
    assert frame["name"].tolist() == ["Acorns", "Name withheld", "After Six", "Gone"]
    assert frame["placed_by"].tolist() == ["postcode", "unplaced", "postcode", "unplaced"]
    assert frame["unplaced_reason"].fillna("placed").tolist() == [
        "placed",
        "address withheld by the register",
        "placed",
        "postcode PO33 9ZZ is not in the directory",
    ]
    assert frame["open"].tolist() == [True, True, True, False]
    assert frame["capacity"].fillna(-1).tolist() == [40, 6, 24, -1]
    assert frame["age_from"].tolist() == [0, 0, 5, 0]
    assert frame.geometry.iloc[0] == shapely.Point(449784, 88480)
    assert reading.facts["layout"] == "Ofsted childcare providers"
    assert reading.rows_read == 4
    assert "Places known only as the register's estimate: 1." in reading.notes
    assert "With a terminated postcode, placed where it was: 1." in reading.notes
    assert "Without a place on the map: 2 of 4." in reading.notes


def csv_of(rows: list[list[object]]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


def title(name: str) -> str:
    return name if name == "URN" else name.title().replace("Urn", "URN")


@pytest.mark.parametrize("layout", ["L1", "L2", "L3", "L4"])
def test_ofsteds_four_layouts_read_alike(layout, write, ods):
    rows = nurseries()
    if layout == "L1":
        path = write("mi.csv", "Note\n\nNote 2\n" + csv_of([OFSTED, *rows]), encoding="cp1252")
    elif layout == "L2":
        header = [title(name).replace("Postcode", "Provider Postcode") for name in OFSTED]
        path = write("mi.csv", "Note\nNote 2\n" + csv_of([header, *rows]), encoding="utf-8-sig")
    elif layout == "L3":
        sheet = [["Table D1"], ["This worksheet"], ["Notes"], OFSTED, *rows]
        path = ods("mi.ods", Cover=[["Cover"]], D1_Childcare_providers=sheet)
    else:
        dropped = OFSTED.index("Provider Early Years Register flag")
        header = [name.replace("Postcode", "Provider postcode") for name in OFSTED]
        path = write(
            "mi.csv",
            csv_of([row[:dropped] + row[dropped + 1 :] for row in [header, *rows]]),
        )
    assert_nurseries(provision.read(path, crs=BNG, service="nursery", postcodes=POSTCODES))


def test_the_studys_conditions_choose_rows_and_are_counted(write):
    path = write("mi.csv", csv_of([OFSTED, *nurseries()]))
    reading = provision.read(
        path,
        crs=BNG,
        service="nursery",
        postcodes=POSTCODES,
        where={"provider status": ["Active"], "Provider subtype": ["Full day care", "Sessional"]},
    )
    assert reading.frame.index.tolist() == ["100"]
    assert reading.rows_read == 4
    assert reading.notes[:2] == (
        "Rows of other services, left by the study's conditions: 3.",
        "No row has 'Provider subtype' of Sessional.",
    )
    with pytest.raises(errors.SourceError, match=r"no row has 'Provider type' of Moon; it has"):
        provision.read(path, crs=BNG, service="nursery", where={"Provider type": ["Moon"]})
    with pytest.raises(errors.SourceError, match="there is no column 'Kind'; it has Web link"):
        provision.read(path, crs=BNG, service="nursery", where={"Kind": ["x"]})


def test_schools_come_in_windows_letters_with_eastings(write):
    text = (
        '"URN","LA (code)","EstablishmentName","EstablishmentStatus (name)","StatutoryLowAge",'
        '"StatutoryHighAge","NurseryProvision (name)","Postcode","SchoolCapacity","Easting",'
        '"Northing"\n'
        '"118143","921","Ysgol Tŷ Gwyn – São","Open","2","11","Has Nursery Classes","PO30 1AE",'
        '"210","449784","088480"\n'
        '"118144","921","Old","Closed","5","11","No Nursery Classes","","","",""\n'
    ).replace("ŷ", "y")
    reading = provision.read(
        write("edubasealldata20260101.csv", text, encoding="cp1252"), crs=BNG, service="school"
    )
    assert reading.frame["name"].tolist() == ["Ysgol Ty Gwyn – São", "Old"]
    assert reading.frame[["age_from", "age_to"]].to_numpy().tolist() == [[2, 11], [5, 11]]
    assert reading.frame["open"].tolist() == [True, False]
    assert reading.frame["placed_by"].tolist() == ["coordinates", "unplaced"]
    assert reading.frame["unplaced_reason"].fillna("").tolist() == ["", "no postcode given"]
    assert "Places are the capacity of the whole school." in reading.notes


def test_the_welsh_and_scottish_inspectorates_read(write):
    welsh = write(
        "ciw.csv",
        "Service Name,Service Type,Registration Number,Post Code,Local Authority,Registered Places"
        "\nMeithrin,Day Care,W1,PO30 1AE,Newport,19\n",
    )
    scottish = write(
        "MDSF_data.csv",
        "CareService,Subtype,CSNumber,ServiceName,Service_town,Service_Postcode,Registered_Places\n"
        "Day Care of Children,Nursery,CS1,Caf\xe9 Cl\xf2imh,Ayr,po301ae,30\n"
        "Support Service,,CS2,Other,Ayr,PO30 1AE,\n",
        encoding="cp1252",
    )
    first = provision.read(welsh, crs=BNG, service="nursery", postcodes=POSTCODES)
    assert first.frame["capacity"].tolist() == [19]
    assert first.facts["layout"] == "Care Inspectorate Wales"
    second = provision.read(
        scottish,
        crs=BNG,
        service="nursery",
        postcodes=POSTCODES,
        where={"CareService": ["day care of children"]},
    )
    assert second.frame["name"].tolist() == ["Café Clòimh"]
    assert second.facts["layout"] == "Care Inspectorate Scotland"


def test_the_nhs_file_of_practices_has_no_header(write):
    cells = ["J84003", "VENTNOR MEDICAL CENTRE", "Y59", "QRL", "3 ALBERT STREET", "", "", "", ""]
    cells += ["PO38 1EZ", "19740401", "", "A", "B", "D9Y0V", "20130401", "", "01983"]
    cells += ["", "", "", "0", "", "D9Y0V", "", "4", ""]
    shut = ["J84099", "CLOSED", *cells[2:11], "20200101", "C", *cells[13:]]
    reading = provision.read(
        write("epraccur.csv", csv_of([cells, shut])), crs=BNG, service="gp", postcodes=POSTCODES
    )
    assert reading.frame["open"].tolist() == [True, False]
    assert reading.frame["placed_by"].tolist() == ["postcode", "postcode"]
    assert reading.facts["layout"] == "NHS organisation codes"


def test_a_map_of_points_and_outlines_is_placed_as_drawn(write):
    square = [[-1.3, 50.7], [-1.29, 50.7], [-1.29, 50.71], [-1.3, 50.71], [-1.3, 50.7]]
    features = [
        ({"id": 1, "name": "A", "places": 20}, {"type": "Point", "coordinates": [-1.2, 50.6]}),
        ({"id": 2, "name": None, "places": None}, {"type": "Polygon", "coordinates": [square]}),
        ({"id": 3, "name": "C", "places": 5}, None),
    ]
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": told, "geometry": shape} for told, shape in features
        ],
    }
    reading = provision.read(
        write("places.geojson", json.dumps(collection)), crs=BNG, service="nursery"
    )
    assert reading.frame.geom_type.dropna().tolist() == ["Point", "Point"]
    assert reading.frame["name"].tolist() == ["A", "Name not given", "C"]
    assert reading.frame["placed_by"].tolist() == ["coordinates", "coordinates", "unplaced"]
    assert "Drawn as lines or areas, a point inside taken: 1." in reading.notes


def test_the_study_may_name_the_columns(write):
    path = write("own.csv", "Who,Where,Spaces,State\nAcorns,PO30 1AE,12,fine\n")
    reading = provision.read(
        path,
        crs=BNG,
        service="nursery",
        postcodes=POSTCODES,
        columns={"name": "Who", "postcode": "Where", "capacity": "Spaces"},
    )
    row = reading.frame.iloc[0]
    assert (row["name"], row["capacity"], row["placed_by"]) == ("Acorns", 12, "postcode")
    assert reading.frame.index.tolist() == ["row-2"]
    with pytest.raises(errors.SourceError, match="there is no column 'Whom'"):
        provision.read(path, crs=BNG, service="nursery", columns={"name": "Whom"})
    with pytest.raises(errors.SourceError, match="'colour' is not a field; the choice is id"):
        provision.read(path, crs=BNG, service="nursery", columns={"colour": "Who"})


def test_a_status_that_is_not_known_is_refused_unless_the_study_sets_it_aside(write):
    path = write("own.csv", "name,postcode,status\nAcorns,PO30 1AE,Sleeping\n")
    with pytest.raises(errors.SourceError, match="status 'Sleeping' is not known to mean open"):
        provision.read(path, crs=BNG, service="nursery", postcodes=POSTCODES)
    reading = provision.read(
        path, crs=BNG, service="nursery", postcodes=POSTCODES, columns={"status": ""}
    )
    assert reading.frame["open"].tolist() == [True]


def test_all_faults_of_a_register_are_told_at_once(write):
    path = write(
        "own.csv",
        "name,easting,northing,places\nA,449784,88480,12 places\nB,449784,88480,=3*4\n"
        "C,449784,88480,#REF!\n",
    )
    with pytest.raises(errors.SourceError) as caught:
        provision.read(path, crs=BNG, service="nursery")
    assert [(fault.row, fault.problem.split(",")[0]) for fault in caught.value.faults] == [
        (2, "'places' must be a number"),
        (3, "'places' must be a number"),
        (4, "'places' must be a number"),
    ]
