"""People by age come wide, by sex, in bands or long; the band wanted comes out."""

import pytest

from geoengine import errors
from geoengine.sources import population

SINGLE = [f"F{age}" for age in range(91)] + [f"M{age}" for age in range(91)]


def sape(year: int, people: int) -> list[list[object]]:
    """Return a sheet as ONS lays it out: three rows of notes, then the header."""
    header = ["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code", "LSOA 2021 Name", "Total"]
    rows = [
        ["E06000046", "Isle of Wight", code, "Isle of Wight 006A", people * 182, *[people] * 182]
        for code in ("E01017282", "E01017283")
    ]
    return [[f"Mid-{year} population"], ["Source: ONS"], [], [*header, *SINGLE], *rows]


def test_the_newest_sheet_of_areas_in_the_ons_workbook_is_read(workbook):
    path = workbook(
        "sapelsoasyoa20222024.xlsx",
        Contents=[["Contents"], ["Mid-2024 LSOA 2021"]],
        **{"Mid-2022__LSOA__2021": sape(2022, 1), "Mid-2024__LSOA__2021": sape(2024, 3)},
    )
    reading = population.read(path)
    # Five ages of two sexes, three people of each.
    assert reading.frame["people"].tolist() == [30.0, 30.0]
    assert reading.frame["all_people"].tolist() == [546.0, 546.0]
    assert reading.facts["year"] == "2024"
    assert reading.facts["vintage"] == "2021"
    older = population.read(path, sheet="Mid-2022 LSOA 2021", ages=(90, 90))
    assert older.frame["people"].tolist() == [2.0, 2.0]
    assert older.facts["year"] == "2022"


def test_the_older_unformatted_workbook_heads_its_columns_with_numbers(workbook):
    header = ["LSOA Code", "LSOA Name", "LA Code (2020 boundaries)", "All Ages", *range(90), "90+"]
    path = workbook(
        "sape23dt2mid2020.xlsx",
        **{
            "Mid-2020__Persons": [
                ["Table"],
                [],
                [],
                [],
                header,
                ["E01000001", "City of London 001A", "E09000001", 91, *[1] * 91],
            ]
        },
    )
    reading = population.read(path, ages=(65, 120))
    assert reading.frame["people"].tolist() == [26.0]
    assert reading.frame["all_people"].tolist() == [91.0]


def test_a_nomis_download_is_long_and_holds_totals_and_percentages(write):
    text = (
        '"DATE","GEOGRAPHY_CODE","GENDER_NAME","C_AGE_NAME","MEASURES_NAME","OBS_VALUE"\n'
        "2023,E01017282,Total,Age 0,Value,99\n"
        "2024,E01017282,Total,All Ages,Value,1500\n"
        "2024,E01017282,Total,Age 0,Value,11\n"
        "2024,E01017282,Male,Age 0,Value,6\n"
        "2024,E01017282,Total,Age 0,Percent,0.7\n"
        "2024,E01017282,Total,Age 1,Value,12\n"
    )
    reading = population.read(write("nomis.csv", text), ages=(0, 1))
    assert reading.frame.reset_index().to_numpy().tolist() == [["E01017282", 23.0, 1500.0]]
    assert reading.notes[0] == "Of the dates in the table, 2024 was read."


def test_a_census_download_spells_ages_out(write):
    text = (
        "Lower layer Super Output Areas Code,Lower layer Super Output Areas,"
        "Age (101 categories) Code,Age (101 categories),Observation\n"
        "E01017282,Isle of Wight 006A,0,Aged under 1 year,5\n"
        "E01017282,Isle of Wight 006A,1,Aged 1 year,7\n"
        "E01017282,Isle of Wight 006A,100,Aged 100 years and over,1\n"
    )
    assert population.read(write("ts007.csv", text), ages=(0, 1)).frame["people"].tolist() == [12]


def test_sexes_are_summed_where_there_is_no_total(write):
    text = (
        "LSOA21CD,Sex,Age,Value\nE01000001,Male,0,3\nE01000001,Female,0,4\n"
        "E01000002,Male,0,1\nE01000002,Female,0,c\n"
    )
    with pytest.raises(errors.TableError, match="'people' is missing for 'E01000002'"):
        population.read(write("sexes.csv", text), ages=(0, 0))
    frame = population.read(write("sexes.csv", text.replace(",c", ",2")), ages=(0, 0)).frame
    assert frame["people"].tolist() == [7, 3]


@pytest.mark.parametrize(
    ("header", "ages", "people"),
    [
        ("age_0,age_1,age_2,age_3,age_4,age_0_4", (0, 4), 15),
        ("0,1,2,3,4,5", (1, 3), 9),
        ("Aged under 1 year,Aged 1 year,Aged 2 years,Aged 3 years,Aged 4 years,x", (0, 4), 15),
        ("0-4,5-9,10-14,15-19,20-64,65+", (0, 9), 3),
        ("Age 0 to 4,Age 5 to 9,y,z,w,v", (0, 4), 1),
        ("0-4,5-9,10-14,15-19,20-64,65+", (65, 90), 6),
    ],
)
def test_single_years_and_bands_make_up_the_band(write, header, ages, people):
    path = write("wide.csv", f"LSOA21CD,{header}\nE01000001,1,2,3,4,5,6\n")
    assert population.read(path, ages=ages).frame["people"].tolist() == [people]


def test_numbers_may_carry_thousands_commas_and_spaces(write):
    path = write("wide.csv", 'LSOA21CD;0-4;All ages\nE01000001;" 1,234 ";"12,340"\n')
    assert population.read(path).frame.to_numpy().tolist() == [[1234.0, 12340.0]]


def test_missing_ages_are_named(write):
    path = write("wide.csv", "LSOA21CD,age_0,age_1,age_3\nE01000001,1,2,3\n")
    with pytest.raises(errors.SourceError, match="ages 2, 4 missing; the file tells ages 0, 1, 3"):
        population.read(path)


def test_totals_and_notes_below_the_table_are_left_out_and_told(write):
    path = write(
        "wide.csv",
        "LSOA21CD,0-4\nE01000001,5\n,\nE92000001,99\nSource: ONS,\n",
    )
    reading = population.read(path)
    assert reading.rows_read == 3
    assert reading.left_out.to_dict("records") == [
        {"row": 4, "value": "E92000001", "reason": "not an area (LSOA, Data Zone or SOA)"},
        {"row": 5, "value": "Source: ONS", "reason": "not an area (LSOA, Data Zone or SOA)"},
    ]


def test_one_sex_alone_is_not_the_people(write):
    path = write("wide.csv", "LSOA21CD,F0,F1,M0\nE01000001,5,6,7\n")
    with pytest.raises(errors.SourceError, match="only one sex is told for ages 1"):
        population.read(path, ages=(0, 1))
