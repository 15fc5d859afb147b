"""Any table of what is known of areas: counts, rates, values; by term or not."""

from pathlib import Path

import numpy as np
import pytest

from geoengine.errors import SourceError
from geoengine.sources import outcomes


@pytest.fixture
def written(tmp_path):
    def write(text: str, name: str = "outcomes.csv") -> Path:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_a_withheld_number_is_suppressed_and_a_blank_is_unknown(written):
    file = written(
        "LSOA21CD,Below,All\nE01000001,12,40\nE01000002,c,31\nE01000003,<5,20\nE01000004,,18\n"
        "E01000005,0,18\nE01000006,..,18\n"
    )
    found = outcomes.read(file, count="Below", population="All").frame
    assert found["state"].tolist() == [
        "known", "suppressed", "suppressed", "unknown", "known", "unknown"
    ]  # fmt: skip
    assert found["count"].tolist()[0] == 12
    assert found["count"].tolist()[4] == 0
    assert np.isnan(found["count"].to_numpy()[[1, 2, 3, 5]]).all()


def test_terms_come_in_order_of_time(written):
    file = written(
        "Area code,Term,Rate\n"
        "E01000001,Spring 2025,3\nE01000001,Autumn 2024,2\nE01000001,Summer 2024,1\n"
    )
    found = outcomes.read(file, value="Rate", period="Term")
    assert found.frame["value"].tolist() == [1, 2, 3]
    assert found.facts["periods"] == "Summer 2024, Autumn 2024, Spring 2025"


def test_rows_that_are_not_about_areas_are_left_out_and_counted(written):
    file = written("Code,Rate\nE01000001,3\nE92000001,4\nTotal,9\n")
    found = outcomes.read(file, value="Rate")
    assert (found.rows_read, len(found.frame)) == (3, 1)
    assert found.left_out["row"].tolist() == [3, 4]


@pytest.mark.parametrize(
    ("text", "asked", "sentence"),
    [
        (
            "LSOA,Rate\nE01000001,3\n",
            {"value": "Score"},
            "no column 'Score'; it has the columns LSOA, Rate",
        ),
        (
            "LSOA,Rate\nE01000001,many\n",
            {"value": "Rate"},
            "row 2: 'Rate' must be a number, but is 'many'",
        ),
        (
            "LSOA,Rate\nE01000001,3\nE01000001,4\n",
            {"value": "Rate"},
            "row 3: 'E01000001' stands more than once; name the column of terms as 'period'",
        ),
        (
            "LSOA,Below,All\nE01000001,13,12\n",
            {"count": "Below", "population": "All"},
            "row 2: 'Below' is 13, more than the 12 of 'All'",
        ),
        (
            "LSOA,Below,All\nE01000001,-1,12\n",
            {"count": "Below", "population": "All"},
            "row 2: 'Below' must be at least 0, but is -1",
        ),
        (
            "LSOA,Term,Rate\nE01000001,,3\n",
            {"value": "Rate", "period": "Term"},
            "row 2: 'Term' is empty, but must tell the term",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_row(written, text, asked, sentence):
    with pytest.raises(SourceError) as error:
        outcomes.read(written(text), **asked)
    assert sentence in str(error.value)


def test_two_wrong_columns_are_told_at_once(written):
    with pytest.raises(SourceError) as error:
        outcomes.read(written("LSOA,A,B\nE01000001,x1,y1\n"), count="A", population="B")
    assert "'x1'" in str(error.value)
    assert "'y1'" in str(error.value)
