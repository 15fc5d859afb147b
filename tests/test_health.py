"""The health report finds what would make the answer wrong, and says so before any map does."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import village
from geoengine import analysis, health, intake
from geoengine.errors import StudyError
from geoengine.health import Finding
from geoengine.store import Cache
from geoengine.study import load
from village import NORTH, WEST


def examine(folder: Path, *, joined: bool = True, **changes: Any) -> list[Finding]:
    """Examine a changed village; without joining it to its streets, if asked."""
    study = load(village.write(folder, **changes))
    inputs = intake.read(study, village.quiet)
    if not joined:
        return health.examine(study, inputs)
    grounds = analysis.join(study, inputs, Cache(folder / "cache"), village.quiet)
    return health.examine(study, inputs, grounds)


def told(findings: list[Finding], topic: str) -> list[tuple[str, str]]:
    return [(found.level, found.sentence) for found in findings if found.topic == topic]


def test_the_village_is_told_as_it_is(tmp_path: Path):
    findings = examine(tmp_path)
    assert [(found.level, found.topic) for found in findings if found.level != "note"] == [
        ("good", "Deprivation"),
        ("good", "Population"),
        ("good", "Census years"),
        ("good", "Provision"),
        ("warning", "Unplaced"),
        ("warning", "Streets"),
        ("good", "Distance to street"),
        ("warning", "Coverage"),
        ("good", "Islands"),
    ]
    assert told(findings, "Provision")[0][1] == (
        "2 of 5 nurseries count, 1 of them across the border (closed: 1; for other ages: 1)."
    )
    assert told(findings, "Unplaced")[0][1] == (
        "1 nursery with 10 places cannot be put on the map (1: postcode ZZ9 9ZZ is not in the "
        "directory); access may be better than shown."
    )
    assert told(findings, "Streets")[0][1] == (
        "10 of 160 children under 5 (6.2%) live further than 250 m from any street of the map."
    )
    assert told(findings, "Coverage")[0][1] == (
        "of 5 areas, 1 lie outside the street map and 0 partly; they are shown as not covered "
        "where that leaves doubt."
    )


# ------------------------------------------------------------------- files and joins


def test_files_of_two_census_years_are_an_error(tmp_path: Path):
    old = village.DEPRIVATION.replace("LSOA21CD", "LSOA11CD")
    spelled = {code: f"E0100000{at}" for at, code in enumerate(village.CORNERS)}
    for new, code in spelled.items():
        old = old.replace(new, code)
    people = village.POPULATION
    for new, code in spelled.items():
        people = people.replace(new, code)
    findings = examine(
        tmp_path,
        joined=False,
        files={"imd.csv": old, "people.csv": people, "areas.geojson": village.areas(spelled)},
        boundaries={"small_areas": None},
    )
    assert told(findings, "Census years") == [
        (
            "error",
            (
                "the files are of different census years (boundaries 2021, deprivation 2011, "
                "population 2021); about one area in twenty differs. Use files of one year."
            ),
        )
    ]


def test_files_of_one_census_year_are_good(tmp_path: Path):
    assert told(examine(tmp_path, joined=False), "Census years") == [
        ("good", "all areas are those of the census of 2021.")
    ]


@pytest.mark.parametrize(
    ("name", "topic", "text"),
    [
        ("imd.csv", "Deprivation", village.DEPRIVATION),
        ("people.csv", "Population", village.POPULATION),
    ],
)
def test_a_figure_missing_for_many_areas_is_an_error(
    tmp_path: Path, name: str, topic: str, text: str
):
    short = "\n".join(line for line in text.splitlines() if WEST not in line)
    assert told(examine(tmp_path, joined=False, files={name: short}), topic) == [
        (
            "error",
            (
                f"4 of 5 areas have a figure (80.0%); {WEST} have none. Is the file of another "
                "census year than the boundaries?"
            ),
        )
    ]


def test_a_figure_missing_for_one_area_in_forty_is_a_warning(tmp_path: Path):
    corners = {f"E0109{at:04d}": (at * village.SIDE, -400) for at in range(40)}
    codes = list(corners)
    shapes = village.collection(
        [
            ({"LSOA21CD": code, "LAD24CD": village.OURS}, village.box(x, y, 800, 800))
            for code, (x, y) in corners.items()
        ]
    )
    need = "LSOA21CD,IMD_decile\n" + "".join(f"{code},1\n" for code in codes[1:])
    people = "LSOA21CD,0-4\n" + "".join(f"{code},5\n" for code in codes)
    findings = examine(
        tmp_path,
        joined=False,
        files={"areas.geojson": shapes, "imd.csv": need, "people.csv": people},
        boundaries={"small_areas": None},
    )
    assert told(findings, "Deprivation")[0] == (
        "warning",
        "39 of 40 areas have a figure (97.5%).",
    )


def test_nobody_of_the_ages_is_an_error(tmp_path: Path):
    nobody = "LSOA21CD,0-4\n" + "".join(f"{code},0\n" for code in village.CORNERS)
    findings = examine(tmp_path, joined=False, files={"people.csv": nobody})
    assert told(findings, "Population")[1] == (
        "error",
        "nobody of the ages studied lives in these areas.",
    )


def test_two_nations_side_by_side_are_a_warning(tmp_path: Path):
    welsh = {WEST: "W01002001"}
    findings = examine(
        tmp_path,
        joined=False,
        files={
            "areas.geojson": village.areas(welsh),
            "imd.csv": village.DEPRIVATION.replace(WEST, welsh[WEST]),
            "people.csv": village.POPULATION.replace(WEST, welsh[WEST]),
        },
        boundaries={"small_areas": None},
    )
    assert told(findings, "Nations") == [
        (
            "warning",
            (
                "areas of 2 nations (E, W) stand side by side; deciles are each nation’s own and "
                "must not be compared."
            ),
        )
    ]


def test_dates_far_apart_are_a_warning_and_five_years_are_not(tmp_path: Path):
    findings = examine(tmp_path, joined=False, streets={"as_of": "May 2014"})
    assert told(findings, "Dates") == [
        (
            "warning",
            (
                "streets is of 2014 and deprivation of 2025: what was built, opened or closed in "
                "between is missed."
            ),
        )
    ]
    assert told(examine(tmp_path, joined=False, streets={"as_of": "2020"}), "Dates") == []


def test_rows_left_out_are_counted_by_reason(tmp_path: Path):
    more = village.POPULATION + "E06000099,150,9000\nTotal,150,9000\n"
    findings = examine(tmp_path, joined=False, files={"people.csv": more})
    left_out = [found for found in findings if "left out" in found.sentence]
    assert [(found.level, found.topic) for found in left_out] == [("warning", "Population")]
    assert left_out[0].sentence.startswith("2 rows were left out: ")


# ------------------------------------------------------------------------- provision


def test_no_nursery_that_counts_is_an_error(tmp_path: Path):
    shut = village.PROVISION.replace("Active", "Closed")
    findings = examine(tmp_path, joined=False, files={"nurseries.csv": shut})
    assert told(findings, "Provision")[0] == (
        "error",
        (
            "not one of 5 nurseries is open, for the ages studied and on the map; without one "
            "nobody can be in reach."
        ),
    )


def test_the_commonest_reasons_for_having_no_place_are_told(tmp_path: Path):
    more = village.PROVISION + (
        "n6,A,1,Active,0,4,,,ZZ9 9ZZ\nn7,B,2,Active,0,4,,,\nn8,C,3,Active,0,4,,,\n"
        "n9,D,4,Active,0,4,,,nowhere\n"
    )
    findings = examine(tmp_path, joined=False, files={"nurseries.csv": more})
    assert told(findings, "Unplaced") == [
        (
            "warning",
            (
                "5 nurseries with 20 places cannot be put on the map (2: postcode ZZ9 9ZZ is not "
                "in the directory; 2: no postcode given; 1 for other reasons); access may be "
                "better than shown."
            ),
        )
    ]


def moved(name: str, y: int) -> str:
    """Return the nurseries with one of them moved north of the street."""
    rows = village.PROVISION.splitlines()
    return "\n".join(
        row.replace(f",{NORTH},", f",{NORTH + y},") if name in row else row for row in rows
    )


def test_a_nursery_off_the_streets_is_a_warning_and_all_of_them_an_error(tmp_path: Path):
    findings = examine(tmp_path, files={"nurseries.csv": moved("Acorns", -300)})
    assert told(findings, "Provision off the streets") == [
        ("warning", "1 nursery off the street map: homes that might be in reach are not judged.")
    ]
    only = moved("Acorns", -300).replace("Oaks,20,Active", "Oaks,20,Closed")
    findings = examine(tmp_path, files={"nurseries.csv": only})
    assert told(findings, "Provision off the streets") == [
        (
            "error",
            (
                "not one of the nurseries that count is within 250 m of a street of the map: is it "
                "of another place?"
            ),
        )
    ]


# --------------------------------------------------------------------------- streets


def test_streets_of_another_place_are_an_error(tmp_path: Path):
    away = [([(20_000, 0), (21_000, 0)], village.STREET)]
    assert told(examine(tmp_path, ways=away), "Streets") == [
        (
            "warning",
            (
                "160 of 160 children under 5 (100.0%) live further than 250 m from any street of "
                "the map."
            ),
        ),
        ("error", "the street map lies nowhere near these areas: is it of another place?"),
    ]


def test_streets_that_cover_every_area_are_good(tmp_path: Path):
    to_the_moor = [*village.STREETS, ([(400, 400), (400, 2000), (640, 2000)], village.STREET)]
    findings = examine(tmp_path, ways=to_the_moor)
    assert told(findings, "Coverage") == [("good", "the street map covers every area.")]
    assert told(findings, "Streets")[0][0] == "good"


def test_an_area_that_is_covered_in_part_is_a_warning(tmp_path: Path):
    half = [([(0, 0), (2600, 0)], village.STREET)]
    assert told(examine(tmp_path, ways=half), "Coverage") == [
        (
            "warning",
            (
                "of 5 areas, 1 lie outside the street map and 1 partly; they are shown as not "
                "covered where that leaves doubt."
            ),
        )
    ]


def test_people_on_an_island_of_streets_are_a_warning(tmp_path: Path):
    island = [*village.STREETS, ([(40, 2000), (1240, 2000)], village.STREET)]
    assert told(examine(tmp_path, ways=island), "Islands") == [
        (
            "warning",
            (
                "parts of the street map that are cut off from the rest and have streets enough to "
                "live on: 1; children under 5 living there: 10."
            ),
        )
    ]


def test_streets_cut_at_the_edge_are_told(tmp_path: Path):
    note = "3 points of streets are not in the extract, which cuts streets at its edge"
    study = load(village.write(tmp_path))
    inputs = intake.read(study, village.quiet)
    cut = replace(inputs, ways=replace(inputs.ways, notes=(note,)))
    assert told(health.examine(study, cut), "Streets") == [("warning", f"{note}.")]


# ----------------------------------------------------------------------- consequences


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"files": {"nurseries.csv": village.PROVISION.replace("Active", "Closed")}},
            "Provision: not one of 5 nurseries is open",
        ),
        (
            {"ways": [([(20_000, 0), (21_000, 0)], village.STREET)]},
            "Streets: the street map lies nowhere near these areas",
        ),
    ],
)
def test_nothing_is_published_where_the_answer_would_be_wrong(
    tmp_path: Path, changes: dict[str, Any], sentence: str
):
    with pytest.raises(StudyError) as raised:
        village.run(tmp_path, **changes)
    assert f"study.toml: {sentence}" in str(raised.value)
    assert not (tmp_path / "out").exists()


def test_an_indicator_says_how_many_areas_have_a_figure(tmp_path: Path):
    codes = [village.WEST, village.MID, village.EASTERN, village.FAR, village.MOOR]
    asked = {"take_up": {"file": "takeup.csv", "title": "Not placed", "value": "Rate"}}

    def said(rates: list[str], codes: list[str] = codes) -> list[tuple[str, str]]:
        rows = "".join(f"{code},{rate}\n" for code, rate in zip(codes, rates, strict=False))
        findings = examine(
            tmp_path, files={"takeup.csv": f"LSOA,Rate\n{rows}"}, indicators=asked, joined=False
        )
        return told(findings, "Not placed")

    assert said(["1", "2", "3", "4", "5"]) == [("good", "5 of 5 areas have a figure.")]
    assert said(["1", "c", "3", "4", ""]) == [
        ("note", "3 of 5 areas have a figure and 1 a withheld one.")
    ]
    assert said(["1", "2"]) == [
        (
            "warning",
            (
                "2 of 5 areas have a figure; 3 are not in the file and stay unknown. Is it of "
                "another census year than the boundaries?"
            ),
        )
    ]
    assert said(["1"], ["E01000009"]) == [
        ("error", "0 of 5 areas have a figure. Is the file about other areas?")
    ]
