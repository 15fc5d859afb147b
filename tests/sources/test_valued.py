"""Areas of any kind with their figures, from one file or two."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from geoengine.errors import SourceError
from geoengine.sources import valued


def areas(folder: Path, **columns: list[object]) -> Path:
    """Write squares of a kilometre in a row, in the sea off Norfolk."""
    count = len(next(iter(columns.values())))
    features = [
        {
            "type": "Feature",
            "properties": {name: cells[at] for name, cells in columns.items()},
            "geometry": shapely.geometry.mapping(
                shapely.box(600_000 + 1000 * at, 350_000, 601_000 + 1000 * at, 351_000)
            ),
        }
        for at in range(count)
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    file = folder / "areas.geojson"
    file.write_text(
        json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), "utf-8"
    )
    return file


def read(file: Path, **asked: object):
    return valued.read(file, crs="EPSG:27700", **asked)


def test_figures_may_stand_with_the_areas(tmp_path):
    file = areas(
        tmp_path, ward=["A", "B", "C"], wardname=["Ash", "Beck", "Cold"], rate=["1", "c", ""]
    )
    found = read(file, value="rate").frame
    assert found.index.tolist() == ["A", "B", "C"]
    assert found["name"].tolist() == ["Ash", "Beck", "Cold"]
    assert found["suppressed"].tolist() == [False, True, False]
    assert np.isnan(found["value"].to_numpy()).tolist() == [False, True, True]


def test_figures_of_another_table_are_matched_by_the_code_that_both_have(tmp_path):
    file = areas(tmp_path, fid=[1, 2, 3], ward=["A", "B", "C"])
    table = tmp_path / "t.csv"
    table.write_text("ward,few,all\nC,3,30\nA,1,10\nZ,9,90\n", encoding="utf-8")
    found = read(file, table=table, value="few", population="all")
    assert found.frame["value"].tolist()[::2] == [1, 3]
    assert found.frame["of"].tolist()[::2] == [10, 30]
    assert np.isnan(found.frame["value"].iloc[1])
    assert found.left_out["row"].tolist() == [4]
    assert found.left_out["value"].tolist() == ["Z"]


@pytest.mark.parametrize(
    ("rows", "asked", "sentence"),
    [
        ("ward,few\nA,1\n", {"value": "many"}, "no column 'many'; it has the columns ward, few"),
        ("ward,few\nA,1\nA,2\n", {"value": "few"}, "row 3: 'A' stands more than once"),
        ("ward,few\n", {"value": "few"}, "the table has a heading, but no rows"),
        ("ward,few\nX,1\n", {"value": "few"}, "no 'ward' is one of the areas', such as 'A'"),
        ("ward,few\nA,lots\n", {"value": "few"}, "row 2: 'few' must be a number, but is 'lots'"),
        (
            "ward,few,all\nA,1.5,10\n",
            {"value": "few", "population": "all"},
            "row 2: 'few' counts people, so it must be a whole number, but is 1.5",
        ),
    ],
)
def test_what_is_wrong_is_said(tmp_path, rows, asked, sentence):
    table = tmp_path / "t.csv"
    table.write_text(rows, encoding="utf-8")
    with pytest.raises(SourceError) as error:
        read(areas(tmp_path, ward=["A", "B"]), table=table, **asked)
    assert sentence in str(error.value)


def test_a_file_whose_columns_name_no_area_once_is_refused(tmp_path):
    with pytest.raises(SourceError, match="no column names each area once in every file"):
        read(areas(tmp_path, kind=["x", "x"]), value="kind")
